"""A pytest plugin: run the tests on SQLite in a file, as the embedded mode does, so that threads share it."""

from django.db import connections


def pytest_sessionstart(session):
    """Before the test database is made: by default it would be in memory, which threads cannot share truly."""
    database = connections["default"].settings_dict
    database["TEST"]["NAME"] = f"{database['NAME']}.test"
