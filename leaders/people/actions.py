"""What can happen to people: they become known, get roles, and lose them."""

from datetime import datetime

from django.db import transaction

from .audit import record
from .models import OFFICE_ROLES, Organisation, Person, Role, RoleGrant


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
        person.set_unusable_password()
        person.save(update_fields=["password"])
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
    grant, is_new = RoleGrant.objects.get_or_create(
        person=person, role=role, ended_at=None, defaults={"granted_at": now, "granted_by": str(by or "Leaders")}
    )
    if is_new:
        _follow_roles(person)
        label = Role(role).label.lower()
        record(
            "people.role.granted",
            f"{person} became a {label}" if label[0] not in "aeiou" else f"{person} became an {label}",
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
    grant = RoleGrant.objects.filter(person=person, role=role, ended_at=None).first()
    if grant is None:
        return False
    grant.ended_at = now
    grant.save(update_fields=["ended_at"])
    _follow_roles(person)
    record(
        "people.role.ended",
        f"{person} is no longer {Role(role).label.lower()}",
        subject=grant,
        person=person,
        by=by,
        now=now,
        reason=reason,
        role=role,
    )
    return True


def _follow_roles(person: Person) -> None:
    person.__dict__.pop("_roles", None)
    is_staff = person.has_role(*OFFICE_ROLES)
    if person.is_staff != is_staff:
        person.is_staff = is_staff
        person.save(update_fields=["is_staff"])
