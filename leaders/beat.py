"""The clock: sends the schedule's names at their intervals. What the tasks are made of is the worker's to import.

An application of its own without Celery's Django fix-up, which would load every model and every view into a process
that asks no database.
"""

import structlog
from celery import Celery, beat
from celery.beat import SchedulingError

from .celery import configured

logger = structlog.get_logger()


class Scheduler(beat.Scheduler):
    def apply_entry(self, entry, producer=None):
        """While the broker is away each tick that cannot be sent is one line; Celery's own would be two tracebacks."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            logger.warning("beat.not_sent", task=entry.task, why=str(error))


app = configured(Celery("leaders", fixups=[]))
