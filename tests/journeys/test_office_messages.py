"""Journeys of the office through its mail: an address repaired, a year rehearsed, a group written to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.actions import create_cohort
from cohorts.models import Place
from leaders.outbox.actions import post_letter, suppress
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression
from leaders.people.models import AuditEvent, Person
from leaders.reminders.models import Reminder
from nominations.actions import invite
from tests.browsers import assert_accessible
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.journeys.hands import Finger
from tests.modules.factories import six_modules
from tests.nominations.factories import OPEN, RoundFactory
from tests.outbox.factories import LETTER, write_message
from tests.people.factories import PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bounced(smtp_sink):
    """Three messages to Amara: her old address refused the first, then took no more; the third is not due yet."""
    amara = PersonFactory(name="Amara Mensah", email="amara.mensah@example.org")
    smtp_sink.refuse[amara.email] = "550 No such user here"
    now = timezone.now()
    for number, hours in enumerate((-2, -1, 24)):
        due_at = now + timedelta(hours=hours)
        letter = replace(LETTER, subject=f"Module {number + 4} has a new room")
        post_letter(letter, kind="modules.session_changed", to=amara, now=now, due_at=due_at, dedupe_key=f"t:{number}")
        send_due(now)
        smtp_sink.refuse.clear()
    return amara


def test_the_administrator_corrects_an_address_and_everything_arrives(browse, adjoa, bounced, smtp_sink):
    page = browse(adjoa)
    hand = Finger(page)
    page.goto("/office/")
    hand.follow("1 message could not be delivered")
    hand.follow("Module 4 has a new room")
    assert page.get_by_text("550 No such user here").first.is_visible()
    assert_accessible(page)

    hand.follow("Correct the address")
    page.get_by_role("textbox", name="Email", exact=True).fill("amara@example.org")
    hand.press("Save")

    page.goto(reverse("admin:outbox_message_change", args=[Message.objects.earliest("pk").pk]))
    assert page.get_by_text("Amara Mensah has another address now: amara@example.org.").is_visible()
    hand.follow("Send what did not arrive to the new address")
    assert page.get_by_role("heading", name="Send 2 messages to Amara Mensah").is_visible()
    assert_accessible(page)
    hand.press("Send 2 messages")
    send_due(timezone.now())
    page.reload()
    assert page.get_by_text("Sent", exact=True).first.is_visible()
    assert [envelope.rcpt_tos for envelope in smtp_sink.envelopes] == [["amara@example.org"]] * 2
    assert {mail["To"] for mail in smtp_sink.messages} == {"Amara Mensah <amara@example.org>"}
    page.goto("/office/")
    assert page.get_by_text("could not be delivered").count() == 0


def test_the_administrator_lets_a_repaired_mailbox_have_what_it_missed(browse, adjoa, bounced, smtp_sink):
    page = browse(adjoa)
    hand = Finger(page)
    page.goto(reverse("admin:outbox_suppression_changelist"))
    hand.follow("Send to it again")
    assert_accessible(page)
    hand.press("Send to it again")
    hand.press("Send 2 messages")
    send_due(timezone.now())
    assert [mail["Subject"] for mail in smtp_sink.messages] == ["Module 4 has a new room", "Module 5 has a new room"]


def test_the_director_rehearses_the_year_of_a_cohort_that_nobody_has_joined(browse, rosalind, programme, camden, helen):
    """Invitations to nominate, then reading, questionnaires, contracts and narratives of participants yet unknown."""
    source = CohortFactory(programme=programme, number=7, contact=rosalind, starts_on=date(2026, 9, 15), capacity=4)
    six_modules(source)
    RoundFactory(cohort=source)
    invite(round=source.round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    year = timedelta(weeks=52)
    cohort = create_cohort(
        programme=programme, number=8, contact=rosalind, by=rosalind, now=timezone.now(), source=source,
        dates={name: getattr(source, name) + year for name in source.DATES},
    )  # fmt: skip
    models = (Message, Reminder, Person, Place, AuditEvent)
    counts = [model.objects.count() for model in models]

    page = browse(rosalind)
    hand = Finger(page)
    page.goto(reverse("admin:reminders_reminder_rehearsal"))
    page.get_by_label("Cohort").select_option(str(cohort))
    hand.press("Rehearse")
    assert page.get_by_text("4 invented participants").is_visible()
    heading = page.get_by_role("heading", name="mails to 5 people").inner_text()
    people = page.locator("#content-main details")
    assert people.filter(has_text="Helen Marsh").locator("summary").inner_text() == "Helen Marsh: 7 mails"
    assert people.filter(has_text="Helen Marsh").filter(has_text="Invitation to nominate").count() == 1
    alike = people.filter(has_text="Module 6").filter(has_text="Graduation, with the certificate")
    assert alike.locator("summary").inner_text().startswith("Participant 1 and 3 others: ")
    weekly = page.locator("#content-main").get_by_role("table").first.get_by_role("row").all()[1:]
    figures = [[int(row.get_by_role("cell").nth(n).inner_text()) for n in (1, 2, 3)] for row in weekly]
    assert all(reminders + letters == together for reminders, letters, together in figures)
    total = sum(together for *_, together in figures)
    assert heading == f"{total} mails to 5 people"
    assert people.filter(has_text="Writing the learning contract").count() == 1
    assert_accessible(page)
    assert [model.objects.count() for model in models] == counts


def test_the_administrator_writes_to_a_group_on_a_phone(browse, adjoa, cohort, amara):
    bola = PlaceFactory(cohort=cohort, person__name="Bola Adeyinka").person
    suppress(bola.email, reason="It bounced", by=None, now=timezone.now())
    page = browse(adjoa, width=390)
    hand = Finger(page)
    page.goto(reverse("admin:cohorts_cohort_change", args=[cohort.pk]))
    page.get_by_role("link", name="Write to a group").last.click()
    page.get_by_label("Group").select_option(f"Participants, {cohort.short_name}")
    page.get_by_label("Subject").fill("Thursday starts at 11")
    page.get_by_label("Message").fill("There is a train strike: see www.example.org")
    hand.press("Look at it")
    assert_accessible(page)
    page.get_by_label("Message").fill("There is a train strike.")
    hand.press("Look at it")
    assert_accessible(page)
    hand.press("Change it")
    assert page.get_by_label("Message").input_value() == "There is a train strike."
    hand.press("Look at it")
    hand.press("Send to 1 person")
    page.get_by_text("goes out to 1 person").wait_for()
    assert Message.objects.get().person == amara


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_its_own_about_messages_is_accessible(browse, rosalind, settings, width):
    settings.DEMO = True
    now = timezone.now()
    write_message(now=now)
    send_due(now)
    suppress("amara.mensah@example.org", reason="It bounced", by=rosalind, now=now)
    pk = Message.objects.get().pk
    page = browse(rosalind, width=width)
    for url in (
        reverse("admin:outbox_message_change", args=[pk]),
        reverse("admin:outbox_message_step", args=[pk, "send_copy"]),
        reverse("admin:outbox_message_kinds"),
        reverse("admin:outbox_message_kind", args=["reminders.digest"]),
        reverse("admin:outbox_message_kind_words", args=["reminders.digest"]),
        reverse("admin:outbox_message_throughput"),
        reverse("admin:outbox_suppression_stop"),
        reverse("admin:outbox_suppression_stop") + "?address=amara@example.org",
        reverse("admin:outbox_suppression_lift", args=[Suppression.objects.get().pk]),
        reverse("admin:outbox_message_missed", args=[pk]),
        reverse("admin:reminders_reminder_rules"),
        reverse("admin:reminders_reminder_rehearsal"),
        reverse("mailbox"),
        reverse("mailbox_message", args=[pk]),
        reverse("mailbox_letter", args=[pk]),
    ):
        page.goto(url)
        assert_accessible(page)
