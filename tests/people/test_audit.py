from datetime import UTC, datetime

import pytest
from django.db import transaction

from leaders.people.audit import record
from leaders.people.models import AuditEvent

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
