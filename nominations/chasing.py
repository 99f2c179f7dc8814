"""When nominators were reminded last and when next: what the coverage board says, and what reminding by hand asks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from leaders.components.dates import london_date, weekday_day_month
from leaders.outbox.models import Message
from leaders.reminders.models import Reminder

from .models import Invitation, Nomination, Round

OF_INVITATION, OF_DRAFT = "nominations.invitation", "nominations.draft"
"""Keys of the two rules that remind nominators (see `reminders`)."""


@dataclass(frozen=True)
class Chase:
    """When somebody was reminded last, whether before its day and so by hand, and for when the next is planned."""

    last: datetime | None = None
    by_hand: bool = False
    next: datetime | None = None

    def was_on(self, today: date) -> bool:
        return self.last is not None and london_date(self.last) == today

    def in_words(self) -> str:
        words = []
        if self.last:
            words.append(f"Reminded on {weekday_day_month(self.last)}{', by hand' if self.by_hand else ''}.")
        if self.next:
            words.append(f"The next reminder is planned for {weekday_day_month(self.next)}.")
        return " ".join(words)


Reminded = Mapping[tuple[str, str], list[tuple]]
"""What the ledger knows, by rule and subject: state, when it was due, when its message was written."""


def reminded(this: Round) -> Reminded:
    """Every reminder of the round's nominators that went out or waits: one query, however many there are."""
    return _known(Reminder.objects.filter(cohort_id=this.cohort_id, rule__in=[OF_INVITATION, OF_DRAFT]))


def chase_of(invitation: Invitation) -> Chase:
    """How the nominator of one invitation was reminded, of it or of the draft begun with it."""
    drafts = list(invitation.nominations.drafts())
    known = _known(
        Reminder.objects.filter(rule=OF_INVITATION, subject_id=invitation.pk)
        | Reminder.objects.filter(rule=OF_DRAFT, subject_id__in=[draft.pk for draft in drafts])
    )
    return chase(known, [invitation], drafts)


def chase(known: Reminded, invitations: Iterable[Invitation], drafts: Iterable[Nomination]) -> Chase:
    subjects = [(OF_INVITATION, str(each.pk)) for each in invitations] + [(OF_DRAFT, str(each.pk)) for each in drafts]
    rows = [row for subject in subjects for row in known.get(subject, ())]
    waiting = [due for state, due, _ in rows if state == Reminder.State.PENDING]
    written = [(at, at < due) for state, due, at in rows if state == Reminder.State.WRITTEN and at]
    last, by_hand = max(written, default=(None, False))
    return Chase(last, by_hand, min(waiting, default=None))


def _known(rows) -> Reminded:
    known = defaultdict(list)
    settled = rows.filter(state__in=[Reminder.State.PENDING, Reminder.State.WRITTEN])
    for rule, subject, *facts in settled.exclude(message__state=Message.State.SKIPPED).values_list(
        "rule", "subject_id", "state", "due_at", "message__written_at"
    ):
        known[rule, subject].append(tuple(facts))
    return known
