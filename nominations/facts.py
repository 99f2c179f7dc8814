"""Figures about a cohort's nominations."""

from django.db.models import Count, Exists, OuterRef, Q

from cohorts.registry import Fact, fact
from leaders.people.small_numbers import SMALL, nested

from .models import Nomination, Offer


@fact(order=100, key="nominations", title="Nominated, offered, accepted")
def nominations(cohort, now):
    """From the round's own records, small numbers and small differences left out.

    An organisation counts once however many it nominated.
    """
    offered = Exists(Offer.objects.filter(nomination=OuterRef("pk")))
    counts = Nomination.objects.for_cohort(cohort).sent().aggregate(
        nominated=Count("pk"),
        organisations=Count("organisation", distinct=True),
        offered=Count("pk", filter=Q(offered)),
        accepted=Count("pk", filter=Q(state=Nomination.State.ACCEPTED)),
    )  # fmt: skip
    if not counts["nominated"]:
        return []
    nominated, offered, accepted = nested([counts["nominated"], counts["offered"], counts["accepted"]])
    organisations = counts["organisations"]
    found = []
    if nominated.count is not None:
        where = f", from {organisations} organisations" if organisations >= SMALL else ""
        text = f"{nominated.count} people were nominated or applied{where}"
        found.append(Fact("nominated", "Nominated", nominated.count, text))
    if offered.count is not None:
        found.append(Fact("offered", "Offered a place", offered.count, f"{offered.count} were offered a place"))
    if accepted.count is not None:
        found.append(Fact("accepted", "Places accepted", accepted.count, f"{accepted.count} accepted a place"))
    return found
