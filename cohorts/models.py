"""A programme, its cohorts, and a person's place in one."""

from datetime import date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Organisation, Person


class Programme(models.Model):
    """What a leadership programme is: its rules and its outline, as data.

    A third programme is a row made in the office, not a deploy.
    """

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    short_name = models.CharField(max_length=12, unique=True, help_text="Starts the references of its nominations")
    aim = models.TextField()
    description = models.TextField(blank=True)
    principles = models.TextField(blank=True, help_text="One guiding principle a line")
    # Who nominates, and whom.
    who_nominates = models.TextField(help_text="In words, for the public page")
    who_takes_part = models.TextField(help_text="In words, for the public page")
    nominating_kinds = models.JSONField(default=list, help_text="Kinds of organisation that may nominate")
    nominations_per_organisation = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Live nominations an organisation may have in a cohort; blank for any number"
    )
    eligible_kinds = models.JSONField(default=list, help_text="Kinds of organisation a nominee may work for")
    eligible_roles = models.JSONField(default=list, help_text="Levels of post a nominee may hold")
    takes_applications = models.BooleanField(default=False)
    applying_kinds = models.JSONField(default=list, blank=True)
    # Its usual shape.
    capacity = models.PositiveSmallIntegerField(default=36)
    weeks = models.PositiveSmallIntegerField(default=44)
    date_plan = models.JSONField(
        default=dict, help_text="Days from a cohort's start to each of its key dates, negative before it"
    )
    is_active = models.BooleanField(default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("programme", args=[self.slug])


class Criterion(models.Model):
    """One thing the panel looks for, scored 0 to `max_score`."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    guidance = models.TextField(help_text="What good looks like, for nominators and panel members alike")
    max_score = models.PositiveSmallIntegerField(default=4)
    anchors = models.JSONField(default=list, help_text="What each score from 0 upward means")
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="criterion_key_unique"),
            models.UniqueConstraint(fields=["programme", "order"], name="criterion_order_unique"),
        ]

    def __str__(self):
        return self.title


class ProgrammeModule(models.Model):
    """A module as the programme describes it; each cohort gets its own with dates."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outline")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    focus = models.CharField(max_length=300)
    description = models.TextField()
    week = models.PositiveSmallIntegerField(help_text="Weeks after the cohort's start")
    days = models.PositiveSmallIntegerField(default=2)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_module_number_unique"),
            models.CheckConstraint(name="programme_module_ends_after_start", condition=Q(ends__gt=F("starts"))),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class ProgrammeRequirement(models.Model):
    """What this programme asks for to graduate: a registered requirement with its settings."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="requirements")
    key = models.CharField(max_length=60, help_text="A key printed by manage.py house under requirements.py")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="programme_requirement_unique")]

    def __str__(self):
        return self.title


class CohortQuerySet(models.QuerySet):
    def live(self):
        """Those the office works on: launched and not yet closed."""
        return self.filter(status=Cohort.Status.LIVE)

    def nominating(self, now: datetime):
        """Those whose nominations are open now."""
        return self.live().filter(nominations_open__lte=now, nominations_close__gt=now)

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

    nominations_open = models.DateTimeField()
    nominations_close = models.DateTimeField()
    statements_due = models.DateTimeField(help_text="Nominees accept and add their statement by then")
    assessments_due = models.DateTimeField(help_text="Panel members score by then")
    decisions_due = models.DateField(help_text="When everybody hears")
    offers_expire = models.DateTimeField()
    onboarding_due = models.DateField(help_text="First questionnaire and learning contract by then")
    starts_on = models.DateField()
    narratives_due = models.DateField()
    graduation_on = models.DateField()
    ends_on = models.DateField()

    history = HistoricalRecords()
    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "programme"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="cohort_number_unique"),
            models.CheckConstraint(name="cohort_seats_within_capacity", condition=Q(seats_taken__lte=F("capacity"))),
            models.CheckConstraint(
                name="cohort_selection_dates_in_order",
                condition=Q(nominations_open__lt=F("nominations_close"))
                & Q(nominations_close__lte=F("statements_due"))
                & Q(statements_due__lte=F("assessments_due"))
                & Q(assessments_due__lt=F("offers_expire")),
            ),
            models.CheckConstraint(
                name="cohort_year_dates_in_order",
                condition=Q(decisions_due__lte=F("onboarding_due"))
                & Q(onboarding_due__lte=F("starts_on"))
                & Q(starts_on__lt=F("narratives_due"))
                & Q(narratives_due__lte=F("graduation_on"))
                & Q(graduation_on__lte=F("ends_on")),
            ),
        ]

    def __str__(self):
        return f"{self.programme.name}, {self.name}"

    @property
    def name(self) -> str:
        return f"Cohort {self.number}"

    @property
    def years(self) -> str:
        """'2026 to 2027', or one year when it starts and ends in the same."""
        first, last = self.starts_on.year, self.ends_on.year
        return str(first) if first == last else f"{first} to {last}"

    def get_absolute_url(self):
        return reverse("admin:cohorts_cohort_change", args=[self.pk])

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


class PlaceQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=Place.Status.ACTIVE)

    def for_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def alumni(self):
        return self.filter(status=Place.Status.GRADUATED)

    def visible_to(self, person):
        """A participant's own; the office's all."""
        return self if person.is_staff else self.filter(person=person)


class Place(models.Model):
    """A person's place in a cohort, from the accepted offer to graduation and after."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Taking part"
        DEFERRED = "deferred", "Deferred"
        WITHDRAWN = "withdrawn", "Withdrawn"
        GRADUATED = "graduated", "Graduated"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="places")
    role_title = models.CharField("job title", max_length=150, blank=True)
    service = models.CharField(max_length=150, blank=True)
    sponsor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sponsored_places", null=True, blank=True)
    line_manager = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="managed_places", null=True, blank=True
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE, editable=False)
    accepted_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    leaving_reason = models.TextField(blank=True)
    graduated_at = models.DateTimeField(null=True, blank=True)
    access_needs = EncryptedTextField(blank=True, help_text="Seen only by organisers; removed when the cohort closes")

    history = HistoricalRecords(excluded_fields=["access_needs"])
    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "person__name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "person"], name="place_once_per_cohort"),
            models.CheckConstraint(
                name="place_left_when_not_taking_part",
                condition=Q(status__in=["deferred", "withdrawn"], left_at__isnull=False)
                | Q(status__in=["active", "graduated"], left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="place_graduated_has_a_time",
                condition=Q(status="graduated", graduated_at__isnull=False)
                | (~Q(status="graduated") & Q(graduated_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.cohort.name}"
