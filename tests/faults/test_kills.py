"""kill -9 at every point of a delivery, under both rules for doubtful messages.

The points lie between claim, publish, MAIL, RCPT, T1, DATA and T2. Whatever happens before the content has arrived
costs nothing; afterwards the message is sent once more, the same bytes, or waits for the office.
"""

import signal
import threading
import time

import pytest

from tests.faults.rig import Outcome
from tests.faults.sink import HangUp

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("kills")]

SENT = Outcome("sent", 1, identical=True)
TWICE = Outcome("sent", 2, identical=True)
UNKNOWN = Outcome("uncertain", 1, identical=True)
NOTHING_LEFT = Outcome("uncertain", 0, identical=True)

# The point at which the worker dies -> what becomes of the message under resend, and under hold.
POINTS = {
    "rcpt": (SENT, SENT),  # the server has heard for whom, and has not answered
    "t1": (SENT, SENT),  # about to note "sending"
    "data": (SENT, NOTHING_LEFT),  # "sending" is noted, not a byte of content has left
    "content": (TWICE, UNKNOWN),  # the server has it all, its answer has not arrived
    "t2": (TWICE, UNKNOWN),  # the answer has arrived, about to note "sent"
}
# PostgreSQL finishes a statement that it has, though whoever sent it is dead: then "sent" is noted, and true.
NOTED = {"t2": (SENT, SENT)}
LOCK = "SELECT * FROM outbox_message WHERE to_email = ?"


class Killer:
    """The trap of the sink: at each message's own point, once, the worker dies."""

    def __init__(self, rig):
        self.rig = rig
        self.armed = {"connect", "mail"} | {
            f"{point}.{rule}@example.org" for point in POINTS for rule in ("resend", "hold")
        }

    def __call__(self, phase, recipient):
        if phase in self.armed:
            self.armed.discard(phase)
            self.die()
        point = recipient.partition(".")[0]
        if recipient in self.armed and phase == {"t1": "rcpt", "t2": "content"}.get(point, point):
            self.armed.discard(recipient)
            if point in {"t1", "t2"}:
                self.die_when_noting(recipient)
            else:
                self.die()

    def die(self):
        self.rig.kill_worker()
        raise HangUp

    def die_when_noting(self, recipient):
        """Answer, and kill the worker while it waits to write down what it knows."""
        lock = self.rig.database.locked(LOCK, recipient)
        lock.__enter__()

        def soon():
            if self.rig.database.has_row_locks:
                self.rig.wait(self.rig.database.waits)
            else:
                time.sleep(1)
            self.rig.kill_worker()
            lock.__exit__(None, None, None)

        threading.Thread(target=soon).start()


def test_a_worker_killed_at_any_point_loses_nothing_and_doubles_only_what_may_be(rig):
    rig.write({f"{point}.{rule}@example.org": rule for point in POINTS for rule in ("resend", "hold")})
    rig.sink.trap = killer = Killer(rig)
    rig.start_worker(threads=1)
    rig.start_beat()
    rig.settle(240)
    expected = {}
    for point, outcomes in (POINTS | NOTED if rig.database.has_row_locks else POINTS).items():
        expected |= dict(zip((f"{point}.resend@example.org", f"{point}.hold@example.org"), outcomes, strict=True))
    assert killer.armed == set()
    assert rig.outcomes() == expected


def test_a_tick_killed_while_claiming_has_claimed_nothing(production_rig):
    rig = production_rig
    rig.write({"a@example.org": "hold"})
    rig.database.ask("INSERT INTO outbox_heartbeat (name, at, in_minute) VALUES ('outbox', now(), 0)")
    with rig.database.locked("SELECT * FROM outbox_heartbeat WHERE name = ?", "outbox"):
        rig.start_worker()
        rig.send("leaders.outbox.tasks.tick")
        rig.wait(rig.database.waits)
        rig.kill("worker")
    assert rig.outcomes() == {"a@example.org": Outcome("pending", 0, identical=True)}
    rig.start_worker()
    rig.start_beat()
    rig.settle()
    assert rig.outcomes() == {"a@example.org": SENT}


def test_a_tick_killed_between_claim_and_publish_is_made_up_for(production_rig, redis):
    rig = production_rig
    rig.write({"a@example.org": "hold"})
    rig.database.ask("INSERT INTO outbox_heartbeat (name, at, in_minute) VALUES ('outbox', now(), 0)")
    with rig.database.locked("SELECT * FROM outbox_heartbeat WHERE name = ?", "outbox"):
        rig.start_worker()
        rig.send("leaders.outbox.tasks.tick")
        rig.wait(rig.database.waits)
        redis.process.send_signal(signal.SIGSTOP)
    rig.wait(lambda: rig.outcomes() == {"a@example.org": Outcome("queued", 0, identical=True)})
    rig.kill("worker")
    redis.process.send_signal(signal.SIGCONT)
    rig.start_worker()
    rig.start_beat()
    rig.settle()
    assert rig.outcomes() == {"a@example.org": SENT}
