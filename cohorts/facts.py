"""Figures about who took part in a cohort and what became of them, small numbers suppressed."""

from collections import Counter

from django.db.models import Count, Q

from leaders.people.small_numbers import FEWER, SMALL, nested, percentage, protect

from .models import Cohort, Place, Pulse
from .registry import Fact, fact

TOOK_PART = (Place.Status.ACTIVE, Place.Status.GRADUATED)


@fact(order=200, key="participants", title="Who took part")
def participants(cohort: Cohort, now) -> list[Fact]:
    """People and organisations, and how they spread over London; counts of 1 to 4 are never shown."""
    places = Place.objects.for_cohort(cohort).filter(status__in=TOOK_PART)
    counts = places.aggregate(
        people=Count("pk"),
        organisations=Count("organisation", distinct=True),
        graduates=Count("pk", filter=Q(status=Place.Status.GRADUATED)),
    )
    if not counts["people"]:
        return []
    people, organisations = _shown(counts["people"]), _shown(counts["organisations"])
    found = [
        Fact("participants", "People", people, f"{people} people took part"),
        Fact("organisations", "Organisations", organisations, f"They work for {organisations} organisations"),
    ]
    found += _subregions(places)
    graduates = nested([counts["people"], counts["graduates"]])[1].count
    if graduates:
        found.append(Fact("graduates", "Graduates", graduates, f"{graduates} of them graduated"))
    return found


def _subregions(places) -> list[Fact]:
    by_subregion = Counter(places.exclude(organisation__subregion="").values_list("organisation__subregion", flat=True))
    names = sorted(by_subregion)
    shown = [
        f"{name} {cell.text}" for name, cell in zip(names, protect([by_subregion[name] for name in names]), strict=True)
    ]
    if not shown:
        return []
    return [Fact("subregions", "Parts of London", len(names), "By part of London: " + ", ".join(shown))]


@fact(order=210, key="pulse", title="Months after graduation")
def after_graduation(cohort: Cohort, now) -> list[Fact]:
    """Of those who answered: how many moved up, how many work with each other; percentages from 22 people on."""
    found = []
    for months in Pulse.MONTHS:
        counts = Pulse.objects.filter(place__cohort=cohort, months=months).aggregate(
            answered=Count("pk"),
            senior=Count("pk", filter=Q(role=Pulse.Role.MORE_SENIOR)),
            across=Count("pk", filter=Q(works_across=True)),
        )
        if counts["answered"] < SMALL:
            continue
        for key, what in (("senior", "hold a more senior post"), ("across", "have worked with somebody they met here")):
            share = percentage(counts[key], counts["answered"])
            # The rest is counted too, so that neither the few nor the few others can be made out.
            cell = protect([counts[key], counts["answered"] - counts[key]])[0]
            if share is None and cell.count is None:
                continue
            said = f"{share}%" if share is not None else cell.text
            text = f"{months} months on, {said} of the {counts['answered']} who answered {what}"
            found.append(Fact(f"pulse_{months}_{key}", f"{months} months on", share or counts[key], text))
    return found


def _shown(count: int) -> int | str:
    return FEWER if 0 < count < SMALL else count
