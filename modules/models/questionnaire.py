"""The questionnaire's waves and answers. Raw answers are kept, encrypted; scores are always computed anew."""

import json
from functools import cache
from pathlib import Path

from django.db import models
from django.db.models import F, Q

from cohorts.models import Cohort, Place
from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Organisation
from modules import scoring

from .sharing import Shared

DATA = Path(__file__).parents[1] / "data"
VERSION = "2026-1"
NO_OPPORTUNITY = "none"


@cache
def instrument(version: str = VERSION) -> scoring.Instrument:
    """The questionnaire in one of its versions. Raises KeyError for a version nobody has answered."""
    if version != VERSION:
        raise KeyError(version)
    with (DATA / "questionnaire.csv").open(newline="") as lines, (DATA / "dimensions.csv").open(newline="") as texts:
        return scoring.read_instrument(lines, version=version, texts=texts)


def is_in_london(place: Place) -> bool:
    """Whether the wording for London applies; for others "London" reads "your region"."""
    return place.organisation.kind != Organisation.Kind.OUTSIDE


class Wave(models.Model):
    """One asking of the questionnaire in a cohort: before, at the end, and half a year after."""

    class Kind(models.TextChoices):
        BEFORE = "before", "Before the first module"
        AFTER = "after", "At the last module"
        LATER = "later", "Six months after"

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="waves")
    kind = models.CharField(max_length=6, choices=Kind)
    opens_on = models.DateField("opens")
    due_on = models.DateField("due")
    version = models.CharField(max_length=12, default=VERSION, editable=False)

    class Meta:
        verbose_name = "questionnaire"
        verbose_name_plural = "questionnaires"
        ordering = ["cohort", "due_on"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "kind"], name="wave_kind_unique"),
            models.CheckConstraint(
                name="wave_due_after_it_opens",
                violation_error_message="A questionnaire must not be due before it opens.",
                condition=Q(due_on__gte=F("opens_on")),
            ),
        ]

    def __str__(self):
        return f"{self.cohort.name}: {self.get_kind_display().lower()}"

    @property
    def instrument(self) -> scoring.Instrument:
        return instrument(self.version)

    @property
    def looks_back(self) -> bool:
        """Whether it also asks how often each was true before the programme (the then-test)."""
        return self.kind == self.Kind.AFTER


class ResponseQuerySet(models.QuerySet):
    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def in_time(self, wave: Wave):
        """The answers of a wave that were sent by the day on which it was due."""
        return self.filter(wave=wave, submitted_at__date__lte=wave.due_on)

    def visible_to(self, person):
        """Nobody's but the participant's own: the office sees that it is done, never what it says."""
        return self.filter(place__person=person)


class Response(Shared):
    """One participant's answers in one wave."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="responses")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="responses")
    words = EncryptedTextField(default='{"answers": {}, "importance": {}, "then": {}}', editable=False)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["wave", "place"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "place"], name="response_once_per_wave"),
            *Shared.Meta.constraints,
        ]

    def __str__(self):
        return f"{self.place.person}, {self.wave}"

    @property
    def given(self) -> dict[str, dict]:
        """What was answered so far: item id -> 1 to 5 or None, and by dimension the importance and the looking back."""
        return json.loads(self.words)

    @property
    def answered(self) -> int:
        return len(self.given["answers"])

    def profile(self, limits: scoring.Thresholds = scoring.STANDARD) -> scoring.Profile:
        given = self.given
        return scoring.score(self.wave.instrument, given["answers"], given["importance"], limits)

    @property
    def in_london(self) -> bool:
        """Whose wording of the items applies."""
        return is_in_london(self.place)
