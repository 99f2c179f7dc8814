"""Who waits for a mentor."""

from django.db.models import Exists, OuterRef

from cohorts.models import Place

from .models import MenteeProfile, Mentorship, RunPair


def waiting():
    """What those said who asked for a mentor and have none, in every cohort."""
    matched = Mentorship.objects.live().filter(place=OuterRef("place"))
    return MenteeProfile.objects.opted_in().filter(place__status=Place.Status.ACTIVE).exclude(Exists(matched))


def not_covered(*, run, cohort):
    """Those of a cohort who wait and whom a proposal is not about: they asked after it was made.

    `run` and `cohort` are keys, or references to those of an outer query.
    """
    covered = RunPair.objects.filter(run=run, place=OuterRef("place"))
    return waiting().filter(place__cohort=cohort).exclude(Exists(covered)).order_by("place__person__name")
