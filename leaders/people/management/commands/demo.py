from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from leaders.people.demo import World, entrances, parts
from leaders.people.models import Person


class Command(BaseCommand):
    help = "Build the demo: four cohorts lived through by invented people, up to today."

    def add_arguments(self, parser):
        parser.add_argument("--today", type=date.fromisoformat, help="the day the demo ends, as 2027-03-04")
        parser.add_argument("--sign-ins", action="store_true", help="only print who can sign in")

    def handle(self, **options):
        autodiscover_modules("demo")
        if not options["sign_ins"]:
            self.build(options["today"] or timezone.localdate())
        self.stdout.write(f"\nChoose somebody to be at {settings.BASE_URL}/demo/, or sign in with an address below.")
        for part in entrances:
            way = part.brings()
            if way:
                self.stdout.write(
                    f"  {way.label:<34} {way.person.email if way.person else settings.BASE_URL + way.path}"
                )
        self.stdout.write(f"\nEvery email is in the mailbox at {settings.BASE_URL}/demo/mailbox/")

    def build(self, today: date) -> None:
        if not settings.DEMO:
            raise CommandError("The demo invents people. Set DEMO=1, and never in a database with real ones.")
        if Person.objects.exists():
            raise CommandError("This database is not empty. Start with a fresh one: python3 dev demo --fresh")
        world = World(today)
        for part in parts:
            part.brings(world)
        world.play()
        self.stdout.write(f"Played {world.played} scenes up to {today:%-d %B %Y}.")
