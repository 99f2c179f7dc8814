import time
from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from leaders.office import today as front
from leaders.office.admin import CappedPaginator
from leaders.office.registry import Need
from leaders.people.joining import Joint
from leaders.people.models import AuditEvent, Person, Role
from tests.browsers import sign_in
from tests.people.factories import PersonFactory

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    """Sign somebody in as the sign-in pages would, second factor included for staff."""
    return lambda person: sign_in(client, person)


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, rosalind):
    client.force_login(rosalind)
    page = client.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("mfa_index")


def test_staff_who_have_not_shown_their_second_factor_are_asked_for_it(client, rosalind):
    Authenticator.objects.create(user=rosalind, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(rosalind)
    page = client.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))


def test_staff_with_a_second_factor_see_today(enter, rosalind):
    assert enter(rosalind).get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("who", ["priya", "amara", "joanne", "miriam", "helen", "otto"])
def test_nobody_else_enters_the_office(enter, request, who):
    page = enter(request.getfixturevalue(who)).get(reverse("admin:index"))
    assert (page.status_code, "/office/login/" in page.url) == (302, True)


def test_the_heading_of_a_record_names_it_once(enter, rosalind, amara):
    page = enter(rosalind).get(reverse("admin:people_person_change", args=[amara.pk])).content.decode()
    assert "<title>Amara Mensah – Programme office</title>" in page
    assert "<h1>Amara Mensah</h1>" in page
    assert "Change person" not in page


@pytest.mark.parametrize("who", ["rosalind", "adjoa"])
def test_every_list_and_form_opens_for_each_staff_role(enter, request, who):
    client = enter(request.getfixturevalue(who))
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200, name
        if model_admin.has_add_permission(_request(client, request.getfixturevalue(who))):
            assert client.get(reverse(f"{name}_add")).status_code == 200, name


def _request(client, person):
    class Request:
        user = person

    return Request()


def test_needs_that_are_late_come_first_and_those_of_nobody_are_left_out(monkeypatch, rosalind):
    needs = Joint("today", "In a test")
    Joint.all.remove(needs)
    monkeypatch.setattr(front, "needs", needs)
    needs.part(order=1, key="a")(lambda person, now: Need("On time", 1, "/a/"))
    needs.part(order=2, key="b")(lambda person, now: [Need("Late", 2, "/b/", late=True), Need("None", 0, "/c/")])
    assert [need.sentence for need in front.today(rosalind, NOW).needs] == ["Late", "On time"]


def test_a_change_in_the_office_is_in_the_audit_trail(enter, rosalind, camden):
    client = enter(rosalind)
    page = client.get(reverse("admin:people_organisation_change", args=[camden.pk]))
    fields = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    client.post(
        reverse("admin:people_organisation_change", args=[camden.pk]),
        {**fields, "formal_name": "Camden Council", "email_domains": "camden.gov.uk"},
    )
    kept = AuditEvent.objects.get(action="people.organisation.changed")
    assert (kept.actor_id, kept.detail["fields"]) == (rosalind.pk, ["Formal name", "Email domains"])


def test_search_finds_people_by_part_of_their_name(enter, rosalind, otto):
    page = enter(rosalind).get(reverse("admin:search"), {"q": "otto"})
    assert reverse("admin:people_person_change", args=[otto.pk]) in page.content.decode()


def test_a_timeline_tells_what_happened_to_a_person(enter, rosalind):
    newcomer = PersonFactory(name="New Comer", role=Role.MENTOR)
    page = enter(rosalind).get(reverse("admin:people_timeline", args=[newcomer.pk]))
    assert "New Comer became a mentor" in page.content.decode()


def test_an_administrator_gives_no_roles(enter, adjoa, otto):
    assert enter(adjoa).get(reverse("admin:people_roles", args=[otto.pk])).status_code == 403
    assert enter(adjoa).post(reverse("admin:people_erase", args=[otto.pk]), {"confirmed": "yes"}).status_code == 403


def test_giving_a_role_asks_for_a_fresh_confirmation_of_who_you_are(enter, rosalind, otto):
    Authenticator.objects.create(user=rosalind, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = enter(rosalind)
    session = client.session
    for shown in session["account_authentication_methods"]:
        shown["at"] = time.time() - 3600
    session.save()
    page = client.post(reverse("admin:people_role", args=[otto.pk, "give", "administrator"]), {"confirmed": "yes"})
    assert page.status_code == 302
    otto.refresh_from_db()
    assert otto.is_staff is False


def test_a_long_list_is_counted_only_up_to_the_cap(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    PersonFactory.create_batch(5)
    with django_assert_num_queries(1):
        assert CappedPaginator(Person.objects.all(), 2).count == 3


def test_a_list_that_is_cut_off_says_so(monkeypatch, enter, rosalind):
    page = reverse("admin:people_person_changelist")
    PersonFactory.create_batch(3)
    client = enter(rosalind)
    monkeypatch.setattr(CappedPaginator, "cap", 3)
    assert "The first 3 people. Search or filter to reach the others." in client.get(page).content.decode()
    monkeypatch.setattr(CappedPaginator, "cap", 4)
    assert "4 people" in " ".join(client.get(page).content.decode().split())
