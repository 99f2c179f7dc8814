"""The participant's modules: what is coming, what to read, who speaks, how it went."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leaders.components.dates import date_range, london_date, needs_year
from leaders.components.text import lower_first
from leaders.documents.actions import latest
from leaders.home.views import my_page
from leaders.people.refusals import NotPossible
from leaders.people.second_factor import staff_use_second_factor
from modules.actions import complete_catch_up, give_feedback, mark_read
from modules.forms import CatchUpForm, FeedbackForm
from modules.models import CatchUp, Feedback, Material, Talk
from modules.year import Year, my_year


def branded(place, **context) -> dict:
    """The page's frame: whose programme this is."""
    cohort = place.cohort
    return {
        "brand_name": cohort.programme.name,
        "brand_sub": f"{cohort.name}, {cohort.years}",
        "brand_url": reverse("my_home"),
        "place": place,
        **context,
    }


def _year(request, now) -> Year:
    """The person's year, or a page that does not exist for them."""
    year = my_year(request.user, now)
    if year is None:
        raise Http404("No place, so no modules.")
    return year


def _module(request, number, now):
    mine = _year(request, now).module(number)
    if mine is None:
        raise Http404("This cohort has no such module.")
    return mine


def _dates(mine, now) -> str:
    return date_range(mine.starts, mine.ends, year=needs_year(mine.starts, now)) if mine.days else ""


@my_page
@require_safe
def my_modules(request):
    """The six modules and the sessions between them."""
    now = timezone.now()
    year = _year(request, now)
    following = year.next(now)
    modules = [
        {
            "label": f"{mine.module.number}. {mine.module.title}",
            "url": mine.module.get_absolute_url(),
            "why": ". ".join(filter(None, [_dates(mine, now), mine.module.focus])),
            "tag": mine.standing(following, now).tag,
            "kind": mine.standing(following, now).kind,
        }
        for mine in year.modules
    ]
    handbook = latest("modules.handbook", year.place.cohort)
    context = {
        "year": year,
        "modules": modules,
        "recorded": len(year.attendance),
        "handbook": handbook if handbook and handbook.state == handbook.State.READY else None,
        "now": now,
    }
    return render(request, "modules/modules.html", branded(year.place, **context))


@my_page
@require_safe
def my_module(request, number):
    """One module: its days, speakers, reading, materials; afterwards feedback and catching up."""
    now = timezone.now()
    year = _year(request, now)
    mine = _module(request, number, now)
    talks = {}
    for talk in Talk.objects.filter(session__in=[day.pk for day in mine.days]).select_related("speaker"):
        talks.setdefault(talk.session_id, []).append(talk)
    context = {
        "mine": mine,
        "module": mine.module,
        "days": [
            {"session": day, "talks": talks.get(day.pk, []), "seen": mine.attendance.get(day.pk)} for day in mine.days
        ],
        "materials": mine.module.materials.filter(due_on=None),
        "speakers": list({talk.speaker_id: talk.speaker for found in talks.values() for talk in found}.values()),
        "is_over": mine.is_over(now),
        "takes_feedback": mine.takes_feedback(now),
        "now": now,
        "today": london_date(now),
        "back_url": reverse("my_modules"),
        "back_label": "All modules",
    }
    return render(request, "modules/module.html", branded(year.place, **context))


@my_page
@require_POST
def my_reading(request, pk):
    """Tick something as read, or take the tick back."""
    now = timezone.now()
    year = _year(request, now)
    material = get_object_or_404(Material.objects.reading().filter(module__cohort=year.place.cohort_id), pk=pk)
    mark_read(material=material, place=year.place, read=request.POST.get("read") == "yes", now=now)
    return redirect(f"{material.module.get_absolute_url()}#reading")


@my_page
@staff_use_second_factor
@require_safe
def material(request, pk):
    """The file itself, for those in the cohort and the office; never shown inside the browser's page."""
    found = get_object_or_404(Material.objects.visible_to(request.user).exclude(file=""), pk=pk)
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.filename, content_type=found.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_feedback(request, number):
    """Four questions and a few words, about two minutes."""
    now = timezone.now()
    mine = _module(request, number, now)
    place = _year(request, now).place
    given = Feedback.objects.filter(module=mine.module, place=place).first()
    initial = {name: getattr(given, name) for name in (*Feedback.STATEMENTS, "comment")} if given else None
    form = FeedbackForm(request.POST or None, initial=initial)
    if not mine.takes_feedback(now):
        return render(
            request,
            "modules/not_yet.html",
            branded(
                place,
                heading=f"We asked about module {number} for two months"
                if mine.is_over(now)
                else "This module is not over yet",
                module=mine.module,
                is_over=mine.is_over(now),
                back_url=mine.module.get_absolute_url(),
            ),
            status=409,
        )
    if request.method == "POST" and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in Feedback.STATEMENTS}
        give_feedback(
            module=mine.module,
            place=place,
            answers=answers,
            comment=form.cleaned_data["comment"],
            by=request.user,
            now=now,
        )
        messages.success(request, "Thank you. We have what you told us.")
        return redirect(mine.module)
    context = {
        "form": form,
        "heading": f"How did module {number} go?",
        "intro": f"{mine.module.title}. Four questions, about two minutes.",
        "readers": "the programme office. Speakers see averages and comments without names.",
        "button": "Send",
        "back_url": mine.module.get_absolute_url(),
        "back_label": f"Module {number}",
    }
    return render(request, "modules/feedback.html", branded(place, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_catch_up(request, pk):
    """What to do instead of a session that was missed, and a few words when it is done."""
    now = timezone.now()
    place = _year(request, now).place
    catch_up = get_object_or_404(
        CatchUp.objects.select_related("attendance__session__module"), pk=pk, attendance__place=place
    )
    catch_up.attendance.place = place
    form = CatchUpForm(request.POST or None)
    if request.method == "POST" and not catch_up.done_at and form.is_valid():
        try:
            complete_catch_up(catch_up=catch_up, words=form.cleaned_data["words"], by=request.user, now=now)
        except NotPossible as refused:  # sent twice
            messages.info(request, str(refused))
        else:
            messages.success(request, "Thank you. You have caught up.")
        return redirect(catch_up.attendance.session)
    session = catch_up.attendance.session
    context = {
        "form": form,
        "catch_up": catch_up,
        "session": session,
        "heading": f"Catch up on {lower_first(str(session))}",
        "readers": "the programme office.",
        "button": "I have caught up",
        "back_url": session.get_absolute_url(),
        "now": now,
    }
    return render(request, "modules/catch_up.html", branded(place, **context))
