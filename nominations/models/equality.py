"""Equality monitoring, stored apart: no name, no reference, no key that the database could follow."""

import hashlib
import hmac

from django.conf import settings
from django.db import models

from .nomination import Nomination
from .rounds import Round


class EqualityReturn(models.Model):
    """One person's answers, all of them optional.

    `pseudonym` is made from the nomination with a key outside the database: it lets a person change or
    delete their answers through their own link and lets the yearly report count by stage, and
    nobody read whose answers these are. It is removed when the cohort closes.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="equality_returns")
    pseudonym = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 (NULL is never equal)
    question_set = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["round", "question_set", "pk"]

    def __str__(self):
        return f"Equality return, {self.question_set}"


def pseudonym(nomination: Nomination) -> str:
    """The name under which a nomination's equality answers are kept."""
    return pseudonyms(nomination)[0]


def pseudonyms(nomination: Nomination) -> list[str]:
    """That name, and those of older keys, under which they are kept until `manage.py reencrypt` has run."""
    words = f"equality return of {nomination.pk}".encode()
    return [hmac.new(key.encode(), words, hashlib.sha256).hexdigest() for key in settings.FIELD_KEYS]
