"""Who else is asked before a nomination stands: an earlier nominator to give way, an applicant's sponsor."""

from django.db import models
from django.db.models import F, Q

from leaders.people.models import Person

from .nomination import Nomination


class Replacement(models.Model):
    """That a draft is to take the place of a live nomination of the same organisation.

    Agreed at once when the same person made both (a substitution), otherwise by the earlier nominator or the office.
    """

    draft = models.OneToOneField(
        Nomination, on_delete=models.CASCADE, related_name="replacement", verbose_name="new nomination"
    )
    standing = models.ForeignKey(
        Nomination, on_delete=models.CASCADE, related_name="replacements_asked", verbose_name="standing nomination"
    )
    asked_at = models.DateTimeField(
        "asked", null=True, blank=True, help_text="When the earlier nominator was written to"
    )
    agreed_at = models.DateTimeField("agreed", null=True, blank=True)
    refused_at = models.DateTimeField("refused", null=True, blank=True, help_text="When they said that theirs stands")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="replacement_is_not_agreed_and_refused", condition=Q(agreed_at=None) | Q(refused_at=None)
            ),
            models.CheckConstraint(name="replacement_is_of_another", condition=~Q(draft=F("standing"))),
        ]

    def __str__(self):
        return f"{self.draft} for {self.standing}"


class Endorsement(models.Model):
    """A sponsor's word for an applicant, given or declined through a private link."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        GIVEN = "given", "Given"
        DECLINED = "declined", "Declined"

    nomination = models.OneToOneField(Nomination, on_delete=models.CASCADE, related_name="endorsement")
    sponsor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="endorsements")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED, editable=False)
    asked_at = models.DateTimeField("asked")
    statement = models.TextField(blank=True)
    role_title = models.CharField("job title", max_length=150, blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="endorsement_answered_has_a_time",
                condition=Q(state="asked", answered_at__isnull=True)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.sponsor} for {self.nomination}"
