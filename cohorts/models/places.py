"""A person's place in a cohort, and what is particular to it."""

from datetime import date

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Organisation, Person

from .cohorts import Cohort


class PlaceQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status=Place.Status.ACTIVE)

    def for_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def alumni(self):
        return self.filter(status=Place.Status.GRADUATED)


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
    sponsor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="sponsored_places", null=True, blank=True
    )
    line_manager = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="managed_places", null=True, blank=True
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ACTIVE, editable=False)
    accepted_at = models.DateTimeField("accepted")
    left_at = models.DateTimeField("left", null=True, blank=True)
    leaving_reason = models.TextField("why they left", blank=True)
    graduated_at = models.DateTimeField("graduated", null=True, blank=True)
    deferred_to = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, related_name="deferred_places", null=True, blank=True, editable=False
    )
    access_needs = EncryptedTextField(blank=True, help_text="Seen only by organisers; removed when the cohort closes")
    details_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When they last looked through their details"
    )
    in_touch_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When they agreed to hear from the alumni network"
    )

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

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def is_alumni(self) -> bool:
        return self.status == self.Status.GRADUATED

    def due_on(self, what: str) -> date:
        """The cohort's date `what`, or this person's own if it was extended; see `Extension.What`."""
        own = next((extension.until for extension in self.extensions.all() if extension.what == what), None)
        return own or getattr(self.cohort, what)


class Extension(models.Model):
    """That one person has longer for one of the cohort's dates, and why."""

    class What(models.TextChoices):
        ONBOARDING = "onboarding_due", "First questionnaire and learning contract"
        NARRATIVE = "narratives_due", "Graduation narrative"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="extensions")
    what = models.CharField(max_length=20, choices=What)
    until = models.DateField()
    reason = models.TextField()
    given_at = models.DateTimeField("given")

    class Meta:
        ordering = ["place", "what"]
        constraints = [models.UniqueConstraint(fields=["place", "what"], name="extension_once_per_date")]

    def __str__(self):
        return f"{self.get_what_display()}, {self.place}"


class Waiver(models.Model):
    """That a requirement is not asked of one person, and why."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="waivers")
    requirement_key = models.CharField("requirement", max_length=60)
    reason = models.TextField()
    given_at = models.DateTimeField("given")
    given_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["place", "requirement_key"]
        constraints = [models.UniqueConstraint(fields=["place", "requirement_key"], name="waiver_once_per_requirement")]

    def __str__(self):
        return f"{self.requirement_key}, {self.place}"


class Pulse(models.Model):
    """What an alumna or alumnus tells us so many months after graduation: has it carried on, and how far."""

    class Role(models.TextChoices):
        SAME = "same", "The same post"
        WIDER = "wider", "The same post with wider responsibilities"
        MOVED = "moved", "A different post at a similar level"
        MORE_SENIOR = "more_senior", "A more senior post"

    MONTHS = (6, 12, 24)

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="pulses")
    months = models.PositiveSmallIntegerField(help_text="After graduation")
    role = models.CharField("post now", max_length=12, choices=Role)
    works_across = models.BooleanField("has worked with somebody met on the programme")
    words = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "months"]
        constraints = [
            models.UniqueConstraint(fields=["place", "months"], name="pulse_once_per_month"),
            models.CheckConstraint(name="pulse_at_known_months", condition=Q(months__in=[6, 12, 24])),
        ]

    def __str__(self):
        return f"{self.place}, {self.months} months"
