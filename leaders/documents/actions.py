"""Asking for a document, and making it."""

from datetime import datetime, timedelta

import structlog
from django.db import OperationalError, models, transaction
from django.db.models import F, Q

from leaders.people.refusals import NotPossible

from .models import Document
from .registry import kinds
from .rendering import PdfUnavailable, render

logger = structlog.get_logger()

LEASE = timedelta(minutes=5)
ATTEMPTS = 3


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


@transaction.atomic
def request_again(*, document: Document, now: datetime) -> Document:
    """Have one more try at a document that could not be made. Raises NotPossible for any other."""
    state = Document.State
    again = Document.objects.filter(pk=document.pk, state=state.FAILED).update(
        state=state.REQUESTED, requested_at=now, problem="", attempts=0, lease_until=None
    )
    if not again:
        raise NotPossible("This document is being prepared or is ready.")
    document.refresh_from_db()
    return document


def latest(kind: str, subject: models.Model) -> Document | None:
    """The newest document of this kind about `subject`, without its content."""
    found = Document.objects.filter(kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.defer("content").order_by("-pk").first()


def forget_documents(kind: str, *, subject: models.Model) -> int:
    """Delete the documents of this kind about `subject`, when what they say may no longer be read."""
    found = Document.objects.filter(kind=kind, subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return found.delete()[0]


def claim_document(*, now: datetime) -> Document | None:
    """Take the next document that waits, for as long as the lease; None when there is nothing to make.

    A conditional update decides between two workers. Three makers that died on one document make it failed.
    """
    waiting = Document.objects.filter(Q(lease_until=None) | Q(lease_until__lte=now), state=Document.State.REQUESTED)
    for document in waiting.defer("content").order_by("requested_at", "pk")[:20]:
        ours = waiting.filter(pk=document.pk, attempts=document.attempts)
        if document.attempts >= ATTEMPTS:
            ours.update(
                state=Document.State.FAILED, lease_until=None, problem="It was begun three times and never finished."
            )
        elif ours.update(attempts=F("attempts") + 1, lease_until=now + LEASE):
            document.attempts += 1
            return document
    return None


def make_document(*, document: Document, now: datetime) -> bool:
    """Render a claimed document and keep the result; whether it is ready.

    A result that comes after the lease was lost to another maker is dropped. Whatever goes wrong in one
    document is kept with it as the reason, so that it never stops the others.
    """
    try:
        source = kinds[document.kind].brings
        made = source.source(source.model._default_manager.get(pk=document.subject_id))
        result = {
            "state": Document.State.READY, "content": render(made), "title": made.title, "filename": made.filename,
            "rendered_at": now, "problem": "",
        }  # fmt: skip
    except PdfUnavailable as problem:
        result = {"state": Document.State.FAILED, "problem": str(problem)}
    # Templates and data of every app: the document says what went wrong in it. A database that is away is no fault
    # of the document: it is made when its lease has run out.
    except OperationalError:
        raise
    except Exception as problem:
        logger.exception("documents.not_made", document=document.pk, kind=document.kind)
        result = {"state": Document.State.FAILED, "problem": f"{type(problem).__name__}: {problem}"[:300]}
    kept = Document.objects.filter(
        pk=document.pk, state=Document.State.REQUESTED, attempts=document.attempts
    ).update(lease_until=None, **result)  # fmt: skip
    return bool(kept) and result["state"] == Document.State.READY
