"""What can happen to a person's place, from the accepted offer to long after graduation."""

from datetime import date, datetime

from django.db import transaction

from cohorts.models import Cohort, Extension, Place, Pulse
from cohorts.places import details_of
from cohorts.registry import followers
from leaders.components.dates import day
from leaders.outbox.actions import post
from leaders.outbox.consent import give_consent, withdraw_consent
from leaders.people.actions import end_role, grant_role
from leaders.people.audit import record
from leaders.people.meanwhile import ChangedMeanwhile, mark
from leaders.people.models import Organisation, Person, Role
from leaders.people.refusals import NotPossible

from .cohorts import free_seat, take_seat


@transaction.atomic
def make_place(
    *,
    cohort: Cohort,
    person: Person,
    organisation: Organisation,
    now: datetime,
    by: Person | str | None,
    role_title: str = "",
    service: str = "",
    sponsor: Person | None = None,
    line_manager: Person | None = None,
    access_needs: str = "",
) -> Place:
    """Give a person their place. The seat was taken when the place was offered (`take_seat`)."""
    place = Place.objects.create(
        cohort=cohort,
        person=person,
        organisation=organisation,
        role_title=role_title,
        service=service,
        sponsor=sponsor,
        line_manager=line_manager,
        access_needs=access_needs,
        accepted_at=now,
    )
    grant_role(person=person, role=Role.PARTICIPANT, by=by, now=now)
    if sponsor:
        grant_role(person=sponsor, role=Role.SPONSOR, by=by, now=now)
    _record("made", f"{person} took a place in {cohort.name}", place, by, now)
    return place


@transaction.atomic
def withdraw_place(*, place: Place, reason: str, by: Person | str | None, now: datetime) -> Place:
    """Somebody leaves their cohort; the seat becomes free. Way back: `reinstate_place`."""
    _leave(place, Place.Status.WITHDRAWN, reason, now)
    _record("withdrawn", f"{place.person} left {place.cohort.name}", place, by, now, reason=reason)
    _write("cohorts.place_left", place, now)
    return place


@transaction.atomic
def defer_place(*, place: Place, reason: str, by: Person | str | None, now: datetime) -> Place:
    """Somebody takes part later instead; the seat becomes free. A later cohort follows by `take_up_place`."""
    _leave(place, Place.Status.DEFERRED, reason, now)
    _record("deferred", f"{place.person} deferred their place in {place.cohort.name}", place, by, now, reason=reason)
    _write("cohorts.place_deferred", place, now)
    return place


@transaction.atomic
def take_up_place(*, place: Place, cohort: Cohort, by: Person | str | None, now: datetime) -> Place:
    """A deferred place is taken up in a later cohort, where it takes a seat; the new place."""
    if cohort.status not in {Cohort.Status.PLANNED, Cohort.Status.LIVE}:
        raise NotPossible(f"{cohort.name} is closed.")
    if cohort.places.filter(person=place.person_id).exists():
        raise NotPossible(f"{place.person} has a place in {cohort.name} already.")
    taken = Place.objects.filter(pk=place.pk, status=Place.Status.DEFERRED, deferred_to=None).update(deferred_to=cohort)
    if not taken:
        raise NotPossible("Only a deferred place that was not taken up yet can be taken up.")
    take_seat(cohort)
    place.refresh_from_db()
    taken_up = make_place(
        cohort=cohort, person=place.person, organisation=place.organisation, now=now, by=by,
        role_title=place.role_title, service=place.service, sponsor=place.sponsor, line_manager=place.line_manager,
    )  # fmt: skip
    _write("cohorts.place_taken_up", taken_up, now)
    return taken_up


@transaction.atomic
def reinstate_place(*, place: Place, reason: str, by: Person | str | None, now: datetime) -> Place:
    """Somebody who withdrew or deferred is back in the same cohort, if there is a seat."""
    if place.cohort.status != Cohort.Status.LIVE:
        raise NotPossible(f"{place.cohort.name} is not running.")
    back = Place.objects.filter(
        pk=place.pk, status__in=[Place.Status.WITHDRAWN, Place.Status.DEFERRED], deferred_to=None
    ).update(status=Place.Status.ACTIVE, left_at=None, leaving_reason="")
    if not back:
        raise NotPossible("Only somebody who left or deferred, and did not take a later place, can come back.")
    take_seat(place.cohort)
    place.refresh_from_db()
    grant_role(person=place.person, role=Role.PARTICIPANT, by=by, now=now)
    _record("reinstated", f"{place.person} is back in {place.cohort.name}", place, by, now, reason=reason)
    _write("cohorts.place_reinstated", place, now)
    return place


@transaction.atomic
def change_employer(
    *,
    place: Place,
    organisation: Organisation,
    reason: str,
    by: Person | str | None,
    now: datetime,
    role_title: str = "",
    service: str = "",
    sponsor: Person | None = None,
    line_manager: Person | None = None,
) -> Place:
    """Somebody changes employer in mid-programme and keeps their place.

    Sponsor and line manager belonged to the old employer: without new ones the office is asked to find them.
    """
    _must_be_active(place)
    if organisation == place.organisation:
        raise NotPossible(f"{place.person} works for {organisation} already.")
    old = place.organisation
    former = place.sponsor
    place.organisation, place.role_title, place.service = organisation, role_title, service
    place.sponsor, place.line_manager = sponsor, line_manager
    place.save(update_fields=["organisation", "role_title", "service", "sponsor", "line_manager"])
    person = place.person
    person.organisation, person.role_title, person.service = organisation, role_title, service
    person.save(update_fields=["organisation", "role_title", "service"])
    _record("employer_changed", f"{person} moved from {old} to {organisation}", place, by, now, reason=reason)
    _follow_sponsor(place, former, by, now)
    return place


@transaction.atomic
def change_sponsor(
    *, place: Place, sponsor: Person | None, reason: str, by: Person | str | None, now: datetime
) -> Place:
    """Another sponsor, or none for now. The new one hears what is expected; the old one's contract page closes."""
    _must_be_active(place)
    if sponsor == place.person:
        raise NotPossible("Nobody can be their own sponsor.")
    former, place.sponsor = place.sponsor, sponsor
    place.save(update_fields=["sponsor"])
    who = f"{sponsor} became the sponsor of {place.person}" if sponsor else f"{place.person} has no sponsor for now"
    _record("sponsor_changed", who, place, by, now, reason=reason)
    _follow_sponsor(place, former, by, now)
    return place


@transaction.atomic
def change_line_manager(
    *, place: Place, line_manager: Person | None, reason: str, by: Person | str | None, now: datetime
) -> Place:
    """Another line manager, or none for now."""
    _must_be_active(place)
    if line_manager == place.person:
        raise NotPossible("Nobody can be their own line manager.")
    place.line_manager = line_manager
    place.save(update_fields=["line_manager"])
    who = f"{line_manager} became" if line_manager else "Nobody for now is"
    _record("line_manager_changed", f"{who} the line manager of {place.person}", place, by, now, reason=reason)
    return place


@transaction.atomic
def extend_date(
    *, place: Place, what: str, until: date, reason: str, by: Person | str | None, now: datetime
) -> Extension:
    """Give one person longer for one date (a value of `Extension.What`); a second extension replaces the first."""
    _must_be_active(place)
    label = Extension.What(what).label
    if until <= place.due_on(what):
        raise NotPossible(f"{label} is due on {day(place.due_on(what))} already. Choose a later date.")
    extension, _is_new = Extension.objects.update_or_create(
        place=place, what=what, defaults={"until": until, "reason": reason, "given_at": now}
    )
    place.__dict__.get("_prefetched_objects_cache", {}).pop("extensions", None)
    for part in followers:
        part.brings(before=place.cohort, cohort=place.cohort, by=by, now=now)
    _record(
        "date_extended",
        f"{place.person} has until {day(until)}: {label.lower()}",
        place,
        by,
        now,
        reason=reason,
        what=what,
    )
    _write("cohorts.date_extended", place, now, extension=extension)
    return extension


@transaction.atomic
def update_details(
    *, place: Place, by: Person, now: datetime, known_as: str, pronouns: str, phone: str, role_title: str, service: str,
    access_needs: str = "", seen: str | None = None,
) -> Place:  # fmt: skip
    """A participant says how to call and reach them, what they do, and what they need to take part.

    A graduate changes only the person: what they were during the programme stays on the place, and what they need
    to take part is kept for the cohort's events and no longer (Equality Act 2010, section 20). `seen` marks the
    details that their page showed (`details_of`), so that a stale page overwrites nothing.
    """
    if by != place.person:
        raise NotPossible("Only the person themselves says this.")
    place = Place.objects.select_related("person", "cohort").select_for_update(of=("self",)).get(pk=place.pk)
    if seen is not None and seen != mark(details_of(place).values()):
        raise ChangedMeanwhile
    person = place.person
    person.known_as, person.pronouns, person.phone = known_as, pronouns, phone
    person.role_title, person.service = role_title, service
    person.save(update_fields=["known_as", "pronouns", "phone", "role_title", "service"])
    if Cohort.objects.live().filter(pk=place.cohort_id, places=place, places__status=Place.Status.ACTIVE).exists():
        place.role_title, place.service, place.access_needs, place.details_at = role_title, service, access_needs, now
        place.save(update_fields=["role_title", "service", "access_needs", "details_at"])
    _record("details_updated", f"{person} updated their details", place, by, now)
    return place


@transaction.atomic
def stay_in_touch(*, place: Place, by: Person, now: datetime) -> Place:
    """A graduate agrees to hear from the alumni network: promotional mail in law, so the consent itself is kept."""
    if by != place.person or not place.is_alumni:
        raise NotPossible("Only a graduate can agree to this, for themselves.")
    if Place.objects.filter(pk=place.pk, in_touch_since=None).update(in_touch_since=now):
        place.in_touch_since = now
        give_consent(address=place.person.email, how="“Yes, stay in touch”, on the alumni page", now=now, by=by)
        _record("in_touch", f"{place.person} stays in touch with the alumni network", place, by, now)
    return place


@transaction.atomic
def stop_in_touch(*, place: Place, by: Person | str | None, now: datetime) -> Place:
    """The opposite, by one click, as easily as it was given."""
    if Place.objects.filter(pk=place.pk, in_touch_since__isnull=False).update(in_touch_since=None):
        place.in_touch_since = None
        withdraw_consent(address=place.person.email, now=now, by=by)
        _record("out_of_touch", f"{place.person} no longer hears from the alumni network", place, by, now)
    return place


@transaction.atomic
def answer_pulse(
    *, place: Place, months: int, role: str, works_across: bool, by: Person, now: datetime, words: str = ""
) -> Pulse:
    """What became of it, so many months after graduation; a second answer corrects the first."""
    if by != place.person or not place.is_alumni:
        raise NotPossible("Only a graduate answers this, for themselves.")
    if months not in Pulse.MONTHS:
        raise NotPossible("We ask after 6, 12 and 24 months.")
    pulse, _is_new = Pulse.objects.update_or_create(
        place=place, months=months,
        defaults={"role": role, "works_across": works_across, "words": words, "answered_at": now},
    )  # fmt: skip
    _record("pulse_answered", f"{place.person} told us how things are {months} months on", place, by, now)
    return pulse


def _leave(place: Place, end: str, reason: str, now: datetime) -> None:
    left = Place.objects.filter(pk=place.pk, status=Place.Status.ACTIVE).update(
        status=end, left_at=now, leaving_reason=reason
    )
    if not left:
        raise NotPossible(f"{place.person} is not taking part in {place.cohort.name} now.")
    place.refresh_from_db()
    free_seat(place.cohort)
    person = place.person
    if not person.places.filter(status__in=[Place.Status.ACTIVE, Place.Status.GRADUATED]).exists():
        end_role(person=person, role=Role.PARTICIPANT, by=None, now=now)


def _follow_sponsor(place: Place, former: Person | None, by, now: datetime) -> None:
    if former and former != place.sponsor and not former.sponsored_places.active().exists():
        end_role(person=former, role=Role.SPONSOR, by=by, now=now)
    if place.sponsor and place.sponsor != former:
        grant_role(person=place.sponsor, role=Role.SPONSOR, by=by, now=now)
        _write("cohorts.sponsor_named", place, now, to=place.sponsor)


def _must_be_active(place: Place) -> None:
    """Refuse for somebody who has left, and keep them from leaving until this is done."""
    if not Place.objects.select_for_update(no_key=True).filter(pk=place.pk, status=Place.Status.ACTIVE).first():
        raise NotPossible(f"{place.person} is not taking part in {place.cohort.name} now.")


def _write(kind: str, place: Place, now: datetime, to: Person | None = None, **words) -> None:
    to = to or place.person
    post(
        kind, to=to, now=now, dedupe_key=f"place:{place.pk}:{kind}:{to.pk}:{now.isoformat()}", about=place,
        cohort_id=place.cohort_id, place=place, **words,
    )  # fmt: skip


def _record(what: str, sentence: str, place: Place, by, now: datetime, /, *, reason: str = "", **detail) -> None:
    record(
        f"cohorts.place.{what}", sentence, subject=place, person=place.person, cohort_id=place.cohort_id, by=by,
        now=now, reason=reason, **detail,
    )  # fmt: skip
