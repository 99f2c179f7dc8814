"""How documents go in time: those that name people and can be made anew."""

from django.db.models import QuerySet

from leaders.people.retention import Retention, retires

from .models import Document
from .registry import kinds


def _documents() -> QuerySet[Document]:
    return Document.objects.filter(kind__in=[part.key for part in kinds if part.brings.naming])


retires(
    Retention(
        key="documents.documents", since="requested_at", months=24, how="deleted", records=_documents,
        forget=lambda found, now: found.delete(),
    ),
    order=890,
)  # fmt: skip
