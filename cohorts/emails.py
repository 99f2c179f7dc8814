"""Every email about a place: plain facts about something the person holds already."""

from datetime import UTC, date, datetime, time

from django.urls import reverse

from leaders.components.dates import day
from leaders.components.text import lower_first
from leaders.outbox.consent import consent_withdrawn
from leaders.outbox.registry import Block, Button, Category, Letter, email
from leaders.people.models import Organisation, Person

from .actions import stop_in_touch
from .actions.cohorts import said_date
from .letters import signature
from .models import Cohort, Extension, Place, Programme, Quote


def _sample_cohort() -> Cohort:
    return Cohort(
        pk=0,
        programme=Programme(name="London Leadership Programme", slug="london-leadership-programme"),
        number=7,
        contact=Person(name="Rosalind Tate", email="rosalind.tate@example.org", phone="020 7946 0100"),
        starts_on=date(2026, 9, 15),
        narratives_due=date(2027, 6, 11),
        graduation_on=date(2027, 7, 15),
        graduation_from=time(14),
        graduation_until=time(17),
        ends_on=date(2027, 7, 16),
        venue="Toynbee Hall, E1",
    )


def _sample_place() -> Place:
    return Place(
        pk=0,
        cohort=_sample_cohort(),
        person=Person(name="Amara Mensah", email="amara.mensah@example.org"),
        organisation=Organisation(name="Camden"),
        sponsor=Person(name="Helen Marsh", email="helen.marsh@example.org"),
        accepted_at=datetime(2026, 7, 1, 9, tzinfo=UTC),
    )


def _sample() -> dict:
    return {"place": _sample_place()}


Moved = tuple[str, date | datetime, date | datetime]
"""A date of the cohort that moved: its name, what it was and what it is now."""

NOW_ON = {
    "nominations_open": "Nominations now open on {}",
    "nominations_close": "Nominations now close on {}",
    "statements_due": "Answers to a nomination are now due by {}",
    "assessments_due": "Scores are now due by {}",
    "decisions_due": "Everybody now hears by {}",
    "offers_expire": "Offers now end on {}",
    "onboarding_due": "The questionnaire and the learning contract are now due by {}",
    "starts_on": "The first day is now {}",
    "narratives_due": "Narratives are now due by {}",
    "graduation_on": "Graduation is now on {}",
    "ends_on": "The last day is now {}",
}


@email(
    "cohorts.dates_changed", title="A date of the cohort moved", order=200,
    sample=lambda: {
        "cohort": _sample_cohort(), "moved": (("graduation_on", date(2027, 7, 8), date(2027, 7, 15)),),
    },
)  # fmt: skip
def dates_changed(*, cohort: Cohort, moved: tuple[Moved, ...]) -> Letter:
    them = "it" if len(moved) == 1 else "them"
    return Letter(
        subject=_moved_subject(cohort, moved),
        opening=(f"Please change {them} in your diary. You do not need to reply, unless you cannot come.",),
        blocks=(
            Block(
                heading="What has moved",
                paragraphs=_moved(moved),
                button=Button("See all your dates", reverse("my_dates")),
            ),
        ),
        why_you=f"You have a place in {cohort.in_words}.",
        **signature(cohort),
    )


@email(
    "cohorts.deadline_moved", title="A date moved that somebody had been told", order=200,
    sample=lambda: {
        "cohort": _sample_cohort(), "url": "/nominate/n/sample/",
        "moved": (
            ("nominations_close", datetime(2026, 1, 2, 17, tzinfo=UTC), datetime(2026, 1, 9, 17, tzinfo=UTC)),
        ),
    },
)  # fmt: skip
def deadline_moved(*, cohort: Cohort, moved: tuple[Moved, ...], url: str = "") -> Letter:
    """To nominators, nominees and panel members: no place is theirs, so it is not in a diary of the cohort."""
    return Letter(
        subject=_moved_subject(cohort, moved),
        opening=(*_moved(moved), "Nothing else has changed, and you do not need to reply."),
        blocks=(Block(button=Button("Open your page", url)),) if url else (),
        why_you="You get this because we had told you another date.",
        **signature(cohort),
    )


def _moved_subject(cohort: Cohort, moved: tuple[Moved, ...]) -> str:
    """The new date itself, unless there are several."""
    if len(moved) > 1:
        return f"{cohort.name}: {len(moved)} dates have moved"
    name, _was, now = moved[0]
    return f"{cohort.name}: {lower_first(NOW_ON[name].format(said_date(now)))}"


def _moved(moved: tuple[Moved, ...]) -> tuple[str, ...]:
    return tuple(f"{NOW_ON[name].format(said_date(now))} (was {said_date(was)})." for name, was, now in moved)


@email("cohorts.place_left", title="A place was given up", sample=_sample, order=201)
def place_left(*, place: Place) -> Letter:
    return Letter(
        subject=f"Your place in {place.cohort.name} has ended",
        opening=(
            f"You no longer take part in {place.cohort.in_words}. You do not need to do anything.",
            (
                "What you wrote in confidence stays yours, and you can download or erase it under “Your data”. If "
                "this is a mistake, reply to this email."
            ),
        ),
        why_you=f"You had a place in {place.cohort.in_words}.",
        **signature(place.cohort),
    )


@email("cohorts.place_deferred", title="A place was deferred", sample=_sample, order=202)
def place_deferred(*, place: Place) -> Letter:
    return Letter(
        subject=f"Your place in {place.cohort.name} is deferred",
        opening=(
            (
                "You keep the right to a place in a later cohort. You do not need to do anything now: we will write to "
                "you when its dates are known."
            ),
        ),
        why_you=f"You had a place in {place.cohort.in_words}.",
        **signature(place.cohort),
    )


@email("cohorts.place_taken_up", title="A deferred place is taken up", sample=_sample, order=209)
def place_taken_up(*, place: Place) -> Letter:
    cohort = place.cohort
    return Letter(
        subject=f"You have a place in {cohort.in_words}",
        opening=(
            "The place that you deferred is yours in this cohort: you do not need to accept it.",
            f"{cohort.name} runs from {day(cohort.starts_on)} to {day(cohort.ends_on)}. Invites to its days follow.",
        ),
        blocks=(Block(button=Button("See all your dates", reverse("my_dates"))),),
        closing=("If these dates are not possible for you, reply to this email.",),
        why_you=f"You deferred a place in {cohort.programme.in_words}.",
        **signature(cohort),
    )


@email("cohorts.place_reinstated", title="Somebody is back in their cohort", sample=_sample, order=210)
def place_reinstated(*, place: Place) -> Letter:
    return Letter(
        subject=f"Welcome back to {place.cohort.name}",
        opening=(
            (
                f"You take part in {place.cohort.in_words} again, and everything you wrote is as you left it. You do "
                "not need to do anything."
            ),
        ),
        blocks=(Block(button=Button("Open your home page", reverse("my_home"))),),
        why_you=f"You have a place in {place.cohort.in_words}.",
        **signature(place.cohort),
    )


@email(
    "cohorts.date_extended", title="Somebody has longer for one date", order=203,
    sample=lambda: {
        "place": _sample_place(),
        "extension": Extension(what=Extension.What.NARRATIVE, until=date(2027, 6, 25)),
    },
)  # fmt: skip
def date_extended(*, place: Place, extension: Extension) -> Letter:
    return Letter(
        subject=f"You have until {day(extension.until)}",
        opening=(f"{extension.get_what_display()}: your date is now {day(extension.until)}. Nothing else changes.",),
        why_you=f"You have a place in {place.cohort.in_words}.",
        due=extension.until,
        **signature(place.cohort),
    )


@email("cohorts.sponsor_named", title="Somebody became a sponsor", sample=_sample, order=204)
def sponsor_named(*, place: Place) -> Letter:
    return Letter(
        subject=f"You are now the sponsor of {place.person.name}",
        opening=(
            (
                f"{place.person.name} takes part in {place.cohort.in_words}, and you are recorded as the sponsor. You "
                "do not need to do anything today."
            ),
            (
                "A sponsor makes room for the programme at work: agrees the learning contract, helps when the "
                "systems challenge meets a closed door, meets twice during the year to hear what is being tried, and "
                f"comes to graduation on {day(place.cohort.graduation_on)}."
            ),
            "You will get a private link when there is something to read or sign. You need no account.",
        ),
        closing=("If you are not the right person, please reply to this email.",),
        why_you=f"The programme office recorded you as the sponsor of {place.person.name}.",
        **signature(place.cohort),
    )


@email("cohorts.graduated", title="Graduation, with the certificate", sample=_sample, order=205)
def graduated(*, place: Place) -> Letter:
    return Letter(
        subject=f"You have graduated from {place.cohort.programme.in_words}",
        opening=(
            (
                f"Congratulations: you have graduated from {place.cohort.in_words}. Thank you for what you gave the "
                "cohort."
            ),
            "Your certificate is on your graduation page, ready to keep. You do not need to do anything.",
        ),
        blocks=(
            Block(
                heading="The alumni network",
                paragraphs=(
                    (
                        "You belong to it now. Say on the same page whether you would like to hear from it; "
                        "we write only to those who do."
                    ),
                ),
                button=Button("Open your certificate", reverse("my_graduation")),
            ),
        ),
        why_you=f"You took part in {place.cohort.in_words}.",
        **signature(place.cohort),
    )


@email(
    "cohorts.quote_asked", title="May we quote you?", order=206,
    sample=lambda: {"quote": Quote(place=_sample_place(), words="It changed whom I ring when something is stuck.")},
)  # fmt: skip
def quote_asked(*, quote: Quote) -> Letter:
    cohort = quote.place.cohort
    return Letter(
        subject=f"May we quote you in the case study of {cohort.name}?",
        opening=(
            "This takes a minute, and no is a good answer. Without your agreement nothing is published.",
            f"“{quote.words}”",
        ),
        blocks=(
            Block(
                paragraphs=("You choose how you are shown, and you can take it back at any time.",),
                button=Button("Agree or say no", reverse("my_narrative")),
            ),
        ),
        why_you=f"You took part in {cohort.in_words}.",
        **signature(cohort),
    )


@email("cohorts.narrative_overdue", title="A narrative that is late", sample=_sample, order=207)
def narrative_overdue(*, place: Place) -> Letter:
    cohort = place.cohort
    return Letter(
        subject="Your narrative was due; you can still send it",
        opening=(
            (
                f"Your narrative was due on {day(place.due_on('narratives_due'))}, and it is one of the things that "
                f"graduation on {day(cohort.graduation_on)} asks for. A few sentences in each of the three parts are "
                "enough."
            ),
            "If you need more time, reply to this email and say until when.",
        ),
        blocks=(Block(button=Button("Open your narrative", reverse("my_narrative"))),),
        why_you=f"You have a place in {cohort.in_words}.",
        **signature(cohort),
    )


# The law calls this promotional (Privacy and Electronic Communications Regulations): only to those who agreed.
@email(
    "cohorts.pulse", title="How things are, after graduation", order=208, category=Category.PROMOTIONAL,
    sample=lambda: {"place": _sample_place(), "months": 6},
)  # fmt: skip
def pulse(*, place: Place, months: int) -> Letter:
    return Letter(
        subject=f"{months} months on: how is it going?",
        opening=("Three questions, about two minutes. If you would rather not, you do not need to do anything.",),
        blocks=(Block(button=Button("Answer", reverse("my_pulse", args=[months]))),),
        why_you=f"You took part in {place.cohort.in_words} and agreed to hear from the alumni network.",
        **signature(place.cohort),
    )


@consent_withdrawn(order=200, title="Nobody who stops promotional mail stays in touch with the alumni network")
def out_of_touch(address: str, now: datetime, by: Person | str | None) -> None:
    for place in Place.objects.filter(person__email__iexact=address, in_touch_since__isnull=False):
        stop_in_touch(place=place, by=by, now=now)
