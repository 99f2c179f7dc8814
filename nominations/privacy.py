"""What nominations and selection hold about a person."""

from datetime import datetime

from django.db.models import Q, QuerySet

from leaders.people.models import Person
from leaders.people.privacy import Holding, erased_address, holds

from .actions import withdraw_nomination
from .models import (
    Assessment,
    Clash,
    Endorsement,
    EqualityReturn,
    Invitation,
    NobodyThisTime,
    Nomination,
    SavedAnswer,
    Score,
    SharedSection,
    TellMe,
)
from .models.equality import pseudonyms

ERASED = "Somebody who asked to be erased"
NO_LONGER_KEPT = "Somebody who was put forward"
GONE = [ERASED, NO_LONGER_KEPT]
NAMED = ("line_manager", "sponsor", "fee_contact")
OF_NOMINEE = ("statement", "contribution", "date_clash", "access_needs", "nominee_phone", "ended_reason")


def _nominations(person: Person):
    for nomination in Nomination.objects.filter(nominee=person).in_words():
        yield {
            "reference": nomination.reference,
            "cohort": str(nomination.cohort),
            "state": nomination.get_state_display(),
            "post": nomination.nominee_role_title,
            "organisation": nomination.employer,
            "nominated by": nomination.nominator_name,
            "what was written about you": nomination.why,
            "your statement": nomination.statement,
            "a challenge you would bring": nomination.contribution,
            "dates": "All" if nomination.dates_agreed else nomination.date_clash,
            "access needs": nomination.access_needs,
            "feedback": nomination.decision.feedback if hasattr(nomination, "decision") and nomination.round.is_released
            else "",
        }  # fmt: skip
    for invitation in Invitation.objects.filter(nominator=person).select_related(
        "round__cohort__programme", "organisation"
    ):
        yield {"invited to nominate for": str(invitation.round), "organisation": str(invitation.organisation)}
    for nomination in Nomination.objects.filter(nominator=person).in_words():
        yield {"you nominated": nomination.nominee_name, "reference": nomination.reference}


def forget_nominations(found: QuerySet[Nomination]) -> None:
    """What was written in them, and whom they name; the people they are linked with stay as long as they are known."""
    Clash.objects.filter(nomination__in=found).delete()
    SharedSection.objects.filter(nomination__in=found).delete()
    Endorsement.objects.filter(nomination__in=found).update(statement="", role_title="")
    found.exclude(attested_by="").update(attested_by=NO_LONGER_KEPT)
    found.update(
        nominee_name=NO_LONGER_KEPT, nominee_email="", nominator_name="", nominator_email="", nominator_phone="",
        why={}, cover="", **dict.fromkeys(OF_NOMINEE, ""),
        **{f"{role}_{what}": "" for role in NAMED for what in ("name", "email")},
    )  # fmt: skip


def _erase_nominations(person: Person, now: datetime):
    """What they wrote goes, and what was written of them; a draft names people by address before anybody is known."""
    address = erased_address(person)
    for nomination in Nomination.objects.filter(nominee=person, state__in=Nomination.HOPING):
        withdraw_nomination(nomination=nomination, reason="", by=None, now=now)
    of_me = Nomination.objects.filter(Q(nominee=person) | Q(nominee=None, nominee_email__iexact=person.email))
    by_me = Nomination.objects.filter(Q(nominator=person) | Q(nominator=None, nominator_email__iexact=person.email))
    Clash.objects.filter(nomination__in=of_me | by_me).delete()
    of_me.update(nominee_name=ERASED, nominee_email=address, why={}, **dict.fromkeys(OF_NOMINEE, ""))
    by_me.exclude(attested_by="").update(attested_by=ERASED)
    by_me.update(nominator_name=ERASED, nominator_email=address, nominator_phone="")
    for role in NAMED:
        Nomination.objects.filter(**{f"{role}_email__iexact": person.email}).update(
            **{f"{role}_name": ERASED, f"{role}_email": address}
        )
    SharedSection.objects.filter(email__iexact=person.email).update(name=ERASED, email=address)
    Endorsement.objects.filter(sponsor=person).update(statement="", role_title="")
    NobodyThisTime.objects.filter(person=person).update(reason="")
    TellMe.objects.filter(email__iexact=person.email).delete()


def _saved(person: Person):
    for saved in SavedAnswer.objects.filter(writer=person).select_related("nomination"):
        yield {"to": saved.nomination.reference, "saved": saved.saved_at.isoformat(), **saved.answers}


def _erase_saved(person: Person, now: datetime):
    SavedAnswer.objects.filter(Q(writer=person) | Q(nomination__nominee=person)).delete()


def _readings(person: Person):
    for assessment in Assessment.objects.filter(member__person=person).select_related("nomination"):
        yield {"you read": assessment.nomination.reference, "state": assessment.get_state_display()}
    received = Assessment.objects.filter(
        nomination__nominee=person, state=Assessment.State.SUBMITTED, nomination__round__released_at__isnull=False
    )
    for score in Score.objects.filter(assessment__in=received).select_related("criterion", "assessment__nomination"):
        yield {
            "a panel member scored": score.assessment.nomination.reference,
            "criterion": score.criterion.title,
            "score": f"{score.value} of {score.highest}",
            "comment": score.comment,
        }


def forget_readings(found: QuerySet[Assessment]) -> None:
    Score.objects.filter(assessment__in=found).update(comment="")
    found.update(comment="")


def _erase_readings(person: Person, now: datetime):
    forget_readings(Assessment.objects.filter(nomination__nominee=person))


def _returns(person: Person) -> QuerySet[EqualityReturn]:
    keys = [key for nomination in Nomination.objects.filter(nominee=person) for key in pseudonyms(nomination)]
    return EqualityReturn.objects.filter(pseudonym__in=keys)


def _equality(person: Person):
    for kept in _returns(person):
        yield {"question set": kept.question_set, **kept.answers}


def _erase_equality(person: Person, now: datetime):
    _returns(person).delete()


holds(
    Holding(
        key="nominations.nominations",
        what="Nominations of you and by you, what was written in them, and what came of them",
        who_reads="The programme office; the selection panel without names; access needs only those who organise the "
        "days",
        kept_for="What was written: 12 months after an unsuccessful nomination, otherwise as long as your place",
        export=_nominations,
        erase=_erase_nominations,
    ),
    order=110,
)
holds(
    Holding(
        key="nominations.saved_answers",
        what="What you saved of an answer to a nomination or an application, and have not sent",
        who_reads="Only you, by your private link: it is encrypted, and the programme office cannot open it",
        kept_for="Until you send or decline it, or it goes no further; at most a month after the last day to answer",
        export=_saved,
        erase=_erase_saved,
    ),
    order=115,
)
holds(
    Holding(
        key="nominations.readings",
        what="Scores and comments of the selection panel, yours or about you",
        who_reads="The programme director and the panel",
        kept_for="12 months after the decision",
        export=_readings,
        erase=_erase_readings,
    ),
    order=120,
)
holds(
    Holding(
        key="nominations.equality",
        what="Your answers to the equality questions, kept apart under a pseudonym",
        who_reads="Nobody as yours; the programme sees totals with small numbers left out",
        kept_for="Under the pseudonym until the cohort closes, then without it for the yearly report",
        export=_equality,
        erase=_erase_equality,
    ),
    order=130,
)
