"""Who begins a nomination or an application, and who wants to be told."""

import uuid

from django import forms

from cohorts.models import Programme
from leaders.components.forms import Form, Look
from leaders.people.models import Organisation


class Start(Form):
    """Who begins: an organisation from our list or as typed, a name, and where the private link goes."""

    form_uuid = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Your organisation", empty_label="Choose one"
    )
    name = forms.CharField(label="Your full name", max_length=150)
    email = forms.EmailField(
        label="Your work email address", max_length=254, help_text="Your private link goes here, and nowhere else"
    )
    looks = {
        "name": Look(autocomplete="name"),
        "email": Look(width=30, autocomplete="email"),
        "organisation": Look(called="your organisation"),
    }

    def __init__(self, programme: Programme, *args, **kwargs):
        kwargs.setdefault("initial", {"form_uuid": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = (
            Organisation.objects.active().of_kinds(self.kinds_of(programme)).only("name", "kind")
        )

    def kinds_of(self, programme: Programme) -> list[str]:
        return programme.nominating_kinds


class StartUnlisted(Start):
    """As Start, where any number of organisations may take part: ours cannot be a complete list."""

    organisation_name = forms.CharField(
        label="Its name, if it is not in the list", max_length=200, required=False, help_text="Leave empty otherwise"
    )
    organisation_kind = forms.ChoiceField(
        label="Its kind, if it is not in the list", required=False, help_text="Leave it at “Choose one” otherwise"
    )
    field_order = ["form_uuid", "organisation", "organisation_name", "organisation_kind", "name", "email"]
    looks = {
        **Start.looks,
        "organisation": Look(mark_optional=False, called="your organisation"),
        "organisation_name": Look(mark_optional=False),
        "organisation_kind": Look(mark_optional=False, called="what kind of organisation it is"),
    }

    def __init__(self, programme, *args, **kwargs):
        super().__init__(programme, *args, **kwargs)
        self.fields["organisation"].required = False
        self.fields["organisation"].label = "Your organisation, if it is in the list"
        kinds = self.kinds_of(programme)
        self.fields["organisation_kind"].choices = [
            ("", "Choose one"),
            *((kind, label) for kind, label in Organisation.Kind.choices if kind in kinds),
        ]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("organisation"):
            if not cleaned.get("organisation_name"):
                self.add_error("organisation", "Choose your organisation, or type its name below")
            elif not cleaned.get("organisation_kind"):
                self.add_error("organisation_kind", "Select what kind of organisation it is")
        return cleaned


class StartApplying(StartUnlisted):
    """As StartUnlisted, for applicants. Whoever works for themselves finds that in the list, and so not among kinds."""

    def __init__(self, programme, *args, **kwargs):
        super().__init__(programme, *args, **kwargs)
        own = self.fields["organisation"].queryset.filter(kind=Organisation.Kind.INDEPENDENT).first()
        if own:
            self.fields["organisation"].help_text = f"If you work for yourself, choose “{own}”"
            kinds = self.fields["organisation_kind"]
            kinds.choices = [choice for choice in kinds.choices if choice[0] != Organisation.Kind.INDEPENDENT]

    def kinds_of(self, programme):
        return programme.applying_kinds


class TellMe(Form):
    email = forms.EmailField(label="Your email address", max_length=254)
    looks = {"email": Look(width=30)}
