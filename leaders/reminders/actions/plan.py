"""From rules to rows: every occurrence that lies ahead is in the ledger, on its right day."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import structlog
from django.db import models, transaction

from leaders.components.dates import LONDON, london_date
from leaders.outbox.models import Heartbeat
from leaders.outbox.registry import emails
from leaders.people.models import Person
from leaders.reminders.calendar import closed_days
from leaders.reminders.models import Reminder
from leaders.reminders.registry import Occurrence, Rule, casts, letters, rules
from leaders.reminders.timing import closing, day_of_digest, day_of_letter, first_day
from leaders.reminders.working_days import DAY, Days, due_at

logger = structlog.get_logger()

State = Reminder.State
HEARTBEAT = "reminders.plan"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
CHUNK = 500
GONE = "There is nothing left to remind of"
ASKED_SINCE = "They were asked on that day, or later"


@dataclass
class Planned:
    """What a planning changed: rows inserted, moved and cancelled, and the rules that failed."""

    inserted: int = 0
    moved: int = 0
    cancelled: int = 0
    failed: list[str] = field(default_factory=list)


def materialise(now: datetime) -> Planned:
    """Bring the ledger in line with the rules: insert what is missing, move what moved, cancel what has gone.

    What was written already is left alone. A row whose moment had passed when its rule was last planned is not
    inserted: somebody invited late does not get last month's chaser. A rule that fails leaves its rows as they are,
    and what passes meanwhile is made up for as long as it is not too late.
    """
    beats = dict(Heartbeat.objects.filter(name__startswith=HEARTBEAT).values_list("name", "at"))
    closed = closed_days(now)
    planned = Planned()
    beating = [Heartbeat(name=HEARTBEAT, at=now)]
    for part in rules:
        previous = beats.get(heartbeat_of(part.key)) or beats.get(HEARTBEAT) or NEVER
        try:
            _plan_rule(part.brings, now, previous, closed, planned)
        except Exception:  # one rule's fault must not silence the others
            logger.exception("reminders.rule_failed", rule=part.key)
            planned.failed.append(part.key)
        beating.append(Heartbeat(name=heartbeat_of(part.key), at=previous if part.key in planned.failed else now))
    Heartbeat.objects.bulk_create(beating, update_conflicts=True, unique_fields=["name"], update_fields=["at"])
    return planned


def heartbeat_of(rule: str) -> str:
    """Under which name a rule notes when it was last planned without a fault."""
    return f"{HEARTBEAT}:{rule}"


def _plan_rule(rule: Rule, now: datetime, previous: datetime, closed: Days, planned: Planned) -> None:
    occurrences = {key_of(rule, occurrence): occurrence for occurrence in occurrences_of(rule, now, None)}
    keys = list(occurrences)
    for start in range(0, len(keys), CHUNK):
        chunk = {key: occurrences[key] for key in keys[start : start + CHUNK]}
        with transaction.atomic():
            known = {row.dedupe_key: row for row in Reminder.objects.filter(dedupe_key__in=chunk).defer("reason")}
            new = {key: occurrence for key, occurrence in chunk.items() if key not in known}
            planned.inserted += _insert(rule, new, now=now, previous=previous, closed=closed)
            for key, row in known.items():
                change = change_of(rule, row, chunk[key], now, closed)
                if change and Reminder.objects.filter(pk=row.pk, state=row.state).update(**change):
                    planned.cancelled += change.get("state") == State.CANCELLED
                    planned.moved += change.get("state") != State.CANCELLED
    gone = [
        pk
        for pk, key in Reminder.objects.filter(rule=rule.key, state=State.PENDING, due_at__gt=now)
        .values_list("pk", "dedupe_key")
        .iterator()
        if key not in occurrences
    ]
    for start in range(0, len(gone), CHUNK):
        planned.cancelled += Reminder.objects.filter(pk__in=gone[start : start + CHUNK], state=State.PENDING).update(
            state=State.CANCELLED, reason=GONE
        )


def _insert(rule: Rule, new: dict[str, Occurrence], *, now: datetime, previous: datetime, closed: Days) -> int:
    """Add the rows that still lie ahead; how many."""
    rows = []
    for key, occurrence in new.items():
        when = moment(rule, occurrence, now, closed)
        expires_at = last_moment(rule, occurrence, when, closed)
        if expires_at <= now or when <= previous or is_too_soon(occurrence, when):
            continue
        rows.append(
            Reminder(
                dedupe_key=key,
                rule=rule.key,
                subject_type=occurrence.subject._meta.label_lower,
                subject_id=str(occurrence.subject.pk),
                recipient_id=occurrence.recipient.pk,
                step=occurrence.step,
                cohort_id=getattr(occurrence.subject, "cohort_id", None),
                on=occurrence.on,
                due_on=_day(occurrence.due),
                due_at=when,
                expires_at=expires_at,
                planned_at=now,
            )
        )
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def change_of(rule: Rule, row: Reminder, occurrence: Occurrence, now: datetime, closed: Days) -> dict[str, Any]:
    """What becomes of a row not yet written whose date has moved, or that would come too soon; empty for the others."""
    if row.state == State.WRITTEN:
        return {}
    planned_at = row.planned_at
    when = moment(rule, occurrence, planned_at, closed)
    if when != row.due_at:
        # Its day has changed, so it is chosen anew from now on.
        planned_at = now
        when = moment(rule, occurrence, now, closed)
    if is_too_soon(occurrence, when):
        return {"state": State.CANCELLED, "reason": ASKED_SINCE} if row.state == State.PENDING else {}
    expires_at = last_moment(rule, occurrence, when, closed)
    due_on = _day(occurrence.due)
    unchanged = (when, expires_at, occurrence.on, due_on) == (row.due_at, row.expires_at, row.on, row.due_on)
    ahead = when > now
    if unchanged and not (row.state == State.CANCELLED and ahead):
        return {}
    change: dict[str, Any] = {
        "on": occurrence.on,
        "due_on": due_on,
        "due_at": when,
        "expires_at": expires_at,
        "planned_at": planned_at,
        "waits_until": None,
    }
    if row.state in {State.SKIPPED, State.CANCELLED} and ahead:
        change |= {"state": State.PENDING, "reason": ""}
    return change


def occurrences_of(rule: Rule, now: datetime, scope: models.Model | None) -> Iterator[Occurrence]:
    """What the rule plans, for those who have not left."""
    return (occurrence for occurrence in rule.plan(now, scope) if occurrence.recipient.is_active)


def moment(rule: Rule, occurrence: Occurrence, planned_at: datetime, closed: Days) -> datetime:
    """When a reminder that is planned at `planned_at` goes out, in UTC."""
    on, due, asked = occurrence.on, _day(occurrence.due), _day(occurrence.asked)
    earliest = max(first_day(planned_at, rule.at), asked + DAY if asked else date.min)
    if rule.letter:
        day = day_of_letter(on, due, closed, earliest, not_before=occurrence.not_before)
    else:
        digest_day = occurrence.recipient.digest_day
        day = day_of_digest(on, due, digest_day, earliest, closed, not_before=occurrence.not_before)
    return due_at(day, rule.at, closed)


def is_too_soon(occurrence: Occurrence, when: datetime) -> bool:
    """Whether it would come on the day on which its reader was asked, or before."""
    asked = _day(occurrence.asked)
    return asked is not None and london_date(when) <= asked


def last_moment(rule: Rule, occurrence: Occurrence, when: datetime, closed: Days) -> datetime:
    """Until when what is due at `when` may still go out: before its deadline, if it is about keeping that."""
    due, day, expires_at = occurrence.due, _day(occurrence.due), closing(london_date(when), rule.expires, closed)
    if day is None or occurrence.on > day:
        return expires_at
    deadline = due if isinstance(due, datetime) else datetime.combine(day + timedelta(days=1), time(), LONDON)
    return min(expires_at, deadline) if deadline > when else expires_at


def key_of(rule: Rule, occurrence: Occurrence) -> str:
    subject = occurrence.subject
    return f"{rule.key}:{subject._meta.label_lower}:{subject.pk}:{occurrence.recipient.pk}:{occurrence.step}"


def _day(moment: date | datetime | None) -> date | None:
    return None if moment is None else london_date(moment)


# The rehearsal: the same rules, the same days, nothing written.


@dataclass(frozen=True)
class Line:
    """One reminder, or one letter on a date of the cohort, that would go out."""

    due_at: datetime
    recipient: Person
    title: str
    detail: str


@dataclass(frozen=True)
class Rehearsal:
    """A cohort's mail before anything is sent.

    `mails` are lists of lines that go out together, in order; `weeks` maps a Monday to its numbers of (reminders,
    letters), `people` each person to theirs, `busy` those whom more than the pace allows would remind to the Mondays
    of those weeks; `invented` says who was made up for it.
    """

    mails: list[list[Line]]
    weeks: dict[date, tuple[int, int]]
    people: dict[Person, int]
    busy: dict[Person, list[date]]
    invented: list[str]


def rehearse(scope: models.Model, now: datetime, *, mails_a_week: int = 2) -> Rehearsal:
    """Everything that would be sent for `scope` (a cohort, launched or not), by rules and on its own dates, in order.

    Who is not known yet is invented and taken back, so that a rehearsal cannot differ from what follows.
    """
    closed = closed_days(now)
    with transaction.atomic():
        invented = [said for part in casts if (said := part.brings(scope, now))]
        reminders = _once_each(scope, now, closed)
        dated = [
            Line(letter.at, letter.recipient, emails.title_of(letter.email), letter.detail)
            for part in letters
            for letter in part.brings(scope, now)
            if letter.recipient.is_active
        ]
        transaction.set_rollback(True)
    together: dict[tuple, list[Line]] = {}
    for line in reminders:
        together.setdefault((line.due_at, line.recipient.pk), []).append(line)
    reminding = [sorted(lines, key=lambda line: line.title) for lines in together.values()]
    reminded = Counter((mail[0].recipient, _monday(mail[0].due_at)) for mail in reminding)
    busy: dict[Person, list[date]] = {}
    for (person, monday), count in sorted(reminded.items(), key=lambda item: item[0][1]):
        if count > mails_a_week:
            busy.setdefault(person, []).append(monday)
    mails = sorted([*reminding, *([line] for line in dated)], key=lambda mail: (mail[0].due_at, mail[0].recipient.name))
    by_rule = Counter(_monday(mail[0].due_at) for mail in reminding)
    by_date = Counter(_monday(line.due_at) for line in dated)
    return Rehearsal(
        mails=mails,
        weeks={monday: (by_rule[monday], by_date[monday]) for monday in sorted(by_rule | by_date)},
        people=dict(Counter(mail[0].recipient for mail in mails).most_common()),
        busy=busy,
        invented=invented,
    )


def _once_each(scope: models.Model, now: datetime, closed: Days) -> list[Line]:
    """What the rules plan; steps of one thing that would come together are one line, in the last one's words."""
    latest: dict[tuple, tuple[date, Line]] = {}
    for part in rules:
        for found in occurrences_of(part.brings, now, scope):
            at = moment(part.brings, found, NEVER, closed)
            if is_too_soon(found, at):
                continue
            together = (at, found.recipient.pk, part.key, found.subject.pk)
            if together not in latest or latest[together][0] < found.on:
                latest[together] = (
                    found.on,
                    Line(at, found.recipient, part.brings.title, part.brings.said(found.step)),
                )
    return [line for _on, line in latest.values()]


def _monday(moment: datetime) -> date:
    day = london_date(moment)
    return day - timedelta(days=day.weekday())
