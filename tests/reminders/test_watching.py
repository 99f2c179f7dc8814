"""Whoever watches at night sees when mail stands still."""

import http.server
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leaders.office.messages_today import standing_still
from leaders.outbox.models import Heartbeat, Message
from leaders.reminders.actions import hold, materialise, release
from leaders.reminders.health import troubles
from leaders.reminders.metrics import exposition
from leaders.reminders.models import Reminder
from leaders.reminders.tasks import sign_of_life
from tests.outbox.factories import write_message
from tests.people.factories import OrganisationFactory, PersonFactory
from tests.reminders.conftest import MORNING, THURSDAY

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def beat(now, *names):
    """Every tick runs, or those named; by itself every rule goes on too."""
    if not names:
        Heartbeat.objects.filter(name__startswith="reminders.plan:").update(at=now)
    for name in names or ("outbox", "outbox.urgent", "reminders", "reminders.plan"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def test_all_is_well_while_the_ticks_run(client):
    beat(timezone.now())
    page = client.get("/healthz/reminders")
    assert (page.status_code, page.json()) == (200, {"reminders": "ok"})


def test_ticks_that_never_ran_are_told(client):
    page = client.get("/healthz/reminders")
    assert page.status_code == 503
    assert "writing reminders has never run" in page.json()["reminders"]


@pytest.mark.parametrize(("minutes", "found"), [(3, []), (4, ["writing reminders ran last 4 minutes ago"])])
def test_a_tick_may_be_silent_for_three_minutes(minutes, found):
    beat(MORNING)
    beat(MORNING - minutes * MINUTE, "reminders")
    assert troubles(MORNING) == found


@pytest.mark.parametrize(
    ("minutes", "said"), [(119, "119 minutes"), (190, "3 hours"), (47 * 60, "47 hours"), (8170, "5 days")]
)
def test_a_long_silence_is_told_in_hours_and_days(minutes, said):
    beat(MORNING)
    beat(MORNING - minutes * MINUTE, "reminders")
    assert troubles(MORNING) == [f"writing reminders ran last {said} ago"]


@pytest.mark.parametrize(("minutes", "found"), [(15, []), (16, ["a message has waited 16 minutes"])])
def test_a_message_may_wait_a_quarter_of_an_hour(minutes, found):
    beat(MORNING)
    write_message(now=MORNING - minutes * MINUTE)
    assert troubles(MORNING) == found


@pytest.mark.parametrize(("minutes", "found"), [(15, []), (16, ["a reminder has waited 16 minutes"])])
def test_a_reminder_may_wait_a_quarter_of_an_hour_of_working_time(world, minutes, found):
    world.rule(letters=True)
    world.plan(OrganisationFactory(), PersonFactory(), THURSDAY)
    materialise(MORNING - timedelta(days=1))
    beat(MORNING + minutes * MINUTE)
    assert troubles(MORNING + minutes * MINUTE) == found


def test_a_reminder_that_nobody_wrote_all_day_is_a_trouble_at_night_and_the_next_morning(world):
    world.rule(letters=True)
    world.plan(OrganisationFactory(), PersonFactory(), THURSDAY)
    materialise(MORNING - timedelta(days=1))
    for now in (datetime(2027, 3, 5, 3, tzinfo=UTC), datetime(2027, 3, 5, 9, tzinfo=UTC)):
        beat(now)
        assert troubles(now) == ["a reminder has waited 9 hours"]
    assert "leaders_oldest_due_reminder_seconds 32400" in exposition(now).splitlines()


def test_a_reminder_that_the_pace_put_off_waits_from_then_on_only(world):
    world.rule(letters=True)
    world.plan(OrganisationFactory(), PersonFactory(), THURSDAY)
    materialise(MORNING - timedelta(days=1))
    Reminder.objects.update(waits_until=datetime(2027, 3, 8, 9, 50, tzinfo=UTC))
    for minutes, found in ((5, []), (16, ["a reminder has waited 16 minutes"])):
        now = datetime(2027, 3, 8, 9, 50, tzinfo=UTC) + minutes * MINUTE
        beat(now)
        assert troubles(now) == found


def test_a_reminder_that_is_planned_or_released_late_has_not_waited_before(world, rosalind):
    world.rule(letters=True)
    world.plan(OrganisationFactory(), PersonFactory(), THURSDAY)
    friday = datetime(2027, 3, 5, 12, tzinfo=UTC)
    materialise(friday)
    beat(friday)
    assert troubles(friday) == []
    evening = datetime(2027, 3, 5, 22, tzinfo=UTC)
    hold(reminder=Reminder.objects.get(), by=rosalind, now=friday, reason="Wait")
    release(reminder=Reminder.objects.get(), by=rosalind, now=evening)
    beat(evening)
    assert troubles(evening) == []


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_a_message_that_is_claimed_and_never_sent_is_a_trouble(state):
    message = write_message(now=MORNING - 16 * MINUTE)
    Message.objects.filter(pk=message.pk).update(state=state, token=uuid.uuid4(), lease_until=MORNING + MINUTE)
    beat(MORNING)
    assert troubles(MORNING) == ["a message has waited 16 minutes"]
    assert "leaders_oldest_due_message_seconds 960" in exposition(MORNING).splitlines()


def test_a_rule_that_fails_is_named_until_it_is_mended(client, world, time_machine):
    time_machine.move_to(MORNING, tick=False)
    rule = world.rule()
    plan = rule.plan

    def broken(now, scope):
        raise ValueError("no such thing")

    object.__setattr__(rule, "plan", broken)
    materialise(MORNING - MINUTE)
    beat(MORNING, "outbox", "outbox.urgent", "reminders")
    page = client.get("/healthz/reminders")
    said = "reminders that cannot be planned, as their rule fails: “Contracts”"
    assert (page.status_code, page.json()) == (503, {"reminders": [said]})
    assert standing_still(None, MORNING).detail == f"R{said[1:]}"
    assert "leaders_reminder_rules_failing 1" in exposition(MORNING).splitlines()
    object.__setattr__(rule, "plan", plan)
    materialise(MORNING)
    assert troubles(MORNING) == []
    assert "leaders_reminder_rules_failing 0" in exposition(MORNING).splitlines()


def test_figures_are_shown_to_the_holder_of_the_token_alone(client, settings):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200


def test_figures_count_what_waits():
    beat(MORNING)
    write_message(now=MORNING - 2 * MINUTE)
    lines = exposition(MORNING).splitlines()
    assert 'leaders_messages{state="pending"} 1' in lines
    assert "leaders_oldest_due_message_seconds 120" in lines
    assert "leaders_reminders_healthy 1" in lines
    assert 'leaders_tick_age_seconds{tick="outbox"} 0' in lines


@pytest.fixture
def outside(settings):
    """Somebody outside who expects a call a minute."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            calls.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.DEAD_MANS_SWITCH = f"http://127.0.0.1:{server.server_port}/ping/1"
        yield calls
        server.shutdown()


def test_somebody_outside_is_called_while_all_is_well(outside):
    beat(timezone.now())
    sign_of_life()
    assert outside == ["/ping/1"]


def test_nobody_is_called_when_mail_stands_still(outside):
    sign_of_life()
    assert outside == []


def test_an_outside_that_is_away_stops_nothing(settings):
    beat(timezone.now())
    settings.DEAD_MANS_SWITCH = "http://127.0.0.1:1/"
    assert sign_of_life() is None
