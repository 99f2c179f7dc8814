"""Coaching groups, for their members and for their coaches."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from leaders.components.dates import london_date
from leaders.home.views import my_page
from mentoring.actions import cancel_session, plan_session, record_session
from mentoring.forms import PresentForm, SessionForm
from mentoring.models import Coach, CoachingGroup, CoachingSession, MentoringRules

from .frame import framed, mark, my_place, question, tried

PRESENT_READERS = "you and the programme office. Only who was there is kept; what was said stays in the group."


@my_page
@require_safe
def my_coaching(request):
    """The group, its coach and its dates."""
    now = timezone.now()
    place = my_place(request, now)
    if not MentoringRules.of(place.cohort).has_coaching:
        raise Http404("This programme has no coaching groups.")
    groups = CoachingGroup.objects.confirmed().filter(members__place=place)
    group = groups.select_related("coach__person__organisation").first()
    context: dict = {"place": place, "group": group, "now": now}
    if group is not None:
        sessions = list(group.sessions.kept())
        context |= {
            "members": list(
                group.members.filter(place__status__in=["active", "graduated"]).select_related(
                    "place__person", "place__organisation"
                )
            ),
            "coming": [session for session in sessions if session.ends >= now],
            "past": [session for session in reversed(sessions) if session.ends < now],
        }
    return render(request, "mentoring/my_coaching.html", framed(place.cohort, **context))


def _coach(request) -> Coach:
    mark(request, "coach_home")
    return get_object_or_404(Coach, person=request.user)


def _groups(coach: Coach):
    return CoachingGroup.objects.confirmed().filter(coach=coach)


@my_page
@require_safe
def coach_home(request):
    """My groups, their next session, and what is to be recorded."""
    now = timezone.now()
    coach = _coach(request)
    groups = list(
        _groups(coach)
        .filter(cohort__status="live", cohort__ends_on__gte=london_date(now))
        .select_related("cohort__programme")
        .prefetch_related("members__place__person", "members__place__organisation", "sessions")
    )
    context = {"coach": coach, "groups": [_shown(group, now) for group in groups], "now": now}
    return render(request, "mentoring/coach_home.html", context)


def _shown(group: CoachingGroup, now) -> dict:
    sessions = [session for session in group.sessions.all() if not session.cancelled_at]
    coming = [session for session in sessions if session.ends >= now]
    return {
        "group": group,
        "members": [member.place for member in group.members.all()],
        "next": coming[0] if coming else None,
        "later": coming[1:],
        "to_record": [session for session in sessions if session.starts <= now and not session.recorded_at],
        "held": sum(1 for session in sessions if session.recorded_at),
    }


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request, pk):
    """Set a date; the group is invited."""
    coach = _coach(request)
    groups = _groups(coach).select_related("cohort__programme", "cohort__contact", "coach__person")
    group = get_object_or_404(groups, pk=pk)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = lambda: plan_session(  # noqa: E731
            group=group, starts=form.moment("starts"), ends=form.moment("ends"), where=form.cleaned_data["where"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
        if tried(request, act, "The date is set, and everybody in the group is invited."):
            return redirect("coach_home")
    return question(
        request, form, group.cohort, heading=f"When does {str(group).lower()} meet?", button="Set the date and invite",
        back_url=reverse("coach_home"), back_label="Coaching",
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, pk):
    """Who was there."""
    session = _session(request, pk)
    members = list(session.group.members.select_related("place__person").order_by("place__person__name"))
    known = {seen.place_id: seen.present for seen in session.attendance.all()}
    initial = {"present": [member.place_id for member in members if known.get(member.place_id, True)]}
    form = PresentForm(request.POST or None, initial=initial, members=members)
    form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        act = lambda: record_session(  # noqa: E731
            session=session, present=form.places, by=request.user, now=timezone.now()
        )
        if tried(request, act, "Recorded."):
            return redirect("coach_home")
    return question(
        request, form, session.group.cohort, heading="Who was there?", heading_in_form=True, readers=PRESENT_READERS,
        button="Record session", back_url=reverse("coach_home"), back_label="Coaching",
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, pk):
    """Take a date back, after a question: everybody in the group is written to."""
    session = _session(request, pk)
    if request.method == "POST":
        act = lambda: cancel_session(session=session, by=request.user, now=timezone.now())  # noqa: E731
        tried(request, act, "Cancelled, and everybody in the group hears.")
        return redirect("coach_home")
    context = {"session": session, "back_url": reverse("coach_home"), "back_label": "Coaching"}
    return render(request, "mentoring/coach_cancel.html", framed(session.group.cohort, **context))


def _session(request, pk) -> CoachingSession:
    sessions = CoachingSession.objects.filter(group__in=_groups(_coach(request)))
    return get_object_or_404(
        sessions.select_related("group__cohort__programme", "group__cohort__contact", "group__coach__person"), pk=pk
    )
