"""`python3 dev lint`: everything that a reader should not have to look for."""

import time

from machine import BIN, LOCKS, ROOT, prepare
from processes import call, say


def run() -> int:
    """Run every check, also after one has failed. Return 0 when all passed."""
    prepare("requirements-dev.txt")
    templates = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("templates/**/*.html"))]
    commands = {
        "ruff check": ["ruff", "check", "--quiet", "--output-format=concise"],
        "ruff format": ["ruff", "format", "--check", "--quiet"],
        "djade": ["djade", "--check", "--target-version=5.2", *templates],
        "import-linter": ["lint-imports"],
        "mypy": ["mypy"],
        "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    }
    failed = []
    for name, (program, *arguments) in commands.items():
        began = time.monotonic()
        if call(str(BIN / program), *arguments, check=False):
            failed.append(name)
        say(f"{name}: {'failed' if name in failed else 'passed'} in {time.monotonic() - began:.1f} s")
    # A lock with an address in it works on one machine only.
    addressed = [name for name in LOCKS if "://" in (ROOT / name).read_text()]
    if addressed:
        say(f"locks: failed: {', '.join(addressed)} name an address")
    return int(bool(failed or addressed))
