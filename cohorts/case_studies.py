"""The first words of a case study, from the programme's own text and the cohort's figures."""

from .models import Cohort
from .registry import Fact

# Which text of a case study a figure belongs to, by a word in its key; the rest speak of impact.
BELONGS = {"challenge": "challenges", "team": "challenges", "participants": "participants"}


def first_texts(cohort: Cohort, facts: list[Fact]) -> dict[str, str]:
    """Title, summary and each of `CaseStudy.TEXTS`, as a draft for somebody to edit."""
    programme = cohort.programme
    told: dict[str, list[str]] = {"participants": [], "challenges": [], "impact": []}
    for fact in facts:
        app, _, key = fact.key.partition(".")
        text = "participants" if app == "cohorts" else next((t for word, t in BELONGS.items() if word in key), "impact")
        told[text].append(fact.text)
    modules = "\n".join(f"{module}: {module.focus}" for module in programme.outline.all())
    return {
        "title": f"{programme.name}: {cohort.name}, {cohort.years}",
        "summary": programme.aim,
        "aims": programme.description or programme.aim,
        "participants": "\n".join(told["participants"]) or programme.who_takes_part,
        "features": modules,
        "challenges": "\n".join(told["challenges"]),
        "impact": "\n".join(told["impact"]),
    }
