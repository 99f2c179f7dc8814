"""What can happen to people: they become known, get roles, and lose them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from .audit import record
from .models import OFFICE_ROLES, Organisation, PastTime, Person, PrivacyRequest, Role, RoleGrant
from .privacy import holdings
from .refusals import NotPossible
from .retention import retentions


@transaction.atomic
def know_person(
    *,
    email: str,
    name: str,
    by: Person | str | None,
    now: datetime,
    organisation: Organisation | None = None,
    **details: str,
) -> Person:
    """The person behind an email address, made known if they are new.

    What is already known about somebody is kept; only blanks are filled in, so a nominator's
    typing never overwrites what a person said about themselves.
    """
    email = email.strip().lower()
    person, is_new = Person.objects.get_or_create(
        email=email, defaults={"name": name.strip(), "organisation": organisation, **details}
    )
    if is_new:
        record("people.person.known", f"{person} became known", subject=person, person=person, by=by, now=now)
        return person
    blanks = {"name": name.strip(), "organisation": organisation, **details}
    filled = [field for field, value in blanks.items() if value and not getattr(person, field)]
    for field in filled:
        setattr(person, field, blanks[field])
    if filled:
        person.save(update_fields=filled)
    return person


@transaction.atomic
def grant_role(*, person: Person, role: str, by: Person | str | None, now: datetime) -> RoleGrant:
    """Give a person a role; giving it twice changes nothing."""
    _lock(person)
    grant, is_new = RoleGrant.objects.get_or_create(
        person=person, role=role, ended_at=None, defaults={"granted_at": now, "granted_by": str(by or "Leaders")}
    )
    if is_new:
        _follow_roles(person)
        record(
            "people.role.granted",
            f"{person} became {Role(role).in_words}",
            subject=grant,
            person=person,
            by=by,
            now=now,
            role=role,
        )
    return grant


@transaction.atomic
def end_role(*, person: Person, role: str, by: Person | str | None, now: datetime, reason: str = "") -> bool:
    """Take a role away; whether there was one to take."""
    _lock(person)
    grant = RoleGrant.objects.filter(person=person, role=role, ended_at=None).first()
    if grant is None:
        return False
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    _follow_roles(person)
    record(
        "people.role.ended",
        f"{person} is no longer {Role(role).in_words}",
        subject=grant,
        person=person,
        by=by,
        now=now,
        reason=reason,
        role=role,
    )
    return True


def _lock(person: Person) -> None:
    """Two changes of one person's roles at once would each see the other's role and keep the office open."""
    Person.objects.select_for_update(no_key=True).filter(pk=person.pk).first()


def _follow_roles(person: Person) -> None:
    person.__dict__.pop("_roles", None)
    is_staff = person.has_role(*OFFICE_ROLES)
    if person.is_staff != is_staff:
        person.is_staff = is_staff
        person.save(update_fields=["is_staff"])


@transaction.atomic
def choose_digest_day(*, person: Person, day: int, now: datetime) -> None:
    """Change the day of the person's weekly email: 0 is Monday, 4 is Friday."""
    person.digest_day = day
    person.save(update_fields=["digest_day"])
    record(
        "people.person.digest_day",
        f"{person} chose {person.get_digest_day_display()} for the weekly email",
        subject=person,
        person=person,
        by=person,
        now=now,
    )


@transaction.atomic
def ask_privacy(*, person: Person, kind: str, words: str, now: datetime) -> PrivacyRequest:
    """Take down what somebody asks of their own data. Asking twice while one is open adds to it.

    Due the same date next month, or its last day (UK GDPR Article 12); the office's Today page counts down.
    """
    return take_down_privacy(person=person, kind=kind, words=words, asked_at=now, by=person, now=now)


@transaction.atomic
def take_down_privacy(
    *, person: Person, kind: str, words: str, asked_at: datetime, by: Person, now: datetime
) -> PrivacyRequest:
    """What somebody asked at `asked_at` as `by` took it down: the person on their page, or the office from a letter."""
    _lock(person)  # two clicks make one request
    asked = person.privacy_requests.select_for_update().filter(kind=kind, answered_at=None).first()
    if asked:
        asked.words = f"{asked.words}\n\n{words}"
        asked.save(update_fields=["words"])
    else:
        due_on = a_month_after(timezone.localdate(asked_at))
        asked = PrivacyRequest.objects.create(person=person, kind=kind, words=words, asked_at=asked_at, due_on=due_on)
    label = asked.get_kind_display().lower()
    noted = "" if by == person else f", which {by} took down"
    record(
        "people.privacy.asked", f"{person} used their right: {label}{noted}", subject=asked, person=person, by=by,
        now=now,
    )  # fmt: skip
    return asked


@transaction.atomic
def answer_privacy(*, asked: PrivacyRequest, answer: str, by: Person, now: datetime) -> None:
    """Record how a request was answered, as it was read in `asked`; `outbox.rights` also tells the person.

    Raises NotPossible when it was answered already, or when something was added to it meanwhile.
    """
    open_requests = PrivacyRequest.objects.filter(pk=asked.pk, answered_at=None)
    if not open_requests.filter(words=asked.words).update(answered_at=now, answered_by=by, answer=answer):
        if open_requests.exists():
            raise NotPossible(f"{asked.person} has added to this request. Read it again before you answer.")
        raise NotPossible("This request has been answered already.")
    record("people.privacy.answered", f"{by} answered a request of {asked.person}", subject=asked, person=asked.person,
           by=by, now=now)  # fmt: skip


@transaction.atomic
def erase_person(*, person: Person, by: Person, reason: str, now: datetime) -> None:
    """Erase somebody by anonymising in place: each app removes what it holds and ends what they take part in.

    Totals stay, and so does the trail. What they had asked is thereby answered; `outbox.rights` also tells them.
    Raises NotPossible for somebody who runs the office, whose roles must end first, and for a second time.
    """
    if person.erased_at:
        raise NotPossible("This person was erased already.")
    if person.has_role(*OFFICE_ROLES):
        raise NotPossible(f"{person} works in the office. End their office role first.")
    person.privacy_requests.filter(answered_at=None).update(answered_at=now, answered_by=by)
    for part in reversed(list(holdings)):
        if part.brings.erase:
            part.brings.erase(person, now)
    person.refresh_from_db()
    for grant in person.role_grants.filter(ended_at=None):
        end_role(person=person, role=grant.role, by=by, now=now)
    record("people.person.erased", "A person was erased", subject=person, person=person, by=by, reason=reason, now=now)


@transaction.atomic
def clear_expired(*, key: str, by: Person, now: datetime) -> int:
    """Let the records of one holding go that are past their time; how many. Raises NotPossible when none are."""
    count = retentions[key].brings.expire(now)
    if not count:
        raise NotPossible("Nothing of this is past its time.")
    held = holdings.title_of(key)
    record(
        "people.holding.expired", f"{by} let {count} records go that were past their time. {held}",
        subject=look_for_expired(key=key, now=now), by=by, now=now, count=count,
    )  # fmt: skip
    return count


def look_for_expired(*, key: str, now: datetime) -> PastTime:
    """Count what of one holding is past its time, and keep the figure for the Today page."""
    count = retentions[key].brings.expired(now).count()
    return PastTime.objects.update_or_create(key=key, defaults={"count": count, "looked_at": now})[0]


def a_month_after(day: date) -> date:
    """The same date next month, or the last day of that month if it has no such date."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    last_of_next = (first_of_next + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first_of_next + timedelta(days=day.day - 1), last_of_next)
