"""The learning plan: at most three live goals, each written, reviewed and ended; who may read it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leaders.components.dates import london_date
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.refusals import NotPossible
from modules.actions import add_goal, change_goal, end_goal, review_goal, share_plan
from modules.actions.plan import FULL
from modules.learning import Results, asked_of, read_by, shares_of
from modules.learning_forms import GoalForm, ReviewForm
from modules.models import Goal, LearningPlan
from modules.models.learning import LIVE_GOALS
from modules.models.questionnaire import instrument, is_in_london

from .learning import chosen_reader, learning_page, my_place, now_shared
from .year import branded

PRIVATE = "only you, unless you share your plan. It is encrypted, and the programme office cannot open it."


def _readers(plan: LearningPlan | None) -> str:
    """Who can read what is written now."""
    others = read_by(plan.place, plan) if plan else ""
    return f"you and {others}, because you chose so. The programme office cannot open it." if others else PRIVATE


def _plan(place) -> LearningPlan | None:
    plan = LearningPlan.objects.filter(place=place).first()
    if plan:
        plan.place = place
    return plan


def _goal(pk, place) -> Goal:
    return get_object_or_404(Goal.objects.select_related("plan"), pk=pk, plan__place=place)


def _suggestion(place, key: str) -> dict[str, str] | None:
    """The part of the questionnaire that a goal comes from, and what was answered to it if that suggests a goal."""
    dimension = next((each for each in instrument().dimensions if each.key == key), None)
    if dimension is None:
        return None
    results, in_london = Results(asked_of(place)), is_in_london(place)
    reasons = [need.reason for need in (results.needs if results else ()) if need.dimension.key == key]
    return {
        "title": dimension.called(in_london=in_london),
        "about": dimension.about(in_london=in_london),
        "reason": "".join(reasons),
    }


@learning_page
@require_safe
def my_plan(request):
    """The live goals, those that ended, and what the questionnaire suggests."""
    now = timezone.now()
    place = my_place(request, now)
    plan = _plan(place)
    goals = list(plan.goals.all()) if plan else []
    live = [goal for goal in goals if goal.is_live]
    results = Results(asked_of(place))
    planned = {goal.dimension for goal in live}
    titles = {dimension.key: dimension.called(in_london=is_in_london(place)) for dimension in instrument().dimensions}
    context = {
        "plan": plan,
        "live": [(goal, titles.get(goal.dimension, "")) for goal in live],
        "ended": sorted((goal for goal in goals if not goal.is_live), key=lambda goal: goal.ended_at, reverse=True),
        "room": LIVE_GOALS - len(live),
        "readers": _readers(plan),
        "now": now,
        "suggested": [
            {"key": need.dimension.key, "title": titles[need.dimension.key], "reason": need.reason}
            for need in (results.needs if results else ())
            if need.dimension.key not in planned
        ],
        "shares": shares_of(place, plan),
        "back_url": reverse("my_learning"),
        "back_label": "My learning",
    }
    return render(request, "modules/learning/plan.html", branded(place, **context))


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_goal(request, pk=None):
    """Write a goal, new or known. What was typed is kept through every refusal."""
    now = timezone.now()
    place = my_place(request, now)
    goal = _goal(pk, place) if pk else None
    if goal:
        initial = {name: getattr(goal, name) for name in Goal.WORDS} | {"seen": goal.mark}
    else:
        initial = {"dimension": request.GET.get("from", "")[:40]}
    form = GoalForm(request.POST or None, initial=initial)
    by_when = goal.by_when if goal else None
    form.fields["by_when"].earliest = min(filter(None, (by_when, london_date(now))))  # a date that stood may stay
    meanwhile = None
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        seen = words.pop("seen")
        try:
            if goal:
                change_goal(goal=goal, seen=seen, by=request.user, now=now, **words)
            else:
                add_goal(place=place, by=request.user, now=now, **words)
        except ChangedMeanwhile as refused:
            meanwhile = goal
            form.refuse(refused, seen=goal.mark)
        except NotPossible as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Your goal is saved.")
            return redirect("my_plan")
    if request.method != "POST" and not goal and Goal.objects.live().filter(plan__place=place).count() >= LIVE_GOALS:
        messages.info(request, FULL)
        return redirect("my_plan")
    context = {
        "form": form, "goal": goal, "heading": "Change this goal" if goal else "A learning goal", "button": "Save goal",
        "back_url": reverse("my_plan"), "back_label": "Learning plan", "readers": _readers(_plan(place)),
        "meanwhile": meanwhile, "suggestion": _suggestion(place, str(form["dimension"].value() or "")),
    }  # fmt: skip
    return render(request, "modules/learning/goal.html", branded(place, **context))


@learning_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_goal_review(request, pk):
    """Say how a goal is going, or end it. Either keeps what was typed."""
    now = timezone.now()
    place = my_place(request, now)
    goal = _goal(pk, place)
    if request.method != "POST" and not goal.is_live:
        return redirect("my_plan")
    ending = request.POST.get("end", "")
    form = ReviewForm(
        request.POST or None, initial={"going": goal.going, "notes": goal.notes, "seen": goal.review_mark}
    )
    form.fields["going"].required = not ending
    meanwhile = None
    try:
        if ending and form.is_valid():
            done = ending == "done"
            end_goal(goal=goal, done=done, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, "This goal is done." if done else "This goal is put aside.")
            return redirect("my_plan")
        if form.is_valid():
            review_goal(goal=goal, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, "Your review is saved.")
            return redirect("my_plan")
    except ChangedMeanwhile as refused:
        meanwhile = goal
        form.refuse(refused, seen=goal.review_mark)
    except NotPossible as refused:
        if ending and form.cleaned_data["notes"] == goal.notes:  # sent twice
            messages.info(request, str(refused))
            return redirect("my_plan")
        form.refuse(refused)
    context = {
        "form": form, "goal": goal, "heading": "How is this goal going?", "back_url": reverse("my_plan"),
        "back_label": "Learning plan", "readers": _readers(_plan(place)), "button": "Save review",
        "meanwhile": meanwhile,
    }  # fmt: skip
    return render(request, "modules/learning/review.html", branded(place, **context))


@learning_page
@require_POST
def my_plan_share(request, whom):
    """Let the sponsor or the mentor read the plan, or no longer."""
    now = timezone.now()
    place = my_place(request, now)
    plan = _plan(place)
    if plan is None:
        messages.info(request, "There is nothing to share yet. Add a goal first.")
        return redirect("my_plan")
    reader = chosen_reader(request)
    try:
        has_page = share_plan(plan=plan, with_whom=whom, reader=reader, by=request.user, now=now)
    except NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, now_shared(whom, reader, "read your plan", has_page))
    return redirect("my_plan")
