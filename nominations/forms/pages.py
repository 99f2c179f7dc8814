"""The pages of a draft, one form each, and what is asked before it is shared or sent."""

from django import forms

from cohorts.models import Criterion
from leaders.components.fields import PhoneField, WordsField
from leaders.components.forms import Form, Look
from nominations.journey import MOST_WORDS, Page
from nominations.models import Nomination
from nominations.models.nomination import WHY

from .dates import ComesOnTheDates
from .waiting import MayWait


class PageForm(MayWait, Form):
    """A page of a draft. `seen` is the draft's version when the page was shown; see `save_section`."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, page: Page, nomination: Nomination, *args, **kwargs):
        self.page = page
        self.nomination = nomination
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = nomination.version
        for name in self.asked():
            self.fields[name].initial = nomination.value(self.answer(name))

    def asked(self) -> list[str]:
        return [name for name in self.fields if name != "seen"]

    def answer(self, name: str) -> str:
        """The answer that a field is about; see `Nomination.value`."""
        return name

    def values(self) -> dict:
        """The answers as they are kept, of the fields that are in order, or only empty or too long."""
        kept = {**self.cleaned_data, **self.unready}
        return {self.answer(name): kept[name] for name in self.asked() if name in kept}

    def of_somebody_else(self, name: str, words: str) -> str:
        """An address, in small letters, that is not the one of who is put forward."""
        email = self.cleaned_data[name].lower()
        if email == self.nomination.nominee_email.lower():
            raise forms.ValidationError(words, code="own")
        return email


class AboutYou(PageForm):
    nominator_name = forms.CharField(label="Your full name", max_length=150)
    nominator_role_title = forms.CharField(label="Your job title", max_length=150)
    nominator_phone = PhoneField(
        label="Telephone", max_length=40, required=False, help_text="Only if we have a question about your nomination"
    )
    looks = {
        "nominator_name": Look(autocomplete="name"),
        "nominator_role_title": Look(autocomplete="organization-title"),
        "nominator_phone": Look(autocomplete="tel", width=20),
    }


class Nominee(PageForm):
    nominee_name = forms.CharField(label="Their full name", max_length=150)
    nominee_email = forms.EmailField(
        label="Their work email address",
        help_text="When you have sent the nomination, we ask them here whether they accept",
    )
    looks = {"nominee_email": Look(width=30, autocomplete="off"), "nominee_name": Look(autocomplete="off")}

    def clean_nominee_email(self):
        email = self.cleaned_data["nominee_email"].lower()
        if email == self.nomination.nominator_email.lower():
            raise forms.ValidationError("Give the address of the person you nominate: this one is your own", code="own")
        return email


class NomineePost(PageForm):
    nominee_role_title = forms.CharField(label="Their job title", max_length=150)
    nominee_service = forms.CharField(
        label="Their service or directorate", max_length=150, help_text="Such as adult social care, housing, finance"
    )
    nominee_level = forms.ChoiceField(label="The level of their post", widget=forms.RadioSelect)
    looks = {"nominee_level": Look(bold=True, called="the level of their post")}

    def __init__(self, page, nomination, *args, **kwargs):
        super().__init__(page, nomination, *args, **kwargs)
        self.roles = nomination.round.cohort.programme.eligible_roles
        self.contact = nomination.round.cohort.contact
        self.fields["nominee_level"].help_text = (
            f"The programme is for {' or '.join(self.roles)} posts. If this post is the same under another name, "
            "choose that."
        )
        self.fields["nominee_level"].choices = [*((role, role) for role in self.roles), ("other", "Another level")]

    def clean_nominee_level(self):
        level = self.cleaned_data["nominee_level"]
        if level == "other":
            raise forms.ValidationError(
                f"The programme is for {' or '.join(self.roles)} posts. If this post is the same under another name, "
                "choose that; if you are not sure, ask %(contact)s before you go on",
                code="not_eligible",
                params={"contact": self.contact.name},
            )
        return level


class Why(PageForm):
    """The answer to one criterion, which is the page's heading."""

    looks = {"why": Look(heading=True, called="your answer")}

    def answer(self, name):
        return self.page.asks[0]

    @classmethod
    def about(cls, criterion: Criterion, *, own: bool) -> type[PageForm]:
        """The form for this criterion, with its title and guidance; `own` when people write of themselves.

        The guidance speaks to nominators and panel members, so an applicant reads what the panel is told.
        """
        guidance = f"The panel is told: {criterion.guidance}" if own else criterion.guidance
        question = WordsField(label=criterion.title, help_text=guidance, max_words=MOST_WORDS[WHY], rows=9)
        question.error_messages["required"] = "Write a few sentences, or save and come back later"
        return type("WhyForm", (cls,), {"why": question})


class CouncilTime(PageForm):
    release_agreed = forms.BooleanField(label="They will be released for every module day")
    cover = WordsField(
        label="How their work is covered meanwhile", max_words=MOST_WORDS["cover"], rows=4, required=False,
        help_text="A sentence is enough",
    )  # fmt: skip
    looks = {"release_agreed": Look(called="the release")}


class CouncilPeople(PageForm):
    line_manager_name = forms.CharField(label="Their line manager’s name", max_length=150)
    line_manager_email = forms.EmailField(label="Their line manager’s email address")
    sponsor_name = forms.CharField(
        label="Their sponsor’s name",
        max_length=150,
        help_text="A senior person, perhaps you, who opens doors during the year and hears what came of it",
    )
    sponsor_email = forms.EmailField(label="Their sponsor’s email address")
    looks = {
        "line_manager_email": Look(width=30, autocomplete="off"),
        "sponsor_email": Look(width=30, autocomplete="off"),
    }

    def clean_line_manager_email(self):
        return self.of_somebody_else("line_manager_email", "Give the address of their line manager, not their own")

    def clean_sponsor_email(self):
        return self.of_somebody_else("sponsor_email", "Give the address of their sponsor, not their own")


class CouncilFee(PageForm):
    fee_contact_name = forms.CharField(
        label="Who arranges the payment?", max_length=150, help_text="We write to them only if a place is accepted"
    )
    fee_contact_email = forms.EmailField(label="Their email address")
    purchase_order = forms.CharField(
        label="Purchase order number, if you have one already", max_length=60, required=False
    )
    looks = {
        "fee_contact_name": Look(called="who arranges the payment"),
        "fee_contact_email": Look(width=30, autocomplete="off"),
        "purchase_order": Look(width=20, mark_optional=False),
    }


class ApplicantAboutYou(PageForm):
    nominee_name = forms.CharField(label="Your full name", max_length=150)
    nominee_phone = PhoneField(
        label="Telephone", max_length=40, required=False, help_text="Only if we have a question about your application"
    )
    looks = {"nominee_name": Look(autocomplete="name"), "nominee_phone": Look(autocomplete="tel", width=20)}


class ApplicantPost(PageForm):
    nominee_role_title = forms.CharField(label="Your job title", max_length=150)
    nominee_service = forms.CharField(label="Your service or field of work", max_length=150)


class Dates(ComesOnTheDates, PageForm):
    looks = {"dates": ComesOnTheDates.look_of_dates}


class OwnWords(PageForm):
    statement = WordsField(
        label="What do you want to learn, and what would you do with it?", max_words=MOST_WORDS["statement"], rows=10
    )
    contribution = WordsField(
        label="A London challenge you would bring", max_words=MOST_WORDS["contribution"], rows=6, required=False,
        help_text="The cohort works on such questions in teams all year",
    )  # fmt: skip


class Access(PageForm):
    access_needs = forms.CharField(
        label="What would help you take part?",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text="Such as step-free rooms, a hearing loop, breaks, large print, prayer times",
    )
    looks = {"access_needs": Look(heading=True)}


class Sponsor(PageForm):
    sponsor_name = forms.CharField(label="Your sponsor’s name", max_length=150)
    sponsor_email = forms.EmailField(
        label="Their work email address", help_text="When you have sent your application, we ask them to endorse it"
    )
    looks = {"sponsor_email": Look(width=30, autocomplete="off"), "sponsor_name": Look(autocomplete="off")}

    def clean_sponsor_email(self):
        return self.of_somebody_else("sponsor_email", "Give the address of your sponsor, not your own")


NOMINATION_PAGES = {
    "about-you": AboutYou,
    "nominee": Nominee,
    "nominee/post": NomineePost,
    "council": CouncilTime,
    "council/people": CouncilPeople,
    "council/fee": CouncilFee,
}

APPLICATION_PAGES = {
    "about-you": ApplicantAboutYou,
    "about-you/post": ApplicantPost,
    "commitment": Dates,
    "commitment/statement": OwnWords,
    "commitment/access": Access,
    "sponsor": Sponsor,
}


def form_of(page: Page, nomination: Nomination, data=None) -> PageForm:
    """The form of a page of this nomination."""
    pages = APPLICATION_PAGES if nomination.is_application else NOMINATION_PAGES
    return (Why.about(page.criterion, own=nomination.is_application) if page.criterion else pages[page.key])(
        page, nomination, data
    )


class Choice(Form):
    """Which of two texts for a page stays. `seen` is the draft's version when both were shown; see `settle_clash`."""

    keep = forms.ChoiceField(choices=[("typed", "What you typed"), ("saved", "What was saved meanwhile")])
    seen = forms.IntegerField(min_value=0)


class Attest(Form):
    """Before sending: a named person stands by it."""

    true = forms.BooleanField(label="What I send is true to the best of my knowledge")
    looks = {"true": Look(called="that it is true")}


class Share(Form):
    section = forms.ChoiceField(label="Which section?", widget=forms.RadioSelect)
    name = forms.CharField(label="Your colleague’s name", max_length=150)
    email = forms.EmailField(label="Your colleague’s work email address", max_length=254)
    looks = {
        "section": Look(bold=True, called="a section"),
        "name": Look(autocomplete="off"),
        "email": Look(width=30, autocomplete="off"),
    }

    def __init__(self, sections, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [(section.key, section.title) for section in sections]
