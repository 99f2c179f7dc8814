"""Figures about a cohort's year, from its records; small numbers are not shown."""

from statistics import fmean

from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from cohorts.models import Place
from cohorts.registry import Fact, fact
from leaders.components.dates import LONDON, london_date
from leaders.components.text import lower_first
from leaders.people.small_numbers import percentage, protect

from .aggregates import COUNTED, change_of, told_of
from .learning import WHEN
from .models import Attendance, Feedback, Session, Speaker, Team

# The year: sessions, speakers, attendance, feedback, challenges


@fact(order=300, key="sessions", title="Sessions and speakers")
def sessions(cohort, now):
    counts = Session.objects.kept().for_cohort(cohort).aggregate(
        # An evening on a day of the module is no day more.
        days=Count(TruncDate("starts", tzinfo=LONDON), distinct=True, filter=Q(kind="module_day")),
        development=Count("pk", filter=Q(kind="development"))
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
def attendance(cohort, now):
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
def feedback(cohort, now):
    """The mean of each statement over all modules that eight people or more told us of."""
    today = london_date(now)
    given = [said for module in cohort.modules.order_by("number") for said in told_of(module, today).averaged]
    if not given:
        return []
    means = {name: fmean(getattr(said, name) for said in given) for name in Feedback.STATEMENTS}
    return [
        Fact(
            key=f"feedback_{name}",
            label=Feedback._meta.get_field(name).verbose_name,
            value=round(means[name], 1),
            text=f"“{Feedback._meta.get_field(name).verbose_name}”: {means[name]:.1f} of 5",
            row=str(Feedback._meta.get_field(name).verbose_name),
        )
        for name in Feedback.STATEMENTS
    ]


@fact(order=330, key="challenges", title="Systems challenges")
def challenges(cohort, now):
    teams = list(Team.objects.confirmed().filter(cohort=cohort).exclude(challenge=None).select_related("challenge"))
    people = Place.objects.filter(cohort=cohort, team_membership__team__in=teams).count()
    if not teams:
        return []
    summary = f"{people} people in {len(teams)} team{'' if len(teams) == 1 else 's'} worked on systems challenges"
    return [
        Fact("challenge_teams", "Challenge teams", len(teams), summary),
        *(Fact(f"challenge_{team.pk}", str(team), team.challenge.title, team.challenge.question) for team in teams),
    ]


# Learning: who answered, and how the cohort's view of itself moved


@fact(order=340, key="questionnaire", title="Answers to the questionnaire")
def questionnaire(cohort, now):
    """How many answered each wave; a few missing are not shown either."""
    people = Place.objects.for_cohort(cohort).filter(status__in=COUNTED).count()
    counts = Count("responses", filter=Q(responses__submitted_at__isnull=False, responses__place__status__in=COUNTED))
    found = []
    for wave in cohort.waves.annotate(answers=counts).filter(answers__gt=0):
        shown = protect([wave.answers, people - wave.answers])[0]
        text = f"{shown.text} of {people} people answered the questionnaire {WHEN[wave.kind]}"
        if shown.count is not None:
            found.append(Fact(f"answered_{wave.kind}", f"Answers {WHEN[wave.kind]}", wave.answers, text))
    return found


@fact(order=350, key="change", title="How the cohort's view of itself moved")
def change(cohort, now):
    """Mean change of those who answered before and at the end, from eight people on; it is self-report and says so."""
    moved = [each for each in change_of(cohort, london_date(now)) if each.change.mean is not None]
    found = []
    for each in moved:
        size, matched = each.change.mean, each.change.matched
        what = f"in {lower_first(each.title)}" if each.key else "overall"
        way = "higher" if size >= 0 else "lower"
        sentence = f"People rated themselves {abs(size):.1f} {way} {what} at the end, on a scale of 1 to 5"
        found.append(
            Fact(
                f"change_{each.key or 'overall'}", f"Change {what}", round(size, 1), f"{sentence} ({matched} people)",
                row=each.title if each.key else "Overall", people=matched,
            )
        )  # fmt: skip
    return found
