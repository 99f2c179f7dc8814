"""Starting other programs and being sure that they stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

libc = ctypes.CDLL(None)


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    sys.exit(text)


def start(*command: str, env: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen:
    """Start a command in a process group of its own, which is asked to stop should this script be killed."""
    return subprocess.Popen(
        command,
        env=os.environ | (env or {}),
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509  there are no threads here
        **options,
    )


def die_with_parent() -> None:
    libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def stop(process: subprocess.Popen, how: signal.Signals = signal.SIGTERM, patience: float = 20) -> None:
    """Ask a process to stop; after `patience` seconds, or when it leaves children behind, end its group."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def call(*command: str, env: Mapping[str, str] | None = None, check: bool = True, **options: Any) -> int:
    """Run a command to its end and return its exit code; with `check`, end here when it fails."""
    process = start(*command, env=env, **options)
    try:
        code = process.wait()
    finally:
        stop(process, signal.SIGINT)
    if check and code:
        fail(f"Failed with exit code {code}: {' '.join(command)}")
    return code


def succeeds(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def wait_until(ready, children: Mapping[str, subprocess.Popen], seconds: float) -> None:
    """Wait for `ready()`; end here when one of the children ends before, or after that many seconds."""
    deadline = time.monotonic() + seconds
    while not ready():
        for name, child in children.items():
            if child.poll() is not None:
                fail(f"{name} ended with exit code {child.returncode} while starting")
        if time.monotonic() > deadline:
            fail(f"Not ready after {seconds:.0f} s: {', '.join(children)}")
        time.sleep(0.1)


def end_marked(mark: str) -> None:
    """End every process that carries `mark` in its environment: whatever a test left behind."""
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in environ.read_bytes().split(b"\0"):
                os.kill(int(environ.parent.name), signal.SIGKILL)
