import pytest
from django import forms
from django.forms import formset_factory
from django.template import Context, Template

from leaders.components.fields import DatePartsField, WordsField
from leaders.components.forms import Form, Look, as_govuk, error_links


class Nomination(Form):
    name = forms.CharField(label="The nominee’s name", max_length=10)
    email = forms.EmailField(label="Their email address", help_text="At work")
    started = DatePartsField(label="When they started")
    agrees = forms.ChoiceField(
        label="Does their manager agree?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    missing = forms.CharField(label="What is missing", required=False)
    why = WordsField(label="Why now?", max_words=3)
    told = forms.BooleanField(label="I have told them 100%")
    years = forms.IntegerField(label="Years in the role", min_value=1)
    service = forms.ChoiceField(
        label="Service", choices=[("", "Choose"), ("a", "Adults")], error_messages={"required": "Say which service"}
    )
    note = forms.CharField(label="A note", required=False)

    looks = {
        "agrees": Look(called="whether their manager agrees", reveals={"no": "missing"}),
        "why": Look(heading=True),
    }


def page(form, template="{% load crispy_forms_tags %}{% crispy form %}"):
    return Template(template).render(Context({"form": form}))


def test_an_empty_form_says_what_to_do_about_each_field_and_where():
    assert Nomination({}).error_links == [
        ("id_name", "Enter the nominee’s name"),
        ("id_email", "Enter their email address"),
        ("id_started_0", "Enter when they started"),
        ("id_agrees_0", "Select whether their manager agrees"),
        ("id_why", "Answer “Why now?”"),
        ("id_told", "Tick “I have told them 100%” to continue"),
        ("id_years", "Enter years in the role"),
        ("id_service", "Say which service"),
    ]


def test_wrong_answers_say_what_would_be_right():
    form = Nomination(
        {
            "name": "A name of eighteen",
            "email": "nobody",
            "started_day": "1",
            "started_month": "13",
            "started_year": "2027",
            "agrees": "maybe",
            "why": "one two three four",
            "told": "on",
            "years": "many",
            "service": "a",
        }
    )
    assert form.error_links == [
        ("id_name", "The nominee’s name must be 10 characters or fewer; there are 18"),
        ("id_email", "Enter an email address in full, like name@example.org"),
        ("id_started_1", "When they started must be a real date, like 27 3 2027"),
        ("id_agrees_0", "Select one of the answers shown"),
        ("id_why", "Your answer must be 3 words or fewer; there are 4"),
        ("id_years", "Years in the role must be a whole number, like 12"),
    ]


def test_every_error_link_leads_to_an_element_of_the_page():
    form = Nomination({})
    html = page(form)
    assert [target for target, _ in form.error_links if f'id="{target}"' not in html] == []


def test_what_describes_a_field_is_on_the_page():
    html = page(Nomination({}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert [i for i in ("id_email_helptext", "id_email_error", "id_why-info") if f'id="{i}"' not in html] == []


def test_every_word_comes_back_with_the_errors():
    html = page(Nomination({"name": "<Łukasz> & co", "started_month": "Smarch", "why": "  kept\x93as it\x94 is"}))
    assert "&lt;Łukasz&gt; &amp; co" in html
    assert 'value="Smarch"' in html
    assert "  kept“as it” is" in html


def test_pasted_text_arrives_clean_and_uncut():
    field = Nomination()["name"]
    assert "maxlength" not in str(field)
    form = Nomination({"name": "it\x92s\u00a0me"})
    form.is_valid()
    assert form.cleaned_data["name"] == "it’s me"


def test_a_password_arrives_as_it_was_typed():
    class SignIn(Form):
        password = forms.CharField(widget=forms.PasswordInput, strip=False)

    form = SignIn({"password": "a\u00a0b\x93"})
    assert form.is_valid()
    assert form.cleaned_data["password"] == "a\u00a0b\x93"


@pytest.mark.parametrize(
    "template", ["{% load crispy_forms_tags %}{% crispy form %}", "{% load crispy_forms_tags %}{{ form|crispy }}"]
)
def test_each_field_is_shown_once_and_a_revealed_one_inside_its_choice(template):
    html = page(Nomination(), template)
    assert {name: html.count(f'name="{name}"') for name in Nomination.base_fields if name != "started"} == {
        "name": 1, "email": 1, "agrees": 2, "missing": 1, "why": 1, "told": 1, "years": 1, "service": 1, "note": 1
    }  # fmt: skip
    assert html.index('value="no"') < html.index('name="missing"') < html.index('name="why"')


def test_a_question_may_be_the_heading_of_its_page():
    html = page(Nomination())
    assert html.count("<h1") == 1
    assert (
        '<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l" for="id_why">Why now?</label></h1>'
        in html
    )


def test_only_what_may_be_left_out_is_marked_optional():
    html = page(Nomination())
    assert html.count("(optional)") == 1
    assert "A note (optional)" in html


def test_a_number_has_no_spinner_and_still_brings_up_digits():
    assert 'type="text"' in str(Nomination()["years"])
    assert 'inputmode="numeric"' in str(Nomination()["years"])


def test_a_form_of_a_library_is_shown_the_same_way():
    class Plain(forms.Form):
        email = forms.EmailField()

    html = page(Plain({}), "{% load crispy_forms_tags %}{% include 'components/error_summary.html' %}{{ form|crispy }}")
    assert 'href="#id_email"' in html
    assert "govuk-input--error" in html
    assert as_govuk(Plain()["email"]).kind == "input"


def test_a_summary_covers_formsets_and_says_each_thing_once():
    class Line(Form):
        name = forms.CharField(label="Name")

    Lines = formset_factory(Line, min_num=2, validate_min=True, extra=0)  # noqa: N806
    lines = Lines({"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "A", "form-1-name": ""})
    form = Nomination({"name": "x"})
    form.add_error(None, "The round has closed")
    form.add_error(None, "The round has closed")
    links = error_links(form, lines)
    assert links.count(("", "The round has closed")) == 1
    assert ("id_form-1-name", "Enter name") in links


def test_no_summary_is_shown_before_anything_was_sent():
    assert page(Nomination(), "{% include 'components/error_summary.html' %}").strip() == ""


def test_hidden_fields_are_carried_without_a_label():
    class Draft(Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    html = page(Draft(initial={"version": 3}))
    assert html.strip() == '<input type="hidden" name="version" value="3" id="id_version">'
