"""How what the year keeps goes in time."""

from datetime import datetime

from django.db.models import QuerySet

from leaders.documents.actions import forget_documents
from leaders.people.retention import Retention, retires

from .models import Attendance, Feedback, LearningContract, LearningPlan, Reading, Response

COHORT_CLOSED = "place__cohort__closed_at"
COHORT_ENDED = "place__cohort__ends_on"


def _delete(found: QuerySet, now: datetime) -> None:
    found.delete()


def _attendance() -> QuerySet[Attendance]:
    return Attendance.objects.all()


def _feedback() -> QuerySet[Feedback]:
    return Feedback.objects.exclude(comment="")


def _reading() -> QuerySet[Reading]:
    return Reading.objects.all()


def _answers() -> QuerySet[Response]:
    return Response.objects.all()


def _plans() -> QuerySet[LearningPlan]:
    return LearningPlan.objects.all()


def _contracts() -> QuerySet[LearningContract]:
    return LearningContract.objects.all()


def _delete_contracts(found: QuerySet[LearningContract], now: datetime) -> None:
    for contract in found:
        forget_documents("modules.learning_contract", subject=contract)
    found.delete()


retires(
    Retention("modules.attendance", COHORT_ENDED, 72, "deleted", _attendance, _delete),
    order=310,
)
retires(
    Retention(
        "modules.feedback", COHORT_ENDED, 24, "the comments go, the figures stay", _feedback,
        lambda found, now: found.update(comment=""),
    ),
    order=320,
)  # fmt: skip
retires(Retention("modules.reading", COHORT_CLOSED, 0, "deleted", _reading, _delete), order=330)
retires(Retention("modules.questionnaire", COHORT_ENDED, 24, "deleted", _answers, _delete), order=350)
retires(Retention("modules.learning_plan", COHORT_ENDED, 24, "deleted with its goals", _plans, _delete), order=360)
retires(
    Retention(
        "modules.learning_contract", COHORT_ENDED, 24, "deleted with its signatures, comments and PDFs", _contracts,
        _delete_contracts,
    ),
    order=370,
)  # fmt: skip
