"""What is kept of a person in documents that were made ready for download."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, holds

from .models import Document
from .registry import kinds


def _naming(person: Person) -> list[QuerySet[Document]]:
    """Documents in which this person's name stands, and which can be made anew without it."""
    found = []
    for part in kinds:
        if part.brings.naming:
            subjects = part.brings.naming(person).values_list("pk", flat=True)
            found.append(Document.objects.filter(kind=part.key, subject_id__in=[str(pk) for pk in subjects]))
    return found


def _documents(person: Person):
    for documents in _naming(person):
        for document in documents.defer("content"):
            yield {"document": document.title, "asked for": document.requested_at.isoformat()}


def _erase_documents(person: Person, now: datetime) -> None:
    """A copy made before still tells what the records no longer say: whoever needs it asks for a new one."""
    for documents in _naming(person):
        documents.delete()


holds(
    Holding(
        key="documents.documents",
        what="PDFs in which your name stands: handbooks, badges, registers, contracts, nomination records",
        who_reads="The programme office, and whoever may read what the document tells",
        kept_for="Two years after it was asked for",
        export=_documents,
        erase=_erase_documents,
    ),
    order=890,
)
