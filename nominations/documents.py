"""The record of a nomination as it was sent, and as the nominee completed it."""

from django.db.models import Q
from django.urls import reverse

from cohorts.models import Criterion
from leaders.documents.registry import Source, document
from leaders.people.models import Person

from .models import Nomination


def _visible_to(nomination: Nomination, person: Person) -> bool:
    return Nomination.objects.filter(pk=nomination.pk).visible_to(person).exists()


def _page(nomination: Nomination, person: Person) -> str:
    """Whoever nominates or is nominated comes by a private link, and downloads it there."""
    return reverse("admin:nominations_nomination_change", args=[nomination.pk]) if person.is_staff else ""


def _naming(person: Person):
    parties = Q(nominee=person) | Q(nominator=person)
    for role in ("line_manager", "sponsor", "fee_contact"):
        parties |= Q(**{f"{role}_email__iexact": person.email})
    return Nomination.objects.filter(parties)


@document(
    key="nominations.record", title="Nomination record", model=Nomination, visible_to=_visible_to, naming=_naming,
    order=100,
    back=_page,
)  # fmt: skip
def record(nomination: Nomination) -> Source:
    nomination = Nomination.objects.in_words().get(pk=nomination.pk)
    criteria = list(Criterion.objects.filter(programme=nomination.round.cohort.programme))
    return Source(
        title=f"{nomination.get_kind_display()} {nomination.reference}",
        filename=f"{nomination.reference}.pdf",
        template="nominations/pdf/record.html",
        context={
            "nomination": nomination,
            "why": [(criterion, nomination.why.get(criterion.key, "")) for criterion in criteria],
        },
    )
