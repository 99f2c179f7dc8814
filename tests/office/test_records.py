"""The pages that the admin makes of every record: in the words of the house, whatever the model."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.db import models, transaction
from django.urls import reverse

from cohorts.models import Criterion, PublishingWindow
from leaders.office.saying import said
from leaders.people.actions import ask_privacy
from leaders.people.audit import record
from leaders.people.models import AuditEvent, Person, PrivacyRequest
from tests.browsers import sign_in
from tests.cohorts.factories import CriterionFactory
from tests.mentoring.factories import MentorFactory, criteria, matched
from tests.modules.factories import TeamFactory

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
OWN_PAGES = {"outbox.message", "reminders.reminder", "cohorts.casestudy"}
"""Records that are looked at on a page of ours, which prints no labels of fields."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, rosalind):
    """The director, inside."""
    return sign_in(client, rosalind)


def every_list():
    for model, model_admin in admin.site._registry.items():
        yield model_admin, f"admin:{model._meta.app_label}_{model._meta.model_name}"


def labels_of(model_admin, request):
    """Every label of its list and of its form, as they are printed."""
    names = list(model_admin.get_list_display(request))
    if model_admin.opts.label_lower not in OWN_PAGES:
        names += flatten_fieldsets(model_admin.get_fieldsets(request))
    for name in names:
        own = model_admin.form.base_fields.get(name) if isinstance(name, str) else None
        yield str(own.label) if own and own.label else str(label_for_field(name, model_admin.model, model_admin))


def test_no_label_of_the_office_is_the_name_of_a_column(rf, rosalind):
    request = rf.get("/")
    request.user = rosalind
    raw = {
        f"{model_admin}: {label}"
        for model_admin, _name in every_list()
        for label in labels_of(model_admin, request)
        if re.match(r"is |.* (at|on|id|uuid|hash|slug)$|id$|slug$", label, re.IGNORECASE)
    }
    assert raw == set()


def test_every_list_says_what_would_be_in_it():
    silent = [str(model_admin) for model_admin, _name in every_list() if not model_admin.empty.endswith(".")]
    assert silent == []


def test_a_list_with_nothing_in_it_says_what_would_be_there(office):
    page = office.get(reverse("admin:modules_speaker_changelist")).content.decode()
    assert "No speakers yet. Add them one by one, or bring in a spreadsheet." in page
    assert "0 speakers" not in page


def test_a_list_in_which_nothing_matches_leads_back_to_all(office, camden):
    page = office.get(reverse("admin:people_organisation_changelist"), {"q": "Atlantis"}).content.decode()
    assert 'Nothing matches. <a href="?">Show all organisations</a>' in page


def test_the_history_of_a_record_is_what_the_trail_holds_about_it(office, camden):
    AuditEvent.objects.create(
        at=NOW, action="people.organisation.changed", sentence="Camden got another name",
        subject_type="people.organisation", subject_id=str(camden.pk), subject="Camden",
    )  # fmt: skip
    AuditEvent.objects.create(
        at=NOW, action="people.organisation.changed", sentence="Something else happened",
        subject_type="people.organisation", subject_id=str(camden.pk + 1), subject="Barnet",
    )  # fmt: skip
    record = office.get(reverse("admin:people_organisation_change", args=[camden.pk])).content.decode()
    [link] = re.findall(r'href="([^"]+)" class="historylink"', record)
    trail = office.get(link).content.decode()
    assert ("Camden got another name" in trail, "Something else happened" in trail) == (True, False)
    assert "Record: <b>Camden</b>" in trail


def test_the_history_of_a_person_is_their_timeline(office, amara):
    page = office.get(reverse("admin:people_person_history", args=[amara.pk]))
    assert page.url == reverse("admin:people_timeline", args=[amara.pk])


def test_an_entry_of_the_trail_has_no_history(office, amara):
    event = AuditEvent.objects.create(at=NOW, action="a", sentence="It happened", subject_type="a.b", subject_id="1")
    page = office.get(reverse("admin:people_auditevent_change", args=[event.pk])).content.decode()
    assert "historylink" not in page


def test_days_are_said_as_everywhere_in_lists_and_in_forms(office, amara):
    event = AuditEvent.objects.create(at=NOW, action="a", sentence="It happened", subject_type="a.b", subject_id="1")
    assert "Thu 4 Mar 2027, 10am" in office.get(reverse("admin:people_auditevent_changelist")).content.decode()
    page = office.get(reverse("admin:people_auditevent_change", args=[event.pk])).content.decode()
    assert "Thursday 4 March 2027, 10am" in page


def test_a_list_is_sorted_by_its_days(office):
    page = office.get(reverse("admin:people_auditevent_changelist"), {"o": "1"})
    assert [str(column) for column in page.context["cl"].get_ordering_field_columns()] == ["1"]


def test_what_a_record_does_not_hold_is_not_shown_where_it_is_only_looked_at(office, camden):
    event = AuditEvent.objects.create(at=NOW, action="a", sentence="It happened", subject_type="a.b", subject_id="1")
    page = office.get(reverse("admin:people_auditevent_change", args=[event.pk])).content.decode()
    assert ("field-sentence" in page, "field-reason" in page) == (True, False)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 5, 14), "Friday 14 May 2027"),
        (datetime(2027, 5, 14, 16, tzinfo=UTC), "Friday 14 May 2027, 5pm"),
        (time(12), "midday"),
        (True, "Yes"),
        (["outside_london", "health"], "outside london, health"),
        ({"fields": ["Formal name"], "by_hand": False, "lines": 3}, "fields: Formal name; by hand: No; lines: 3"),
        ("as it is", None),
    ],
)
def test_what_a_field_holds_is_said_in_words(value, words):
    assert said(value) == words


def test_what_has_not_happened_yet_is_found_by_a_filter(office, amara):
    for kind, answered_at in (("access", None), ("erasure", NOW)):
        PrivacyRequest.objects.create(
            person=amara, kind=kind, words="Please", asked_at=NOW, due_on=NOW.date(), answered_at=answered_at,
            answered_by=amara if answered_at else None,
        )  # fmt: skip
    page = office.get(reverse("admin:people_privacyrequest_changelist"), {"answered_at__isempty": "1"})
    assert [request.kind for request in page.context["cl"].result_list] == ["access"]
    assert "Answered: <b>Not yet</b>" in page.content.decode()


def test_what_is_deleted_is_named_before_it_goes(office):
    window = PublishingWindow.objects.create(name="Local elections", starts_on="2027-03-29", ends_on="2027-05-06")
    page = office.get(reverse("admin:cohorts_publishingwindow_delete", args=[window.pk])).content.decode()
    assert "<h1>Delete Local elections?</h1>" in page
    office.post(reverse("admin:cohorts_publishingwindow_delete", args=[window.pk]), {"post": "yes"})
    assert not PublishingWindow.objects.exists()


def test_a_day_is_written_in_the_browsers_own_box(office):
    page = office.get(reverse("admin:reminders_closedperiod_add")).content.decode()
    assert '<input type="date" name="first"' in page


def test_another_one_is_offered_only_where_things_are_added_in_series(office):
    assert "_addanother" in office.get(reverse("admin:people_organisation_add")).content.decode()
    assert "_addanother" not in office.get(reverse("admin:cohorts_programme_add")).content.decode()


def test_the_address_of_an_app_leads_to_today(office):
    assert office.get(reverse("admin:app_list", args=["cohorts"])).url == reverse("admin:index")


def test_a_page_that_is_not_there_is_missed_inside_the_office(office):
    page = office.get("/office/nowhere/")
    assert page.status_code == 404
    assert "Private links work" not in page.content.decode()
    assert reverse("admin:people_auditevent_changelist") in page.content.decode()


def test_a_page_that_is_not_open_is_refused_inside_the_office(client, adjoa):
    page = sign_in(client, adjoa).get(reverse("admin:cohorts_programme_add"))
    assert (page.status_code, "You are signed in as" in page.content.decode()) == (403, True)


def test_outside_the_office_what_is_missing_is_missed_as_before(client, amara):
    assert "Private links work" in client.get("/office-hours/").content.decode()


# Two windows on one record


def typed_in(page, **changes):
    """What a browser would post from a page of the office, with what somebody typed."""
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        sent |= {field.html_name: field.value() for field in inline.formset.management_form}
        for row in inline.formset.initial_forms:
            sent |= {field.html_name: field.value() for field in row}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    return {**sent, "shown": page.context["shown"], **changes}


def test_a_save_from_a_stale_window_is_refused_with_what_changed_and_wipes_nothing(office, amara):
    url = reverse("admin:people_person_change", args=[amara.pk])
    one, other = office.get(url), office.get(url)
    office.post(url, typed_in(one, phone="020 7946 0999"))

    page = office.post(url, typed_in(other, role_title="Director of Housing"))

    assert "Telephone, now “020 7946 0999”" in page.text
    assert page.context["adminform"].form["role_title"].value() == "Director of Housing"
    amara.refresh_from_db()
    assert (amara.phone, amara.role_title == "Director of Housing") == ("020 7946 0999", False)

    office.post(url, typed_in(page))  # looked at, and saved again
    amara.refresh_from_db()
    assert (amara.phone, amara.role_title) == ("020 7946 0999", "Director of Housing")


def test_where_both_wrote_the_same_field_it_says_what_the_other_wrote(office, amara):
    url = reverse("admin:people_person_change", args=[amara.pk])
    one, other = office.get(url), office.get(url)
    office.post(url, typed_in(one, phone="020 7946 0999"))

    page = office.post(url, typed_in(other, phone="020 7946 0111"))

    assert "Meanwhile this became “020 7946 0999”." in page.context["adminform"].form.errors["phone"][0]
    assert page.context["adminform"].form["phone"].value() == "020 7946 0111"
    office.post(url, typed_in(page))
    amara.refresh_from_db()
    assert amara.phone == "020 7946 0111"


def test_the_same_typed_in_two_windows_and_a_save_that_changes_nothing_are_no_conflict(office, amara):
    url = reverse("admin:people_person_change", args=[amara.pk])
    one, other = office.get(url), office.get(url)
    office.post(url, typed_in(one, phone="020 7946 0999"))

    assert office.post(url, typed_in(other, phone="020 7946 0999")).status_code == 302
    assert office.post(url, typed_in(office.get(url))).status_code == 302


def test_a_line_below_a_record_that_changed_meanwhile_is_not_overwritten(office, programme):
    criterion = CriterionFactory(programme=programme)
    url = reverse("admin:cohorts_programme_change", args=[programme.pk])
    stale = typed_in(office.get(url))
    Criterion.objects.filter(pk=criterion.pk).update(title="Clarity of purpose")

    page = office.post(url, stale)

    assert "now “Clarity of purpose”" in page.text
    criterion.refresh_from_db()
    assert criterion.title == "Clarity of purpose"


def test_no_form_of_the_office_answers_with_the_name_of_a_constraint(rf, rosalind):
    request = rf.get("/")
    request.user = rosalind
    unexplained = set()
    for model_admin, _name in every_list():
        if not model_admin.has_add_permission(request) and not model_admin.has_change_permission(request):
            continue
        inlines = model_admin.get_inline_instances(request)
        for page in (model_admin, *inlines):
            form = page.get_form(request) if page is model_admin else page.get_formset(request).form
            for constraint in page.opts.constraints:
                words = constraint.violation_error_message != constraint.default_violation_error_message
                named = isinstance(constraint, models.UniqueConstraint) and constraint.fields
                about = set(re.findall(r"'(\w+?)(?:__\w+)?'|F\((\w+)\)", repr(constraint)))
                fields = {name for pair in about for name in pair if name} & set(form.base_fields)
                if fields and not words and not named:
                    unexplained.add(constraint.name)
    assert unexplained == set()


def test_an_address_that_somebody_has_is_explained_once_and_says_whose_it_is(office, amara, helen):
    url = reverse("admin:people_person_change", args=[amara.pk])

    page = office.post(url, typed_in(office.get(url), email=helen.email.upper()))

    errors = page.context["adminform"].form.errors
    assert (list(errors), "This is the address of" in errors["email"][0], "Constraint" in page.text) == (
        ["email"], True, False,
    )  # fmt: skip


# The trail


def test_the_trail_says_in_its_sentence_which_fields_were_changed_and_never_what_stood_in_them(office, amara):
    url = reverse("admin:people_person_change", args=[amara.pk])

    office.post(url, typed_in(office.get(url), phone="020 7946 0999", email="amara.new@example.org"))

    event = AuditEvent.objects.get(action="people.person.changed")
    assert event.sentence == "Rosalind Tate changed person Amara Mensah: email, telephone"
    assert "0999" not in f"{event.sentence}{event.detail}"
    page = office.get(reverse("admin:people_auditevent_change", args=[event.pk])).text
    assert ("People and roles" in page, "people.person.changed" in page) == (True, False)


def test_the_trail_is_filtered_by_who_did_it_and_by_kind(office, rosalind, adjoa, amara, programme):
    for by, subject, action in (
        (rosalind, amara, "people.person.changed"), (adjoa, programme, "cohorts.programme.changed"),
        (None, amara, "people.person.noticed"),
    ):  # fmt: skip
        with transaction.atomic():
            record(action, action, subject=subject, by=by, now=NOW)

    def found(**chosen):
        page = office.get(reverse("admin:people_auditevent_changelist"), chosen)
        return {event.action for event in page.context["cl"].result_list}

    assert found(who=str(adjoa.pk)) == {"cohorts.programme.changed"}
    assert "people.person.noticed" in found(who="itself")
    assert "cohorts.programme.changed" not in found(kind="people")


# Privacy requests


def test_an_answer_to_a_request_is_labelled_as_what_it_is_and_may_be_long(office, otto):
    asked = ask_privacy(person=otto, kind="access", words="Everything", now=NOW)
    url = reverse("admin:people_answer_request", args=[asked.pk])

    page = office.get(url)
    assert "It goes to the person by email, word for word" in page.text
    assert ("audit trail" in page.text.partition("reason-help")[2], ">Answer</label>" in page.text) == (False, True)

    office.post(url, {"confirmed": "yes", "seen": str(len(asked.words)), "reason": "What we hold. " * 300})
    asked.refresh_from_db()
    assert len(asked.answer) > 4000


def test_a_request_that_came_by_letter_is_taken_down_with_the_day_it_came(office, otto, time_machine):
    time_machine.move_to(NOW)
    sign_in(office, Person.objects.get(name="Rosalind Tate"))
    url = reverse("admin:people_privacyrequest_add")
    letter = {"person": otto.pk, "kind": "access", "words": "By letter: all you hold", "asked_on": "2027-03-01"}

    assert "not one to come" in office.post(url, {**letter, "asked_on": "2027-03-05"}).text
    office.post(url, letter)

    asked = PrivacyRequest.objects.get()
    assert (asked.person, asked.due_on) == (otto, date(2027, 4, 1))
    event = AuditEvent.objects.get(action="people.privacy.asked")
    assert event.sentence == (
        "Otto Outsider used their right: ask for everything in writing, which Rosalind Tate took down"
    )


# A person among the programmes


def test_the_page_of_a_person_and_of_a_place_lead_to_what_is_theirs(office, amara_place, cohort):
    team = TeamFactory(cohort=cohort, name="Lea", members=[amara_place])
    person = office.get(reverse("admin:people_person_change", args=[amara_place.person_id])).text
    place = office.get(reverse("admin:cohorts_place_change", args=[amara_place.pk])).text

    for url, there in (
        (reverse("admin:cohorts_place_change", args=[amara_place.pk]), (True, False)),
        (reverse("admin:modules_team_board", args=[team.cohort_id]), (True, True)),
        (f"{reverse('admin:outbox_message_changelist')}?q=amara.mensah%40example.org", (True, False)),
        (reverse("admin:people_person_change", args=[amara_place.person_id]), (False, True)),
    ):
        assert (f'href="{url}"' in person, f'href="{url}"' in place) == there, url


def test_people_mentors_and_mentorships_can_be_taken_away_as_a_spreadsheet(office, amara_place, rosalind):
    criteria()
    matched(amara_place, MentorFactory(person__name="Joanne Whitfield"), rosalind)
    for model, row in (
        ("people_person", "Amara Mensah,"),
        ("mentoring_mentor", "Joanne"),
        ("mentoring_mentorship", "Cohort 7,Amara Mensah,amara.mensah@example.org,Joanne"),
    ):
        url = reverse(f"admin:{model}_export")
        assert "Columns: " in office.get(url).text
        assert f"\n{row}" in office.post(url, {"format": "1"}).text


def test_without_a_script_the_office_has_its_colours_and_its_menu():
    css = (Path(__file__).resolve().parents[2] / "static/css/office.css").read_text()
    assert "html:not([data-theme])" in css
    assert re.search(r"\(scripting: ?none\)\{\.office-menu\{display:block\}", css)


def test_a_search_without_a_hit_names_no_reference_that_nobody_has(office):
    assert "N8-0147" not in office.get(reverse("admin:search"), {"q": "zzz"}).text
