"""What a mentor gave to a cohort, for the certificate that thanks them."""

import secrets

from django.db import models
from django.db.models import Q

from cohorts.models import Cohort
from cohorts.models.graduation import CODE_ALPHABET

from .mentors import Mentor


def new_code() -> str:
    return "M-" + "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))


class ServiceRecord(models.Model):
    """That a mentor served in a cohort: how many people they mentored and how often they met."""

    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="services")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="mentor_services")
    name = models.CharField(max_length=150, help_text="As it stands on the certificate")
    mentees = models.PositiveSmallIntegerField()
    meetings = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True, default=new_code)
    issued_at = models.DateTimeField("issued")

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["mentor", "cohort"], name="service_once_per_cohort"),
            models.CheckConstraint(name="service_with_at_least_one_mentee", condition=Q(mentees__gte=1)),
        ]

    def __str__(self):
        return f"{self.name}, {self.cohort.name}"
