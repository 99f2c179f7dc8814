"""Forms of the office."""

from datetime import date, datetime

from django import forms
from django.utils import timezone

from cohorts.dates import USUAL, off_day
from cohorts.models import CaseStudy, Cohort, Criterion, Extension, Place, Programme, ProgrammeRequirement
from cohorts.registry import requirements
from leaders.components.dates import day
from leaders.components.fields import MaxWords
from leaders.office.fields import LinesField
from leaders.people.models import Organisation, Person, Role


class KindsField(forms.MultipleChoiceField):
    """Kinds of organisation."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=Organisation.Kind.choices, **kwargs)


def _plan_field(name: str) -> forms.IntegerField:
    label = f"{Cohort._meta.get_field(name).verbose_name.capitalize()}, days from the start"
    return forms.IntegerField(label=label, initial=USUAL[name])


# A number of days for each of a cohort's dates, declared as fields so that the admin knows them.
PlanForm = type("PlanForm", (forms.ModelForm,), {f"plan_{name}": _plan_field(name) for name in USUAL})


class CohortForm(forms.ModelForm):
    """What of a cohort is no date, and holds whatever was offered meanwhile."""

    class Meta:
        model = Cohort
        fields = ["provider", "venue", "capacity", "contact", "graduation_from", "graduation_until"]

    def clean_capacity(self):
        capacity, taken = self.cleaned_data["capacity"], self.instance.seats_taken
        if capacity < taken:
            raise forms.ValidationError(f"{taken} places are offered or taken already: it cannot hold fewer.")
        return capacity

    def clean_graduation_until(self):
        until, begins = self.cleaned_data["graduation_until"], self.cleaned_data.get("graduation_from")
        if begins and until <= begins:
            raise forms.ValidationError("Graduation ends after it begins.")
        return until


class ProgrammeForm(PlanForm):
    """A programme's rules and the usual dates of its cohorts."""

    nominating_kinds = KindsField(label="Organisations that may nominate", required=False)
    eligible_kinds = KindsField(label="Organisations a nominee may work for")
    applying_kinds = KindsField(label="Whoever works there applies without a nomination", required=False)
    eligible_roles = LinesField(label="Levels of post a nominee may hold", help_text="One a line")

    class Meta:
        model = Programme
        exclude = ["date_plan"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in USUAL:
            self.initial.setdefault(f"plan_{name}", self.instance.date_plan.get(name, USUAL[name]))

    def save(self, commit=True):
        self.instance.date_plan = {name: self.cleaned_data[f"plan_{name}"] for name in USUAL}
        return super().save(commit)


class CriterionForm(forms.ModelForm):
    anchors = LinesField(label="What each score means, from 0 upward", help_text="One a line", rows=5)

    class Meta:
        model = Criterion
        fields = ["order", "key", "title", "guidance", "anchors", "max_score", "weight"]

    def clean(self):
        cleaned = super().clean()
        anchors, most = cleaned.get("anchors"), cleaned.get("max_score")
        if anchors and most and len(anchors) != most + 1:
            self.add_error("anchors", f"Write {most + 1} lines: one for each score from 0 to {most}.")
        if set(self.changed_data) & {"key", "max_score", "weight"} and self.instance.programme_id:
            cohort = self.instance.programme.cohorts.selecting(timezone.now()).first()
            if cohort:
                raise forms.ValidationError(
                    f"{cohort} is being selected by these criteria: their key, highest score and weight stay as they "
                    f"are until {day(cohort.starts_on)}."
                )
        return cleaned


class RequirementForm(forms.ModelForm):
    key = forms.ChoiceField(label="Requirement")

    class Meta:
        model = ProgrammeRequirement
        fields = ["order", "key", "title", "settings"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = {part.key: part.title for part in requirements}
        if self.instance.key:
            known.setdefault(self.instance.key, f"{self.instance.key} (nobody records it any more)")
        self.fields["key"].choices = known.items()


def on_a_working_day(value: date | datetime) -> None:
    """For every date on which something is due: see `off_day`."""
    if problem := off_day(value):
        raise forms.ValidationError(problem)


class NewCohortForm(forms.Form):
    """What a new cohort needs to be known by; the dates follow from it."""

    programme = forms.ModelChoiceField(Programme.objects.filter(is_active=True))
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), validators=[on_a_working_day]
    )  # fmt: skip
    source = forms.ModelChoiceField(
        Cohort.objects.select_related("programme").order_by("-starts_on"), required=False, label="Dates from",
        empty_label="The programme’s own plan", help_text="Or an earlier cohort, moved by whole weeks",
    )  # fmt: skip
    number = forms.IntegerField(min_value=1, max_value=999, required=False, help_text="Blank for the next one")
    contact = forms.ModelChoiceField(
        Person.objects.filter(role_grants__role=Role.DIRECTOR, role_grants__ended_at=None).distinct(),
        label="Signs letters and answers questions",
    )  # fmt: skip
    provider = forms.CharField(max_length=150, required=False, label="Delivered by")
    capacity = forms.IntegerField(min_value=1, max_value=500, required=False, help_text="Blank for the usual")
    venue = forms.CharField(max_length=200, required=False)

    def clean(self):
        cleaned = super().clean()
        programme, source = cleaned.get("programme"), cleaned.get("source")
        if programme and source and source.programme_id != programme.pk:
            self.add_error("source", f"Choose an earlier cohort of {programme}.")
        if programme and not cleaned.get("number"):
            latest = programme.cohorts.order_by("-number").values_list("number", flat=True).first()
            cleaned["number"] = (latest or 0) + 1
        return cleaned


class DatesForm(forms.Form):
    """All dates of a cohort; moments are London time. One that is changed falls on a working day."""

    def __init__(self, *args, leave_out=(), **kwargs):
        super().__init__(*args, **kwargs)
        for name in Cohort.DATES:
            if name in leave_out:
                continue
            field = Cohort._meta.get_field(name)
            label = field.verbose_name.capitalize()
            if field.get_internal_type() == "DateTimeField":
                widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
                self.fields[name] = forms.DateTimeField(label=label, widget=widget, help_text=field.help_text)
            else:
                widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
                self.fields[name] = forms.DateField(label=label, widget=widget, help_text=field.help_text)

    def clean(self):
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if value != self.initial.get(name) and (problem := off_day(value)):
                self.add_error(name, problem)
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea({"rows": 3}), help_text="Kept with the record")


class EmployerForm(ReasonForm):
    organisation = forms.ModelChoiceField(Organisation.objects.active(), label="New employer")
    role_title = forms.CharField(max_length=150, label="Job title there")
    service = forms.CharField(max_length=150, required=False, label="Service or directorate")
    field_order = ["organisation", "role_title", "service", "reason"]


class PersonForm(ReasonForm):
    """Somebody by name and address; both empty for nobody."""

    name = forms.CharField(max_length=150, required=False, label="Full name")
    email = forms.EmailField(required=False, label="Email address", help_text="Both blank for nobody for now")
    field_order = ["name", "email", "reason"]

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("name")) != bool(cleaned.get("email")) and not self.errors:
            raise forms.ValidationError("Give both a name and an address, or neither.")
        return cleaned


class ExtensionForm(ReasonForm):
    what = forms.ChoiceField(choices=Extension.What, label="Which date")
    until = forms.DateField(
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), validators=[on_a_working_day]
    )  # fmt: skip
    field_order = ["what", "until", "reason"]


class TakeUpForm(forms.Form):
    cohort = forms.ModelChoiceField(Cohort.objects.none(), label="In which cohort")

    def __init__(self, *args, place: Place, **kwargs):
        super().__init__(*args, **kwargs)
        open_cohorts = Cohort.objects.filter(status__in=[Cohort.Status.PLANNED, Cohort.Status.LIVE])
        self.fields["cohort"].queryset = open_cohorts.exclude(pk=place.cohort_id).select_related("programme")


class WaiverForm(ReasonForm):
    requirement_key = forms.ChoiceField(label="What is not asked")
    field_order = ["requirement_key", "reason"]

    def __init__(self, *args, place: Place, **kwargs):
        super().__init__(*args, **kwargs)
        asked = place.cohort.programme.requirements.exclude(key__in=place.waivers.values("requirement_key"))
        self.fields["requirement_key"].choices = [(requirement.key, requirement.title) for requirement in asked]


class EndWaiverForm(ReasonForm):
    waiver = forms.ModelChoiceField(queryset=None, label="What is asked after all")
    field_order = ["waiver", "reason"]

    def __init__(self, *args, place: Place, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["waiver"].queryset = place.waivers.all()
        titles = dict(place.cohort.programme.requirements.values_list("key", "title"))
        self.fields["waiver"].label_from_instance = lambda waiver: titles.get(
            waiver.requirement_key, waiver.requirement_key
        )


SUMMARY_WORDS = 100


class CaseStudyForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = CaseStudy
        fields = ["title", "summary", *CaseStudy.TEXTS]
        widgets = {
            name: forms.Textarea({"rows": rows, "cols": 52})
            for name, rows in (
                ("summary", 3),
                ("aims", 7),
                ("participants", 4),
                ("features", 8),
                ("challenges", 6),
                ("impact", 7),
            )
        }
        widgets["title"] = forms.TextInput({"size": 52})
        help_texts = {"features": "One a line", "challenges": "One a line"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        for name in self.Meta.fields:
            self.fields[name].required = False  # a draft may have gaps; approval asks for the rest
        self.fields["summary"].validators.append(MaxWords(SUMMARY_WORDS))
        self.fields[
            "summary"
        ].help_text = f"Two or three sentences at the top of the page, {SUMMARY_WORDS} words at most"


class ProposeForm(forms.Form):
    """Words of a participant that the office would like to publish."""

    place = forms.ModelChoiceField(Place.objects.none(), label="Whose words")
    words = forms.CharField(widget=forms.Textarea({"rows": 3, "cols": 36}), max_length=600)

    def __init__(self, *args, cohort: Cohort, **kwargs):
        super().__init__(*args, **kwargs)
        taking_part = cohort.places.filter(status__in=[Place.Status.ACTIVE, Place.Status.GRADUATED])
        self.fields["place"].queryset = taking_part.select_related("person", "cohort")
        self.fields["place"].label_from_instance = lambda place: place.person.name
