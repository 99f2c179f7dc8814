"""The relationship: from the day both are told to the day it ends well."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Person

from .matching import MatchRun
from .mentors import Mentor, Mode


class Side(models.TextChoices):
    """The two in a mentorship."""

    MENTEE = "mentee", "Mentee"
    MENTOR = "mentor", "Mentor"

    @classmethod
    def opposite(cls, side: str) -> "Side":
        return cls.MENTOR if side == cls.MENTEE else cls.MENTEE


class MentorshipQuerySet(models.QuerySet):
    def live(self):
        """Told to both and not ended: these take up capacity."""
        return self.filter(state__in=Mentorship.LIVE)

    def visible_to(self, person):
        """The two themselves. The office reads only that it exists, on its own screens."""
        return self.filter(Q(place__person=person) | Q(mentor__person=person))

    def silent(self, today: date, *, days: int):
        """Live ones in running cohorts without a meeting for so many days, or since both were told, and none set."""
        since = today - timedelta(days=days)
        met = Meeting.objects.filter(mentorship=OuterRef("pk"), on__gt=since)
        told = self.live().filter(cohort__ends_on__gte=today, told_at__date__lte=since)
        return told.exclude(Exists(met)).exclude(next_at__date__gte=today)

    def with_people(self):
        return self.select_related(
            "place__person",
            "place__organisation",
            "mentor__person__organisation",
            "cohort__contact",
            "cohort__programme",
        )


class Mentorship(models.Model):
    """One mentee and one mentor. Proposed until they begin: by both agreeing how, or by a first meeting."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Told, not begun"
        ACTIVE = "active", "Under way"
        ENDED = "ended", "Ended"

    class Ending(models.TextChoices):
        DECLINED = "declined", "Declined before it began"
        ENDED = "ended", "Ended, at nobody’s fault"
        COMPLETED = "completed", "Came to its end with the programme"
        LEFT = "left", "One of them left"

    LIVE = ("proposed", "active")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="mentorships")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="mentorships")
    run = models.ForeignKey(MatchRun, on_delete=models.PROTECT, related_name="mentorships", null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED, editable=False)
    why_mentee = models.TextField(help_text="Why this match, for the mentee")
    why_mentor = models.TextField(help_text="Why this match, for the mentor")
    told_at = models.DateTimeField("told")
    first_meeting_by = models.DateField()
    next_at = models.DateTimeField("next meeting", null=True, blank=True)
    next_mode = models.CharField(max_length=10, choices=Mode, blank=True)
    next_where = models.CharField("where they meet next", max_length=200, blank=True, help_text="For the two alone")
    begun_at = models.DateTimeField("begun", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_side = models.CharField(max_length=6, choices=Side, blank=True, help_text="Who declined")

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(state__in=["proposed", "active"]), name="mentorship_one_live_per_place"
            ),
            models.UniqueConstraint(
                fields=["place"], condition=Q(ending="declined", ended_side="mentee"),
                name="mentorship_declined_once_by_mentee",
            ),
            models.UniqueConstraint(
                fields=["mentor", "cohort"], condition=Q(ending="declined", ended_side="mentor"),
                name="mentorship_declined_once_by_mentor",
            ),
            models.CheckConstraint(
                name="mentorship_ended_has_a_time_and_a_kind",
                condition=(Q(state="ended", ended_at__isnull=False) & ~Q(ending=""))
                | (~Q(state="ended") & Q(ended_at__isnull=True, ending="")),
            ),
            models.CheckConstraint(
                name="mentorship_active_has_begun", condition=~Q(state="active") | Q(begun_at__isnull=False)
            ),
            models.CheckConstraint(
                name="mentorship_next_has_a_mode",
                condition=Q(next_at__isnull=True, next_mode="") | (Q(next_at__isnull=False) & ~Q(next_mode="")),
            ),
            models.CheckConstraint(
                name="mentorship_where_only_with_next", condition=Q(next_at__isnull=False) | Q(next_where="")
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.place.person} and {self.mentor}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    def side_of(self, person: Person) -> Side | None:
        """Which of the two somebody is."""
        if self.place.person_id == person.pk:
            return Side.MENTEE
        return Side.MENTOR if self.mentor.person_id == person.pk else None

    def other(self, side: str) -> Person:
        """The person opposite."""
        return self.mentor.person if side == Side.MENTEE else self.place.person

    def person(self, side: str) -> Person:
        return self.place.person if side == Side.MENTEE else self.mentor.person

    def why(self, side: str) -> str:
        return self.why_mentee if side == Side.MENTEE else self.why_mentor

    @property
    def next_how(self) -> str:
        """How they meet next, and where, for the two alone: "in person, Toynbee Hall". Empty without a date."""
        if not self.next_at:
            return ""
        return ", ".join(filter(None, [Mode(self.next_mode).label.lower(), self.next_where]))

    @property
    def half_way(self) -> date:
        """When both are asked how it is going: in the middle between being told and graduation."""
        told = london_date(self.told_at)
        return told + (self.cohort.graduation_on - told) // 2


class Agreement(models.Model):
    """What the two agree on, from a template; it holds once both have said yes to the same version."""

    mentorship = models.OneToOneField(Mentorship, on_delete=models.CASCADE, related_name="agreement")
    aims = EncryptedTextField(blank=True)
    frequency = models.CharField(max_length=150, blank=True)
    ending = EncryptedTextField(blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    mentee_agreed_at = models.DateTimeField(null=True, blank=True)
    mentor_agreed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Agreement of {self.mentorship}"

    @property
    def is_agreed(self) -> bool:
        return bool(self.mentee_agreed_at and self.mentor_agreed_at)

    def agreed_by(self, side: str) -> bool:
        return bool(getattr(self, f"{side}_agreed_at"))


class Meeting(models.Model):
    """That they met: when and how. What was said is nobody's business but theirs.

    Whether it was useful each says for themselves; the other never sees it, and the office only counts.
    """

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="meetings")
    on = models.DateField()
    mode = models.CharField(max_length=10, choices=Mode)
    useful_mentee = models.BooleanField(null=True, blank=True)
    useful_mentor = models.BooleanField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=6, choices=Side)

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["mentorship", "on"], name="meeting_once_a_day")]

    def __str__(self):
        return f"{self.get_mode_display()}, {self.on}"


class PrivateNote(models.Model):
    """A note that only its writer ever reads."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentoring_notes")
    words = EncryptedTextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-written_at", "-pk"]

    def __str__(self):
        return f"Note of {self.written_at:%d %B %Y}"


class MentorshipReview(models.Model):
    """One side's answer to how it is going: half way, and at the end. No words, so nothing to keep secret.

    The one about the match is never asked for: it is somebody's wish to talk before it begins.
    """

    class Kind(models.TextChoices):
        MATCH = "match", "About the match"
        MIDDLE = "middle", "Half way"
        END = "end", "At the end"

    class Going(models.TextChoices):
        WELL = "well", "Well"
        PARTLY = "partly", "Partly"
        NOT = "not", "Not really"

    ASKED = (Kind.MIDDLE, Kind.END)
    ASKED_AFTER = (Mentorship.Ending.ENDED, Mentorship.Ending.COMPLETED)  # the endings after which it is asked still

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=6, choices=Kind)
    side = models.CharField(max_length=6, choices=Side)
    going = models.CharField(max_length=6, choices=Going)
    wants_to_talk = models.BooleanField("would like to talk to the programme office", default=False)
    answered_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["answered_at"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "kind", "side"], name="mentorship_review_once_per_side")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_side_display().lower()}"

    @property
    def is_asked(self) -> bool:
        """Whether it answers a question that everybody is asked."""
        return self.kind in self.ASKED
