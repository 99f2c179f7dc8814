"""What must be on this machine before anything runs: the Python environment and Debian's packages."""

import contextlib
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from processes import call, fail, say, succeeds

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = str(BIN / "python")
# The second lock holds everything that the first does.
LOCKS = ("requirements.txt", "requirements-dev.txt")


def keep_compiled() -> None:
    """Let Python keep what it compiles in .venv, also where it is told to write none beside sources.

    Otherwise every process of ours compiles Django anew, and takes more than twice as long to start.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(VENV / "compiled")


def prepare(lock: str) -> None:
    """Make .venv hold what the lock names. Takes no time when it already does."""
    digests = [hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LOCKS[: LOCKS.index(lock) + 1]]
    stamp = VENV / "installed"
    installed = stamp.read_text().split() if stamp.exists() else []
    if digests[-1] in installed and succeeds(PYTHON, "-c", ""):
        return
    if not succeeds(PYTHON, "-m", "pip", "--version"):
        need("Python's venv", lambda: succeeds(sys.executable, "-c", "import ensurepip"), "python3-venv")
        say("Making .venv")
        call(sys.executable, "-m", "venv", "--clear", str(VENV))
    say(f"Installing {lock}")
    began = time.monotonic()
    pip = "-m pip --disable-pip-version-check --no-input --quiet install"
    # Python compiles what it imports; compiling all that is installed takes longer than the rest.
    pip += " --no-compile --no-deps --require-hashes --only-binary=:all:"
    call(PYTHON, *pip.split(), "-r", lock)
    stamp.write_text("\n".join(digests))
    say(f"Installed in {time.monotonic() - began:.0f} s")


def need(what: str, present: Callable[[], object], *packages: str, without: str | None = None) -> None:
    """Install Debian packages unless what they bring is there.

    Without root, or when that fails, say which line to run; then end, or go on `without` it.
    """
    if present():
        return
    line = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {what}: {' '.join(packages)}")
        with no_services_started():
            for command in ("apt-get update", f"{line} --yes"):
                subprocess.run(
                    [*command.split(), "-qq"],
                    check=False,
                    env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                    stdout=subprocess.DEVNULL,
                )
        if present():
            return
    if without is None:
        fail(f"{what} is missing. Run as root: {line}")
    say(f"{what} is missing, so {without}. Run as root: {line}")


@contextlib.contextmanager
def no_services_started() -> Iterator[None]:
    """Keep Debian from starting the servers it installs: the tests start their own."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def need_pango(without: str | None = None) -> None:
    """WeasyPrint's three libraries."""
    need("Pango", has_pango, "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", without=without)


def has_pango() -> bool:
    try:
        for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def postgresql() -> Path | None:
    """The folder of the newest PostgreSQL's programs: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def redis() -> str | None:
    return shutil.which("redis-server")


def windowless_chromium() -> str | None:
    return shutil.which("chromium-headless-shell")


def chromium() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)
