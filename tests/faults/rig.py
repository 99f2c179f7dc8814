"""The product's background processes around one database, one broker and one mail server, all ours to break."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from celery import Celery

from tests.faults.sink import Sink
from tests.processes import ROOT

UNSETTLED = "SELECT count(*) AS left FROM outbox_message WHERE state IN ('pending', 'queued', 'sending')"

# Everything in seconds instead of minutes, so that a test sees what a night would show.
QUICK = {
    "TICK_SECONDS": "1",
    "OUTBOX_QUEUED_FOR": "4",
    "OUTBOX_SENDING_FOR": "4",
    "EMAIL_TIMEOUT": "2",
    "OUTBOX_PER_MINUTE": "100000",
    "OUTBOX_ABNORMAL": "100000",
    "LOG_LEVEL": "WARNING",
}
# For tests in which nobody dies while sending: a busy machine must not look like a dead worker.
PATIENT = {"OUTBOX_SENDING_FOR": "60", "EMAIL_TIMEOUT": "20"}
WRITE_ONE = """
from django.utils import timezone
from leaders.outbox.actions import post_letter
from leaders.outbox.registry import Letter
post_letter(Letter(subject="A fact", opening=("Nothing is needed.",)), kind="test", to=("Amara", "sample@example.org"),
    now=timezone.now(), dedupe_key="sample")
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one message: its state, and how many copies a mailbox has."""

    state: str
    copies: int
    identical: bool


class Rig:
    """Starts and kills; writes messages as rows and reads what became of them."""

    def __init__(self, *, database, broker: dict[str, str], sink: Sink, folder: Path):
        self.database, self.sink, self.folder = database, sink, folder
        self.env = QUICK | broker | {
            "DATABASE_URL": database.url, "EMAIL_URL": sink.url, "VAR": str(folder / "var"),
            "BASE_URL": "http://localhost:8000", "DJANGO_SETTINGS_MODULE": "leaders.settings",
        }  # fmt: skip
        self.pids: dict[str, int] = {}
        self.lock = threading.RLock()
        self.nursery: subprocess.Popen | None = None

    def write(self, addresses: dict[str, str]) -> None:
        """Write one message to each address, due now; the value is its on_uncertain."""
        (sample,) = self.database.ask("SELECT * FROM outbox_message WHERE dedupe_key = 'sample'")
        columns = [name for name in sample if name != "id"]
        now = self.database.moment(datetime.now(UTC))
        for address, on_uncertain in addresses.items():
            name = uuid.uuid4().hex
            given = {
                "dedupe_key": name, "message_id": f"<{name}@example.org>", "to_email": address,
                "on_uncertain": on_uncertain, "due_at": now, "written_at": now, "state": "pending",
            }  # fmt: skip
            picked = ", ".join("?" if column in given else column for column in columns)
            self.database.ask(
                f"INSERT INTO outbox_message ({', '.join(columns)}) SELECT {picked} FROM outbox_message"  # noqa: S608
                " WHERE dedupe_key = 'sample'",
                *[given[column] for column in columns if column in given],
            )

    def start_worker(self, name: str = "worker", *, threads: int = 4) -> None:
        self.threads = threads
        self.start(
            name, "worker", f"--hostname={name}@%h", "--pool=threads", f"--concurrency={threads}",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def start_beat(self, name: str = "beat") -> None:
        self.start(name, "beat", "--pidfile=")

    def start(self, name: str, *arguments: str) -> None:
        """A process of `celery`, ready in a moment."""
        with self.lock:
            if self.nursery is None:
                self.nursery = subprocess.Popen(
                    [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=os.environ | self.env, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log("nursery").open("a"),
                )  # fmt: skip
                assert self.nursery.stdout.readline() == "ready\n", self.log("nursery").read_text()
            app = "leaders.beat" if arguments[0] == "beat" else "leaders.celery"
            line = "\t".join([str(self.log(name)), "-A", app, *arguments])
            self.nursery.stdin.write(line + "\n")
            self.nursery.stdin.flush()
            self.pids[name] = int(self.nursery.stdout.readline())

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def kill(self, *names: str) -> None:
        """kill -9, all of them at once."""
        pids = [self.pids.pop(name) for name in names]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            while alive(pid):
                time.sleep(0.005)

    def stop(self, name: str, *, within: float) -> None:
        """Ask a process to stop, and wait until it has."""
        pid = self.pids.pop(name)
        os.kill(pid, signal.SIGTERM)
        self.wait(lambda: not alive(pid), within)

    def end(self) -> None:
        self.kill(*self.pids)
        if self.nursery:
            self.nursery.stdin.close()
            self.nursery.kill()
            self.nursery.wait(10)
            self.nursery.stdout.close()

    def kill_worker(self) -> None:
        """Kill the worker and start another, as a supervisor does."""
        with self.lock:
            self.kill("worker")
            self.start_worker(threads=self.threads)

    def send(self, task: str) -> None:
        """Put a task into the queue, as beat does."""
        app = Celery(broker=self.env.get("REDIS_URL"))
        app.send_task(task)
        app.close()

    def settle(self, seconds: float = 120) -> None:
        """Wait until nothing is on its way any more."""
        self.wait(lambda: self.database.ask(UNSETTLED)[0]["left"] == 0, seconds)

    def wait(self, ready, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                states = self.database.ask("SELECT to_email, state, reason FROM outbox_message WHERE state <> 'sent'")
                logs = "\n".join(f"--- {log.name}\n{log.read_text()[-3000:]}" for log in self.folder.glob("*.log"))
                raise AssertionError(f"Time is up.\n{logs}\n{states}")
            time.sleep(0.05)

    def outcomes(self) -> dict[str, Outcome]:
        rows = self.database.ask("SELECT to_email, state FROM outbox_message WHERE dedupe_key <> 'sample'")
        found = {}
        for row in rows:
            copies = self.sink.copies[row["to_email"]]
            found[row["to_email"]] = Outcome(row["state"], len(copies), len(set(copies)) <= 1)
        return found

    def account(self) -> dict[str, int]:
        """Count what must not be: messages lost, falsely marked sent, or doubled beyond the promise."""
        rows = self.database.ask(
            "SELECT to_email, state, resent, on_uncertain FROM outbox_message WHERE dedupe_key <> 'sample'"
        )
        wrong = {"lost": 0, "falsely sent": 0, "doubled": 0, "not identical": 0}
        for row in rows:
            copies = self.sink.copies[row["to_email"]]
            allowed = 2 if row["on_uncertain"] == "resend" and row["resent"] else 1
            wrong["lost"] += row["state"] not in {"sent", "uncertain"}
            wrong["falsely sent"] += row["state"] == "sent" and not copies
            wrong["doubled"] += len(copies) > allowed
            wrong["not identical"] += len(set(copies)) > 1
        return wrong


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


NOTHING_WRONG = {"lost": 0, "falsely sent": 0, "doubled": 0, "not identical": 0}
