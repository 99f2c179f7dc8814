"""A nomination or application, from the first saved page to its outcome."""

import uuid
from datetime import datetime, time

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort
from leaders.components.dates import london_date
from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Organisation, Person
from leaders.reminders.working_days import add_working_days, due_at

from .rounds import Invitation, Round

ANSWER_DAYS = 5
"""Working days that a nominee, or an applicant's sponsor, has at least to answer, however late they are asked."""

WHY = "why:"
"""Prefix of the answers about a criterion: `why:<criterion key>`."""

END_OF_DAY = time(17)

# As plain words, because constraints are written into migrations.
_LIVE = ["sent", "complete", "offered", "waiting", "unsuccessful", "accepted"]
_ENDED = ["nominee_declined", "withdrawn", "replaced", "offer_declined", "offer_expired", "deferred"]


class NominationQuerySet(models.QuerySet):
    def live(self):
        """Sent and still standing, whatever came of them: these fill an organisation's quota."""
        return self.filter(state__in=Nomination.LIVE)

    def hoping(self):
        """Sent, and they may still lead to a place."""
        return self.filter(state__in=Nomination.HOPING)

    def drafts(self):
        return self.filter(state=Nomination.State.DRAFT)

    def sent(self):
        return self.exclude(state=Nomination.State.DRAFT)

    def completed(self):
        """Those that reached the panel, whatever came of them."""
        return self.filter(completed_at__isnull=False)

    def for_cohort(self, cohort):
        return self.filter(round__cohort=cohort)

    def visible_to(self, person):
        """The office sees all; a nominator and a nominee their own; a panel member none (see Assessment)."""
        return self if person.is_staff else self.filter(Q(nominator=person) | Q(nominee=person)).distinct()

    def in_words(self):
        """With what every page and letter about a nomination says."""
        return self.select_related(
            "round__cohort__programme", "round__cohort__contact", "organisation", "nominator", "nominee", "invitation"
        )


class Nomination(models.Model):
    """One person put forward by an organisation (a nomination) or by themselves (an application).

    `version` rises with every change of the draft; `changed_in` says at which version each page last
    changed, so that two people may fill different pages, and a stale tab is noticed on the same one.
    `quota` is how many live nominations the organisation may have in this round (copied from the
    programme; empty for any number), `quota_slot` the one this nomination holds while it is live.
    """

    class Kind(models.TextChoices):
        NOMINATION = "nomination", "Nomination"
        APPLICATION = "application", "Application"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        COMPLETE = "complete", "Complete"
        OFFERED = "offered", "Offered a place"
        WAITING = "waiting", "On the waiting list"
        UNSUCCESSFUL = "unsuccessful", "Not this time"
        ACCEPTED = "accepted", "Place accepted"
        NOMINEE_DECLINED = "nominee_declined", "Declined by the nominee"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REPLACED = "replaced", "Replaced by another"
        OFFER_DECLINED = "offer_declined", "Offer declined"
        OFFER_EXPIRED = "offer_expired", "Offer expired"
        DEFERRED = "deferred", "Deferred to a later cohort"

    LIVE = frozenset(map(State, _LIVE))
    HOPING = frozenset({State.SENT, State.COMPLETE, State.OFFERED, State.WAITING})
    ENDED = frozenset(map(State, _ENDED))
    LEFT = frozenset({State.NOMINEE_DECLINED, State.WITHDRAWN, State.REPLACED, State.DEFERRED})
    """Taken out of the selection by whoever was put forward, whoever nominated, or the office."""

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NOMINATION)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="nominations")
    invitation = models.ForeignKey(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="nominations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    organisation_name = models.CharField(max_length=200, blank=True, help_text="As typed, when it is not in our list")
    organisation_kind = models.CharField(max_length=20, blank=True, choices=Organisation.Kind)
    reference = models.CharField(max_length=24, unique=True)
    form_uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)
    changed_in = models.JSONField(default=dict, editable=False)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, editable=False)
    quota = models.PositiveSmallIntegerField(null=True, editable=False)
    quota_slot = models.PositiveSmallIntegerField(null=True, editable=False)

    # Who nominates: typed, and known as a person once sent.
    nominator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations_made"
    )
    nominator_name = models.CharField(max_length=150, blank=True)
    nominator_email = models.EmailField(max_length=254, blank=True)
    nominator_role_title = models.CharField("nominator job title", max_length=150, blank=True)
    nominator_phone = models.CharField(max_length=40, blank=True)

    # Who is put forward; of an application the applicant.
    nominee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations_received"
    )
    nominee_name = models.CharField(max_length=150, blank=True)
    nominee_email = models.EmailField(max_length=254, blank=True)
    nominee_phone = models.CharField(max_length=40, blank=True)
    nominee_role_title = models.CharField("nominee job title", max_length=150, blank=True)
    nominee_level = models.CharField(max_length=80, blank=True)
    nominee_service = models.CharField(max_length=150, blank=True)

    why = models.JSONField(default=dict, blank=True, help_text="One text for each criterion, by its key")

    # What the organisation will do.
    release_agreed = models.BooleanField(default=False)
    cover = models.TextField(blank=True)
    line_manager_name = models.CharField(max_length=150, blank=True)
    line_manager_email = models.EmailField(max_length=254, blank=True)
    sponsor_name = models.CharField(max_length=150, blank=True)
    sponsor_email = models.EmailField(max_length=254, blank=True)
    fee_contact_name = models.CharField(max_length=150, blank=True)
    fee_contact_email = models.EmailField(max_length=254, blank=True)
    purchase_order = models.CharField(max_length=60, blank=True)

    # What the nominee says.
    dates_agreed = models.BooleanField(default=False)
    date_clash = models.TextField(blank=True)
    statement = models.TextField(blank=True)
    contribution = models.TextField(blank=True)
    access_needs = EncryptedTextField(blank=True, help_text="Seen only by organisers; removed when the cohort closes")

    unfinished = models.JSONField(
        default=list, editable=False, help_text="Keys of the pages that somebody left half way, the latest last"
    )

    extended_until = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField("started")
    noted_at = models.DateTimeField(
        "noted by the office",
        null=True,
        blank=True,
        editable=False,
        help_text="When the office wrote down what was said on the telephone",
    )
    saved_at = models.DateTimeField("last saved", null=True, blank=True)
    send_asked_at = models.DateTimeField(
        "asked to send", null=True, blank=True, editable=False,
        help_text="When the link that sends it was mailed to prove the address",
    )  # fmt: skip
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    answer_by = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="What the nominee, or the sponsor, was told when it was sent"
    )
    attested_by = models.CharField(max_length=150, blank=True, help_text="Who confirmed it when it was sent")
    completed_at = models.DateTimeField("completed", null=True, blank=True)
    ended_at = models.DateTimeField("ended", null=True, blank=True)
    ended_reason = models.TextField("why it ended", blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["round", "state"], name="nomination_round_state"),
            models.Index(fields=["round", "organisation"], name="nomination_round_organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation", "quota_slot"],
                condition=Q(quota_slot__isnull=False),
                name="nomination_one_live_per_quota_slot",
            ),
            models.UniqueConstraint(
                fields=["round", "nominee"],
                condition=Q(state__in=_LIVE),
                name="nomination_one_live_per_nominee",
            ),
            models.CheckConstraint(
                name="nomination_live_holds_a_quota_slot",
                condition=Q(
                    state__in=_LIVE,
                    quota__isnull=False,
                    organisation__isnull=False,
                    quota_slot__isnull=False,  # said, because a comparison with NULL passes a CHECK
                    quota_slot__gte=1,
                    quota_slot__lte=F("quota"),
                )
                | Q(
                    state__in=_LIVE,
                    quota__isnull=True,
                    quota_slot__isnull=True,
                )
                | (~Q(state__in=_LIVE) & Q(quota_slot__isnull=True)),
            ),
            models.CheckConstraint(
                name="nomination_sent_is_attested_by_somebody_known",
                condition=Q(state="draft", sent_at__isnull=True, attested_by="")
                | (~Q(state="draft") & Q(sent_at__isnull=False, nominee__isnull=False) & ~Q(attested_by="")),
            ),
            models.CheckConstraint(
                name="nomination_complete_has_a_time",
                condition=Q(state__in=["draft", "sent", "nominee_declined"], completed_at__isnull=True)
                | Q(state__in=["withdrawn", "replaced", "deferred"])
                | (
                    ~Q(state__in=["draft", "sent", "nominee_declined", "withdrawn", "replaced", "deferred"])
                    & Q(completed_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="nomination_ended_has_a_time",
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return self.reference

    @property
    def cohort(self) -> Cohort:
        return self.round.cohort

    @property
    def cohort_id(self) -> int:
        return self.round.cohort_id

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def waits_to_be_sent(self) -> bool:
        """Whether somebody stood by it as it is now and wanted to send it, before the address was proved."""
        changed = self.saved_at and self.send_asked_at and self.saved_at > self.send_asked_at
        return self.is_draft and self.send_asked_at is not None and not changed

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_application(self) -> bool:
        return self.kind == self.Kind.APPLICATION

    @property
    def employer(self) -> str:
        """The organisation's name, from our list or as typed."""
        return self.organisation.name if self.organisation else self.organisation_name

    @property
    def employer_in_words(self) -> str:
        """The organisation's name in the middle of a sentence."""
        return self.organisation.in_words if self.organisation else self.organisation_name

    @property
    def deadline(self) -> datetime:
        """Until when this draft may be sent: the round's, or one person's own extension."""
        invitation = self.invitation.extended_until if self.invitation else None
        return max(filter(None, (self.round.closes_at, self.extended_until, invitation)))

    @property
    def answer_deadline(self) -> datetime:
        """Until when the nominee may accept, or an applicant's sponsor endorse: never earlier than they were told."""
        return max(filter(None, (self.round.cohort.statements_due, self.answer_by, self.extended_until)))

    def answer_deadline_if_sent(self, now: datetime) -> datetime:
        """Until when it may be answered if it is sent now: at the end of a working day, `ANSWER_DAYS` off or more."""
        return max(self.answer_deadline, due_at(add_working_days(london_date(now), ANSWER_DAYS), END_OF_DAY))

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it can still be taken back or deferred: after it was sent, before a place is accepted."""
        return self.state in self.HOPING

    @property
    def may_be_replaced(self) -> bool:
        """Whether another may take its place: it stands, and nothing was offered."""
        return self.state in {self.State.SENT, self.State.COMPLETE}

    @property
    def takes_substitutes(self) -> bool:
        """Whether its nominator may put forward somebody else instead, until `substitutes_until`."""
        return not self.is_application and (self.may_be_replaced or self.state == self.State.NOMINEE_DECLINED)

    @property
    def substitutes_until(self) -> datetime:
        """Until when somebody else may be put forward: the round's cut-off, or this nominator's own deadline."""
        return max(self.round.substitutes_until, self.deadline)

    def may_be_substituted(self, now: datetime) -> bool:
        """Whether its nominator may still put forward somebody else."""
        return self.takes_substitutes and now < self.substitutes_until

    def waits_for_answer(self, now: datetime) -> bool:
        """Whether the nominee, or an applicant's sponsor, may still answer."""
        return self.state == self.State.SENT and now < self.answer_deadline

    def takes_changes(self, now: datetime) -> bool:
        return self.keeps_words(now) and now < self.deadline

    def keeps_words(self, now: datetime) -> bool:
        """Whether what is typed into the draft is saved: also of a page that was open when nominations closed."""
        return self.is_draft and self.round.has_begun(now)

    def value(self, field: str):
        """An answer by the name of its field; `why:<key>` is the text for a criterion."""
        return self.why.get(field.removeprefix(WHY), "") if field.startswith(WHY) else getattr(self, field)

    @property
    def dates(self) -> str:
        """Whether they can come: "all", "clash" with a day that `date_clash` names, or empty while it is not said."""
        return "clash" if self.date_clash else "all" if self.dates_agreed else ""

    @dates.setter
    def dates(self, said: str) -> None:
        self.dates_agreed = said == "all"

    def put(self, field: str, value) -> None:
        if field.startswith(WHY):
            self.why = {**self.why, field.removeprefix(WHY): value}
        else:
            setattr(self, field, value)

    @property
    def writer(self) -> tuple[str, str]:
        """Name and address of whoever fills the form: the nominator, or the applicant."""
        if self.is_application:
            return self.nominee_name, self.nominee_email
        return self.nominator_name, self.nominator_email

    @property
    def put_forward(self) -> Person:
        """Who was put forward, of a sent nomination: the database holds it. Raises RuntimeError on a draft."""
        if self.nominee is None:
            raise RuntimeError(f"{self.reference} was not sent, so its nominee is not known yet.")
        return self.nominee

    @property
    def put_forward_by(self) -> Person:
        """Who sent a nomination. Raises RuntimeError on a draft, and on an application, which has nobody."""
        if self.nominator is None:
            raise RuntimeError(f"{self.reference} has no nominator: it was not sent, or is an application.")
        return self.nominator
