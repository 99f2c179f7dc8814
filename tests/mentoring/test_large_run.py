"""A matching of 1,200 people by real processes: begun by beat's tick, its worker killed, done by the next."""

import os
import signal

import pytest
from django.db import connection
from django.utils import timezone

from mentoring.actions import propose_match
from mentoring.models import MatchRun
from tests.mentoring.factories import criteria, crowd

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
PAIRS = 600


@pytest.fixture
def env(tmp_path, settings):
    """The test's own database with its keys, and a broker of its own in files."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return {
        "DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}",
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "REDIS_URL": "",
        "VAR": str(tmp_path),
    }


def test_a_killed_workers_matching_is_done_by_the_next_one(cohort, rosalind, processes, env):
    criteria()
    crowd(cohort, PAIRS)
    run = propose_match(cohort=cohort, by=rosalind, now=timezone.now())
    assert run.state == "waiting"

    def now():
        return MatchRun.objects.defer("problem_text").get(pk=run.pk)

    processes.beat(env=env)
    processes.worker(env=env)
    processes.wait(lambda: now().progress)
    assert processes.stop("worker", signal.SIGKILL) == -signal.SIGKILL
    left = now()
    assert (left.state, left.lease_until > timezone.now()) == ("waiting", True)

    MatchRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())  # three minutes on
    processes.worker("another", env=env)
    processes.wait(lambda: now().state == "proposed", seconds=240)

    found = MatchRun.objects.get(pk=run.pk)
    assert (found.result.headline.matched, found.result.headline.proved) == (PAIRS, True)
    assert (found.pairs.count(), set(found.dial)) == (PAIRS, {"total", "floor", "bands"})
