"""Systems challenges, and the teams, named after London's rivers, that work on them for the whole year."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cohorts.models import Cohort, Place
from leaders.people.meanwhile import mark

# Most of them run under the streets; shortest names first is how they fit on a badge.
RIVERS = (
    *("Lea", "Fleet", "Brent", "Wandle", "Effra", "Tyburn", "Roding", "Ravensbourne", "Walbrook"),
    *("Westbourne", "Crane", "Colne", "Quaggy", "Beverley", "Ingrebourne", "Hogsmill", "Neckinger", "Moselle"),
)


class SystemsChallenge(models.Model):
    """A question about London that no one organisation can answer, with somebody who owns the problem.

    The office writes the brief; the team writes who is involved, what it is learning and what it offers in the end.
    `version` rises with each save of the team's part, so that a stale page loses nobody's words.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="challenges")
    title = models.CharField(max_length=120)
    question = models.TextField(help_text="In one or two sentences, ending in a question mark")
    background = models.TextField(blank=True)
    problem_owner = models.CharField(
        max_length=200, blank=True, help_text="Who wants an answer: name, role and organisation"
    )
    stakeholders = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    final_offer = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords()

    class Meta:
        ordering = ["cohort", "title"]
        constraints = [models.UniqueConstraint(fields=["cohort", "title"], name="challenge_title_unique")]

    def __str__(self):
        return self.title


class ChallengeChoice(models.Model):
    """A participant's wish to work on a challenge: 1 is the first choice."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="challenge_choices")
    challenge = models.ForeignKey(SystemsChallenge, on_delete=models.CASCADE, related_name="choices")
    rank = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["place", "challenge"], name="challenge_chosen_once"),
            models.UniqueConstraint(fields=["place", "rank"], name="challenge_choice_rank_once"),
            models.CheckConstraint(name="challenge_choice_rank_one_to_three", condition=Q(rank__range=(1, 3))),
        ]

    def __str__(self):
        return f"{self.place.person}, choice {self.rank}: {self.challenge}"


class TeamQuerySet(models.QuerySet):
    def confirmed(self):
        return self.exclude(confirmed_at=None)

    def proposed(self):
        return self.filter(confirmed_at=None)


class Team(models.Model):
    """People from across London who work on one challenge. Proposed until the office confirms it."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=40, help_text="A river of London")
    challenge = models.OneToOneField(
        SystemsChallenge, on_delete=models.PROTECT, related_name="team", null=True, blank=True
    )
    reason = models.TextField(blank=True, editable=False, help_text="Why these people, in sentences, as it was formed")
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True, editable=False)
    confirmed_by = models.CharField(max_length=150, blank=True, editable=False)

    history = HistoricalRecords(excluded_fields=["reason"])
    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "name"], name="team_name_unique"),
            models.CheckConstraint(
                name="team_confirmed_at_and_by",
                condition=Q(confirmed_at=None, confirmed_by="") | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
            ),
        ]

    def __str__(self):
        return f"Team {self.name}"


class TeamMember(models.Model):
    """A place in a team; nobody is in two. `locked` is the office's word that they stay where they are."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    place = models.OneToOneField(Place, on_delete=models.PROTECT, related_name="team_membership")
    locked = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        ordering = ["team", "place__person__name"]

    def __str__(self):
        return f"{self.place.person}, {self.team}"


class Experiment(models.Model):
    """Something the team tried, what happened and what it learned: one entry of its log."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="experiments")
    tried_on = models.DateField()
    tried = models.TextField()
    happened = models.TextField(blank=True)
    learned = models.TextField(blank=True)
    written_by = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="experiments")
    written_at = models.DateTimeField()

    WORDS = ("tried_on", "tried", "happened", "learned")

    class Meta:
        ordering = ["-tried_on", "-pk"]

    def __str__(self):
        return f"{self.team}, {self.tried_on}"

    @property
    def mark(self) -> str:
        """What a page that shows this entry sends back, see `leaders.people.meanwhile`."""
        return mark(str(getattr(self, name)) for name in self.WORDS)


class TeamPresentation(models.Model):
    """That a team presented what it learned and offers."""

    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="presentation")
    presented_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(name="team_presentation_recorded_by", condition=~Q(recorded_by="")),
        ]

    def __str__(self):
        return f"{self.team} presented"
