"""Starts workers and beats in a moment, however often they are killed: everything is imported once, then forked.

Run as a program: each line of standard input is a log file and the arguments of `celery`; the answer is a pid.
With CLOCK, a moment in ISO format, all of them live from that moment on.
"""

import os
import signal
import sys
from datetime import datetime

import time_machine


def main() -> None:
    import django

    django.setup()
    from celery.apps import beat, worker  # noqa: F401  imported before the fork, so that no child has to
    from celery.bin.celery import main as celery

    from leaders import file_broker, redis_broker  # noqa: F401
    from leaders.celery import app

    app.finalize(auto=True)
    app.loader.import_default_modules()
    if clock := os.environ.get("CLOCK"):
        time_machine.travel(datetime.fromisoformat(clock), tick=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burying
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        log, *arguments = line.split("\t")
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(output, 1)
            os.dup2(output, 2)
            sys.argv = ["celery", *(argument.strip() for argument in arguments)]
            celery()
            os._exit(0)
        print(pid, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
