"""The frame's own pages in the navigation."""

from leaders.people.models import Role

from .registry import Page, page


def takes_part(person, now) -> bool:
    return person.has_role(Role.PARTICIPANT)


page(Page("Dates", "my_dates", shown=takes_part), order=40, module=__name__)
page(Page("Messages", "my_messages", shown=takes_part), order=80, module=__name__)
page(Page("Your data", "my_privacy", shown=takes_part), order=90, module=__name__)
