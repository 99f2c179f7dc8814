"""Mail about mentoring and coaching. Nothing here says what one of two people told us in confidence."""

from datetime import UTC, date, datetime

from django.urls import reverse

from cohorts.models import Cohort, Place, Programme
from leaders.components.dates import day, day_time, time_range
from leaders.outbox.registry import Block, Button, Letter, Linkable, OnUncertain, email
from leaders.people.models import Organisation, Person

from .models import CoachingGroup, CoachingSession, Mentor, Mentorship, Mode, ServiceRecord, Side
from .relationship import page_of

# Samples for the previews


def _sample_cohort() -> Cohort:
    return Cohort(
        number=7,
        programme=Programme(name="London Leadership Programme", slug="london-leadership"),
        contact=_sample_director(),
        starts_on=date(2026, 9, 15),
        graduation_on=date(2027, 7, 15),
        ends_on=date(2027, 7, 16),
    )


def _sample_director() -> Person:
    return Person(
        name="Rosalind Tate", email="rosalind.tate@example.org", phone="020 7946 0100", role_title="Programme director"
    )


def _sample_mentor() -> Mentor:
    person = Person(
        name="Joanne Whitfield", email="joanne.whitfield@example.org", role_title="Director of Housing",
        organisation=Organisation(name="Hackney"),
    )  # fmt: skip
    return Mentor(person=person, offer="Fifteen years in housing. I ask where the resident is in the sentence.")


def _sample_place() -> Place:
    return Place(
        person=Person(name="Amara Mensah", email="amara.mensah@example.org"), cohort=_sample_cohort(),
        organisation=Organisation(name="Camden"), role_title="Assistant Director",
    )  # fmt: skip


def _sample_mentorship() -> Mentorship:
    place = _sample_place()
    return Mentorship(
        pk=1, cohort=place.cohort, place=place, mentor=_sample_mentor(), told_at=datetime(2026, 10, 13, 9, tzinfo=UTC),
        first_meeting_by=date(2026, 11, 10),
        why_mentee="You look for somebody who knows about housing and the step to director. Joanne does.",
        why_mentor="Amara looks for somebody who knows about housing and the step to director, and you offered it.",
        next_at=datetime(2026, 11, 2, 16, tzinfo=UTC), next_mode=Mode.VIDEO,
    )  # fmt: skip


def _sample_group() -> CoachingGroup:
    return CoachingGroup(pk=1, cohort=_sample_cohort(), number=3, coach=_sample_coach())


def _sample_coach():
    from .models import Coach

    return Coach(person=Person(name="Miriam Adeyemi", email="miriam.adeyemi@example.org"), about="Coached in the NHS.")


def _sample_session() -> CoachingSession:
    return CoachingSession(
        pk=1, group=_sample_group(), starts=datetime(2026, 11, 5, 14, tzinfo=UTC),
        ends=datetime(2026, 11, 5, 15, 30, tzinfo=UTC), where="Toynbee Hall, E1 6LS",
    )  # fmt: skip


# Who signs


def _from(cohort: Cohort, why_you: str = "") -> dict:
    contact = cohort.contact
    return {
        "brand": cohort.programme.name,
        "signed_by": contact.name,
        "signed_role": ", ".join(filter(None, ["Programme director", contact.phone])),
        "reply_to": contact.email,
        "why_you": why_you or f"You take part in {cohort.in_words}.",
    }


def _from_office(by: Person) -> dict:
    """Signed by whoever in the office did it: mentors belong to no cohort."""
    return {
        "signed_by": by.name,
        "signed_role": ", ".join(filter(None, [by.role_title or "Programme office", by.phone])),
        "reply_to": by.email,
        "why_you": "You took part in one of our programmes, or were recommended by somebody who did.",
    }


def _for(mentorship: Mentorship, side: str) -> dict:
    cohort = mentorship.cohort
    mentors = f"You mentor somebody in {cohort.in_words}."
    return _from(cohort, mentors if side == Side.MENTOR else "")


# Mentors


@email(
    "mentoring.mentor_invited",
    title="Would you mentor somebody?",
    sample=lambda: {"mentor": _sample_mentor(), "by": _sample_director()},
    order=400,
)
def mentor_invited(*, mentor: Mentor, by: Person) -> Letter:
    return Letter(
        subject="Would you mentor somebody on the programme?",
        opening=(
            (
                "Please tell us whether you would like to mentor somebody this year. No answer is an answer too: "
                "we ask once."
            ),
            (
                "It takes about an hour a month for ten months. There is a day of training; you say what "
                "you can offer, how many people you take and when you rest."
            ),
        ),
        blocks=(Block(button=Button("See what it asks, and answer", reverse("mentor_home"))),),
        **_from_office(by),
    )


@email(
    "mentoring.mentor_approved",
    title="You are a mentor",
    sample=lambda: {"mentor": _sample_mentor(), "by": _sample_director(), "is_trained": False},
    order=401,
)
def mentor_approved(*, mentor: Mentor, by: Person, is_trained: bool) -> Letter:
    following = (
        "Your training is on record, so you can be matched: we write once we have somebody for you."
        if is_trained
        else "Before you are matched there is a day of training, and we write with its dates."
    )
    return Letter(
        subject="You are among the programme’s mentors",
        opening=("Thank you: you are now one of our mentors.", f"{following} You do not need to do anything now."),
        blocks=(Block(button=Button("See what you offer", reverse("mentor_home"))),),
        **_from_office(by),
    )


@email(
    "mentoring.thanks",
    title="Thanks and a certificate of service",
    sample=lambda: {
        "service": ServiceRecord(
            pk=1, cohort=_sample_cohort(), mentor=_sample_mentor(), name="Joanne Whitfield", mentees=2, meetings=13
        )
    },
    order=402,
)
def thanks(*, service: ServiceRecord) -> Letter:
    people = "one person" if service.mentees == 1 else f"{service.mentees} people"
    times = {1: "once", 2: "twice"}.get(service.meetings, f"{service.meetings} times")
    met = f", and met them {times}" if service.meetings else ""
    return Letter(
        subject=f"Thank you for mentoring in {service.cohort.name}",
        opening=(
            f"Thank you for the time that you gave. You mentored {people} in {service.cohort.in_words}{met}.",
            "Your certificate of service is on your mentoring page, ready to keep. You do not need to do anything.",
        ),
        blocks=(Block(button=Button("See your certificate", reverse("mentor_home"))),),
        **_from(service.cohort, f"You mentored in {service.cohort.name}."),
    )


# The match

NOT_RIGHT_EITHER = "If this is not right for you either, say so on the same page: we talk before anything else happens."


@email(
    "mentoring.matched_mentee",
    title="Your mentor",
    sample=lambda: {"mentorship": _sample_mentorship(), "may_decline": True},
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
        **_for(mentorship, Side.MENTEE),
    )


@email(
    "mentoring.matched_mentor",
    title="Your mentee",
    sample=lambda: {"mentorship": _sample_mentorship(), "may_decline": True},
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
        **_for(mentorship, Side.MENTOR),
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


@email("mentoring.not_yet", title="No mentor yet", sample=lambda: {"place": _sample_place()}, order=412)
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
        **_from(place.cohort),
    )


@email(
    "mentoring.not_going_ahead",
    title="A match does not go ahead",
    sample=lambda: {"mentorship": _sample_mentorship(), "side": Side.MENTEE},
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
        **_for(mentorship, side),
    )


@email(
    "mentoring.ended",
    title="A mentorship has ended",
    sample=lambda: {"mentorship": _sample_mentorship(), "side": Side.MENTOR, "rematch": False},
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
        **_for(mentorship, side),
    )


@email(
    "mentoring.meeting_called_off",
    title="A meeting with mentor or mentee does not take place",
    sample=lambda: {
        "mentorship": _sample_mentorship(),
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
        **_for(mentorship, side),
    )


@email(
    "mentoring.meeting_planned",
    title="A meeting with mentor or mentee",
    sample=lambda: {"mentorship": _sample_mentorship(), "side": Side.MENTOR},
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
        **_for(mentorship, side),
    )


# Coaching groups


@email(
    "mentoring.coaching_group",
    title="Your coaching group",
    sample=lambda: {"group": _sample_group(), "people": ("Amara Mensah", "Ben Osei", "Carla Reid", "Dan Khan")},
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
        **_from(group.cohort),
    )


@email(
    "mentoring.coaching_coach",
    title="The group you coach",
    sample=lambda: {"group": _sample_group(), "people": ("Amara Mensah", "Ben Osei", "Carla Reid", "Dan Khan")},
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
        **_from(group.cohort, f"You coach a group in {group.cohort.name}."),
    )


@email(
    "mentoring.coaching_session",
    title="A session of a coaching group",
    sample=lambda: {"session": _sample_session(), "is_coach": False},
    order=432,
)
def coaching_session(*, session: CoachingSession, is_coach: bool) -> Letter:
    return Letter(
        subject=f"{session.group} meets on {day(session.starts)}",
        opening=("Please open the attached invite, and the date is in your calendar. There is no need to reply.",),
        blocks=(_session_block(session, is_coach),),
        **_from(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


@email(
    "mentoring.coaching_changed",
    title="A session of a coaching group has moved",
    sample=lambda: {
        "session": _sample_session(),
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
        **_from(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


@email(
    "mentoring.coaching_cancelled",
    title="A session of a coaching group does not take place",
    sample=lambda: {"session": _sample_session(), "is_coach": False},
    order=433,
)
def coaching_cancelled(*, session: CoachingSession, is_coach: bool) -> Letter:
    return Letter(
        subject=f"Cancelled: {session.group} on {day(session.starts)}",
        opening=("You do not need to do anything: the attached notice takes the entry out of your calendar.",),
        blocks=(Block(heading="What was planned", rows=_when(session)),),
        **_from(session.group.cohort, f"You are in {session.group}, {session.group.cohort.name}."),
    )


def _session_block(session: CoachingSession, is_coach: bool) -> Block:
    page = reverse("coach_home") if is_coach else reverse("my_coaching")
    return Block(heading=str(session.group), rows=_when(session), button=Button("See your group", page))


def _when(session: CoachingSession) -> tuple[tuple[str, str], ...]:
    return (
        ("When", f"{day(session.starts)}, {time_range(session.starts, session.ends)}"),
        ("Where", session.where or "Your coach will say"),
    )
