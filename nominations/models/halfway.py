"""Answers that were saved half way, for their writers alone."""

import json

from django.db import models
from django.db.models import Q

from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Person

from .nomination import Nomination


class SavedAnswerQuerySet(models.QuerySet):
    def current(self):
        """What was saved last: at most one for each nomination."""
        return self.filter(beside=False)

    def beside(self):
        """What a stale window typed, kept until one of the two texts is chosen."""
        return self.filter(beside=True)


class SavedAnswer(models.Model):
    """What a nominee, or an applicant's sponsor, has written and not sent: for them alone, and gone when they send it.

    `version` rises with every save, so that a window is noticed that was opened before the last one: what it typed is
    kept `beside` the newer words. `words` are the fields of the form as they stood, complete or not.
    """

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="saved_answers")
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    beside = models.BooleanField(default=False, editable=False)
    saved_at = models.DateTimeField()

    objects = SavedAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(beside=False), name="saved_answer_once_per_nomination"
            ),
        ]

    def __str__(self):
        return f"{self.writer} on {self.nomination}, not sent"

    @property
    def answers(self) -> dict[str, str]:
        """What stood in the form, by the name of the field."""
        return json.loads(self.words)
