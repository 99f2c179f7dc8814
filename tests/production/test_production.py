"""The production processes, started and walked through."""

import json
import re
import time

import pytest

from tests.processes import Processes
from tests.production.conftest import Site

# One worker runs them all: they share the site that the first of them starts.
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("production")]


def test_the_deployment_check_has_nothing_to_say(production, tmp_path):
    said = Processes(tmp_path).manage("check", "--deploy", "--fail-level=WARNING", env=production)

    assert said == "System check identified no issues (2 silenced).\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_production_does_not_start_without(name, production, tmp_path):
    with pytest.raises(AssertionError, match=f"{name} must be set where BASE_URL starts with https://"):
        Processes(tmp_path).manage("check", env=production | {name: ""})


def test_healthz_answers_without_a_redirect(site):
    status, headers, body = site.request("GET", "/healthz/", proto="http")

    assert (status, body, headers["Cache-Control"]) == (
        200,
        b'{"database": "ok"}',
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


def test_healthz_says_within_seconds_that_the_database_is_away(production, tmp_path):
    processes = Processes(tmp_path)
    try:
        port = processes.web(env=production | {"DATABASE_URL": "postgres://leaders@127.0.0.1:1/leaders"})
        site = Site(port, processes, production, sink=None)
        site.get("/healthz/")  # the first request imports every page as well
        began = time.monotonic()
        status, _, body = site.get("/healthz/")
        assert (status, body, time.monotonic() - began < 8) == (503, b'{"database": "unreachable"}', True)
    finally:
        processes.end()


def test_a_page_asked_for_without_tls_is_redirected_to_it(site):
    status, headers, _ = site.request("GET", "/", proto="http")

    assert (status, headers["Location"]) == (301, "https://leaders.example.org/")


def test_another_host_name_is_refused(site):
    status, _, _ = site.get("/", Host="elsewhere.example.org")

    assert status == 400


def test_the_public_page_carries_every_security_header(site):
    status, headers, _ = site.get("/")

    assert status == 200
    assert sorted(headers["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_every_static_file_of_the_public_page_is_compressed_and_kept_for_ever(site):
    _, _, page = site.get("/")
    sheets = re.findall(rb'<link[^>]+href="(/static/[^"]+\.css)"', page)

    answers = [site.get(sheet.decode(), **{"Accept-Encoding": "gzip"}) for sheet in sheets]

    assert len(answers) > 0
    assert {(status, headers["Content-Encoding"], headers["Cache-Control"]) for status, headers, _ in answers} == {
        (200, "gzip", "max-age=315360000, public, immutable")
    }


def test_cookies_are_kept_to_this_host_over_tls(site):
    _, headers, _ = site.get("/accounts/sign-in/")

    cookies = headers.get_all("Set-Cookie")

    assert len(cookies) > 0
    for cookie in cookies:
        attributes = {part.strip().split("=")[0] for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite", "Path"} <= attributes
        assert "Domain" not in attributes


def test_a_missing_page_shows_ours_and_not_djangos(site):
    status, _, body = site.get("/no/such/page/")

    assert status == 404
    assert b'<html lang="en-GB"' in body


def test_a_director_signs_in_with_the_code_that_the_worker_mailed(site, visitor):
    site.processes.manage("create_director", "--name=Rosalind Tate", "--email=rosalind.tate@example.org", env=site.env)
    visitor.open("/office/")
    asked = visitor.post("/accounts/sign-in/", login="rosalind.tate@example.org", email="rosalind.tate@example.org")
    assert asked == (200, "/accounts/sign-in/code/")
    site.processes.wait(lambda: site.sink.messages)
    (message,) = site.sink.messages
    code = re.search(r"(?m)^\s*([A-Z0-9-]{6,9})\s*$", message.get_body(("plain",)).get_content())[1]

    arrived = visitor.post("/accounts/sign-in/code/", code=code)

    assert message["To"] == "Rosalind Tate <rosalind.tate@example.org>"
    assert arrived == (200, "/accounts/second-factor/")


def test_everything_is_well_as_soon_as_the_first_ticks_have_run(site):
    """All of them are sent when beat starts, whatever their interval."""
    site.processes.wait(lambda: site.get("/healthz/reminders")[0] == 200)

    assert site.get("/healthz/reminders")[2] == b'{"reminders": "ok"}'


def test_the_worker_logs_the_end_of_the_audit_chain_and_not_each_task(site):
    site.processes.wait(lambda: "audit.sealed" in site.processes.log("worker"))

    lines = [json.loads(line) for line in site.processes.log("worker").splitlines() if line.startswith("{")]

    assert next(line["level"] for line in lines if line["event"] == "audit.sealed") == "info"
    assert [line["event"] for line in lines if line["event"].startswith("Task ")] == []


def test_the_worker_answers_the_health_check_of_compose(site, tmp_path):
    ping = Processes(tmp_path).start(
        "ping", "celery", "-A", "leaders.beat", "inspect", "ping", "--timeout=10", env=site.env
    )

    assert ping.wait(60) == 0


def test_there_are_as_many_web_processes_as_are_asked_for(production, tmp_path):
    processes = Processes(tmp_path)
    try:
        processes.web(env=production | {"WEB_CONCURRENCY": "3"})
        processes.wait(lambda: processes.log("web").count("Booting worker") == 3)
    finally:
        processes.end()


def test_no_process_logged_an_error(site):
    logged = [line for name in site.processes.running for line in site.processes.log(name).splitlines()]

    assert [line for line in logged if '"level": "error"' in line or '"level": "critical"' in line] == []


@pytest.mark.parametrize("name", ["beat", "worker", "web"])
def test_a_process_asked_to_stop_finishes_and_leaves_nothing_behind(site, name):
    process = site.processes.running[name]

    code = site.processes.stop(name)

    assert (code, site.processes.alive(process)) == (0, False)
