"""A mentorship as one of the two sees it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from leaders.components.dates import london_date
from leaders.people.models import Person
from leaders.reminders.models import NoDigest
from leaders.reminders.working_days import working_day_on_or_before
from modules.learning import SharedLearning, shared_learning

from .actions.mentorships import has_declined
from .models import (
    Agreement,
    Conflict,
    Meeting,
    MenteeProfile,
    Mentorship,
    MentorshipReview,
    Mode,
    Preference,
    PrivateNote,
    Side,
)
from .models import MentorshipReview as Review
from .wording import ORDINALS

NOTES_READERS = "only you. Nobody else can open these notes, not even the programme office."
AGREEMENT_READERS = "the two of you. The programme office sees only whether you have both agreed."
RECORD_READERS = (
    "the two of you and the programme office, date and way of meeting only. Where you meet only you two read, and what "
    "you said is kept nowhere."
)
END_BEFORE = timedelta(days=21)  # before graduation: from then on the last question is asked


ASKED_AFTER = timedelta(days=14)  # so long after an early ending the last question stays open


@dataclass(frozen=True)
class Asked:
    """A question about how it is going, open to one side."""

    kind: str
    due_on: date


@dataclass(frozen=True)
class Over:
    """A mentorship that has ended, as one of the two still has it: their notes, and the last question while it is
    asked."""

    mentorship: Mentorship
    other: Person
    notes: int
    asked: Asked | None


def relationship(mentorship: Mentorship, side: str, now: datetime) -> dict:
    """Everything on the page of one side. What the other keeps for themselves is never read."""
    prefetch_related_objects([mentorship], "meetings", "reviews")
    person = mentorship.person(side)
    meetings = list(mentorship.meetings.all())
    other = mentorship.other(side)
    is_mentor = side == Side.MENTOR
    return {
        "mentorship": mentorship,
        "side": side,
        "is_mentor": is_mentor,
        "other": other,
        "other_names": [other.name],
        "other_post": mentorship.place.role_title if is_mentor else other.role_title,
        "other_organisation": mentorship.place.organisation if is_mentor else other.organisation,
        "mentor": mentorship.mentor,
        "why": mentorship.why(side),
        "named": "" if is_mentor else named(mentorship),
        "agreement": agreement_of(mentorship),
        "have_agreed": agreement_of(mentorship).agreed_by(side),
        "other_agreed": agreement_of(mentorship).agreed_by(Side.opposite(side)),
        "hears": hears_of_it(other),
        "meetings": meetings,
        "notes": list(PrivateNote.objects.filter(mentorship=mentorship, person=person)),
        "asked": open_review(mentorship, side, london_date(now)),
        "answered": next(
            (each for each in reversed(mentorship.reviews.all()) if each.side == side and each.is_asked), None
        ),
        "coming": coming(mentorship, side, now),
        "has_declined": mentorship.is_proposed and has_declined(mentorship, side),
        "talk": wish_to_talk(mentorship, side),
        "conflicts": [] if is_mentor else my_conflicts(person),
        "told_by_mentee": what_mentee_tells(mentorship) if is_mentor else None,
        "shared": what_mentee_shares(mentorship) if is_mentor else None,
        "shared_title": f"What {other.first_name} shares with you",
        "rated_heading": f"How {other.first_name} rated themselves",
        "record_readers": RECORD_READERS,
        "notes_readers": NOTES_READERS,
        "now": now,
    }


def named(mentorship: Mentorship) -> str:
    """How the mentee named this mentor: first, second. For the mentee alone."""
    chosen = Preference.objects.filter(profile__place=mentorship.place_id, mentor=mentorship.mentor_id)
    rank = chosen.values_list("rank", flat=True).first()
    return ORDINALS[rank] if rank else ""


def agreement_of(mentorship: Mentorship) -> Agreement:
    return mentorship.agreement if hasattr(mentorship, "agreement") else Agreement(mentorship=mentorship)


def waits_since(mentorship: Mentorship, side: str) -> datetime | None:
    """Since when an agreement that the other wrote waits for this side's yes; None when it does not."""
    agreement = agreement_of(mentorship)
    if agreement.version == 1 or agreement.agreed_by(side):
        return None
    return getattr(agreement, f"{Side.opposite(side)}_agreed_at")


def hears_of_it(other: Person) -> str:
    """When the other learns that an agreement waits for them, as the end of a sentence."""
    if NoDigest.objects.filter(person=other).exists():
        return "tell them that it is there"
    return f"they read of it in their weekly email, on {other.get_digest_day_display()}"


def what_mentee_tells(mentorship: Mentorship) -> dict:
    """What a mentee wrote for their mentor: what they hope for and work on."""
    profile = MenteeProfile.objects.filter(place=mentorship.place_id).first()
    return {"looking_for": profile.looking_for if profile else "", "goals": profile.goals if profile else ""}


def what_mentee_shares(mentorship: Mentorship) -> SharedLearning:
    """The plan and the results that a mentee lets this mentor read, for as long as they do and have each other."""
    return shared_learning(mentorship.place, "mentor", mentorship.mentor.person)


def review_dates(mentorship: Mentorship) -> dict[str, date]:
    """The working days on which each question is asked: half way, and three weeks before graduation.

    Who is matched so late that half way is no earlier is asked the last one only.
    """
    middle = working_day_on_or_before(mentorship.half_way)
    end = working_day_on_or_before(mentorship.cohort.graduation_on - END_BEFORE)
    return {Review.Kind.MIDDLE: middle, Review.Kind.END: end} if middle < end else {Review.Kind.END: end}


def wish_to_talk(mentorship: Mentorship, side: str) -> MentorshipReview | None:
    """This side's wish to talk about the match, until the office has."""
    waiting = (each for each in mentorship.reviews.all() if each.wants_to_talk and each.talked_at is None)
    return next((each for each in waiting if each.side == side and each.kind == Review.Kind.MATCH), None)


def coming(mentorship: Mentorship, side: str, now: datetime) -> list[tuple[date | datetime, str]]:
    """What comes next for one side: (day or moment, what it is), in order."""
    if not mentorship.is_live:
        return []
    today, answered = london_date(now), {each.kind for each in mentorship.reviews.all() if each.side == side}
    found: list[tuple[date | datetime, str]] = []
    if mentorship.next_at and mentorship.next_at >= now:
        # Read out in the weekly email too, a copy of which the office has: so not where.
        found.append((mentorship.next_at, f"You meet {Mode(mentorship.next_mode).label.lower()}"))
    elif mentorship.is_proposed and mentorship.first_meeting_by >= today:
        found.append((mentorship.first_meeting_by, "The last day for a first meeting"))
    for kind, on in review_dates(mentorship).items():
        if on >= today and kind not in answered:
            found.append((on, f"One question: {heading_of(kind).lower()}"))
    return sorted(found, key=lambda each: london_date(each[0]))


def due_review(mentorship: Mentorship, today: date) -> Asked | None:
    """The newest question that is due, whoever has answered it; after an early ending the last one, for two weeks."""
    if mentorship.begun_at is None:
        return None
    if mentorship.ended_at:
        ended = london_date(mentorship.ended_at)
        asks = mentorship.ending in Review.ASKED_AFTER and today <= ended + ASKED_AFTER
        return Asked(Review.Kind.END, ended) if asks else None
    due = [Asked(kind, day) for kind, day in review_dates(mentorship).items() if day <= today]
    return due[-1] if due else None


def open_review(mentorship: Mentorship, side: str, today: date) -> Asked | None:
    """The question that is due and not answered by this side."""
    asked = due_review(mentorship, today)
    answered = {review.kind for review in mentorship.reviews.all() if review.side == side}
    return asked if asked and asked.kind not in answered else None


def looking_back(mentorships: QuerySet[Mentorship], side: str, person: Person, now: datetime) -> list[Over]:
    """Those of somebody's mentorships that are over, the newest first."""
    kept = Count("notes", filter=Q(notes__person=person))
    over = mentorships.filter(state=Mentorship.State.ENDED).with_people().annotate(kept=kept)
    return [
        Over(each, each.other(side), each.kept, open_review(each, side, london_date(now)))
        for each in over.prefetch_related("reviews").order_by("-ended_at")
    ]


def my_conflicts(person: Person) -> list[Conflict]:
    """What somebody declared and has not taken back, for themselves."""
    return list(Conflict.objects.standing().filter(declared_by=person).select_related("person", "organisation"))


def last_seen(mentorship: Mentorship, meetings: list[Meeting] | None = None) -> date:
    """The day from which silence is counted: the last meeting, or the day both were told."""
    days = [meeting.on for meeting in (mentorship.meetings.all() if meetings is None else meetings)]
    return max([*days, london_date(mentorship.told_at)])


def page_of(mentorship: Mentorship, side: str) -> str:
    """Where one side looks after the mentorship."""
    return reverse("mentor_mentee", args=[mentorship.pk]) if side == Side.MENTOR else reverse("my_mentor")


def heading_of(kind: str) -> str:
    return "How is it going, half way?" if kind == MentorshipReview.Kind.MIDDLE else "How did it go?"
