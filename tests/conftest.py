"""What every test may ask for: the cast, browsers, an SMTP server, and processes of our own."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from tests import migrated
from tests.browsers import LAUNCH, Browsers, chromium
from tests.processes import Processes
from tests.smtp import SmtpSink

pytest_plugins = ["tests.cast"]

# A property holds or does not; how long an example took on a busy machine is another matter.
# CI tries the same examples each time: new ones are looked for where somebody can look at what they find.
hypothesis.settings.register_profile(
    "leaders", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("leaders")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Give every test that commits the reference data of the migrations, which the one before it flushed."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker and marker.kwargs.get("transaction")
        if commits or {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            again = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(again, append=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """pytest-django's own fixture: let the test database begin as a copy of one that is migrated already."""
    migrated.begin_with_a_copy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """pytest-django's own fixture: let it empty the trail between tests that commit, which the product refuses.

    Before it drops the database, end what browsers' last requests left open.
    """
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE people_auditevent DISABLE TRIGGER audit_not_emptied")
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _apart_from_other_tests(settings, tmp_path):
    """Each test counts its own sign-in attempts and keeps its own files."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """pytest-playwright's own fixture: start Debian's Chromium, deaf to everything but this machine."""
    # Playwright runs an event loop in this thread; the ORM is used between its calls, not within.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {"executable_path": chromium(), "args": LAUNCH}


@pytest.fixture
def browse(browser, live_server, settings):
    """Open pages for people: `page = browse(amara, width=390)`; see `Browsers.__call__`.

    At the end the test fails on anything that a console said: errors, refused content, failed loads.
    """
    settings.BASE_URL = live_server.url
    browsers = Browsers(browser, live_server.url)
    yield browsers
    browsers.close()
    assert browsers.complaints == []


@pytest.fixture
def desktop(browse):
    """A visitor's page at 1280 pixels."""
    return browse()


@pytest.fixture
def phone(browse):
    """A visitor's page at 390 pixels, with touch."""
    return browse(width=390)


@pytest.fixture
def smtp_sink(settings):
    """An SMTP server that keeps what it is given, to which this process's settings point."""
    with SmtpSink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.host, sink.port
        yield sink


@pytest.fixture
def processes(tmp_path):
    """Start real processes of the product; all are ended with the test."""
    running = Processes(Path(tmp_path))
    yield running
    running.end()
