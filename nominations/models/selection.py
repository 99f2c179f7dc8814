"""The panel's reading, the director's decisions, and the offers that follow."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cohorts.models import Criterion
from leaders.people.models import Person

from .nomination import Nomination
from .rounds import Round


class PanelMember(models.Model):
    """That a person reads for a round."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="panel")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="panels")
    joined_at = models.DateTimeField("joined")
    left_at = models.DateTimeField("left", null=True, blank=True)

    class Meta:
        ordering = ["person__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="panel_member_once_per_round")]

    def __str__(self):
        return f"{self.person}, {self.round}"


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, person):
        """A panel member sees what they were given to read, and nothing of others, whatever else they may do here."""
        mine = self.filter(member__person=person, member__left_at=None).exclude(state=Assessment.State.CONFLICT)
        return mine.exclude(nomination__state__in=Nomination.LEFT)

    def to_do(self):
        """What is still to be read and handed in; nobody reads a nomination that was taken out of the selection."""
        return self.filter(state__in=Assessment.OPEN).exclude(nomination__state__in=Nomination.LEFT)

    def submitted(self):
        return self.filter(state=Assessment.State.SUBMITTED)


class Assessment(models.Model):
    """One panel member's reading of one nomination."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", "To read"
        DRAFT = "draft", "Begun"
        SUBMITTED = "submitted", "Submitted"
        CONFLICT = "conflict", "Conflict declared"

    OPEN = frozenset({State.ASSIGNED, State.DRAFT})

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="assessments")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField(help_text="What the panel member sees in place of a name: nomination 3")
    state = models.CharField(max_length=10, choices=State, default=State.ASSIGNED, editable=False)
    comment = models.TextField(blank=True)
    discuss = models.BooleanField("to be discussed", default=False)
    conflict_reason = models.TextField(blank=True)
    assigned_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["member", "number"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "member"], name="assessment_once_per_member"),
            models.UniqueConstraint(fields=["member", "number"], name="assessment_number_per_member"),
            models.CheckConstraint(
                name="assessment_submitted_has_a_time",
                condition=Q(state="submitted", submitted_at__isnull=False)
                | (~Q(state="submitted") & Q(submitted_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.member.person} on {self.nomination}"


class Score(models.Model):
    """A score for one criterion. The highest possible is kept beside it, so that the database can hold the range."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty until scored")
    highest = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(
                name="score_within_its_range",
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=F("highest")),
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"


class Decision(models.Model):
    """What the director decided about a nomination: secret until the round is released."""

    class Outcome(models.TextChoices):
        OFFER = "offer", "Offer a place"
        WAITING = "waiting", "Waiting list"
        NOT_THIS_TIME = "not_this_time", "Not this time"

    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=14, choices=Outcome)
    rank = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Order on the waiting list, from 1")
    feedback = models.TextField(blank=True, help_text="Goes into the letter")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["outcome", "rank", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_ranked_on_the_waiting_list",
                condition=Q(outcome="waiting", rank__isnull=False, rank__gte=1)
                | (~Q(outcome="waiting") & Q(rank__isnull=True)),
            ),
        ]

    def __str__(self):
        return f"{self.nomination}: {self.get_outcome_display()}"


class OfferQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Offer.State.OPEN)

    def in_words(self):
        return self.select_related(
            "nomination__round__cohort__programme",
            "nomination__round__cohort__contact",
            "nomination__organisation",
            "nomination__nominee",
            "nomination__nominator",
        )


class Offer(models.Model):
    """A place offered until a moment. While it is open it holds a seat of the cohort."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, editable=False)
    from_waiting_list = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="offer_open_expiry")]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(state__in=["open", "accepted"]), name="offer_one_live_per_nomination"
            ),
            models.CheckConstraint(
                name="offer_answered_has_a_time",
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="offer_expires_after_it_was_made", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self):
        return f"Offer to {self.nomination}"
