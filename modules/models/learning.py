"""The learning plan, private to its writer, and the learning contract, agreed by three."""

import json
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cohorts.models import Place
from leaders.people.encryption import EncryptedTextField
from leaders.people.meanwhile import mark
from leaders.people.models import Person

from .sharing import Shared
from .year import TAKING_PART

LIVE_GOALS = 3
REVIEW_AHEAD = timedelta(weeks=2)


class LearningPlan(Shared):
    """A participant's plan. Private; they may let their mentor, or their sponsor, read it."""

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="learning_plan")
    started_at = models.DateTimeField()

    def __str__(self):
        return f"Learning plan of {self.place.person}"


class GoalQuerySet(models.QuerySet):
    def live(self):
        return self.filter(status=Goal.Status.LIVE)


class Goal(models.Model):
    """One thing to learn. Three at most are live: each takes one of three slots, held by the database."""

    class Status(models.TextChoices):
        LIVE = "live", "Working on it"
        DONE = "done", "Done"
        DROPPED = "dropped", "No longer"

    class Going(models.TextChoices):
        WELL = "well", "Going well"
        SLOWLY = "slowly", "Slower than hoped"
        STUCK = "stuck", "Stuck"

    plan = models.ForeignKey(LearningPlan, on_delete=models.CASCADE, related_name="goals")
    slot = models.PositiveSmallIntegerField(editable=False)
    dimension = models.CharField(
        max_length=40, blank=True, help_text="Key of the questionnaire dimension it comes from"
    )
    title = EncryptedTextField()
    why = EncryptedTextField(blank=True)
    steps = EncryptedTextField(blank=True)
    support = EncryptedTextField(blank=True)
    evidence = EncryptedTextField(blank=True)
    by_when = models.DateField(null=True, blank=True)
    going = models.CharField(max_length=6, choices=Going, blank=True)
    notes = EncryptedTextField(blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.LIVE, editable=False)
    made_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    WORDS = ("title", "why", "steps", "support", "evidence", "by_when", "dimension")

    objects = GoalQuerySet.as_manager()

    class Meta:
        ordering = ["status", "slot", "-ended_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "slot"], condition=Q(status="live"), name="goal_slot_held_by_one_live_goal"
            ),
            models.CheckConstraint(name="goal_slot_from_1_to_3", condition=Q(slot__gte=1, slot__lte=LIVE_GOALS)),
            models.CheckConstraint(
                name="goal_ended_has_a_time",
                condition=Q(status="live", ended_at__isnull=True) | (~Q(status="live") & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self):
        return "A learning goal"  # never its words: this goes into the audit trail

    @property
    def is_live(self) -> bool:
        return self.status == self.Status.LIVE

    @property
    def mark(self) -> str:
        """What a page that shows this goal sends back, see `leaders.people.meanwhile`."""
        return mark(str(getattr(self, name) or "") for name in self.WORDS)

    @property
    def review_mark(self) -> str:
        """The same of a page that shows how it is going."""
        return mark([self.going, self.notes])


class Party(models.TextChoices):
    """The three who sign."""

    PARTICIPANT = "participant", "Participant"
    SPONSOR = "sponsor", "Sponsor"
    PROGRAMME = "programme", "Programme"


class ContractQuerySet(models.QuerySet):
    def unsigned(self):
        return self.exclude(status=LearningContract.Status.AGREED)

    def with_signatures(self):
        """Each with whether the version that counts now is signed by its `participant`, `sponsor`, `programme`."""
        signed = Signature.objects.filter(contract=OuterRef("pk"), version=OuterRef("version"))
        return self.annotate(**{f"{party}_signed": Exists(signed.filter(party=party)) for party in Party.values})

    def waiting_for(self, party: str):
        """Those whose next signature is that party's: participant first, then sponsor, then programme."""
        order = Party.values
        before = {f"{earlier}_signed": True for earlier in order[: order.index(party)]}
        return self.with_signatures().filter(**before, **{f"{party}_signed": False})

    def visible_to(self, person):
        """Its participant, and the office; sponsor and line manager as long as the participant takes or took part."""
        if person.is_staff:
            return self
        beside = Q(place__sponsor=person) | Q(place__line_manager=person)
        return self.filter(Q(place__person=person) | beside & Q(place__status__in=TAKING_PART))


class LearningContract(models.Model):
    """What participant, sponsor and programme promise each other. Any change makes a new version to sign."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Being written"
        PROPOSED = "proposed", "Waiting for signatures"
        AGREED = "agreed", "Signed by all three"

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="contract")
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    due_on = models.DateField("due")
    review_on = models.DateField("review")
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    agreed_at = models.DateTimeField("agreed", null=True, blank=True)
    reviewed_at = models.DateTimeField("reviewed", null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "place"]
        constraints = [
            models.CheckConstraint(
                name="contract_agreed_has_a_time",
                condition=Q(status="agreed", agreed_at__isnull=False)
                | (~Q(status="agreed") & Q(agreed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="contract_sent_before_it_is_signed", condition=Q(status="draft") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(name="contract_reviewed_after_due", condition=Q(review_on__gte=F("due_on"))),
        ]

    def __str__(self):
        return f"Learning contract of {self.place.person}"

    @property
    def texts(self) -> dict[str, str]:
        """The words of the version that counts now."""
        return self.words_of(self.version)

    def signed(self, version: int | None = None) -> dict[str, "Signature"]:
        """Party -> signature, of the version that counts now unless another is asked for."""
        version = version or self.version
        return {each.party: each for each in self.signatures.all() if each.version == version}

    def waits_for(self) -> list[str]:
        """The parties who have not signed the version that counts now, in order."""
        signed = self.signed()
        return [party for party in Party.values if party not in signed]

    @property
    def sent_version(self) -> int | None:
        """The newest version that the participant signed and so sent: the only words that others read."""
        return max((each.version for each in self.signatures.all() if each.party == Party.PARTICIPANT), default=None)

    @property
    def has_ended(self) -> bool:
        """Whether its participant left or deferred."""
        return self.place.status not in TAKING_PART

    @property
    def is_over(self) -> bool:
        """Whether its participant has graduated: it stays to be read, and nothing is signed or asked any more."""
        return self.place.is_alumni

    @property
    def readers(self) -> list[Person]:
        """Who gets a private link to it: the sponsor, and the line manager if that is somebody else.

        Nobody once the place has ended: what was agreed for a year that is not taken is nobody's to read.
        """
        if self.has_ended:
            return []
        return list(dict.fromkeys(filter(None, (self.place.sponsor, self.place.line_manager))))

    def words_of(self, version: int) -> dict[str, str]:
        return self.versions.get(number=version).texts

    @property
    def is_being_changed(self) -> bool:
        """Sent once, then changed, and not sent again."""
        return self.status == self.Status.PROPOSED and self.sent_version != self.version

    @property
    def standing(self) -> str:
        """Where it stands, in a few words."""
        if self.status == self.Status.DRAFT:
            return "Being written"
        if self.status == self.Status.AGREED:
            return "Signed by all three"
        if self.is_being_changed:
            return "Being changed"
        return "Waiting for " + " and ".join(f"the {Party(party).label.lower()}" for party in self.waits_for())

    def is_late(self, today: date) -> bool:
        return self.status != self.Status.AGREED and self.due_on < today

    def is_due_for_review(self, today: date) -> bool:
        """From two weeks before, as two people have to find an hour for it."""
        return self.status == self.Status.AGREED and not self.reviewed_at and today >= self.review_on - REVIEW_AHEAD


class ContractVersion(models.Model):
    """The words of a contract as they were signed or superseded: section key -> text, encrypted."""

    contract = models.ForeignKey(LearningContract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = EncryptedTextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["contract", "number"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="contract_version_unique")]

    def __str__(self):
        return f"{self.contract}, version {self.number}"

    @property
    def texts(self) -> dict[str, str]:
        return json.loads(self.words)


class Signature(models.Model):
    """That a party signed a version, by name."""

    contract = models.ForeignKey(LearningContract, on_delete=models.CASCADE, related_name="signatures")
    version = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=12, choices=Party)
    name = models.CharField(max_length=150)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="contract_signatures", null=True, editable=False,
        help_text="Who signed, whoever is the sponsor by now; unknown of some before this was kept",
    )  # fmt: skip
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "version", "party"], name="signature_once_per_version"),
        ]

    def __str__(self):
        return f"{self.signed_as}, {self.get_party_display().lower()}"

    @property
    def signed_as(self) -> str:
        """The name as it was typed, and for whom it stands where that is somebody else's."""
        is_their_own = self.name.casefold().split() == self.signed_by.casefold().split()
        return self.name if is_their_own else f"{self.name}, for {self.signed_by}"


class ContractComment(models.Model):
    """What a sponsor or line manager says about the contract; the participant reads it and may answer by a change."""

    contract = models.ForeignKey(LearningContract, on_delete=models.CASCADE, related_name="comments")
    version = models.PositiveSmallIntegerField()
    words = EncryptedTextField()
    name = models.CharField(max_length=150)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="contract_comments", null=True, editable=False,
        help_text="Who said it, whatever they are to the participant by now",
    )  # fmt: skip
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at"]

    def __str__(self):
        return f"{self.name} on version {self.version}"
