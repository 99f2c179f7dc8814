"""Coaching groups: a coach and about six people who meet all year, in confidence."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Place
from leaders.people.models import Person


class Coach(models.Model):
    """Somebody who leads coaching groups."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="coach")
    groups_at_once = models.PositiveSmallIntegerField("groups at a time", default=1)
    about = models.TextField("about this coach, for the group", blank=True)
    joined_at = models.DateTimeField("joined")
    stood_down_at = models.DateTimeField("stood down", null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "coaches"
        ordering = ["person__name"]
        constraints = [
            models.CheckConstraint(
                name="coach_of_1_to_4_groups",
                violation_error_message="A coach has one to four groups at once.",
                condition=Q(groups_at_once__range=(1, 4)),
            )
        ]

    def __str__(self):
        return self.person.name


class CoachingGroupQuerySet(models.QuerySet):
    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def proposed(self):
        return self.filter(confirmed_at=None)


class CoachingGroup(models.Model):
    """A group of a cohort with its coach. Proposed until the office confirms it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="coaching_groups")
    number = models.PositiveSmallIntegerField()
    coach = models.ForeignKey(Coach, on_delete=models.PROTECT, related_name="groups", null=True, blank=True)
    reason = models.TextField(blank=True, editable=False, help_text="Why these people, as it was formed")
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True, editable=False)
    confirmed_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = CoachingGroupQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="coaching_group_number_unique"),
            models.CheckConstraint(
                name="coaching_group_confirmed_at_and_by",
                condition=Q(confirmed_at=None, confirmed_by="") | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
        ]

    def __str__(self):
        return f"Coaching group {self.number}"


class CoachingGroupMember(models.Model):
    """A place in a group; nobody is in two."""

    group = models.ForeignKey(CoachingGroup, on_delete=models.CASCADE, related_name="members")
    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="coaching_membership")
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["group", "place__person__name"]

    def __str__(self):
        return f"{self.place.person}, {self.group}"


class CoachingSessionQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(cancelled_at=None)

    def to_come(self, now: datetime):
        """Kept, not begun and not recorded: these can still be moved or cancelled."""
        return self.kept().filter(starts__gt=now, recorded_at=None)


class CoachingSession(models.Model):
    """One meeting of a group. Nothing is written down about it but who was there."""

    group = models.ForeignKey(CoachingGroup, on_delete=models.CASCADE, related_name="sessions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    where = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(null=True, blank=True, editable=False)
    recorded_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = CoachingSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(name="coaching_session_ends_after_start", condition=Q(ends__gt=F("starts"))),
            models.UniqueConstraint(
                fields=["group", "starts"], condition=Q(cancelled_at=None), name="coaching_session_once_at_a_time"
            ),
            models.CheckConstraint(
                name="coaching_session_recorded_at_and_by",
                condition=Q(recorded_at=None, recorded_by="") | (Q(recorded_at__isnull=False) & ~Q(recorded_by="")),
            ),
        ]

    def __str__(self):
        return f"{self.group}, {self.starts:%d %B %Y}"

    @property
    def summary(self) -> str:
        """What it is called among the other things of somebody's calendar."""
        return f"{self.group} of {self.group.cohort.name}"

    def is_to_come(self, now: datetime) -> bool:
        """The same as `to_come` of the queryset."""
        return self.cancelled_at is None and self.recorded_at is None and self.starts > now


class CoachingAttendance(models.Model):
    """Who was there."""

    session = models.ForeignKey(CoachingSession, on_delete=models.CASCADE, related_name="attendance")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="coaching_attendance")
    present = models.BooleanField()

    class Meta:
        ordering = ["session", "place__person__name"]
        constraints = [models.UniqueConstraint(fields=["session", "place"], name="coaching_attendance_once")]

    def __str__(self):
        return f"{self.place.person}: {'there' if self.present else 'not there'}"
