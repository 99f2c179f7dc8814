"""Journeys of the office through its mail: a bounced address repaired, a year rehearsed, every page accessible."""

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.reminders.registry import scopes
from tests.browsers import assert_accessible
from tests.outbox.factories import write_message
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import THURSDAY, world  # noqa: F401

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_the_administrator_repairs_a_bounced_address(browse, adjoa, smtp_sink):
    smtp_sink.refuse["amara.mensah@example.org"] = "550 No such user here"
    now = timezone.now()
    write_message(now=now)
    send_due(now)
    smtp_sink.refuse.clear()

    page = browse(adjoa)
    page.goto("/office/")
    page.get_by_role("link", name="1 message could not be delivered").first.click()
    page.get_by_role("link", name="Module 4 is on Thursday 18 March").click()
    assert_accessible(page)
    page.get_by_role("link", name="Send to it again").click()
    page.get_by_role("button", name="Send to it again").click()
    page.goto(reverse("admin:outbox_message_change", args=[Message.objects.get().pk]))
    page.get_by_role("link", name="Send now").click()
    assert_accessible(page)
    page.get_by_role("button", name="Send now").click()
    send_due(timezone.now())
    page.reload()
    assert page.get_by_text("Sent", exact=True).first.is_visible()
    assert len(smtp_sink.envelopes) == 1


def test_the_director_rehearses_a_cohorts_year(browse, rosalind, world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(scopes, "_parts", {})
    camden = OrganisationFactory(name="Cohort 8")
    scopes.part(order=1, key="test")(lambda: [camden])
    world.rule(letters=True)
    for n, name in enumerate(["Amara Mensah", "Femi Adebayo"]):
        world.plan(camden, PersonFactory(name=name), THURSDAY.replace(day=4 + 7 * n))

    page = browse(rosalind)
    page.goto(reverse("admin:reminders_reminder_rehearsal"))
    page.get_by_label("Cohort").select_option("Cohort 8")
    page.get_by_role("button", name="Rehearse").click()
    assert page.get_by_role("heading", name="2 mails to 2 people").is_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_its_own_about_messages_is_accessible(browse, rosalind, settings, width):
    settings.DEMO = True
    now = timezone.now()
    write_message(now=now)
    send_due(now)
    pk = Message.objects.get().pk
    page = browse(rosalind, width=width)
    for url in (
        reverse("admin:outbox_message_change", args=[pk]),
        reverse("admin:outbox_message_step", args=[pk, "resend"]),
        reverse("admin:outbox_message_kinds"),
        reverse("admin:outbox_message_kind", args=["reminders.digest"]),
        reverse("admin:outbox_message_kind_words", args=["reminders.digest"]),
        reverse("admin:outbox_message_throughput"),
        reverse("admin:outbox_suppression_stop"),
        reverse("mailbox"),
        reverse("mailbox_message", args=[pk]),
        reverse("mailbox_letter", args=[pk]),
    ):
        page.goto(url)
        assert_accessible(page)
