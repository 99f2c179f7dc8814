"""What a participant leaves with and leaves behind: the narrative, words to quote, the certificate."""

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse

from leaders.people.encryption import EncryptedTextField

from .places import Place

# Without 0 and O, 1, I and L, and U, which are mistaken for each other when read from paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class Part(models.TextChoices):
    """The three parts of a public narrative, after Marshall Ganz: story of self, of us, of now."""

    SELF = "self", "Self"
    US = "us", "Us"
    NOW = "now", "Now"


class Narrative(models.Model):
    """A participant's graduation narrative: a private draft until they submit it.

    `version` rises with every save, so that a stale tab overwrites nothing.
    """

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="narrative")
    self_text = EncryptedTextField(blank=True)
    us_text = EncryptedTextField(blank=True)
    now_text = EncryptedTextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"Narrative of {self.place}"

    @property
    def texts(self) -> dict[str, str]:
        return {part: getattr(self, f"{part}_text") for part in Part.values}

    @property
    def is_complete(self) -> bool:
        return all(text.strip() for text in self.texts.values())


class NarrativeVersion(models.Model):
    """The narrative as it was submitted, each time."""

    narrative = models.ForeignKey(Narrative, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    self_text = EncryptedTextField()
    us_text = EncryptedTextField()
    now_text = EncryptedTextField()

    class Meta:
        ordering = ["narrative", "-number"]
        constraints = [models.UniqueConstraint(fields=["narrative", "number"], name="narrative_version_unique")]

    def __str__(self):
        return f"{self.narrative}, version {self.number}"


class NarrativeConsent(models.Model):
    """That the programme may quote from one part of a narrative, for as long as it is not withdrawn."""

    narrative = models.ForeignKey(Narrative, on_delete=models.CASCADE, related_name="consents")
    part = models.CharField(max_length=4, choices=Part)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["narrative", "part", "given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["narrative", "part"], condition=Q(withdrawn_at=None), name="narrative_consent_open_once"
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()}, {self.narrative}"


class QuoteQuerySet(models.QuerySet):
    def agreed(self):
        """Those whose author agrees now: the only ones that anybody but author and office may see."""
        return self.filter(agreed_at__isnull=False, withdrawn_at=None)

    def asked(self):
        return self.filter(agreed_at=None, withdrawn_at=None)

    def published(self):
        return self.agreed().filter(is_chosen=True)

    def for_cohort(self, cohort):
        return self.filter(place__cohort=cohort)


class Quote(models.Model):
    """Words of a participant that the programme may publish, if they agree and as long as they agree."""

    class ShownAs(models.TextChoices):
        NAME = "name", "My name and organisation"
        ROLE = "role", "My role and organisation"
        NOBODY = "nobody", "“A participant”"

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="quotes")
    words = models.TextField()
    part = models.CharField("part of the narrative", max_length=4, choices=Part, blank=True)
    shown_as = models.CharField(max_length=8, choices=ShownAs, default=ShownAs.NOBODY)
    is_chosen = models.BooleanField("in the case study", default=False)
    asked_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["place", "asked_at"]

    def __str__(self):
        return f"Words of {self.place}"

    @property
    def is_agreed(self) -> bool:
        return self.agreed_at is not None and self.withdrawn_at is None

    @property
    def author(self) -> str:
        """Who said it, as they chose to be shown."""
        place = self.place
        if self.shown_as == self.ShownAs.NAME:
            return f"{place.person.name}, {place.organisation.name}"
        if self.shown_as == self.ShownAs.ROLE:
            return f"{place.role_title or 'A participant'}, {place.organisation.name}"
        return "A participant"


def new_code() -> str:
    """An unguessable check code such as 7F3K-2QXD."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class Certificate(models.Model):
    """That a person completed the programme; whoever holds the paper can check its code.

    What is printed is kept as it was on the day, so that a later change of name makes a new certificate.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=9, unique=True, default=new_code, editable=False)
    name = models.CharField(max_length=150)
    issued_at = models.DateTimeField("issued")
    revoked_at = models.DateTimeField("revoked", null=True, blank=True)
    revoked_reason = models.TextField("why it was revoked", blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(revoked_at=None), name="certificate_valid_once_per_place"
            ),
            models.CheckConstraint(
                name="certificate_revoked_with_a_reason",
                condition=Q(revoked_at=None, revoked_reason="") | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
            ),
        ]

    def __str__(self):
        return f"Certificate {self.code}"

    def get_absolute_url(self):
        return reverse("certificate", args=[self.code])

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None
