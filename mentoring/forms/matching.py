"""What is said before a match: wishes and choices, what a mentor offers, with whom somebody cannot be matched."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError

from leaders.components.fields import DatePartsField, MaxWords, WordsField
from leaders.components.forms import Form, Look
from leaders.components.text import upper_first
from leaders.people.models import Organisation
from mentoring.models import Conflict, MatchCriterion, Mode, Preference

# What both may choose to share; counted only where both did, and never named to anybody.
SHARES = (
    ("woman", "Being a woman in a senior post"),
    ("ethnic-minority", "Being from a Black, Asian or other ethnic minority background"),
    ("disabled", "Being disabled, or living with a long-term condition"),
    ("lgbtq", "Being lesbian, gay, bisexual, trans or queer"),
    ("carer", "Caring for children or adults"),
    ("first", "Being the first in my family in such a post"),
    ("faith", "Living by a faith"),
)


LEVELS = (
    (0, "Not my field"), (1, "A little"), (2, "Some experience"), (3, "A lot of experience"), (4, "I have led in it"),
)  # fmt: skip


MOST_GOALS = 200  # words


TICKED, MOST = 2, 4  # the importance of what was ticked, and of what matters most


GROUPS = (
    (MatchCriterion.Group.THEME, "What would you like to think about with somebody?"),
    (MatchCriterion.Group.SERVICE, "Which services should they know from within?"),
    (MatchCriterion.Group.STEP, "Which steps should they have taken themselves?"),
)


def criteria_by_group() -> dict[str, list[MatchCriterion]]:
    found: dict[str, list[MatchCriterion]] = {group: [] for group, _ in GROUPS}
    for criterion in MatchCriterion.objects.asked():
        found[criterion.group].append(criterion)
    return found


class WishesForm(Form):
    """What a participant looks for in a mentor."""

    modes = forms.MultipleChoiceField(
        label="How could you meet?", choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    looking_for = WordsField(label="What do you hope for from a mentor?", max_words=150, rows=5, required=False)
    goals = WordsField(
        label="What are you working on?", max_words=MOST_GOALS, rows=6, required=False,
        help_text="Your mentor reads this once you are matched.",
    )  # fmt: skip
    shares = forms.MultipleChoiceField(
        label="Is there something you would like to have in common?", choices=SHARES, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only if you want to. It counts a little where your mentor chose it too; nobody is told which.",
    )  # fmt: skip
    looks = {
        "modes": Look(bold=True, small=True, called="how you could meet"),
        "looking_for": Look(bold=True),
        "goals": Look(bold=True),
        "from_plan": Look(bold=True, small=True),
        "shares": Look(bold=True, small=True),
        **{group: Look(bold=True, small=True, mark_optional=False) for group, _ in GROUPS},
        "most": Look(bold=True, mark_optional=False),
    }
    field_order = [*(group for group, _ in GROUPS), "most", "modes", "looking_for", "goals", "from_plan", "shares"]

    def __init__(self, *args, plan: Sequence[str] = (), **kwargs):
        """`plan` is the goals of the learning plan: each is told to the mentor only where it is ticked."""
        super().__init__(*args, **kwargs)
        if plan:
            self.fields["from_plan"] = forms.MultipleChoiceField(
                label="Which goals of your learning plan may your mentor read too?",
                choices=[(goal, goal) for goal in plan],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Those you tick are added to what you work on",
            )
        by_group = criteria_by_group()
        for group, question in GROUPS:
            choices = [(each.key, upper_first(each.label)) for each in by_group[group]]
            self.fields[group] = forms.MultipleChoiceField(
                label=question, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
        everything = [
            ("", "All of it alike"),
            *(choice for group, _ in GROUPS for choice in self.fields[group].choices),
        ]
        self.fields["most"] = forms.ChoiceField(
            label="Which of these matters most?", choices=everything, required=False
        )
        self.order_fields(self.field_order)

    @property
    def works_on(self) -> str:
        """What they work on: their own words, and the goals they ticked."""
        return "\n".join(filter(None, [self.cleaned_data.get("goals"), *self.cleaned_data.get("from_plan", [])]))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("from_plan"):
            try:
                MaxWords(MOST_GOALS)(self.works_on)
            except ValidationError as error:
                self.add_error("from_plan", error)
        return cleaned

    @property
    def wants(self) -> dict[str, int]:
        """Importance by criterion."""
        ticked = {key: TICKED for group, _ in GROUPS for key in self.cleaned_data[group]}
        most = self.cleaned_data["most"]
        return ticked | ({most: MOST} if most else {})

    @staticmethod
    def initial_of(profile) -> dict:
        """What was said before, as this form asks it."""
        if profile is None:
            return {"modes": Mode.values}
        most = max(profile.wants.items(), key=lambda item: item[1], default=("", 0))
        return {
            **{group: list(profile.wants) for group, _ in GROUPS},
            "most": most[0] if most[1] == MOST else "",
            "modes": profile.modes,
            "looking_for": profile.looking_for,
            "goals": profile.goals,
            "shares": profile.shares,
        }


class ChoicesForm(Form):
    """Up to four mentors, first choice first."""

    NAMES = ("first", "second", "third", "fourth")

    def __init__(self, *args, mentors, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.mentors = {str(mentor.pk): mentor for mentor in mentors}
        choices = [("", "Nobody in particular"), *((key, label(mentor)) for key, mentor in self.mentors.items())]
        for name in self.NAMES[: Preference.MOST]:
            self.fields[name] = forms.ChoiceField(label=f"{name.capitalize()} choice", choices=choices, required=False)

    def clean(self):
        cleaned = super().clean()
        seen = set()
        for name in self.NAMES:
            chosen = cleaned.get(name)
            if chosen and chosen in seen:
                self.add_error(name, f"Choose somebody else as your {name} choice, or nobody")
            seen.add(chosen)
        return cleaned

    looks = {name: Look(mark_optional=False) for name in NAMES}

    @property
    def chosen(self) -> list:
        return [self.mentors[key] for name in self.NAMES if (key := self.cleaned_data[name])]


class OfferForm(Form):
    """What a mentor offers, how many people they take, and how they can meet."""

    LEVEL = "level-"

    capacity = forms.TypedChoiceField(
        label="How many people could you mentor at a time?", coerce=int, widget=forms.RadioSelect,
        choices=[(1, "One"), (2, "Two"), (3, "Three")],
    )  # fmt: skip
    modes = forms.MultipleChoiceField(
        label="How could you meet?", choices=Mode.choices, widget=forms.CheckboxSelectMultiple
    )
    meets_at = forms.CharField(label="Where could you meet in person?", max_length=150, required=False)
    availability = forms.CharField(
        label="When are you usually free?", max_length=200, required=False, help_text="Such as mornings, not in August"
    )
    offer = WordsField(
        label="What could you offer, in your own words?", max_words=120, rows=5,
        help_text="Participants read this when they say whom they would choose.",
    )  # fmt: skip
    shares = forms.MultipleChoiceField(
        label="Is there something you would like to have in common?", choices=SHARES, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only if you want to. It counts a little where the other chose it too; nobody is told which.",
    )  # fmt: skip
    looks = {
        "capacity": Look(bold=True, small=True, called="how many people you could mentor"),
        "modes": Look(bold=True, small=True, called="how you could meet"),
        "meets_at": Look(bold=True),
        "availability": Look(bold=True),
        "offer": Look(bold=True, called="what you could offer"),
        "shares": Look(bold=True, small=True),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = []
        for group, criteria in criteria_by_group().items():
            names = []
            for criterion in criteria:
                name = self.name_of(criterion.key)
                self.fields[name] = forms.TypedChoiceField(
                    label=upper_first(criterion.label),
                    choices=LEVELS,
                    coerce=int,
                    initial=0,
                    required=False,
                    empty_value=0,
                )
                names.append(name)
            self.looks = {**self.looks, **dict.fromkeys(names, Look(mark_optional=False))}
            self.groups.append((MatchCriterion.Group(group).label, names))

    @classmethod
    def name_of(cls, key: str) -> str:
        """The field that asks about a criterion, whose key the office chose: never one of the form's own names."""
        return cls.LEVEL + key

    @property
    def levels_by_group(self):
        """(heading, bound fields) of the criteria, for the page."""
        return [(heading, [self[name] for name in names]) for heading, names in self.groups]

    @property
    def words(self):
        """The other questions, in order."""
        return [self[name] for name in ("capacity", "offer", "modes", "meets_at", "availability", "shares")]

    @property
    def given(self) -> dict:
        """What the action takes."""
        cleaned = self.cleaned_data
        names = ("capacity", "modes", "meets_at", "availability", "offer", "shares")
        levels = {name.removeprefix(self.LEVEL): cleaned[name] for _, found in self.groups for name in found}
        return {**{name: cleaned[name] for name in names}, "offers": levels}

    @staticmethod
    def initial_of(mentor) -> dict:
        if mentor is None:
            return {"capacity": 1, "modes": Mode.values}
        levels = {OfferForm.name_of(key): level for key, level in mentor.offers.items()}
        names = ("capacity", "modes", "meets_at", "availability", "offer", "shares")
        return {**{name: getattr(mentor, name) for name in names}, **levels}


class RestForm(Form):
    """Until when a mentor takes nobody new."""

    until = DatePartsField(label="Until when would you rather take nobody new?", help_text="For example, 1 9 2027")
    looks = {"until": Look(called="the date", heading=True)}


class ConflictForm(Form):
    """Somebody with whom one cannot be matched."""

    kind = forms.ChoiceField(
        label="What is it?", choices=Conflict.Kind.choices, widget=forms.RadioSelect, initial=Conflict.Kind.CONFLICT
    )
    whom = forms.CharField(
        label="Who is it?", max_length=200, required=False,
        help_text="Their work email address if you know it, otherwise name and organisation",
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.active(),
        label="Or anybody from one organisation",
        required=False,
        empty_label="None",
        help_text="One of the two at a time; you can add another afterwards",
    )
    reason = WordsField(
        label="Why?", max_words=100, rows=3, required=False, help_text="For yourself; nobody else reads it"
    )
    looks = {
        "kind": Look(bold=True, small=True), "whom": Look(bold=True, called="who it is", mark_optional=False),
        "organisation": Look(mark_optional=False), "reason": Look(bold=True),
    }  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        whom, organisation = cleaned.get("whom"), cleaned.get("organisation")
        if not whom and not organisation:
            self.add_error("whom", "Enter who it is, or choose an organisation")
        if whom and organisation:
            self.add_error("organisation", "Choose an organisation only if you mean anybody there; otherwise None")
        return cleaned
