from django.core.management.base import BaseCommand, CommandError

from leaders.people.models import AuditSeal
from leaders.people.seals import check


class Command(BaseCommand):
    help = "Go through the chain of hashes over the audit trail: has anything been changed, removed or slipped in?"

    def add_arguments(self, parser):
        parser.add_argument("--end", help="an end of the chain that was noted in the log: is it still in the chain?")

    def handle(self, *, end=None, **options):
        checked = check()
        if checked.wrong:
            raise CommandError("\n".join(checked.wrong))
        if end and not AuditSeal.objects.filter(digest=end).exists():
            raise CommandError(f"{end} is not in the chain: it was cut off or written anew after that was noted.")
        self.stdout.write(
            f"{checked.links} events are as they were written. The chain ends in {checked.end or 'nothing'}."
        )
