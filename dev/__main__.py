"""Run, test and maintain Leaders. Needs Python 3.11 or later and nothing else.

python3 dev demo    start the demo on this machine (--port N; --fresh rebuilds its data)
python3 dev test    run every test, on SQLite and on PostgreSQL with Redis (--fast: SQLite alone;
                    anything else goes to pytest: python3 dev test tests/nominations -k quota)
python3 dev lint    check style, types, imports, migrations and locks
python3 dev lock    write the lock files from requirements.in and requirements-dev.in
python3 dev css     compile the style sheets
python3 dev bench   run the benchmarks, or those named
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  before anything that an older Python cannot read
    sys.exit("Leaders needs Python 3.11 or later. This is Python " + sys.version.split()[0] + ".")

import argparse
import os
import signal

import checks
import demo
import maintain
import suite
from machine import ROOT, keep_compiled


def main() -> None:
    os.chdir(ROOT)
    keep_compiled()
    signal.signal(signal.SIGTERM, interrupted)
    parser = argparse.ArgumentParser(
        prog="dev", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    verb = verbs.add_parser("demo")
    verb.add_argument("--port", type=int, default=8000)
    verb.add_argument("--fresh", action="store_true", help="rebuild the data")
    verb.set_defaults(work=lambda options: demo.run(options.port, fresh=options.fresh))
    verb = verbs.add_parser("test")
    verb.add_argument("--fast", action="store_true", help="the SQLite part alone")
    verb.set_defaults(work=lambda options: suite.run(options.rest, fast=options.fast))
    verbs.add_parser("lint").set_defaults(work=lambda _: checks.run())
    verbs.add_parser("lock").set_defaults(work=lambda _: maintain.lock())
    verbs.add_parser("css").set_defaults(work=lambda _: maintain.css())
    verbs.add_parser("bench").set_defaults(work=lambda options: maintain.bench(options.rest))
    options, options.rest = parser.parse_known_args()
    if options.rest and options.verb not in {"test", "bench"}:
        parser.error(f"unrecognised: {' '.join(options.rest)}")
    try:
        sys.exit(options.work(options))
    except KeyboardInterrupt:
        sys.exit(130)


def interrupted(signum: int, frame: object) -> None:
    """Let TERM take the way of Ctrl-C, through every `finally`."""
    raise KeyboardInterrupt


main()
