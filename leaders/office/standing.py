"""Where somebody stands in everything that the programmes do, as links for their page and for that of their place."""

from django.utils.html import format_html, format_html_join

from leaders.people.models import Person

from .registry import standings


def standing_of(person: Person, *, cohort_id: int | None = None) -> str:
    """All of it, or with `cohort_id` what belongs to the person's place in that cohort; empty when there is nothing."""
    found = [each for part in standings for each in part.brings(person)]
    wanted = [each for each in found if cohort_id is None or each.cohort_id == cohort_id]
    lines = format_html_join("", '<li><a href="{}">{}</a></li>', ((each.url, each.words) for each in wanted))
    return format_html('<ul class="log">{}</ul>', lines) if wanted else ""
