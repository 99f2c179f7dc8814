"""What either of the two does in a mentorship. Each page is found by the two alone."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from leaders.components.dates import day, london, london_date
from leaders.home.views import my_page
from mentoring.actions import (
    agree,
    answer_review,
    ask_to_talk,
    call_off_meeting,
    change_agreement,
    change_meeting,
    decline_mentorship,
    end_mentorship,
    plan_meeting,
    record_meeting,
    remove_meeting,
    remove_note,
    write_note,
)
from mentoring.actions.mentorships import has_declined, too_late_to_decline
from mentoring.forms import AgreementForm, EndForm, MeetingForm, NoteForm, PlanForm, ReviewForm, no_later_than
from mentoring.models import Meeting, MentorshipReview, PrivateNote, Side
from mentoring.relationship import (
    AGREEMENT_READERS,
    NOTES_READERS,
    RECORD_READERS,
    agreement_of,
    heading_of,
    hears_of_it,
    page_of,
    wish_to_talk,
)

from .frame import framed, mine, question, tried


def _asked(request, mentorship, side, form, *, act, done, template="components/question_page.html", **context):
    """One question about a mentorship: shown, then done, then back to its page."""
    back = page_of(mentorship, side)
    if request.method == "POST" and form.is_valid() and tried(request, act, done):
        return redirect(back)
    name = mentorship.other(side).first_name
    context |= {"form": form, "back_url": back, "back_label": f"You and {name}", "mentorship": mentorship}
    return render(request, template, framed(mentorship.cohort, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request, pk):
    """Record a meeting: date and mode, never what was said."""
    mentorship, side = mine(request, pk)
    now = timezone.now()
    today = london_date(now)
    initial = {"on": london_date(mentorship.next_at) if mentorship.next_at and mentorship.next_at <= now else today}
    form = no_later_than(
        MeetingForm(request.POST or None, initial={**initial, "mode": mentorship.next_mode}), "on", today
    )
    return _asked(
        request, mentorship, side, form, heading="Record a meeting", readers=RECORD_READERS, button="Record meeting",
        act=lambda: record_meeting(mentorship=mentorship, by=request.user, now=now, **form.cleaned_data),
        done="Recorded. Thank you.",
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request, pk, meeting):
    """Correct a meeting, or what one found of it oneself; either of the two may."""
    mentorship, side = mine(request, pk)
    met = _meeting(mentorship, meeting)
    now = timezone.now()
    useful = {True: "yes", False: "no"}.get(getattr(met, f"useful_{side}"))
    initial = {"on": met.on, "mode": met.mode, "useful": useful}
    form = no_later_than(MeetingForm(request.POST or None, initial=initial), "on", london_date(now))
    return _asked(
        request, mentorship, side, form, heading=f"Your meeting on {day(met.on)}", readers=RECORD_READERS,
        button="Save", template="mentoring/meeting.html", meeting=met,
        act=lambda: change_meeting(meeting=met, by=request.user, now=now, **form.cleaned_data),
        done="Corrected for both of you.",
    )  # fmt: skip


@my_page
@require_POST
def meeting_away(request, pk, meeting):
    """Take back a meeting that was recorded by mistake."""
    mentorship, side = mine(request, pk)
    act = partial(remove_meeting, meeting=_meeting(mentorship, meeting), by=request.user, now=timezone.now())
    tried(request, act, "Removed, for both of you.")
    return redirect(page_of(mentorship, side))


def _meeting(mentorship, pk) -> Meeting:
    found = get_object_or_404(Meeting, pk=pk, mentorship=mentorship)
    found.mentorship = mentorship
    return found


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, pk):
    """Set the next meeting, within the programme's year, or call it off."""
    mentorship, side = mine(request, pk)
    now = timezone.now()
    planned = london(mentorship.next_at) if mentorship.next_at else None
    initial = {"mode": mentorship.next_mode, "where": mentorship.next_where} | (
        {"on": planned.date(), "at": planned.strftime("%H:%M")} if planned else {}
    )
    form = no_later_than(PlanForm(request.POST or None, initial=initial), "on", mentorship.cohort.ends_on)
    other = mentorship.other(side).first_name
    return _asked(
        request, mentorship, side, form, heading="When do you meet next?", button="Save",
        template="mentoring/plan.html", other=other,
        intro=f"{other} gets an email, and both of you have it among your dates.",
        act=lambda: plan_meeting(
            mentorship=mentorship, at=form.moment, mode=form.cleaned_data["mode"], where=form.cleaned_data["where"],
            by=request.user, now=now,
        ),
        done="Saved for both of you.",
    )  # fmt: skip


@my_page
@require_POST
def call_off(request, pk):
    """We have no date any more."""
    mentorship, side = mine(request, pk)
    act = partial(call_off_meeting, mentorship=mentorship, by=request.user, now=timezone.now())
    tried(request, act, f"The date is taken back, and {mentorship.other(side).first_name} hears of it.")
    return redirect(page_of(mentorship, side))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request, pk):
    """Write the agreement; the other is asked to say yes to it again."""
    mentorship, side = mine(request, pk)
    now = timezone.now()
    stands = agreement_of(mentorship)
    fields = ("aims", "frequency", "ending", "version")
    form = AgreementForm(request.POST or None, initial={name: getattr(stands, name) for name in fields})
    other = mentorship.other(side).first_name
    meanwhile = None
    if request.method == "POST" and form.data.get("version") != str(stands.version):
        # Both texts are on the page; the next save is of the one that stands.
        meanwhile = stands
        form = AgreementForm({**form.data.dict(), "version": stands.version})
        form.add_error(None, f"{other} or you changed the agreement meanwhile. Both texts are kept below.")
    return _asked(
        request, mentorship, side, form, heading="Our agreement", readers=AGREEMENT_READERS,
        template="mentoring/agreement.html", button="Save and say yes to it", meanwhile=meanwhile,
        act=lambda: change_agreement(mentorship=mentorship, by=request.user, now=now, **form.cleaned_data),
        done=f"Saved. It waits for {other}’s yes: {hears_of_it(mentorship.other(side))}.",
    )  # fmt: skip


@my_page
@require_POST
def say_yes(request, pk):
    """Agree to the agreement as it was shown."""
    mentorship, side = mine(request, pk)
    version = request.POST.get("version", "")
    act = partial(
        agree,
        mentorship=mentorship,
        version=int(version) if version.isdigit() else 0,
        by=request.user,
        now=timezone.now(),
    )
    tried(request, act, "You have said yes to your agreement.")
    return redirect(page_of(mentorship, side))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request, pk):
    """Notes for oneself."""
    mentorship, side = mine(request, pk)
    form = NoteForm(request.POST or None)
    kept = list(PrivateNote.objects.filter(mentorship=mentorship, person=request.user))
    return _asked(
        request, mentorship, side, form, heading="My notes", readers=NOTES_READERS, button="Keep this note",
        template="mentoring/notes.html", notes=kept,
        act=lambda: write_note(
            mentorship=mentorship, words=form.cleaned_data["words"], by=request.user, now=timezone.now()
        ),
        done="Kept, for you alone.",
    )  # fmt: skip


@my_page
@require_POST
def note_away(request, pk, note):
    """Throw a note away."""
    mentorship, _ = mine(request, pk)
    found = get_object_or_404(PrivateNote, pk=note, mentorship=mentorship, person=request.user)
    remove_note(note=found, by=request.user)
    messages.success(request, "Thrown away.")
    return redirect("mentorship_notes", pk)


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request, pk):
    """Decline before it begins, once, without a reason; after that, have the office get in touch."""
    mentorship, side = mine(request, pk)
    back = page_of(mentorship, side)
    context = {
        "mentorship": mentorship,
        "other": mentorship.other(side),
        "is_mentor": side == Side.MENTOR,
        "back_url": back,
        "talk": wish_to_talk(mentorship, side),
    }
    if why_not := too_late_to_decline(mentorship, side):
        messages.info(request, why_not)
        return redirect(back)
    if has_declined(mentorship, side):
        if request.method == "POST":
            name = mentorship.cohort.contact.name
            act = partial(ask_to_talk, mentorship=mentorship, by=request.user, now=timezone.now())
            tried(request, act, f"{name} gets in touch with you. Until then nothing happens to the match.")
            return redirect(back)
        return render(request, "mentoring/decline_again.html", framed(mentorship.cohort, **context))
    if request.method == "POST":
        act = partial(decline_mentorship, mentorship=mentorship, by=request.user, now=timezone.now())
        done = (
            "Declined. We look for somebody else for you, and write as soon as we have somebody."
            if side == Side.MENTEE
            else "Declined. Thank you for saying so early."
        )
        if tried(request, act, done):
            return redirect("my_mentor" if side == Side.MENTEE else "mentor_home")
        return redirect(back)
    return render(request, "mentoring/decline.html", framed(mentorship.cohort, **context))


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pk):
    """End it, at nobody's fault."""
    mentorship, side = mine(request, pk)
    is_mentor = side == Side.MENTOR
    form = EndForm(request.POST or None)
    if is_mentor:
        form.fields.pop("rematch")
        form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        rematch = is_mentor or form.cleaned_data["rematch"] == "yes"
        act = partial(end_mentorship, mentorship=mentorship, by=request.user, now=timezone.now(), rematch=rematch)
        if tried(request, act, f"The mentorship with {mentorship.other(side).first_name} has ended."):
            return redirect("mentor_home" if is_mentor else "my_mentor")
        return redirect(page_of(mentorship, side))
    other = mentorship.other(side)
    return question(
        request, form, mentorship.cohort, heading=f"End the mentorship with {other.first_name}?",
        intro="It can end at any time, at nobody’s fault. No reason is asked for, and what you told each other stays "
        f"between you. {other.first_name} gets a kind email.",
        button="End the mentorship", back_url=page_of(mentorship, side), back_label=f"You and {other.first_name}",
    )  # fmt: skip


@my_page
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, pk, kind):
    """How it is going: half way, or at the end."""
    mentorship, side = mine(request, pk)
    own = mentorship.reviews.filter(kind=kind, side=side).first()
    waits = own is not None and own.wants_to_talk and own.talked_at is None
    initial = {"going": own.going, "wants_to_talk": waits} if own else {}
    form = ReviewForm(request.POST or None, initial=initial)
    return _asked(
        request, mentorship, side, form, heading=heading_of(kind), button="Send",
        intro=f"You answered on {day(own.answered_at)}. You can change your answer here." if own else "",
        readers=f"the programme office. {mentorship.other(side).first_name} never sees your answer.",
        act=lambda: answer_review(
            mentorship=mentorship, kind=MentorshipReview.Kind(kind), by=request.user, now=timezone.now(),
            **form.cleaned_data,
        ),
        done="Thank you. We write if you would like to talk.",
    )  # fmt: skip
