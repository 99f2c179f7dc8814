"""The record of a nomination as it was sent, and as the nominee completed it."""

from cohorts.models import Criterion
from leaders.documents.registry import Source, document
from leaders.people.models import Person

from .models import Nomination


def _visible_to(nomination: Nomination, person: Person) -> bool:
    return Nomination.objects.filter(pk=nomination.pk).visible_to(person).exists()


@document(key="nominations.record", title="Nomination record", model=Nomination, visible_to=_visible_to, order=100)
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
