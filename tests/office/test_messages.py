"""The office's pages about messages and reminders: seen, confirmed, done, kept."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.text import capfirst

from leaders.components.dates import day, day_time
from leaders.office.admin import CappedPaginator
from leaders.office.messages.kinds import words_of
from leaders.office.messages.reach import hindrances
from leaders.office.messages.steps import MESSAGES
from leaders.office.messages.week import week_ahead
from leaders.office.messages_today import failed, held, standing_still, uncertain
from leaders.outbox.actions import missed, post, post_letter, redact, suppress
from leaders.outbox.consent import give_consent, withdraw_consent
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression, Wording
from leaders.outbox.registry import Block, Button, emails
from leaders.people import links
from leaders.people.models import AuditEvent, Person
from leaders.people.refusals import NotPossible
from leaders.reminders.actions import materialise, preview, tick
from leaders.reminders.models import ClosedPeriod, NoDigest, Pace, Reminder
from leaders.reminders.registry import rules, said_step, scopes
from tests.browsers import sign_in
from tests.cohorts.factories import CohortFactory
from tests.outbox.factories import LETTER, NOW, write_message
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
    "resend": (State.UNCERTAIN, State.PENDING),
    "send_copy": (State.SENT, State.SENT),
    "mark_as_sent": (State.UNCERTAIN, State.SENT),
    "drop": (State.UNCERTAIN, State.SKIPPED),
}


def test_every_step_has_its_test():
    assert CHANGES.keys() == MESSAGES.steps.keys()


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
    assert (event.actor, event.reason) == ("Rosalind Tate", "They rang" if MESSAGES.steps[name].needs_reason else "")


@pytest.mark.parametrize("name", [name for name, step in MESSAGES.steps.items() if step.needs_reason])
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


def step(office, message, name, **given):
    return office.post(reverse("admin:outbox_message_step", args=[message.pk, name]), {"confirmed": "yes", **given})


def test_what_may_have_arrived_is_sent_again_as_the_very_same_message(office, smtp_sink):
    message = write_message()
    send_due(NOW)
    Message.objects.update(state=State.UNCERTAIN, sent_at=None)
    step(office, message, "resend")
    send_due(timezone.now())
    first, second = smtp_sink.envelopes
    assert first.content == second.content


def test_what_had_arrived_is_sent_again_as_a_message_of_its_own_and_the_first_stays_on_record(office, smtp_sink):
    message = write_message(now=timezone.now(), files=[("day.txt", "text/plain", b"Toynbee Hall")])
    send_due(timezone.now())
    step(office, message, "send_copy")
    again = Message.objects.get(copy_of=message)
    assert "It is being sent again already." in step(office, message, "send_copy").content.decode()
    send_due(timezone.now())
    message.refresh_from_db()
    again.refresh_from_db()
    assert (message.state, again.state) == (State.SENT, State.SENT)
    assert (again.text, again.html, again.to_email) == (message.text, message.html, message.to_email)
    assert again.message_id != message.message_id
    assert bytes(again.attachments.get().content) == b"Toynbee Hall"
    assert len(smtp_sink.envelopes) == 2
    for one, other in ((message, again), (again, message)):
        page = office.get(reverse("admin:outbox_message_change", args=[one.pk])).content.decode()
        assert reverse("admin:outbox_message_change", args=[other.pk]) in page
    step(office, again, "send_copy")
    assert Message.objects.filter(copy_of=message).count() == 2


def test_stopping_a_copy_leaves_what_arrived_as_it_is(office):
    message = in_state(State.SENT)
    step(office, message, "send_copy", reason="She lost it")
    step(office, message.copies.get(), "drop", reason="Changed my mind")
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, NOW)
    assert message.copies.get().state == State.SKIPPED


def test_what_is_out_of_date_is_sent_again_only_with_a_reason_and_says_so(office):
    message = in_state(State.SENT)
    yesterday = timezone.now() - timedelta(days=1)
    Message.objects.update(expires_at=yesterday)
    page = reverse("admin:outbox_message_step", args=[message.pk, "send_copy"])
    warned = f"It is out of date: it was not to go out after {day_time(yesterday)}."
    assert warned in office.get(page).content.decode()
    assert "Give a reason" in step(office, message, "send_copy").content.decode()
    assert not message.copies.exists()
    step(office, message, "send_copy", reason="She asked for it")
    assert message.copies.get().expires_at is None
    assert AuditEvent.objects.about(message).get().reason == "She asked for it"


def test_what_is_a_week_old_is_sent_again_only_with_a_reason(office):
    message = in_state(State.SENT)
    Message.objects.update(written_at=timezone.now() - timedelta(days=8))
    assert "and says what was true then" in office.get(
        reverse("admin:outbox_message_step", args=[message.pk, "send_copy"])
    ).content.decode()  # fmt: skip
    assert "Give a reason" in step(office, message, "send_copy").content.decode()


@pytest.mark.parametrize(("name", "state"), [("send_copy", State.SENT), ("resend", State.FAILED)])
def test_an_invite_to_what_is_over_is_not_sent_again(office, name, state):
    invite = ("invite.ics", 'text/calendar; method=REQUEST; charset="utf-8"', b"BEGIN:VCALENDAR")
    message = write_message(files=[invite], expires_at=NOW + timedelta(days=1))
    Message.objects.update(
        state=state, sent_at=NOW if state == State.SENT else None, expires_at=timezone.now() - timedelta(days=1)
    )
    page = office.get(reverse("admin:outbox_message_step", args=[message.pk, name])).content.decode()
    assert "It brings an invite to what is over, so it is not sent." in page
    assert 'name="confirmed"' not in page
    answer = step(office, message, name, reason="She asked for it").content.decode()
    assert "It brings an invite to what is over, so it is not sent." in answer
    assert Message.objects.filter(state="pending").count() == 0


def test_a_step_that_would_be_refused_has_no_button(office):
    message = in_state(State.SENT)
    page = office.get(reverse("admin:outbox_message_step", args=[message.pk, "release"])).content.decode()
    assert "It is not held." in page
    assert 'name="confirmed"' not in page
    message.refresh_from_db()
    assert message.state == State.SENT
    assert not AuditEvent.objects.about(message).exists()


def test_what_has_arrived_is_not_sent_again_for_many_at_once(office):
    chosen = [in_state(State.SENT), in_state(State.SENT)]
    assert "send_copy" not in office.get(reverse("admin:outbox_message_changelist")).context["action_form"]["action"]
    form = {"action": "resend", "_selected_action": [message.pk for message in chosen]}
    page = office.post(reverse("admin:outbox_message_changelist"), form, follow=True).content.decode()
    assert "“Send again” does not apply to any of the 2 messages that you chose" in page


def test_a_step_for_many_acts_on_exactly_those_that_its_confirmation_named(office):
    chosen = [in_state(State.HELD), in_state(State.HELD), in_state(State.SENT)]
    page = reverse("admin:outbox_message_changelist")
    form = {"action": "release", "_selected_action": [chosen[0].pk], "select_across": "1"}
    named = office.post(page, form).context["keep"]["_selected_action"]
    assert set(named) == {chosen[0].pk, chosen[1].pk}
    # One was settled meanwhile, another could be released only since then.
    Message.objects.filter(pk=chosen[1].pk).update(state=State.SKIPPED)
    Message.objects.filter(pk=chosen[2].pk).update(state=State.HELD, sent_at=None)
    confirmed = {"action": "release", "confirmed": "yes", "_selected_action": named}
    answer = office.post(f"{page}?state__exact=held", confirmed, follow=True).content.decode()
    assert "1 message is released. Not done for 1, such as Amara: It is not held." in answer
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["pending", "skipped", "held"]


def test_more_than_can_be_looked_through_at_once_are_not_taken(office, monkeypatch):
    monkeypatch.setattr("leaders.office.steps.MOST_AT_ONCE", 2)
    chosen = [in_state(State.PENDING) for _ in range(3)]
    form = {"action": "hold", "_selected_action": [chosen[0].pk], "select_across": "1"}
    page = office.post(reverse("admin:outbox_message_changelist"), form, follow=True).content.decode()
    assert "More than 2 messages are too many to look through at once." in page
    confirmed = {"action": "hold", "confirmed": "yes", "reason": "x", "_selected_action": [row.pk for row in chosen]}
    office.post(reverse("admin:outbox_message_changelist"), confirmed)
    assert set(Message.objects.values_list("state", flat=True)) == {"pending"}


def test_a_list_with_more_than_it_counts_offers_no_selection_of_all(office, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "cap", 60)
    Message.objects.bulk_create(
        Message(kind="test", dedupe_key=f"x{n}", message_id=f"<{n}@x>", written_at=NOW, due_at=NOW) for n in range(70)
    )
    assert "Select all 60 messages" not in office.get(reverse("admin:outbox_message_changelist")).content.decode()
    monkeypatch.setattr(CappedPaginator, "cap", 100)
    assert "Select all 70 messages" in office.get(reverse("admin:outbox_message_changelist")).content.decode()


def test_the_list_takes_a_step_for_several_after_naming_the_recipients(office):
    chosen = [in_state(State.PENDING), in_state(State.PENDING), in_state(State.SENT)]
    form = {"action": "hold", "_selected_action": [message.pk for message in chosen]}
    page = office.post(reverse("admin:outbox_message_changelist"), form)
    text = page.content.decode()
    assert "Hold: 2 messages" in text
    assert text.count("Amara: Module 4 is on Thursday 18 March") == 2
    assert "1 of those chosen is left as it is" in text
    office.post(reverse("admin:outbox_message_changelist"), {**form, "confirmed": "yes", "reason": "Wrong date"})
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["held", "held", "sent"]


def test_a_step_that_applies_to_none_of_those_chosen_says_so_in_the_list(office):
    chosen = [in_state(State.SENT), in_state(State.SENT)]
    form = {"action": "hold", "_selected_action": [message.pk for message in chosen]}
    page = office.post(reverse("admin:outbox_message_changelist"), form, follow=True)
    assert page.redirect_chain[-1][0] == reverse("admin:outbox_message_changelist")
    assert "“Hold” does not apply to any of the 2 messages that you chose" in page.content.decode()


def test_a_refusal_of_one_message_does_not_keep_the_others_from_going(office):
    chosen = [in_state(State.UNCERTAIN), in_state(State.UNCERTAIN)]
    Message.objects.filter(pk=chosen[0].pk).update(to_email="stopped@example.org")
    suppress("stopped@example.org", reason="It bounced", by=None, now=NOW)
    form = {"action": "resend", "confirmed": "yes", "_selected_action": [message.pk for message in chosen]}
    page = office.post(reverse("admin:outbox_message_changelist"), form, follow=True).content.decode()
    assert (
        "1 message is going out again. Not done for 1, such as Amara: Nothing is sent to stopped@example.org." in page
    )
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["uncertain", "pending"]
    form["_selected_action"] = [chosen[0].pk]
    page = office.post(reverse("admin:outbox_message_changelist"), form).content.decode()
    assert "Correct the address, or send to it again, first." in page


def test_a_reason_that_is_too_long_is_refused_and_kept_on_the_page(office):
    message = in_state(State.PENDING)
    page = reverse("admin:outbox_message_step", args=[message.pk, "hold"])
    answer = office.post(page, {"confirmed": "yes", "reason": "x" * 1001}).content.decode()
    assert "The reason must be 1,000 characters or fewer; there are 1,001." in answer
    assert "x" * 1001 in answer
    office.post(page, {"confirmed": "yes", "reason": "x" * 1000})
    message.refresh_from_db()
    assert (message.state, message.reason) == (State.HELD, "x" * 300)
    assert AuditEvent.objects.about(message).get().reason == "x" * 1000


@pytest.mark.parametrize("name", ["outbox_message_change", "outbox_message_letter", "outbox_message_letter_css"])
def test_a_message_is_shown_as_it_is(office, name):
    message = write_message()
    page = office.get(reverse(f"admin:{name}", args=[message.pk]))
    assert page.status_code == 200
    assert "style=" not in page.content.decode()


def shown(office, message):
    names = ("outbox_message_change", "outbox_message_letter")
    return [office.get(reverse(f"admin:{name}", args=[message.pk])).content.decode() for name in names]


@pytest.mark.parametrize("state", [State.PENDING, State.SENT, State.FAILED])
@pytest.mark.parametrize("demo", [True, False])
def test_the_office_reads_no_sign_in_code(office, settings, state, demo):
    settings.DEMO = demo
    message = post(
        "outbox.sign_in_code", to=("Amara", "amara.mensah@example.org"), now=NOW, dedupe_key="1", secret=True,
        code="K7QPXM",
    )  # fmt: skip
    Message.objects.filter(pk=message.pk).update(state=state, sent_at=NOW if state == State.SENT else None)
    for page in shown(office, message):
        assert "What stands here is for its recipient alone." in page
        assert "K7QPXM" not in page
    message.refresh_from_db()
    assert "K7QPXM" in message.text


def test_the_office_sees_no_private_link_that_works(office, amara):
    link = links.issue(purpose="test", subject=amara, person=amara, now=NOW)
    url = f"/unsubscribe/{link.token}/"
    letter = replace(LETTER, blocks=(Block(button=Button("Reply", url)),), why_link=Button("Stop", url))
    message = write_message(letter=letter)
    for page in shown(office, message):
        assert link.token not in page
        assert "/unsubscribe/…/" in page
    assert message.text.count(link.token) == 2


def test_a_preview_says_its_subject_its_sender_and_its_plain_text(office):
    page = office.get(reverse("admin:outbox_message_kind", args=["nominations.offer_chased"])).content.decode()
    assert "“Your place waits for your answer until Friday 25 June 2027” from" in page
    assert "&quot;London Leadership Programme&quot; &lt;" in page
    assert "<details><summary>Its plain text</summary><p>Dear Amara" in page


def test_the_samples_name_one_telephone_number():
    letters = [part.brings.write(**part.brings.sample()) for part in emails]
    assert {found for letter in letters for found in re.findall(r"020 7946 \d+", letter.signed_role)} == {
        "020 7946 0100"
    }


def test_every_email_has_a_preview(office):
    page = office.get(reverse("admin:outbox_message_kinds")).content.decode()
    assert "The weekly digest" in page
    letter = office.get(reverse("admin:outbox_message_kind", args=["reminders.digest"]))
    assert "Review your learning contract with Ade" in letter.content.decode()


def test_an_email_is_found_by_a_word_of_its_title_and_its_preview_leads_back(office):
    page = reverse("admin:outbox_message_kinds")
    assert [heading for heading, kinds in office.get(f"{page}?q=DIGEST").context["groups"]] == ["The weekly email"]
    assert "No email has “zzz” in its title." in office.get(f"{page}?q=zzz").content.decode()
    letter = office.get(reverse("admin:outbox_message_kind", args=["reminders.digest"])).content.decode()
    assert f'<a href="{page}">Back</a> · The weekly digest' in letter


def test_a_message_as_it_looks_says_its_subject_and_sender_and_leads_back(office):
    message = write_message()
    page = office.get(reverse("admin:outbox_message_letter", args=[message.pk])).content.decode()
    back = reverse("admin:outbox_message_change", args=[message.pk])
    assert f'<a href="{back}">Back</a> · “Module 4 is on Thursday 18 March” from' in page


@pytest.fixture
def bounced(smtp_sink):
    """A message to Amara that her old address refused, and one that was stopped because of it."""
    amara = PersonFactory(name="Amara Mensah", email="amara.mensah@example.org")
    smtp_sink.refuse[amara.email] = "550 No such user here"
    first, second = (
        post_letter(LETTER, kind="test.letter", to=amara, now=NOW, dedupe_key=f"test:{n}") for n in "12"
    )  # fmt: skip
    Message.objects.filter(pk=second.pk).update(due_at=NOW + timedelta(minutes=1))
    send_due(NOW)
    smtp_sink.refuse.clear()
    send_due(NOW + timedelta(minutes=1))
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "skipped"]
    return first


def test_a_mailbox_that_was_repaired_gets_what_it_missed(office, bounced, smtp_sink):
    assert failed(None, NOW).sentence == "1 message could not be delivered"
    lift = reverse("admin:outbox_suppression_lift", args=[Suppression.objects.get().pk])
    page = office.post(lift, {"confirmed": "yes"}, follow=True)
    assert "Send 2 messages to Amara Mensah" in page.content.decode()
    office.post(reverse("admin:outbox_message_missed", args=[bounced.pk]), {"confirmed": "yes"})
    send_due(timezone.now())
    assert len(smtp_sink.envelopes) == 2
    assert failed(None, NOW) is None


def test_a_corrected_address_gets_what_the_old_one_missed(office, bounced, smtp_sink):
    page = reverse("admin:outbox_message_change", args=[bounced.pk])
    assert "Correct the address" in office.get(page).content.decode()
    Person.objects.filter(pk=bounced.person_id).update(email="amara@example.org")
    text = office.get(page).content.decode()
    assert "Amara Mensah has another address now: amara@example.org." in text
    assert "Send what did not arrive to the new address" in text
    office.post(reverse("admin:outbox_message_missed", args=[bounced.pk]), {"confirmed": "yes"})
    send_due(timezone.now())
    assert [envelope.rcpt_tos for envelope in smtp_sink.envelopes] == [["amara@example.org"]] * 2
    assert Suppression.of("amara.mensah@example.org")
    assert AuditEvent.objects.filter(action="outbox.message.sent_to_present_address").count() == 2


def test_after_an_address_is_corrected_what_did_not_arrive_is_offered_there(office, bounced):
    person = bounced.person
    page = reverse("admin:people_person_change", args=[person.pk])
    text = office.get(page).content.decode()
    assert "Nothing is sent to amara.mensah@example.org since" in text
    form = dict.fromkeys(("known_as", "pronouns", "phone", "organisation", "role_title", "service"), "") | {
        "name": person.name, "email": "amara@example.org", "digest_day": 3, "is_active": "on",
        "role_grants-TOTAL_FORMS": 0, "role_grants-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = office.post(page, form, follow=True).content.decode()
    assert "2 messages did not arrive at the old address." in answer
    assert reverse("admin:outbox_message_missed", args=[Message.objects.order_by("pk")[1].pk]) in answer
    listed = office.get(reverse("admin:outbox_suppression_changelist")).content.decode()
    assert "Amara Mensah</a>, now at amara@example.org" in listed


def test_the_office_sees_that_somebody_stopped_the_weekly_email(planned, office):
    NoDigest.objects.create(person=planned.recipient, since=NOW)
    said = "Amara stopped the weekly email on Thursday 4 March 2027"
    office.post(
        reverse("admin:reminders_reminder_step", args=[planned.pk, "hold"]), {"confirmed": "yes", "reason": "x"}
    )
    assert said in office.get(reverse("admin:reminders_reminder_change", args=[planned.pk])).content.decode()
    assert said in office.get(reverse("admin:people_person_change", args=[planned.recipient_id])).content.decode()


def test_when_nothing_is_missing_there_is_nothing_to_press(office):
    message = in_state(State.SENT)
    page = office.get(reverse("admin:outbox_message_missed", args=[message.pk])).content.decode()
    assert "Nothing is missing of what we wrote to" in page
    assert 'name="confirmed"' not in page


def test_an_address_that_is_left_empty_is_asked_for(office):
    page = office.get(reverse("admin:outbox_suppression_stop") + "?address=").content.decode()
    assert "Enter an email address." in page


def test_what_is_too_late_is_not_sent_again(office, bounced):
    Message.objects.filter(pk=bounced.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    Person.objects.filter(pk=bounced.person_id).update(email="amara@example.org")
    page = office.get(reverse("admin:outbox_message_missed", args=[bounced.pk])).content.decode()
    assert "Send 1 message to Amara Mensah" in page


def test_nothing_goes_to_an_address_that_still_takes_no_mail(office, bounced):
    answer = office.post(reverse("admin:outbox_message_missed", args=[bounced.pk]), {"confirmed": "yes"})
    assert "Nothing is sent to amara.mensah@example.org." in answer.content.decode()
    assert set(Message.objects.values_list("state", flat=True)) == {"failed", "skipped"}


def test_the_office_stops_mail_to_an_address_after_seeing_whose_it_is(office, rosalind):
    write_message()
    page = reverse("admin:outbox_suppression_stop")
    assert "in the correct format" in office.get(f"{page}?address=x").content.decode()
    page += "?address=Amara.Mensah@example.org"
    assert "1 message waiting for it will not go out" in office.get(page).content.decode()
    assert not Suppression.objects.exists()
    assert "Give a reason" in office.post(page, {"confirmed": "yes"}).content.decode()
    office.post(page, {"confirmed": "yes", "reason": "She asked"})
    assert Suppression.of("amara.mensah@example.org").reason == "She asked"
    assert AuditEvent.objects.get(action="outbox.address.suppressed").actor == str(rosalind)


def test_nobody_stops_mail_to_their_own_address(office, rosalind):
    page = f"{reverse('admin:outbox_suppression_stop')}?address={rosalind.email.upper()}"
    for answer in (office.get(page), office.post(page, {"confirmed": "yes", "reason": "Too much of it"})):
        assert "This is your own address." in answer.content.decode()
    with pytest.raises(NotPossible, match="Your sign-in codes go to it"):
        suppress(rosalind.email.upper(), reason="Too much of it", by=rosalind, now=NOW)
    assert not Suppression.objects.exists()


def test_nothing_is_sent_again_to_an_address_that_is_stopped(office):
    message = in_state(State.SENT)
    suppress(message.to_email, reason="It bounced", by=None, now=NOW)
    answer = step(office, message, "send_copy").content.decode()
    assert "Nothing is sent to amara.mensah@example.org. Correct the address, or send to it again, first." in answer
    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, NOW)


def test_what_had_gone_out_is_kept_on_record_and_is_not_missed_when_its_copy_is_stopped(office):
    message = in_state(State.SENT)
    step(office, message, "send_copy", reason="She lost it")
    said = "sent “Module 4 is on Thursday 18 March” to Amara again, which had gone out on Thursday 4 March 2027, 9am"
    assert said in AuditEvent.objects.about(message).get().sentence
    suppress(message.to_email, reason="It bounced", by=None, now=timezone.now())
    never_sent = write_message(now=timezone.now())
    send_due(timezone.now())
    assert message.copies.get().state == never_sent_state(never_sent) == "skipped"
    assert list(missed(message, timezone.now())) == [never_sent]


def never_sent_state(message):
    message.refresh_from_db()
    return message.state


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


def plan_of(sql):
    """How the database finds the rows, if it may not read them all."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}")
        return " ".join(str(word) for row in cursor.fetchall() for word in row)


def test_how_mail_is_going_reads_the_days_it_shows_and_what_is_open_alone(office):
    with CaptureQueriesContext(connection) as queries:
        office.get(reverse("admin:outbox_message_throughput"))
    plans = [plan_of(query["sql"]) for query in queries if 'COUNT("outbox_message"' in query["sql"]]
    sought = [
        r"message_sent_at.*sent_at ?[<>]",
        r"message_state_due.*due_at ?[<>]",
        r"message_state_due.*state(\)::text)? ?=",
    ]
    assert [bool(re.search(where, plan)) for where, plan in zip(sought, plans, strict=True)] == [True] * 3, plans


def test_how_mail_is_going_begins_at_midnight_in_london(client, rosalind, time_machine):
    time_machine.move_to(datetime(2027, 4, 14, 9, tzinfo=UTC), tick=False)  # British summer time
    midnight = datetime(2027, 3, 31, 23, tzinfo=UTC)
    for moment in (midnight - timedelta(minutes=1), midnight):
        write_message(now=moment)
        send_due(moment)
    page = sign_in(client, rosalind).get(reverse("admin:outbox_message_throughput")).content.decode()
    assert "1 sent and 0 failed in the last 14 days" in page


def test_a_reminder_is_held_released_and_dropped_from_the_list(office, world, rosalind):  # noqa: F811
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    world.rule()
    world.plan(camden, amara, THURSDAY)
    materialise(MORNING - timedelta(days=1))
    row = Reminder.objects.get()
    states = []
    for action in ("hold", "release", "drop"):
        office.post(
            reverse("admin:reminders_reminder_changelist"),
            {"action": action, "_selected_action": [row.pk], "confirmed": "yes", "reason": "Not now"},
        )
        row.refresh_from_db()
        states.append(row.state)
    assert states == ["held", "pending", "dropped"]
    assert AuditEvent.objects.about(row).count() == 3


@pytest.fixture
def planned(world, time_machine):  # noqa: F811
    """A reminder for Amara on Thursday, planned the Monday before; it is Tuesday."""
    time_machine.move_to(MORNING - timedelta(days=2), tick=False)
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    world.rule()
    world.plan(camden, amara, THURSDAY, due=THURSDAY)
    materialise(MORNING - timedelta(days=3))
    return Reminder.objects.get()


def test_a_reminder_is_sent_before_its_day_once(planned, office):
    page = reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"])
    assert reverse("admin:reminders_reminder_change", args=[planned.pk]) in office.get(page).content.decode()
    assert not Message.objects.exists()
    office.post(page, {"confirmed": "yes"})
    again = office.post(page, {"confirmed": "yes"}).content.decode()
    planned.refresh_from_db()
    assert "It is not waiting to go out." in again
    assert (planned.state, planned.message.to_email) == ("written", planned.recipient.email)
    assert (
        AuditEvent.objects.about(planned).get().sentence == "Rosalind Tate sent a reminder to Amara Mensah: Contracts"
    )
    page = office.get(reverse("admin:outbox_message_change", args=[planned.message_id])).content.decode()
    assert f'<a href="{reverse("admin:reminders_reminder_change", args=[planned.pk])}">Contracts</a>, once' in page
    assert send_due(timezone.now()) == 1
    tick(MORNING)
    assert Message.objects.count() == 1


def test_a_reminder_that_the_office_dropped_is_sent_after_all_when_the_office_says_so(planned, office):
    office.post(
        reverse("admin:reminders_reminder_step", args=[planned.pk, "drop"]), {"confirmed": "yes", "reason": "She knows"}
    )
    page = office.get(reverse("admin:reminders_reminder_change", args=[planned.pk])).content.decode()
    assert "Not sent: the office decided" in page
    assert "Rosalind Tate dropped a reminder to Amara Mensah: Contracts: She knows" in page
    office.post(reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"]), {"confirmed": "yes"})
    planned.refresh_from_db()
    assert (planned.state, planned.reason) == ("written", "")


def test_a_reminder_of_what_is_done_is_not_sent_early(planned, office, world):  # noqa: F811
    world.acted.add((int(planned.subject_id), planned.recipient_id))
    page = reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"])
    answer = office.post(page, {"confirmed": "yes"}).content.decode()
    planned.refresh_from_db()
    assert "It is not sent. No longer needed: signed." in answer
    assert planned.state == "pending"


def test_that_a_date_has_passed_is_never_said_before(planned, office):
    Reminder.objects.update(on=THURSDAY + timedelta(days=1))
    page = reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"])
    answer = office.post(page, {"confirmed": "yes"}).content.decode()
    assert "It says that Thursday 4 March 2027 has passed. Until then it would be untrue." in answer
    assert not Message.objects.exists()


def test_a_reminder_of_what_is_done_is_not_sent_again_and_stays_on_record(planned, office, world):  # noqa: F811
    office.post(reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"]), {"confirmed": "yes"})
    send_due(timezone.now())
    message = Message.objects.get()
    world.acted.add((int(planned.subject_id), planned.recipient_id))
    assert "It is no longer needed." in step(office, message, "send_copy").content.decode()
    message.refresh_from_db()
    planned.refresh_from_db()
    assert (message.state, planned.state) == (State.SENT, "written")


@pytest.mark.parametrize("name", ["send_now", "resend"])
def test_a_message_without_words_is_not_sent(office, name):
    message = in_state(State.FAILED)
    Message.objects.update(secret=True)
    redact(Message.objects.all())
    page = reverse("admin:outbox_message_step", args=[message.pk, name])
    assert "Its words were removed" in office.post(page, {"confirmed": "yes"}).content.decode()
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_a_reminder_that_was_held_too_long_can_still_be_sent(planned, client, rosalind, time_machine):
    time_machine.move_to(MORNING + timedelta(days=8), tick=False)
    office = sign_in(client, rosalind)
    Reminder.objects.update(state="held")
    office.post(reverse("admin:reminders_reminder_step", args=[planned.pk, "send_now"]), {"confirmed": "yes"})
    assert send_due(timezone.now()) == 1


def test_a_year_is_rehearsed_before_anything_is_sent(office, world, monkeypatch):  # noqa: F811
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    monkeypatch.setattr(scopes, "_parts", {})
    scopes.part(order=1, key="test")(lambda: [camden])
    world.rule(letters=True)
    for step in range(3):
        world.plan(camden, amara, THURSDAY - timedelta(days=step), step=f"step {step}")
    page = reverse("admin:reminders_reminder_rehearsal")
    assert "Camden" in office.get(page).content.decode()
    assert "There is no such cohort to rehearse." in office.get(f"{page}?scope=people.organisation:0").content.decode()
    text = office.get(f"{page}?scope=people.organisation:{camden.pk}").content.decode()
    assert "3 mails to 1 person" in text
    assert "Amara Mensah: week from 1 March" in text
    assert "<summary>Amara Mensah: 3 mails</summary>" in text
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2028-08-06", "These are 372 days, on which nothing would go out. Check the year"),
        ("2027-07-01", "The last day comes before the first."),
    ],
)
def test_a_closed_period_with_a_slip_in_its_year_is_refused(office, last, said):
    page = reverse("admin:reminders_closedperiod_add")
    answer = office.post(page, {"label": "Office moves", "first": "2027-08-01", "last": last})
    assert said in answer.content.decode()
    assert not ClosedPeriod.objects.exists()


def test_a_reminder_to_a_stopped_address_is_not_said_to_go_out(planned, office, rosalind):
    row = Reminder.objects.first()
    suppress(row.recipient.email, reason="It bounced", by=rosalind, now=timezone.now())
    page = reverse("admin:reminders_reminder_step", args=[row.pk, "send_now"])
    shown = office.get(page).content.decode()
    assert f"Nothing is sent to {row.recipient.email}. Correct the address, or send to it again, first." in shown
    office.post(page, {"confirmed": "yes"})
    row.refresh_from_db()
    assert (row.state, Message.objects.count()) == ("pending", 0)


def test_what_somebody_unsubscribed_from_is_said_of_them(rosalind, amara):
    give_consent(address=amara.email, how="Ticked a box", now=NOW, by=amara)
    assert hindrances(amara) == []
    withdraw_consent(address=amara.email, now=NOW, by=amara)
    assert hindrances(amara) == [f"Amara unsubscribed from invitations and news on {day(NOW)}. All else still comes."]


def test_messages_are_found_by_what_they_are_about_and_by_cohort(office):
    write_message()
    message, cohort = write_message(), CohortFactory(status="planned")
    Message.objects.filter(pk=message.pk).update(kind="reminders.digest", cohort_id=cohort.pk)
    page = reverse("admin:outbox_message_changelist")
    for asked in ({"about": "The weekly email"}, {"cohort": cohort.pk}):
        assert list(office.get(page, asked).context["cl"].result_list) == [message]


def test_the_office_opens_what_goes_with_a_message(office):
    message = write_message()
    file = message.attachments.create(filename="invite.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR")
    page = reverse("admin:outbox_message_file", args=[file.pk])
    assert page in office.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()
    assert office.get(page).content == b"BEGIN:VCALENDAR"
    Message.objects.update(secret=True)
    assert office.get(page).status_code == 404


@pytest.fixture
def closing(world, client, rosalind, time_machine):  # noqa: F811
    """Thursday afternoon; Amara's reminder of Friday, due on Wednesday, and Femi's, due a week later."""
    time_machine.move_to(MORNING + timedelta(hours=7), tick=False)
    office = sign_in(client, rosalind)
    world.rule(letters=True)
    for name, due in (("Amara Mensah", date(2027, 3, 10)), ("Femi Adebayo", date(2027, 3, 12))):
        world.plan(OrganisationFactory(name=name[:5]), PersonFactory(name=name), date(2027, 3, 5), due=due)
    materialise(MORNING)
    return office


MOVE = {"label": "Office moves", "first": "2027-03-05", "last": "2027-03-10"}


def test_before_a_period_is_closed_the_page_says_which_reminders_go_out_today_and_which_later(closing):
    page = reverse("admin:reminders_closedperiod_add")
    shown = closing.post(page, {**MOVE, "_save": "Save"})
    text = shown.content.decode()
    assert "2 planned reminders would not go out as planned. What has gone out stays." in text
    assert "1 reminder goes out today, because on the first day that is open their deadline has passed." in text
    assert shown.context["lines"] == [
        "1 reminder of Friday 5 March goes out today, within a few minutes: Amara Mensah",
        "1 reminder of Friday 5 March goes out on Thursday 11 March 2027: Femi Adebayo",
    ]
    assert not ClosedPeriod.objects.exists()

    closing.post(page, {**pressed(shown), "confirmed": "yes"})
    assert ClosedPeriod.objects.get().label == "Office moves"


def pressed(page):
    """What the page of a confirmation posts."""
    return page.context["keep"]


def test_a_period_that_moves_nothing_is_saved_at_once(closing):
    closing.post(reverse("admin:reminders_closedperiod_add"), MOVE | {"first": "2027-03-15", "last": "2027-03-16"})
    assert ClosedPeriod.objects.count() == 1


def test_what_would_go_out_in_haste_meanwhile_is_named_before_the_period_is_saved(closing, world):  # noqa: F811
    page = reverse("admin:reminders_closedperiod_add")
    shown = closing.post(page, {**MOVE, "_save": "Save"})
    world.plan(OrganisationFactory(), PersonFactory(name="Nadia Noor"), date(2027, 3, 8), due=date(2027, 3, 9))
    materialise(timezone.now())
    again = closing.post(page, {**pressed(shown), "confirmed": "yes"})
    assert "Meanwhile more would go out today than this page named." in again.content.decode()
    assert not ClosedPeriod.objects.exists()
    closing.post(page, {**pressed(again), "confirmed": "yes"})
    assert ClosedPeriod.objects.count() == 1


def test_opening_days_again_says_what_moves_as_well(closing):
    period = ClosedPeriod.objects.create(**MOVE)
    materialise(timezone.now())
    page = reverse("admin:reminders_closedperiod_delete", args=[period.pk])
    shown = closing.get(page)
    assert "1 reminder of Thursday 11 March goes out on Friday 5 March 2027: Femi Adebayo" in shown.context["lines"]
    closing.post(page, {"post": "yes"})
    assert ClosedPeriod.objects.exists()
    closing.post(page, {**pressed(shown), "confirmed": "yes"})
    assert not ClosedPeriod.objects.exists()


def test_another_pace_says_what_moves_as_well(closing, world):  # noqa: F811
    world.plan(OrganisationFactory(), PersonFactory(name="Nadia Noor"), date(2027, 8, 16))
    materialise(timezone.now())
    shown = closing.post(reverse("admin:reminders_pace_add"), {"quiet_christmas": "on", "mails_a_week": 2})
    assert shown.context["lines"] == ["1 reminder of Friday 30 July goes out on Monday 16 August 2027: Nadia Noor"]


def test_how_often_we_write_is_set_once_and_said_in_words(office):
    page = reverse("admin:reminders_pace_add")
    saved = office.post(page, {"quiet_august": "on", "mails_a_week": 3}, follow=True).content.decode()
    assert "Saved. From now on we write this often." in saved
    assert "setting for how often we write" not in saved
    assert Pace.current().mails_a_week == 3
    assert office.get(page).url == reverse("admin:reminders_pace_change", args=[1])


def test_how_often_we_write_is_chosen_not_typed(office):
    assert '<select name="mails_a_week"' in office.get(reverse("admin:reminders_pace_add")).content.decode()


def test_the_office_changes_the_words_of_an_email_and_sees_them_in_its_preview(office):
    page = reverse("admin:outbox_message_kind_words", args=["reminders.digest"])
    assert (
        "There is no placeholder {x} here. There are {usual}, {first_name}, {name}, {brand}, {signed_by}."
        in office.post(page, {"opening": "Dear {x}"}).content.decode()
    )
    office.post(page, {"opening": "{usual}\n\nWe are closed on Friday."})
    assert "Version" in office.get(page).content.decode()
    letter = office.get(reverse("admin:outbox_message_kind", args=["reminders.digest"])).content.decode()
    assert "We are closed on Friday." in letter


def test_the_office_changes_a_line_of_the_weekly_email(planned, office, time_machine):
    page = reverse("admin:outbox_message_kind_words", args=["test.contract"])
    text = office.get(page).content.decode()
    assert "Usually: Sign for Camden" in text
    assert 'name="closing"' not in text
    given = {"subject": "Please: {usual}", "opening": "{usual} Ask {first_name}’s mentor, {unknown}."}
    assert "There is no placeholder {unknown} here." in office.post(page, given).content.decode()
    given["opening"] = "{usual} It is worth it, {first_name}."
    assert "It is worth it, Amara." in office.post(page, given | {"preview": "yes"}).content.decode()
    office.post(page, given)
    time_machine.move_to(MORNING, tick=False)
    tick(MORNING)
    text = Message.objects.get().text
    assert "PLEASE: SIGN FOR CAMDEN" in text
    assert "About 10 minutes. It is worth it, Amara." in text


def test_every_reminder_has_words_to_change(office):
    keys = [part.brings.email or part.key for part in rules]
    pages = {key: office.get(reverse("admin:outbox_message_kind_words", args=[key])).status_code for key in keys}
    assert set(pages.values()) == {200}, pages
    assert {key: words_of(key, NOW).sample(None)[1][:15] for key in keys} == dict.fromkeys(keys, "<!doctype html>")


def test_words_that_would_lose_the_usual_ones_are_asked_about_before_they_are_saved(office):
    page = reverse("admin:outbox_message_kind_words", args=["nominations.offer_chased"])
    given = {"subject": "{usual}", "opening": "Thanks a lot."}
    asked = office.post(page, given).content.decode()
    assert "Nothing is saved yet." in asked
    assert "Opening, usually: “Please accept or decline your place in" in asked
    assert "by Friday 25 June 2027, 5pm." in asked
    assert "Subject, usually" not in asked
    assert "Thanks a lot.</textarea>" in asked
    assert '<input type="hidden" name="lose" value="opening">' in asked
    assert not Wording.objects.exists()

    assert "Nothing is saved yet." in office.post(
        page, given | {"subject": "Answer", "lose": "opening"}
    ).content.decode()  # fmt: skip
    office.post(page, given | {"lose": "opening"})
    assert Wording.objects.get().opening == "Thanks a lot."
    office.post(page, {"subject": "Soon: {usual}", "opening": "Thanks a lot."})
    assert Wording.objects.first().subject == "Soon: {usual}", "what is in use already is not asked about again"


def test_words_are_previewed_without_being_saved(office):
    page = reverse("admin:outbox_message_kind_words", args=["reminders.digest"])
    letter = office.post(page, {"opening": "We are closed on Friday.", "preview": "yes"}).content.decode()
    assert "We are closed on Friday." in letter
    assert "Review your learning contract with Ade" in letter
    assert "style=" not in letter
    assert not Wording.objects.exists()
    refused = office.post(page, {"opening": " " + "x" * 2001, "preview": "yes"}).content.decode()
    assert "2,001 of at most 2,000 characters" in refused
    assert "The opening must be 2,000 characters or fewer; there are 2,001." in refused


def test_earlier_words_are_put_into_the_form_again(office):
    page = reverse("admin:outbox_message_kind_words", args=["reminders.digest"])
    for opening in ("The first words.", "The second words."):
        office.post(page, {"opening": opening, "lose": "opening"})
    assert "Use these words again" in office.get(page).content.decode()
    assert "The first words.</textarea>" in office.get(f"{page}?version=1").content.decode()
    office.post(page, {"opening": "The first words.", "lose": "opening"})
    assert list(Wording.objects.values_list("version", flat=True)) == [3, 2, 1]


def test_every_reminder_rule_is_told_with_what_stops_it(office):
    page = office.get(reverse("admin:reminders_reminder_rules")).content.decode()
    for part in rules:
        assert str(escape(part.title)) in page
        assert str(escape(capfirst(part.brings.stops))) in page
    assert "A mail of its own, with consent" in page
    assert '<td data-label="How late at most">3 working days</td>' in page
    assert reverse("admin:outbox_message_kind_words", args=["nominations.offer_chased"]) in page


def test_a_year_is_rehearsed_with_invented_participants_who_are_not_kept(office):
    OrganisationFactory()
    cohort = CohortFactory(number=8, status="planned", starts_on=date(2027, 9, 14), capacity=10)
    text = office.get(f"{reverse('admin:reminders_reminder_rehearsal')}?scope=cohorts.cohort:{cohort.pk}")
    page = text.content.decode()
    assert "10 invented participants" in page
    assert "<summary>Participant 1 and 9 others: " in page  # they all get the same
    assert "mails each</summary>" in page
    assert not cohort.places.exists()
    assert not Person.objects.filter(name="Participant 3").exists()


def test_the_next_reminder_stands_first_and_its_page_says_who_what_and_when(office, world):  # noqa: F811
    camden = OrganisationFactory(name="Camden")
    world.rule()
    days_to = {"Late Later": 300, "Next Nearly": 3, "Gone Already": 2}
    for name in days_to:
        world.plan(camden, PersonFactory(name=name), timezone.localdate() + timedelta(days=200))
    materialise(timezone.now())
    rows = list(Reminder.objects.select_related("recipient"))
    for row in rows:
        row.due_at = timezone.now() + timedelta(days=days_to[row.recipient.name])
        row.expires_at = row.due_at + timedelta(days=3)
        row.state = "skipped" if row.recipient.name == "Gone Already" else "pending"
        row.save()
    page = reverse("admin:reminders_reminder_changelist")
    listed = [row.recipient.name for row in office.get(page).context["cl"].result_list]
    assert listed == ["Next Nearly", "Late Later", "Gone Already"]
    chosen = next(choice for choice in _dates(office.get(page)) if choice["display"] == "Next 7 days")
    near = office.get(page + chosen["query_string"]).context["cl"].result_list
    assert {row.recipient.name for row in near} == {"Next Nearly", "Gone Already"}
    row = next(row for row in rows if row.recipient.name == "Next Nearly")
    text = office.get(reverse("admin:reminders_reminder_change", args=[row.pk])).content.decode()
    assert f"Next Nearly gets this on {day_time(row.due_at)}, if it is still needed then." in text
    assert "Contracts, once" in text
    assert "Signed" in text


def _dates(page):
    changelist = page.context["cl"]
    return [choice for spec in changelist.filter_specs if spec.title == "day" for choice in spec.choices(changelist)]


def test_the_office_sees_what_the_week_ahead_brings_and_finds_it_by_day_and_rule(planned, client, rosalind):
    (day,) = week_ahead(timezone.now())
    assert (day.day, day.mails, [(title, count) for title, count, _ in day.lines]) == (
        "Thursday 4 March", 1, [("Contracts", 1)],
    )  # fmt: skip
    office = sign_in(client, rosalind)
    assert [row.pk for row in office.get(day.lines[0][2]).context["cl"].result_list] == [planned.pk]
    for name in ("admin:index", "admin:outbox_message_throughput"):
        assert "1 mail planned in the next seven days" in office.get(reverse(name)).content.decode()


def test_reminders_are_filtered_by_cohort(planned, office, cohort):
    page = reverse("admin:reminders_reminder_changelist")
    assert str(cohort) in office.get(page).content.decode()
    assert office.get(f"{page}?cohort={cohort.pk}").context["cl"].result_count == 0
    Reminder.objects.update(cohort_id=cohort.pk)
    assert office.get(f"{page}?cohort={cohort.pk}").context["cl"].result_count == 1


def test_a_letter_that_moved_to_another_day_says_so(planned, office, world):  # noqa: F811
    world.rule(letters=True)
    Reminder.objects.update(on=THURSDAY - timedelta(days=1))
    text = office.get(reverse("admin:reminders_reminder_change", args=[planned.pk])).content.decode()
    assert "Contracts, once, moved from Wed 3 Mar" in text


def test_a_step_is_said_in_words():
    assert said_step("mentoring.silence", "silent since 2026-11-09") == "silent since Monday 9 November 2026"
    assert said_step("modules.catch_up", "set") == "the working day after it was set"
    assert said_step("no.such.rule", "once") == "once"


def test_the_menu_is_reachable_without_a_sidebar(office):
    page = office.get(reverse("admin:index")).content.decode()
    menu = page[page.index('<nav class="office-menu"') : page.index("</details>")]
    assert f'<a href="{reverse("admin:outbox_message_changelist")}">Messages</a>' in menu


def test_a_planned_reminder_is_previewed_as_the_very_message(office, world):  # noqa: F811
    amara, camden = PersonFactory(name="Amara Mensah"), OrganisationFactory(name="Camden")
    world.rule("test.contract")
    world.rule("test.round", letters=True)
    world.plan(camden, amara, THURSDAY, due=date(2027, 3, 8))
    materialise(MORNING - timedelta(days=1))
    before = [model.objects.count() for model in (Message, AuditEvent)]
    row = Reminder.objects.first()
    assert reverse("admin:reminders_reminder_letter", args=[row.pk]) in office.get(
        reverse("admin:reminders_reminder_changelist")
    ).content.decode()  # fmt: skip
    previewed = preview(row)
    page = office.get(reverse("admin:reminders_reminder_letter", args=[row.pk])).content.decode()
    assert "Sign for Camden" in page
    assert "Camden closes soon" in page
    assert "prefers-color-scheme" in office.get(
        reverse("admin:reminders_reminder_letter_css", args=[row.pk])
    ).content.decode()  # fmt: skip
    assert [model.objects.count() for model in (Message, AuditEvent)] == before

    tick(MORNING)
    written = Message.objects.get()
    assert (written.subject, written.text, written.html) == (previewed.subject, previewed.text, previewed.html)
    row.refresh_from_db()
    assert office.get(reverse("admin:reminders_reminder_letter", args=[row.pk])).status_code == 404


def test_the_messages_of_one_email_are_found_from_its_page(office):
    write_message()
    assert "?kind=reminders.digest" in office.get(reverse("admin:outbox_message_kinds")).content.decode()
    page = reverse("admin:outbox_message_changelist")
    assert "Module 4 is on" in office.get(f"{page}?kind=test.letter").content.decode()
    text = office.get(f"{page}?kind=reminders.digest").content.decode()
    assert "Module 4 is on" not in text
    assert "The weekly digest" in text
