"""The office's pages about messages and reminders: seen, confirmed, done, kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from leaders.office.messages import STEPS
from leaders.office.messages_today import failed, held, standing_still, uncertain
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression
from leaders.people.models import AuditEvent
from leaders.reminders.actions import materialise
from leaders.reminders.models import Reminder
from leaders.reminders.registry import scopes
from tests.browsers import sign_in
from tests.outbox.factories import NOW, write_message
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY, world  # noqa: F401

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def office(client, rosalind):
    return sign_in(client, rosalind)


def in_state(state):
    message = write_message()
    sent = {"sent_at": NOW} if state == State.SENT else {}
    Message.objects.filter(pk=message.pk).update(state=state, **sent)
    message.refresh_from_db()
    return message


CHANGES = {
    "hold": (State.PENDING, State.HELD),
    "release": (State.HELD, State.PENDING),
    "send_now": (State.FAILED, State.PENDING),
    "resend": (State.SENT, State.PENDING),
    "mark_as_sent": (State.UNCERTAIN, State.SENT),
    "drop": (State.UNCERTAIN, State.SKIPPED),
}


def test_every_step_has_its_test():
    assert CHANGES.keys() == STEPS.keys()


@pytest.mark.parametrize("name", CHANGES)
def test_the_office_confirms_a_step_and_it_is_taken_and_kept(office, rosalind, name):
    before, after = CHANGES[name]
    message = in_state(before)
    page = reverse("admin:outbox_message_step", args=[message.pk, name])
    assert office.get(page).status_code == 200
    message.refresh_from_db()
    assert message.state == before
    office.post(page, {"confirmed": "yes", "reason": "They rang"})
    message.refresh_from_db()
    assert message.state == after
    event = AuditEvent.objects.about(message).get()
    assert (event.actor, event.reason) == ("Rosalind Tate", "They rang" if STEPS[name].needs_reason else "")


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.needs_reason])
def test_a_step_that_needs_a_reason_waits_for_one(office, name):
    message = in_state(CHANGES[name][0])
    answer = office.post(reverse("admin:outbox_message_step", args=[message.pk, name]), {"confirmed": "yes"})
    assert "Give a reason" in answer.content.decode()
    message.refresh_from_db()
    assert message.state == CHANGES[name][0]


def test_a_step_that_no_longer_applies_says_so(office):
    message = in_state(State.SENT)
    page = reverse("admin:outbox_message_step", args=[message.pk, "hold"])
    answer = office.post(page, {"confirmed": "yes", "reason": "Too early"})
    assert "It can only be held before it goes out." in answer.content.decode()


def test_what_was_sent_again_is_the_very_same_message(office, settings, smtp_sink):
    message = write_message()
    send_due(NOW)
    office.post(reverse("admin:outbox_message_step", args=[message.pk, "resend"]), {"confirmed": "yes"})
    send_due(timezone.now())
    first, second = smtp_sink.envelopes
    assert first.content == second.content


def test_the_list_takes_a_step_for_several_after_naming_the_recipients(office):
    chosen = [in_state(State.PENDING), in_state(State.PENDING), in_state(State.SENT)]
    form = {"action": "hold", "_selected_action": [message.pk for message in chosen]}
    page = office.post(reverse("admin:outbox_message_changelist"), form)
    text = page.content.decode()
    assert "Hold: 2 messages" in text
    assert text.count("Amara: Module 4 is on Thursday 18 March") == 2
    assert "1 of those chosen are left as they are" in text
    office.post(reverse("admin:outbox_message_changelist"), {**form, "confirmed": "yes", "reason": "Wrong date"})
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["held", "held", "sent"]


@pytest.mark.parametrize("name", ["outbox_message_change", "outbox_message_letter", "outbox_message_letter_css"])
def test_a_message_is_shown_as_it_is(office, name):
    message = write_message()
    page = office.get(reverse(f"admin:{name}", args=[message.pk]))
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def test_every_email_has_a_preview(office):
    page = office.get(reverse("admin:outbox_message_kinds")).content.decode()
    assert "The weekly digest" in page
    letter = office.get(reverse("admin:outbox_message_kind", args=["reminders.digest"]))
    assert "Review your learning contract with Ade" in letter.content.decode()


def test_a_bounced_address_is_repaired_by_the_office(office, smtp_sink):
    smtp_sink.refuse["amara.mensah@example.org"] = "550 No such user here"
    message = write_message()
    send_due(NOW)
    assert [need.sentence for need in [failed(None, NOW)]] == ["1 message could not be delivered"]
    smtp_sink.refuse.clear()
    suppression = Suppression.objects.get()
    office.post(reverse("admin:outbox_suppression_lift", args=[suppression.pk]), {"confirmed": "yes"})
    office.post(reverse("admin:outbox_message_step", args=[message.pk, "send_now"]), {"confirmed": "yes"})
    send_due(timezone.now())
    assert len(smtp_sink.envelopes) == 1
    assert failed(None, NOW) is None


def test_the_office_stops_mail_to_an_address(office):
    page = reverse("admin:outbox_suppression_stop")
    assert "Give the address and a reason." in office.post(page, {"address": "x"}).content.decode()
    office.post(page, {"address": "Amara.Mensah@example.org", "reason": "She asked"})
    assert Suppression.of("amara.mensah@example.org").reason == "She asked"


def test_today_names_what_stands(rosalind):
    in_state(State.UNCERTAIN)
    in_state(State.HELD)
    assert uncertain(rosalind, NOW).sentence == "1 message may or may not have arrived"
    assert held(rosalind, NOW).sentence == "1 message held until you have looked"
    assert standing_still(rosalind, NOW).detail.startswith("Sending messages has never run")


def test_how_mail_is_going_counts_what_went_out(office):
    now = timezone.now()
    write_message(now=now)
    send_due(now)
    page = office.get(reverse("admin:outbox_message_throughput")).content.decode()
    assert "1 sent and 0 failed in the last 14 days" in page


def test_a_reminder_is_held_released_and_skipped_from_the_list(office, world, rosalind):  # noqa: F811
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    world.rule()
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - timedelta(days=1))
    row = Reminder.objects.get()
    states = []
    for action in ("hold", "release", "skip"):
        office.post(
            reverse("admin:reminders_reminder_changelist"),
            {"action": action, "_selected_action": [row.pk], "confirmed": "yes", "reason": "Not now"},
        )
        row.refresh_from_db()
        states.append(row.state)
    assert states == ["held", "pending", "skipped"]
    assert AuditEvent.objects.about(row).count() == 3


def test_a_year_is_rehearsed_before_anything_is_sent(office, world, monkeypatch):  # noqa: F811
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    monkeypatch.setattr(scopes, "_parts", {})
    scopes.part(order=1, key="test")(lambda: [camden])
    world.rule(letters=True)
    for step in range(3):
        world.plan(camden, amara, THURSDAY - timedelta(days=step), step=f"step {step}")
    page = reverse("admin:reminders_reminder_rehearsal")
    assert "Camden" in office.get(page).content.decode()
    text = office.get(f"{page}?scope=people.organisation:{camden.pk}").content.decode()
    assert "3 mails to 1 people" in text
    assert "Amara Mensah: week from 1 March" in text
    assert not Reminder.objects.exists()


def test_the_pace_is_one_row(office):
    page = reverse("admin:reminders_pace_add")
    office.post(page, {"quiet_august": "on", "mails_a_week": 3})
    assert office.get(page).status_code == 403
    from leaders.reminders.models import Pace

    assert Pace.current().mails_a_week == 3


def test_the_office_changes_the_words_of_an_email_and_sees_them_in_its_preview(office):
    page = reverse("admin:outbox_message_kind_words", args=["reminders.digest"])
    assert "There is no placeholder {x}" in office.post(page, {"opening": "Dear {x}"}).content.decode()
    office.post(page, {"opening": "{usual}\n\nWe are closed on Friday."})
    assert "Version" in office.get(page).content.decode()
    letter = office.get(reverse("admin:outbox_message_kind", args=["reminders.digest"])).content.decode()
    assert "We are closed on Friday." in letter
