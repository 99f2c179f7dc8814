"""A cohort's round of nominations: who was invited, who has nobody, who wants to hear of it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cohorts.models import Cohort, Programme
from leaders.people.models import Organisation, Person


class RoundQuerySet(models.QuerySet):
    def live(self):
        return self.filter(cohort__status=Cohort.Status.LIVE)

    def open(self, now: datetime):
        """Those that take nominations now, for everybody (one person's extension aside)."""
        return self.live().filter(
            released_at=None, cohort__nominations_open__lte=now, cohort__nominations_close__gt=now
        )

    def current(self, now: datetime):
        """The round that the office works on now: open and closing soonest, else the last that opened; or None."""
        live = self.live().in_words()
        return (
            live.open(now).order_by("cohort__nominations_close", "pk").first()
            or live.filter(cohort__nominations_open__lte=now).order_by("-cohort__nominations_close", "-pk").first()
            or live.order_by("cohort__nominations_open", "pk").first()
        )

    def in_words(self):
        """With what every page about a round says: its cohort, programme and contact."""
        return self.select_related("cohort__programme", "cohort__contact")


class Round(models.Model):
    """The nominations of one cohort, from opening to the release of decisions. Its dates are the cohort's."""

    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, related_name="round")
    substitutes_until = models.DateTimeField(help_text="Until then a nominator may put forward somebody else")
    assessors = models.PositiveSmallIntegerField(default=2, help_text="Panel members who read each nomination")
    last_number = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField("opened", null=True, blank=True, editable=False)
    released_at = models.DateTimeField("released", null=True, blank=True, editable=False)
    seats_kept = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Seats left free at the release: offered only by the office's own decision"
    )
    released_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    history = HistoricalRecords(excluded_fields=["last_number"])
    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-cohort__starts_on"]
        constraints = [
            models.CheckConstraint(
                name="round_released_at_and_by",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
            models.CheckConstraint(
                name="round_has_assessors",
                violation_error_message="At least one person must read each nomination.",
                condition=Q(assessors__gte=1),
            ),
        ]

    def __str__(self):
        return f"Nominations for {self.cohort.short_name}"

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    @property
    def closes_at(self) -> datetime:
        """Until when it takes nominations: the cohort's date, or the release of decisions if that came first."""
        return min(filter(None, (self.cohort.nominations_close, self.released_at)))

    def may_be_planned_for(self, now: datetime) -> bool:
        """Whether nominators may be put on its list: also before it opens, and until it closes."""
        return self.cohort.status in {Cohort.Status.PLANNED, Cohort.Status.LIVE} and now < self.closes_at

    def is_open(self, now: datetime) -> bool:
        """Whether it takes nominations from everybody; `takes_from` knows who has more time."""
        return self.cohort.accepts_nominations(now) and not self.is_released

    def closes_for(self, organisation: Organisation) -> datetime:
        """Until when this organisation may nominate: what somebody there was given outlasts close and release alike."""
        invited = self.invitations.filter(organisation=organisation, withdrawn_at=None)
        begun = self.nominations.filter(organisation=organisation, state="draft").select_related("invitation")
        return max([self.closes_at, *(each.deadline for each in (*invited, *begun))])

    def takes_from(self, organisation: Organisation, now: datetime) -> bool:
        """Whether this organisation may nominate now, or say that it has nobody."""
        return self.has_begun(now) and now < self.closes_for(organisation)

    def has_begun(self, now: datetime) -> bool:
        """Whether its cohort is live and has reached the day on which nominations open."""
        return self.cohort.status == Cohort.Status.LIVE and self.cohort.nominations_open <= now

    def takes_nobody_from(self, organisation: Organisation, email: str) -> bool:
        """Whether this address may say that an organisation has nobody: one that was invited, any where none was."""
        invited = self.invitations.sent().filter(organisation=organisation)
        addresses = set(invited.values_list("nominator__email", flat=True))
        return not addresses or email in addresses


class InvitationQuerySet(models.QuerySet):
    def sent(self):
        return self.filter(invited_at__isnull=False, withdrawn_at=None)

    def unsent(self):
        return self.filter(invited_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """That a nominator is asked, for one organisation and round. Planned first, sent by the office's decision."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    nominator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField("invited", null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(
        "opened",
        null=True,
        blank=True,
        editable=False,
        help_text="When its button was pressed; reading it leaves no trace",
    )
    extended_until = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True, editable=False)

    history = HistoricalRecords()
    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation", "nominator"], name="invitation_once_per_round"),
            models.CheckConstraint(
                name="invitation_opened_after_it_was_sent",
                condition=Q(opened_at__isnull=True) | Q(invited_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.nominator} for {self.organisation}"

    @property
    def cohort_id(self) -> int:
        return self.round.cohort_id

    @property
    def deadline(self) -> datetime:
        """Until when this nominator may begin and send: the round's, or more time of their own."""
        return max(filter(None, (self.round.closes_at, self.extended_until)))

    def takes_nominations(self, now: datetime) -> bool:
        return self.round.has_begun(now) and now < self.deadline


class NobodyThisTime(models.Model):
    """That an organisation has nobody to nominate in this round. It stops the reminders, and can be undone."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="nobodies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    said_at = models.DateTimeField("said")
    undone_at = models.DateTimeField("taken back", null=True, blank=True)

    class Meta:
        verbose_name_plural = "nobody this time"
        ordering = ["-said_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"], condition=Q(undone_at=None), name="nobody_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.organisation} has nobody this time"


class TellMe(models.Model):
    """That somebody asked to be told when a programme's next round opens. Once they are told it is deleted."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField("asked")

    class Meta:
        verbose_name = "request to be told"
        verbose_name_plural = "requests to be told"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "email"], name="tell_me_once_per_address"),
        ]

    def __str__(self):
        return self.email
