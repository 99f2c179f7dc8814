"""Two directors ignore everything: one nominates in the last hour, the other never does."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.office.today import today
from leaders.people.models import AuditEvent
from nominations.actions import accept_nomination, invite, nobody_this_time
from nominations.models import Nomination
from tests.journeys.days import days, hours_of, post_of
from tests.nominations.factories import ANSWERS, OPEN, draft, fill, send_nomination
from tests.people.factories import AuthorityFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

LAST_HOUR = datetime(2026, 5, 1, 16, 10, tzinfo=UTC)  # the round closes at 5pm UTC, 6pm in London
END = date(2026, 5, 12)
UNTIL = "left to nominate, until Friday 1 May 2026"
# 28, 14, 7 and 2 working days before Friday 1 May, counted over Easter 2026 (3 to 6 April); the first of them waits
# until the invitation is a week old.
CHASED = [
    (date(2026, 3, 23), f"N Cohort 7: 6 weeks {UNTIL}"),
    (date(2026, 4, 13), f"N Cohort 7: 18 days {UNTIL}"),
    (date(2026, 4, 22), f"N Cohort 7: 9 days {UNTIL}"),
    (date(2026, 4, 29), f"N Cohort 7: 2 days {UNTIL}"),
]


@pytest.fixture
def invited(this_round, camden, helen, rosalind):
    """Helen Marsh of Camden, Kate Lowe of Southwark, and Ravi Shah of Barnet, who has nobody this time."""
    people = {"helen": helen}
    people["kate"] = PersonFactory(name="Kate Lowe", email="kate.lowe@example.org")
    people["ravi"] = PersonFactory(name="Ravi Shah", email="ravi.shah@example.org")
    invitations = {
        name: invite(
            round=this_round, organisation=camden if name == "helen" else AuthorityFactory(), nominator=person,
            by=rosalind, now=OPEN,
        )
        for name, person in people.items()
    }  # fmt: skip
    return people, invitations


def test_directors_who_ignore_everything_hear_exactly_what_was_promised(this_round, invited, rosalind, smtp_sink):
    people, invitations = invited
    open_needs, after_needs = [], []
    for now in days(OPEN.date(), END):
        if now.date() == date(2026, 4, 15):
            nobody_this_time(
                round=this_round, organisation=invitations["ravi"].organisation, person=people["ravi"],
                by=people["ravi"], now=now,
            )  # fmt: skip
            open_needs = [need.sentence for need in today(rosalind, now).needs]
        if now.date() == LAST_HOUR.date():
            started = draft(this_round, invitation=invitations["helen"], now=LAST_HOUR)
            send_nomination(
                nomination=fill(started, now=LAST_HOUR, nominee_name="Amina Rahman"), attested_by="Helen Marsh",
                by=people["helen"], now=LAST_HOUR, proved=True,
            )  # fmt: skip
        if now.date() == date(2026, 5, 6):
            nomination = Nomination.objects.get()
            accept_nomination(
                nomination=nomination, statement=ANSWERS["statement"], contribution=ANSWERS["contribution"],
                dates_agreed=True, access_needs="", by=nomination.nominee, now=now,
            )  # fmt: skip
            after_needs = [need.sentence for need in today(rosalind, now).needs]
    mails, reference = smtp_sink.messages, Nomination.objects.get().reference
    (first,) = {mail["Subject"] for mail in mails if "nominate one" in mail["Subject"]}

    # Helen: the invitation, four chasers, what follows her nomination. Nothing on the day after.
    helen = post_of(mails, "helen.marsh@example.org")
    assert helen[:5] == [(OPEN.date(), first), *CHASED]
    assert helen[5:] == [
        (date(2026, 5, 1), f"We have your nomination of Amina Rahman: {reference}"),
        (date(2026, 5, 6), f"Amina Rahman has accepted: {reference} is complete"),
    ]
    # Kate: the same, and one word after the bank holiday. Then the office has it, and nobody else is written to.
    assert post_of(mails, "kate.lowe@example.org") == [
        (OPEN.date(), first), *CHASED,
        (date(2026, 5, 5), f"N Cohort 7: nominations have closed without {invitations['kate'].organisation}"),
    ]  # fmt: skip
    # Ravi said so on 15 April, and has peace.
    assert [subject for _, subject in post_of(mails, "ravi.shah@example.org")][3:] == [
        f"Noted: {invitations['ravi'].organisation} has nobody for N Cohort 7"
    ]
    assert "2 organisations have not reacted" in open_needs
    assert not [sentence for sentence in after_needs if "not completed" in sentence]

    chasers = [mail for mail in mails if UNTIL in mail["Subject"] or "have closed" in mail["Subject"]]
    assert hours_of(chasers) == {(9, 1)}
    assert all(pace(post_of(chasers, f"{name}@example.org")) for name in ("helen.marsh", "kate.lowe"))
    assert not AuditEvent.objects.filter(action="outbox.volume.held").exists()


def pace(post) -> bool:
    """At most two in any seven days."""
    return all(later - earlier >= timedelta(days=7) for (earlier, _), (later, _) in zip(post, post[2:], strict=False))
