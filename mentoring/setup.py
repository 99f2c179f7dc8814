"""Loads what matching starts from: the criteria, and how each programme arranges mentoring and coaching."""

from datetime import datetime

from django.db import transaction

from cohorts.models import Programme
from leaders.people.audit import record
from leaders.people.loading import load

from .models import MatchCriterion, MentoringRules

Group = MatchCriterion.Group
CRITERIA = (
    ("theme-system", Group.THEME, "leading where nobody is in charge of the whole", 3),
    ("theme-politics", Group.THEME, "working with politicians", 3),
    ("theme-inequality", Group.THEME, "taking on inequality", 3),
    ("theme-communities", Group.THEME, "working with communities", 3),
    ("theme-future", Group.THEME, "preparing for a changing London", 3),
    ("theme-self", Group.THEME, "leading under pressure without losing oneself", 3),
    ("service-care", Group.SERVICE, "adult social care and health", 2),
    ("service-children", Group.SERVICE, "children’s services and education", 2),
    ("service-housing", Group.SERVICE, "housing", 2),
    ("service-place", Group.SERVICE, "planning, environment and regeneration", 2),
    ("service-safety", Group.SERVICE, "community safety, policing and probation", 2),
    ("service-public-health", Group.SERVICE, "public health and mental health", 2),
    ("service-corporate", Group.SERVICE, "finance, digital, law and strategy", 2),
    ("service-voluntary", Group.SERVICE, "the voluntary and community sector", 2),
    ("step-director", Group.STEP, "the step to director", 3),
    ("step-sector", Group.STEP, "moving between organisations or sectors", 2),
    ("step-change", Group.STEP, "leading through a restructure or a merger", 2),
    ("step-home", Group.STEP, "a senior post beside caring for others", 2),
    ("preference", Group.PREFERENCE, "a mentor they named", 4),
    ("shared", Group.SHARED, "something both chose to share", 1),
)
# A programme without a mentor for everybody has its coaching groups.
WITHOUT_MENTORS = ("leaders-for-london",)


@load(order=400, title="Matching criteria")
@transaction.atomic
def load_criteria(now: datetime) -> int:
    """Make the criteria that are missing; the office edits them from then on."""
    made = 0
    for order, (key, group, label, weight) in enumerate(CRITERIA, 1):
        criterion, is_new = MatchCriterion.objects.get_or_create(
            key=key, defaults={"group": group, "order": order, "label": label, "weight": weight}
        )
        if is_new:
            record("mentoring.criterion.made", f"Matching criterion: {label}", subject=criterion, by=None, now=now)
        made += is_new
    return made


@load(order=410, title="Mentoring rules of each programme")
@transaction.atomic
def load_rules(now: datetime) -> int:
    """Give each programme the usual rules, if it has none yet."""
    made = 0
    for programme in Programme.objects.filter(mentoring_rules=None):
        rules = MentoringRules.objects.create(programme=programme, has_mentoring=programme.slug not in WITHOUT_MENTORS)
        record("mentoring.rules.made", f"{rules} was set up", subject=rules, by=None, now=now)
        made += 1
    return made
