"""`python3 dev demo`: the whole product on this machine, with invented people in it."""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

from machine import BIN, PYTHON, VAR, need_pango, prepare
from processes import call, fail, say, start, stop, wait_until

LOGS = VAR / "log"

# Beat lets a whole interval pass before its first tick; whoever opens the demo sees mail that is alive.


def run(port: int, *, fresh: bool) -> None:
    check_free(port)
    prepare("requirements.txt")
    need_pango(without="documents are unavailable")
    address = f"http://localhost:{port}"
    env = {"DEMO": "1", "BASE_URL": address}
    build(env, fresh=fresh)
    celery = str(BIN / "celery")
    commands = {
        "web": [str(BIN / "gunicorn"), f"--bind=127.0.0.1:{port}"],
        "worker": [
            celery, "-A", "leaders.celery", "--quiet", "worker", "--pool=threads", "--concurrency=2",
            "--without-gossip", "--without-mingle",
        ],
        "beat": [celery, "-A", "leaders.beat", "--quiet", "beat"],
    }  # fmt: skip
    children: dict[str, subprocess.Popen] = {}
    LOGS.mkdir(exist_ok=True)
    try:
        for name, command in commands.items():
            with log(name).open("w") as output:
                children[name] = start(*command, env=env, stdout=output, stderr=subprocess.STDOUT)
        wait_until(lambda: answers(f"{address}/healthz/"), children, 60)
        call(PYTHON, "manage.py", "demo", "--sign-ins", env=env)
        say(f"\nLeaders is running at {address}/ (logs in var/log). Ctrl-C stops it.")
        watch(children)
    except KeyboardInterrupt:
        say("\nStopping")
    finally:
        for process in children.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in children.values():
            stop(process)


def check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            fail(f"Port {port} is in use. Try: python3 dev demo --port {port + 1}")


def build(env: dict[str, str], *, fresh: bool) -> None:
    """Bring the demo's database (settings.py names it) up to date, or build it when there is none.

    It is built beside its place and moved there when complete: an interrupted build leaves no half.
    """
    ready, building = VAR / "demo.sqlite3", VAR / "building.sqlite3"
    VAR.mkdir(exist_ok=True)
    if ready.exists() and not fresh:
        call(PYTHON, "manage.py", "migrate", "--verbosity=0", env=env)
        return
    say("Building the demo: two years of four cohorts")
    began = time.monotonic()
    remove(building)
    shutil.rmtree(VAR / "broker", ignore_errors=True)
    building_env = env | {"DATABASE_URL": f"sqlite:///{building}"}
    call(PYTHON, "manage.py", "migrate", "--verbosity=0", env=building_env)
    call(PYTHON, "manage.py", "demo", env=building_env, stdout=subprocess.DEVNULL)
    with contextlib.closing(sqlite3.connect(building)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    remove(ready)
    building.replace(ready)
    say(f"Built in {time.monotonic() - began:.0f} s")


def remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  our own server
            return response.status == 200
    except OSError:
        return False


def watch(children: dict[str, subprocess.Popen]) -> None:
    """Return never; end here, with the last lines of its log, when one of the processes ends."""
    while True:
        for name, process in children.items():
            if process.poll() is not None:
                last = "\n".join(log(name).read_text().splitlines()[-15:])
                fail(f"{last}\n\nThe {name} process ended with exit code {process.returncode}. Stopping the others.")
        time.sleep(0.5)


def log(name: str) -> Path:
    return LOGS / f"{name}.log"
