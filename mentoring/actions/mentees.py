"""What a participant says about having a mentor."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from cohorts.models import Place
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from mentoring.models import MenteeProfile, Mentor, MentoringRules, Mentorship, Mode, Preference

from .mentors import levels
from .runs import take_turns

Choice = MenteeProfile.Choice


@transaction.atomic
def opt_in(
    *,
    place: Place,
    by: Person,
    now: datetime,
    wants: Mapping[str, int] | None = None,
    modes: Iterable[str] | None = None,
    looking_for: str | None = None,
    goals: str | None = None,
    shares: Iterable[str] | None = None,
) -> MenteeProfile:
    """Ask for a mentor and say what one looks for. Saying it again changes what is given; the rest stays."""
    _check(place, by)
    if not MentoringRules.of(place.cohort).has_mentoring:
        raise NotPossible(f"{place.cohort.programme} has no mentors.")
    profile, _ = MenteeProfile.objects.get_or_create(place=place, defaults={"choice": Choice.IN, "chosen_at": now})
    profile.choice, profile.chosen_at = Choice.IN, now
    if wants is not None:
        profile.wants = levels(wants)
    if modes is not None:
        profile.modes = [mode for mode in Mode.values if mode in set(modes)]
    if looking_for is not None:
        profile.looking_for = looking_for.strip()
    if goals is not None:
        profile.goals = goals.strip()
    if shares is not None:
        profile.shares_words = json.dumps(sorted({share.strip() for share in shares if share.strip()}))
    profile.save()
    _record(place, "opted_in", f"{place.person} would like a mentor", by=by, now=now)
    return profile


@transaction.atomic
def opt_out(*, place: Place, by: Person, now: datetime) -> MenteeProfile:
    """Do without a mentor. What was said before goes; a mentorship that runs is ended on its own page."""
    _check(place, by)
    take_turns(place.cohort)
    if Mentorship.objects.live().filter(place=place).exists():
        raise NotPossible("You have a mentor now. You can end the mentorship on your mentor page.")
    profile, _ = MenteeProfile.objects.update_or_create(
        place=place,
        defaults={
            "choice": Choice.OUT,
            "chosen_at": now,
            "wants": {},
            "looking_for": "",
            "goals": "",
            "shares_words": "",
        },
    )
    profile.preferences.all().delete()
    _record(place, "opted_out", f"{place.person} does without a mentor", by=by, now=now)
    return profile


@transaction.atomic
def state_preferences(*, place: Place, mentors: Sequence[Mentor], by: Person, now: datetime) -> list[Preference]:
    """Say whom one would choose, first choice first, four at most. Mentors never learn of it."""
    _check(place, by)
    profile = MenteeProfile.objects.opted_in().filter(place=place).first()
    if profile is None:
        raise NotPossible("Say first that you would like a mentor.")
    if len(mentors) > Preference.MOST:
        raise NotPossible(f"Name {Preference.MOST} mentors at most.")
    if len({mentor.pk for mentor in mentors}) < len(mentors):
        raise NotPossible("Name each mentor once.")
    if any(mentor.status != Mentor.Status.APPROVED for mentor in mentors):
        raise NotPossible("One of these mentors has stood down. Choose again.")
    profile.preferences.all().delete()
    made = Preference.objects.bulk_create(
        Preference(profile=profile, mentor=mentor, rank=rank) for rank, mentor in enumerate(mentors, 1)
    )
    _record(place, "preferred", f"{place.person} named the mentors they would choose", by=by, now=now)
    return made


def _check(place: Place, by: Person) -> None:
    if by.pk != place.person_id:
        raise NotPossible("Everybody says this for themselves.")
    if not place.is_active:
        raise NotPossible("Only somebody who takes part can have a mentor.")


def _record(place: Place, verb: str, sentence: str, *, by: Person, now: datetime) -> None:
    record(
        f"mentoring.mentee.{verb}",
        sentence,
        subject=place,
        person=place.person,
        cohort_id=place.cohort_id,
        by=by,
        now=now,
    )
