"""What the selection board shows: every complete nomination with its readings, how they stand, and the decision."""

from collections import defaultdict
from dataclasses import dataclass

from .models import Assessment, Decision, Nomination, Round, Score
from .moderation import Reading, Scale, Standing, standing


@dataclass(frozen=True)
class Candidate:
    nomination: Nomination
    standing: Standing
    assessments: list[Assessment]
    decision: Decision | None

    @property
    def outstanding(self) -> int:
        """Readings that were given and not handed in."""
        return sum(a.state in {Assessment.State.ASSIGNED, Assessment.State.DRAFT} for a in self.assessments)


def candidates(this: Round) -> list[Candidate]:
    """The complete nominations of a round, the highest average first: five queries, however many there are."""
    scales = [Scale(c.key, c.max_score, c.weight) for c in this.cohort.programme.criteria.all()]
    nominations = list(this.nominations.completed().in_words())
    decisions = {
        d.nomination_id: d for d in Decision.objects.filter(nomination__round=this).select_related("decided_by")
    }
    scores: dict[int, dict[str, int]] = defaultdict(dict)
    most = {scale.key: scale.highest for scale in scales}
    for assessment, key, value, highest in Score.objects.filter(
        assessment__nomination__round=this, value__isnull=False
    ).values_list("assessment", "criterion__key", "value", "highest"):
        # Given on the scale that held then: in the range of today's.
        scores[assessment][key] = value if highest == most[key] else round(value * most[key] / highest)
    assessments = defaultdict(list)
    for assessment in Assessment.objects.filter(nomination__round=this).select_related("member__person"):
        assessments[assessment.nomination_id].append(assessment)
    found = [
        Candidate(
            nomination,
            standing(
                [
                    Reading(scores[assessment.pk], assessment.discuss)
                    for assessment in assessments[nomination.pk]
                    if assessment.state == Assessment.State.SUBMITTED
                ],
                scales,
            ),
            assessments[nomination.pk],
            decisions.get(nomination.pk),
        )
        for nomination in nominations
    ]
    return sorted(found, key=lambda c: (-(c.standing.average or -1), c.nomination.reference))


def on_waiting_list(this: Round) -> list[Nomination]:
    """Those who wait, or will when the decisions are released, in the order in which a seat is offered."""
    listed = this.nominations.in_words().filter(
        decision__outcome=Decision.Outcome.WAITING, state__in=[Nomination.State.COMPLETE, Nomination.State.WAITING]
    )
    return list(listed.order_by("decision__rank", "pk"))


def places_on_list(this: Round) -> dict[int, int]:
    """The number that each of them has on the waiting list now: those before them may have left it."""
    return {nomination.pk: place for place, nomination in enumerate(on_waiting_list(this), 1)}
