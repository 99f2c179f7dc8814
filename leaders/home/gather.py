"""Gathers what the apps bring for one person: each function is called once a request."""

from dataclasses import dataclass
from datetime import date, datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from leaders.people.models import Person

from .registry import Card, Entry, Todo, agendas, brands, cards, leads, pages, sections, todos


@dataclass(frozen=True)
class Drawn:
    """A section, drawn: its key, and its HTML from the app's own template."""

    key: str
    html: SafeString


@dataclass(frozen=True)
class Home:
    """All that a person's home shows."""

    before: list[Drawn]
    after: list[Drawn]
    people: list[Card]
    next: Todo | None
    later: list[Todo]
    done: list[Todo]
    dates: list[Entry]
    lead: str = ""

    @property
    def graduation(self) -> bool:
        """Whether the graduation section is shown: the people stand just above it."""
        return any(section.key == "graduation" for section in self.after)

    @property
    def is_empty(self) -> bool:
        return not (self.before or self.after or self.people or self.next or self.dates)


# Sections up to here stand above the tasks: the welcome, the alumni view, the river of the year.
ABOVE_TASKS = 29


def home(person: Person, now: datetime) -> Home:
    """Everything on the home page of `person`; sections with nothing to say are absent."""
    before, after = [], []
    for part in sections:
        context = part.brings(person, now)
        if context is None:
            continue
        template = part.brings.template
        drawn = Drawn(part.key, render_to_string(template, {**context, "person": person, "now": now}))
        (before if part.order <= ABOVE_TASKS else after).append(drawn)
    open_todos, done = tasks(person, now)
    return Home(
        before=before,
        after=after,
        people=[card for part in cards if (card := part.brings(person, now))],
        next=open_todos[0] if open_todos else None,
        later=open_todos[1:],
        done=done,
        dates=[entry for entry in dates(person, now) if entry.ends >= now][:4],
        lead=" ".join(sentence for part in leads if (sentence := part.brings(person, now))),
    )


def tasks(person: Person, now: datetime) -> tuple[list[Todo], list[Todo]]:
    """What is asked of the person, earliest due first, and what they have done, latest first."""
    found = [todo for part in todos for todo in part.brings(person, now) or []]
    still = sorted((todo for todo in found if not todo.done), key=lambda todo: (todo.due or date.max, todo.title))
    done = sorted((todo for todo in found if todo.done), key=lambda todo: todo.done_on or date.min, reverse=True)
    return still, done


def dates(person: Person, now: datetime) -> list[Entry]:
    """Every date of the person's, in order."""
    found = [entry for part in agendas for entry in part.brings(person, now) or []]
    return sorted(found, key=lambda entry: (entry.starts, entry.title))


def navigation(person: Person, now: datetime, path: str) -> list[dict]:
    """The pages this person has, with the one they are on marked."""
    shown = [("Home", reverse("my_home"))]
    shown += [(part.brings.label, reverse(part.brings.url_name)) for part in pages if part.brings.shown(person, now)]
    # Everything lies below the home, which is therefore only itself.
    home_url = reverse("my_home")
    here = max(
        (url for _, url in shown if path == url or (url != home_url and path.startswith(url))), key=len, default=""
    )
    return [{"label": label, "url": url, "current": url == here} for label, url in shown]


def greeting(now: datetime) -> str:
    """The greeting for the hour in London."""
    hour = timezone.localtime(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def brand(person: Person, now: datetime) -> tuple[str, str]:
    """What the header says on this person's pages: a name and the line under it, blank for the usual."""
    return next((found for part in brands if (found := part.brings(person, now))), ("", ""))


def navigation_of_page(request) -> dict:
    """Context processor: the navigation and the header of a signed-in person's page; nothing elsewhere."""
    if not hasattr(request, "navigation"):
        return {"navigation": None}
    name, line = request.brand
    return {"navigation": request.navigation, "brand_name": name, "brand_sub": line, "brand_url": reverse("my_home")}
