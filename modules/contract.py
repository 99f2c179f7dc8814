"""The learning contract's sections, and the words it starts from. The participant makes them their own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One section: its key, its heading, the words it starts with, and whether the participant may change them."""

    key: str
    title: str
    words: str
    fixed: bool = False


SECTIONS = (
    Section("purpose", "What I want from this year", ""),
    Section(
        "participant",
        "What I will do",
        "I will come to all six modules and my coaching group, prepare for them, take part in my team’s "
        "systems challenge and try out at work what I learn.",
    ),
    Section(
        "sponsor",
        "What my sponsor will do",
        "My sponsor will release my time and arrange cover, meet me before, half way and after, open doors for "
        "the systems challenge, and come to graduation.",
    ),
    Section(
        "programme",
        "What the programme will do",
        "The programme will run what it has announced, give notice of changes, offer a coaching group and a "
        "trained mentor, and make the adjustments people need.",
        fixed=True,
    ),
    Section(
        "confidentiality",
        "What stays between us, and its limits",
        "What is said in modules, groups and mentoring stays there. My questionnaire, learning plan and notes "
        "are mine: my sponsor sees only what I choose to share. The limits are a risk of serious harm, "
        "safeguarding and crime. This is development, never performance management.",
        fixed=True,
    ),
    Section(
        "impact",
        "How we will see that it made a difference",
        "We will look at it together half way and six months after.",
    ),
    Section(
        "exit",
        "If something changes",
        "If my job, employer or circumstances change, we talk first and change this contract together. Leaving "
        "early is no failure; we tell the programme and say what would have helped.",
    ),
)
OPEN_KEYS = frozenset(section.key for section in SECTIONS if not section.fixed)


def open_section(key: str) -> Section | None:
    """The section that the participant may write, or None."""
    return next((section for section in SECTIONS if section.key == key and not section.fixed), None)


def starting_texts() -> dict[str, str]:
    return {section.key: section.words for section in SECTIONS}


def changed(before: dict[str, str], after: dict[str, str]) -> list[dict[str, str]]:
    """The sections whose words differ between two versions, in order: title, and the words before and now."""
    return [
        {"title": section.title, "before": was, "now": now}
        for section in SECTIONS
        if (was := before.get(section.key, "")) != (now := after.get(section.key, ""))
    ]
