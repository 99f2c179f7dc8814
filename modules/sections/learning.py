"""Learning on the home: the questionnaire and its picture, the plan's goals, the contract."""

from dataclasses import replace
from datetime import timedelta

from django.urls import reverse

from cohorts.models import Place
from cohorts.places import current_place
from leaders.components.dates import day_month, london_date
from leaders.home.registry import Page, Todo, page, section, todo
from modules.learning import Asked, Results, asked_of, contract_of
from modules.models import Goal, LearningContract, Wave

from .year import has_year

CONTRACT_ASKED_FOR = timedelta(weeks=4)  # before it is due
PLAN_WITHIN = timedelta(weeks=4)  # of the cohort's start
REVIEW_AFTER = timedelta(days=60)
LATER_ASKED_FOR = timedelta(days=60)  # after the last wave was due, and a graduate after any
STATEMENTS = "{} statements; only you see your answers."

page(Page("My learning", "my_learning", shown=has_year), order=20, module=__name__)


@section(order=30, template="modules/sections/leadership.html", key="leadership", title="How you see your leadership")
def leadership(person, now):
    """The dot plot in its table, one plain sentence, and who can see it."""
    place = current_place(person, now)
    results = Results(asked_of(place)) if place else None
    if not results:
        return None
    still = ""
    if results.last:
        aims = set(Goal.objects.live().filter(plan__place=place).values_list("dimension", flat=True))
        still = results.hardly_changed(aims)
    return {"results": results, "still": still}


@todo(order=340, title="The questionnaire")
def questionnaires(person, now):
    place = current_place(person, now)
    if place is None:
        return []
    today = london_date(now)
    return [_answer(asked) for asked in asked_of(place) if asked.is_done or _is_asked_for(asked, place, today)]


def _is_asked_for(asked: Asked, place: Place, today) -> bool:
    lasts = place.is_active and asked.wave.kind != Wave.Kind.LATER
    return asked.is_open(today) and (lasts or today <= asked.due_on + LATER_ASKED_FOR)


def _answer(asked: Asked) -> Todo:
    count = len(asked.wave.instrument.items)
    begun = asked.response is not None and not asked.is_done
    return Todo(
        title=f"Answer the leadership questionnaire, {asked.when}",
        why=f"{asked.response.answered} of {count} statements answered." if begun else STATEMENTS.format(count),
        url=reverse("my_questionnaire", args=[asked.wave.pk]),
        due=asked.due_on,
        minutes=10,
        button="Go on" if begun else "Start",
        done=asked.is_done,
        done_on=london_date(asked.response.submitted_at) if asked.is_done else None,
    )


@todo(order=350, title="The learning contract")
def contract(person, now):
    """To write, to answer, to send again, to review: one thing at a time."""
    place = current_place(person, now)
    if place is None or not place.is_active:
        return []
    known = contract_of(place)
    today, due = london_date(now), place.due_on("onboarding_due")
    if known is None or known.status == LearningContract.Status.DRAFT:
        if today < due - CONTRACT_ASKED_FOR:
            return []
        why = "What you, your sponsor and the programme each do this year."
        return [_contract("Write your learning contract", why, due, 15, "Go on" if known else "Begin")]
    return [_sent(known, place), *_asked_of_a_sent(known, place, today)]


def _sent(contract: LearningContract, place: Place) -> Todo:
    todo = _contract("Write your learning contract", f"{contract.standing}.", None, None, "See the contract")
    return replace(todo, done=True, done_on=london_date(contract.sent_at))


def _asked_of_a_sent(contract: LearningContract, place: Place, today) -> list[Todo]:
    comments = [comment for comment in contract.comments.all() if not comment.settled_at]
    if comments:
        name = comments[0].name
        who = "Your line manager" if comments[0].person_id == place.line_manager_id else "Your sponsor"
        why = f"{who} has commented and is waiting for your reply."
        return [_contract(f"Read what {name} says about your contract", why, None, 10, "Read and reply")]
    if contract.is_being_changed:
        why = "You changed it after it was signed; the others sign once you have sent it."
        return [_contract("Sign and send your learning contract again", why, None, 5, "See the contract")]
    if contract.is_due_for_review(today):
        why = "Look together at what has changed since you signed it."
        title = f"Review your learning contract with {place.sponsor.first_name if place.sponsor else 'your sponsor'}"
        return [_contract(title, why, contract.review_on, 30, "Open the contract")]
    return []


def _contract(title, why, due, minutes, button) -> Todo:
    return Todo(title=title, why=why, url=reverse("my_contract"), due=due, minutes=minutes, button=button)


@todo(order=360, title="The learning plan")
def plan(person, now):
    """To begin, once the first questionnaire is answered; then each live goal to look at after two months."""
    place = current_place(person, now)
    if place is None or not place.is_active:
        return []
    goals = list(Goal.objects.filter(plan__place=place).only("status", "made_at", "reviewed_at").order_by("made_at"))
    if not goals:
        if not any(asked.is_done for asked in asked_of(place)):
            return []
        due = place.cohort.starts_on + PLAN_WITHIN
        why = "One to three things to learn; your questionnaire suggests where to begin."
        return [Todo("Begin your learning plan", why, reverse("my_plan"), due=due, minutes=15, button="Begin")]
    begun = Todo(
        "Begin your learning plan", f"On {day_month(goals[0].made_at)}.", reverse("my_plan"), done=True,
        done_on=london_date(goals[0].made_at),
    )  # fmt: skip
    waiting = [goal for goal in goals if goal.is_live and (goal.reviewed_at or goal.made_at) <= now - REVIEW_AFTER]
    if not waiting:
        return [begun]
    count = f"{len(waiting)} goals have" if len(waiting) > 1 else "One goal has"
    why = f"{count} not been looked at for two months."
    return [begun, Todo("Say how your learning is going", why, reverse("my_plan"), minutes=5, button="Open your plan")]
