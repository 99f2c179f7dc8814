"""What is left of a worker's connection when Redis goes away, step by step."""

import contextlib

import pytest
from celery import Celery
from kombu.common import ignore_errors

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("faults")]


@pytest.fixture
def lost(redis, settings):
    """A connection with one task taken and not confirmed, given up as Celery does when closing a channel has failed."""
    from leaders.celery import configured

    settings.REDIS_URL = redis.url
    connection = configured(Celery("apart", fixups=[], set_as_current=False)).connection_for_read()
    channel = connection.default_channel
    queue = connection.SimpleQueue("celery")
    queue.put({})
    task = queue.get(timeout=10)
    redis.stop()
    connection._do_close_transport()
    channel._disconnect_pools()
    yield connection, channel, task
    with contextlib.suppress(*connection.connection_errors):
        channel.close()


def test_the_channel_of_an_unconfirmed_task_closes_without_ending_the_worker(lost):
    connection, channel, _ = lost

    with ignore_errors(connection):
        channel.close()

    assert channel.closed


def test_a_task_that_is_done_by_then_is_not_confirmed_and_that_is_all(lost):
    connection, _, task = lost

    with pytest.raises(connection.connection_errors):
        task.ack()
