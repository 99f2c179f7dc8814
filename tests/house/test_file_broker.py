"""The embedded broker: a task is whole or absent, whoever is killed, and nothing in the folder ends a worker."""

import os
import signal
import time
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import TRANSPORT_ALIASES

LARGE = {"body": "x" * 300_000}


@pytest.fixture
def channel(tmp_path, monkeypatch):
    monkeypatch.setitem(TRANSPORT_ALIASES, "files", "leaders.file_broker:Transport")
    queue = tmp_path / "queue"
    queue.mkdir()
    options = {"data_folder_in": queue, "data_folder_out": queue, "control_folder": tmp_path / "control"}
    with Connection("files://", transport_options=options) as connection:
        yield connection.channel()


def taken(channel) -> list:
    found = []
    try:
        while True:
            found.append(channel._get("celery"))
    except Empty:
        return found


def killed_while_writing(write) -> None:
    """A process that does nothing but write, killed in the middle of it."""
    child = os.fork()
    if child == 0:
        while True:
            write()
    time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_tasks_come_out_in_the_order_in_which_they_went_in(channel):
    for number in range(3):
        channel._put("celery", {"number": number})
        time.sleep(0.002)
    assert taken(channel) == [{"number": 0}, {"number": 1}, {"number": 2}]


def test_another_queues_tasks_stay_where_they_are(channel):
    channel._put("other", {"number": 1})
    assert taken(channel) == []
    assert channel._get("other") == {"number": 1}


def test_a_writer_killed_twenty_times_leaves_no_half_a_task(channel):
    for _ in range(20):
        killed_while_writing(lambda: channel._put("celery", LARGE))
        assert [task for task in taken(channel) if task != LARGE] == []


def test_a_file_that_cannot_be_read_does_not_keep_the_next_from_being_taken(channel, tmp_path):
    (tmp_path / "queue" / "1_broken.celery.msg").write_bytes(b"")
    (tmp_path / "queue" / "2_broken.celery.msg").write_bytes(b'{"body": ')
    channel._put("celery", {"number": 1})
    assert taken(channel) == [{"number": 1}]


def test_a_binder_killed_twenty_times_leaves_a_table_that_knows_the_queue(channel):
    channel._queue_bind("celery", "celery", "", "celery")
    for _ in range(20):
        killed_while_writing(lambda: channel._queue_bind("celery", os.urandom(4).hex(), "", "another"))
        assert ("celery", "", "celery") in channel.get_table("celery")


def test_a_table_that_cannot_be_read_is_written_anew(channel, tmp_path):
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "celery.exchange").write_bytes(b"")
    assert channel.get_table("celery") == []
    channel._queue_bind("celery", "celery", "", "celery")
    assert channel.get_table("celery") == [("celery", "", "celery")]
