"""How fast messages go out: from the row in PostgreSQL, through Redis and a worker, to an SMTP server.

The floor is Python's smtplib alone, handing the same bytes to the same server over one connection, in the same
run; the server is aiosmtpd in a process of its own. Workers are started as in production, one for each core. Also
measured: a tick with nothing due in front of a long table, and a worker's memory over many messages.

    python3 dev bench outbox                      1,000 and 10,000 messages, then a table of 1,000,000
    python3 dev bench outbox --messages=100000    10,000 and 100,000 messages
    python3 dev bench outbox --quick              200 and 2,000 messages, then a table of 100,000
"""

import argparse
import base64
import contextlib
import os
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.faults.conftest import Redis, prepared  # noqa: E402
from tests.faults.databases import Postgres  # noqa: E402
from tests.faults.rig import Rig  # noqa: E402

COPY = """
INSERT INTO outbox_message ({columns})
SELECT {picked} FROM outbox_message, generate_series(1, {count}) AS n WHERE dedupe_key = 'sample'
"""


class Far:
    """The SMTP server in a process of its own, as in life: it counts and keeps nothing."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.url = self.process.stdout.readline().strip()

    def count(self) -> int:
        return int(self._ask("count"))

    def latest(self) -> bytes:
        """The content of the message that came last."""
        return base64.b64decode(self._ask("latest"))

    def _ask(self, what: str) -> str:
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()


class Counter:
    """An aiosmtpd handler: it counts, and keeps the latest content alone."""

    total = 0
    content = b""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.total += 1
        self.content = envelope.content
        return "250 OK"


def serve() -> None:
    from aiosmtpd.controller import Controller

    counter = Counter()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(counter, hostname="127.0.0.1", port=port)
    controller.start()
    print(f"smtp://127.0.0.1:{port}", flush=True)
    for asked in sys.stdin:
        print(counter.total if asked == "count\n" else base64.b64encode(counter.content).decode(), flush=True)


def fill(database, count: int, state: str) -> None:
    """Write rows as the product would have, many at once."""
    (sample,) = database.ask("SELECT * FROM outbox_message WHERE dedupe_key = 'sample'")
    given = {
        "dedupe_key": f"'{state}' || n || random()", "message_id": "'<' || gen_random_uuid() || '@example.org>'",
        "to_email": "'p' || n || '@example.org'", "state": f"'{state}'",
        "sent_at": "now()" if state == "sent" else "NULL", "due_at": "now()", "written_at": "now()",
    }  # fmt: skip
    columns = [name for name in sample if name != "id"]
    picked = [given.get(name, name) for name in columns]
    database.ask(COPY.format(columns=", ".join(columns), picked=", ".join(picked), count=count))
    database.ask("VACUUM ANALYZE outbox_message")  # as autovacuum does in its time


def floor(url: str, content: bytes, count: int) -> tuple[float, float]:
    """Messages a second of smtplib alone, and milliseconds of processor time for each."""
    host, port = url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as smtp:
        began, spent = time.perf_counter(), time.process_time()
        for n in range(count):
            smtp.sendmail("programmes@example.org", [f"p{n}@example.org"], content)
        return count / (time.perf_counter() - began), (time.process_time() - spent) * 1000 / count


def memory(pid: int) -> float:
    """MiB that this process holds."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def processor(pid: int) -> float:
    """Seconds of processor time that this process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


WORKERS = [f"worker-{number}" for number in range(os.cpu_count() or 1)]


def end_to_end(rig: Rig, far: Far, count: int) -> tuple[float, float, list[float]]:
    """Messages a second from row to server, the workers' milliseconds for each, and the memory of one along the way."""
    fill(rig.database, count, "pending")
    before = far.count()
    for name in WORKERS:
        rig.start_worker(name, threads=2)
    pids = [rig.pids[name] for name in WORKERS]
    began = ticked = time.perf_counter()
    rig.send("leaders.outbox.tasks.tick")
    held, first, first_at, spent = [], 0, began, 0.0
    while (done := far.count() - before) < count:
        if not first and done:
            first, first_at, spent = done, time.perf_counter(), sum(map(processor, pids))
        held.append(memory(pids[0]))
        if time.perf_counter() - began > 1800:
            raise SystemExit("Half an hour has passed.")
        time.sleep(0.1)
        if time.perf_counter() - ticked > 5:
            ticked = time.perf_counter()
            rig.send("leaders.outbox.tasks.tick")
    rate = (count - first) / (time.perf_counter() - first_at)
    spent = (sum(map(processor, pids)) - spent) * 1000 / (count - first)
    rig.settle()
    rig.kill(*WORKERS)
    return rate, spent, held


TICK = """
import time
from django.db import connection
from django.utils import timezone
from leaders.outbox.delivery import claim

def timed(execute, sql, params, many, context):
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        spent.append((time.perf_counter() - began, sql))

times = []
for _ in range(100):
    spent = []
    with connection.execute_wrapper(timed):
        began = time.perf_counter()
        claim(now=timezone.now())
        whole = time.perf_counter() - began
    times.append((sum(one for one, _ in spent), whole, len(spent), max(spent)[1]))
times.sort()
*figures, sql = times[len(times) // 2]
print("TICK", *figures)
print("SLOWEST", " ".join(sql.split())[:300])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--messages", type=int)
    given = parser.parse_args()
    count, rows = (2_000, 100_000) if given.quick else (given.messages or 10_000, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postgres(folder / "postgres")
        stack.callback(server.stop)
        database = prepared(server, folder)
        redis = Redis(folder)
        stack.callback(redis.stop)
        far = Far()
        stack.callback(far.process.kill)
        rig = Rig(database=database, broker={"REDIS_URL": redis.url}, sink=far, folder=folder)
        rig.env |= {
            "OUTBOX_QUEUED_FOR": "600", "OUTBOX_SENDING_FOR": "300", "EMAIL_TIMEOUT": "20", "DATABASE_POOL": "4",
        }  # fmt: skip
        stack.callback(rig.end)
        end_to_end(rig, far, 20)
        floors = [floor(far.url, far.latest(), 2_000) for _ in range(3)]
        alone, least = (statistics.median(values) for values in zip(*floors, strict=True))
        print(f"smtplib alone, one connection: {alone:,.0f} messages a second, {least:.2f} ms of processor each")
        for size in (count // 10, count):
            rate, spent, held = end_to_end(rig, far, size)
            print(
                f"ledger to server, {size:,} messages: {rate:,.0f} a second, {rate / alone:.0%} of it,"
                f" {spent:.2f} ms of the workers' processors each"
            )
        print(f"memory of a worker over {size:,} messages: {held[len(held) // 10]:.0f} to {held[-1]:.0f} MiB")
        fill(database, rows, "sent")
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", TICK], cwd=ROOT, env=os.environ | rig.env, text=True,
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        _, spent, whole, queries = next(line for line in done.stdout.splitlines() if line.startswith("TICK")).split()
        print(*(line for line in done.stdout.splitlines() if line.startswith("SLOWEST")), sep="\n")
        print(
            f"a tick with nothing due, {rows:,} rows: {float(spent) * 1000:.1f} ms in {queries} statements,"
            f" {float(whole) * 1000:.1f} ms in all"
        )


if __name__ == "__main__":
    serve() if "--sink" in sys.argv else main()
