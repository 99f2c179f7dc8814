"""Tests of races run once more on SQLite in a file, as the embedded mode does, so that threads share it.

As a pytest plugin this moves the test database into the file.
"""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection, connections


def pytest_sessionstart(session):
    """Before the test database is made: by default it would be in memory, which threads cannot share truly."""
    database = connections["default"].settings_dict
    database["TEST"]["NAME"] = f"{database['NAME']}.test"


def passes(tests: str, folder: Path) -> bool:
    """Whether the file of tests passes so. Within that run, which holds the asking test too, it is simply true."""
    if connection.vendor == "sqlite":
        assert not connection.is_in_memory_db()
        return True
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.sqlite_in_a_file", tests],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"DATABASE_URL": f"sqlite:///{folder}/leaders.sqlite3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    return True
