"""What apps bring to the office's Today page, in their `today.py`."""

from dataclasses import dataclass

from leaders.people.joining import Joint

needs = Joint("today", "What needs the director now, as sentence, count, link and one action")
panels = Joint("today (panels)", "Pictures on the Today page: the tile map, the funnel")
leads = Joint("today (leads)", "One sentence each about where things stand")
standings = Joint("today (a person)", "Where somebody stands in what the programmes do, on their page in the office")


@dataclass(frozen=True)
class Need:
    """One sentence on the Today page ("4 learning contracts are not signed") that links to its list.

    `action_url` is the one button beside it: a page to go to, never a change made by a GET.
    """

    sentence: str
    count: int
    url: str
    detail: str = ""
    late: bool = False
    action: str = ""
    action_url: str = ""


@dataclass(frozen=True)
class Panel:
    """A picture with its table: `column` is "main" or "side"."""

    title: str
    template: str
    context: dict
    column: str = "main"


@dataclass(frozen=True)
class Standing:
    """What one person has or is somewhere, with the page where that is: "Team Lea", "Mentor: Joanne Roney".

    `cohort_id` is that of the place which it belongs to: it stands on the page of that place too.
    """

    words: str
    url: str
    cohort_id: int | None = None


def need(*, order: int, key: str = "", title: str = ""):
    """Bring a need: the function takes (person, now) and returns a `Need`, a list of them, or None."""
    return needs.part(order=order, key=key, title=title)


def panel(*, order: int, key: str = "", title: str = ""):
    """Bring a panel: the function takes (person, now) and returns a `Panel`, a list of them, or None."""
    return panels.part(order=order, key=key, title=title)


def lead(*, order: int, key: str = "", title: str = ""):
    """Bring a sentence such as "Cohort 7 is in week 25 of 44.": the function takes (person, now)."""
    return leads.part(order=order, key=key, title=title)


def standing(*, order: int, key: str = "", title: str = ""):
    """Bring where somebody stands: the function takes a person and returns a list of `Standing`."""
    return standings.part(order=order, key=key, title=title)
