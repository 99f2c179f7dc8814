"""What graduation asks of the year, each with its evidence."""

from django.urls import reverse

from cohorts.registry import Evidence, requirement
from leaders.components.dates import london_date
from leaders.components.text import lower_first

from .learning import WHEN, asked_of
from .models import Goal, LearningContract, TeamMember, Wave
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


# Learning: questionnaires, contract, plan

WAVES = {"T0": Wave.Kind.BEFORE, "T1": Wave.Kind.AFTER, "T2": Wave.Kind.LATER}


@requirement(order=320, key="questionnaires", title="Questionnaires answered")
def questionnaires(place, settings) -> Evidence:
    """Every wave of `waves` ("T0" before, "T1" at the last module, "T2" later) is answered; never what was answered."""
    kinds = [WAVES[code] for code in settings.get("waves", ["T0", "T1"])]
    done = {asked.wave.kind for asked in asked_of(place) if asked.is_done}
    missing = [WHEN[kind] for kind in kinds if kind not in done]
    text = f"still to answer {' and '.join(missing)}" if missing else "answered"
    return Evidence(done=not missing, text=f"Questionnaire: {text}", url=reverse("my_learning"))


@requirement(order=330, key="learning_contract", title="Learning contract signed")
def learning_contract(place, settings) -> Evidence:
    contract = LearningContract.objects.filter(place=place).prefetch_related("signatures").first()
    done = contract is not None and contract.status == LearningContract.Status.AGREED
    standing = lower_first(contract.standing) if contract else "not begun"
    return Evidence(done=done, text=f"Learning contract: {standing}", url=reverse("my_contract"))


@requirement(order=340, key="learning_plan", title="Learning plan kept")
def learning_plan(place, settings) -> Evidence:
    """At least `goals` goals, `reviewed` of them reviewed (one each unless set); what they are stays private."""
    looked_at = list(Goal.objects.filter(plan__place=place).values_list("reviewed_at", flat=True))
    reviewed = sum(at is not None for at in looked_at)
    done = len(looked_at) >= settings.get("goals", 1) and reviewed >= settings.get("reviewed", 1)
    count = f"{len(looked_at)} goal{'' if len(looked_at) == 1 else 's'}"
    text = f"{count}, {reviewed} reviewed" if looked_at else "no goals yet"
    return Evidence(done=done, text=f"Learning plan: {text}", url=reverse("my_plan"))
