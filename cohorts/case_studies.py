"""The first words of a case study, from the programme's own text and the cohort's figures."""

from .models import Cohort
from .registry import Fact

# Which text a figure is first told in, by how its key begins; the rest stand beside the text.
TOLD_IN = {
    "nominated": "participants",
    "offered": "participants",
    "accepted": "participants",
    "participants": "participants",
    "organisations": "participants",
    "graduates": "participants",
    "challenge": "challenges",
    "pulse": "impact",
    "feedback": "impact",
    "questionnaire": "impact",
    "change": "impact",
}


def first_texts(cohort: Cohort, facts: list[Fact]) -> dict[str, str]:
    """Title, summary and each of `CaseStudy.TEXTS`, as a draft for somebody to edit."""
    programme = cohort.programme
    told: dict[str, list[str]] = {"participants": [], "challenges": [], "impact": []}
    for fact in facts:
        text = next((text for start, text in TOLD_IN.items() if fact.key.startswith(start)), None)
        if text is None:
            continue  # a figure beside the text, not a sentence in it
        # A challenge is told by what it is about and its question, everything else by its sentence.
        words = (
            f"{fact.value}: {fact.text}"
            if fact.key.startswith("challenge_") and isinstance(fact.value, str)
            else fact.text
        )
        told[text].append(words if words.endswith((".", "?")) else f"{words}.")
    modules = [f"{module.title}: {module.focus}." for module in programme.outline.all()]
    return {
        # Without a break between Cohort and its number.
        "title": f"{programme.name}: Cohort\u00a0{cohort.number}, {cohort.years}",
        "summary": programme.aim,
        "aims": programme.description or programme.aim,
        "participants": " ".join(told["participants"]) or "Nobody took part yet.",
        "features": "\n".join(modules),
        "challenges": "\n".join(told["challenges"]),
        "impact": "\n".join(told["impact"]),
    }
