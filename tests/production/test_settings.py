"""What must not be set by mistake is refused before anything starts."""

import os
import subprocess
import sys

from tests.processes import ROOT


def test_the_demo_does_not_start_where_the_public_would_find_it():
    env = os.environ | {"DEMO": "1", "BASE_URL": "https://leaders.example.org", "SECRET_KEY": "x", "FIELD_KEYS": "y"}
    started = subprocess.run(
        [sys.executable, "-c", "import leaders.settings"],
        cwd=ROOT,
        env=env,
        text=True,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert started.returncode == 1
    assert "DEMO lets anybody be anybody" in started.stderr
