"""What the office fills in during the year, in the admin's own look."""

from datetime import timedelta

from django import forms

from cohorts.models import Cohort
from leaders.components.dates import day, london_date
from leaders.office.fields import day_box, moment
from leaders.people.refusals import NotPossible
from modules.files import MAX_SIZE, WELCOME, check
from modules.models import Module, Session


def open_cohorts():
    """The cohorts that something can still be added to, newest first, in one query."""
    statuses = [Cohort.Status.PLANNED, Cohort.Status.LIVE]
    return Cohort.objects.filter(status__in=statuses).select_related("programme")


class ModuleField(forms.ModelChoiceField):
    """A module of an open cohort, said with its cohort: every cohort has a module 1."""

    def __init__(self, **kwargs):
        modules = Module.objects.filter(cohort__in=open_cohorts()).select_related("cohort__programme")
        super().__init__(modules.order_by("-cohort__starts_on", "number"), **kwargs)

    def label_from_instance(self, module):
        return f"{module.cohort}: {module}"


class SessionForm(forms.ModelForm):
    """A session's title, times and place, with what the action would refuse said beside the field."""

    starts = moment("Starts")
    ends = moment("Ends")
    online_link = forms.URLField(max_length=400, required=False, assume_scheme="https")
    cohort = forms.ModelChoiceField(open_cohorts())
    module = ModuleField(required=False)

    class Meta:
        model = Session
        fields = ["cohort", "module", "title", "starts", "ends", "place", "online_link"]

    def clean(self):
        cleaned = super().clean()
        if "back" in self.data:  # from the page that says who is told
            raise forms.ValidationError("Nothing is saved yet. Change what you like, then save it.")
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", "The session must end after it starts.")
        if self.instance.pk and "starts" in self.changed_data and self.instance.attendance.exists():
            self.add_error("starts", "Its attendance is recorded already, so it cannot move.")
        module = cleaned.get("module") or self.instance.module
        if starts and module:
            self._keep_the_order(module, starts)
        return cleaned

    def _keep_the_order(self, module, starts):
        """The cohort begins with its first module: not before onboarding is due, nor after the narratives are."""
        cohort = module.cohort
        others = cohort.sessions.kept().module_days().exclude(pk=self.instance.pk).values_list("starts", flat=True)
        first = london_date(min([starts, *others]))
        if not cohort.onboarding_due <= first < cohort.narratives_due:
            self.add_error(
                "starts",
                f"{cohort.name} would begin on {day(first)}. It begins between {day(cohort.onboarding_due)}, when "
                f"onboarding is due, and {day(cohort.narratives_due)}, when narratives are.",
            )


class VenueForm(forms.Form):
    venue = forms.CharField(max_length=200, help_text="With its postcode, such as Toynbee Hall, E1 6LS")


class MaterialForm(forms.Form):
    """A file or a link; with a date it is reading."""

    title = forms.CharField(max_length=150)
    url = forms.URLField(label="Link", max_length=400, required=False, assume_scheme="https")
    file = forms.FileField(required=False, help_text=f"{WELCOME}, up to {MAX_SIZE // 1024 // 1024} MB")
    due_on = forms.DateField(
        label="Read by",
        required=False,
        widget=day_box(),
        help_text="Only for reading that participants are asked to do",
    )
    minutes = forms.IntegerField(label="Minutes to read", min_value=1, max_value=600, required=False)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file:
            try:
                check(file, name=file.name, size=file.size)
            except NotPossible as refused:
                raise forms.ValidationError(str(refused)) from refused
        return file

    def clean(self):
        cleaned = super().clean()
        if "file" in cleaned and "url" in cleaned and bool(cleaned["file"]) == bool(cleaned["url"]):
            self.add_error("url", "Choose a file or enter a link, not both.")
        if cleaned.get("due_on") and not cleaned.get("minutes"):
            self.add_error("minutes", "Say how many minutes it takes to read, so that people can plan.")
        return cleaned


class SpeakerForm(forms.Form):
    session = forms.ModelChoiceField(Session.objects.none(), label="Day")
    name = forms.CharField(max_length=150)
    role_title = forms.CharField(label="Role", max_length=150, required=False)
    topic = forms.CharField(max_length=200, required=False)
    bio = forms.CharField(label="Introduction", widget=forms.Textarea(attrs={"rows": 3, "cols": 60}), required=False)

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = sessions


class CatchUpTaskForm(forms.Form):
    task = forms.CharField(
        max_length=400, widget=forms.Textarea(attrs={"rows": 3, "cols": 60}), help_text="One task, in a sentence"
    )
    minutes = forms.IntegerField(label="Minutes it takes", min_value=1, max_value=600)
    due_on = forms.DateField(label="By", widget=day_box())

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = london_date(now)
        self.fields["due_on"].initial = self.today + timedelta(weeks=3)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on <= self.today:
            raise forms.ValidationError("The date to catch up by must be in the future.")
        return due_on
