"""A migrated database, made once for a run of the suite and copied: going through all migrations takes ten seconds.

`dev test` says in `MIGRATED` where it is kept. Without that, every database goes through the migrations itself.
"""

import contextlib
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created
from environ import Env

from tests.faults.databases import programs

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ["MIGRATED"]) if "MIGRATED" in os.environ else None
NAME = "migrated"
DUMP = f"{NAME}.sql"


def fill(url: str) -> None:
    """Bring an empty database to where the migrations lead; `url` as in DATABASE_URL."""
    if FOLDER is None:
        _migrate(url)
    elif url.startswith("sqlite"):
        _copy_into(sqlite3.connect(url.removeprefix("sqlite:///")))
    else:
        _make_postgresql()
        there = _server(url)
        quiet = ["-qX", "-o", os.devnull, "-v", "ON_ERROR_STOP=1", "-f", FOLDER / DUMP]
        subprocess.run(
            [programs() / "psql", *quiet, "-h", there["host"], "-U", there["user"], there["dbname"]], check=True
        )


def begin_with_a_copy() -> None:
    """Have Django make the test database as a copy, in which no migration is left to apply."""
    if FOLDER is None:
        return
    if connection.vendor == "postgresql":
        _make_postgresql()
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
    else:
        connection_created.connect(_fill_first, sender=type(connection), dispatch_uid=NAME)


def _fill_first(connection, **_) -> None:
    """The first connection to the test database finds nothing there; those after it find the copy."""
    connection_created.disconnect(sender=type(connection), dispatch_uid=NAME)
    _copy_into(connection.connection, close=False)


def _copy_into(target: sqlite3.Connection, *, close: bool = True) -> None:
    assert target.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,), "There is something in it already"
    with contextlib.closing(sqlite3.connect(_sqlite())) as source:
        source.backup(target)
    if close:
        target.close()


def _sqlite() -> Path:
    """The file, made by whoever needs it first."""
    made = FOLDER / f"{NAME}.sqlite3"
    with _alone():
        if not made.exists():
            building = FOLDER / "building.sqlite3"
            _migrate(f"sqlite:///{building}")
            building.rename(made)
    return made


def _make_postgresql() -> None:
    """The database beside this run's own, made by whoever needs it first."""
    own = os.environ["DATABASE_URL"]
    with _alone(), psycopg.connect(autocommit=True, **_server(own)) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            server.execute("DROP DATABASE IF EXISTS building")
            server.execute("CREATE DATABASE building")
            _migrate(f"{own.rpartition('/')[0]}/building")
            # Nobody may be connected to what others copy, so it is written down for other servers before it is there.
            from_here = ["-h", _server(own)["host"], "-U", _server(own)["user"], "-f", FOLDER / DUMP]
            subprocess.run([programs() / "pg_dump", *from_here, "building"], check=True)
            server.execute(f"ALTER DATABASE building RENAME TO {NAME}")


def _server(url: str) -> dict[str, str]:
    found = Env.db_url_config(url)
    return {"host": found["HOST"], "user": found["USER"], "dbname": found["NAME"]}


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )
