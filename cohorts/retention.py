"""How what graduates wrote goes in time. Access needs go by themselves, when the cohort closes."""

from django.db.models import QuerySet

from leaders.people.retention import Retention, retires

from .models import Narrative, Pulse
from .privacy import forget_narratives, forget_pulses


def _narratives() -> QuerySet[Narrative]:
    return Narrative.objects.all()


def _pulses() -> QuerySet[Pulse]:
    return Pulse.objects.exclude(words="")


retires(
    Retention(
        key="cohorts.narrative", since="place__cohort__ends_on", months=24, how="deleted", records=_narratives,
        forget=lambda found, now: forget_narratives(found),
    ),
    order=210,
)  # fmt: skip
retires(
    Retention(
        key="cohorts.pulse", since="answered_at", months=24, how="the words go, the choices stay", records=_pulses,
        forget=lambda found, now: forget_pulses(found),
    ),
    order=230,
)  # fmt: skip
