"""The frame's own pages in the navigation."""

from leaders.people.models import Role

from .registry import Page, page


def is_in_the_year(person, now) -> bool:
    """Whoever has dates and gets the weekly email: participants, and mentors and coaches too."""
    return person.has_role(Role.PARTICIPANT, Role.MENTOR, Role.COACH)


page(Page("Dates", "my_dates", shown=is_in_the_year), order=40, module=__name__)
# Panel members and sponsors are written to as well, and everybody has rights over what is kept about them.
page(Page("Messages", "my_messages", leads_there=False), order=80, module=__name__)
page(Page("Your data", "my_privacy", leads_there=False), order=90, module=__name__)
