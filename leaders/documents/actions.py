"""Asking for a document, and making it."""

from datetime import datetime

from django.db import models, transaction

from .models import Document
from .registry import kinds


@transaction.atomic
def request_document(kind: str, *, subject: models.Model, now: datetime) -> Document:
    """Ask for a PDF of `subject`. The worker renders it; a new request makes a new document.

    Raises KeyError for an unknown kind and TypeError for a subject of another model.
    """
    known = kinds[kind].brings
    if not isinstance(subject, known.model):
        raise TypeError(f"{kind} is about a {known.model._meta.verbose_name}, not a {subject._meta.verbose_name}")
    return Document.objects.create(
        kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk), title=known.title,
        requested_at=now,
    )  # fmt: skip


def latest(kind: str, subject: models.Model) -> Document | None:
    """The newest document of this kind about `subject`, without its content."""
    found = Document.objects.filter(kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.defer("content").order_by("-pk").first()
