"""Mentees: participants who want a mentor, what they look for, and whom they would choose."""

import json

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Least

from cohorts.models import Place
from leaders.people.encryption import EncryptedTextField

from .mentors import Mentor, any_mode, ways_of_meeting


class MenteeProfileQuerySet(models.QuerySet):
    def opted_in(self):
        return self.filter(choice=MenteeProfile.Choice.IN)

    def come_first(self) -> int:
        """They wait without their doing, and come before others next time; how many. It counts until they begin."""
        return self.update(priority=Least(F("priority") + 1, MenteeProfile.MOST_PRIORITY))


class MenteeProfile(models.Model):
    """What a participant said about having a mentor. Saying nothing is not opting in.

    `wants` is importance, 0 to 4, by criterion key. `priority` is what waiting in an earlier round earns.
    """

    class Choice(models.TextChoices):
        IN = "in", "Would like a mentor"
        OUT = "out", "Would rather not"

    MOST_PRIORITY = 9

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="mentee_profile")
    choice = models.CharField(max_length=3, choices=Choice, editable=False)
    chosen_at = models.DateTimeField()
    modes = models.JSONField(default=any_mode)
    wants = models.JSONField(default=dict)
    looking_for = EncryptedTextField(blank=True)
    goals = EncryptedTextField(blank=True)
    shares_words = EncryptedTextField(blank=True)
    priority = models.PositiveSmallIntegerField("waiting priority", default=0)

    objects = MenteeProfileQuerySet.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(name="mentee_profile_in_or_out", condition=Q(choice__in=["in", "out"])),
        ]

    def __str__(self):
        return f"{self.place.person}: {self.get_choice_display().lower()}"

    @property
    def is_in(self) -> bool:
        return self.choice == self.Choice.IN

    @property
    def modes_words(self) -> str:
        return ways_of_meeting(self.modes)

    @property
    def shares(self) -> list[str]:
        """Characteristics this participant chose to share for matching; confidential."""
        return json.loads(self.shares_words) if self.shares_words else []


class Preference(models.Model):
    """A mentor that a mentee would choose: 1 is the first choice. Mentors never learn of it."""

    MOST = 4

    profile = models.ForeignKey(MenteeProfile, on_delete=models.CASCADE, related_name="preferences")
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["profile", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "mentor"], name="preference_once_per_mentor"),
            models.UniqueConstraint(fields=["profile", "rank"], name="preference_rank_once"),
            models.CheckConstraint(name="preference_rank_1_to_4", condition=Q(rank__range=(1, 4))),
        ]

    def __str__(self):
        return f"Choice {self.rank}"
