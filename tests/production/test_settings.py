"""What must not be set by mistake is refused before anything starts, in words that name the variable."""

import os
import re
import subprocess
import sys

import pytest
from django.core.checks import run_checks

from tests.processes import ROOT

PRODUCTION = {
    "BASE_URL": "https://leaders.example.org",
    "SECRET_KEY": "x",
    "FIELD_KEYS": "y",
    "DATABASE_URL": "postgres:///leaders",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
    "EMAIL_BACKEND": "",
}


def said(**wrong):
    """The last line of a process that starts with these settings; nothing when it does."""
    started = subprocess.run(
        [sys.executable, "-c", "import leaders.settings"],
        cwd=ROOT,
        env=os.environ | PRODUCTION | wrong,
        text=True,
        stderr=subprocess.PIPE,
        check=False,
    )
    return started.stderr.strip().rpartition("ImproperlyConfigured: ")[2]


def test_what_the_example_says_is_enough():
    assert said() == ""


def test_the_demo_does_not_start_where_the_public_would_find_it():
    assert "DEMO lets anybody be anybody" in said(DEMO="1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smpt://host"),
        ("EMAIL_URL", "smtp+tls://user:p/w@host:587"),
        ("DATABASE_URL", "postgres://leaders:p/w@host/leaders"),
        ("REDIS_URL", "reddis://redis:6379/0"),
        ("ANYMAIL", "{'WEBHOOK_SECRET': 'a:b'}"),
        ("TRUSTED_PROXY_COUNT", "one"),
        ("OUTBOX_PER_MINUTE", "many"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_not_shown(name, value):
    sentence = said(**{name: value})
    assert sentence.startswith(f"{name} cannot be read. It looks like this: ")
    assert value not in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "consolemail://"),
        ("DATABASE_URL", "sqlite:////data/leaders.sqlite3"),
        ("DATABASE_URL", "postgers://leaders@host/leaders"),
    ],
)
def test_what_is_for_development_is_refused_in_production(name, value):
    assert said(**{name: value}).endswith("where BASE_URL starts with https://")


def test_a_log_level_may_be_written_small():
    assert said(LOG_LEVEL="info") == ""


def test_the_example_names_every_variable_that_is_read_but_those_for_development():
    read = re.findall(r'(?:required|number|env\.\w+)\(\s*"([A-Z_]+)"', (ROOT / "leaders/settings.py").read_text())
    named = re.findall(r"(?m)^#?([A-Z_]+)=", (ROOT / ".env.example").read_text())
    assert set(read) - set(named) == {"DEBUG", "DEMO"}
    assert set(named) - set(read) == {"POSTGRES_PASSWORD", "WEB_CONCURRENCY"}


def test_a_shell_can_read_the_example():
    example = (ROOT / ".env.example").read_text().replace("\n#ANYMAIL", "\nANYMAIL")
    read = subprocess.run(
        ["sh", "-c", f'{example}\necho "$DEFAULT_FROM_EMAIL $ANYMAIL"'],
        text=True,
        capture_output=True,
        check=True,
    )
    assert read.stdout.startswith('Leaders <programmes@example.org> {"POSTMARK_SERVER_TOKEN"')


def test_a_webhook_secret_that_nobody_could_give_is_an_error(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "a-long-password"}
    assert "outbox.E002" in [found.id for found in run_checks()]


def test_a_mail_backend_that_does_not_exist_is_an_error(settings):
    settings.EMAIL_BACKEND = "anymail.backends.postmrak.EmailBackend"
    assert "outbox.E003" in [found.id for found in run_checks()]
