"""Nominators from a spreadsheet: rows read as people paste them, judged one by one, planned without a letter."""

import contextlib
import csv
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from leaders.outbox.models import Message
from leaders.people.models import Organisation, Person
from nominations.actions import invite, plan_invitation, withdraw_invitation
from nominations.contacts import Cells, judged, read
from nominations.models import Invitation
from tests.browsers import sign_in
from tests.nominations.factories import OPEN
from tests.people.factories import AuthorityFactory, OrganisationFactory, PersonFactory

HELEN = "Camden\tHelen Marsh\thelen.marsh@example.org\tDirector of Housing\t020 7946 0101"

SURNAMES_APART = (
    "First name\tSurname\tOrganisation name\tNotes\tWork email address\tJob title\tOffice telephone\n"
    "Helen\tMarsh\tCamden\tring first\thelen.marsh@example.org\tDirector of Housing\t020 7946 0101"
)


def html(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "text",
    [
        HELEN,
        f"\n{HELEN}\r\n\r\n",
        f"Organisation\tName\tEmail\tJob title\tTelephone\n{HELEN}",
        "Post,E-mail,Contact,Borough,Tel\nDirector of Housing,helen.marsh@example.org,Helen Marsh,Camden,020 7946 0101",
        SURNAMES_APART,
        "Camden;Helen  Marsh;helen.marsh@example.org;Director of Housing;020 7946 0101",
        '"Camden","Helen Marsh","helen.marsh@example.org","Director of Housing","020 7946 0101"',
        f"Nominators of 2027\n\nOrganisation\tName\tMail\tJob title\tTelephone\n{HELEN}",
        HELEN.replace("Helen Marsh", "Marsh, Helen"),
        HELEN.replace("helen.marsh@example.org", "Helen Marsh <helen.marsh@example.org>"),
        HELEN.replace("helen.marsh@example.org", "mailto:helen.marsh@example.org"),
    ],
)
def test_rows_are_read_however_they_were_copied(text):
    (row,) = read(text)
    assert row.words == tuple(HELEN.split("\t"))


def test_a_cell_may_hold_a_comma_a_line_end_or_nothing():
    rows = read('Camden\t"Marsh,\nHelen"\thelen@example.org\n\tOla Ødegård\tola@example.org')
    assert rows == [
        Cells(1, "Camden", "Helen Marsh", "helen@example.org"),
        Cells(3, "", "Ola Ødegård", "ola@example.org"),
    ]


def test_of_columns_that_are_alike_the_right_one_counts():
    text = (
        "Title\tSurname\tFirst name\tOrganisation\tBorough\tEmail\tEmailed on\tJob title\tPostcode\tTel\tMobile\n"
        "Ms\tMarsh\tHelen\t\tCamden\thelen@example.org\t3 March\tDirector of Housing\tN1 1AA\t2079460101\t07700 900123"
    )
    assert read(text) == [Cells(2, "Camden", "Helen Marsh", "helen@example.org", "Director of Housing", "02079460101")]


def test_a_quotation_mark_swallows_no_row():
    assert [row.name for row in read('Camden\t"Helen Marsh\th@example.org\nCamden\tBo Li\tb@example.org')] == [
        '"Helen Marsh',
        "Bo Li",
    ]
    assert read('Camden\t"Nick" Smith\tn@example.org')[0].name == '"Nick" Smith'
    with pytest.raises(csv.Error):
        read('Camden,"Helen Marsh,h@example.org\nCamden,Bo Li,b@example.org')


@example(",,,,,a")
@given(st.text(alphabet=st.sampled_from('ab@.,;\t\n"Ł '), max_size=60))
def test_whatever_is_pasted_is_read_without_stumbling(text):
    with contextlib.suppress(csv.Error):
        assert all(any(row.words) for row in read(text))


def outcomes(text, this_round):
    return [each.problem or each.said for each in judged(read(text), this_round)]


@pytest.fixture
def places(camden, db):
    AuthorityFactory(name="Hammersmith and Fulham", formal_name="London Borough of Hammersmith & Fulham")
    AuthorityFactory(name="Kensington and Chelsea", formal_name="Royal Borough of Kensington and Chelsea")
    AuthorityFactory(name="Hackney", email_domains=["hackney.example.org"])
    AuthorityFactory(name="City of London", formal_name="City of London Corporation")
    AuthorityFactory(name="Kingston upon Thames", formal_name="Royal Borough of Kingston upon Thames")
    for name in ("Richmond upon Thames", "Wandsworth"):
        AuthorityFactory(name=name, email_domains=["both.example.org"])
    OrganisationFactory(name="Thames Trust", kind=Organisation.Kind.VOLUNTARY)


@pytest.mark.parametrize(
    ("called", "found"),
    [
        ("camden", "Camden"),
        ("LB Hammersmith & Fulham", "Hammersmith and Fulham"),
        ("The London Borough of Hammersmith and Fulham", "Hammersmith and Fulham"),
        ("RB Kensington & Chelsea", "Kensington and Chelsea"),
        ("Hackney Council", "Hackney"),
        ("City of London", "City of London"),
        ("RBKC", "Kensington and Chelsea"),
        ("H&F", "Hammersmith and Fulham"),
        ("LBHF", "Hammersmith and Fulham"),
        ("", "Hackney"),
    ],
)
def test_organisations_are_found_by_what_people_call_them(places, this_round, called, found):
    (row,) = judged(read(f"{called}\tAda Obi\tada.obi@hackney.example.org"), this_round)
    assert (str(row.organisation), row.problem, row.plans) == (found, "", True)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Camdem\tAda Obi\tada@example.org", "We know no organisation called “Camdem”. Did you mean Camden?"),
        ("Atlantis\tAda Obi\tada@example.org", "We know no organisation called “Atlantis”. Use its name as under"),
        ("Kingston\tAda Obi\tada@example.org", "Did you mean Kingston upon Thames?"),
        ("Camden NHS Foundation Trust\tAda Obi\tada@example.org", "We know no organisation called “Camden NHS Foundat"),
        ("\tAda Obi\tada@both.example.org", "Say which organisation."),
        ("Camden\tAda Obi\tada@example.org\t\tdirect", "“direct” is no telephone number."),
        ("Thames Trust\tAda Obi\tada@example.org", "Thames Trust does not nominate for this programme."),
        ("\tAda Obi\tada@example.org", "Say which organisation."),
        ("Camden\tAda Obi", "Give an email address."),
        ("Camden\tAda Obi\tada at camden", "“ada at camden” is no email address."),
        ("Camden\t\tada@example.org", "Give a name."),
        ("Camden\tObi\tada@example.org", "Give first name and surname, not “Obi”"),
        ("Camden\tDr Obi\tada@example.org", "Give first name and surname, not “Dr Obi”"),
        ("Camden\t#N/A\tada@example.org", "Give first name and surname, not “#N/A”"),
        (f"Camden\tAda {'A' * 150}\tada@example.org", "is longer than 150 characters."),
        ("Hackney\tHelen Marsh\thelen.marsh@example.org", "Helen Marsh is on record at Camden."),
    ],
)
def test_what_cannot_be_planned_says_what_to_do(places, helen, this_round, row, problem):
    (found,) = judged(read(row), this_round)
    assert problem in found.problem
    assert not found.plans


def test_each_row_says_what_comes_of_it(places, helen, this_round, rosalind):
    withdrawn = PersonFactory(name="Wanda Ilves", email="wanda@example.org")
    withdraw_invitation(
        invitation=invite(
            round=this_round, organisation=helen.organisation, nominator=withdrawn, by=rosalind, now=OPEN
        ),
        by=rosalind,
        now=OPEN,
    )
    gone = PersonFactory(name="Gus Pym", email="gus@example.org", is_active=False)
    listed = PersonFactory(name="Lou Reyes", email="lou@example.org")
    plan_invitation(round=this_round, organisation=helen.organisation, nominator=listed, by=rosalind, now=OPEN)
    invite(round=this_round, organisation=helen.organisation, nominator=helen, by=rosalind, now=OPEN)
    text = "\n".join(
        f"Camden\t{name}\t{email}"
        for name, email in [
            ("H. Marsh", "Helen.Marsh@example.org"),
            ("Lou Reyes", "lou@example.org"),
            ("Wanda", "wanda@example.org"),
            ("Gus", gone.email),
            ("Ada Obi", "ada@example.org"),
            ("Ada O.", "ADA@example.org"),
        ]
    )
    assert outcomes(text, this_round) == [
        "Already invited on Monday 16 March 2026",
        "Already on the list",
        "On record as Wanda Ilves; to be invited for Camden, besides 2 others",
        "Gus Pym has left. Choose somebody else.",
        "New; to be invited for Camden, besides 3 others",
        "The same address stands in row 5. Take one of them out.",
    ]


def test_it_asks_the_database_as_often_for_many_rows_as_for_one(places, this_round, django_assert_num_queries):
    this_round.cohort.programme.name  # noqa: B018 (fetched before)
    for count in (1, 60):
        rows = read("\n".join(f"Camden\tPerson {n}\tp{n}@example.org" for n in range(count)))
        with django_assert_num_queries(3):
            assert all(each.plans for each in judged(rows, this_round))


# In the office


@pytest.fixture
def office(client, adjoa, time_machine):
    time_machine.move_to(OPEN)
    return sign_in(client, adjoa)


@pytest.fixture
def page(this_round):
    return reverse("admin:nominations_contacts", args=[this_round.pk])


def look(office, page, table, **more):
    return office.post(page, {"table": table, **more}, follow=True)


def plan(office, page, shown, **changed):
    """Press "Plan" on the page that is shown."""
    given = {
        "looked_at": shown.context["looked_at"],
        "table": shown.context["form"]["table"].value(),
        "plan": "yes",
        **changed,
    }
    return office.post(page, given, follow=True)


def test_pasted_rows_are_looked_at_then_planned_and_nobody_is_written_to(places, helen, this_round, office, page):
    table = f"{HELEN}\nHackney\tŁucja Nowak\tLucja.Nowak@example.org\tDirector of Adults\t"
    shown = look(office, page, table)
    assert "New; to be invited for Hackney" in html(shown)
    assert not Invitation.objects.exists()
    assert "2 nominators are now on the list. Nobody is written to before you" in html(plan(office, page, shown))
    assert set(Invitation.objects.values_list("nominator__name", "organisation__name", "invited_at")) == {
        ("Helen Marsh", "Camden", None),
        ("Łucja Nowak", "Hackney", None),
    }
    new = Person.objects.get(email="lucja.nowak@example.org")
    assert (new.role_title, str(new.organisation)) == ("Director of Adults", "Hackney")
    assert not Message.objects.exists()
    # The back button and a second press plan nobody twice.
    assert "Everybody in these rows is on the list already." in html(plan(office, page, shown))
    assert Invitation.objects.count() == 2


def test_rows_that_are_wrong_stay_to_be_put_right_and_the_others_are_planned(places, this_round, office, page):
    table = (
        "Name\tEmail\tBorough\nAda Obi\tada@example.org\tCamden\nBo Li\tbo@example.org\tHackny\n"
        "Ada O.\tada@example.org\tCamden"
    )
    shown = look(office, page, table)
    assert "2 rows have to be put right" in html(shown)
    assert "The same address stands in row 2." in html(shown)
    left = plan(office, page, shown)
    assert "1 nominator is now on the list." in html(left)
    # Whoever goes away to put something right finds them again.
    office.get(reverse("admin:people_organisation_changelist"))
    left = office.get(page)
    assert [(each.cells.line, each.problem or each.said) for each in left.context["found"]] == [
        (2, "We know no organisation called “Hackny”. Did you mean Hackney?"),
        (3, "Already on the list"),
    ]
    mended = look(office, page, left.context["form"]["table"].value().replace("Hackny", "Hackney"))
    plan(office, page, mended)
    assert Invitation.objects.count() == 2


def test_what_was_changed_since_it_was_looked_at_is_looked_at_again(places, office, page):
    shown = look(office, page, HELEN)
    again = plan(office, page, shown, table=HELEN.replace("Camden", "Hackney"))
    assert "The rows were changed, so they were looked at again. Nobody is planned yet." in html(again)
    assert "New; to be invited for Hackney" in html(again)
    assert not Invitation.objects.exists()


def workbook(*rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("contacts.xlsx", workbook(["Organisation", "Name", "Email"], ["Camden", "Zoë Adeyemi", "zoe@example.org"])),
        ("contacts.csv", "\ufeffOrganisation,Name,Email\r\nCamden,Zoë Adeyemi,zoe@example.org\r\n".encode()),
        ("contacts.csv", "Organisation;Name;Email\r\nCamden;Zoë Adeyemi;zoe@example.org\r\n".encode("cp1252")),
    ],
    ids=["a workbook", "CSV of today", "CSV of old"],
)
def test_a_file_is_read_and_its_rows_can_be_put_right_on_the_page(places, office, page, name, content):
    shown = look(office, page, "", file=SimpleUploadedFile(name, content))
    assert "New; to be invited for Camden" in html(shown)
    assert "Zoë Adeyemi\tzoe@example.org" in shown.context["form"]["table"].value().replace(",", "\t").replace(
        ";", "\t"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"table": " \n "}, "Paste some rows, or choose a file."),
        ({"table": HELEN, "file": SimpleUploadedFile("a.xlsx", b"no workbook")}, "We cannot read this file."),
        ({"table": " ", "file": SimpleUploadedFile("a.xlsx", workbook())}, "There are no rows in this file."),
        ({"table": HELEN, "file": SimpleUploadedFile("a.csv", b"x" * (1024 * 1024 + 1))}, "bigger than 1 MB"),
        ({"table": 'Camden,"Ada,a@example.org'}, "A quotation mark stands wrong, or is opened and not closed."),
        ({"table": "\n".join([HELEN] * 501)}, "There are more than 500 rows. Bring in at most 500 at once."),
    ],
)
def test_what_cannot_be_read_says_so_and_keeps_what_was_pasted(places, office, page, given, said):
    shown = office.post(page, given)
    assert said in html(shown)
    assert shown.context["form"]["table"].value() == given["table"]


def test_the_board_leads_there_until_nominations_close(this_round, office, adjoa, page, time_machine):
    board = reverse("admin:nominations_coverage", args=[this_round.pk])
    assert page in html(office.get(board))
    time_machine.move_to(this_round.closes_at)
    sign_in(office, adjoa)
    closed = office.get(board)
    assert (closed.status_code, page in html(closed)) == (200, False)
    closed = office.post(page, {"table": HELEN, "plan": "yes"}, follow=True)
    assert "are over: nobody is added to those to invite." in html(closed)
    assert not Invitation.objects.exists()
