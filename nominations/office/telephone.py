"""What somebody at an organisation says on the telephone, noted by the office for them."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from leaders.components.dates import day
from leaders.office.admin import confirm, office_page
from leaders.people.models import Organisation
from leaders.people.refusals import NotPossible
from nominations import actions
from nominations.models import Invitation, NobodyThisTime
from nominations.views.frame import posted

from .frame import round_or_404, url


class NamedForm(forms.Form):
    """Whom a nominator named; the rest they write themselves."""

    nominee_name = forms.CharField(label="Whom they nominate", max_length=150)
    nominee_email = forms.EmailField(
        label="Email address of that person", required=False, max_length=254, help_text="If they said it"
    )
    nominee_role_title = forms.CharField(
        label="Job title of that person", required=False, max_length=150, help_text="If they said it"
    )
    why = forms.CharField(
        label="What they said about why",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4, "cols": 60}),
    )

    def __init__(self, *args, first: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = f"Optional. It goes to “{first}”, and they can change it."


def named(request, pk):
    """Begin a nomination in the name of an invited nominator, who checks and sends it; one that is there is led to."""
    found = get_object_or_404(
        Invitation.objects.select_related("round__cohort__programme", "nominator", "organisation"), pk=pk
    )
    begun = actions.begun_with(found)
    if begun:
        messages.info(request, f"{found.nominator} has begun a nomination already: {begun.reference}.")
        return redirect("admin:nominations_nomination_change", begun.pk)
    first = found.round.cohort.programme.criteria.first()
    form = NamedForm(posted(request), first=first.title if first else "")
    if not first:
        del form.fields["why"]
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.note_nomination(
                invitation=found, by=request.user, now=timezone.now(), **form.cleaned_data
            )  # fmt: skip
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                f"{draft.reference} is begun for {found.nominator}, who is asked by email to check and send it.",
            )
            return redirect(url("coverage", found.round))
    return office_page(
        request,
        "office/nominations/named.html",
        title=f"{found.organisation} nominates somebody",
        invitation=found,
        cohort=found.round.cohort,
        form=form,
        back=url("coverage", found.round),
    )


def after_all(request, pk, organisation):
    """Take "nobody this time" back for an organisation that has found somebody."""
    this, asked = round_or_404(pk), get_object_or_404(Organisation, pk=organisation)
    back = url("coverage", this)
    said = NobodyThisTime.objects.filter(round=this, organisation=asked, undone_at=None).select_related("person")
    said = said.first()
    if said is None:
        messages.info(request, f"{asked} has not said that it has nobody.")
        return redirect(back)

    def act(reason):
        actions.take_nobody_back(round=this, organisation=asked, reason=reason, by=request.user, now=timezone.now())
        return f"{asked} may nominate after all."

    return confirm(
        request,
        title=f"{asked} has somebody after all",
        explain="Their invitation and its link stand again, and reminders go on. Nobody is written to.",
        lines=[f"{said.person} said on {day(said.said_at)} that they have nobody this time."],
        button="They have somebody after all",
        act=act,
        back=back,
        crumb=f"Coverage, {this.cohort.short_name}",
        needs_reason=True,
    )
