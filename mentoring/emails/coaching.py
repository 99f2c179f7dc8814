"""Letters about coaching groups and their dates."""

from datetime import UTC, datetime

from django.urls import reverse

from leaders.components.dates import day, time_range
from leaders.outbox.registry import Block, Button, Letter, email
from mentoring.models import CoachingGroup, CoachingSession

from .writing import of_cohort, sample_group, sample_session


@email(
    "mentoring.coaching_group",
    title="Your coaching group",
    sample=lambda: {"group": sample_group(), "people": ("Amara Mensah", "Ben Osei", "Carla Reid", "Dan Khan")},
    order=430,
)
def coaching_group(*, group: CoachingGroup, people: tuple[str, ...]) -> Letter:
    return Letter(
        subject=f"You are in {str(group).lower()}, with {group.coach}",
        opening=("You do not need to do anything now. Your coach sets the first date, and the invite comes by email.",),
        blocks=(
            Block(
                heading="Who is in it",
                paragraphs=(
                    ", ".join(people),
                    "What is said in the group stays in the group. Nothing is written down.",
                ),
                button=Button("See your group", reverse("my_coaching")),
            ),
        ),
        **of_cohort(group.cohort),
    )


@email(
    "mentoring.coaching_coach",
    title="The group you coach",
    sample=lambda: {"group": sample_group(), "people": ("Amara Mensah", "Ben Osei", "Carla Reid", "Dan Khan")},
    order=431,
)
def coaching_coach(*, group: CoachingGroup, people: tuple[str, ...]) -> Letter:
    return Letter(
        subject=f"You coach {str(group).lower()} of {group.cohort.name}",
        opening=("Please set the first date on your coaching page. Everybody in the group is then invited.",),
        blocks=(
            Block(
                heading="Who is in it",
                paragraphs=(", ".join(people),),
                button=Button("Set the first date", reverse("coach_home")),
            ),
        ),
        **of_cohort(group.cohort, f"You coach a group in {group.cohort.name}."),
    )


@email(
    "mentoring.coaching_session",
    title="A session of a coaching group",
    sample=lambda: {"session": sample_session(), "is_coach": False},
    order=432,
)
def coaching_session(*, session: CoachingSession, is_coach: bool) -> Letter:
    return Letter(
        subject=f"{session.group} meets on {day(session.starts)}",
        opening=("Please open the attached invite, and the date is in your calendar. There is no need to reply.",),
        blocks=(_session_block(session, is_coach),),
        **of_cohort(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


@email(
    "mentoring.coaching_changed",
    title="A session of a coaching group has moved",
    sample=lambda: {
        "session": sample_session(),
        "was": (datetime(2026, 11, 3, 14, tzinfo=UTC), datetime(2026, 11, 3, 15, 30, tzinfo=UTC), "Toynbee Hall"),
        "is_coach": False,
    },
    order=434,
)
def coaching_changed(*, session: CoachingSession, was: tuple[datetime, datetime, str], is_coach: bool) -> Letter:
    starts, ends, where = was
    return Letter(
        subject=f"Changed: {session.group} meets on {day(session.starts)}",
        opening=(
            "Please open the attached invite, and the entry in your calendar changes. There is no need to reply.",
            f"It was to be on {day(starts)}, {time_range(starts, ends)}{f', {where}' if where else ''}.",
        ),
        blocks=(_session_block(session, is_coach),),
        **of_cohort(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


@email(
    "mentoring.coaching_cancelled",
    title="A session of a coaching group does not take place",
    sample=lambda: {"session": sample_session(), "is_coach": False},
    order=433,
)
def coaching_cancelled(*, session: CoachingSession, is_coach: bool) -> Letter:
    return Letter(
        subject=f"Cancelled: {session.group} on {day(session.starts)}",
        opening=("You do not need to do anything: the attached notice takes the entry out of your calendar.",),
        blocks=(Block(heading="What was planned", rows=_when(session)),),
        **of_cohort(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


def _session_block(session: CoachingSession, is_coach: bool) -> Block:
    page = reverse("coach_home") if is_coach else reverse("my_coaching")
    return Block(heading=str(session.group), rows=_when(session), button=Button("See your group", page))


def _when(session: CoachingSession) -> tuple[tuple[str, str], ...]:
    return (
        ("When", f"{day(session.starts)}, {time_range(session.starts, session.ends)}"),
        ("Where", session.where or "Your coach will say"),
    )
