"""The embedded broker: Celery's queue as a folder of files, as kombu keeps it, but safe when a process is killed.

kombu writes a task, and its table of queues, under the final name and piece by piece. Whoever reads between the
creation and the last byte, or after the writer was killed there, finds half of it, and a worker ends on that. Here
a file appears whole or not at all, and one that cannot be read (after a power cut, say) counts as none: what it
asked for is still a row, and the next tick asks again.
"""

import fcntl
import uuid
from pathlib import Path
from time import monotonic_ns

import structlog
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = structlog.get_logger()


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        write_whole(Path(self.data_folder_out, name), payload)

    def _get(self, queue):
        while True:
            try:
                return super()._get(queue)  # raises Empty when there is none, and ends the loop so
            except ValueError:
                logger.warning("broker.task_unreadable")

    def get_table(self, exchange):
        try:
            return super().get_table(exchange)
        except ValueError:
            return []

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        file = self._exchange_file(exchange)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / "lock").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)  # given back when the file is closed, also by death
            table = self.get_table(exchange)
            if binding not in table:
                write_whole(file, [binding, *table])


def write_whole(file: Path, content: object) -> None:
    """Write JSON beside its place, and move it there: readers see all of it or nothing."""
    draft = file.with_name(f".{uuid.uuid4()}")
    draft.write_text(dumps(content))
    draft.replace(file)


class Transport(filesystem.Transport):
    Channel = Channel
