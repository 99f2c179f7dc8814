"""Two hundred messages while everything around them breaks: 0 lost, 0 falsely sent, 0 doubled beyond the promise."""

import random
import time

import pytest

from leaders.outbox.tasks import BATCH
from tests.faults.rig import NOTHING_WRONG, PATIENT, Outcome, alive

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("storms")]

MESSAGES = {f"p{n}@example.org": "hold" if n % 2 else "resend" for n in range(200)}
SENT = Outcome("sent", 1, identical=True)


def handed_over(rig) -> int:
    return sum(map(len, list(rig.sink.copies.values())))


def test_six_kills_of_the_worker_at_random_moments(rig):
    """The moments are random for the product: they fall on whatever the killed threads are doing."""
    chance = random.Random(20270304)
    rig.write(MESSAGES)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.01)
    rig.start_worker()
    rig.start_beat()
    for kills in range(1, 7):
        rig.wait(lambda goal=kills * 25: handed_over(rig) >= goal, 120)
        time.sleep(chance.random() * 0.05)
        rig.kill_worker()
    rig.settle(240)
    assert rig.account() == NOTHING_WRONG
    assert len(rig.outcomes()) == 200


def test_everything_is_killed_at_once_three_times(rig):
    rig.write(MESSAGES)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.01)
    for goal in (40, 80, 120):
        rig.start_worker()
        rig.start_beat()
        rig.wait(lambda goal=goal: handed_over(rig) >= goal, 120)
        rig.kill("worker", "beat")
    rig.start_worker()
    rig.start_beat()
    rig.settle(240)
    assert rig.account() == NOTHING_WRONG


def test_redis_wiped_three_times_loses_nothing_and_doubles_nothing(production_rig, redis):
    rig = production_rig
    rig.env |= PATIENT
    rig.write(MESSAGES)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.01)
    rig.start_worker()
    rig.start_beat()
    for goal in (30, 80, 130):
        rig.wait(lambda goal=goal: handed_over(rig) >= goal, 120)
        redis.say("FLUSHALL")
    rig.settle(240)
    assert rig.outcomes() == dict.fromkeys(MESSAGES, SENT)


def test_a_worker_asked_to_stop_in_the_middle_of_a_slow_batch_ends_within_seconds_and_doubts_nothing(rig):
    rig.env |= PATIENT
    messages = dict(list(MESSAGES.items())[:20])
    rig.write(messages)
    rig.sink.trap = lambda phase, recipient: time.sleep(1) if phase == "content" else None
    rig.start_worker()
    rig.start_beat()
    rig.wait(lambda: handed_over(rig) >= 2)
    rig.stop("worker", within=8)
    assert handed_over(rig) < 10
    rig.sink.trap = lambda phase, recipient: None
    rig.start_worker()
    rig.settle()
    assert rig.outcomes() == dict.fromkeys(messages, SENT)


def test_redis_restarting_under_unconfirmed_tasks_loses_nothing_and_ends_no_worker(production_rig, redis):
    rig = production_rig
    rig.env |= PATIENT
    messages = dict(list(MESSAGES.items())[:60])
    rig.write(messages)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.02)
    rig.start_worker()
    rig.start_beat()
    worker = rig.pids["worker"]
    for goal in (10, 30):
        rig.wait(lambda goal=goal: handed_over(rig) >= goal, 120)
        rig.wait(lambda: int(redis.say("HLEN", "unacked")) > 0)
        redis.stop()
        time.sleep(0.5)
        redis.start()
    rig.settle(240)
    assert alive(worker)
    assert rig.outcomes() == dict.fromkeys(messages, SENT)


def test_postgresql_crashing_three_times_loses_nothing(production_rig, postgres):
    rig = production_rig
    rig.write(MESSAGES)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.01)
    rig.start_worker()
    rig.start_beat()
    try:
        for goal in (30, 80, 130):
            rig.wait(lambda goal=goal: handed_over(rig) >= goal, 120)
            rig.database.crash()
            time.sleep(0.5)
            postgres.start()
            rig.database.process = postgres.process
    finally:
        if postgres.process.poll() is not None:
            postgres.start()
    rig.settle(240)
    assert rig.account() == NOTHING_WRONG


def test_four_beats_at_once_double_nothing(production_rig):
    rig = production_rig
    rig.env |= PATIENT
    rig.write(MESSAGES)
    for n in range(4):
        rig.start_beat(f"beat{n}")
    rig.start_worker("worker1")
    rig.start_worker("worker2")
    rig.settle(240)
    assert rig.outcomes() == dict.fromkeys(MESSAGES, SENT)


def test_every_task_delivered_twice_doubles_nothing(production_rig, redis, processes):
    rig = production_rig
    rig.env |= PATIENT
    rig.write(MESSAGES)
    processes.manage("shell", "-c", "import leaders.celery; from leaders.outbox.tasks import tick; tick()", env=rig.env)
    tasks = [line for line in redis.say("LRANGE", "celery", "0", "-1").splitlines() if line]
    for task in tasks:
        redis.say("RPUSH", "celery", task)
    rig.start_worker("worker1")
    rig.start_worker("worker2")
    rig.start_beat()
    rig.settle(240)
    assert rig.outcomes() == dict.fromkeys(MESSAGES, SENT)
    assert len(tasks) == len(MESSAGES) / BATCH


def test_tasks_handed_out_again_while_they_run_double_nothing(production_rig):
    """The broker gives up on a task after a second; a batch of slow messages takes many."""
    rig = production_rig
    rig.env |= PATIENT | {"VISIBILITY_TIMEOUT": "1"}
    messages = dict(list(MESSAGES.items())[:60])
    rig.write(messages)
    rig.sink.trap = lambda phase, recipient: time.sleep(0.1) if phase == "content" else None
    rig.start_worker("worker1")
    rig.start_worker("worker2")
    rig.start_beat()
    rig.settle(240)
    assert rig.outcomes() == dict.fromkeys(messages, SENT)
