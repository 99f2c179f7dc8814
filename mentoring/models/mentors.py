"""Mentors: trained alumni with little time, what they offer, and whom they cannot mentor."""

import json
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Organisation, Person
from mentoring.training import first_good_day, good_until, training_is_good


class Mode(models.TextChoices):
    """How two people meet."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "By video"
    PHONE = "phone", "By phone"


def any_mode() -> list[str]:
    return list(Mode.values)


def ways_of_meeting(modes: list[str]) -> str:
    """ "In person, by video or by phone" """
    known = [Mode(mode).label.lower() for mode in Mode.values if mode in modes]
    return " or ".join(filter(None, [", ".join(known[:-1]), *known[-1:]])).capitalize()


class MentorQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(status=Mentor.Status.APPROVED)

    def with_training(self):
        return self.prefetch_related("trainings")

    def untrained(self, on: date):
        """Those whose training does not count on a day: see `Mentor.is_trained`."""
        full = MentorTraining.objects.filter(
            mentor=OuterRef("mentor"), kind=MentorTraining.Kind.FULL, on__lte=OuterRef("on")
        )
        good = MentorTraining.objects.filter(Exists(full), mentor=OuterRef("pk"), on__range=(first_good_day(on), on))
        return self.exclude(Exists(good))


class Mentor(models.Model):
    """Somebody who mentors, or has offered to.

    `active` counts the mentorships that run now, so that capacity is one conditional update.
    """

    class Status(models.TextChoices):
        INVITED = "invited", "Invited"
        VOLUNTEERED = "volunteered", "Has offered"
        APPROVED = "approved", "Approved"
        STOOD_DOWN = "stood_down", "Stood down"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="mentor")
    status = models.CharField(max_length=12, choices=Status, editable=False)
    capacity = models.PositiveSmallIntegerField(default=1, help_text="How many people at a time")
    active = models.PositiveSmallIntegerField(default=0, editable=False)
    modes = models.JSONField(default=any_mode, help_text="Ways to meet that suit them")
    meets_at = models.CharField("where they can meet", max_length=150, blank=True)
    availability = models.CharField(max_length=200, blank=True, help_text="Such as mornings, not in August")
    offers = models.JSONField(default=dict, help_text="Criterion key to level, 0 to 4")
    offer = models.TextField("what they offer, in their own words", blank=True)
    resting_until = models.DateField(null=True, blank=True)
    shares_words = EncryptedTextField(blank=True)
    joined_at = models.DateTimeField("joined")
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = MentorQuerySet.as_manager()

    class Meta:
        ordering = ["person__name"]
        constraints = [
            models.CheckConstraint(name="mentor_capacity_1_to_3", condition=Q(capacity__range=(1, 3))),
            models.CheckConstraint(name="mentor_active_within_capacity", condition=Q(active__lte=F("capacity"))),
            models.CheckConstraint(
                name="mentor_approved_at_and_by",
                condition=Q(approved_at=None, approved_by="") | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
            ),
            models.CheckConstraint(
                name="mentor_approved_has_a_time", condition=~Q(status="approved") | Q(approved_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.person.name

    @property
    def shares(self) -> list[str]:
        """Characteristics this mentor chose to share for matching; confidential."""
        return json.loads(self.shares_words) if self.shares_words else []

    def trained_on(self, on: date) -> date | None:
        """The last training up to `on`; a refresher counts only after a full training."""
        days = sorted((each.on, each.kind) for each in self.trainings.all() if each.on <= on)
        full = next((day for day, kind in days if kind == MentorTraining.Kind.FULL), None)
        return max((day for day, _ in days if full and day >= full), default=None)

    def is_trained(self, on: date) -> bool:
        """Whether training is good for matching: 24 months up to and including `on`."""
        return training_is_good(self.trained_on(on), on)

    def training_ends(self, on: date) -> date | None:
        """The last day for which their training counts."""
        trained_on = self.trained_on(on)
        return good_until(trained_on) if trained_on else None

    def is_resting(self, on: date) -> bool:
        return self.resting_until is not None and self.resting_until > on

    def free_seats(self, on: date) -> int:
        """How many more people they could mentor today."""
        if self.status != self.Status.APPROVED or self.is_resting(on) or not self.is_trained(on):
            return 0
        return self.capacity - self.active

    @property
    def anonymous_title(self) -> str:
        """What a profile without a name is headed by: the post, without the employer."""
        return self.person.role_title or "An earlier participant"

    @property
    def modes_words(self) -> str:
        return ways_of_meeting(self.modes)


class MentorTraining(models.Model):
    """That a mentor was trained, or trained again."""

    class Kind(models.TextChoices):
        FULL = "full", "Mentor training"
        REFRESHER = "refresher", "Refresher"

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="trainings")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["mentor", "on"], name="mentor_training_once_a_day")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.mentor}"


class ConflictQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at=None)

    def unsettled(self):
        """Those in which the office has still to find out whom is meant."""
        return self.standing().filter(person=None, organisation=None)


class Conflict(models.Model):
    """That somebody cannot be matched with a person, or with anybody of an organisation. Either side declares it.

    The reason is for the declarer alone. `whom` is what they typed, for the office to find the person meant.
    """

    class Kind(models.TextChoices):
        CONFLICT = "conflict", "A conflict"
        LINE = "line", "One of us manages or managed the other"

    declared_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="declared_conflicts")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CONFLICT)
    whom = EncryptedTextField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    reason = EncryptedTextField(blank=True)
    declared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at"]
        constraints = [
            models.CheckConstraint(
                name="conflict_with_a_person_or_an_organisation",
                condition=Q(person__isnull=True) | Q(organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="conflict_not_with_oneself", condition=Q(person__isnull=True) | ~Q(person=F("declared_by"))
            ),
        ]

    def __str__(self):
        return f"Declared by {self.declared_by}"

    @property
    def said(self) -> str:
        """Whom it is with, in the declarer's own words; for an address or an organisation, by name."""
        settled = self.person or self.organisation
        return str(settled) if settled and (not self.whom or "@" in self.whom) else self.whom

    @property
    def is_settled(self) -> bool:
        """Whether it is known who is meant, so that the two are kept apart."""
        return bool(self.person_id or self.organisation_id)
