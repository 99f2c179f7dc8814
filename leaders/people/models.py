"""Who is who: organisations, people, their roles, their private links, and the audit trail."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from simple_history.models import HistoricalRecords

# What a body may call itself so that its name takes an article.
KINDS_OF_BODY = frozenset(("authority", "brigade", "commission", "corporation", "police", "service"))


class OrganisationQuerySet(models.QuerySet):
    def authorities(self):
        """The 33: the 32 boroughs and the City of London Corporation."""
        return self.filter(kind=Organisation.Kind.AUTHORITY)

    def active(self):
        return self.filter(is_active=True)

    def of_kinds(self, kinds):
        return self.filter(kind__in=kinds)


class Organisation(models.Model):
    """An employer of nominees: one of the 33 authorities, or a body of another kind."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", "London authority"
        REGIONAL = "regional", "London-wide body"
        HEALTH = "health", "Health"
        POLICE = "police", "Police"
        YOUTH = "youth", "Youth services"
        PROBATION = "probation", "Probation"
        VOLUNTARY = "voluntary", "Voluntary sector"
        OUTSIDE = "outside_london", "Outside London"
        INDEPENDENT = "independent", "Independent"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.AUTHORITY)
    name = models.CharField(max_length=200, unique=True, help_text="Short name, such as Camden")
    formal_name = models.CharField(max_length=200, help_text="Such as London Borough of Camden")
    slug = models.SlugField("name in addresses", max_length=80, unique=True)
    gss_code = models.CharField("GSS code", max_length=9, unique=True, null=True, blank=True)
    short_code = models.CharField(max_length=3, unique=True, null=True, blank=True)
    subregion = models.CharField("sub-region", max_length=20, blank=True)
    inner_outer = models.CharField("inner or outer London", max_length=10, blank=True)
    partnership = models.CharField(max_length=60, blank=True)
    website_domain = models.CharField(max_length=100, blank=True)
    email_domains = models.JSONField(default=list, blank=True)
    tile_col = models.PositiveSmallIntegerField("column on the map", null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField("row on the map", null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    is_active = models.BooleanField("active", default=True)

    history = HistoricalRecords()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="organisation_authority_has_codes",
                violation_error_message="An authority needs its GSS code and its short code.",
                condition=~models.Q(kind="authority") | models.Q(gss_code__isnull=False, short_code__isnull=False),
            ),
            models.UniqueConstraint(fields=["tile_col", "tile_row"], name="organisation_tile_unique"),
        ]

    def __str__(self):
        return self.name

    @property
    def in_words(self) -> str:
        """Its name in the middle of a sentence: “Camden”, but “the Greater London Authority”, “the City of London”."""
        takes_article = self.name.startswith("City of ") or self.name.rpartition(" ")[2].lower() in KINDS_OF_BODY
        return f"the {self.name}" if takes_article else self.name


class Weekday(models.IntegerChoices):
    """Working days, numbered as `date.weekday()` does."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


# What stands before a name and is no part of it.
TITLES = {
    *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness"),
    *("cllr", "councillor", "rev", "revd", "reverend"),
}


def first_name_in(name: str) -> str:
    """Helen of “Dr Helen Marsh”; the whole of what is left where no first name is written out, as in “H. Marsh”."""
    words = name.split()
    while len(words) > 1 and words[0].lower().replace("’", "").replace("'", "").rstrip(".") in TITLES:
        words = words[1:]
    is_initial = bool(words) and len(words[0].rstrip(".")) == 1
    return " ".join(words) if is_initial else words[0] if words else ""


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, name="", **fields):
        person = self.model(email=email, name=name, **fields)
        person.save()
        return person


class Person(AbstractBaseUser):
    """Anyone the programmes know. Many never sign in: they act through private links."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField("full name", max_length=150)
    known_as = models.CharField(max_length=80, blank=True, help_text="What to call them, if not their first name")
    pronouns = models.CharField(max_length=40, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    role_title = models.CharField("job title", max_length=150, blank=True)
    service = models.CharField("service or directorate", max_length=150, blank=True)
    phone = models.CharField("telephone", max_length=40, blank=True)
    digest_day = models.PositiveSmallIntegerField("day of the weekly email", choices=Weekday, default=Weekday.THURSDAY)
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField("may enter the office", default=False, editable=False)
    joined_at = models.DateTimeField("known since", auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="person_email_unique_any_case",
                violation_error_message="Somebody has this address already.",
            ),
            models.CheckConstraint(
                name="person_digest_day_is_a_weekday",
                violation_error_message="Choose a day from Monday to Friday.",
                condition=models.Q(digest_day__lte=4),
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def save(self, *args, **kwargs):
        """An address has one spelling, and nobody has a password."""
        self.email = self.email.strip().lower()
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)

    @property
    def first_name(self) -> str:
        """What to call this person in a greeting."""
        return self.known_as or first_name_in(self.name) or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.first_name

    @property
    def roles(self) -> set[str]:
        """The roles this person holds now; read once per instance."""
        if "_roles" not in self.__dict__:
            self._roles = (
                set(self.role_grants.filter(ended_at=None).values_list("role", flat=True)) if self.pk else set()
            )
        return self._roles

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    # What a role may do in the office is written once, in permissions.py.
    def has_perm(self, perm, obj=None):
        from .permissions import may

        return self.is_active and self.is_staff and may(self.roles, perm)

    def has_perms(self, perms, obj=None):
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label):
        return self.is_active and self.is_staff

    @property
    def is_superuser(self):
        """Nobody bypasses the rules; some libraries ask."""
        return False


class Role(models.TextChoices):
    DIRECTOR = "director", "Programme director"
    ADMINISTRATOR = "administrator", "Administrator"
    PANEL_MEMBER = "panel_member", "Panel member"
    PARTICIPANT = "participant", "Participant"
    MENTOR = "mentor", "Mentor"
    COACH = "coach", "Coach"
    SPONSOR = "sponsor", "Sponsor"

    @property
    def in_words(self) -> str:
        """'a mentor', 'an administrator'."""
        words = self.label.lower()
        return f"an {words}" if words[0] in "aeiou" else f"a {words}"


OFFICE_ROLES = frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})


class RoleGrant(models.Model):
    """That a person holds a role: from when, given by whom, until when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_at = models.DateTimeField("given")
    granted_by = models.CharField("given by", max_length=150, help_text="Who gave it, by name, or the programme itself")
    ended_at = models.DateTimeField("ended", null=True, blank=True)

    class Meta:
        ordering = ["role"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=models.Q(ended_at=None), name="role_held_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"


class PrivateLink(models.Model):
    """A link that lets somebody without an account do one thing.

    The token is never stored. It is derived from the row's nonce with a key outside the
    database, so a later letter can carry the same link, and only its hash is kept to
    look it up. Use `leaders.people.links`, not this model, to issue and resolve links.
    """

    purpose = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    email = models.EmailField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="private_links")
    nonce = models.CharField(max_length=43, default=secrets.token_urlsafe, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "purpose"], name="private_link_subject")]

    def __str__(self):
        return f"{self.purpose} {self.subject_type} {self.subject_id}"

    def save(self, *args, **kwargs):
        self.token_hash = self.token_hash or hashlib.sha256(self._made_with(settings.SECRET_KEY).encode()).hexdigest()
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """As it stands in the letters. Empty when the key that it was made with is no longer among ours."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = self._made_with(key)
            if hashlib.sha256(token.encode()).hexdigest() == self.token_hash:
                return token
        return ""

    def _made_with(self, key: str) -> str:
        return hmac.new(key.encode(), f"private link {self.nonce}".encode(), hashlib.sha256).hexdigest()[:40]


class PrivacyRequest(models.Model):
    """What somebody asked of their own data, and by when the law wants it answered."""

    class Kind(models.TextChoices):
        ACCESS = "access", "Ask for everything in writing"
        CORRECTION = "correction", "Ask for a correction"
        ERASURE = "erasure", "Ask to be erased"
        COMPLAINT = "complaint", "Complain about how your data is used"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="privacy_requests")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.TextField("in their own words", help_text="In the person's own words")
    asked_at = models.DateTimeField("asked")
    due_on = models.DateField("due", help_text="A month after it was asked; a complaint is acknowledged within 30 days")
    answered_at = models.DateTimeField("answered", null=True, blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                name="privacy_request_answered_at_and_by",
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True)
                | models.Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(answered_at=None),
                name="privacy_request_open_once_per_kind",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.person}"


class AuditQuerySet(models.QuerySet):
    def about(self, subject):
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))

    def concerning(self, person):
        """What this person did, and what was done about them."""
        return self.filter(models.Q(actor_id=person.pk) | models.Q(person_id=person.pk))

    def update(self, **kwargs):
        raise AuditEvent.Unchangeable("What happened cannot be rewritten.")

    def delete(self):
        raise AuditEvent.Unchangeable("What happened cannot be deleted.")


class AuditEvent(models.Model):
    """What happened, when, by whom, why: written in the transaction it records, and never changed.

    No foreign keys, so that the trail outlives what it speaks of. Identities are ids and
    labels of things; confidential words never enter `detail`.
    """

    class Unchangeable(Exception):
        pass

    at = models.DateTimeField("when", db_index=True)
    action = models.CharField(max_length=80)
    sentence = models.CharField("what happened", max_length=300, help_text="What happened, for the office to read")
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField("by", max_length=150, blank=True)
    person_id = models.BigIntegerField(null=True, db_index=True, help_text="Whom it is about")
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=40)
    subject = models.CharField("about", max_length=200)
    cohort_id = models.BigIntegerField(null=True, db_index=True)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "entry of the audit trail"
        verbose_name_plural = "entries of the audit trail"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject")]

    def __str__(self):
        return self.sentence

    def save(self, *args, **kwargs):
        if self.pk:
            raise self.Unchangeable("What happened cannot be rewritten.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise self.Unchangeable("What happened cannot be deleted.")


class AuditSeal(models.Model):
    """One link of the chain over the audit trail: see `seals.py`.

    No foreign key: the seal of an event that somebody removed stays and tells.
    """

    event_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the link before and of the event, in hexadecimal")

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.pk}: {self.digest[:12]}"


class PastTime(models.Model):
    """How many records of a holding were past their time when the worker last looked, for the office's Today page."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    looked_at = models.DateTimeField()

    def __str__(self):
        return f"{self.key}: {self.count}"
