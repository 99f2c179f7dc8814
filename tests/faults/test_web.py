"""A broker that takes the call and never answers must not be felt at the screen."""

import signal
import statistics
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest
from django.urls import reverse

from tests.faults.rig import Outcome

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("faults")]

KNOW = """
from django.utils import timezone
from leaders.people.actions import know_person
for n in range(6):
    know_person(email=f"p{n}@example.org", name=f"Person {n}", by=None, now=timezone.now())
"""


def ask_for_a_code(port, address) -> float:
    """Ask as a browser does; the seconds until the answer is there."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = f"http://127.0.0.1:{port}{reverse('account_request_login_code')}"
    form = browser.open(page, timeout=60).read().decode()
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    began = time.monotonic()
    browser.open(page, urllib.parse.urlencode({"csrfmiddlewaretoken": token, "email": address}).encode(), timeout=60)
    return time.monotonic() - began


def test_a_frozen_broker_is_not_felt_and_the_message_goes_out_later(production_rig, redis, processes):
    rig = production_rig
    env = rig.env | {"BASE_URL": "http://127.0.0.1:8000"}
    processes.manage("shell", "-c", KNOW, env=env)
    redis.process.send_signal(signal.SIGSTOP)
    port = processes.web(env=env)
    waits = [ask_for_a_code(port, f"p{n}@example.org") for n in range(6)]
    assert statistics.median(waits) < 1
    assert set(rig.outcomes().values()) == {Outcome("pending", 0, identical=True)}
    redis.process.send_signal(signal.SIGCONT)
    rig.start_worker()
    rig.start_beat()
    rig.settle()
    assert rig.outcomes() == {f"p{n}@example.org": Outcome("sent", 1, identical=True) for n in range(6)}
