"""What graduation asks of the year, each with its evidence."""

from django.urls import reverse

from cohorts.registry import Evidence, requirement
from leaders.components.dates import london_date

from .models import TeamMember
from .year import year_of

# The year: attendance and the team's presentation


@requirement(order=300, key="attendance", title="Module days attended")
def attendance(place, settings) -> Evidence:
    """`percent` of all module days (80 unless set), and with `first_and_last` a day of each of those two modules.

    Being there, joining remotely and an agreed adjustment count; catching up is for learning and does not.
    """
    year = year_of(place)
    dated = year.dated
    enough = year.days > 0 and 100 * year.attended >= settings.get("percent", 80) * year.days
    ends = all(mine.attended for mine in (dated[0], dated[-1])) if dated else False
    return Evidence(
        done=enough and (ends or not settings.get("first_and_last", True)),
        text=f"Module days: {year.attended} of {year.days} attended",
        url=reverse("my_modules"),
    )


@requirement(order=310, key="team_presentation", title="Team presentation")
def team_presentation(place, settings) -> Evidence:
    """The team's presentation is recorded, and this person is in the team."""
    member = TeamMember.objects.filter(place=place).select_related("team__presentation").first()
    url = reverse("my_team")
    if member is None or member.team.confirmed_at is None:
        return Evidence(done=False, text="Team presentation: when teams are formed", url=url)
    presentation = getattr(member.team, "presentation", None)
    if presentation:
        return Evidence(done=True, text=f"{member.team} has presented", url=url)
    last = year_of(place).dated[-1:]
    by = f": module {last[0].module.number}, {london_date(last[0].ends):%-d %B}" if last else ""
    return Evidence(done=False, text=f"{member.team} presents{by}", url=url)
