"""What can happen to systems challenges and the teams that work on them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.grouping import NoGrouping
from modules.models import ChallengeChoice, Experiment, SystemsChallenge, Team, TeamMember, TeamPresentation
from modules.models.challenges import RIVERS
from modules.teams import Candidate, TeamPlan, team_count
from modules.teams import form_teams as divide


class Stale(NotPossible):
    """Somebody else saved the same text since this page was opened; `challenge` is as it now stands."""

    def __init__(self, challenge: SystemsChallenge):
        super().__init__("Somebody else in your team has saved changes since you opened this page.")
        self.challenge = challenge


@transaction.atomic
def add_challenge(
    *,
    cohort: Cohort,
    title: str,
    question: str,
    by: Person | None,
    now: datetime,
    background: str = "",
    problem_owner: str = "",
) -> SystemsChallenge:
    """Put a systems challenge before a cohort."""
    challenge = SystemsChallenge.objects.create(
        cohort=cohort, title=title, question=question, background=background, problem_owner=problem_owner
    )
    _record(challenge, "added", f"{challenge} was put before {cohort.name}", cohort=cohort, by=by, now=now)
    return challenge


@transaction.atomic
def choose_challenges(
    *, place: Place, challenges: Sequence[SystemsChallenge], by: Person, now: datetime
) -> list[ChallengeChoice]:
    """A participant's wishes, best first, at most three; they replace earlier ones until teams are confirmed."""
    Place.objects.select_for_update().get(pk=place.pk)  # a double click waits for the first
    if place.cohort.teams.confirmed().exists():
        raise NotPossible("The teams are formed already. Ask the programme director if you would like to move.")
    if len(challenges) > 3 or len(set(challenges)) != len(challenges):
        raise NotPossible("Choose up to three different challenges.")
    if any(challenge.cohort_id != place.cohort_id for challenge in challenges):
        raise NotPossible("Choose from your own cohort's challenges.")
    place.challenge_choices.all().delete()
    choices = ChallengeChoice.objects.bulk_create(
        ChallengeChoice(place=place, challenge=challenge, rank=rank, chosen_at=now)
        for rank, challenge in enumerate(challenges, 1)
    )
    _record(
        place, "chosen", f"{place.person} said which challenges they would like to work on",
        cohort=place.cohort, person=place.person, by=by, now=now,
    )  # fmt: skip
    return choices


@dataclass(frozen=True)
class _Ground:
    """All that a proposal of teams rests on, comparable: whether any of it changed meanwhile is one question."""

    candidates: tuple[Candidate, ...]
    place_ids: tuple[int, ...]  # of the candidates, in their order
    kept: tuple[tuple[int, str, int | None], ...]  # teams with locked people: id, name, challenge
    new: tuple[tuple[str, int | None], ...]  # teams to be made: name, challenge
    locks: tuple[tuple[str, str], ...]  # candidate and team

    @property
    def teams(self) -> list[str]:
        return [str(Team(name=name)) for name in (*(name for _pk, name, _challenge in self.kept), *dict(self.new))]


def form_teams(*, cohort: Cohort, by: Person | None, now: datetime, count: int | None = None) -> TeamPlan:
    """Propose teams for everybody taking part: mixed, with locked people where they are. Nobody is told yet.

    Proposing again keeps the locks and replaces the rest. The teams are worked out before anything is locked. Raises
    NotPossible when teams are confirmed, when the locks contradict the rules, when there are too few people, or when
    people, wishes or locks changed meanwhile.
    """
    ground = _ground(cohort, count)
    try:
        plan = divide(list(ground.candidates), ground.teams, locks=dict(ground.locks))
    except NoGrouping as contradiction:
        raise NotPossible(str(contradiction)) from contradiction
    with transaction.atomic():
        _one_at_a_time(cohort)
        if _ground(cohort, count) != ground:
            raise NotPossible("People, wishes or teams changed while the teams were worked out. Propose them again.")
        _write(cohort, ground, plan, now)
        _record(cohort, "proposed", f"Teams were proposed for {cohort}. {plan.summary}", cohort=cohort, by=by, now=now)
    return plan


def _write(cohort: Cohort, ground: _Ground, plan: TeamPlan, now: datetime) -> None:
    TeamMember.objects.filter(team__cohort=cohort, locked=False).delete()
    cohort.teams.exclude(pk__in=[pk for pk, _name, _challenge in ground.kept]).delete()
    teams = {team.pk: team for team in cohort.teams.all()}
    made = [
        *(teams[pk] for pk, _name, _challenge in ground.kept),
        *(Team.objects.create(cohort=cohort, name=name, challenge_id=challenge) for name, challenge in ground.new),
    ]
    place_ids = {candidate.id: pk for candidate, pk in zip(ground.candidates, ground.place_ids, strict=True)}
    locked = dict(ground.locks)
    for team, formed in zip(made, plan.teams, strict=True):
        team.reason = formed.reason
        team.save(update_fields=["reason"])
        TeamMember.objects.bulk_create(
            TeamMember(team=team, place_id=place_ids[name], joined_at=now)
            for name in formed.members
            if name not in locked
        )


def _one_at_a_time(cohort: Cohort) -> None:
    """Whoever changes teams of a cohort at the same moment waits until the first is done."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _ground(cohort: Cohort, count: int | None) -> _Ground:
    if cohort.teams.confirmed().exists():
        raise NotPossible("The teams are confirmed. Move people one by one instead.")
    places = list(Place.objects.active().for_cohort(cohort).select_related("person", "organisation").order_by("pk"))
    if len(places) < 4:
        raise NotPossible("There are too few people to form teams yet: four is the fewest.")
    locked = {
        m.place_id: m.team for m in TeamMember.objects.filter(team__cohort=cohort, locked=True).select_related("team")
    }
    kept = sorted(set(locked.values()), key=lambda team: team.pk)
    new = _new_teams(cohort, (count or team_count(len(places))) - len(kept), kept)
    teams = [(team.name, team.challenge_id) for team in kept] + new
    wishes = _wishes({challenge: str(Team(name=name)) for name, challenge in teams if challenge})
    names = _distinct_names(places)
    return _Ground(
        candidates=tuple(
            Candidate(
                id=names[place.pk],
                authority=place.organisation.name,
                subregion=place.organisation.subregion,
                service=place.service,
                wishes=tuple(wishes.get(place.pk, ())),
            )
            for place in places
        ),
        place_ids=tuple(place.pk for place in places),
        kept=tuple((team.pk, team.name, team.challenge_id) for team in kept),
        new=tuple(new),
        locks=tuple((names[pk], str(team)) for pk, team in sorted(locked.items()) if pk in names),
    )


def _new_teams(cohort: Cohort, count: int, kept: list[Team]) -> list[tuple[str, int | None]]:
    """Names and challenges of `count` teams beside those with locked people: the challenges most wished for."""
    if count < 0:
        raise NotPossible(f"People are locked in {len(kept)} teams, so there cannot be only {len(kept) + count}.")
    used_names = {team.name for team in kept}
    names = [river for river in RIVERS if river not in used_names]
    names += [str(len(kept) + number) for number in range(len(names) + 1, count + 1)]
    points: Counter[int] = Counter()
    for choice in ChallengeChoice.objects.filter(place__cohort=cohort):
        points[choice.challenge_id] += 4 - choice.rank
    taken = {team.challenge_id for team in kept}
    free = [challenge for challenge in cohort.challenges.all() if challenge.pk not in taken]
    free.sort(key=lambda challenge: (-points[challenge.pk], challenge.title))
    challenges = [challenge.pk for challenge in free[:count]]
    return list(zip(names, [*challenges, *[None] * (count - len(challenges))], strict=False))


def _wishes(teams: dict[int, str]) -> dict[int, list[str]]:
    """By place id: the teams (by their challenge's id) that work on what they wished for, best first."""
    wishes: dict[int, list[str]] = {}
    for choice in ChallengeChoice.objects.filter(challenge__in=teams).order_by("place", "rank"):
        wishes.setdefault(choice.place_id, []).append(teams[choice.challenge_id])
    return wishes


def _distinct_names(places: list[Place]) -> dict[int, str]:
    """People by their names, which the solver's sentences repeat; namesakes get a number."""
    seen = Counter(place.person.name for place in places)
    return {
        place.pk: place.person.name if seen[place.person.name] == 1 else f"{place.person.name} ({place.pk})"
        for place in places
    }


@transaction.atomic
def lock_member(*, member: TeamMember, locked: bool, by: Person, now: datetime) -> TeamMember:
    """Keep somebody where they are when teams are proposed again, or let them go."""
    member.locked = locked
    member.save(update_fields=["locked"])
    verb = "locked in" if locked else "no longer locked in"
    _record(
        member.team, "locked", f"{member.place.person} is {verb} {member.team}",
        cohort=member.team.cohort, person=member.place.person, by=by, now=now,
    )  # fmt: skip
    return member


@transaction.atomic
def move_member(*, place: Place, team: Team, by: Person, now: datetime) -> TeamMember:
    """Put somebody into a team by the office's choice, from another or from none. In a confirmed team they are told."""
    if place.cohort_id != team.cohort_id:
        raise NotPossible(f"{place.person} takes part in another cohort.")
    _one_at_a_time(team.cohort)
    known = TeamMember.objects.filter(place=place, team=team).first()
    if known and known.locked:  # pressed twice
        return known
    member, _ = TeamMember.objects.update_or_create(
        place=place,
        defaults={"team": team, "locked": True},
        create_defaults={"team": team, "locked": True, "joined_at": now},
    )
    _record(
        team, "moved", f"{place.person} was put into {team}", cohort=team.cohort, person=place.person, by=by, now=now
    )
    if team.confirmed_at and not known:
        _tell(team, [place], now=now)
    return member


@transaction.atomic
def give_challenge(*, team: Team, challenge: SystemsChallenge, by: Person, now: datetime) -> Team:
    """Give a team its challenge; one that another team works on changes places with its own."""
    if challenge.cohort_id != team.cohort_id:
        raise NotPossible("This challenge belongs to another cohort.")
    _one_at_a_time(team.cohort)
    team = Team.objects.select_related("cohort").get(pk=team.pk)
    other = Team.objects.filter(challenge=challenge).exclude(pk=team.pk).first()
    mine, team.challenge = team.challenge, challenge
    if other:
        other.challenge = None
        other.save(update_fields=["challenge"])
    team.save(update_fields=["challenge"])
    if other and mine:
        other.challenge = mine
        other.save(update_fields=["challenge"])
    _record(team, "challenged", f"{team} works on {challenge}", cohort=team.cohort, by=by, now=now)
    return team


@transaction.atomic
def confirm_teams(*, cohort: Cohort, by: Person, now: datetime) -> list[Team]:
    """Make the proposed teams real and tell everybody theirs. Raises NotPossible while somebody has none."""
    _one_at_a_time(cohort)
    teams = list(cohort.teams.proposed().select_related("challenge", "cohort__programme", "cohort__contact"))
    if not teams:
        raise NotPossible("There are no proposed teams to confirm.")
    without = Place.objects.active().for_cohort(cohort).filter(team_membership=None).select_related("person")
    if left := [place.person.name for place in without]:
        raise NotPossible(f"Put {', '.join(left)} into a team first.")
    cohort.teams.proposed().update(confirmed_at=now, confirmed_by=str(by))
    _record(cohort, "confirmed", f"{len(teams)} teams of {cohort} were confirmed", cohort=cohort, by=by, now=now)
    for team in teams:
        team.confirmed_at, team.confirmed_by = now, str(by)
        _tell(team, [member.place for member in _members(team)], now=now)
    return teams


def _members(team: Team):
    return team.members.filter(place__status=Place.Status.ACTIVE).select_related("place__person", "place__organisation")


def _tell(team: Team, places: list[Place], *, now: datetime) -> None:
    members = [member.place for member in _members(team)]
    for place in places:
        post(
            "modules.team", to=place.person, now=now, about=team,
            dedupe_key=f"modules.team:{team.pk}:{place.pk}:{now.isoformat()}", cohort_id=team.cohort_id, team=team,
            members=members,
        )  # fmt: skip


@transaction.atomic
def write_challenge(
    *, team: Team, version: int, stakeholders: str, learning: str, final_offer: str, by: Person, now: datetime
) -> SystemsChallenge:
    """Save the team's part of its challenge, as written on a page that showed `version`; Stale when it has moved on."""
    _check_member(team, by)
    pk = team.challenge_id
    if pk is None:
        raise NotPossible(f"{team} has no challenge yet.")
    words = {"stakeholders": stakeholders.strip(), "learning": learning.strip(), "final_offer": final_offer.strip()}
    saved = SystemsChallenge.objects.filter(pk=pk, version=version)
    if not saved.update(version=F("version") + 1, **words):
        raise Stale(SystemsChallenge.objects.get(pk=pk))
    challenge = SystemsChallenge.objects.get(pk=pk)
    _record(challenge, "written", f"{team} wrote about {challenge}", cohort=team.cohort, by=by, now=now)
    return challenge


@transaction.atomic
def log_experiment(
    *, team: Team, tried_on: date, tried: str, by: Person, now: datetime, happened: str = "", learned: str = ""
) -> Experiment:
    """Add to the team's log what somebody in it tried, what happened and what was learned.

    The same entry sent twice, by a double click, is one entry.
    """
    member = _check_member(team, by)
    if tried_on > london_date(now):
        raise NotPossible("Write down what you have tried, not what is still to come.")
    Team.objects.select_for_update().get(pk=team.pk)
    words = {"tried_on": tried_on, "tried": tried.strip(), "happened": happened.strip(), "learned": learned.strip()}
    if known := team.experiments.filter(written_by=member.place, **words).first():
        return known
    experiment = Experiment.objects.create(team=team, written_by=member.place, written_at=now, **words)
    _record(experiment, "logged", f"{by} wrote in the log of {team}", cohort=team.cohort, by=by, now=now)
    return experiment


@transaction.atomic
def revise_experiment(
    *, experiment: Experiment, seen: str, tried_on: date, tried: str, happened: str, learned: str, by: Person,
    now: datetime,
) -> Experiment:  # fmt: skip
    """Correct one's own entry of the log.

    Raises ChangedMeanwhile when it no longer says what the writer's page showed (`seen`, see `Experiment.mark`).
    """
    experiment = (
        Experiment.objects.select_for_update(of=("self",))
        .select_related("team__cohort", "written_by")
        .get(pk=experiment.pk)
    )
    if experiment.written_by.person_id != by.pk:
        raise NotPossible("Only the person who wrote this entry can change it.")
    if tried_on > london_date(now):
        raise NotPossible("Write down what you have tried, not what is still to come.")
    before = experiment.mark
    experiment.tried_on, experiment.tried = tried_on, tried.strip()
    experiment.happened, experiment.learned = happened.strip(), learned.strip()
    if experiment.mark == before:
        return experiment
    if before != seen:
        raise ChangedMeanwhile
    experiment.save(update_fields=["tried_on", "tried", "happened", "learned"])
    _record(
        experiment, "revised", f"{by} corrected the log of {experiment.team}",
        cohort=experiment.team.cohort, by=by, now=now,
    )  # fmt: skip
    return experiment


@transaction.atomic
def remove_experiment(*, experiment: Experiment, by: Person, now: datetime) -> None:
    """Take one's own entry out of the log, such as one that was written for another team or twice."""
    if experiment.written_by.person_id != by.pk:
        raise NotPossible("Only the person who wrote this entry can remove it.")
    _check_member(experiment.team, by)
    _record(
        experiment, "removed", f"{by} took an entry out of the log of {experiment.team}",
        cohort=experiment.team.cohort, by=by, now=now,
    )  # fmt: skip
    experiment.delete()


@transaction.atomic
def record_presentation(*, team: Team, presented_on: date, by: Person, now: datetime) -> TeamPresentation:
    """Write down that a team presented what it learned and offers; recording it again corrects the date."""
    if not team.confirmed_at:
        raise NotPossible(f"{team} is not confirmed yet.")
    if presented_on > london_date(now):
        raise NotPossible("Record the presentation when it has taken place.")
    presentation, _ = TeamPresentation.objects.update_or_create(
        team=team, defaults={"presented_on": presented_on, "recorded_at": now, "recorded_by": str(by)}
    )
    _record(team, "presented", f"{team} presented its work", cohort=team.cohort, by=by, now=now)
    return presentation


def _check_member(team: Team, person: Person) -> TeamMember:
    member = (
        team.members.filter(place__person=person, place__status=Place.Status.ACTIVE).select_related("place").first()
    )
    if member is None or not team.confirmed_at:
        raise NotPossible(f"Only members of {team} can write here.")
    return member


def _record(
    subject, verb: str, sentence: str, *, cohort: Cohort, by, now: datetime, person: Person | None = None
) -> None:
    record(
        f"modules.{subject._meta.model_name}.{verb}", sentence, subject=subject, person=person, cohort_id=cohort.pk,
        by=by, now=now,
    )  # fmt: skip
