from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from leaders.people.actions import grant_role, know_person
from leaders.people.models import Role


class Command(BaseCommand):
    help = "Let a first programme director into an empty office. Directors give everybody else their roles there."

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", required=True)

    @transaction.atomic
    def handle(self, *, name, email, **options):
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is no email address.") from error
        by, now = "manage.py create_director", timezone.now()
        person = know_person(email=email, name=name, by=by, now=now)
        grant_role(person=person, role=Role.DIRECTOR, by=by, now=now)
        self.stdout.write(f"{person} may sign in with {person.email} and sets up a second factor then.")
