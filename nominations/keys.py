"""The pseudonyms of equality answers are made with a field key."""

from leaders.people.keys import keys

from .models import EqualityReturn, Nomination
from .models.equality import pseudonyms


@keys.part(order=100, title="Pseudonyms of equality answers")
def equality_returns() -> int:
    """Name those answers anew that are still tied to a nomination; once the cohort has closed nothing is."""
    tied = EqualityReturn.objects.filter(pseudonym__isnull=False).values("round")
    count = 0
    for nomination in Nomination.objects.filter(round__in=tied).only("pk").iterator(2000):
        first, *older = pseudonyms(nomination)
        count += EqualityReturn.objects.filter(pseudonym__in=older).update(pseudonym=first) if older else 0
    return count
