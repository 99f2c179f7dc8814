"""What keeps our mail from a person, in words for the office."""

from leaders.components.dates import day
from leaders.outbox.models import Consent, Suppression
from leaders.people.models import Person
from leaders.reminders.models import NoDigest


def hindrances(person: Person) -> list[str]:
    """That their address is stopped, and what they want no more; empty when all reaches them."""
    found = []
    if stopped := Suppression.of(person.email):
        found.append(f"Nothing is sent to {person.email} since {day(stopped.since)}. {stopped.reason}")
    if choice := NoDigest.objects.filter(person=person).first():
        found.append(
            f"{person.first_name} stopped the weekly email on {day(choice.since)}. Letters of their own still come."
        )
    if (said := Consent.objects.filter(address__iexact=person.email).first()) and said.withdrawn_at:
        found.append(
            f"{person.first_name} unsubscribed from invitations and news on {day(said.withdrawn_at)}. All else still "
            "comes."
        )
    return found
