"""Places taken away as a spreadsheet."""

import csv
import io

import openpyxl
import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from cohorts.models import Place
from leaders.people.models import AuditEvent
from tests.browsers import sign_in
from tests.cohorts.factories import NOW, PlaceFactory

pytestmark = pytest.mark.django_db

EXCEL, CSV = "0", "1"
PAGE = "admin:cohorts_place_export"


@pytest.fixture
def office(client, rosalind):
    return sign_in(client, rosalind)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_page_says_what_goes_before_anything_goes(office, amara_place):
    page = office.get(reverse(PAGE))
    assert "Columns: Programme, Cohort, Name, Email" in page.text
    assert not AuditEvent.objects.filter(action="cohorts.place.exported").exists()


def test_what_the_list_shows_is_what_goes(office, amara_place, cohort):
    PlaceFactory(cohort=cohort, person__name="Zoë Łukasik", status="graduated", graduated_at=NOW)
    address = f"{reverse(PAGE)}?status__exact=graduated"
    (row,) = rows_of(office.post(address, {"format": CSV}))
    assert (row["Name"], row["Status"]) == ("Zoë Łukasik", "Graduated")
    kept = AuditEvent.objects.get(action="cohorts.place.exported")
    assert kept.sentence == "Rosalind Tate took away a list of 1 places"
    assert kept.detail == {"filters": {"status__exact": "graduated"}}


@pytest.mark.parametrize("typed", ['=HYPERLINK("https://example.org")', "+1+1", "-1", "@SUM(1)", "\t=1", "a\x0bb"])
def test_what_somebody_typed_is_no_formula_in_a_spreadsheet(office, amara_place, typed):
    Place.objects.filter(pk=amara_place.pk).update(role_title=typed)
    (row,) = rows_of(office.post(reverse(PAGE), {"format": CSV}))
    assert row["Job title"][0] in "'a"
    book = openpyxl.load_workbook(io.BytesIO(office.post(reverse(PAGE), {"format": EXCEL}).content))
    heads, values = book.active.iter_rows(values_only=True)
    found = dict(zip(heads, values, strict=True))
    assert found["Job title"] == row["Job title"]
    assert found["Accepted"].date() == amara_place.accepted_at.date()


def test_confidential_columns_do_not_exist(office, amara_place):
    amara_place.access_needs = "A quiet room"
    amara_place.save()
    assert "A quiet room" not in office.post(reverse(PAGE), {"format": CSV}).text


def test_the_second_factor_is_asked_for_again(office, rosalind, amara_place):
    Authenticator.objects.create(user=rosalind, type=Authenticator.Type.TOTP, data={"secret": "x"})
    for answer in (office.get(reverse(PAGE)), office.post(reverse(PAGE), {"format": CSV})):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert not AuditEvent.objects.filter(action="cohorts.place.exported").exists()


def test_an_empty_list_is_not_offered(office):
    page = office.get(reverse(PAGE))
    assert "Nothing is in this list" in page.text


def test_an_address_that_nobody_can_have_chosen_leads_to_the_list(office, amara_place):
    assert office.get(f"{reverse(PAGE)}?cohort=abc").url == reverse("admin:cohorts_place_changelist")
