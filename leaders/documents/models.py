"""A PDF that somebody asked for: rendered outside the request, kept, and opened by those who may."""

from django.db import models
from django.db.models import Q

from leaders.people.encryption import EncryptedBinaryField


class Document(models.Model):
    """A requested, ready or failed PDF of one kind about one subject."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    title = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED, editable=False)
    requested_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    content = EncryptedBinaryField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    # Who makes it now: a maker that died loses it when the lease ends, and its late result is not taken.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "kind"], name="document_subject"),
            models.Index(fields=["requested_at"], condition=Q(state="requested"), name="document_requested"),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_ready_has_content",
                condition=~Q(state="ready") | Q(content__isnull=False, rendered_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title or self.kind
