"""The equality form, at a link of its own."""

from django import forms
from django.shortcuts import render

from leaders.components.forms import Form, Look
from nominations import actions, links
from nominations.equality import question_set, questions
from nominations.models import EqualityReturn
from nominations.models.equality import pseudonyms

from .frame import by_link, find_nomination, frame, posted


class EqualityForm(Form):
    """Every question of the set, each of them optional."""

    mark_optional = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions():
            self.fields[question.key] = forms.ChoiceField(
                label=question.text,
                help_text=question.hint,
                choices=[(option, option) for option in question.options],
                widget=forms.RadioSelect,
                required=False,
            )

    @property
    def looks(self):
        return {question.key: Look(bold=True, small=True) for question in questions()}


@by_link(links.EQUALITY, find_nomination)
def equality(request, nomination, link, now):
    """Answer, change or delete; nobody can see whose answers they are."""
    what, nobody = ("application", "your sponsor") if nomination.is_application else ("nomination", "your nominator")
    kept = EqualityReturn.objects.filter(pseudonym__in=pseudonyms(nomination)).first()
    form = EqualityForm(posted(request), initial=kept.answers if kept else None)
    if request.method == "POST" and "delete" in request.POST:
        actions.save_equality_return(nomination=nomination, question_set=question_set(), answers={})
        return _thank(request, nomination, "Your answers are deleted", "Nothing is kept.")
    if request.method == "POST" and "skip" in request.POST:
        return _thank(
            request, nomination, "Thank you", "You have answered none of these questions, and will not be asked again."
        )
    if request.method == "POST" and form.is_valid():
        actions.save_equality_return(
            nomination=nomination, question_set=question_set(), answers=form.cleaned_data
        )  # fmt: skip
        if not any(form.cleaned_data.values()):
            return _thank(
                request, nomination, "Thank you", "You have answered none of these questions: nothing is kept."
            )
        return _thank(
            request,
            nomination,
            "Thank you",
            f"Your answers are kept apart from your {what}, and appear only in totals. With the same link you can "
            "change or delete them.",
        )
    return render(
        request,
        "nominations/equality.html",
        {
            **frame(nomination.round),
            "form": form,
            "kept": kept,
            "heading": "Equality questions",
            "readers": f"Nobody sees whose answers these are: not the panel, not {nobody}, not the programme. "
            "They appear only in totals, with small numbers left out.",
            "button": "Save my answers",
        },
    )


def _thank(request, nomination, heading, lede):
    return render(
        request,
        "nominations/notice.html",
        {
            **frame(nomination.round),
            "heading": heading,
            "lede": lede,
            "alone": True,
            "onward": (nomination.cohort.programme.get_absolute_url(), "About the programme"),
        },
    )
