"""`python3 dev test`: every check and test, on servers of its own, and nothing left running afterwards."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import checks
from machine import PYTHON, chromium, need, need_pango, postgresql, prepare, redis, windowless_chromium
from processes import call, end_marked, say, start, stop, succeeds, wait_until

WITHOUT_SERVERS = ["-m", "not journey and not servers"]
# What is asked of PostgreSQL alone when both run.
BEFORE_SERVERS = ["-m", "not journey and not servers and not postgresql_will_do"]
# What asks no database, or nothing in which one differs from another, says the same the second time.
WITH_SERVERS = ["-m", "(django_db and not sqlite_will_do) or journey or servers"]
# Every process of a run carries this name in its environment, with the run's own folder.
MARK = "LEADERS_TEST_RUN"


def run(arguments: list[str], *, fast: bool) -> int:
    """Return 0 when everything passed. A missing server is a failure, and so is a skipped test."""
    prepare("requirements-dev.txt")
    need_pango()
    if not fast:
        need(
            "Chromium without windows", windowless_chromium, "chromium-headless-shell",
            without="the whole of it is started, which takes longer",
        )  # fmt: skip
        need("Chromium", chromium, "chromium")
        need("PostgreSQL", postgresql, "postgresql")
        need("Redis", redis, "redis-server")
    outcomes: list[tuple[str, str, float]] = []
    totals: Counter[str] = Counter()

    def phase(name: str, work: Callable[[], str]) -> None:
        say(f"\n{name}\n{'-' * len(name)}")
        began = time.monotonic()
        outcomes.append((name, work(), time.monotonic() - began))

    # In /tmp whatever TMPDIR says: the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="leaders-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user
        env = {MARK: name, "VAR": str(folder / "var"), "MIGRATED": str(folder / "migrated")}
        (folder / "migrated").mkdir()
        try:
            if not fast and not arguments:
                phase("Lint", lambda: "failed" if checks.run() else "passed")
            without = WITHOUT_SERVERS if fast or arguments else BEFORE_SERVERS
            phase("SQLite", lambda: pytest([*without, *arguments], env, folder / "sqlite.xml", totals))
            if not fast:
                with servers(folder) as urls:
                    phase(
                        "PostgreSQL, Redis and Chromium",
                        lambda: pytest([*WITH_SERVERS, *arguments], env | urls, folder / "all.xml", totals),
                    )
        finally:
            end_marked(f"{MARK}={name}")
    return report(outcomes, totals)


def report(outcomes: list[tuple[str, str, float]], totals: Counter[str]) -> int:
    say("")
    for name, outcome, seconds in outcomes:
        say(f"{name}: {outcome} in {seconds:.0f} s")
    passed = totals["tests"] - totals["failures"] - totals["errors"] - totals["skipped"]
    say(
        f"{passed} passed, {totals['failures']} failed, {totals['errors']} errors, {totals['skipped']} skipped"
        f" in {sum(seconds for _, _, seconds in outcomes):.2f}s"
    )
    return int(not passed or any(outcome != "passed" for _, outcome, _ in outcomes))


def pytest(arguments: list[str], env: dict[str, str], results: Path, totals: Counter[str]) -> str:
    """Run pytest, add what it counted to the totals and say how it went."""
    # Paths, -k and the like choose a part of the suite; options such as --durations=20 do not.
    ours = {*WITHOUT_SERVERS, *BEFORE_SERVERS, *WITH_SERVERS}
    selected = [word for word in arguments if word not in ours and not word.startswith("--")]
    # One more than cores: the tests of faults wait for leases most of their time.
    parallel = [] if selected else ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist=loadgroup"]
    code = call(PYTHON, "-m", "pytest", "-q", f"--junitxml={results}", *parallel, *arguments, env=env, check=False)
    if not results.exists():
        return f"failed (pytest ended with exit code {code})"
    counts: Counter[str] = Counter()
    for part in ElementTree.parse(results).iter("testsuite"):  # noqa: S314  our own file
        counts.update({name: int(part.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")})
    totals.update(counts)
    if counts["skipped"]:
        return f"failed ({counts['skipped']} skipped)"
    # 5 is "nothing selected": right for one of the two phases when arguments were given.
    return "passed" if code == 0 or (code == 5 and selected) else "failed"


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis on Unix sockets in the folder, and where they are, for the environment."""
    programs = postgresql()
    data, sockets = folder / "postgresql", folder / "sockets"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
    account = {}
    for path in (data, sockets):
        path.mkdir()
        if os.geteuid() == 0:  # as which PostgreSQL refuses to run
            shutil.chown(path, "postgres", "postgres")
            account = {"user": "postgres", "group": "postgres", "extra_groups": []}
    initdb = f"initdb -D {data} -U leaders --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync"
    subprocess.run([programs / "initdb", *initdb.split()[1:]], check=True, **quiet, **account)
    # Nothing here has to survive the machine, so nothing waits for the disk.
    fast = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    room = "-c max_connections=300 -c shared_buffers=256MB"
    children: dict[str, subprocess.Popen] = {}
    try:
        children["PostgreSQL"] = start(
            str(programs / "postgres"),
            *f"-D {data} -k {sockets} -c listen_addresses= {fast} {room}".split(),
            **quiet,
            **account,
        )
        children["Redis"] = start(
            "redis-server",
            *f"--port 0 --unixsocket {sockets}/redis --dir {folder} --appendonly no --save".split(),
            "",
            **quiet,
        )
        ready = [str(programs / "pg_isready"), "-q", "-h", str(sockets)]
        wait_until(lambda: succeeds(*ready) and (sockets / "redis").exists(), children, 60)
        yield {
            "DATABASE_URL": f"postgres://leaders@/{sockets}/postgres",
            "REDIS_URL": f"redis+socket://{sockets}/redis",
        }
    finally:
        for child in children.values():
            stop(child, signal.SIGINT)  # to PostgreSQL: without waiting for its clients
