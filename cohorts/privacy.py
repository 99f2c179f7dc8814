"""What is held about somebody's place, narrative, words and certificate."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .models import Certificate, Narrative, NarrativeVersion, Place, Pulse, Quote


def _places(person: Person):
    for place in person.places.select_related("cohort__programme", "organisation", "sponsor", "line_manager"):
        yield {
            "cohort": str(place.cohort),
            "organisation": str(place.organisation),
            "job title": place.role_title,
            "service": place.service,
            "sponsor": str(place.sponsor or ""),
            "line manager": str(place.line_manager or ""),
            "status": place.get_status_display(),
            "accepted": place.accepted_at.isoformat(),
            "left": place.left_at.isoformat() if place.left_at else "",
            "reason for leaving": place.leaving_reason,
            "graduated": place.graduated_at.isoformat() if place.graduated_at else "",
            "access needs": place.access_needs,
            "hears from the alumni network since": place.in_touch_since.isoformat() if place.in_touch_since else "",
            "extensions": [f"{extension}: {extension.until.isoformat()}" for extension in place.extensions.all()],
            "waived": [f"{waiver.requirement_key}: {waiver.reason}" for waiver in place.waivers.all()],
        }


def _erase_places(person: Person, now: datetime) -> None:
    """They leave; that somebody took part stays as a number; what they said about themselves goes."""
    from .actions import change_line_manager, change_sponsor, withdraw_place

    for place in person.places.active():
        withdraw_place(place=place, reason="", by=None, now=now)
    for place in person.sponsored_places.active():
        change_sponsor(place=place, sponsor=None, reason="", by=None, now=now)
    for place in person.managed_places.active():
        change_line_manager(place=place, line_manager=None, reason="", by=None, now=now)
    places = Place.objects.filter(person=person)
    places.update(role_title="", service="", access_needs="", leaving_reason="", in_touch_since=None)
    for place in places:
        place.history.all().delete()
        place.extensions.update(reason="")
        place.waivers.update(reason="")


def _narratives(person: Person):
    for narrative in Narrative.objects.filter(place__person=person).select_related("place__cohort"):
        yield {
            "cohort": str(narrative.place.cohort),
            **narrative.texts,
            "saved": narrative.saved_at.isoformat(),
            "submitted": [version.submitted_at.isoformat() for version in narrative.versions.all()],
            "open for quotation": [consent.part for consent in narrative.consents.filter(withdrawn_at=None)],
        }


def forget_narratives(found: QuerySet[Narrative]) -> None:
    NarrativeVersion.objects.filter(narrative__in=found).delete()
    found.delete()


def _erase_narratives(person: Person, now: datetime) -> None:
    forget_narratives(Narrative.objects.filter(place__person=person))


def _quotes(person: Person):
    for quote in Quote.objects.filter(place__person=person).select_related("place__person", "place__organisation"):
        yield {
            "words": quote.words,
            "shown as": quote.author,
            "agreed": quote.agreed_at.isoformat() if quote.agreed_at else "",
            "taken back": quote.withdrawn_at.isoformat() if quote.withdrawn_at else "",
        }


def _erase_quotes(person: Person, now: datetime) -> None:
    from .actions import withdraw_quote

    for quote in Quote.objects.filter(place__person=person).select_related("place__person", "place__cohort"):
        withdraw_quote(quote=quote, by=None, now=now)
        quote.delete()


def _pulses(person: Person):
    for pulse in Pulse.objects.filter(place__person=person):
        yield {
            "months after graduation": pulse.months,
            "post": pulse.get_role_display(),
            "has worked with somebody from the programme": pulse.works_across,
            "words": pulse.words,
        }


def forget_pulses(found: QuerySet[Pulse]) -> None:
    found.update(words="")


def _erase_pulses(person: Person, now: datetime) -> None:
    forget_pulses(Pulse.objects.filter(place__person=person))


def _certificates(person: Person):
    for certificate in Certificate.objects.filter(place__person=person):
        yield {
            "code": certificate.code,
            "name": certificate.name,
            "issued": certificate.issued_at.isoformat(),
            "revoked": certificate.revoked_at.isoformat() if certificate.revoked_at else "",
        }


holds(
    Holding(
        key="cohorts.place",
        what="Your place: cohort, organisation, sponsor and line manager, dates, and what you need to take part",
        who_reads="You and the programme office; your access needs only those who organise the days",
        kept_for="Access needs until the cohort closes; the rest as long as you are in the alumni network",
        export=_places,
        erase=_erase_places,
    ),
    order=200,
)
holds(
    Holding(
        key="cohorts.narrative",
        what="Your graduation narrative, drafts and submitted versions",
        who_reads="Only you. The office sees that you submitted it, and reads the parts you open for quotation",
        kept_for="24 months after your cohort ends",
        export=_narratives,
        erase=_erase_narratives,
    ),
    order=210,
)
holds(
    Holding(
        key="cohorts.quote",
        what="Words of yours that the programme may publish, and your agreement",
        who_reads="You and the programme office; everybody while they are published",
        kept_for="As long as you agree",
        export=_quotes,
        erase=_erase_quotes,
    ),
    order=220,
)
holds(
    Holding(
        key="cohorts.pulse",
        what="What you told us 6, 12 and 24 months after graduation",
        who_reads="You and the programme director; others see counts, never small ones",
        kept_for="24 months after you answered, then without your words",
        export=_pulses,
        erase=_erase_pulses,
    ),
    order=230,
)
holds(
    Holding(
        key="cohorts.certificate",
        what="Your certificate: its code, the name on it, when it was issued",
        who_reads="You, the programme office, and whoever types its check code",
        kept_for="Without end, so that it can be checked",
        export=_certificates,
        why_kept="It proves to others what you completed; ask us to revoke it if you want it gone.",
    ),
    order=240,
)
