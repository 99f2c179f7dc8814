"""A broker that takes the call and never answers must not be felt at the screen."""

import signal
import statistics
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.faults.rig import Outcome

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("faults")]

# Six nominations filled in to the last page, of a round that is open now; printed are the paths of their private links.
FILL = """
from datetime import timedelta
from django.utils import timezone
from nominations.actions import draft_path
from tests.cohorts.factories import CohortFactory
from tests.nominations.factories import RoundFactory, draft, fill
now = timezone.now()
this_round = RoundFactory(cohort=CohortFactory(starts_on=now.date() + timedelta(days=180)))
for n in range(6):
    mine = draft(this_round, email=f"director{n}@example.org", name=f"Director {n}", now=now)
    fill(mine, now=now, nominee_name=f"Nominee {n}", nominee_email=f"nominee{n}@example.org")
    print(draft_path(mine, now))
"""


def send_nomination(port, path) -> float:
    """Check the answers and send, as a browser does; the seconds until the receipt is there."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = f"http://127.0.0.1:{port}{path}check/"
    form = browser.open(page, timeout=60).read().decode()
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    began = time.monotonic()
    words = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "true": "on"}).encode()
    receipt = browser.open(page, words, timeout=60)
    assert receipt.url.endswith("/sent/")
    return time.monotonic() - began


def test_a_frozen_broker_is_not_felt_and_the_messages_go_out_later(production_rig, redis, processes):
    rig = production_rig
    env = rig.env | {"BASE_URL": "http://127.0.0.1:8000"}
    paths = [line for line in processes.manage("shell", "-c", FILL, env=env).splitlines() if line.startswith("/")]
    nominees = [f"nominee{n}@example.org" for n in range(6)]

    def asked():
        outcomes = rig.outcomes()
        return [outcomes.get(address) for address in nominees]

    redis.process.send_signal(signal.SIGSTOP)
    port = processes.web(env=env)
    waits = [send_nomination(port, path) for path in paths]
    # Each would wait for such a broker; one may wait for a busy machine.
    assert statistics.median(waits) < 1, waits
    assert asked() == [Outcome("pending", 0, identical=True)] * 6
    redis.process.send_signal(signal.SIGCONT)
    rig.start_worker()
    rig.start_beat()
    rig.settle()
    assert asked() == [Outcome("sent", 1, identical=True)] * 6
