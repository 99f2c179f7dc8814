"""What can happen in a mentorship, from the day both are told to its end. What is said in it is kept nowhere."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import (
    Agreement,
    MenteeProfile,
    Mentor,
    Mentorship,
    MentorshipReview,
    PrivateNote,
    ServiceRecord,
    Side,
)

from .common import NO_DATE, begin, check_live, note, own_side
from .mentors import free_seat
from .runs import take_turns

State, Ending = Mentorship.State, Mentorship.Ending
# The template that both start from; aims are theirs to write.
AGREEMENT = {
    "aims": "",
    "frequency": "About an hour every month, until graduation",
    "ending": "Either of us can end this at any time, without giving a reason. We tell each other first if we can.",
}


@transaction.atomic
def decline_mentorship(*, mentorship: Mentorship, by: Person, now: datetime) -> None:
    """Decline a match before it begins: once each, no reason asked. The same engine proposes another to the office."""
    side = own_side(mentorship, by)
    take_turns(mentorship.cohort)
    if why_not := too_late_to_decline(mentorship, side):
        raise NotPossible(why_not)
    if has_declined(mentorship, side):
        contact = mentorship.cohort.contact
        raise NotPossible(f"You have declined a match before. Please talk to {contact.name}: {contact.email}.")
    _end(mentorship, Ending.DECLINED, now, side=side, start=[State.PROPOSED])
    note(mentorship, "declined", f"The match of {mentorship} does not go ahead", by=None, now=now)
    _tell(mentorship, Side.opposite(side), "mentoring.not_going_ahead", now)
    if side == Side.MENTOR:
        _come_first(mentorship.place)
    _propose_again(mentorship.cohort, f"{mentorship.place.person} is without a mentor again", now)


def too_late_to_decline(mentorship: Mentorship, side: str) -> str:
    """Why a match can be declined no more: declined, over or begun; empty while it can. Who declined learn it alone."""
    if mentorship.is_proposed:
        return ""
    if mentorship.is_live:
        return "It has begun, so it is ended rather than declined."
    if (mentorship.ending, mentorship.ended_side) == (Ending.DECLINED, side):
        return "You have already declined this match."
    return "This match has ended already."


def has_declined(mentorship: Mentorship, side: str) -> bool:
    """Whether this person has used their one refusal in this cohort."""
    declined = Mentorship.objects.filter(ending=Ending.DECLINED, ended_side=side, cohort=mentorship.cohort_id)
    if side == Side.MENTEE:
        return declined.filter(place=mentorship.place_id).exists()
    return declined.filter(mentor=mentorship.mentor_id).exists()


def who_declined(cohort: Cohort) -> dict[str, set[int]]:
    """The places and the mentors that have used up their refusal in a cohort: see `has_declined`."""
    declined = Mentorship.objects.filter(ending=Ending.DECLINED, cohort=cohort)
    found: dict[str, set[int]] = {side: set() for side in Side.values}
    for side, place, mentor in declined.values_list("ended_side", "place", "mentor"):
        found[side].add(place if side == Side.MENTEE else mentor)
    return found


@transaction.atomic
def ask_to_talk(*, mentorship: Mentorship, by: Person, now: datetime) -> MentorshipReview:
    """Have the office get in touch about a match that is not right, once one's refusal is used up.

    The office sees it on Today. The other of the two does not learn of it, and the match stands until they have talked.
    """
    side = own_side(mentorship, by)
    if not mentorship.is_proposed:
        raise NotPossible("It has begun, so you can end it on its page.")
    review, _ = MentorshipReview.objects.update_or_create(
        mentorship=mentorship, kind=MentorshipReview.Kind.MATCH, side=side,
        defaults={
            "going": MentorshipReview.Going.NOT, "wants_to_talk": True, "answered_at": now, "talked_at": None,
        },
    )  # fmt: skip
    note(mentorship, "talk_asked", f"{by} would like to talk about a match", by=by, now=now)
    return review


@transaction.atomic
def change_agreement(
    *, mentorship: Mentorship, aims: str, frequency: str, ending: str, version: int, by: Person, now: datetime
) -> Agreement:
    """Write the agreement, and agree to it oneself; the other is asked again. A save on a stale page is refused."""
    side = own_side(mentorship, by)
    check_live(mentorship)
    words = {"aims": aims.strip(), "frequency": frequency.strip(), "ending": ending.strip()}
    own, others = f"{side}_agreed_at", f"{Side.opposite(side)}_agreed_at"
    changed = Agreement.objects.filter(mentorship=mentorship, version=version).update(
        version=version + 1, **words, **{own: now, others: None}
    )
    if not changed:
        raise NotPossible("The agreement was changed meanwhile. Read it as it now stands, then change it again.")
    agreement = Agreement.objects.get(mentorship=mentorship)
    mentorship.agreement = agreement
    note(mentorship, "agreement_changed", f"{by} wrote the agreement of {mentorship}", by=by, now=now)
    return agreement


@transaction.atomic
def agree(*, mentorship: Mentorship, version: int, by: Person, now: datetime) -> Agreement:
    """Say yes to the agreement as it stands; with both, the mentorship has begun."""
    side = own_side(mentorship, by)
    check_live(mentorship)
    if not Agreement.objects.filter(mentorship=mentorship, version=version).update(**{f"{side}_agreed_at": now}):
        raise NotPossible("The agreement was changed meanwhile. Read it as it now stands.")
    agreement = Agreement.objects.get(mentorship=mentorship)
    mentorship.agreement = agreement
    note(mentorship, "agreed", f"{by} said yes to the agreement of {mentorship}", by=by, now=now)
    if agreement.is_agreed:
        begin(mentorship, now)
    return agreement


@transaction.atomic
def end_mentorship(
    *, mentorship: Mentorship, by: Person, now: datetime, rematch: bool = False, reason: str = ""
) -> None:
    """End a mentorship at nobody's fault: either of the two, or the office with its reason in the trail.

    `rematch` has the engine propose another mentor to the office, first of all if the mentee did not end it; otherwise
    the mentee does without from now on, until they ask again.
    """
    side = mentorship.side_of(by)
    if side is None and not by.is_staff:
        raise NotPossible("Only the two of them, or the programme office, can end a mentorship.")
    take_turns(mentorship.cohort)
    _end(mentorship, Ending.ENDED, now)
    note(mentorship, "ended", f"The mentorship of {mentorship} ended", by=by, now=now, reason=reason)
    for told in [Side.opposite(side)] if side else list(Side):
        if rematch and mentorship.begun_at is None:
            _tell(mentorship, told, "mentoring.not_going_ahead", now)
            continue
        _tell_of_ending(mentorship, told, now, rematch=rematch)
    if rematch and side != Side.MENTEE:
        _come_first(mentorship.place)
    if rematch:
        _propose_again(mentorship.cohort, f"{mentorship.place.person} would like another mentor", now)
    else:
        MenteeProfile.objects.filter(place=mentorship.place).update(choice=MenteeProfile.Choice.OUT, chosen_at=now)


def close_mentorships(*, now: datetime) -> int:
    """Close what others have ended: a mentee who left their cohort, a cohort that is over. How many.

    Each by itself: one that somebody ends at this moment keeps none of the others open.
    """
    live = Mentorship.objects.live().select_related("place", "mentor", "cohort")
    left = live.filter(place__status__in=[Place.Status.WITHDRAWN, Place.Status.DEFERRED])
    over = live.filter(cohort__ends_on__lt=london_date(now))
    closed = 0
    for found, ending in ((left, Ending.LEFT), (over, Ending.COMPLETED)):
        for mentorship in found[:500]:
            with suppress(NotPossible), transaction.atomic():
                _end(mentorship, ending, now)
                note(mentorship, "closed", f"The mentorship of {mentorship} is over", by=None, now=now)
                if ending == Ending.LEFT:
                    _tell_of_leaving(mentorship, Side.MENTOR, now)
                closed += 1
    return closed


def _tell_of_leaving(mentorship: Mentorship, side: str, now: datetime, *, rematch: bool = False) -> None:
    """The other has gone: what had begun has ended, what had not does not go ahead."""
    if mentorship.begun_at is None:
        _tell(mentorship, side, "mentoring.not_going_ahead", now)
    else:
        _tell_of_ending(mentorship, side, now, rematch=rematch)


def _tell_of_ending(mentorship: Mentorship, side: str, now: datetime, *, rematch: bool) -> None:
    post(
        "mentoring.ended", to=mentorship.person(side), now=now, about=mentorship, cohort_id=mentorship.cohort_id,
        dedupe_key=f"mentorship:{mentorship.pk}:ended:{side}", mentorship=mentorship, side=side, rematch=rematch,
    )  # fmt: skip


@transaction.atomic
def leave_mentorships(*, person: Person, now: datetime) -> None:
    """Somebody is gone for good: their live mentorships end, and the others hear kindly."""
    for mentorship in Mentorship.objects.live().visible_to(person).with_people():
        side = own_side(mentorship, person)
        _end(mentorship, Ending.LEFT, now)
        note(mentorship, "closed", "A mentorship is over", by=None, now=now)
        _tell_of_leaving(mentorship, Side.opposite(side), now, rematch=side == Side.MENTOR)
        if side == Side.MENTOR:
            _come_first(mentorship.place)


@transaction.atomic
def answer_review(
    *, mentorship: Mentorship, kind: str, going: str, wants_to_talk: bool, by: Person, now: datetime
) -> MentorshipReview:
    """Say how it is going, half way or at the end; a second answer corrects the first. The other never sees it."""
    side = own_side(mentorship, by)
    if mentorship.begun_at is None:
        raise NotPossible("It has not begun yet.")
    review, _ = MentorshipReview.objects.update_or_create(
        mentorship=mentorship, kind=MentorshipReview.Kind(kind), side=side,
        defaults={
            "going": MentorshipReview.Going(going), "wants_to_talk": wants_to_talk, "answered_at": now,
            "talked_at": None,
        },
    )  # fmt: skip
    label = MentorshipReview.Kind(kind).label.lower()
    note(mentorship, "reviewed", f"{by} said {label} how mentoring is going", by=by, now=now)
    return review


@transaction.atomic
def note_talk(*, review: MentorshipReview, by: Person, now: datetime) -> None:
    """The office has talked to somebody who asked for it."""
    asked = MentorshipReview.objects.filter(pk=review.pk, wants_to_talk=True, talked_at=None)
    if not asked.update(talked_at=now):
        raise NotPossible("Nobody waits for this talk.")
    mentorship = review.mentorship
    note(mentorship, "talked", f"{by} talked to {mentorship.person(review.side)} about mentoring", by=by, now=now)


@transaction.atomic
def write_note(*, mentorship: Mentorship, words: str, by: Person, now: datetime) -> PrivateNote:
    """Keep a note for oneself alone. Not even the audit trail mentions it."""
    own_side(mentorship, by)
    if not words.strip():
        raise NotPossible("Write something first.")
    return PrivateNote.objects.create(mentorship=mentorship, person=by, words=words.strip(), written_at=now)


@transaction.atomic
def remove_note(*, note: PrivateNote, by: Person) -> None:
    """Throw away a note of one's own."""
    if note.person_id != by.pk:
        raise NotPossible("Only its writer can throw a note away.")
    note.delete()


@transaction.atomic
def thank_mentors(*, cohort: Cohort, by: Person, now: datetime) -> list[ServiceRecord]:
    """Thank everybody who mentored in a cohort, with a certificate of service; each once."""
    served: dict[int, list[Mentorship]] = {}
    met = Mentorship.objects.filter(cohort=cohort, begun_at__isnull=False).select_related("mentor__person", "cohort")
    for mentorship in met.prefetch_related("meetings").order_by("mentor__person__name", "pk"):
        served.setdefault(mentorship.mentor_id, []).append(mentorship)
    thanked = set(ServiceRecord.objects.filter(cohort=cohort).values_list("mentor", flat=True))
    made = []
    for mentor_pk, found in served.items():
        if mentor_pk in thanked:
            continue
        mentor: Mentor = found[0].mentor
        service = ServiceRecord.objects.create(
            mentor=mentor, cohort=cohort, name=mentor.person.name, mentees=len({each.place_id for each in found}),
            meetings=sum(len(each.meetings.all()) for each in found), issued_at=now,
        )  # fmt: skip
        _thank(service, mentor.person, by, now)
        made.append(service)
    if not made:
        raise NotPossible(f"There is nobody in {cohort.name} left to thank.")
    return made


def _thank(service: ServiceRecord, person: Person, by: Person, now: datetime) -> None:
    from leaders.documents.actions import request_document

    request_document("mentoring.service", subject=service, now=now)
    record(
        "mentoring.service.thanked", f"{person} was thanked for mentoring in {service.cohort.name}", subject=service,
        person=person, cohort_id=service.cohort_id, by=by, now=now,
    )  # fmt: skip
    post(
        "mentoring.thanks", to=person, now=now, dedupe_key=f"service:{service.pk}:thanks", about=service,
        cohort_id=service.cohort_id, service=service,
    )  # fmt: skip


def _end(
    mentorship: Mentorship, ending: str, now: datetime, side: str = "", start: Sequence[str] = Mentorship.LIVE
) -> None:
    ended = Mentorship.objects.filter(pk=mentorship.pk, state__in=start)
    if not ended.update(
        state=State.ENDED, ended_at=now, ending=ending, ended_side=side, **NO_DATE
    ):  # fmt: skip
        raise NotPossible("This mentorship has begun or ended meanwhile.")
    mentorship.refresh_from_db(fields=["state", "ended_at", "ending", "ended_side", *NO_DATE])
    free_seat(mentorship.mentor)


def _come_first(place: Place) -> None:
    """Somebody whose match ended without their doing comes before others next time."""
    MenteeProfile.objects.filter(place=place).come_first()


def _propose_again(cohort: Cohort, what: str, now: datetime) -> None:
    """The same engine, at once; the office confirms.

    Where nothing can be proposed, because nobody asks or the office set a weight that is none, whoever ended is not
    bothered with it: the office sees on Today that somebody waits.
    """
    from .matching import propose_match

    with suppress(NotPossible), transaction.atomic():
        propose_match(cohort=cohort, by=None, now=now, what=what)


def _tell(mentorship: Mentorship, told: str, kind: str, now: datetime) -> None:
    post(
        kind, to=mentorship.person(told), now=now, about=mentorship, cohort_id=mentorship.cohort_id,
        dedupe_key=f"mentorship:{mentorship.pk}:{kind}:{told}", mentorship=mentorship, side=told,
    )  # fmt: skip
