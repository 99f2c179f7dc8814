"""The pages of the nomination and application journeys, in order: what each asks and when it is complete.

Pure: it reads a nomination's fields and a programme's criteria, and neither the database nor the clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cohorts.models import Criterion
from leaders.components.text import count_words

from .models.nomination import WHY, Nomination

MOST_WORDS = {WHY: 200, "cover": 100, "statement": 300, "contribution": 150}
"""How many words an answer may have, by its name; under `WHY` the answer to each criterion."""


@dataclass(frozen=True)
class Page:
    """A page: `asks` are names of answers (see `Nomination.value`), of which `needs` must not be empty.

    It is not complete while somebody has left it half way, or while an answer is longer than it may be.
    """

    key: str
    title: str
    asks: tuple[str, ...]
    needs: tuple[str, ...]
    criterion: Criterion | None = None

    def answers(self, nomination: Nomination) -> dict:
        return {name: nomination.value(name) for name in self.asks}

    def is_complete(self, nomination: Nomination) -> bool:
        return (
            self.key not in nomination.unfinished
            and all(nomination.value(name) for name in self.needs)
            and all(_fits(name, nomination.value(name)) for name in self.asks)
        )

    def is_begun(self, nomination: Nomination) -> bool:
        return any(nomination.value(name) for name in self.asks)


@dataclass(frozen=True)
class Section:
    """A line of the task list."""

    key: str
    title: str
    hint: str
    pages: tuple[Page, ...]
    shareable: bool = False
    minutes: int = 2

    def is_complete(self, nomination: Nomination) -> bool:
        return all(page.is_complete(nomination) for page in self.pages)

    def is_begun(self, nomination: Nomination) -> bool:
        return any(page.is_begun(nomination) for page in self.pages)


@dataclass(frozen=True)
class Journey:
    """All sections of one form, with what comes after a page."""

    sections: tuple[Section, ...]
    pages: dict[str, Page] = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "pages", {page.key: page for section in self.sections for page in section.pages})

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def section_of(self, page: Page) -> Section:
        return next(section for section in self.sections if page in section.pages)

    def following(self, page: Page) -> Page | None:
        """The next page of the same section, or None after its last."""
        pages = self.section_of(page).pages
        return next(iter(pages[pages.index(page) + 1 :]), None)

    def preceding(self, page: Page) -> Page | None:
        pages = self.section_of(page).pages
        index = pages.index(page)
        return pages[index - 1] if index else None

    def missing(self, nomination: Nomination) -> list[Section]:
        return [section for section in self.sections if not section.is_complete(nomination)]


def journey_of(nomination: Nomination, criteria: Sequence[Criterion]) -> Journey:
    """The journey of this nomination or application, for its programme's criteria in order."""
    return _application(criteria) if nomination.is_application else _nomination(criteria)


def _fits(name: str, answer) -> bool:
    most = MOST_WORDS.get(WHY if name.startswith(WHY) else name)
    return most is None or count_words(answer) <= most


def words_written(nomination: Nomination, criteria: Iterable[Criterion]) -> int:
    return sum(count_words(nomination.value(f"{WHY}{criterion.key}")) for criterion in criteria)


def _why(criteria: Sequence[Criterion], title: str) -> Section:
    pages = tuple(
        Page(f"why/{criterion.key}", criterion.title, (name := f"{WHY}{criterion.key}",), (name,), criterion)
        for criterion in criteria
    )
    return Section("why", title, "A short answer to each criterion", pages, minutes=5)


def _page(key: str, title: str, needs: str, also: str = "") -> Page:
    return Page(key, title, tuple(f"{needs} {also}".split()), tuple(needs.split()))


def _nomination(criteria: Sequence[Criterion]) -> Journey:
    return Journey(
        (
            Section(
                "about-you",
                "About you",
                "Your name, role and organisation",
                (_page("about-you", "About you", "nominator_name nominator_role_title", "nominator_phone"),),
                minutes=1,
            ),
            Section(
                "nominee",
                "Who you are nominating",
                "Their name, email address and post",
                (
                    _page("nominee", "Who are you nominating?", "nominee_name nominee_email"),
                    _page("nominee/post", "Their post", "nominee_role_title nominee_level nominee_service"),
                ),
                shareable=True,
            ),
            _why(criteria, "Why this person, why now"),
            Section(
                "council",
                "What your organisation will do",
                "Time for the modules, a line manager, a sponsor and the fee",
                (
                    _page("council", "Time for the programme", "release_agreed", "cover"),
                    _page(
                        "council/people",
                        "Line manager and sponsor",
                        "line_manager_name line_manager_email sponsor_name sponsor_email",
                    ),
                    _page("council/fee", "The fee", "fee_contact_name fee_contact_email", "purchase_order"),
                ),
                shareable=True,
            ),
        )
    )


def _application(criteria: Sequence[Criterion]) -> Journey:
    return Journey(
        (
            Section(
                "about-you",
                "About you",
                "Your name and work",
                (
                    _page("about-you", "About you", "nominee_name", "nominee_phone"),
                    _page("about-you/post", "Your work", "nominee_role_title nominee_service"),
                ),
                minutes=1,
            ),
            _why(criteria, "Why you, why now"),
            Section(
                "commitment",
                "Taking part",
                "The dates, what you bring, and what would help you take part",
                (
                    _page("commitment", "The dates", "dates", "date_clash"),
                    _page("commitment/statement", "In your own words", "statement", "contribution"),
                    _page("commitment/access", "What would help you take part", "", "access_needs"),
                ),
            ),
            Section(
                "sponsor",
                "Your sponsor",
                "Somebody senior who knows your work and endorses you",
                (_page("sponsor", "Your sponsor", "sponsor_name sponsor_email"),),
                minutes=1,
            ),
        )
    )
