import logging

import pytest


@pytest.fixture
def written():
    """What a log record looks like when it leaves the process."""
    formatter = next(handler.formatter for handler in logging.root.handlers if handler.name == "stderr")

    def write(text, *arguments, exc_info=None):
        return formatter.format(logging.LogRecord("test", logging.ERROR, "", 0, text, arguments, exc_info))

    return write


def test_a_log_line_never_names_an_address(written):
    line = written("Bounced: %s", "Amara Mensah <amara.mensah+leaders@camden.example.org>")

    assert '"event": "Bounced: Amara Mensah <[email]>"' in line


def test_a_log_line_never_shows_a_private_link(written):
    line = written("Not Found: /nominate/n/tXb2vJ0pQ-8fK3_mZr5yWc7d/check/")

    assert '"event": "Not Found: /nominate/n/[token]/check/"' in line


def test_a_log_line_hides_addresses_in_a_traceback(written):
    try:
        raise ValueError("Key (email)=(amara.mensah@example.org) already exists.")
    except ValueError as error:
        line = written("Failed", exc_info=(ValueError, error, error.__traceback__))

    assert "Key (email)=([email]) already exists." in line


@pytest.mark.parametrize(
    "said", ["celery@web-1.example.org ready.", "Connected to redis://:**@redis.example.org:6379/0"]
)
def test_a_log_line_names_the_machines_that_are_ours(written, said):
    assert f'"event": "{said}"' in written(said)


def test_a_log_line_never_shows_the_password_of_a_server(written):
    line = written("Cannot connect to postgres://leaders:correct-horse@db/leaders")

    assert '"event": "Cannot connect to postgres://leaders:[email]/leaders"' in line
