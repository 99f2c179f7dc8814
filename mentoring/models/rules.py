"""What a programme decides about mentoring, and the criteria by which people are matched."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cohorts.models import Cohort, Programme
from leaders.reminders.working_days import working_day_on_or_before


def usual_bands() -> list[int]:
    return [1000, 2000]


class MentoringRules(models.Model):
    """How one programme arranges mentoring and coaching. A programme without a row has the usual rules."""

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="mentoring_rules")
    has_mentoring = models.BooleanField("offers each participant a mentor", default=True)
    has_coaching = models.BooleanField("has coaching groups", default=True)
    shows_names = models.BooleanField(
        "participants see mentors’ names", default=True, help_text="Otherwise they choose among profiles without names"
    )
    wishes_days = models.PositiveSmallIntegerField(
        "days for wishes", default=21, help_text="From a cohort’s start until participants have said what they look for"
    )
    matching_days = models.PositiveSmallIntegerField(
        "days until matching", default=28, help_text="From a cohort’s start to the day everybody is matched"
    )
    first_meeting_days = models.PositiveSmallIntegerField(
        "days until the first meeting", default=28, help_text="From the day both are told"
    )
    bands = models.JSONField(
        default=usual_bands, help_text="Fit, out of 4000, below which a match is poor: the fewest below each come first"
    )
    group_size = models.PositiveSmallIntegerField("people in a coaching group", default=6)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "mentoring rules"
        constraints = [
            models.CheckConstraint(
                name="mentoring_rules_wishes_before_matching",
                violation_error_message="Wishes must be asked for before the matching, not after it.",
                condition=Q(wishes_days__lte=models.F("matching_days")),
            ),
            models.CheckConstraint(
                name="mentoring_rules_group_of_4_to_8",
                violation_error_message="A coaching group has four to eight people.",
                condition=Q(group_size__range=(4, 8)),
            ),
        ]

    def __str__(self):
        return f"Mentoring in {self.programme}"

    def clean(self):
        if not isinstance(self.bands, list) or not all(type(each) is int and 0 <= each <= 4000 for each in self.bands):
            raise ValidationError({"bands": "Enter whole numbers from 0 to 4000 in brackets, such as [1000, 2000]"})

    @classmethod
    def of(cls, cohort: Cohort) -> "MentoringRules":
        """The rules that hold for a cohort; read once per programme instance, or with it by `select_related`."""
        # Raises an AttributeError where there is no row, and remembers that there is none.
        found = getattr(cohort.programme, "mentoring_rules", None)
        return found or cls(programme_id=cohort.programme_id)

    def wishes_due(self, cohort: Cohort) -> date:
        """The last working day to say what one looks for."""
        return working_day_on_or_before(cohort.starts_on + timedelta(days=self.wishes_days))

    def matching_on(self, cohort: Cohort) -> date:
        """The working day on which everybody is matched."""
        return working_day_on_or_before(cohort.starts_on + timedelta(days=self.matching_days))

    def first_meeting_by(self, told_on: date) -> date:
        """The last working day for two people to meet first who were told of each other that day."""
        return working_day_on_or_before(told_on + timedelta(days=self.first_meeting_days))


class MatchCriterionQuerySet(models.QuerySet):
    def asked(self):
        """Those that people state and offer, in order: not the two that belong to a pair."""
        return self.filter(is_active=True).exclude(group__in=MatchCriterion.PAIRWISE)


class MatchCriterion(models.Model):
    """One thing a mentee can look for and a mentor can offer, with the office's weight in the fit.

    Two belong to a pair rather than a person: a ranked wish, and a characteristic that both chose to share.
    """

    class Group(models.TextChoices):
        THEME = "theme", "What the modules are about"
        SERVICE = "service", "Knowing a service from within"
        STEP = "step", "Steps in a career"
        PREFERENCE = "preference", "A mentor they named"
        SHARED = "shared", "Something both chose to share"

    PAIRWISE = (Group.PREFERENCE, Group.SHARED)

    key = models.SlugField(max_length=40, unique=True)
    group = models.CharField(max_length=12, choices=Group)
    order = models.PositiveSmallIntegerField(default=50)
    label = models.CharField(max_length=120, help_text="In the middle of a sentence: “moving to a director’s post”")
    weight = models.PositiveSmallIntegerField(default=2, help_text="How much it counts beside the others")
    is_active = models.BooleanField("active", default=True)

    history = HistoricalRecords()
    objects = MatchCriterionQuerySet.as_manager()

    class Meta:
        verbose_name = "matching criterion"
        verbose_name_plural = "matching criteria"
        ordering = ["order", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(group__in=["preference", "shared"]), name="match_criterion_of_pairs_once"
            ),
        ]

    def __str__(self):
        return self.label

    def clean(self):
        if self.key in self.PAIRWISE and self.group not in self.PAIRWISE:
            raise ValidationError({"key": f"“{self.key}” has a meaning of its own in the matching; choose another key"})
