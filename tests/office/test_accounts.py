"""Who may change whose account, and what its owner hears of it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, Person, Role
from tests.browsers import sign_in
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


def page_of(name, person, *args):
    return reverse(f"admin:{name}", args=[person.pk, *args])


def fields_of(client, person):
    form = client.get(page_of("people_person_change", person)).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value is not None}
    return sent | {"role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0}


def test_an_administrator_cannot_change_the_account_of_a_director(client, adjoa, rosalind):
    sign_in(client, adjoa)
    page = page_of("people_person_change", rosalind)
    assert client.get(page).context["has_change_permission"] is False
    assert client.post(page, {"email": "mine@example.org", "name": "Rosalind Tate"}).status_code == 403
    rosalind.refresh_from_db()
    assert rosalind.email == "rosalind.tate@example.org"


def test_a_director_says_who_they_are_once_more_before_changing_a_colleagues_account(client, adjoa, rosalind):
    Authenticator.objects.create(user=rosalind, type=Authenticator.Type.TOTP, data={"secret": "x"})
    sign_in(client, rosalind)
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] = time.time() - 3600
    session.save()
    assert client.get(page_of("people_person_change", adjoa)).status_code == 302
    assert client.get(page_of("people_person_change", rosalind)).status_code == 200


def test_who_gets_another_address_hears_so_at_the_old_one(client, adjoa, otto):
    sign_in(client, adjoa)
    changed = fields_of(client, otto) | {"email": "Otto.New@Example.org"}
    assert client.post(page_of("people_person_change", otto), changed).status_code == 302
    otto.refresh_from_db()
    assert otto.email == "otto.new@example.org"
    told = Message.objects.get()
    assert (told.to_email, told.subject) == ("otto.outsider@example.org", "Your address with us was changed")


def test_an_address_typed_in_capitals_is_the_same_address(client, adjoa):
    sign_in(client, adjoa)
    typed = {"name": "Zed", "email": "Zed.Zed@Example.org", "digest_day": 3, "is_active": "on"}
    client.post(reverse("admin:people_person_add"), typed | {
        "role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0,
    })  # fmt: skip
    zed = Person.objects.get(name="Zed")
    assert (zed.email, zed.has_usable_password()) == ("zed.zed@example.org", False)


def test_what_the_office_changes_about_a_person_is_on_their_timeline(client, adjoa, otto):
    sign_in(client, adjoa)
    client.post(page_of("people_person_change", otto), fields_of(client, otto) | {"phone": "020 7946 0999"})
    assert [event.action for event in AuditEvent.objects.concerning(otto)] == ["people.person.changed"]


def test_a_role_is_given_after_a_question_once_however_often_it_is_pressed(client, rosalind, otto):
    sign_in(client, rosalind)
    page = page_of("people_role", otto, "give", Role.ADMINISTRATOR)
    assert "Make Otto an administrator" in client.get(page).content.decode()
    assert Person.objects.get(pk=otto.pk).is_staff is False
    for _ in range(2):
        client.post(page, {"confirmed": "yes"})
    assert Person.objects.get(pk=otto.pk).is_staff is True
    told = Message.objects.get()
    assert (told.to_email, told.subject) == (otto.email, "You may enter the programme office as an administrator")


def test_a_role_is_ended_with_a_reason_that_is_kept(client, rosalind, adjoa):
    sign_in(client, rosalind)
    page = page_of("people_role", adjoa, "end", Role.ADMINISTRATOR)
    assert "Give a reason" in client.post(page, {"confirmed": "yes"}).content.decode()
    client.post(page, {"confirmed": "yes", "reason": "Left the office"})
    assert Person.objects.get(pk=adjoa.pk).is_staff is False
    assert AuditEvent.objects.get(action="people.role.ended").reason == "Left the office"
    assert Message.objects.get().subject == "You are no longer an administrator"


def test_a_director_does_not_end_their_own_role(client, rosalind):
    sign_in(client, rosalind)
    page = page_of("people_role", rosalind, "end", Role.DIRECTOR)
    answer = client.post(page, {"confirmed": "yes", "reason": "Tired"})
    assert "You cannot end your own role." in answer.content.decode()
    assert Person.objects.get(pk=rosalind.pk).is_staff is True


def test_the_list_of_people_by_role_has_those_who_hold_it_today(client, rosalind, adjoa):
    former = PersonFactory(name="Former Mentor", role=Role.MENTOR)
    former.role_grants.update(ended_at=former.role_grants.get().granted_at)
    holder = PersonFactory(name="A Mentor", role=Role.MENTOR)
    sign_in(client, adjoa)
    page = client.get(reverse("admin:people_person_changelist"), {"role": "mentor"})
    assert list(page.context["cl"].result_list) == [holder]


def test_the_second_factor_holds_for_a_working_day_and_a_little_longer_for_what_was_begun(client, adjoa):
    sign_in(client, adjoa)
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] = time.time() - 12.5 * 3600
    session.save()
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.post(reverse("admin:people_organisation_add"), {}).status_code == 200
