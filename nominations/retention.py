"""How what was written for a selection goes in time. Pseudonyms go by themselves, when the cohort closes."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from leaders.people.retention import Retention, retires

from .models import Assessment, Nomination, SavedAnswer, Score
from .privacy import GONE, forget_nominations, forget_readings

State = Nomination.State


def _nominations() -> QuerySet[Nomination]:
    """Of which no place came, drafts that were never sent, and what was left when the selection was over."""
    over = Coalesce("ended_at", "round__released_at", "round__cohort__closed_at", "round__cohort__nominations_close")
    ended = Q(state__in=[State.DRAFT, State.UNSUCCESSFUL, *Nomination.ENDED])
    selected = Q(round__released_at__isnull=False) | Q(round__cohort__closed_at__isnull=False)
    left = Q(state__in=[State.SENT, State.COMPLETE, State.WAITING]) & selected
    return Nomination.objects.filter(ended | left).exclude(nominee_name__in=GONE).annotate(over_at=over)


def _saved() -> QuerySet[SavedAnswer]:
    """From the last moment to answer, as `Nomination.answer_deadline` has it."""
    due = "nomination__round__cohort__statements_due"
    own = (Coalesce(f"nomination__{name}", due) for name in ("answer_by", "extended_until"))
    return SavedAnswer.objects.annotate(over_at=Greatest(due, *own))


def _readings() -> QuerySet[Assessment]:
    commented = Score.objects.filter(assessment=OuterRef("pk")).exclude(comment="")
    return Assessment.objects.filter(~Q(comment="") | Exists(commented))


retires(
    Retention(
        key="nominations.nominations", since="over_at", months=12, records=_nominations,
        forget=lambda found, now: forget_nominations(found),
        how="what was written goes; that somebody was put forward stays as long as they are known",
    ),
    order=110,
)  # fmt: skip
retires(
    Retention(
        key="nominations.saved_answers", since="over_at", months=1, records=_saved, how="deleted",
        forget=lambda found, now: found.delete(),
    ),
    order=115,
)  # fmt: skip
retires(
    Retention(
        key="nominations.readings", since="nomination__decision__decided_at", months=12, records=_readings,
        how="the comments go, the scores stay", forget=lambda found, now: forget_readings(found),
    ),
    order=120,
)  # fmt: skip
