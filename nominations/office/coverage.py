"""Coverage: where every organisation stands, and invitations with a page that names the recipients."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from leaders.components.charts import tile_map
from leaders.components.dates import day, day_time, london_date
from leaders.office.admin import confirm, office_page
from leaders.outbox.models import Message
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.coverage import Stand, coverage, tiles
from nominations.models import Invitation, Round
from nominations.views.frame import posted

from .frame import frame, round_or_404, url


class AnswerForm(forms.Form):
    """Who said that an organisation has nobody, and when."""

    person = forms.ModelChoiceField(Person.objects.none(), label="Who said it", empty_label=None)
    on = forms.DateField(
        label="On which day",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: london_date(timezone.now()),
    )
    reason = forms.CharField(
        label="What they said",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text="Optional. It is kept in the audit trail.",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def clean_on(self):
        if self.cleaned_data["on"] > london_date(timezone.now()):
            raise forms.ValidationError("That day is still to come.")
        return self.cleaned_data["on"]


class AnotherForm(forms.Form):
    """Whom to invite in somebody's place."""

    nominator = forms.ModelChoiceField(
        Person.objects.none(), label="Whom to invite", help_text="Everybody whom we know at this organisation"
    )
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text="Kept in the audit trail",
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nominator"].queryset = people


def current(screen: str):
    """The menu's address of a screen: it leads to the round the office works on."""

    def view(request):
        this = Round.objects.current(timezone.now()) or Round.objects.in_words().first()
        if this is None:
            messages.info(request, "There is no round of nominations yet: it is made with a cohort. Plan one first.")
            return redirect("admin:cohorts_cohort_changelist")
        return redirect(url(screen, this))

    return view


def board(request, pk):
    """Every organisation of a round; `?stand=` shows one kind only."""
    this, now = round_or_404(pk), timezone.now()
    rows = coverage(this, now)
    counts = Counter(row.stand for row in rows)
    wanted = request.GET.get("stand", "")
    wanted = wanted if wanted.upper() in Stand.__members__ else ""
    return office_page(
        request,
        "office/nominations/coverage.html",
        **frame(this, "coverage"),
        title=f"Coverage, {this.cohort.short_name}",
        rows=[row for row in rows if not wanted or row.stand.name.lower() == wanted],
        counts=[(stand.value, counts[stand], stand.name.lower()) for stand in Stand if counts[stand]],
        wanted=wanted,
        map=tile_map(tiles(rows)),
        can_invite=this.is_open(now)
        and any(invitation.invited_at is None for row in rows for invitation in row.invitations),
        invite_url=url("invite", this),
        contacts_url=url("contacts", this) if this.may_be_planned_for(now) else "",
    )


def invite(request, pk):
    """Who is to be invited: nominators planned and not yet written to; the page names each of them."""
    this, now = round_or_404(pk), timezone.now()
    planned = this.invitations.unsent().select_related("organisation", "nominator", "round__cohort__programme",
                                                       "round__cohort__contact")  # fmt: skip
    if one := request.GET.get("organisation", ""):
        planned = planned.filter(organisation=one) if one.isdigit() else planned.none()
    planned = list(planned)
    if now < this.cohort.nominations_open:
        opens = day_time(this.cohort.nominations_open)
        messages.info(request, f"Nominations open on {opens}; invitations can be sent from then on.")
        return redirect(url("coverage", this))
    if not planned:
        messages.info(request, "Everybody who is planned has been invited. Plan a nominator on this board first.")
        return redirect(url("coverage", this))

    def send(reason: str) -> str:
        sent = actions.send_invitations(invitations=planned, by=request.user, now=now)
        return f"{sent} invitation{'' if sent == 1 else 's'} on the way."

    return confirm(
        request,
        title=f"Invite {len(planned)} nominator{'' if len(planned) == 1 else 's'} for {this.cohort.short_name}",
        explain=f"Each gets a letter with a private link. Nominations close on {day_time(this.closes_at)}.",
        lines=[f"{i.nominator.name} ({i.nominator.email}) for {i.organisation}" for i in planned],
        button=f"Send {len(planned)} invitation{'' if len(planned) == 1 else 's'}",
        act=send,
        back=url("coverage", this),
        crumb=f"Coverage, {this.cohort.short_name}",
    )


def answer(request, pk, organisation):
    """Note "nobody this time" as somebody said it on the telephone: who, and in what words."""
    this, now = round_or_404(pk), timezone.now()
    asked = get_object_or_404(Organisation, pk=organisation)
    form = AnswerForm(posted(request), people=_nominators(this, asked))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        words = f"Said to {request.user} on {day(given['on'])}. {given['reason']}".strip()
        try:
            actions.nobody_this_time(
                round=this, organisation=asked, person=given["person"], reason=words, by=request.user, now=now
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{asked} has nobody this time. It is confirmed to {given['person']} by email.")
            return redirect(url("coverage", this))
    return office_page(
        request,
        "office/nominations/answer.html",
        title=f"{asked} has nobody this time",
        cohort=this.cohort,
        form=form,
        people=form.fields["person"].queryset,
        back=url("coverage", this),
    )


def chase(request, pk):
    """Remind one nominator now, after a page that shows the very letter: once a day at most."""
    invitation = get_object_or_404(
        Invitation.objects.select_related("round__cohort", "nominator", "organisation"), pk=pk
    )
    back, planned = url("coverage", invitation.round), actions.next_reminder(invitation)
    try:
        letter = _as_sent_now(invitation, request.user)
    except NotPossible as refused:
        messages.info(request, str(refused))
        return redirect(back)

    def act(reason):
        actions.remind_now(invitation=invitation, by=request.user, now=timezone.now())
        return f"The reminder to {invitation.nominator} is on its way."

    return confirm(
        request,
        title=f"Remind {invitation.nominator} now",
        explain=f"{invitation.organisation}: {_reached(invitation.nominator)}. They get this letter today, in place of "
        f"the one planned for {day(planned.due_at)}, and it counts as one of their mails of this week:",
        lines=[f"{letter.subject}\n\n{letter.text}"],
        button="Send this reminder",
        act=act,
        back=back,
        crumb=f"Coverage, {invitation.round.cohort.short_name}",
    )


def _as_sent_now(invitation: Invitation, by: Person) -> Message:
    """The very message in which they would be reminded now: it is written, and taken back."""
    with transaction.atomic():
        message = actions.remind_now(invitation=invitation, by=by, now=timezone.now())
        transaction.set_rollback(True)
    return message


def another(request, pk):
    """Another contact at an organisation: the invitation is withdrawn, and the new person invited, in one step."""
    found = get_object_or_404(Invitation.objects.select_related("round__cohort", "nominator", "organisation"), pk=pk)
    form = AnotherForm(posted(request), people=Person.objects.filter(organisation=found.organisation, is_active=True))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.invite_instead(invitation=found, by=request.user, now=timezone.now(), **given)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{given['nominator']} is invited for {found.organisation} instead.")
            return redirect(url("coverage", found.round))
    return office_page(
        request,
        "office/nominations/another.html",
        title=f"Somebody else for {found.organisation}",
        invitation=found,
        cohort=found.round.cohort,
        form=form,
        back=url("coverage", found.round),
    )


def _nominators(this: Round, organisation: Organisation):
    return Person.objects.filter(
        invitations__round=this, invitations__organisation=organisation, invitations__withdrawn_at=None
    ).distinct()


def _reached(person: Person) -> str:
    return ", ".join(filter(None, (person.email, person.phone)))
