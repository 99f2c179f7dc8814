"""Named changes to one nomination or invitation, each with its reason and a page that says what happens."""

from datetime import date, datetime, time

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohorts.office.forms import on_a_working_day
from leaders.components.dates import LONDON, day_time
from leaders.office.admin import confirm, office_page
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.models import Invitation, Nomination, Offer, Replacement
from nominations.views.frame import posted

State = Nomination.State


class ExtendForm(forms.Form):
    until = forms.DateField(
        label="New deadline",
        help_text="Until 5pm on that day",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[on_a_working_day],
    )
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text="Kept in the audit trail",
    )


def _page(record) -> str:
    return reverse(f"admin:nominations_{record._meta.model_name}_change", args=[record.pk])


def _extend(request, record, name: str, deadline: datetime, act):
    form = ExtendForm(posted(request))
    if request.method == "POST" and form.is_valid():
        on: date = form.cleaned_data["until"]
        until = datetime.combine(on, time(17), LONDON)
        try:
            act(until=until, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{name} now has until {day_time(until)}.")
            return redirect(_page(record))
    return office_page(
        request,
        "office/nominations/extend.html",
        title=f"More time for {name}",
        name=name,
        form=form,
        deadline=deadline,
        back=_page(record),
    )


def extend_invitation(request, pk):
    found = get_object_or_404(Invitation.objects.select_related("round__cohort__contact", "nominator"), pk=pk)

    def act(**given):
        actions.extend_deadline(subject=found, **given)

    return _extend(request, found, str(found.nominator), found.deadline, act)


def extend_nomination(request, pk):
    """More time to send a draft, to answer a nomination, or to answer an offer."""
    found = get_object_or_404(Nomination.objects.in_words(), pk=pk)
    offer = Offer.objects.open().filter(nomination=found).first()

    def act(**given):
        if offer:
            actions.extend_offer(offer=offer, **given)
        else:
            actions.extend_deadline(subject=found, **given)

    deadline = offer.expires_at if offer else found.deadline if found.is_draft else found.answer_deadline
    return _extend(request, found, found.reference, deadline, act)


def _seat(nomination: Nomination) -> str:
    """What becomes of an offered seat, in words; nothing where none was offered."""
    return ", and the seat it was offered is free again" if nomination.state == State.OFFERED else ""


def withdraw(request, pk):
    found = get_object_or_404(Nomination.objects.in_words(), pk=pk)

    def act(reason):
        actions.withdraw_nomination(nomination=found, reason=reason, by=request.user, now=timezone.now())
        return f"{found.reference} was withdrawn."

    return confirm(
        request,
        title=f"Withdraw {found.reference}",
        explain=f"It goes no further{_seat(found)}. These people are written to:",
        lines=[str(person) for person in (found.nominee, found.nominator) if person],
        button="Withdraw",
        act=act,
        back=_page(found),
        crumb=str(found),
        needs_reason=True,
        danger=True,
    )


def defer(request, pk):
    found = get_object_or_404(Nomination.objects.in_words(), pk=pk)

    def act(reason):
        actions.defer_nomination(nomination=found, reason=reason, by=request.user, now=timezone.now())
        return f"{found.reference} was deferred."

    return confirm(
        request,
        title=f"Defer {found.reference} to a later cohort",
        explain=f"It ends in this cohort{_seat(found)}. These people are written to:",
        lines=[str(person) for person in (found.nominee, found.nominator) if person],
        button="Defer",
        act=act,
        back=_page(found),
        crumb=str(found),
        needs_reason=True,
    )


def withdraw_invitation(request, pk):
    found = get_object_or_404(Invitation.objects.select_related("round__cohort", "nominator", "organisation"), pk=pk)

    def act(reason):
        actions.withdraw_invitation(invitation=found, reason=reason, by=request.user, now=timezone.now())
        return "The invitation was withdrawn."

    return confirm(
        request,
        title=f"Withdraw the invitation to {found.nominator}",
        explain="The private link stops working. Nobody is written to. What was begun with it stays.",
        lines=[str(found)],
        button="Withdraw",
        act=act,
        back=_page(found),
        crumb=str(found),
        needs_reason=True,
        danger=True,
    )


def agree(request, pk):
    """The office decides for the colleague who was asked."""
    found = get_object_or_404(
        Replacement.objects.select_related("draft__round__cohort", "standing__nominee", "standing__nominator"), pk=pk
    )

    def act(reason):
        sent = actions.agree_to_replace(replacement=found, reason=reason, by=request.user, now=timezone.now())
        return f"{sent.reference} takes the place of {found.standing.reference}."

    return confirm(
        request,
        title=f"Let {found.draft} take the place of {found.standing}",
        explain="The new nomination is sent at once. The earlier nominee is told, kindly, that theirs goes no further.",
        lines=[
            f"{found.draft.reference}: {found.draft.nominee_name}, by {found.draft.nominator_name}",
            f"{found.standing.reference}: {found.standing.nominee_name}, by {found.standing.nominator_name}",
        ],
        button="Replace",
        act=act,
        needs_reason=True,
        back=reverse("admin:nominations_replacement_changelist"),
        crumb="Replacements",
    )
