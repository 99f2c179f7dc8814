"""What can happen to a module's speakers and materials."""

from datetime import date, datetime
from functools import partial

from django.core.files import File
from django.db import transaction

from leaders.components.dates import london_date
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import working_day_on_or_before
from modules.files import check
from modules.models import Material, Module, Session, Speaker, Talk


@transaction.atomic
def book_speaker(
    *,
    session: Session,
    name: str,
    by: Person | None,
    now: datetime,
    role_title: str = "",
    bio: str = "",
    topic: str = "",
) -> Talk:
    """Put a speaker on a session, made known by name and role if they are new; booking twice changes the topic."""
    known = {"name": name.strip(), "role_title": role_title.strip()}
    speaker = Speaker.objects.filter(**known).first() or Speaker.objects.create(**known, bio=bio)
    talk, is_new = Talk.objects.update_or_create(
        session=session,
        speaker=speaker,
        defaults={"topic": topic},
        create_defaults={"topic": topic, "order": session.talks.count() + 1},
    )
    if is_new:
        record(
            "modules.speaker.booked",
            f"{speaker} speaks at {session}",
            subject=session,
            cohort_id=session.cohort_id,
            by=by,
            now=now,
        )
    return talk


@transaction.atomic
def add_material(
    *,
    module: Module,
    title: str,
    by: Person | None,
    now: datetime,
    file: File | None = None,
    url: str = "",
    minutes: int | None = None,
    due_on: date | None = None,
) -> Material:
    """Add a file or a link to a module; with `due_on` and `minutes` participants are asked to read it by then.

    Raises NotPossible for both or neither, and for a file that may not be kept.
    """
    if bool(file) == bool(url):
        raise NotPossible("Choose a file or enter a link, not both.")
    if due_on and not minutes:
        raise NotPossible("Say how many minutes it takes to read, so that people can plan.")
    material = Material(
        module=module, title=title.strip(), url=url, minutes=minutes, due_on=due_on, added_at=now,
        added_by=str(by or "Leaders"), order=module.materials.count() + 1,
    )  # fmt: skip
    if file:
        accepted = check(file, name=file.name or "", size=file.size)
        material.content_type, material.filename, material.size = accepted.content_type, accepted.filename, file.size
        material.file.save(accepted.filename, file, save=False)
    material.save()
    record(
        "modules.material.added",
        f"{material} was added to {module}",
        subject=material,
        cohort_id=module.cohort_id,
        by=by,
        now=now,
    )
    return material


@transaction.atomic
def remove_material(*, material: Material, by: Person | None, now: datetime) -> None:
    """Take a material away, its file with it once that is certain."""
    record(
        "modules.material.removed",
        f"{material} was removed from {material.module}",
        subject=material,
        cohort_id=material.module.cohort_id,
        by=by,
        now=now,
    )
    if name := material.file.name:
        transaction.on_commit(partial(material.file.storage.delete, name))
    material.delete()


@transaction.atomic
def move_readings(*, module: Module, before: date | None, by: Person | None, now: datetime) -> int:
    """Let reading that still lies ahead follow the module's first day, which was `before`; how many moved.

    It is due as many days before the module as it was, on a working day, and never in the past.
    """
    first, today = module.first_day(), london_date(now)
    if first is None or before is None or first == before:
        return 0
    moved = list(module.materials.reading().filter(due_on__gte=today))
    for material in moved:
        material.due_on = max(today, working_day_on_or_before(material.due_on + (first - before)))
    Material.objects.bulk_update(moved, ["due_on"])
    if moved:
        record(
            "modules.material.moved", f"Reading for {module} moved along with its first day", subject=module,
            cohort_id=module.cohort_id, by=by, now=now,
            due={str(material.pk): material.due_on.isoformat() for material in moved},
        )  # fmt: skip
    return len(moved)
