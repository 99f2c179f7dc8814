"""Real processes of the product under test: web, worker, beat and management commands."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# As this run began: what fixtures add to it later is not for the product's own processes.
ENVIRONMENT = dict(os.environ)


class Processes:
    """Starts processes with an environment and a log each, and ends every one of them."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.running: dict[str, subprocess.Popen] = {}

    def manage(self, *arguments: str, env: dict[str, str]) -> str:
        """Run a management command and return what it printed. Fails, with that, when it does not succeed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=ENVIRONMENT | env,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def start(self, name: str, *command: str, env: dict[str, str]) -> subprocess.Popen:
        """Start a program of the environment in its own process group, logging to `log(name)`."""
        with self._log(name).open("ab") as output:
            self.running[name] = subprocess.Popen(
                [BIN / command[0], *command[1:]],
                cwd=ROOT,
                env=ENVIRONMENT | env,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.running[name]

    def web(self, *, env: dict[str, str]) -> int:
        """Start gunicorn as production does and return its port, once it listens."""
        port = free_port()
        self.start("web", "gunicorn", f"--bind=127.0.0.1:{port}", env=env)
        self.wait(lambda: listens(port))
        return port

    def worker(self, name: str = "worker", *, env: dict[str, str]) -> subprocess.Popen:
        return self.start(name, "celery", "-A", "leaders.celery", "worker", *WORKER_OPTIONS, env=env)

    def beat(self, *, env: dict[str, str]) -> subprocess.Popen:
        return self.start("beat", "celery", "-A", "leaders.beat", "beat", env=env)

    def log(self, name: str) -> str:
        return self._log(name).read_text()

    def wait(self, ready: Callable[[], object], seconds: float = 60) -> None:
        """Wait until `ready()`. Fails with every log when a process ends before, or time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                logs = "\n".join(f"--- {name}\n{self.log(name)}" for name in self.running)
                why = f"{', '.join(ended)} ended" if ended else f"not so after {seconds:.0f} s"
                raise AssertionError(f"{why}\n{logs}")
            time.sleep(0.05)

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask a process to stop and return its exit code, which is negative when a signal ended it."""
        process = self.running.pop(name)
        process.send_signal(how)
        return process.wait(30)

    def alive(self, process: subprocess.Popen) -> bool:
        """Whether anything is left of the process's group."""
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def end(self) -> None:
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# As in compose.yaml.
WORKER_OPTIONS = ["--pool=threads", "--concurrency=4"]
