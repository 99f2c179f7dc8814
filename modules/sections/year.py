"""The year on the home: the river, what to prepare and to tell, the dates, the team."""

from itertools import pairwise

from django.urls import reverse

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.charts import Crossing, river
from leaders.components.dates import london_date
from leaders.components.text import sentence, upper_first
from leaders.home.registry import Card, Entry, Page, Todo, agenda, card, lead, page, section, todo
from modules.calendar_files import summary
from modules.models import Team
from modules.year import FEEDBACK_WITHIN, MyModule, my_year

COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def has_year(person, now) -> bool:
    return current_place(person, now) is not None


page(Page("Modules", "my_modules", shown=has_year), order=10, module=__name__)
page(Page("My people", "my_people", shown=has_year), order=30, module=__name__)


@section(order=20, template="modules/sections/river.html", key="year", title="The year as a river")
def the_year(person, now):
    """The modules as crossings, from the day the place is accepted to graduation."""
    year = my_year(person, now)
    if year is None or year.place.status != Place.Status.ACTIVE:
        return None
    dated = year.dated
    if not dated or any(london_date(a.ends) > london_date(b.starts) for a, b in pairwise(dated)):
        return None
    following = year.next(now)
    crossings = [_crossing(mine, following, now) for mine in dated]
    cohort = year.place.cohort
    return {
        "title": _heading(sum(mine.is_over(now) for mine in dated), len(dated)),
        "river": river(crossings, today=london_date(now), begins=cohort.starts_on, ends=cohort.ends_on),
    }


def _heading(crossed: int, modules: int) -> str:
    if crossed == 0:
        return "Your year"
    if crossed == modules:
        return "Your year: all the way across"
    return "Your year: half way across" if 2 * crossed == modules else f"Your year: {crossed} of {modules} crossed"


def _crossing(mine: MyModule, following: MyModule | None, now) -> Crossing:
    standing = mine.standing(following, now)
    return Crossing(
        number=mine.module.number,
        name=mine.module.title,
        starts=london_date(mine.starts),
        ends=london_date(mine.ends),
        state=standing.state,
        url=mine.module.get_absolute_url(),
        note=standing.tag,
        note_kind=standing.kind,
    )


@lead(order=310, key="between_modules", title="Between which modules today lies")
def between_modules(person, now):
    year = my_year(person, now)
    if year is None or year.place.status != Place.Status.ACTIVE:
        return None
    over = [mine for mine in year.dated if mine.is_over(now)]
    following = year.next(now)
    if following and following.starts <= now:
        return f"Module {following.module.number} is under way."
    if over and following:
        return f"Between modules {over[-1].module.number} and {following.module.number}."
    return None


@todo(order=300, title="Reading before the next module")
def reading(person, now):
    """One line per module: what is to be read for the next, and what was read for those before."""
    year = my_year(person, now)
    if year is None:
        return []
    following = year.next(now)
    return [_prepare(mine) for mine in year.dated if mine.reading and (mine is following or not mine.unread)]


def _prepare(mine: MyModule) -> Todo:
    left = mine.unread
    papers = len(left) or len(mine.reading)
    return Todo(
        title=f"Prepare for module {mine.module.number}",
        why=f"{upper_first(COUNTS.get(papers, str(papers)))} {'thing' if papers == 1 else 'things'} to read.",
        url=f"{mine.module.get_absolute_url()}#reading",
        due=min((material.due_on for material in left), default=None),
        minutes=sum(material.minutes for material in left) or None,
        button="See the reading",
        done=not left,
        done_on=max(map(london_date, mine.read.values()), default=None),
    )


@todo(order=310, title="Feedback after a module")
def feedback(person, now):
    """For two months after a module they came to; after two weeks it is never late, only still welcome."""
    year = my_year(person, now)
    if year is None:
        return []
    today = london_date(now)
    return [
        Todo(
            title=f"Tell us how module {mine.module.number} went",
            why="Four questions.",
            url=reverse("my_feedback", args=[mine.module.number]),
            due=by if (by := london_date(mine.ends + FEEDBACK_WITHIN)) >= today else None,
            minutes=2,
            button="Answer",
            done=mine.feedback_at is not None,
            done_on=london_date(mine.feedback_at) if mine.feedback_at else None,
        )
        for mine in year.dated
        if mine.feedback_at or (mine.takes_feedback(now) and _was_there(mine))
    ]


def _was_there(mine: MyModule) -> bool:
    """Also while the register has not been written down."""
    return not mine.is_recorded or mine.attended > 0


@todo(order=320, title="Catching up on what was missed")
def catching_up(person, now):
    """Until graduation; what was done stays."""
    year = my_year(person, now)
    if year is None:
        return []
    return [
        Todo(
            title=f"Catch up on module {mine.module.number}",
            why=sentence(seen.catch_up.task),
            url=reverse("my_catch_up", args=[seen.catch_up.pk]),
            due=seen.catch_up.due_on,
            minutes=seen.catch_up.minutes,
            button="See the task",
            done=seen.catch_up.done_at is not None,
            done_on=london_date(seen.catch_up.done_at) if seen.catch_up.done_at else None,
        )
        for mine in year.dated
        for seen in mine.missed
        if hasattr(seen, "catch_up") and (seen.catch_up.done_at or mine.takes_part)
    ]


@todo(order=330, title="Choosing a systems challenge")
def choosing(person, now):
    """From the day there are challenges until the teams are formed."""
    place = current_place(person, now)
    if place is None or place.status != Place.Status.ACTIVE or my_team_of(place):
        return []
    challenges = place.cohort.challenges.count()
    if not challenges:
        return []
    chosen = place.challenge_choices.order_by("rank").first()
    return [
        Todo(
            title="Choose the challenges you would like to work on",
            why=f"{challenges} questions about London; name up to three.",
            url=reverse("my_choices"),
            minutes=5,
            button="See the challenges",
            done=chosen is not None,
            done_on=london_date(chosen.chosen_at) if chosen else None,
        )
    ]


@agenda(order=300, title="Module days and development sessions")
def sessions(person, now):
    year = my_year(person, now)
    if year is None:
        return []
    days = [(day, f"{day}: {mine.module.title}") for mine in year.dated for day in mine.days]
    return [
        Entry(
            uid=str(day.uid),
            title=title,
            starts=day.starts,
            ends=day.ends,
            place=day.where,
            url=day.get_absolute_url(),
            sequence=day.sequence,
            summary=summary(day),
        )
        for day, title in [*days, *((day, day.title) for day in year.development)]
    ]


@card(order=41, key="team", title="The systems challenge team")
def team(person, now):
    place = current_place(person, now)
    mine = my_team_of(place) if place else None
    if mine is None:
        return None
    members = list(mine.members.filter(place__status__in=["active", "graduated"]).select_related("place__person"))
    return Card(
        heading="Systems challenge team",
        names=[member.place.person.name for member in members],
        title=str(mine),
        lines=[mine.challenge.title] if mine.challenge else [],
        url=reverse("my_team"),
        link="Team page and log",
    )


def my_team_of(place: Place) -> Team | None:
    """The confirmed team of a place, kept on it so that one request reads it once."""
    if "_team" not in place.__dict__:
        place._team = Team.objects.confirmed().filter(members__place=place).select_related("challenge").first()
    return place._team
