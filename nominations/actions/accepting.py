"""The nominee's answer, the sponsor's word for an applicant, and the equality return, kept apart."""

from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from leaders.reminders.working_days import due_at
from nominations.links import EQUALITY, path_to
from nominations.models import Endorsement, EqualityReturn, Nomination
from nominations.models.equality import pseudonyms

from .common import check_answerable, locked, note
from .halfway import forget_answer, keep_beside
from .saving import Stale
from .starting import draft_path

State = Nomination.State
ACCEPTANCE = ("statement", "contribution", "dates", "date_clash", "access_needs")
"""What a nominee answers, as the form has it."""


def accept_nomination(
    *,
    nomination: Nomination,
    statement: str,
    dates_agreed: bool,
    now: datetime,
    by: Person | str | None,
    contribution: str = "",
    date_clash: str = "",
    access_needs: str = "",
    seen: int | None = None,
) -> Nomination:
    """The nominee accepts and adds their own words; the nomination is complete. Accepting twice changes nothing.

    Raises NotPossible after the deadline, when it was withdrawn meanwhile, or without dates or statement; Stale, and
    nothing is sent, when newer words than this page showed (`seen`) were saved in another window: see `save_answer`.
    """
    with transaction.atomic():
        sent = locked(nomination)
        if sent.state == State.COMPLETE:
            return sent
        check_answerable(sent, now)
        if not statement.strip():
            raise NotPossible("Write a statement in your own words first.")
        if not (dates_agreed or date_clash.strip()):
            raise NotPossible("Say whether you can come on the dates.")
        sent.statement, sent.contribution = statement, contribution
        sent.dates_agreed, sent.date_clash, sent.access_needs = dates_agreed, date_clash, access_needs
        beside = keep_beside(sent, {name: getattr(sent, name) for name in ACCEPTANCE}, seen=seen, now=now)
        if not beside:
            _accept(sent, by, now)
    # Raised only here: inside, it would undo what keeps the typed words.
    if beside:
        raise Stale(beside)
    return sent


def _accept(sent: Nomination, by: Person | str | None, now: datetime) -> None:
    note("accepted", f"{sent.nominee} accepted {sent.reference}", sent, by, now)
    _complete(sent, now)
    post(
        "nominations.nominee_accepted",
        to=sent.put_forward_by,
        now=now,
        dedupe_key=f"nominations.nominee_accepted:{sent.pk}",
        about=sent,
        cohort_id=sent.round.cohort_id,
        nomination=sent,
        link=draft_path(sent, now),
    )


@transaction.atomic
def decline_nomination(
    *, nomination: Nomination, now: datetime, by: Person | str | None, reason: str = ""
) -> Nomination:
    """The nominee would rather not. The organisation may put forward somebody else."""
    sent = locked(nomination)
    if sent.state == State.NOMINEE_DECLINED:
        return sent
    check_answerable(sent, now)
    sent.state, sent.quota_slot, sent.ended_at, sent.ended_reason = State.NOMINEE_DECLINED, None, now, reason
    sent.save()
    forget_answer(sent)
    post(
        "nominations.nominee_declined",
        to=sent.put_forward_by,
        now=now,
        dedupe_key=f"nominations.nominee_declined:{sent.pk}",
        about=sent,
        cohort_id=sent.round.cohort_id,
        nomination=sent,
        link=draft_path(sent, now),
    )
    note("declined", f"{sent.nominee} declined {sent.reference}", sent, by, now)
    return sent


def endorse(
    *,
    endorsement: Endorsement,
    statement: str,
    role_title: str,
    by: Person | str | None,
    now: datetime,
    seen: int | None = None,
) -> Endorsement:
    """The sponsor stands by an applicant; the application is complete. Endorsing twice changes nothing.

    Raises Stale, and nothing is sent, when newer words than this page showed (`seen`) were saved in another window.
    """
    with transaction.atomic():
        sent = locked(endorsement.nomination)
        endorsement = Endorsement.objects.select_related("sponsor").get(pk=endorsement.pk)
        if endorsement.state == Endorsement.State.GIVEN:
            return endorsement
        check_answerable(sent, now)
        if not statement.strip():
            raise NotPossible("Write what you know of the applicant's work first.")
        beside = keep_beside(sent, {"role_title": role_title, "statement": statement}, seen=seen, now=now)
        if not beside:
            _answer(endorsement, Endorsement.State.GIVEN, now, statement=statement, role_title=role_title)
            _endorsed(endorsement, sent, by, now)
    if beside:
        raise Stale(beside)
    return endorsement


def _endorsed(endorsement: Endorsement, sent: Nomination, by: Person | str | None, now: datetime) -> None:
    note("endorsed", f"{endorsement.sponsor} endorsed {sent.reference}", sent, by, now)
    _complete(sent, now)
    post(
        "nominations.endorsed",
        to=sent.put_forward,
        now=now,
        dedupe_key=f"nominations.endorsed:{sent.pk}",
        about=sent,
        cohort_id=sent.round.cohort_id,
        nomination=sent,
        link=draft_path(sent, now),
    )


@transaction.atomic
def decline_endorsement(*, endorsement: Endorsement, by: Person | str | None, now: datetime) -> Endorsement:
    """The sponsor would rather not; the office speaks with the applicant."""
    sent = locked(endorsement.nomination)
    endorsement = Endorsement.objects.select_related("sponsor").get(pk=endorsement.pk)
    if endorsement.state != Endorsement.State.DECLINED:
        check_answerable(sent, now)
        _answer(endorsement, Endorsement.State.DECLINED, now)
        forget_answer(sent)
        note("not_endorsed", f"{endorsement.sponsor} did not endorse {sent.reference}", sent, by, now)
    return endorsement


@transaction.atomic
def save_equality_return(*, nomination: Nomination, question_set: str, answers: dict) -> None:
    """Keep the equality answers apart: no audit, no link but a pseudonym. An earlier return is replaced.

    An empty return is none: whatever was there is deleted. Raises NotPossible once the cohort has closed: what tied
    the return to the nomination is gone then, so another would count twice.
    """
    if nomination.cohort.closed_at:
        raise NotPossible(
            f"{nomination.cohort.name} has closed, and nobody can tell any more which answers were yours."
        )
    key, *older = pseudonyms(nomination)
    answers = {question: answer for question, answer in answers.items() if answer}
    gone = older if answers else [key, *older]
    EqualityReturn.objects.filter(pseudonym__in=gone).delete()
    if not answers:
        return
    EqualityReturn.objects.update_or_create(
        pseudonym=key, defaults={"round": nomination.round, "question_set": question_set, "answers": answers}
    )


@transaction.atomic
def cut_equality_links(*, round, now: datetime) -> int:  # noqa: A002
    """When the cohort closes: what ties equality returns to nominations goes, the answers stay for the report."""
    return EqualityReturn.objects.filter(round=round, pseudonym__isnull=False).update(pseudonym=None)


def forget_access_needs(*, round, now: datetime) -> int:  # noqa: A002
    """When the cohort closes: what people said they need goes, also of those who got no place; how many.

    Source: Equality Act 2010, section 20: held for the cohort's events and no longer.
    """
    return Nomination.objects.filter(round=round).exclude(access_needs="").update(access_needs="")


def _answer(endorsement: Endorsement, state: str, now: datetime, **words: str) -> None:
    endorsement.state, endorsement.answered_at = state, now
    for name, value in words.items():
        setattr(endorsement, name, value)
    endorsement.save()


def _complete(sent: Nomination, now: datetime) -> None:
    sent.state, sent.completed_at = State.COMPLETE, now
    sent.save()
    forget_answer(sent)
    post(
        "nominations.equality",
        to=sent.put_forward,
        now=now,
        dedupe_key=f"nominations.equality:{sent.pk}",
        cohort_id=sent.round.cohort_id,
        nomination=sent,
        link=path_to(EQUALITY, sent, now=now, person=sent.nominee, expires_at=due_at(sent.cohort.ends_on)),
    )
