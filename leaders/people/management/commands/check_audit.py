from django.core.management.base import BaseCommand, CommandError

from leaders.people.seals import check


class Command(BaseCommand):
    help = "Go through the chain of hashes over the audit trail: has anything been changed, removed or slipped in?"

    def handle(self, **options):
        checked = check()
        if checked.wrong:
            raise CommandError("\n".join(checked.wrong))
        self.stdout.write(
            f"{checked.links} events are as they were written. The chain ends in {checked.end or 'nothing'}."
        )
