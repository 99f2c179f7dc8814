"""A cohort's modules and the days they are made of: dates, speakers, materials, calendar invites."""

import uuid
from datetime import date, datetime

from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from cohorts.models import Cohort, Place
from leaders.components.dates import day_month, london_date
from leaders.people.models import Person
from modules.files import KINDS

TAKING_PART = (Place.Status.ACTIVE, Place.Status.GRADUATED)


def is_in_cohort(person: Person, cohort: str = "cohort") -> Exists:
    """That the person takes part, or graduated, in the cohort that the row's field of that name points at."""
    return Exists(Place.objects.filter(cohort=OuterRef(cohort), person=person, status__in=TAKING_PART))


class ModuleQuerySet(models.QuerySet):
    def for_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def with_day_count(self):
        """Each with `day_count`: how many days it has."""
        return self.annotate(day_count=Count("sessions", filter=Q(sessions__cancelled_at=None)))

    def with_dates(self):
        """Each with `starts` and `ends`: its first and last moment, None while it has no sessions."""
        kept = Q(sessions__cancelled_at=None)
        return self.annotate(starts=Min("sessions__starts", filter=kept), ends=Max("sessions__ends", filter=kept))


class Module(models.Model):
    """One of the cohort's modules: what it is about and where. Its days are its sessions."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        CONFIRMED = "confirmed", "Confirmed"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="modules")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    focus = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    venue = models.CharField(max_length=200, blank=True, help_text="With its postcode, such as Toynbee Hall, E1 6LS")
    status = models.CharField(max_length=12, choices=Status, default=Status.PLANNED, editable=False)

    history = HistoricalRecords()
    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="module_number_unique"),
            models.CheckConstraint(name="module_confirmed_has_venue", condition=Q(status="planned") | ~Q(venue="")),
        ]

    def __str__(self):
        return f"Module {self.number}, {self.title}"

    def get_absolute_url(self):
        return reverse("my_module", args=[self.number])

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    def first_day(self) -> date | None:
        """In London; None while no day is planned."""
        first = self.sessions.kept().order_by("starts").first()
        return first and london_date(first.starts)


class SessionQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(cancelled_at=None)

    def module_days(self):
        return self.filter(kind=Session.Kind.MODULE_DAY)

    def for_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def begun(self, now: datetime):
        return self.filter(starts__lte=now)

    def upcoming(self, now: datetime):
        return self.filter(ends__gt=now)

    def during(self, starts: datetime, ends: datetime):
        """On at any time between the two."""
        return self.filter(starts__lt=ends, ends__gt=starts)

    def unrecorded(self, now: datetime):
        """Over, and nobody's attendance written down."""
        return self.kept().filter(ends__lte=now, attendance=None)


class Session(models.Model):
    """A day of a module, or a continuous development session: what goes into a calendar.

    `uid` and `sequence` are the calendar's own (RFC 5545): the uid never changes, the sequence
    rises with every change that the people invited must hear of.
    """

    class Kind(models.TextChoices):
        MODULE_DAY = "module_day", "Module day"
        DEVELOPMENT = "development", "Continuous development session"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sessions", null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.MODULE_DAY)
    title = models.CharField(max_length=150)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True, help_text="Only where it differs from the module's venue")
    online_link = models.URLField(max_length=400, blank=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords()
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts", "pk"]
        indexes = [models.Index(fields=["cohort", "starts"], name="session_cohort_starts")]
        constraints = [
            models.CheckConstraint(
                name="session_ends_after_start",
                violation_error_message="The session must end after it starts.",
                condition=Q(ends__gt=F("starts")),
            ),
            models.CheckConstraint(
                name="session_of_module_has_module",
                violation_error_message="A day of a module needs its module, and any other session has none.",
                condition=Q(kind="module_day", module__isnull=False) | Q(kind="development", module__isnull=True),
            ),
        ]

    def __str__(self):
        return f"Module {self.module.number}, {self.title.lower()}" if self.module_id else self.title

    def get_absolute_url(self):
        return self.module.get_absolute_url() if self.module_id else reverse("my_modules")

    @property
    def where(self) -> str:
        """Where to go: its own place, else the module's venue, else how to join online."""
        return self.place or (self.module.venue if self.module_id else "") or ("Online" if self.online_link else "")


class Invite(models.Model):
    """That somebody's calendar holds this session, as of `sequence`."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="invites")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="invites")
    sequence = models.PositiveIntegerField()
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "place"], name="invite_once_per_session")]

    def __str__(self):
        return f"{self.place.person} to {self.session}"


class Speaker(models.Model):
    """A visiting speaker, as introduced to participants."""

    name = models.CharField(max_length=150)
    role_title = models.CharField("role", max_length=150, blank=True, help_text="And organisation, as they say it")
    bio = models.TextField(blank=True)
    sessions = models.ManyToManyField(Session, through="Talk", related_name="speakers")

    history = HistoricalRecords()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class Talk(models.Model):
    """What a speaker speaks about at a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="talks")
    speaker = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="talks")
    topic = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["session", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "speaker"], name="talk_once_per_session")]

    def __str__(self):
        return f"{self.speaker}: {self.topic}" if self.topic else str(self.speaker)


def material_path(material: "Material", filename: str) -> str:
    """Nothing of the name somebody gave the file: it is served under its title by a view that checks who asks."""
    return f"materials/{uuid.uuid4().hex}"


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self if person.is_staff else self.filter(is_in_cohort(person, "module__cohort"))

    def reading(self):
        """What participants are asked to read beforehand, with its minutes and date."""
        return self.exclude(due_on=None)


class Material(models.Model):
    """A file or a link that belongs to a module; with `due_on` it is a reading task."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(max_length=150)
    order = models.PositiveSmallIntegerField(default=1)
    url = models.URLField("link", max_length=400, blank=True)
    file = models.FileField(upload_to=material_path, blank=True)
    filename = models.CharField(
        "file", max_length=120, blank=True, editable=False, help_text="As it is offered for saving"
    )
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveIntegerField("size in bytes", null=True, blank=True, editable=False)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it takes to read")
    due_on = models.DateField("read by", null=True, blank=True, help_text="Makes it a reading task")
    added_at = models.DateTimeField("added", editable=False)
    added_by = models.CharField(max_length=150, editable=False)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        ordering = ["module", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="material_is_a_file_or_a_link",
                condition=(Q(url="") & ~Q(file="") & ~Q(content_type="") & Q(size__isnull=False))
                | (~Q(url="") & Q(file="") & Q(content_type="") & Q(size__isnull=True)),
            ),
            models.CheckConstraint(
                name="material_to_read_has_minutes", condition=Q(due_on=None) | Q(minutes__isnull=False, minutes__gte=1)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return self.url or reverse("material", args=[self.pk])

    @property
    def is_reading(self) -> bool:
        return self.due_on is not None

    @property
    def due_tag(self) -> str:
        """Read by 15 March"""
        return f"Read by {day_month(self.due_on)}" if self.due_on else ""

    @property
    def kind(self) -> str:
        """PDF, Word, …: what to expect before downloading."""
        return KINDS.get(self.content_type, "")
