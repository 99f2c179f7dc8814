"""One edition of a programme, with its dates and its seats."""

import re
from datetime import date, datetime, time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from leaders.components.dates import london_date
from leaders.people.models import Person

from .programmes import Programme


class CohortQuerySet(models.QuerySet):
    def live(self):
        """Those the office works on: launched and not yet closed."""
        return self.filter(status=Cohort.Status.LIVE)

    def selecting(self, now: datetime):
        """Those that are nominated for and selected now, by their programme's criteria."""
        return self.live().filter(nominations_open__lte=now, starts_on__gt=london_date(now))

    def running(self, today: date):
        return self.live().filter(starts_on__lte=today, ends_on__gte=today)


class Cohort(models.Model):
    """One edition of a programme: its people, its provider and all its key dates.

    Seats are counted here so that capacity is one conditional update: a seat is taken
    by an offer and kept by the place that follows, or freed again.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        LIVE = "live", "Live"
        GRADUATED = "graduated", "Graduated"
        CANCELLED = "cancelled", "Cancelled"

    # In the order in which they happen; the database holds it (see Meta).
    DATES = (
        "nominations_open",
        "nominations_close",
        "statements_due",
        "assessments_due",
        "decisions_due",
        "offers_expire",
        "onboarding_due",
        "starts_on",
        "narratives_due",
        "graduation_on",
        "ends_on",
    )

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="cohorts")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=60, unique=True)
    provider = models.CharField(max_length=150, blank=True, help_text="Who delivers this cohort")
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED, editable=False)
    capacity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(500)])
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    contact = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="Signs letters and answers questions"
    )
    venue = models.CharField(max_length=200, blank=True, help_text="Where it usually meets")
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    nominations_open = models.DateTimeField()
    nominations_close = models.DateTimeField()
    statements_due = models.DateTimeField(help_text="Nominees accept and add their statement by then")
    assessments_due = models.DateTimeField(help_text="Panel members score by then")
    decisions_due = models.DateField(help_text="When everybody hears")
    offers_expire = models.DateTimeField()
    onboarding_due = models.DateField(help_text="First questionnaire and learning contract by then")
    starts_on = models.DateField("starts")
    narratives_due = models.DateField()
    graduation_on = models.DateField("graduation")
    graduation_from = models.TimeField("graduation begins", default=time(14))
    graduation_until = models.TimeField("graduation ends", default=time(17))
    ends_on = models.DateField("ends")

    history = HistoricalRecords()
    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "programme"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="cohort_number_unique"),
            models.CheckConstraint(
                name="cohort_seats_within_capacity",
                violation_error_message="There cannot be fewer seats than are taken.",
                condition=Q(seats_taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="cohort_selection_dates_in_order",
                violation_error_message="Nominations open, close, statements, scores and the offers’ deadline "
                "must follow each other in this order.",
                condition=Q(nominations_open__lt=F("nominations_close"))
                & Q(nominations_close__lte=F("statements_due"))
                & Q(statements_due__lte=F("assessments_due"))
                & Q(assessments_due__lt=F("offers_expire")),
            ),
            models.CheckConstraint(
                name="cohort_year_dates_in_order",
                violation_error_message="Decisions, onboarding, start, narratives, graduation and end "
                "must follow each other in this order.",
                condition=Q(decisions_due__lte=F("onboarding_due"))
                & Q(onboarding_due__lte=F("starts_on"))
                & Q(starts_on__lt=F("narratives_due"))
                & Q(narratives_due__lte=F("graduation_on"))
                & Q(graduation_on__lte=F("ends_on"))
                & Q(graduation_from__lt=F("graduation_until")),
            ),
            models.CheckConstraint(
                name="cohort_closed_has_a_time",
                condition=Q(status__in=["graduated", "cancelled"], closed_at__isnull=False)
                | Q(status__in=["planned", "live"], closed_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.programme.name}, {self.name}"

    def get_absolute_url(self):
        return reverse("admin:cohorts_cohort_change", args=[self.pk])

    @property
    def name(self) -> str:
        return f"Cohort {self.number}"

    @property
    def short_name(self) -> str:
        """LLP Cohort 8: for the office, where cohorts of several programmes stand side by side."""
        return f"{self.programme.short_name} {self.name}"

    @property
    def in_words(self) -> str:
        """In the middle of a sentence: “Cohort 8 of the London Leadership Programme”."""
        return f"{self.name} of {self.programme.in_words}"

    @property
    def provider_in_words(self) -> str:
        """Who delivers it, in the middle of a sentence: “the programme office”."""
        return re.sub("^The ", "the ", self.provider)

    @property
    def years(self) -> str:
        """'2026 to 2027', or one year when it starts and ends in the same."""
        first, last = self.starts_on.year, self.ends_on.year
        return str(first) if first == last else f"{first} to {last}"

    def accepts_nominations(self, now: datetime) -> bool:
        return self.status == self.Status.LIVE and self.nominations_open <= now < self.nominations_close

    def week(self, today: date) -> int | None:
        """Which week of the cohort's year `today` is in, from 1; None outside it."""
        if not self.starts_on <= today <= self.ends_on:
            return None
        return (today - self.starts_on).days // 7 + 1

    @property
    def weeks(self) -> int:
        return (self.ends_on - self.starts_on).days // 7 + 1
