"""Every message: written once, previewed, sent once, and kept as it was sent."""

import uuid
from email.policy import default

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from leaders.people.models import Person


class MessageQuerySet(models.QuerySet):
    def due(self, now):
        return self.filter(state=Message.State.PENDING, due_at__lte=now)

    def to_person(self, person):
        """All that was written to somebody: as the person we know, or to their address before we knew whose it is."""
        return self.filter(Q(person=person) | Q(person=None, to_email__iexact=person.email))

    def stuck(self, now):
        """Claimed by a process that did not finish in time."""
        return self.filter(state__in=[Message.State.QUEUED, Message.State.SENDING], lease_until__lte=now)

    def spent(self, now):
        """Secret words that nobody can use any more."""
        return self.filter(secret=True, expires_at__lte=now)


class Message(models.Model):
    """One email to one address, rendered when it was written.

    States: pending -> queued (claimed by a tick) -> sending (handed to the mail server) -> sent; or held,
    skipped with a reason, failed, or uncertain when a process died between handing over and noting it.
    `delivery.py` moves the claimed ones, `actions.py` everything else.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Due"
        QUEUED = "queued", "Going out"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        HELD = "held", "Held"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain"

    kind = models.CharField(max_length=80, help_text="Key of the email, as manage.py house prints it")
    category = models.CharField(max_length=12, default="service")
    dedupe_key = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages")
    from_email = models.CharField(max_length=254)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=150, blank=True)
    reply_to = models.EmailField(blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    about_type = models.CharField(max_length=80, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    cohort_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    copy_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="copies", editable=False,
        help_text="The message that had gone out and that the office sent once more",
    )  # fmt: skip
    message_id = models.CharField(max_length=120)
    provider_id = models.CharField(max_length=200, blank=True, editable=False, help_text="The provider's name for it")

    state = models.CharField(max_length=10, choices=State, default=State.PENDING, editable=False)
    on_uncertain = models.CharField(max_length=8, default="resend")
    urgent = models.BooleanField(default=False, help_text="Somebody is waiting for it at the screen")
    secret = models.BooleanField(default=False, help_text="Its words are still to be removed")
    farewell = models.BooleanField(
        default=False, editable=False, help_text="Its reader was erased: the address goes with the words"
    )
    written_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When to try, or to try again")
    expires_at = models.DateTimeField(null=True, blank=True)
    dated_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="The Date of every copy")
    sent_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, default=None, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    resent = models.BooleanField(default=False, editable=False, help_text="A second, identical copy was allowed")
    released = models.BooleanField(
        default=False, editable=False, help_text="The office has looked at it: not held again"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was held, skipped, or failed")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            # As constraints, for a unique field brings a second index, of use to LIKE alone and to be kept in step too.
            models.UniqueConstraint(fields=["dedupe_key"], name="message_dedupe_key_unique"),
            models.UniqueConstraint(fields=["message_id"], name="message_message_id_unique"),
            models.CheckConstraint(
                name="message_sent_has_a_time",
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_claimed_has_token_and_lease",
                condition=Q(state__in=["queued", "sending"], token__isnull=False, lease_until__isnull=False)
                | ~Q(state__in=["queued", "sending"]),
            ),
        ]
        indexes = [
            # With the key, in which order a tick claims: a crowd due at one moment is not sorted anew by each.
            models.Index(fields=["due_at", "id"], condition=Q(state="pending"), name="message_pending_due"),
            models.Index(fields=["due_at"], condition=Q(state="pending", urgent=True), name="message_urgent_due"),
            models.Index(fields=["expires_at"], condition=Q(secret=True), name="message_secrets"),
            models.Index(fields=["sent_at"], name="message_sent_at"),
            models.Index(fields=["lease_until"], condition=Q(state__in=["queued", "sending"]), name="message_leases"),
            models.Index(fields=["state", "-due_at"], name="message_state_due"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="message_provider_id"),
        ]

    def __str__(self):
        return f"{self.subject} to {self.to_email}"


class Attachment(models.Model):
    """A file or a calendar invite that goes with a message, kept byte for byte."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    filename = models.CharField(max_length=120)
    content_type = models.CharField(
        max_length=120, help_text='With parameters, such as text/calendar; method="REQUEST"'
    )
    content = models.BinaryField()

    def __str__(self):
        return self.filename

    @property
    def is_invite(self) -> bool:
        return self.content_type.startswith("text/calendar") and bool(self.method)

    @property
    def method(self) -> str:
        """REQUEST, CANCEL … of a calendar invite (RFC 5546)."""
        return default.header_factory("Content-Type", self.content_type).params.get("method", "")


def new_message_id(domain: str) -> str:
    return f"<{uuid.uuid4().hex}@{domain}>"


class Suppression(models.Model):
    """An address that nothing is sent to: it bounced, its owner complained, or the office said so."""

    address = models.EmailField()
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField("sent to again since", null=True, blank=True)

    class Meta:
        verbose_name = "stopped address"
        verbose_name_plural = "stopped addresses"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"), condition=Q(lifted_at=None), name="suppression_address_once_at_a_time"
            ),
        ]

    def __str__(self):
        return self.address

    @classmethod
    def of(cls, address: str) -> "Suppression | None":
        """The suppression of this address that holds now."""
        return cls.objects.filter(address__iexact=address, lifted_at=None).first()


class Wording(models.Model):
    """The office's own words for one kind of email. The newest version is used; earlier ones stay on record.

    A blank field means the product's usual words. See `wordings.py` for the placeholders.
    """

    kind = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    opening = models.TextField(blank=True)
    closing = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="wording_version_unique")]

    def __str__(self):
        return f"{self.kind}, version {self.version}"


class Consent(models.Model):
    """That somebody agreed to promotional mail, such as invitations to alumni events (PECR, regulation 22)."""

    address = models.EmailField()
    given_at = models.DateTimeField()
    how = models.CharField(max_length=200, help_text="Where and in what words they agreed")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("address"), condition=Q(withdrawn_at=None), name="consent_address_once_at_a_time"
            ),
        ]

    def __str__(self):
        return self.address

    @classmethod
    def of(cls, address: str) -> "Consent | None":
        """The consent of this address that holds now."""
        return cls.objects.filter(address__iexact=address, withdrawn_at=None).first()


class GroupLetter(models.Model):
    """That the office wrote to a group: once for each form that it sent. The words are with each person's message."""

    form_uuid = models.UUIDField(default=uuid.uuid4)
    group = models.CharField(max_length=80, help_text="Key of the group, as its app finds it")
    title = models.CharField(max_length=200, help_text="What the group was called")
    mark = models.CharField(max_length=16, help_text="Of its words, to tell it from another sent from the same page")
    cohort_id = models.BigIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0, help_text="How many it was written to")
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = "message to a group"
        verbose_name_plural = "messages to groups"
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["form_uuid"], name="group_letter_once_per_form")]

    def __str__(self):
        return self.title


class Heartbeat(models.Model):
    """When a tick last ran, and how much it has let through in the current minute."""

    name = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()
    minute = models.DateTimeField(null=True, blank=True)
    in_minute = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.name} at {self.at}"

    @classmethod
    def lock(cls, name: str, now) -> "Heartbeat":
        """This tick's row, held until the transaction ends: ticks of the same name run one after the other."""
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now)], ignore_conflicts=True)
        return Heartbeat.objects.select_for_update().get(name=name)
