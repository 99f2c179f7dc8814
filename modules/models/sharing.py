"""What a participant may let somebody read, and lets nobody read who follows that person."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from leaders.people.models import Person


def shared_in_full(whom: str) -> models.CheckConstraint:
    """With whom and since when, or neither."""
    who, at = f"shared_with_{whom}__isnull", f"shared_with_{whom}_at__isnull"
    return models.CheckConstraint(
        name=f"%(class)s_shared_with_{whom}_since",
        condition=Q(**{who: True, at: True}) | Q(**{who: False, at: False}),
    )


class Shared(models.Model):
    """Private, unless its writer lets their sponsor or their mentor read it: that person, by their own decision.

    Whoever becomes sponsor or mentor after them reads nothing until the writer decides again.
    """

    shared_with_sponsor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    shared_with_sponsor_at = models.DateTimeField(null=True, blank=True)
    shared_with_mentor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    shared_with_mentor_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [shared_in_full("sponsor"), shared_in_full("mentor")]

    def is_shared_with(self, whom: str, reader: Person | None) -> bool:
        """Whether `reader` may read it as the writer's `whom`: "sponsor" or "mentor"."""
        return reader is not None and getattr(self, f"shared_with_{whom}_id") == reader.pk

    def share_with(self, whom: str, reader: Person | None, now: datetime) -> None:
        """Let `reader` read it, or nobody who is their `whom`."""
        fields = {f"shared_with_{whom}": reader, f"shared_with_{whom}_at": now if reader else None}
        for field, value in fields.items():
            setattr(self, field, value)
        self.save(update_fields=list(fields))
