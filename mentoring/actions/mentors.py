"""What can happen to mentors: they offer or are asked, are trained, approved, rest, and say whom they cannot mentor."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from cohorts.models import Place
from leaders.components.dates import day, london_date
from leaders.outbox.actions import post
from leaders.people.actions import end_role, grant_role
from leaders.people.audit import record
from leaders.people.models import Organisation, Person, Role
from leaders.people.refusals import NotPossible
from mentoring.models import Conflict, MatchCriterion, Mentor, MentorTraining, Mode

Status = Mentor.Status
MOST_LEVEL = 4


@transaction.atomic
def invite_mentor(*, person: Person, by: Person, now: datetime) -> Mentor:
    """Ask somebody to mentor. They get a letter; asking again sends it again on another day."""
    mentor, is_new = Mentor.objects.get_or_create(person=person, defaults={"status": Status.INVITED, "joined_at": now})
    if not is_new and mentor.status not in {Status.INVITED, Status.STOOD_DOWN}:
        raise NotPossible(f"{person} has offered to mentor already.")
    if mentor.status == Status.STOOD_DOWN:
        mentor.status = Status.INVITED
        mentor.save(update_fields=["status"])
    _record(mentor, "invited", f"{by} asked {person} to mentor", by=by, now=now)
    post(
        "mentoring.mentor_invited", to=person, now=now, dedupe_key=f"mentor:{mentor.pk}:invited:{london_date(now)}",
        about=mentor, mentor=mentor, by=by,
    )  # fmt: skip
    return mentor


@transaction.atomic
def volunteer(*, person: Person, by: Person, now: datetime, **offer) -> Mentor:
    """Offer to mentor, as a graduate or because the office asked; `offer` as in `save_offer`.

    The office hears on Today. Offering again after standing down is welcome.
    """
    if by != person:
        raise NotPossible("Everybody offers for themselves.")
    mentor = Mentor.objects.filter(person=person).first()
    was_asked = mentor is not None and mentor.status == Status.INVITED
    if mentor is not None and mentor.status in {Status.VOLUNTEERED, Status.APPROVED}:
        raise NotPossible("You have offered already. Change your offer on your mentoring page.")
    if not was_asked and not Place.objects.alumni().filter(person=person).exists():
        raise NotPossible("Mentors are graduates of the programme. Ask the programme office if you would like to help.")
    if mentor is None:
        mentor = Mentor(person=person, joined_at=now)
    mentor.status = Status.VOLUNTEERED
    mentor.approved_at, mentor.approved_by = None, ""
    mentor.save()
    _save_offer(mentor, **offer)
    grant_role(person=person, role=Role.MENTOR, by=by, now=now)
    _record(mentor, "volunteered", f"{person} offered to mentor", by=by, now=now)
    return mentor


@transaction.atomic
def save_offer(*, mentor: Mentor, by: Person, now: datetime, **offer) -> Mentor:
    """Change what a mentor offers: capacity, modes, meets_at, availability, offers, offer, shares; blanks stay.

    Capacity never goes below the people they mentor now.
    """
    if by.pk != mentor.person_id:
        raise NotPossible("Only the mentor changes their offer.")
    _save_offer(mentor, **offer)
    _record(mentor, "offer_saved", f"{mentor} changed their offer as a mentor", by=by, now=now)
    return mentor


def _save_offer(
    mentor: Mentor,
    *,
    capacity: int | None = None,
    modes: Iterable[str] | None = None,
    meets_at: str | None = None,
    availability: str | None = None,
    offers: Mapping[str, int] | None = None,
    offer: str | None = None,
    shares: Iterable[str] | None = None,
) -> None:
    words: dict = {"meets_at": meets_at, "availability": availability, "offer": offer}
    changes: dict = {name: value.strip() for name, value in words.items() if value is not None}
    if modes is not None:
        changes["modes"] = [mode for mode in Mode.values if mode in set(modes)]
    if offers is not None:
        changes["offers"] = levels(offers)
    if shares is not None:
        changes["shares_words"] = json.dumps(sorted({share.strip() for share in shares if share.strip()}))
    for name, value in changes.items():
        setattr(mentor, name, value)
    mentor.save(update_fields=[*changes])
    if capacity is not None:
        if not 1 <= capacity <= 3:
            raise NotPossible("A mentor takes one to three people at a time.")
        if not Mentor.objects.filter(pk=mentor.pk, active__lte=capacity).update(capacity=capacity):
            raise NotPossible("You mentor more people now than that. The number can go down when one of them ends.")
        mentor.capacity = capacity


def levels(given: Mapping[str, int]) -> dict[str, int]:
    """What was said about criteria, 1 to 4 each, without unknown keys and zeros. Raises NotPossible out of range."""
    known = set(MatchCriterion.objects.asked().values_list("key", flat=True))
    if any(not 0 <= level <= MOST_LEVEL for level in given.values()):
        raise NotPossible("Answers run from nothing to a lot.")
    return {key: level for key, level in given.items() if key in known and level}


@transaction.atomic
def approve_mentor(*, mentor: Mentor, by: Person, now: datetime) -> Mentor:
    """Take somebody among the mentors. They are matched once they are trained, and hear which comes next."""
    approved = Mentor.objects.filter(pk=mentor.pk, status=Status.VOLUNTEERED)
    if not approved.update(status=Status.APPROVED, approved_at=now, approved_by=str(by)[:150]):
        raise NotPossible("Only somebody who has offered to mentor can be approved.")
    mentor.refresh_from_db()
    grant_role(person=mentor.person, role=Role.MENTOR, by=by, now=now)
    _record(mentor, "approved", f"{mentor} is a mentor", by=by, now=now)
    post(
        "mentoring.mentor_approved", to=mentor.person, now=now, dedupe_key=f"mentor:{mentor.pk}:approved:{now:%Y%m%d}",
        about=mentor, mentor=mentor, by=by, is_trained=mentor.is_trained(london_date(now)),
    )  # fmt: skip
    return mentor


@transaction.atomic
def stand_down(*, mentor: Mentor, by: Person, now: datetime) -> Mentor:
    """Stop mentoring, for now or for good; running mentorships end first. No reason is asked for."""
    stopped = Mentor.objects.filter(pk=mentor.pk, active=0).exclude(status=Status.STOOD_DOWN)
    if not stopped.update(status=Status.STOOD_DOWN):
        raise NotPossible("End the mentorships that run now first, or rest instead.")
    mentor.refresh_from_db()
    end_role(person=mentor.person, role=Role.MENTOR, by=by, now=now)
    _record(mentor, "stood_down", f"{mentor} stopped mentoring", by=by, now=now)
    return mentor


@transaction.atomic
def rest(*, mentor: Mentor, until: date | None, by: Person, now: datetime) -> Mentor:
    """Take a rest from new mentees until a day (None: no longer). Running mentorships go on."""
    if until is not None and until <= london_date(now):
        raise NotPossible("Choose a day in the future, or end the rest.")
    mentor.resting_until = until
    mentor.save(update_fields=["resting_until"])
    said = f"{mentor} takes nobody new until {day(until)}" if until else f"{mentor} takes new people again"
    _record(mentor, "rested", said, by=by, now=now)
    return mentor


@transaction.atomic
def record_training(*, mentor: Mentor, kind: str, on: date, by: Person, now: datetime) -> MentorTraining:
    """Write down that a mentor was trained. A refresher needs a full training before it."""
    if on > london_date(now):
        raise NotPossible("Record training when it has taken place.")
    if (
        kind == MentorTraining.Kind.REFRESHER
        and not mentor.trainings.filter(kind=MentorTraining.Kind.FULL, on__lte=on).exists()
    ):
        raise NotPossible(f"{mentor} has not had the full training yet.")
    training, is_new = MentorTraining.objects.get_or_create(
        mentor=mentor, on=on, defaults={"kind": kind, "recorded_at": now, "recorded_by": str(by)[:150]}
    )
    if is_new:
        _record(mentor, "trained", f"{mentor}: {training.get_kind_display().lower()} on {day(on)}", by=by, now=now)
    mentor.__dict__.get("_prefetched_objects_cache", {}).pop("trainings", None)
    return training


@transaction.atomic
def declare_conflict(
    *,
    by: Person,
    now: datetime,
    kind: str = Conflict.Kind.CONFLICT,
    whom: str = "",
    person: Person | None = None,
    organisation: Organisation | None = None,
    reason: str = "",
) -> Conflict:
    """Say in confidence with whom one cannot be matched: a person, anybody of an organisation, or, in words, somebody.

    An address that we know settles who is meant; otherwise the office finds out. The trail says only that it was
    declared, never with whom.
    """
    whom = whom.strip()
    if organisation is not None and (person is not None or whom):
        raise NotPossible("Say who it is, or choose an organisation: one at a time.")
    if person is None and organisation is None:
        person = Person.objects.filter(email__iexact=whom).first() if "@" in whom else None
        if person is None and not whom:
            raise NotPossible("Say whom you cannot be matched with.")
    if person == by:
        raise NotPossible("Nobody is matched with themselves anyway.")
    conflict = Conflict.objects.create(
        declared_by=by, kind=kind, whom=whom, person=person, organisation=organisation,
        reason=reason.strip(), declared_at=now,
    )  # fmt: skip
    record("mentoring.conflict.declared", f"{by} declared a conflict", subject=conflict, person=by, by=by, now=now)
    return conflict


@transaction.atomic
def settle_conflict(
    *, conflict: Conflict, by: Person, now: datetime, person: Person | None = None,
    organisation: Organisation | None = None,
) -> Conflict:  # fmt: skip
    """The office says whom a declared conflict means."""
    if (person is None) == (organisation is None):
        raise NotPossible("Choose either the person or the organisation that is meant.")
    if person is not None and person.pk == conflict.declared_by_id:
        raise NotPossible("That is the person who declared it.")
    if not Conflict.objects.unsettled().filter(pk=conflict.pk).update(person=person, organisation=organisation):
        raise NotPossible("It is settled already, or was taken back.")
    conflict.refresh_from_db()
    record(
        "mentoring.conflict.settled", f"{by} settled a conflict that {conflict.declared_by} declared", subject=conflict,
        person=conflict.declared_by, by=by, now=now,
    )  # fmt: skip
    return conflict


@transaction.atomic
def withdraw_conflict(*, conflict: Conflict, by: Person, now: datetime) -> None:
    """Take back a conflict one declared; its words are removed."""
    mine = Conflict.objects.standing().filter(pk=conflict.pk, declared_by=by)
    if not mine.update(withdrawn_at=now, whom="", reason=""):
        raise NotPossible("There is no such conflict of yours.")
    record("mentoring.conflict.withdrawn", f"{by} took back a conflict", subject=conflict, person=by, by=by, now=now)


def take_seat(mentor: Mentor) -> bool:
    """One more mentee, if there is room: one conditional update decides between two who ask at once."""
    return bool(
        Mentor.objects.filter(pk=mentor.pk, status=Status.APPROVED, active__lt=F("capacity")).update(
            active=F("active") + 1
        )
    )


def free_seat(mentor: Mentor) -> None:
    Mentor.objects.filter(pk=mentor.pk, active__gt=0).update(active=F("active") - 1)


def _record(mentor: Mentor, verb: str, sentence: str, *, by: Person | None, now: datetime) -> None:
    record(f"mentoring.mentor.{verb}", sentence, subject=mentor, person=mentor.person, by=by, now=now)
