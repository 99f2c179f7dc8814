"""Background work: one worker application and the whole schedule in one dict.

Web requests never publish here. They write rows, and the ticks below find them.
"""

import os
from datetime import UTC, datetime

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django.utils.log import configure_logging
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leaders.settings")

# Seconds between ticks. By interval, never by clock time: a tick that comes late finds the same rows.
SCHEDULE = {
    "leaders.outbox.tasks.tick": settings.TICK_SECONDS,
    "leaders.outbox.tasks.tick_urgent": 5,
    "leaders.reminders.tasks.tick": settings.TICK_SECONDS,
    "leaders.reminders.tasks.materialise": 10 * 60,
    "leaders.reminders.tasks.sign_of_life": 60,
    "leaders.documents.tasks.tick": 5,
    "leaders.people.tasks.seal": 60,
    "leaders.people.tasks.check_audit": 6 * 60 * 60,
    "leaders.people.tasks.look_for_expired": 6 * 60 * 60,
    "leaders.people.tasks.clear_sessions": 6 * 60 * 60,
    "modules.tasks.tick": 10 * 60,
    "nominations.tasks.tick": 5 * 60,
    "mentoring.tasks.tick": 5,
    "mentoring.tasks.close": 10 * 60,
}

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@setup_logging.connect
def log_as_django_does(**kwargs) -> None:
    """LOGGING alone decides. Celery would give the root logger the level of its own command line: WARNING."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


def configured(app: Celery) -> Celery:
    """With what worker and beat must agree on."""
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        # A task is done when it has returned: a killed worker's tasks are delivered again.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        timezone="Europe/London",
        enable_utc=True,
        # A tick that has waited long is dropped: later ones stand behind it. Half a minute at least, so that a busy
        # worker, which comes late to each of them, still runs some. Everything is due when beat starts: otherwise a
        # beat that is started more often than an interval would never come to that tick.
        beat_schedule={
            name: {
                "task": name,
                "schedule": seconds,
                "options": {"expires": max(seconds, 30)},
                "last_run_at": LONG_AGO,
            }
            for name, seconds in SCHEDULE.items()
        },
        # Ticks by interval need no memory of the last one, so beat keeps no file.
        beat_scheduler="leaders.beat:Scheduler",
    )
    if settings.REDIS_URL:
        TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = "leaders.redis_broker:Transport"
        app.conf.broker_url = settings.REDIS_URL
        app.conf.broker_transport_options = {
            "visibility_timeout": settings.VISIBILITY_TIMEOUT,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
        }
    else:
        queue = settings.BROKER / "queue"
        queue.mkdir(parents=True, exist_ok=True)
        TRANSPORT_ALIASES["files"] = "leaders.file_broker:Transport"
        app.conf.broker_url = "files://"
        app.conf.broker_transport_options = {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),
            "control_folder": str(settings.BROKER / "control"),
            "polling_interval": 0.2,
        }
    return app


app = configured(Celery("leaders"))
app.autodiscover_tasks()
