"""Five days in which nothing ran: what is stale stays unsent, nobody gets more than one mail, and not all at once.

The rows are planned by the product itself on Monday 1 March 2027; worker and beat wake up on Tuesday 9 March, at ten
in the morning. Their clock is moved, nothing else.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("faults")]

PEOPLE = 20
PER_MINUTE = 25
BACK = datetime(2027, 3, 9, 10, tzinfo=UTC)

# Twenty nominators, invited a week before, whose round closes on Thursday 11 March, and twenty participants who start
# a week after that.
PLANNED_ON_MONDAY = f"""
from datetime import UTC, date, datetime, timedelta
from leaders.outbox.delivery import send_due
from leaders.reminders.actions import materialise
from modules.actions import ask_wave
from nominations.actions import invite
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.nominations.factories import RoundFactory
from tests.people.factories import AuthorityFactory, PersonFactory

monday = datetime(2027, 3, 1, 8, 30, tzinfo=UTC)
invited = monday - timedelta(days=7)
round = RoundFactory(cohort=CohortFactory(number=8, starts_on=date(2027, 7, 26)))
cohort = CohortFactory(number=7, starts_on=date(2027, 3, 18))
ask_wave(cohort=cohort, kind="before", opens_on=date(2027, 2, 18), due_on=cohort.onboarding_due, by=None, now=monday)
for n in range({PEOPLE}):
    nominator = PersonFactory(name=f"Director {{n}}", email=f"director-{{n}}@example.org")
    invite(round=round, organisation=AuthorityFactory(), nominator=nominator, by=None, now=invited)
    PlaceFactory(cohort=cohort, person=PersonFactory(name=f"Participant {{n}}", email=f"participant-{{n}}@example.org"))
send_due(monday)
materialise(monday)
"""
DUE = "SELECT count(*) AS left FROM reminders_reminder WHERE state = 'pending' AND due_at <= ?"
WRITTEN = """
SELECT message.to_email, message.subject, message.sent_at, count(*) AS reminders
FROM reminders_reminder reminder JOIN outbox_message message ON message.id = reminder.message_id
WHERE message.state = 'sent' GROUP BY message.id, message.to_email, message.subject, message.sent_at
ORDER BY message.sent_at
"""
SKIPPED = "SELECT rule, step, reason FROM reminders_reminder WHERE state = 'skipped'"


def wake_up(rig, processes, **settings):
    """Plan on the Monday, let five working days pass, and start what sends."""
    rig.env |= settings
    processes.manage("shell", "-c", PLANNED_ON_MONDAY, env=rig.env)
    rig.sink.copies.clear()
    rig.env |= {"CLOCK": BACK.isoformat()}
    rig.start_worker()
    rig.start_beat()
    rig.wait(lambda: rig.database.ask(DUE, rig.database.moment(BACK))[0]["left"] == 0, 120)
    rig.settle(180)


def test_after_five_days_nothing_stale_is_sent_and_nobody_gets_more_than_one_mail(rig, processes):
    wake_up(rig, processes)

    mails = rig.database.ask(WRITTEN)
    assert Counter((mail["subject"], mail["reminders"]) for mail in mails) == {
        ("P0 Cohort 8: 2 days left to nominate, until Thursday 11 March 2027", 1): PEOPLE,
        # The details, the contract and the questionnaire, of each of which two steps were due.
        ("Your week: 3 things due by Thursday 11 March", 6): PEOPLE,
    }
    assert {address: len(copies) for address, copies in rig.sink.copies.items()} == {
        f"{who}-{n}@example.org": 1 for who in ("director", "participant") for n in range(PEOPLE)
    }
    assert Counter((row["rule"], row["step"], row["reason"]) for row in rig.database.ask(SKIPPED)) == {
        ("nominations.invitation", "7 working days before", "It was too late to send it"): PEOPLE,
    }


def test_after_five_days_no_more_leave_in_a_minute_than_may(production_rig, processes):
    rig = production_rig
    # A lease that outlasts a busy machine: what is claimed again would fall into the next minute.
    wake_up(rig, processes, OUTBOX_PER_MINUTE=str(PER_MINUTE), OUTBOX_QUEUED_FOR="60")

    sent = [mail["sent_at"] for mail in rig.database.ask(WRITTEN)]
    assert len(sent) == 2 * PEOPLE
    assert len([at for at in sent if at < sent[0] + timedelta(seconds=50)]) == PER_MINUTE


def test_what_piled_up_beyond_all_measure_is_held_and_the_office_is_told(production_rig):
    rig = production_rig
    rig.env |= {"OUTBOX_ABNORMAL": "30"}
    rig.write({f"p{n}@example.org": "resend" for n in range(40)})
    rig.write({"stale@example.org": "resend"})
    long_ago = datetime.now(UTC) - timedelta(days=5)
    rig.database.ask("UPDATE outbox_message SET due_at = ? WHERE dedupe_key <> 'sample'", long_ago)
    rig.database.ask(
        "UPDATE outbox_message SET expires_at = ? WHERE to_email = 'stale@example.org'", long_ago + timedelta(days=1)
    )
    rig.start_worker()
    rig.start_beat()
    rig.settle()

    states = rig.database.ask("SELECT to_email, state, reason FROM outbox_message WHERE dedupe_key <> 'sample'")
    assert Counter((row["state"], row["reason"]) for row in states) == {
        ("held", "More than 30 messages were due at once"): 40,
        ("skipped", "It was too late to send it"): 1,
    }
    assert rig.sink.copies == {}
    (told,) = rig.database.ask("SELECT sentence FROM people_auditevent WHERE action = 'outbox.volume.held'")
    assert told["sentence"] == "40 messages were held: more than 30 were due at once"
