"""Runs of the matching: records of what went in, what came out, its proof, and who confirmed it.

The engine is imported where it is used: it loads a solver that most requests never need.
"""

import json
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cohorts.models import Cohort, Place
from leaders.people.encryption import EncryptedTextField
from leaders.people.models import Person

from .mentors import Conflict, Mentor


def mentee_id(place_pk: int) -> str:
    """How a place is called in a problem."""
    return f"place:{place_pk}"


def mentor_id(mentor_pk: int) -> str:
    """How a mentor is called in a problem."""
    return f"mentor:{mentor_pk}"


def key_of(some_id: str) -> int:
    """The row behind an id of a problem."""
    return int(some_id.partition(":")[2])


MOST_FIT = 4000
CONFIRMED_AT_ONCE = 40  # pairs, more than which are confirmed by the worker: each means two letters
IN_THE_REQUEST = 300  # people (see `problem.size`), fewer than which a matching is worked out while somebody waits


class Dial(models.TextChoices):
    """The director's fairness dial: what is sought once nobody more can be matched."""

    TOTAL = "total", "Best total"
    FLOOR = "floor", "Best worst match"
    BANDS = "bands", "Best worst match, and few poor ones"


class MatchRunQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=MatchRun.State.WAITING)

    def open(self):
        """Being worked out, or proposed: of each cohort one at most."""
        return self.filter(state__in=[MatchRun.State.WAITING, MatchRun.State.PROPOSED])


class MatchRun(models.Model):
    """One matching of a cohort: proposed by the engine, argued with, confirmed by a human.

    A lock, veto or swap makes a new run `based_on` the one it changes, so undo is going back. The problem is encrypted:
    it holds declared conflicts and what people shared in confidence.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Being worked out"
        PROPOSED = "proposed", "Proposed"
        CONFIRMED = "confirmed", "Confirmed"
        SUPERSEDED = "superseded", "Superseded"
        STOPPED = "stopped", "Stopped"

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="match_runs")
    number = models.PositiveIntegerField()
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, related_name="changes", null=True, blank=True)
    what = models.TextField(help_text="What was asked: a proposal, a lock, a veto")
    on = models.DateField("day it is judged by", help_text="The day by which the rules are judged")
    dial_order = models.CharField("order of the dial", max_length=8, choices=Dial, default=Dial.BANDS)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    people = models.PositiveIntegerField(help_text="Who asked, and mentors whom they could have")
    problem_text = EncryptedTextField(blank=True)
    input_hash = models.CharField("fingerprint of the input", max_length=64)
    outcome = models.JSONField(default=dict, help_text="Pairs, levels and the proof")
    dial = models.JSONField(default=dict, help_text="The headline under each order, for the fairness dial")
    result_hash = models.CharField("fingerprint of the result", max_length=64, blank=True)
    progress = models.CharField(max_length=80, blank=True)
    left_out = models.JSONField(default=list, help_text="Mentors the office left out of this proposal, by key")
    stop_asked = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField("begun")
    created_by = models.CharField("begun by", max_length=150)
    solved_at = models.DateTimeField("solved", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = "proposal of mentors"
        verbose_name_plural = "proposals of mentors"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["created_at"], condition=Q(state="waiting"), name="match_run_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="match_run_number_unique"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(state__in=["waiting", "proposed"]), name="match_run_one_open_per_cohort"
            ),
            models.CheckConstraint(
                name="match_run_confirmed_at_and_by",
                condition=Q(confirmed_at=None, confirmed_by="") | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
            models.CheckConstraint(
                name="match_run_confirmed_has_a_time", condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="match_run_proposed_is_solved",
                condition=~Q(state__in=["proposed", "confirmed"]) | Q(solved_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.cohort.name}, proposal {self.number}"

    def get_absolute_url(self):
        return reverse("admin:mentoring_match", args=[self.cohort_id])

    @cached_property
    def problem(self):
        """What went in, as the engine takes it; None once somebody in it was erased."""
        from mentoring import matching

        return matching.load_problem(json.loads(self.problem_text)) if self.problem_text else None

    @cached_property
    def result(self):
        """What came out; None until it is solved."""
        from mentoring import matching

        return matching.load_result(self.outcome) if self.outcome else None

    def unsettled(self) -> models.QuerySet[Conflict]:
        """The conflicts of those it matches in which the office has still to find out who is meant; without reasons."""
        matched = self.pairs.exclude(mentor=None)
        people = Q(declared_by__in=matched.values("place__person")) | Q(
            declared_by__in=matched.values("mentor__person")
        )
        return Conflict.objects.unsettled().filter(people).select_related("declared_by").defer("reason")

    @property
    def is_proposed(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def goes_back_to(self) -> "MatchRun | None":
        """The proposal in whose place this run was begun, which can be open again; None where there is none."""
        earlier = MatchRun.objects.annotate(is_whole=~Q(problem_text="")).defer("problem_text", "outcome")
        before = earlier.filter(pk=self.based_on_id).first()
        while before is not None and before.solved_at is None:
            before = earlier.filter(pk=before.based_on_id).first()
        return before if before and before.state == self.State.SUPERSEDED and before.is_whole else None

    @property
    def can_be_undone(self) -> bool:
        return self.is_proposed and self.goes_back_to is not None

    @property
    def is_large(self) -> bool:
        """Whether the worker solves it, so that nobody waits for a page."""
        return self.people >= IN_THE_REQUEST


class MatchQuestionQuerySet(models.QuerySet):
    def unanswered(self):
        return self.filter(answered_at__isnull=True)


class MatchQuestion(models.Model):
    """What the office asks of the worker about a run. A run never changes, so its answer is kept and found once."""

    class Kind(models.TextChoices):
        OVERVIEW = "overview", "Who is left and why, and who would rather be together"
        WHAT_IF = "what_if", "What would change without a mentor"
        SOMEBODY = "somebody", "Why somebody has no mentor, and what the next best ones cost"
        CONFIRM = "confirm", "To confirm it"

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.PositiveBigIntegerField(default=0, help_text="The key of the mentor or place asked about; 0: all")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", null=True, blank=True, help_text="Who asked"
    )
    reason = models.TextField(blank=True, help_text="For confirming what needs one")
    asked_at = models.DateTimeField()
    progress = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True, help_text="None while it is sought, and if it could not be found")

    objects = MatchQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(answered_at__isnull=True), name="match_question_unanswered")
        ]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "about"], name="match_question_once"),
            models.CheckConstraint(
                name="match_question_answer_has_a_time",
                condition=Q(answer__isnull=True) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="match_question_confirms_by_a_person",
                condition=~Q(kind="confirm") | Q(person__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.run}: {self.get_kind_display().lower()}"

    @property
    def has_failed(self) -> bool:
        return self.answered_at is not None and self.answer is None


class RunPair(models.Model):
    """A pair of a run; without a mentor, somebody who is left."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="pairs")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    fit = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 to 4000")
    parts = models.JSONField(default=list, help_text="Criterion key, points, most: they add up to the fit")
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["run", "place__person__name"]
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="run_pair_once_per_place"),
            models.CheckConstraint(
                name="run_pair_has_a_mentor_and_a_fit",
                condition=Q(mentor__isnull=True, fit__isnull=True) | Q(mentor__isnull=False, fit__isnull=False),
            ),
            models.CheckConstraint(name="run_pair_fit_0_to_4000", condition=Q(fit__isnull=True) | Q(fit__lte=MOST_FIT)),
        ]

    def __str__(self):
        return f"{self.place.person}: {self.mentor or 'nobody'}"


class Ruling(models.Model):
    """The office's word on a pair in a run: they are together, or never."""

    class Kind(models.TextChoices):
        LOCK = "lock", "Together"
        VETO = "veto", "Not together"

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="rulings")
    kind = models.CharField(max_length=4, choices=Kind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    rules = models.JSONField(default=list, help_text="The hard rules that the reason was given against, by key")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["run", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "place", "mentor"], name="ruling_once_per_pair"),
            models.UniqueConstraint(
                fields=["run", "place"], condition=Q(kind="lock"), name="ruling_one_lock_per_place"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.place.person} and {self.mentor}"
