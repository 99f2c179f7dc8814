from datetime import UTC, date, datetime

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction

from leaders.people import actions
from leaders.people.encryption import decrypt, encrypt
from leaders.people.models import AuditEvent, Person, PrivacyRequest, Role
from leaders.people.permissions import may
from leaders.people.privacy import export, holdings
from leaders.people.refusals import NotPossible
from tests.people.factories import PersonFactory

NOW = datetime(2027, 1, 31, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_whatever_its_case(otto):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="OTTO.Outsider@example.org", name="Another")
    again = actions.know_person(email=" Otto.Outsider@EXAMPLE.org ", name="Someone", by=None, now=NOW)
    assert again == otto


def test_what_a_person_said_of_themselves_is_never_overwritten(otto, camden):
    actions.know_person(
        email=otto.email, name="Otho", by="Helen Marsh", now=NOW, organisation=camden, role_title="Head of Parks"
    )
    otto.refresh_from_db()
    assert (otto.name, otto.organisation, otto.role_title) == ("Otto Outsider", camden, "Head of Parks")


def test_nobody_has_a_password():
    assert not PersonFactory().has_usable_password()
    assert not actions.know_person(email="new@example.org", name="New", by=None, now=NOW).has_usable_password()


def test_an_office_role_opens_the_office_and_its_end_closes_it(otto, rosalind):
    actions.grant_role(person=otto, role=Role.ADMINISTRATOR, by=rosalind, now=NOW)
    assert (otto.is_staff, otto.has_role(Role.ADMINISTRATOR)) == (True, True)
    actions.end_role(person=otto, role=Role.ADMINISTRATOR, by=rosalind, now=NOW, reason="Left")
    assert (otto.is_staff, otto.has_role(Role.ADMINISTRATOR)) == (False, False)
    assert AuditEvent.objects.filter(action="people.role.ended", reason="Left").count() == 1


def test_a_role_is_held_once_however_often_it_is_given(otto):
    first = actions.grant_role(person=otto, role=Role.MENTOR, by=None, now=NOW)
    assert actions.grant_role(person=otto, role=Role.MENTOR, by=None, now=NOW) == first
    assert otto.is_staff is False


@pytest.mark.parametrize(
    ("role", "perm", "allowed"),
    [
        (Role.DIRECTOR, "cohorts.change_programme", True),
        (Role.ADMINISTRATOR, "cohorts.change_cohort", True),
        (Role.ADMINISTRATOR, "cohorts.change_programme", False),
        (Role.ADMINISTRATOR, "people.delete_person", False),
        (Role.PANEL_MEMBER, "cohorts.view_cohort", False),
        (Role.MENTOR, "people.view_person", False),
    ],
)
def test_each_role_may_do_what_permissions_say(role, perm, allowed):
    assert may({role}, perm) is allowed


def test_nobody_bypasses_the_rules(rosalind, priya):
    assert rosalind.is_superuser is False
    assert priya.has_perm("people.view_person") is False


def test_confidential_words_are_unreadable_in_the_database(settings):
    kept = encrypt("Ł: between us")
    assert "between" not in kept
    assert decrypt(kept) == "Ł: between us"
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert decrypt(kept) == "Ł: between us"
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured):
        decrypt(kept)


def test_access_needs_are_stored_encrypted(amara_place):
    amara_place.access_needs = "A hearing loop"
    amara_place.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_needs FROM cohorts_place WHERE id = %s", [amara_place.pk])
        assert "hearing" not in cursor.fetchone()[0]
    amara_place.refresh_from_db()
    assert amara_place.access_needs == "A hearing loop"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2027, 3, 4), date(2027, 4, 4)),
        (date(2027, 12, 31), date(2028, 1, 31)),
    ],
)
def test_a_privacy_request_is_due_a_month_later(asked, due):
    assert actions.a_month_after(asked) == due


def test_asking_twice_adds_to_the_open_request(otto):
    first = actions.ask_privacy(person=otto, kind=PrivacyRequest.Kind.CORRECTION, words="My name", now=NOW)
    second = actions.ask_privacy(person=otto, kind=PrivacyRequest.Kind.CORRECTION, words="And title", now=NOW)
    assert (second.pk, second.words) == (first.pk, "My name\n\nAnd title")


def test_a_request_is_answered_once(otto, rosalind):
    asked = actions.ask_privacy(person=otto, kind=PrivacyRequest.Kind.ACCESS, words="All of it", now=NOW)
    actions.answer_privacy(asked=asked, answer="Sent", by=rosalind, now=NOW)
    with pytest.raises(NotPossible):
        actions.answer_privacy(asked=asked, answer="Again", by=rosalind, now=NOW)


def test_a_person_can_have_everything_held_about_them(otto):
    held = export(otto)
    assert len(held) == len(holdings)
    assert held["Your name, contact details, role and organisation"][0]["email"] == otto.email


def test_erasing_somebody_keeps_the_row_and_removes_the_person(otto, rosalind):
    actions.erase_person(person=otto, by=rosalind, reason="They asked", now=NOW)
    otto.refresh_from_db()
    assert (otto.email, otto.is_active, otto.phone) == (f"erased-{otto.pk}@example.invalid", False, "")
    assert "Otto" not in otto.name
    assert otto.history.count() == 0


def test_somebody_who_runs_the_office_cannot_be_erased(rosalind, adjoa):
    with pytest.raises(NotPossible):
        actions.erase_person(person=adjoa, by=rosalind, reason="They asked", now=NOW)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Helen Marsh", "Helen"),
        ("Dr Helen Marsh", "Helen"),
        ("Cllr. Mrs Helen Marsh", "Helen"),
        ("Rev’d Ola Ødegård", "Ola"),
        ("H. Marsh", "H. Marsh"),
        ("Prof H Marsh", "H Marsh"),
        ("Dame", "Dame"),
        ("Pelé", "Pelé"),
    ],
)
def test_a_title_or_an_initial_is_nobodys_first_name(name, called):
    assert Person(name=name, email="somebody@example.org").first_name == called
