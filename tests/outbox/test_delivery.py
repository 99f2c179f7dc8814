"""What becomes of a message, whatever the mail server says."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leaders.outbox.actions import post_letter, send_now, suppress
from leaders.outbox.delivery import Delivery, claim, deliver, reap, send_due
from leaders.outbox.models import Heartbeat, Message, Suppression
from leaders.outbox.registry import Letter, Objection, OnUncertain, last_looks
from leaders.people.models import AuditEvent
from tests.cohorts.factories import PersonFactory
from tests.outbox.factories import LETTER, NOW, write_message
from tests.outbox.smtp_faults import FaultySink, silent_server

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
State = Message.State


@pytest.fixture
def sink(settings):
    with FaultySink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        settings.EMAIL_TIMEOUT = 5
        yield sink


def now_is(message, state):
    message.refresh_from_db()
    assert message.state == state


def test_a_message_is_handed_over_once(sink):
    message = write_message()
    assert send_due(NOW) == 1
    assert send_due(NOW + MINUTE) == 0
    now_is(message, State.SENT)
    (mail,) = sink.messages
    assert mail["Subject"] == "Module 4 is on Thursday 18 March"
    assert mail["To"] == "Amara <amara.mensah@example.org>"
    assert mail["Reply-To"] == "rosalind.tate@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == message.message_id
    assert mail["Date"].datetime == NOW
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_many_messages_go_through_one_conversation(sink):
    for _ in range(3):
        write_message()
    assert send_due(NOW) == 3
    assert (len(sink.envelopes), sink.conversations) == (3, 1)


def test_a_worker_asked_to_stop_gives_back_what_it_has_not_begun(sink):
    messages = [write_message() for _ in range(3)]
    assert deliver(claim(now=NOW), clock=lambda: NOW, stopping=lambda: len(sink.envelopes) == 1) == 1
    now_is(messages[0], State.SENT)
    now_is(messages[1], State.PENDING)
    assert (messages[1].token, messages[1].attempts) == (None, 0)
    assert send_due(NOW) == 2


def test_an_address_that_is_refused_fails_and_gets_nothing_more(sink):
    sink.refuse["gone@example.org"] = "550 No such user here: <gone@example.org>"
    first = write_message(address="gone@example.org")
    send_due(NOW)
    second = write_message(address="Gone@example.org")
    send_due(NOW)
    now_is(first, State.FAILED)
    said = "550 No such user here: <gone@example.org>"
    assert first.reason == said
    now_is(second, State.SKIPPED)
    assert Suppression.of("GONE@example.org").reason == f"The mail server refused it: {said}"
    event = AuditEvent.objects.get()
    assert event.action == "outbox.address.suppressed"
    assert event.reason == "The mail server refused it: 550 No such user here: <the address>"
    assert sink.envelopes == []


def test_a_refusal_does_not_disturb_the_next_message(sink):
    sink.refuse["gone@example.org"] = "550 No such user here"
    write_message(address="gone@example.org")
    write_message()
    send_due(NOW)
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [["amara.mensah@example.org"]]


def test_a_full_mailbox_is_tried_again(sink):
    sink.refuse["full@example.org"] = "552 Mailbox full"
    message = write_message(address="full@example.org")
    send_due(NOW)
    now_is(message, State.PENDING)
    assert message.due_at == NOW + MINUTE


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 Relaying denied", "554 5.7.606 Access denied, banned sending IP", "530 Authenticate first"]
)
def test_what_a_server_says_of_us_is_tried_again_and_stops_no_address(sink, answer):
    sink.refuse["amara.mensah@example.org"] = answer
    message = write_message()
    send_due(NOW)
    now_is(message, State.PENDING)
    assert message.reason == answer
    assert not Suppression.objects.exists()


def test_a_server_that_is_busy_thirty_times_gets_the_message_once(sink):
    sink.answers = ["451 Try again later"] * 30
    message = write_message()
    now = NOW
    waits = []
    for left in reversed(range(30)):
        assert send_due(now) == 0
        now_is(message, State.PENDING)
        assert len(sink.answers) == left
        waits.append(message.due_at - now)
        now = message.due_at
    assert send_due(now) == 1
    now_is(message, State.SENT)
    assert message.attempts == 30
    assert waits[:7] == [MINUTE * n for n in (1, 2, 4, 8, 16, 32, 60)]
    assert max(waits) == timedelta(hours=1)
    assert len(sink.envelopes) == 1


def test_a_message_that_is_refused_after_its_content_fails_without_blaming_the_address(sink):
    sink.answers = ["554 Looks like spam"]
    message = write_message()
    send_due(NOW)
    now_is(message, State.FAILED)
    assert not Suppression.objects.exists()


def test_a_dropped_answer_is_followed_by_one_identical_copy(sink):
    sink.answers = ["drop"]
    message = write_message()
    send_due(NOW)
    now_is(message, State.SENT)
    first, second = sink.envelopes
    assert first.content == second.content


def test_a_second_dropped_answer_waits_for_the_office(sink):
    sink.answers = ["drop", "drop"]
    message = write_message()
    send_due(NOW)
    now_is(message, State.UNCERTAIN)
    assert len(sink.envelopes) == 2


def test_a_dropped_answer_under_hold_is_shown_and_never_doubled(sink):
    sink.answers = ["drop"]
    message = write_message(on_uncertain=OnUncertain.HOLD)
    send_due(NOW)
    send_due(NOW + MINUTE)
    now_is(message, State.UNCERTAIN)
    assert len(sink.envelopes) == 1


def test_a_greeting_that_hangs_leaves_the_message_due(settings, sink):
    message = write_message()
    with silent_server() as port:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = port, 0.2
        send_due(NOW)
    now_is(message, State.PENDING)
    assert message.due_at == NOW + MINUTE


def test_a_server_without_encryption_gets_nothing_when_it_is_asked_for(settings, sink):
    settings.EMAIL_USE_TLS = True
    message = write_message()
    send_due(NOW)
    now_is(message, State.PENDING)
    assert "STARTTLS" in message.reason
    assert sink.envelopes == []


def test_a_server_that_is_away_loses_nothing(settings, sink):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    message = write_message()
    send_due(NOW)
    now_is(message, State.PENDING)
    settings.EMAIL_PORT = port
    send_due(NOW + MINUTE)
    now_is(message, State.SENT)


def test_after_five_days_it_is_given_up(settings, sink):
    settings.EMAIL_PORT = 1
    message = write_message()
    now = NOW
    while message.state != State.FAILED:
        now = max(now, message.due_at)
        send_due(now)
        message.refresh_from_db()
    assert timedelta(days=4, hours=23) < now - NOW < timedelta(days=5, hours=1)


def test_what_was_held_for_a_week_gets_its_five_days_too(settings, sink):
    settings.EMAIL_PORT = 1
    message = write_message()
    Message.objects.update(attempts=124)
    send_now(message=message, by=PersonFactory(), now=NOW + timedelta(days=7))
    send_due(NOW + timedelta(days=7))
    now_is(message, State.PENDING)


def test_a_claim_delivered_twice_sends_once(sink):
    write_message()
    claims = claim(now=NOW)
    assert deliver(claims, clock=lambda: NOW) + deliver(claims, clock=lambda: NOW) == 1
    assert len(sink.envelopes) == 1


def test_a_claim_with_another_token_sends_nothing(sink):
    message = write_message()
    claim(now=NOW)
    assert deliver([(message.pk, uuid.uuid4())], clock=lambda: NOW) == 0


def test_a_claim_that_comes_too_late_sends_nothing(sink):
    message = write_message()
    claims = claim(now=NOW)
    assert deliver(claims, clock=lambda: NOW + timedelta(minutes=11)) == 0
    reap(now=NOW + timedelta(minutes=11))
    now_is(message, State.PENDING)


def test_a_process_that_died_while_sending_leaves_it_to_the_kind_of_message():
    resend, hold = write_message(), write_message(on_uncertain=OnUncertain.HOLD)
    claims = claim(now=NOW)
    Message.objects.update(state=State.SENDING)
    assert len(claims) == 2
    reap(now=NOW + timedelta(minutes=11))
    now_is(resend, State.PENDING)
    now_is(hold, State.UNCERTAIN)


def test_what_is_due_later_or_out_of_date_is_not_sent(sink):
    later = write_message(due_at=NOW + MINUTE)
    stale = write_message(expires_at=NOW)
    assert send_due(NOW) == 0
    now_is(later, State.PENDING)
    now_is(stale, State.SKIPPED)


def test_a_suppressed_address_gets_nothing(sink):
    message = write_message()
    suppress("Amara.Mensah@example.org", reason="They asked us to stop.", by=None, now=NOW)
    send_due(NOW)
    now_is(message, State.SKIPPED)
    assert message.reason == "Nothing is sent to this address. They asked us to stop."


def test_an_objection_at_the_last_moment_stops_or_delays(sink, monkeypatch):
    monkeypatch.setattr(last_looks, "_parts", {})
    stopped, delayed = write_message(), write_message()
    objections = {stopped.pk: Objection("Done already"), delayed.pk: Objection("Not at night", until=NOW + MINUTE)}
    last_looks.add(lambda message, now: objections.pop(message.pk, None), order=1, key="test", module=__name__)
    assert send_due(NOW) == 0
    now_is(stopped, State.SKIPPED)
    now_is(delayed, State.PENDING)
    assert send_due(NOW + MINUTE) == 1


def test_what_follows_an_objection_follows_only_for_who_still_has_the_message(sink, monkeypatch):
    monkeypatch.setattr(last_looks, "_parts", {})
    followed = []
    message = write_message()

    def look(message, now):
        return Objection("Done already", then=lambda: followed.append(message.pk))

    last_looks.add(look, order=1, key="test", module=__name__)
    claims = claim(now=NOW)
    stale = [(pk, uuid.uuid4()) for pk, _ in claims]
    Delivery(Message(pk=message.pk, token=stale[0][1], lease_until=NOW + MINUTE), lambda: NOW).begin()
    assert followed == []
    deliver(claims, clock=lambda: NOW)
    deliver(claims, clock=lambda: NOW)
    assert followed == [message.pk]


def test_a_fault_of_ours_in_one_message_delays_that_one_alone(sink, monkeypatch):
    monkeypatch.setattr(last_looks, "_parts", {})
    broken, sound = write_message(), write_message()

    def look(message, now):
        if message.pk == broken.pk:
            raise ZeroDivisionError

    last_looks.add(look, order=1, key="test", module=__name__)
    assert send_due(NOW) == 1
    now_is(sound, State.SENT)
    now_is(broken, State.PENDING)
    assert (broken.reason, broken.due_at) == ("It could not be sent. The log has the reason", NOW + MINUTE)


def test_no_more_than_the_cap_goes_out_in_a_minute():
    for _ in range(5):
        write_message()
    second = timedelta(seconds=1)
    counts = [len(claim(now=NOW + n * second, cap=2)) for n in (0, 1, 54, 60, 61, 120)]
    assert counts == [2, 0, 0, 2, 0, 1]


def test_a_tick_that_comes_a_moment_early_wastes_no_minute():
    for _ in range(4):
        write_message()
    counts = [len(claim(now=NOW + n * timedelta(seconds=59.9), cap=2)) for n in (0, 1)]
    assert counts == [2, 2]


def test_an_unusual_number_at_once_is_held_until_the_office_has_looked(settings):
    settings.OUTBOX_ABNORMAL = 3
    messages = [write_message() for _ in range(4)]
    code = write_message(urgent=True)
    assert [pk for pk, _ in claim(now=NOW)] == [code.pk]
    for message in messages:
        now_is(message, State.HELD)
    assert AuditEvent.objects.get().sentence == "4 messages were held: more than 3 were due at once"


def test_what_is_too_late_does_not_make_a_crowd_of_the_others(settings):
    settings.OUTBOX_ABNORMAL = 3
    for _ in range(4):
        write_message(expires_at=NOW + MINUTE)
    fresh = write_message()
    assert [pk for pk, _ in claim(now=NOW + 2 * MINUTE)] == [fresh.pk]


def test_a_code_whose_worker_died_is_claimed_anew_before_it_is_worthless():
    code = write_message(urgent=True)
    claim(now=NOW, urgent=True)
    assert claim(now=NOW + timedelta(seconds=25), urgent=True) == []
    assert [pk for pk, _ in claim(now=NOW + timedelta(seconds=35), urgent=True)] == [code.pk]


def test_the_urgent_tick_leaves_the_others_leases_to_the_other_tick():
    message = write_message()
    claim(now=NOW)
    claim(now=NOW + timedelta(hours=1), urgent=True)
    now_is(message, State.QUEUED)


def test_urgent_messages_overtake_the_others():
    write_message()
    code = write_message(urgent=True)
    assert [pk for pk, _ in claim(now=NOW, urgent=True)] == [code.pk]


def test_a_tick_leaves_its_time_behind():
    claim(now=NOW)
    assert Heartbeat.objects.get(name="outbox").at == NOW


def test_a_tick_costs_the_same_few_queries_however_much_is_due(django_assert_num_queries):
    claim(now=NOW)
    for _ in range(30):
        write_message()
    with django_assert_num_queries(14):
        claim(now=NOW + MINUTE)


def test_line_breaks_in_typed_text_make_no_header_of_their_own(sink):
    write_message(letter=Letter(subject="Hello\r\nBcc: all@example.org", opening=("Hi",)))
    send_due(NOW)
    (mail,) = sink.messages
    assert mail["Subject"] == "Hello Bcc: all@example. org"
    assert mail["Bcc"] is None


def test_attachments_arrive_byte_for_byte_and_invites_can_be_accepted(sink):
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    write_message(files=[("invite.ics", 'text/calendar; method="REQUEST"', ics), ("a.pdf", "application/pdf", b"%PDF")])
    send_due(NOW)
    (mail,) = sink.messages
    calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert [(a.get_filename(), a.get_content_type()) for a in mail.iter_attachments()] == [
        ("invite.ics", "text/calendar"),
        ("a.pdf", "application/pdf"),
    ]
    assert list(mail.iter_attachments())[1].get_payload(decode=True) == b"%PDF"


def test_other_backends_send_the_same_words(settings, mailoutbox):
    message = write_message()
    assert send_due(datetime(2027, 3, 4, 9, tzinfo=UTC)) == 1
    (mail,) = mailoutbox
    assert (mail.body, mail.alternatives[0][0]) == (message.text, message.html)
    assert mail.extra_headers["Message-ID"] == message.message_id


def test_names_and_subjects_of_any_language_arrive_as_they_were(sink):
    letter = replace(LETTER, subject="Zoë’s place – “confirmed”", opening=("Déjà vu.\n.From here on.\nFrom now on.",))
    post_letter(letter, kind="test", to=("Zoë Ōkubo, Ph.D.", "zoe@example.org"), now=NOW, dedupe_key="zoe")
    send_due(NOW)
    (mail,) = sink.messages
    assert mail["Subject"] == "Zoë’s place – “confirmed”"
    assert mail["To"].addresses[0].display_name == "Zoë Ōkubo, Ph.D."
    lines = mail.get_body(("plain",)).get_content().splitlines()
    assert lines[2:5] == ["Déjà vu.", ".From here on.", "From now on."]
