from django.core.management.base import BaseCommand
from django.utils.module_loading import autodiscover_modules

from leaders.people import demo  # noqa: F401 (two joints of their own)
from leaders.people.joining import Joint


class Command(BaseCommand):
    help = "Print what each app brings to the house, in order."

    def handle(self, **options):
        autodiscover_modules("demo")  # the one file that nobody else looks for on every start
        for joint in sorted(Joint.all, key=lambda joint: joint.file):
            self.stdout.write(f"{joint.file}.py: {joint.what}")
            for part in joint:
                self.stdout.write(f"  {part.order:>4}  {part.key:<40} {part.title}  [{part.app}]")
            self.stdout.write("")
