"""Figures about a cohort's year, from its records; small numbers are not shown."""

from django.db.models import Avg, Count, Q

from cohorts.models import Place
from cohorts.registry import Fact, fact
from leaders.people.small_numbers import AVERAGE_FROM, percentage

from .models import Attendance, Feedback, Session, Speaker, Team

# The year: sessions, speakers, attendance, feedback, challenges


@fact(order=300, key="sessions", title="Sessions and speakers")
def sessions(cohort):
    counts = Session.objects.kept().for_cohort(cohort).aggregate(
        days=Count("pk", filter=Q(kind="module_day")), development=Count("pk", filter=Q(kind="development"))
    )  # fmt: skip
    speakers = Speaker.objects.filter(sessions__cohort=cohort, sessions__cancelled_at=None).distinct().count()
    modules = cohort.modules.count()
    found = []
    if modules:
        found.append(Fact("modules", "Modules", modules, f"{modules} modules over {counts['days']} days"))
    if counts["development"]:
        number = counts["development"]
        found.append(
            Fact("development_sessions", "Continuous development sessions", number,
                 f"{number} continuous development session{'' if number == 1 else 's'}")
        )  # fmt: skip
    if speakers:
        text = f"{speakers} visiting speaker{'' if speakers == 1 else 's'}"
        found.append(Fact("speakers", "Visiting speakers", speakers, text))
    return found


@fact(order=310, key="attendance", title="Attendance at module days")
def attendance(cohort):
    """Of all places and days recorded, in whole percent; of a group of 22 people or more."""
    seen = Attendance.objects.filter(session__cohort=cohort, session__kind="module_day", session__cancelled_at=None)
    counts = seen.aggregate(
        all=Count("pk"),
        there=Count("pk", filter=~Q(status=Attendance.Status.ABSENT)),
        people=Count("place", distinct=True),
    )
    if not counts["all"] or percentage(0, counts["people"]) is None:
        return []
    share = round(100 * counts["there"] / counts["all"])
    return [Fact("attendance", "Attendance", share, f"{share}% of module days were attended")]


@fact(order=320, key="feedback", title="How the modules were received")
def feedback(cohort):
    """The mean of each statement over all modules, from eight people on."""
    given = Feedback.objects.filter(module__cohort=cohort)
    means = given.aggregate(people=Count("place", distinct=True), **{name: Avg(name) for name in Feedback.STATEMENTS})
    if means["people"] < AVERAGE_FROM:
        return []
    return [
        Fact(
            key=f"feedback_{name}",
            label=Feedback._meta.get_field(name).verbose_name,
            value=round(means[name], 1),
            text=f"“{Feedback._meta.get_field(name).verbose_name}”: {means[name]:.1f} of 5",
        )
        for name in Feedback.STATEMENTS
    ]


@fact(order=330, key="challenges", title="Systems challenges")
def challenges(cohort):
    teams = list(Team.objects.confirmed().filter(cohort=cohort).exclude(challenge=None).select_related("challenge"))
    people = Place.objects.filter(cohort=cohort, team_membership__team__in=teams).count()
    if not teams:
        return []
    summary = f"{people} people in {len(teams)} team{'' if len(teams) == 1 else 's'} worked on systems challenges"
    return [
        Fact("challenge_teams", "Challenge teams", len(teams), summary),
        *(Fact(f"challenge_{team.pk}", str(team), team.challenge.title, team.challenge.question) for team in teams),
    ]
