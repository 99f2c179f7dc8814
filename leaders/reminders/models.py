"""The ledger of reminders, and what the office decides about their pace."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from leaders.outbox.models import Message
from leaders.people.models import Person


class ReminderQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(
            Q(waits_until=None) | Q(waits_until__lte=now), state=Reminder.State.PENDING, due_at__lte=now
        )  # fmt: skip

    def waiting_since(self):
        """With `since`: from when each could have gone out, by its day, its planning and the pace."""
        return self.annotate(since=Greatest("due_at", "planned_at", Coalesce("waits_until", "due_at")))

    def about(self, subject):
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


class Reminder(models.Model):
    """That one person is to hear about one thing once: one row per occurrence of a rule.

    States: pending -> written (it is in `message`, whose own state tells whether it was sent), or skipped
    with a reason, cancelled because its occasion has gone, held or dropped by the office. A moved date moves the row,
    and plans anew what was skipped or cancelled; what the office dropped goes out only if the office sends it.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Planned"
        HELD = "held", "Held"
        WRITTEN = "written", "Written"
        SKIPPED = "skipped", "Skipped"
        CANCELLED = "cancelled", "Cancelled"
        DROPPED = "dropped", "Not sent: the office decided"

    dedupe_key = models.CharField(max_length=200)
    rule = models.CharField(max_length=80, help_text="Key of the rule, as manage.py house prints it")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    recipient = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=40)
    cohort_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    on = models.DateField(help_text="The date in London that the rule names")
    due_on = models.DateField(null=True, blank=True, help_text="When what it reminds of is due")
    due_at = models.DateTimeField(help_text="When it goes out: 9am in London on a working day")
    expires_at = models.DateTimeField()
    planned_at = models.DateTimeField()
    waits_until = models.DateTimeField(null=True, blank=True, help_text="Two mails a week are enough")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING, editable=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was skipped, cancelled, held or dropped")
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="reminders", editable=False
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["dedupe_key"], name="reminder_dedupe_key_unique"),
            models.CheckConstraint(name="reminder_expires_after_due", condition=Q(expires_at__gt=F("due_at"))),
            models.CheckConstraint(
                name="reminder_message_only_when_written",
                condition=Q(state="written") | Q(message__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="reminder_pending_due"),
            models.Index(fields=["rule", "state", "due_at"], name="reminder_rule_state_due"),
            models.Index(fields=["subject_type", "subject_id"], name="reminder_subject"),
            models.Index(fields=["state", "due_at"], name="reminder_state_due"),
        ]

    def __str__(self):
        return self.dedupe_key


class ClosedPeriod(models.Model):
    """Days on which nothing goes out, besides weekends and England's bank holidays."""

    LONGEST = 60  # days: more is a slip of the year more often than it is meant

    label = models.CharField("name", max_length=100)
    first = models.DateField("first day")
    last = models.DateField("last day")

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(
                name="closed_period_in_order",
                violation_error_message="The last day must not be before the first.",
                condition=Q(last__gte=F("first")),
            )
        ]

    def __str__(self):
        return self.label

    def clean(self):
        if not self.first or not self.last:
            return
        days = (self.last - self.first).days + 1
        if days < 1:
            raise ValidationError({"last": "The last day comes before the first."})
        if days > self.LONGEST:
            raise ValidationError({
                "last": f"These are {days} days, on which nothing would go out. Check the year; one period has"
                f" {self.LONGEST} days or fewer."
            })  # fmt: skip


class Pace(models.Model):
    """How often the programme writes: one row, edited in the office."""

    quiet_august = models.BooleanField("quiet in August", default=True)
    quiet_christmas = models.BooleanField("quiet from 24 December to 1 January", default=True)
    mails_a_week = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(7)], help_text="To one person, digest included"
    )

    class Meta:
        verbose_name = "setting for how often we write"
        verbose_name_plural = "how often we write"
        constraints = [models.CheckConstraint(name="pace_is_one_row", condition=Q(pk=1))]

    def __str__(self):
        return "How often we write"

    @classmethod
    def current(cls) -> "Pace":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class NoDigest(models.Model):
    """That a person does not want the weekly email. Letters of their own still reach them."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="no_digest")
    since = models.DateTimeField()

    def __str__(self):
        return f"{self.person}: no weekly email"
