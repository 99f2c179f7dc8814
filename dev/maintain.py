"""What only the maintainers need: locks, style sheets, benchmarks."""

import shutil
import sys

from machine import BIN, LOCKS, PYTHON, ROOT, need, prepare
from processes import call, fail


def lock() -> None:
    """Resolve for every platform and Python from 3.11 on; write names, versions and hashes only."""
    prepare("requirements-dev.txt")
    options = "--quiet --universal --python-version=3.11 --generate-hashes --no-annotate"
    unaddressed = "--no-emit-index-url --no-emit-find-links"
    for name in LOCKS:
        # Both locks agree on every version that they share.
        shared = [] if name == LOCKS[0] else ["--constraint", LOCKS[0]]
        call(
            str(BIN / "uv"),
            *f"pip compile {options} {unaddressed}".split(),
            "--custom-compile-command=python3 dev lock",
            *shared,
            name.replace(".txt", ".in"),
            "-o",
            name,
        )


def css() -> None:
    """Compile the style sheets from Sass with govuk-frontend. Only this needs Node: the result is committed."""
    need("Node", lambda: shutil.which("npm"), "nodejs", "npm")
    call(sys.executable, "leaders/components/build_css.py")


def bench(arguments: list[str]) -> None:
    """Run benchmarks/<name>.py for each name given, or all; options go to each of them."""
    prepare("requirements-dev.txt")
    found = {path.stem: path for path in sorted((ROOT / "benchmarks").glob("[a-z]*.py"))}
    options = [argument for argument in arguments if argument.startswith("-")]
    for name in [argument for argument in arguments if argument not in options] or found:
        if name not in found:
            fail(f"There is no benchmark {name}. There are: {', '.join(found) or 'none'}")
        call(PYTHON, str(found[name]), *options)
