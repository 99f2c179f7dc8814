"""How the office reaches people."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leaders.people.models import Person
from mentoring.models import Mentorship


def reach(person: Person) -> SafeString:
    """Somebody by name, with their address to write to and their number where we know it."""
    phone = f", {person.phone}" if person.phone else ""
    return format_html('{}: <a href="mailto:{}">{}</a>{}', person.name, person.email, person.email, phone)


def reach_both(mentorship: Mentorship) -> SafeString:
    """The two of a mentorship, a line each."""
    people = (mentorship.place.person, mentorship.mentor.person)
    return format_html_join("", "<p>{}</p>", ((reach(person),) for person in people))
