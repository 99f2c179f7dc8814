"""The demo year is built by the real actions, on SQLite, as `dev demo` builds it; every figure is read back."""

import sqlite3
from contextlib import closing

import pytest

from tests import migrated
from tests.processes import Processes

# One worker builds the year for all of these.
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("demo")]

TODAY = "2027-03-04"
STORY = {
    "one cohort graduated": "SELECT count(*) = 1 FROM cohorts_cohort WHERE status = 'graduated'",
    "three cohorts are live": "SELECT count(*) = 3 FROM cohorts_cohort WHERE status = 'live'",
    "a case study is published": "SELECT count(*) = 1 FROM cohorts_casestudy WHERE state = 'published'",
    "both programmes take nominations": "SELECT count(DISTINCT programme_id) = 2 FROM cohorts_cohort WHERE "
    "nominations_open < '2027-03-04' AND nominations_close > '2027-03-04'",
    "applicants were endorsed": "SELECT count(*) = 3 FROM nominations_endorsement WHERE state = 'given'",
}
NOTHING = {
    "a graduate without a certificate": "SELECT count(*) FROM cohorts_place p WHERE status = 'graduated' "
    "AND NOT EXISTS (SELECT 1 FROM cohorts_certificate c WHERE c.place_id = p.id AND c.revoked_at IS NULL)",
    "a seat that nobody holds": "SELECT abs(sum(seats_taken) - (SELECT count(*) FROM cohorts_place WHERE status IN "
    "('active', 'graduated')) - (SELECT count(*) FROM nominations_offer WHERE state = 'open')) FROM cohorts_cohort",
    "an authority with two live nominations": "SELECT count(*) FROM (SELECT 1 FROM nominations_nomination WHERE "
    "quota_slot IS NOT NULL GROUP BY round_id, organisation_id HAVING count(*) > 1)",
    "a message that failed or is in doubt": "SELECT count(*) FROM outbox_message WHERE state IN "
    "('failed', 'uncertain', 'queued', 'sending')",
    "an address outside the reserved ones": "SELECT count(*) FROM people_person WHERE email NOT LIKE '%@example.org'",
}


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """The demo's database, and what building it printed."""
    folder = tmp_path_factory.mktemp("demo")
    env = {"DEMO": "1", "VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3", "REDIS_URL": ""}
    processes = Processes(folder)
    migrated.fill(env["DATABASE_URL"])
    printed = processes.manage("demo", f"--today={TODAY}", env=env)
    with closing(sqlite3.connect(folder / "demo.sqlite3")) as database:
        yield database, printed


@pytest.mark.parametrize("fact", STORY)
def test_the_demo_tells_that(fact, year):
    assert year[0].execute(STORY[fact]).fetchone()[0] == 1


@pytest.mark.parametrize("flaw", NOTHING)
def test_the_demo_has_not(flaw, year):
    assert year[0].execute(NOTHING[flaw]).fetchone()[0] == 0


def test_the_demo_prints_a_way_in_for_every_role(year):
    labels = (
        "Programme director", "Administrator", "Panel member", "Participant in mid-year", "Graduate", "Mentor", "Coach",
        "Nominating director, half way", "Sponsor with a contract to sign", "Published case study",
    )  # fmt: skip
    assert [label for label in labels if f"  {label}" not in year[1]] == []


def test_those_who_acted_hear_nothing_more(year):
    """Nobody who had sent a nomination was reminded of the same round's deadline afterwards."""
    late = """
        SELECT count(*) FROM reminders_reminder r JOIN nominations_invitation i ON i.id = r.subject_id
        JOIN nominations_nomination n ON n.invitation_id = i.id AND n.sent_at < r.due_at
        WHERE r.rule = 'nominations.invitation' AND r.state = 'written' AND n.state <> 'draft'
    """
    assert year[0].execute(late).fetchone()[0] == 0
