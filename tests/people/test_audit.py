from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from leaders.people.audit import record
from leaders.people.models import AuditEvent, AuditSeal
from leaders.people.retention import retentions
from leaders.people.seals import check, seal

NOW = datetime(2027, 3, 4, 10, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(subject, **more):
    return record("people.person.tried", "Something was tried", subject=subject, by=None, now=NOW, **more)


def test_an_event_keeps_who_what_and_why_without_foreign_keys(rosalind, otto):
    with transaction.atomic():
        kept = record(
            "people.person.tried",
            "Rosalind tried it",
            subject=otto,
            person=otto,
            by=rosalind,
            now=NOW,
            reason="Because",
        )
    assert (kept.actor_id, kept.actor, kept.person_id) == (rosalind.pk, "Rosalind Tate", otto.pk)
    assert (kept.subject_type, kept.subject_id, kept.reason) == ("people.person", str(otto.pk), "Because")
    assert not [field for field in AuditEvent._meta.get_fields() if field.is_relation]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(otto):
    with pytest.raises(RuntimeError):
        event(otto)


def test_an_event_goes_with_the_transaction_it_records(otto):
    before = AuditEvent.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        event(otto)
        1 / 0  # noqa: B018 (what was to be recorded fails)
    assert AuditEvent.objects.count() == before


def test_what_happened_cannot_be_rewritten_or_deleted(otto):
    kept = event(otto)
    for attempt in (
        kept.save,
        kept.delete,
        lambda: AuditEvent.objects.filter(pk=kept.pk).update(sentence="Otherwise"),
        lambda: AuditEvent.objects.filter(pk=kept.pk).delete(),
    ):
        with pytest.raises(AuditEvent.Unchangeable):
            attempt()


def test_a_persons_trail_holds_what_they_did_and_what_was_done_about_them(rosalind, otto):
    did = record("people.person.tried", "Otto did", subject=rosalind, by=otto, now=NOW)
    about = record("people.person.tried", "About Otto", subject=rosalind, person=otto, by=rosalind, now=NOW)
    record("people.person.tried", "Neither", subject=rosalind, by=rosalind, now=NOW)
    assert set(AuditEvent.objects.concerning(otto)) >= {did, about}
    assert "Neither" not in AuditEvent.objects.concerning(otto).values_list("sentence", flat=True)


def behind_our_back(sql, *values):
    """As somebody would who owns the database: the guard lifted for a moment."""
    on_table = " ON people_auditevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_unchangeable{on_table}")
        cursor.execute(sql, values)


def test_the_database_refuses_to_rewrite_what_happened(otto):
    kept = event(otto)
    with pytest.raises(DatabaseError, match="cannot be rewritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_auditevent SET sentence = 'Otherwise' WHERE id = %s", [kept.pk])
    kept.refresh_from_db()
    assert kept.sentence == "Something was tried"


def test_the_database_refuses_to_empty_the_trail(otto):
    event(otto)
    if connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    with connection.cursor() as cursor:
        # Between tests that commit, Django empties every table: see conftest.py.
        cursor.execute("ALTER TABLE people_auditevent ENABLE TRIGGER audit_not_emptied")
        with pytest.raises(DatabaseError, match="cannot be rewritten or deleted"), transaction.atomic():
            cursor.execute("TRUNCATE people_auditevent")
    assert AuditEvent.objects.filter(action="people.person.tried").exists()


def test_the_trail_lets_go_what_is_seven_years_old_and_its_chain_holds(otto):
    old = record("people.person.tried", "Long ago", subject=otto, by=None, now=datetime(2015, 1, 5, tzinfo=UTC))
    kept = event(otto)
    seal()
    assert retentions["people.audit"].brings.expire(NOW) == 1
    assert (AuditEvent.objects.filter(pk=old.pk).exists(), check().wrong) == (False, [])
    assert AuditEvent.objects.get(action="people.audit.cut_off").detail == {"last": old.pk, "count": 1}
    seal()
    behind_our_back("DELETE FROM people_auditevent WHERE id = %s", kept.pk)
    assert check().wrong == [f"Event {kept.pk} was removed."]


def test_the_database_refuses_to_let_go_of_anything_younger(otto):
    kept = event(otto)
    if connection.vendor == "postgresql":  # on SQLite the chain alone tells
        with pytest.raises(DatabaseError, match="deleted"), transaction.atomic():
            AuditEvent._base_manager.filter(pk=kept.pk).delete()
        assert AuditEvent.objects.filter(pk=kept.pk).exists()


def test_the_trail_is_sealed_once_and_in_order(otto):
    events = [event(otto, number=number) for number in range(3)]
    end = seal()
    assert seal() == end
    assert list(AuditSeal.objects.values_list("event_id", flat=True))[-3:] == [one.pk for one in events]
    later = seal() if event(otto) else ""
    assert later != end
    checked = check()
    assert (checked.links, checked.end, checked.wrong) == (AuditEvent.objects.count(), later, [])
    assert check().end == AuditSeal.objects.latest("pk").digest


def test_an_event_that_is_committed_late_is_sealed_all_the_same(otto):
    seal()
    event(otto)
    late = AuditEvent.objects.get(pk=event(otto, number=2).pk)
    seal()
    late.pk = late.pk - 100_000  # a number that was drawn before
    AuditEvent.objects.bulk_create([late])
    assert [f"Event {late.pk} was added afterwards: Something was tried"] == check().wrong
    early = AuditEvent.objects.latest("pk")
    early.pk = early.pk - 50
    AuditEvent.objects.bulk_create([early])
    seal()
    assert AuditSeal.objects.latest("pk").event_id == early.pk


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE people_auditevent SET sentence = 'Otherwise' WHERE id = %s", "was changed: Otherwise"),
        ("UPDATE people_auditevent SET detail = '{\"number\": 7}' WHERE id = %s", "was changed: Something was tried"),
        ("UPDATE people_auditevent SET actor_id = 7 WHERE id = %s", "was changed: Something was tried"),
        ("DELETE FROM people_auditevent WHERE id = %s", "was removed"),
    ],
)
def test_whoever_tampers_with_an_event_is_found_out(otto, sql, found):
    kept, _ = event(otto, number=1), event(otto, number=2)
    seal()
    call_command("check_audit")
    behind_our_back(sql, kept.pk)
    (wrong,) = check().wrong
    assert str(kept.pk) in wrong
    assert found in wrong
    with pytest.raises(CommandError, match=found):
        call_command("check_audit")


def test_an_end_that_the_log_noted_is_looked_for_in_the_chain(otto):
    event(otto, number=1)
    noted = seal()
    event(otto, number=2)
    seal()
    call_command("check_audit", f"--end={noted}")
    with pytest.raises(CommandError, match="is not in the chain"):
        call_command("check_audit", f"--end={noted[::-1]}")


def test_a_chain_with_a_link_taken_out_is_broken(otto):
    events = [event(otto, number=number) for number in range(3)]
    seal()
    AuditSeal.objects.filter(event_id=events[1].pk).delete()
    assert check().wrong == [f"Link {AuditSeal.objects.get(event_id=events[2].pk).pk - 1} is missing."]
