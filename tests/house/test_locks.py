import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"requirements.in": "requirements.txt", "requirements-dev.in": "requirements-dev.txt"}


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_names_no_address(lock):
    text = (ROOT / lock).read_text()

    assert re.findall(r"(?m)^.*(?:://| @ |^\s*--(?!hash=)).*$", text) == []


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_has_a_hash_for_every_package(lock):
    packages = re.split(r"(?m)^(?=[a-z0-9])", (ROOT / lock).read_text())[1:]

    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize(("wanted", "lock"), LOCKS.items())
def test_a_lock_holds_everything_that_is_asked_for(wanted, lock):
    asked = set(re.findall(r"(?m)^[a-z][a-z0-9-]*", (ROOT / wanted).read_text()))
    held = set(re.findall(r"(?m)^([a-z0-9-]+)(?:\[|==)", (ROOT / lock).read_text()))

    assert asked - held == set()


def test_both_locks_hold_the_same_version_of_what_they_share():
    versions = [set(re.findall(r"(?m)^\S+==[^\\]+", (ROOT / lock).read_text())) for lock in LOCKS.values()]

    assert versions[0] - versions[1] == set()
