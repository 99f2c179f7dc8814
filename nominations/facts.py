"""Figures about a cohort's nominations."""

from django.db.models import Count, Exists, OuterRef, Q

from cohorts.registry import Fact, fact

from .models import Nomination, Offer


@fact(order=100, key="nominations", title="Nominated, offered, accepted")
def nominations(cohort, now):
    """From the round's own records; an organisation counts once however many it nominated."""
    offered = Exists(Offer.objects.filter(nomination=OuterRef("pk")))
    counts = Nomination.objects.for_cohort(cohort).sent().aggregate(
        nominated=Count("pk"),
        organisations=Count("organisation", distinct=True),
        offered=Count("pk", filter=Q(offered)),
        accepted=Count("pk", filter=Q(state=Nomination.State.ACCEPTED)),
    )  # fmt: skip
    if not counts["nominated"]:
        return []
    n, o = counts["nominated"], counts["organisations"]
    people = f"{n} {'person was' if n == 1 else 'people were'} nominated or applied"
    return [
        Fact("nominated", "Nominated", n, f"{people}, from {o} organisation{'' if o == 1 else 's'}"),
        Fact("offered", "Offered a place", counts["offered"], f"{counts['offered']} were offered a place"),
        Fact("accepted", "Places accepted", counts["accepted"], f"{counts['accepted']} accepted a place"),
    ]
