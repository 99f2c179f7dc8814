"""The frame's own pages in the navigation."""

from leaders.people.models import Role

from .registry import Page, page


def is_in_the_year(person, now) -> bool:
    """Whoever has dates and gets the weekly email: participants, and mentors and coaches too."""
    return person.has_role(Role.PARTICIPANT, Role.MENTOR, Role.COACH)


page(Page("Dates", "my_dates", shown=is_in_the_year), order=40, module=__name__)
page(Page("Messages", "my_messages", shown=is_in_the_year), order=80, module=__name__)
page(Page("Your data", "my_privacy", shown=is_in_the_year), order=90, module=__name__)
