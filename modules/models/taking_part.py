"""What a participant's year leaves behind: attendance, catching up, reading done, feedback."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cohorts.models import Place
from leaders.people.encryption import EncryptedTextField

from .year import Material, Module, Session


class AttendanceQuerySet(models.QuerySet):
    def missed(self):
        return self.filter(status=Attendance.Status.ABSENT)

    def without_catch_up(self):
        return self.missed().filter(catch_up=None)


class Attendance(models.Model):
    """Whether a participant was at a session. An agreed adjustment never counts as an absence."""

    class Status(models.TextChoices):
        PRESENT = "present", "Present"
        REMOTE = "remote", "Joined remotely"
        ADJUSTED = "adjusted", "Agreed adjustment"
        ABSENT = "absent", "Absent"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="attendance")
    status = models.CharField(max_length=10, choices=Status, editable=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "attendance"
        ordering = ["session", "place"]
        constraints = [
            models.UniqueConstraint(fields=["session", "place"], name="attendance_once_per_session"),
            models.CheckConstraint(
                name="attendance_status_known", condition=Q(status__in=["present", "remote", "adjusted", "absent"])
            ),
        ]

    def __str__(self):
        return f"{self.place.person} at {self.session}: {self.get_status_display().lower()}"

    @property
    def counts(self) -> bool:
        """Whether it counts towards the days needed to graduate."""
        return self.status != self.Status.ABSENT


class CatchUp(models.Model):
    """What somebody does instead of a session they missed; `words` are theirs, for the office to read."""

    attendance = models.OneToOneField(Attendance, on_delete=models.CASCADE, related_name="catch_up")
    task = models.CharField(max_length=400)
    minutes = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    done_at = models.DateTimeField(null=True, blank=True)
    words = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = "catch-up task"
        ordering = ["due_on", "pk"]
        constraints = [models.CheckConstraint(name="catch_up_takes_time", condition=Q(minutes__gte=1))]

    def __str__(self):
        return f"Catch-up for {self.attendance.session}"


class Reading(models.Model):
    """A participant's own tick that they have read something; nobody counts it against them."""

    material = models.ForeignKey(Material, on_delete=models.CASCADE, related_name="readings")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["material", "place"], name="reading_once")]

    def __str__(self):
        return f"{self.place.person} read {self.material}"


def agreement(statement: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(statement, validators=[MinValueValidator(1), MaxValueValidator(5)])


class Feedback(models.Model):
    """What one participant thought of a module: four statements from 1 (not at all) to 5 (completely), and words.

    Never registered in the office's lists: it is read there without names, once it has closed (`modules.aggregates`).
    """

    STATEMENTS = ("worth_the_time", "new_perspectives", "will_use_it", "took_part_fully")

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="feedback")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="feedback")
    worth_the_time = agreement("It was worth the time away from my job")
    new_perspectives = agreement("It brought me perspectives I would not otherwise have met")
    will_use_it = agreement("I know what I will do differently at work")
    took_part_fully = agreement("I could take part fully and felt I belonged")
    comment = EncryptedTextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ["module", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["module", "place"], name="feedback_once_per_module"),
            models.CheckConstraint(
                name="feedback_between_one_and_five",
                condition=Q(worth_the_time__range=(1, 5))
                & Q(new_perspectives__range=(1, 5))
                & Q(will_use_it__range=(1, 5))
                & Q(took_part_fully__range=(1, 5)),
            ),
        ]

    def __str__(self):
        return f"Feedback on {self.module}"
