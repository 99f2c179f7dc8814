"""Whether a place may graduate: what its programme asks for, traced from records."""

from dataclasses import dataclass
from datetime import datetime

from .models import Cohort, Place, Waiver
from .registry import Evidence, Fact, facts, requirements


@dataclass(frozen=True)
class Requirement:
    """One line of the checklist: met by its evidence, or waived."""

    key: str
    title: str
    evidence: Evidence
    waiver: Waiver | None = None

    @property
    def done(self) -> bool:
        return self.evidence.done or self.waiver is not None

    @property
    def label(self) -> str:
        """What the checklist says: "Modules: 3 of 6 attended", or that it is waived."""
        return f"{self.title}: waived" if self.waiver and not self.evidence.done else self.evidence.text


def checklist(place: Place) -> list[Requirement]:
    """What graduation asks of this place, in the programme's order.

    A requirement whose app is not there any more cannot be met; it can be waived.
    """
    waivers = {waiver.requirement_key: waiver for waiver in place.waivers.all()}
    return [
        Requirement(asked.key, asked.title, _evidence(place, asked), waivers.get(asked.key))
        for asked in place.cohort.programme.requirements.all()
    ]


def outstanding(place: Place) -> list[Requirement]:
    """What is neither met nor waived."""
    return [requirement for requirement in checklist(place) if not requirement.done]


def _evidence(place: Place, asked) -> Evidence:
    if asked.key not in requirements:
        return Evidence(done=False, text=f"{asked.title}: nobody records this any more")
    return requirements[asked.key].brings(place, asked.settings)


def gather_facts(cohort: Cohort, now: datetime) -> list[Fact]:
    """Every figure that the apps know about a cohort, in order."""
    return [fact for part in facts for fact in part.brings(cohort, now)]
