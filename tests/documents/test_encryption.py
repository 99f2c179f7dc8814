"""A document in the database tells nobody anything."""

import pytest
from django.db import connection
from django.utils import timezone

from leaders.documents.models import Document

pytestmark = pytest.mark.django_db


def test_a_document_is_kept_encrypted_and_read_whole():
    content = b"%PDF-1.7 " + bytes(range(256))
    now = timezone.now()
    document = Document.objects.create(
        kind="test", subject_type="people.person", subject_id="1", state="ready", requested_at=now, rendered_at=now,
        content=content,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM documents_document WHERE id = %s", [document.pk])
        stored = bytes(cursor.fetchone()[0])
    assert b"%PDF" not in stored
    assert bytes(Document.objects.get(pk=document.pk).content) == content
