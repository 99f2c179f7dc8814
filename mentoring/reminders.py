"""What mentoring and coaching remind people of: kindly, once, and never those who have acted."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import F, Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.components.dates import LONDON, day, london_date
from leaders.people.models import Person
from leaders.reminders.registry import (
    DatedLetter,
    Item,
    Occurrence,
    Rule,
    Signature,
    coming_up,
    dated_letters,
    remind,
    signature,
)
from leaders.reminders.working_days import add_working_days, due_at

from .models import (
    CoachingGroup,
    CoachingSession,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    Side,
)
from .relationship import (
    coming,
    due_review,
    heading_of,
    last_seen,
    open_review,
    page_of,
    review_dates,
    waits_since,
    wish_to_talk,
)

SILENCE = timedelta(days=30)
CLOSE = time(17)  # by when something is done that has a day and no hour
TRAINING_AHEAD = timedelta(days=60)


def _cohorts(scope: Cohort | None):
    live = Cohort.objects.filter(pk=scope.pk) if scope else Cohort.objects.live()
    return live.exclude(programme__mentoring_rules__has_mentoring=False)


def _mentorships(scope: Cohort | None):
    live = Mentorship.objects.live().filter(cohort__in=_cohorts(scope).values("pk"))
    return live.with_people().prefetch_related("meetings", "reviews")


# What a participant looks for


def plan_wishes(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for cohort in _cohorts(scope).select_related("programme__mentoring_rules"):
        due = MentoringRules.of(cohort).wishes_due(cohort)
        for place in Place.objects.active().for_cohort(cohort).select_related("person"):
            for step, days in (("a week before", -5), ("the day before", -1)):
                on = add_working_days(due, days)
                yield Occurrence(place, place.person, step, on, due=due, asked=place.accepted_at)


def wishes_needed(place: Place, person: Person, now: datetime) -> bool:
    return place.is_active and not MenteeProfile.objects.filter(place=place).exists()


def wishes_item(place: Place, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title="Would you like a mentor?",
        detail="Say what you look for, or that you would rather not; about eight minutes",
        url=reverse("my_mentor"),
        button="Answer",
        due=MentoringRules.of(place.cohort).wishes_due(place.cohort),
    )


remind(
    Rule(
        key="mentoring.wishes",
        title="Whether to have a mentor",
        plan=plan_wishes,
        needed=wishes_needed,
        item=wishes_item,
        model=Place,
        steps="5 working days and 1 before wishes are due",
        stops="a yes or a no",
    ),
    order=410,
)


# The first meeting


def plan_first_meeting(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for mentorship in _mentorships(scope):
        due = mentorship.first_meeting_by
        for side in Side:
            for step, days in (("a week before", -5), ("a week after", 5)):
                on, asked = add_working_days(due, days), mentorship.told_at
                yield Occurrence(mentorship, mentorship.person(side), step, on, due=due, asked=asked)


def not_begun(mentorship: Mentorship, person: Person, now: datetime) -> bool:
    """Neither met nor planned; whoever would rather talk about the match first is left in peace."""
    planned = mentorship.next_at is not None and mentorship.next_at > now
    talks = wish_to_talk(mentorship, mentorship.side_of(person) or "")
    return mentorship.is_live and not planned and not talks and not mentorship.meetings.exists()


def first_meeting_item(mentorship: Mentorship, person: Person, step: str, now: datetime) -> Item:
    side = mentorship.side_of(person) or Side.MENTEE
    return Item(
        title=f"Meet {mentorship.other(side).name} for the first time",
        detail="A first hour, by whatever way suits you both; if you have met, record it",
        url=page_of(mentorship, side),
        button="See the match",
        due=mentorship.first_meeting_by,
    )


remind(
    Rule(
        key="mentoring.first_meeting",
        title="The first meeting of mentor and mentee",
        plan=plan_first_meeting,
        needed=not_begun,
        item=first_meeting_item,
        model=Mentorship,
        steps="5 working days before the first meeting is due, and 5 after",
        stops="a meeting is recorded or planned, or the match is declined",
        expires=5,
    ),
    order=420,
)


# Silence


def plan_silence(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    """Counted anew from each meeting, so that a later silence is noticed too."""
    for mentorship in _mentorships(scope):
        if mentorship.begun_at is None:
            continue
        since = last_seen(mentorship)
        if since + SILENCE >= mentorship.cohort.graduation_on:
            continue
        for side in Side:
            step = f"silent since {since.isoformat()}"
            yield Occurrence(mentorship, mentorship.person(side), step, since + SILENCE, not_before=True)


def silence_needed(mentorship: Mentorship, person: Person, now: datetime) -> bool:
    planned = mentorship.next_at is not None and mentorship.next_at > now
    return mentorship.is_live and not planned and last_seen(mentorship) + SILENCE <= london_date(now)


def silence_item(mentorship: Mentorship, person: Person, step: str, now: datetime) -> Item:
    side = mentorship.side_of(person) or Side.MENTEE
    return Item(
        title=f"You and {mentorship.other(side).first_name} have not met since {day(last_seen(mentorship))}",
        detail="Set a date, record a meeting that took place, or end it if it has run its course; all three are fine",
        url=page_of(mentorship, side),
        button="Set a date",
    )


remind(
    Rule(
        key="mentoring.silence",
        title="Thirty days without a meeting",
        plan=plan_silence,
        needed=silence_needed,
        item=silence_item,
        model=Mentorship,
        steps="30 days after the last meeting; after 60 the office sees it on Today",
        stops="a meeting is recorded or planned, or the mentorship ends",
        expires=10,
    ),
    order=430,
)


# An agreement that waits for a yes


def plan_agreement(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    """Once for each version: whoever did not write it reads of it in their next weekly email."""
    for mentorship in _mentorships(scope).select_related("agreement"):
        for side in Side:
            if since := waits_since(mentorship, side):
                step = f"version {mentorship.agreement.version}"
                yield Occurrence(mentorship, mentorship.person(side), step, london_date(since), not_before=True)


def agreement_needed(mentorship: Mentorship, person: Person, now: datetime) -> bool:
    return mentorship.is_live and waits_since(mentorship, mentorship.side_of(person) or Side.MENTEE) is not None


def agreement_item(mentorship: Mentorship, person: Person, step: str, now: datetime) -> Item:
    side = mentorship.side_of(person) or Side.MENTEE
    other = mentorship.other(side).first_name
    return Item(
        title=f"Read your agreement with {other}",
        detail=f"{other} wrote it, and it waits for your yes; about three minutes",
        url=page_of(mentorship, side) + "#agreement",
        button="Read it",
    )


remind(
    Rule(
        key="mentoring.agreement",
        title="An agreement of mentor and mentee to read",
        plan=plan_agreement,
        needed=agreement_needed,
        item=agreement_item,
        model=Mentorship,
        steps="in the next weekly email after the other wrote or changed it",
        stops="a yes, another version, or the end of the mentorship",
        expires=10,
    ),
    order=435,
)


# How it is going


def plan_review(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    for mentorship in _mentorships(scope):
        if mentorship.begun_at is None:
            continue
        for kind, on in review_dates(mentorship).items():
            for side in Side:
                yield Occurrence(mentorship, mentorship.person(side), str(kind), on, not_before=True)


def review_needed(mentorship: Mentorship, person: Person, now: datetime) -> bool:
    side, due = mentorship.side_of(person), due_review(mentorship, london_date(now))
    if side is None or due is None or not mentorship.is_live:
        return False
    return not MentorshipReview.objects.filter(mentorship=mentorship, side=side, kind=due.kind).exists()


def review_item(mentorship: Mentorship, person: Person, step: str, now: datetime) -> Item:
    side = mentorship.side_of(person) or Side.MENTEE
    return Item(
        title=f"Mentoring with {mentorship.other(side).first_name}: {heading_of(step).lower()}",
        detail="One question; the other never sees the answer",
        url=reverse("mentorship_review", args=[mentorship.pk, step]),
        button="Answer",
    )


remind(
    Rule(
        key="mentoring.review",
        title="How mentoring is going, half way and at the end",
        plan=plan_review,
        needed=review_needed,
        item=review_item,
        model=Mentorship,
        steps="half way to graduation, and three weeks before it",
        stops="an answer, or the end of the mentorship",
        expires=10,
        names={"middle": "half way", "end": "three weeks before graduation"},
    ),
    order=440,
)


# Training that ends


def plan_training(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    if scope is not None:
        return
    today = london_date(now)
    for mentor in Mentor.objects.approved().select_related("person").with_training():
        ends = mentor.training_ends(today)
        if ends is not None:
            step, on = f"ends {ends.isoformat()}", ends - TRAINING_AHEAD
            yield Occurrence(mentor, mentor.person, step, on, due=ends, not_before=True)


def training_needed(mentor: Mentor, person: Person, now: datetime) -> bool:
    ends = mentor.training_ends(london_date(now))
    is_mentor = mentor.status == Mentor.Status.APPROVED
    return is_mentor and ends is not None and ends <= london_date(now) + TRAINING_AHEAD


def training_item(mentor: Mentor, person: Person, step: str, now: datetime) -> Item:
    ends = mentor.training_ends(london_date(now))
    return Item(
        title="Your mentor training is due for a refresher",
        detail="Without it nobody new is matched with you; those you mentor now stay. We write with dates",
        url=reverse("mentor_home"),
        button="See your mentoring page",
        due=ends,
    )


remind(
    Rule(
        key="mentoring.training",
        title="Mentor training that ends",
        plan=plan_training,
        needed=training_needed,
        item=training_item,
        model=Mentor,
        steps="60 days before 24 months are over",
        stops="a refresher is recorded, or the mentor stands down",
        expires=20,
    ),
    order=450,
)


# Coaching sessions to record


def plan_record(now: datetime, scope: Cohort | None) -> Iterable[Occurrence]:
    cohorts = [scope.pk] if scope else Cohort.objects.live().values("pk")
    sessions = CoachingSession.objects.kept().filter(group__cohort__in=cohorts, group__coach__isnull=False)
    for session in sessions.select_related("group__coach__person", "group__cohort"):
        held = london_date(session.ends)
        yield Occurrence(session, session.group.coach.person, "to record", add_working_days(held, 2), due=held)


def record_needed(session: CoachingSession, person: Person, now: datetime) -> bool:
    return session.recorded_at is None and session.cancelled_at is None and session.ends <= now


def record_item(session: CoachingSession, person: Person, step: str, now: datetime) -> Item:
    return Item(
        title=f"Record who was at {str(session.group).lower()}",
        detail=f"{day(session.starts)}; only who was there is kept",
        url=reverse("coach_record", args=[session.pk]),
        button="Record session",
    )


remind(
    Rule(
        key="mentoring.coaching_record",
        title="A coaching session to record",
        plan=plan_record,
        needed=record_needed,
        item=record_item,
        model=CoachingSession,
        steps="2 working days after the session",
        stops="it is recorded or cancelled",
        expires=10,
        names={"to record": "2 working days after"},
    ),
    order=460,
)


# The digest


@coming_up(order=400, title="Mentoring: meetings, the first of them, how it is going; coaching sessions")
def dates(person: Person, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    mine = Mentorship.objects.live().visible_to(person).select_related("place__person", "mentor__person", "cohort")
    found = [
        (moment, f"Mentoring with {each.other(side).first_name}: {what[0].lower()}{what[1:]}")
        for each in mine.prefetch_related("reviews")
        for side in [each.side_of(person) or Side.MENTEE]
        for asked in [open_review(each, side, london_date(start))]
        for on, what in coming(each, side, start)
        if not asked or on != asked.due_on  # what is due to be answered already is a line of its own
        if start <= (moment := on if isinstance(on, datetime) else datetime.combine(on, CLOSE, LONDON)) < end
    ]
    groups = CoachingGroup.objects.confirmed().filter(Q(coach__person=person) | Q(members__place__person=person))
    sessions = CoachingSession.objects.kept().filter(group__in=groups, starts__gte=start, starts__lt=end)
    found += [
        (session.starts, ", ".join(filter(None, [str(session.group), session.where])))
        for session in sessions.select_related("group")
    ]
    return sorted(found)


@signature(order=400)
def signed_for_mentors_and_coaches(person: Person, now: datetime) -> Signature | None:
    """The contact of the newest cohort in which somebody mentors or coaches."""
    running = Cohort.objects.filter(
        Q(mentorships__mentor__person=person, mentorships__state__in=Mentorship.LIVE)
        | Q(coaching_groups__coach__person=person, coaching_groups__confirmed_at__isnull=False)
    )
    cohort = running.select_related("contact", "programme").order_by(F("starts_on").desc()).first()
    if cohort is None:
        return None
    contact = cohort.contact
    return Signature(
        brand=cohort.programme.name,
        name=contact.name,
        role=", ".join(filter(None, ["Programme director", contact.phone])),
        reply_to=contact.email,
        why_you=f"You mentor or coach in {cohort.in_words}.",
    )


# What a rehearsal counts besides


@dated_letters(order=400, key="matching", title="Everybody's mentor, on the day of matching")
def letters_of_matching(cohort: Cohort, now: datetime) -> Iterable[DatedLetter]:
    """To participants; whom they are matched with, and so who else hears, only matching can say."""
    for mentored in _cohorts(cohort).select_related("programme__mentoring_rules"):
        told = due_at(MentoringRules.of(mentored).matching_on(mentored))
        for place in Place.objects.active().for_cohort(mentored).select_related("person"):
            yield DatedLetter("mentoring.matched_mentee", place.person, told)
