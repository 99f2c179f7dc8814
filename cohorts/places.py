"""Which place of a person a page is about."""

from datetime import datetime

from leaders.people.models import Person

from .models import Cohort, Place

_WANTED = ("cohort__programme", "cohort__contact", "organisation", "sponsor", "line_manager")


def current_place(person: Person, now: datetime) -> Place | None:
    """The place that `person`'s home is about: taking part in a live cohort, else the newest graduated.

    With two cohorts at once it is the one that started last. Read once per person instance.
    """
    if not hasattr(person, "_current_place"):  # request.user is a wrapper: its own __dict__ is empty
        places = Place.objects.filter(person=person).select_related(*_WANTED).prefetch_related("extensions")
        taking_part = places.active().filter(cohort__status=Cohort.Status.LIVE).order_by("-cohort__starts_on").first()
        person._current_place = taking_part or places.alumni().order_by("-graduated_at").first()
        if person._current_place:
            person._current_place.person = person
    return person._current_place


def details_of(place: Place) -> dict[str, str]:
    """What a participant says about themselves: how to call and reach them, what they do and need."""
    person = place.person
    return {
        "known_as": person.known_as, "pronouns": person.pronouns, "phone": person.phone,
        "role_title": person.role_title if place.is_alumni else place.role_title or person.role_title,
        "service": person.service if place.is_alumni else place.service or person.service,
        "access_needs": place.access_needs,
    }  # fmt: skip
