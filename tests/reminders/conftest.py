"""A ledger with rules of its own: what the apps bring is tested in the apps."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.outbox.registry import Block, Button, Letter
from leaders.people.models import Organisation
from leaders.reminders.registry import Item, Occurrence, Rule, letters, remind, rules


@dataclass
class Subject:
    """What the test's rules know: when each step is, and who has acted on what."""

    occurrences: list[Occurrence] = field(default_factory=list)
    acted: set[tuple[int, int]] = field(default_factory=set)


@pytest.fixture
def world(monkeypatch):
    """The facts that the rules of the test read; `world.plan(...)` adds an occurrence."""
    for joint in (rules, letters):
        monkeypatch.setattr(joint, "_parts", {})

    class World(Subject):
        def plan(self, subject, recipient, on, *, step="once", due=None, asked=None):
            self.occurrences.append(Occurrence(subject, recipient, step, on, due, asked=asked))

        def move(self, days):
            shift = timedelta(days=days)
            self.occurrences = [
                Occurrence(o.subject, o.recipient, o.step, o.on + shift, o.due and o.due + shift)
                for o in self.occurrences
            ]

        def rule(self, key="test.contract", *, letters=False, order=10, **more):
            def letter(subject, recipient, step, now):
                return Letter(
                    subject=f"{subject.name} closes soon",
                    opening=("One thing needs you.",),
                    blocks=(Block(heading="Nominate", button=Button("Nominate", "/nominate/")),),
                )

            def item(subject, recipient, step, now):
                due = next(o.due for o in self.occurrences if o.subject == subject and o.recipient == recipient)
                return Item(f"Sign for {subject.name}", "About 10 minutes.", "/my/contract/", due=due)

            return remind(
                Rule(
                    key=key,
                    title="Contracts",
                    plan=lambda now, scope: [o for o in self.occurrences if scope is None or o.subject == scope],
                    needed=lambda subject, recipient, now: (subject.pk, recipient.pk) not in self.acted,
                    model=Organisation,
                    steps="once",
                    stops="signed",
                    **({"letter": letter} if letters else {"item": item}),
                    **more,
                ),
                order=order,
            )

    return World()


THURSDAY = date(2027, 3, 4)
MORNING = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
