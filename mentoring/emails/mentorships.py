"""Letters of a match, from the day both are told to its end."""

from datetime import UTC, datetime

from django.urls import reverse

from cohorts.models import Place
from leaders.components.dates import day, day_time
from leaders.outbox.registry import Block, Button, Letter, Linkable, OnUncertain, email
from leaders.people.models import Person
from mentoring.models import Mentorship, Mode, Side
from mentoring.relationship import page_of

from .writing import of_cohort, of_mentorship, sample_mentorship, sample_place

NOT_RIGHT_EITHER = "If this is not right for you either, say so on the same page: we talk before anything else happens."


@email(
    "mentoring.matched_mentee",
    title="Your mentor",
    sample=lambda: {"mentorship": sample_mentorship(), "may_decline": True},
    on_uncertain=OnUncertain.HOLD,
    order=410,
)
def matched_mentee(*, mentorship: Mentorship, may_decline: bool) -> Letter:
    person = mentorship.mentor.person
    return Letter(
        subject=f"Your mentor is {person.name}",
        opening=(
            f"Please write to {person.first_name} and meet for the first time by {day(mentorship.first_meeting_by)}.",
            mentorship.why_mentee,
        ),
        blocks=(_card(person, mentorship), _begin_block(mentorship, Side.MENTEE)),
        closing=(
            (
                "If this is not right for you, you may decline once on the same page, without giving a reason. "
                "We then look for somebody else."
            )
            if may_decline
            else NOT_RIGHT_EITHER,
        ),
        due=mentorship.first_meeting_by,
        **of_mentorship(mentorship, Side.MENTEE),
    )


@email(
    "mentoring.matched_mentor",
    title="Your mentee",
    sample=lambda: {"mentorship": sample_mentorship(), "may_decline": True},
    on_uncertain=OnUncertain.HOLD,
    order=411,
)
def matched_mentor(*, mentorship: Mentorship, may_decline: bool) -> Letter:
    person = mentorship.place.person
    return Letter(
        subject=f"You are asked to mentor {person.name}",
        opening=(
            (
                f"{person.first_name} will write to you. Please meet for the first time by "
                f"{day(mentorship.first_meeting_by)}."
            ),
            mentorship.why_mentor,
        ),
        blocks=(_card(person, mentorship), _begin_block(mentorship, Side.MENTOR)),
        closing=(
            "If this is not right for you, you may decline once on the same page, without giving a reason."
            if may_decline
            else NOT_RIGHT_EITHER,
        ),
        due=mentorship.first_meeting_by,
        **of_mentorship(mentorship, Side.MENTOR),
    )


def _card(person: Person, mentorship: Mentorship) -> Block:
    is_mentor = person is mentorship.mentor.person
    place = mentorship.place
    post, employer = (person.role_title, person.organisation) if is_mentor else (place.role_title, place.organisation)
    rows = (
        ("Who", ", ".join(filter(None, [person.name, post, str(employer or "")]))),
        ("Email", Linkable(person.email)),
    )
    return Block(heading=f"About {person.first_name}", rows=rows)


def _begin_block(mentorship: Mentorship, side: str) -> Block:
    return Block(
        heading="How to begin",
        paragraphs=(
            (
                "Agree how often you meet and what stays between you; there is a short agreement to start from. "
                "Only the date and the way you met are recorded, never what was said."
            ),
        ),
        button=Button("See the match", page_of(mentorship, side)),
    )


@email("mentoring.not_yet", title="No mentor yet", sample=lambda: {"place": sample_place()}, order=412)
def not_yet(*, place: Place) -> Letter:
    return Letter(
        subject="We have no mentor for you yet",
        opening=(
            (
                "You do not need to do anything. There were fewer mentors than people who would like one, and none of "
                "those left could be matched with you."
            ),
            (
                "You come first as soon as somebody is free. If you widen what you look for, or the ways you "
                "can meet, that may help."
            ),
        ),
        blocks=(Block(button=Button("See what you look for", reverse("my_mentor"))),),
        **of_cohort(place.cohort),
    )


@email(
    "mentoring.not_going_ahead",
    title="A match does not go ahead",
    sample=lambda: {"mentorship": sample_mentorship(), "side": Side.MENTEE},
    order=413,
)
def not_going_ahead(*, mentorship: Mentorship, side: str) -> Letter:
    following = (
        "We look for another mentor for you now; you come first, and we write as soon as we have somebody."
        if side == Side.MENTEE
        else "You are free for somebody else. We write if we have a match for you."
    )
    return Letter(
        subject=f"Your match with {mentorship.other(side).name} does not go ahead",
        opening=(
            "You do not need to do anything. This happens, nobody has to give a reason, and it says nothing about you.",
            following,
        ),
        **of_mentorship(mentorship, side),
    )


@email(
    "mentoring.ended",
    title="A mentorship has ended",
    sample=lambda: {"mentorship": sample_mentorship(), "side": Side.MENTOR, "rematch": False},
    order=414,
)
def ended(*, mentorship: Mentorship, side: str, rematch: bool) -> Letter:
    following = (
        "We look for another mentor for you now."
        if rematch
        else "From now on you have no mentor. If you would like another, say so on your mentor page."
    )
    return Letter(
        subject=f"Your mentorship with {mentorship.other(side).name} has ended",
        opening=(
            (
                "You do not need to do anything. A mentorship can end at any time, at nobody’s fault; what you told "
                "each other stays between you."
            ),
            *((following,) if side == Side.MENTEE else ()),
        ),
        closing=("If you would like to talk about it, reply to this email.",),
        **of_mentorship(mentorship, side),
    )


@email(
    "mentoring.meeting_called_off",
    title="A meeting with mentor or mentee does not take place",
    sample=lambda: {
        "mentorship": sample_mentorship(),
        "side": Side.MENTOR,
        "was": datetime(2026, 11, 2, 16, tzinfo=UTC),
    },
    order=416,
)
def meeting_called_off(*, mentorship: Mentorship, side: str, was: datetime) -> Letter:
    other = mentorship.other(side)
    return Letter(
        subject=f"You do not meet {other.name} on {day_time(was)}",
        opening=(
            f"{other.first_name} has taken the date back, and it is among your dates no more.",
            "When you two have found another, either of you writes it down.",
        ),
        blocks=(Block(button=Button("Set another date", page_of(mentorship, side))),),
        **of_mentorship(mentorship, side),
    )


@email(
    "mentoring.meeting_planned",
    title="A meeting with mentor or mentee",
    sample=lambda: {"mentorship": sample_mentorship(), "side": Side.MENTOR},
    order=415,
)
def meeting_planned(*, mentorship: Mentorship, side: str) -> Letter:
    other = mentorship.other(side)
    return Letter(
        subject=f"You meet {other.name} on {day_time(mentorship.next_at)}",
        opening=(
            (
                f"{other.first_name} has set the date of your next meeting. If it suits you, you do not need to do "
                "anything; if not, please change it on your page."
            ),
        ),
        blocks=(
            Block(
                heading="Your next meeting",
                rows=(("When", day_time(mentorship.next_at)), ("How", Mode(mentorship.next_mode).label)),
                button=Button("See or change the date", page_of(mentorship, side)),
            ),
        ),
        **of_mentorship(mentorship, side),
    )
