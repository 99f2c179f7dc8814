"""The two databases as the faults need them: made from a template, asked with plain SQL, locked, crashed."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.rows import dict_row


def programs() -> Path:
    """The folder of the newest PostgreSQL's programs."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[-2]))


class Postgres:
    """A server of our own on a Unix socket, durable against the death of its processes."""

    has_row_locks = True

    def __init__(self, folder: Path):
        self.programs = programs()
        self.data, self.sockets = folder / "data", folder / "sockets"
        self.account = {}
        for path in (self.data, self.sockets):
            path.mkdir(parents=True)
            if os.geteuid() == 0:  # as which PostgreSQL refuses to run
                shutil.chown(path, "postgres", "postgres")
                self.account = {"user": "postgres", "group": "postgres", "extra_groups": []}
        initdb = [self.programs / "initdb", "-D", self.data, "-U", "leaders", "--auth=trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **self.account)
        self.name = "postgres"
        self.start()

    @property
    def url(self) -> str:
        return f"postgres://leaders@/{self.sockets}/{self.name}"

    def start(self):
        # The machine itself does not fail, so nothing waits for its disk; commits are on record all the same.
        options = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=100"
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, "-k", self.sockets, *options.split()],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.account,
        )  # fmt: skip
        for _ in range(600):
            with contextlib.suppress(psycopg.OperationalError):
                self.connect("postgres").close()
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start")

    def crash(self):
        """Stop it as a power cut would: no checkpoint, every connection dropped."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def connect(self, name: str | None = None):
        return psycopg.connect(
            host=str(self.sockets), user="leaders", dbname=name or self.name, autocommit=True, row_factory=dict_row
        )

    def fresh(self, name: str) -> "Postgres":
        """Use a new database made like the present one."""
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        copy = object.__new__(Postgres)
        copy.__dict__ = self.__dict__ | {"name": name}
        return copy

    def ask(self, sql: str, *values) -> list[dict]:
        with self.connect() as connection:
            cursor = connection.execute(sql.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []

    def moment(self, at: datetime):
        return at

    @contextlib.contextmanager
    def locked(self, sql: str, *values):
        """Hold the rows that `sql` selects: whoever updates them waits."""
        connection = self.connect()
        connection.autocommit = False
        connection.execute(f"{sql} FOR UPDATE".replace("?", "%s"), values)
        try:
            yield
        finally:
            connection.close()

    def waits(self) -> bool:
        """Whether some connection waits for a lock."""
        found = self.ask("SELECT 1 FROM pg_stat_activity WHERE datname = ? AND wait_event_type = 'Lock'", self.name)
        return bool(found)


class Sqlite:
    """A file, with the options that the product gives it."""

    has_row_locks = False

    def __init__(self, path: Path):
        self.path = path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def connect(self):
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        return connection

    def fresh(self, name: str) -> "Sqlite":
        copy = self.path.with_name(f"{name}.sqlite3")
        with contextlib.closing(self.connect()) as source, contextlib.closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return Sqlite(copy)

    def ask(self, sql: str, *values) -> list[dict]:
        with contextlib.closing(self.connect()) as connection:
            return [dict(row) for row in connection.execute(sql, values).fetchall()]

    def moment(self, at: datetime):
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"

    @contextlib.contextmanager
    def locked(self, sql: str, *values):
        """Hold the one write lock there is: whoever writes waits."""
        with contextlib.closing(self.connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def stop(self):
        """Nothing runs."""
