from django.core.management.base import BaseCommand
from django.utils import timezone

from leaders.people.loading import loaders


class Command(BaseCommand):
    help = "Load organisations, programmes and questions. Running it again adds only what is missing."

    def handle(self, **options):
        now = timezone.now()
        for part in loaders:
            self.stdout.write(f"{part.title}: {part.brings(now)} added")
