"""What a programme is, as data: its rules, its outline and what it asks for."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

# What a programme may call itself: then its name takes an article.
KINDS_OF_PROGRAMME = frozenset(
    ("academy", "certificate", "course", "diploma", "fellowship", "network", "program", "programme", "scheme", "school")
)


class Programme(models.Model):
    """What a leadership programme is: its rules and its outline, as data.

    A third programme is a row made in the office, not a deploy.
    """

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField("name in addresses", max_length=60, unique=True)
    short_name = models.CharField(max_length=12, unique=True, help_text="Starts the references of its nominations")
    aim = models.TextField()
    description = models.TextField(blank=True)
    principles = models.TextField(blank=True, help_text="One guiding principle a line")
    # Who nominates, and whom.
    who_nominates = models.TextField(help_text="In words, for the public page")
    who_takes_part = models.TextField(help_text="In words, for the public page")
    nominating_kinds = models.JSONField(default=list, help_text="Kinds of organisation that may nominate")
    nominations_per_organisation = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Live nominations an organisation may have in a cohort; blank for any number"
    )
    eligible_kinds = models.JSONField(default=list, help_text="Kinds of organisation a nominee may work for")
    eligible_roles = models.JSONField(default=list, help_text="Levels of post a nominee may hold")
    takes_applications = models.BooleanField(default=False)
    applying_kinds = models.JSONField(default=list, blank=True)
    fee = models.CharField(
        max_length=200, blank=True, help_text="In words, such as: £3,000 for each participant, invoiced in September"
    )
    # Its usual shape.
    capacity = models.PositiveSmallIntegerField(default=36)
    weeks = models.PositiveSmallIntegerField(default=44)
    date_plan = models.JSONField(
        default=dict, help_text="Days from a cohort's start to each of its key dates, negative before it"
    )
    is_active = models.BooleanField("active", default=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("programme", args=[self.slug])

    @property
    def in_words(self) -> str:
        """Its name in the middle of a sentence: “the London Leadership Programme”, but “Leaders for London”.

        A name that says what the thing is takes an article, as in English, unless it brings one; others stand alone.
        """
        kind = self.name.rstrip(".").rpartition(" ")[2].lower()
        has_article = self.name.lower().startswith("the ") or kind not in KINDS_OF_PROGRAMME
        return self.name if has_article else f"the {self.name}"


class Criterion(models.Model):
    """One thing the panel looks for, scored 0 to `max_score`."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    guidance = models.TextField(help_text="What good looks like, for nominators and panel members alike")
    max_score = models.PositiveSmallIntegerField(default=4)
    anchors = models.JSONField(default=list, help_text="What each score from 0 upward means")
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["programme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="criterion_key_unique"),
            models.UniqueConstraint(fields=["programme", "order"], name="criterion_order_unique"),
        ]

    def __str__(self):
        return self.title


class ProgrammeModule(models.Model):
    """A module as the programme describes it; each cohort gets its own with dates."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outline")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    focus = models.CharField(max_length=300)
    description = models.TextField()
    week = models.PositiveSmallIntegerField(help_text="Weeks after the cohort's start")
    days = models.PositiveSmallIntegerField(default=2)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_module_number_unique"),
            models.CheckConstraint(
                name="programme_module_ends_after_start",
                violation_error_message="A day must end after it starts.",
                condition=Q(ends__gt=F("starts")),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class ProgrammeRequirement(models.Model):
    """What this programme asks for to graduate: a registered requirement with its settings."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="requirements")
    key = models.CharField(max_length=60, help_text="A key printed by manage.py house under requirements.py")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    settings = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["programme", "order"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="programme_requirement_unique")]

    def __str__(self):
        return self.title
