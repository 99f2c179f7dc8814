"""What a cohort achieved, told to the public with the consent of those whose words it uses."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from leaders.components.charts import share
from leaders.people.models import Person

from .cohorts import Cohort


class CaseStudyQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=CaseStudy.State.PUBLISHED)


class CaseStudy(models.Model):
    """The case study of one cohort.

    Its figures are taken from the cohort's records when it is assembled and kept with it, so that what was
    approved is what is published. Approval is of the text as it stands: an edit takes it back to draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    # The texts, under the headings of the programme's published case study.
    TEXTS = {
        "aims": "What did it set out to achieve?",
        "participants": "Who took part?",
        "features": "Features of the programme",
        "challenges": "Systems challenges",
        "impact": "What impact did it have?",
    }

    cohort = models.OneToOneField(Cohort, on_delete=models.PROTECT, related_name="case_study")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=150)
    summary = models.TextField(help_text="Two or three sentences at the top of the page")
    aims = models.TextField(TEXTS["aims"])
    participants = models.TextField(TEXTS["participants"])
    features = models.TextField(TEXTS["features"])
    challenges = models.TextField(TEXTS["challenges"], blank=True)
    impact = models.TextField(TEXTS["impact"])
    facts = models.JSONField(default=list, editable=False, help_text="Figures as they were when it was assembled")

    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    edited_at = models.DateTimeField(editable=False)
    edited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords(excluded_fields=["facts"])
    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "case studies"
        ordering = ["-edited_at"]
        constraints = [
            models.CheckConstraint(
                name="case_study_approved_by_somebody",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="case_study_approved_by_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("edited_by")),
            ),
            models.CheckConstraint(
                name="case_study_published_was_approved",
                condition=~Q(state__in=["approved", "published"]) | Q(approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_study_published_has_a_time", condition=~Q(state="published") | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("case_study", args=[self.slug])

    @property
    def sections(self) -> list[tuple[str, str, str]]:
        """(key, heading, text) of each text that is not empty."""
        return [(key, heading, text) for key, heading in self.TEXTS.items() if (text := getattr(self, key))]

    @property
    def figures(self) -> list[dict]:
        """The facts that are told by a sentence with a figure, not by a team's question or in a table."""
        told = (fact for fact in self.facts if not fact.get("row"))
        return [fact for fact in told if fact["key"] == "challenge_teams" or not is_challenge(fact["key"])]

    @property
    def changes(self) -> list[dict]:
        """By how much people rated themselves higher at the end: rows with bars, in shares of the largest rise."""
        rows = self._rows("change_")
        most = max((fact["value"] for fact in rows), default=0)
        return [
            {
                "label": fact["row"],
                "people": fact["people"],
                "value": f"{fact['value']:+.1f}".replace("-", "−"),
                "share": share(fact["value"], most),
            }
            for fact in rows
        ]

    @property
    def people_rating(self) -> str:
        """Of how many people `changes` are: “26 to 27 people”."""
        counts = [fact["people"] for fact in self._rows("change_")]
        few, many = min(counts, default=0), max(counts, default=0)
        return f"{many} people" if few == many else f"{few} to {many} people"

    @property
    def feedback(self) -> list[dict]:
        """How far people agreed with each statement about the modules: rows with bars, in shares of 5."""
        return [
            {"label": fact["row"], "value": f"{fact['value']:.1f}", "share": share(fact["value"], 5)}
            for fact in self._rows("feedback_")
        ]

    def _rows(self, start: str) -> list[dict]:
        return [fact for fact in self.facts if fact.get("row") and fact["key"].startswith(start)]


def is_challenge(key: str) -> bool:
    """Whether a fact is a team's challenge, told by what it is about and its question."""
    return key.startswith("challenge_") and key != "challenge_teams"


class PublishingWindowQuerySet(models.QuerySet):
    def on(self, day: date):
        """The windows that are open on that day."""
        return self.filter(is_active=True, starts_on__lte=day, ends_on__gte=day)


class PublishingWindow(models.Model):
    """A pre-election period: publishing waits, or needs a reason.

    Source: Local Government Act 1986, section 2, and the Code of Recommended Practice on Local Authority
    Publicity. Councils may start earlier, and by-elections come at any time, so the office edits these.
    """

    name = models.CharField(max_length=150)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    is_strict = models.BooleanField(
        "blocks publishing", default=False, help_text="Otherwise publishing asks for a reason, which is kept"
    )
    note = models.TextField(blank=True)
    is_active = models.BooleanField("active", default=True)

    objects = PublishingWindowQuerySet.as_manager()

    class Meta:
        verbose_name = "pre-election window"
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["name", "starts_on"], name="publishing_window_unique"),
            models.CheckConstraint(
                name="publishing_window_in_order",
                violation_error_message="The last day must not be before the first.",
                condition=Q(starts_on__lte=F("ends_on")),
            ),
        ]

    def __str__(self):
        return self.name
