"""The participant's home and the pages every signed-in person has."""

from functools import wraps

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leaders.outbox.actions import REMOVED
from leaders.outbox.models import Attachment, Suppression
from leaders.outbox.screen import file_of
from leaders.people.actions import ask_privacy, choose_digest_day
from leaders.people.models import PrivacyRequest
from leaders.people.privacy import export, holdings
from leaders.reminders.actions import restart_weekly_email, stop_weekly_email
from leaders.reminders.models import NoDigest
from leaders.reminders.registry import signed_for

from .calendar import calendar_link, calendar_of, person_behind, renew_calendar_link
from .forms import NO_DIGEST, DigestDayForm, PrivacyRequestForm
from .gather import brand, dates, greeting, home, navigation, tasks
from .kept import signed_in
from .registry import pages

SHOWN = 20  # messages of one page


def my_page(view):
    """A signed-in person's page: sign-in asked for, never cached, with their navigation at `request.navigation`."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        now = timezone.now()
        request.navigation = navigation(request.user, now, request.path)
        request.brand = brand(request.user, now)
        return view(request, *args, **kwargs)

    return signed_in(guarded)


@my_page
@require_safe
def my_home(request):
    """The home of a participant; others are sent to the first page of their own."""
    now = timezone.now()
    gathered = home(request.user, now)
    if gathered.is_empty:
        if request.user.is_staff:
            return redirect("admin:index")
        for part in pages:
            if part.brings.leads_there and part.brings.shown(request.user, now):
                return redirect(part.brings.url_name)
    return render(request, "home/home.html", {"home": gathered, "greeting": greeting(now), "now": now})


@my_page
@require_safe
def my_done(request):
    """Everything the person has done so far."""
    now = timezone.now()
    open_todos, done = tasks(request.user, now)
    return render(request, "home/done.html", {"open": open_todos, "done": done, "now": now})


@my_page
@require_safe
def my_dates(request):
    """All dates, past and coming, and how to have them in one's own calendar."""
    now = timezone.now()
    entries = dates(request.user, now)
    context = {
        "coming": [entry for entry in entries if entry.ends >= now],
        "past": [entry for entry in reversed(entries) if entry.ends < now],
        "calendar_url": reverse("my_calendar_link"),
        "calendar": calendar_link(request.user, now),
        "now": now,
    }
    return render(request, "home/dates.html", context)


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar_link(request):
    """The calendar's private address. One button makes the first, another a new one, and the one before stops."""
    now = timezone.now()
    link = calendar_link(request.user, now)
    if request.method == "POST":
        if link is None or request.POST.get("anew"):
            renew_calendar_link(person=request.user, now=now)
            replaced = "Your calendar address is new. The one before no longer works."
            messages.success(request, replaced if link else "Your calendar address is made.")
        return redirect("my_calendar_link")
    feed = request.build_absolute_uri(reverse("calendar_feed", args=[link.token])) if link else ""
    context = {"link": link, "feed": feed, "subscribe": f"webcal:{feed.partition(':')[2]}", "now": now}
    return render(request, "home/calendar_link.html", context)


@require_safe
@never_cache
def calendar_feed(request, token):
    """The dates of one person as iCalendar, for their calendar program: no sign-in, a secret address."""
    now = timezone.now()
    person = person_behind(token, now)
    if person is None:
        return HttpResponse("This calendar address no longer works.", status=404, content_type="text/plain")
    return HttpResponse(calendar_of(person, now), content_type="text/calendar; charset=utf-8")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_messages(request):
    """The day of the weekly email, and every message sent to this person."""
    stopped = NoDigest.objects.filter(person=request.user).exists()
    form = DigestDayForm(
        request.POST or None, initial={"digest_day": NO_DIGEST if stopped else request.user.digest_day}
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, _choose_digest(request.user, form.cleaned_data["digest_day"], timezone.now()))
        return redirect("my_messages")
    context = {
        "form": form, "stopped": stopped, "suppression": Suppression.of(request.user.email),
        **_page_of_messages(_sent_to(request.user), request.GET.get("before", "")),
    }  # fmt: skip
    return render(request, "home/messages.html", context)


def _page_of_messages(sent, before: str) -> dict:
    """The next messages after the one of that number, newest first, and the addresses of the newest and older ones."""
    last = sent.filter(pk=before).first() if before.isdecimal() else None
    if last:
        sent = sent.filter(Q(sent_at__lt=last.sent_at) | Q(sent_at=last.sent_at, pk__lt=last.pk))
    found = list(sent.only("subject", "sent_at")[: SHOWN + 1])
    return {
        "sent": found[:SHOWN],
        "newer_url": reverse("my_messages") if last else "",
        "older_url": f"?before={found[SHOWN - 1].pk}#sent" if found[SHOWN:] else "",
    }


def _sent_to(person):
    """What they can read again: not the codes, whose words are taken out when they have gone."""
    return person.messages.filter(sent_at__isnull=False, secret=False).exclude(text=REMOVED).order_by("-sent_at", "-pk")


@my_page
@require_safe
def my_message(request, pk):
    """One of one's own messages, to be read again."""
    message = get_object_or_404(_sent_to(request.user), pk=pk)
    context = {
        "message": message, "files": message.attachments.defer("content"),
        "back_url": reverse("my_messages"), "back_label": "Messages",
    }  # fmt: skip
    return render(request, "home/message.html", context)


@my_page
@require_safe
def my_message_file(request, pk):
    """A file that came with one of one's own messages, such as an invite to a day."""
    return file_of(get_object_or_404(Attachment, pk=pk, message__in=_sent_to(request.user).order_by()))


def _choose_digest(person, day: int, now) -> str:
    if day == NO_DIGEST:
        stop_weekly_email(person=person, now=now)
        return "You get no weekly email. We still write when a date changes."
    restart_weekly_email(person=person, now=now)
    choose_digest_day(person=person, day=day, now=now)
    return f"Your weekly email comes on {person.get_digest_day_display()}s."


@my_page
@require_safe
def my_privacy(request):
    """Who can see what about this person, and what they can ask for."""
    asked = request.user.privacy_requests.all()
    context = {"holdings": [part.brings for part in holdings], "asked": asked, "data_url": reverse("my_data")}
    return render(request, "home/privacy.html", context)


@my_page
@require_POST
def my_data(request):
    """Everything held about the person, as one JSON file."""
    response = JsonResponse(export(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="what-leaders-holds-about-me.json"'
    return response


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_privacy_request(request, kind):
    """Ask for a correction or erasure, or complain."""
    form = PrivacyRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = ask_privacy(person=request.user, kind=kind, words=form.cleaned_data["words"], now=timezone.now())
        messages.success(request, f"We have your request. You will hear by {asked.due_on:%-d %B %Y}.")
        return redirect("my_privacy")
    label = PrivacyRequest.Kind(kind).label
    return render(
        request,
        "home/privacy_request.html",
        {"form": form, "heading": label, "back_url": reverse("my_privacy"), "button": "Send"},
    )


def public_page(template):
    """A page of plain words: accessibility, privacy, cookies."""

    @require_safe
    def view(request):
        return render(request, f"home/{template}.html", {"holdings": [part.brings for part in holdings]})

    return view


@require_safe
def help_page(request):
    """What helps whom, and whom to ask: by name to those who take part in something."""
    asked = signed_for(request.user, timezone.now()) if request.user.is_authenticated else None
    return render(request, "home/help.html", {"asked": asked})
