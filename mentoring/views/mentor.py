"""A mentor's own pages: the people they mentor, what they offer, rest, and whom they cannot mentor."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Place
from leaders.components.dates import day, london_date
from leaders.documents.actions import latest
from leaders.home.views import my_page
from mentoring.actions import declare_conflict, rest, save_offer, stand_down, volunteer, withdraw_conflict
from mentoring.forms import ConflictForm, OfferForm, RestForm
from mentoring.models import Conflict, Mentor, Mentorship, Side
from mentoring.relationship import last_seen, looking_back, my_conflicts, relationship
from mentoring.wording import labels

from .frame import framed, mark, mine, question, tried

OFFER_READERS = (
    "the programme office, and participants who look for a mentor. What you would like to have in common nobody reads."
)
CONFLICT_READERS = (
    "the programme office reads whom you mean, so that it can keep you apart. Your reason stays with you alone, and "
    "the other person never learns of it."
)
Status = Mentor.Status


def my_mentor_row(person) -> Mentor | None:
    """The person as a mentor; None for somebody who may become one; 404 for everybody else."""
    mentor = Mentor.objects.filter(person=person).with_training().first()
    if mentor is None and not Place.objects.alumni().filter(person=person).exists():
        raise Http404("Not a mentor.")
    if mentor is not None:
        mentor.person = person
    return mentor


@my_page
@require_safe
def mentor_home(request):
    """My mentees, and all I said about mentoring; for a graduate who has not offered, what it asks."""
    now = timezone.now()
    mentor = my_mentor_row(request.user)
    if mentor is None or mentor.status in {Status.INVITED, Status.STOOD_DOWN}:
        return render(request, "mentoring/volunteer.html", {"mentor": mentor, "now": now, **_own_words(mentor, now)})
    today = london_date(now)
    mentorships = list(
        Mentorship.objects.filter(mentor=mentor).live().with_people().prefetch_related("meetings").order_by("told_at")
    )
    known = labels()
    context = {
        "mentor": mentor,
        "mentees": [
            {"mentorship": each, "seen": last_seen(each, list(each.meetings.all())), "met": len(each.meetings.all())}
            for each in mentorships
        ],
        "trained_until": mentor.training_ends(today),
        "is_trained": mentor.is_trained(today),
        "is_resting": mentor.is_resting(today),
        "offers": [
            (known[key], level) for key, level in sorted(mentor.offers.items(), key=lambda o: -o[1]) if key in known
        ],
        **_own_words(mentor, now),
        "services": [
            (service, latest("mentoring.service", service))
            for service in mentor.services.select_related("cohort__programme")
        ],
        "now": now,
    }
    return render(request, "mentoring/mentor_home.html", context)


def _own_words(mentor: Mentor | None, now) -> dict:
    """What a mentor said and kept for themselves, for as long as they have not taken it back or thrown it away."""
    if mentor is None:
        return {}
    ended = looking_back(Mentorship.objects.filter(mentor=mentor), Side.MENTOR, mentor.person, now)
    return {"conflicts": my_conflicts(mentor.person), "ended": ended}


@my_page
@require_safe
def mentor_mentee(request, pk):
    """One mentee, as their mentor sees it."""
    mentorship, side = mine(request, pk)
    if side != Side.MENTOR:
        return redirect("my_mentor")
    context = relationship(mentorship, side, timezone.now())
    return render(request, "mentoring/mentorship.html", framed(mentorship.cohort, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_offer(request):
    """What a mentor offers; for a graduate, the offer to mentor itself."""
    mark(request, "mentor_home")
    now = timezone.now()
    mentor = my_mentor_row(request.user)
    is_new = mentor is None or mentor.status in {Status.INVITED, Status.STOOD_DOWN}
    form = OfferForm(request.POST or None, initial=OfferForm.initial_of(mentor))
    if request.method == "POST" and form.is_valid():
        if is_new:
            act, done = lambda: volunteer(person=request.user, by=request.user, now=now, **form.given), (
                "Thank you for offering to mentor. We write to you about training and what comes next."
            )  # fmt: skip
        else:
            act, done = lambda: save_offer(mentor=mentor, by=request.user, now=now, **form.given), "Saved."
        if tried(request, act, done):
            return redirect("mentor_home")
    context = {
        "form": form,
        "is_new": is_new,
        "readers": OFFER_READERS,
        "back_url": reverse("mentor_home"),
        "back_label": "Mentoring",
    }
    return render(request, "mentoring/offer.html", context)


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_rest(request):
    """Take nobody new for a while."""
    mark(request, "mentor_home")
    now = timezone.now()
    mentor = get_object_or_404(Mentor, person=request.user)
    if request.POST.get("end"):
        tried(request, lambda: rest(mentor=mentor, until=None, by=request.user, now=now), "You take new people again.")
        return redirect("mentor_home")
    form = RestForm(request.POST or None, initial={"until": mentor.resting_until})
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        act = partial(rest, mentor=mentor, until=until, by=request.user, now=now)
        if tried(request, act, f"You take nobody new until {day(until)}. Thank you for saying so."):
            return redirect("mentor_home")
    return question(
        request, form, None, heading="Until when would you rather take nobody new?", heading_in_form=True,
        button="Save", back_url=reverse("mentor_home"), back_label="Mentoring",
    )  # fmt: skip


@my_page
@require_POST
def my_stand_down(request):
    """Stop mentoring."""
    now = timezone.now()
    mentor = get_object_or_404(Mentor, person=request.user)
    done = "You have stopped mentoring. Thank you for all you gave; you can come back at any time."
    tried(request, lambda: stand_down(mentor=mentor, by=request.user, now=now), done)
    return redirect("my_home")


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_conflict(request):
    """Say in confidence with whom one cannot be matched."""
    now = timezone.now()
    back = _conflicts_page(request)
    if back is None:
        raise Http404("Neither a mentor nor a participant.")
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = partial(declare_conflict, by=request.user, now=now, **form.cleaned_data)
        if tried(request, act, _kept_apart):
            return redirect(back)
    return question(
        request, form, None, heading="With whom can you not be matched?", readers=CONFLICT_READERS, button="Save",
        back_url=reverse(back), back_label="Mentoring" if back == "mentor_home" else "My mentor",
    )  # fmt: skip


def _kept_apart(conflict: Conflict) -> str:
    if conflict.is_settled:
        both = Mentorship.objects.live().visible_to(conflict.declared_by)
        if conflict.person and both.visible_to(conflict.person).exists():
            return (
                "Thank you. You will not be matched with them again. You still have each other now: you can end that "
                "on its page, at nobody’s fault."
            )
        return "Thank you. You will not be matched with them."
    return "Thank you. The programme office finds out who is meant, and then you are kept apart."


@my_page
@require_POST
def my_conflict_withdraw(request, pk):
    """Take it back."""
    conflict = get_object_or_404(Conflict.objects.standing(), pk=pk, declared_by=request.user)
    tried(request, lambda: withdraw_conflict(conflict=conflict, by=request.user, now=timezone.now()), "Taken back.")
    return redirect(_conflicts_page(request) or "my_mentor")


def _conflicts_page(request) -> str | None:
    """Where this person's mentoring is: as a mentor, or as a participant; None for somebody who is neither now."""
    if Mentor.objects.filter(person=request.user).exists():
        mark(request, "mentor_home")
        return "mentor_home"
    if not Place.objects.active().filter(person=request.user).exists():
        return None
    mark(request, "my_people")
    return "my_mentor"
