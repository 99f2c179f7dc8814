"""Coaching groups, for their members and for their coaches."""

from functools import partial

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from leaders.components.dates import london, london_date, weekday_day_month
from leaders.home.views import my_page
from mentoring.actions import cancel_session, change_session, plan_session, record_session
from mentoring.forms import PresentForm, SessionForm
from mentoring.models import Coach, CoachingAttendance, CoachingGroup, CoachingSession, MentoringRules

from .frame import framed, mark, my_place, question, tried

PRESENT_READERS = (
    "you and the programme office, and each of the group for themselves. Only who was there is kept; what was said "
    "stays in the group."
)


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
        own = CoachingAttendance.objects.filter(place=place, session__group=group)
        was_there = dict(own.values_list("session", "present"))
        context |= {
            "members": list(
                group.members.filter(place__status__in=["active", "graduated"]).select_related(
                    "place__person", "place__organisation"
                )
            ),
            "coming": [session for session in sessions if session.ends >= now],
            "past": [(session, was_there.get(session.pk)) for session in reversed(sessions) if session.ends < now],
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
    """My groups, their dates to come, what is to be recorded and what was."""
    now = timezone.now()
    coach = _coach(request)
    present = Count("attendance", filter=Q(attendance__present=True))
    sessions = CoachingSession.objects.kept().annotate(present=present, people=Count("attendance"))
    groups = list(
        _groups(coach)
        .filter(cohort__status="live", cohort__ends_on__gte=london_date(now))
        .select_related("cohort__programme")
        .prefetch_related(
            "members__place__person", "members__place__organisation", Prefetch("sessions", sessions.order_by("starts"))
        )
    )
    context = {"coach": coach, "groups": [_shown(group, now) for group in groups], "now": now}
    return render(request, "mentoring/coach_home.html", context)


def _shown(group: CoachingGroup, now) -> dict:
    sessions = list(group.sessions.all())
    return {
        "group": group,
        "members": [member.place for member in group.members.all()],
        "coming": [session for session in sessions if session.is_to_come(now)],
        "to_record": [session for session in sessions if session.starts <= now and not session.recorded_at],
        "recorded": [session for session in reversed(sessions) if session.recorded_at],
    }


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request, pk):
    """Set a date; the group is invited."""
    coach = _coach(request)
    groups = _groups(coach).select_related("cohort__programme", "cohort__contact", "coach__person")
    group = get_object_or_404(groups, pk=pk)
    form = SessionForm(request.POST or None, cohort=group.cohort)
    act = partial(plan_session, group=group)
    return _dated(
        request, form, group, act, done="The date is set, and everybody in the group is invited.",
        heading=f"When does {str(group).lower()} meet?", button="Set the date and invite",
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk):
    """Move a date or its place; the group hears once, and it moves in their calendars."""
    session = _session(request, pk)
    if not session.is_to_come(timezone.now()):
        messages.info(request, "This date cannot be changed any more.")
        return redirect("coach_home")
    starts, ends = london(session.starts), london(session.ends)
    initial = {"on": starts.date(), "starts": starts.time(), "ends": ends.time(), "where": session.where}
    form = SessionForm(request.POST or None, cohort=session.group.cohort, initial=initial)
    act = partial(change_session, session=session)
    return _dated(
        request, form, session.group, act, done="Saved. Everybody in the group hears what has changed.",
        heading=f"Change {str(session.group).lower()} on {weekday_day_month(session.starts)}",
        button="Save and tell the group",
    )  # fmt: skip


def _dated(request, form, group: CoachingGroup, act, *, done: str, **context):
    """The question for a date of a group: shown, then done, then back to the coach's page."""
    if request.method == "POST" and form.is_valid():
        act = partial(act, by=request.user, now=timezone.now(), **form.given)
        if tried(request, act, done):
            return redirect("coach_home")
    return question(
        request, form, group.cohort, back_url=reverse("coach_home"), back_label="Coaching", **context
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, pk):
    """Who was there; opened again, what was recorded, to be corrected."""
    session = _session(request, pk)
    members = list(session.group.members.select_related("place__person").order_by("place__person__name"))
    present = [seen.place_id for seen in session.attendance.all() if seen.present]
    known = (present or [PresentForm.NOBODY]) if session.recorded_at else []
    form = PresentForm(
        request.POST if request.method == "POST" else None, initial={"present": known}, members=members,
        on=london_date(session.starts),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        act = partial(record_session, session=session, present=form.places, by=request.user, now=timezone.now())
        done = f"Recorded: {len(form.places)} of {len(members)} were there. You can correct it below."
        if tried(request, act, done):
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
        act = partial(cancel_session, session=session, by=request.user, now=timezone.now())
        tried(request, act, "Cancelled, and everybody in the group hears.")
        return redirect("coach_home")
    context = {"session": session, "back_url": reverse("coach_home"), "back_label": "Coaching"}
    return render(request, "mentoring/coach_cancel.html", framed(session.group.cohort, **context))


def _session(request, pk) -> CoachingSession:
    sessions = CoachingSession.objects.filter(group__in=_groups(_coach(request)))
    return get_object_or_404(
        sessions.select_related("group__cohort__programme", "group__cohort__contact", "group__coach__person"), pk=pk
    )
