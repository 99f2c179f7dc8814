"""An answer saved half way by whoever gives it through a private link, to be gone on with later."""

import json
from datetime import datetime

from django.db import transaction

from leaders.outbox.actions import post
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.models import Endorsement, Nomination, Round, SavedAnswer

from .common import check_answerable, check_waiting, locked, note
from .extending import waited_for
from .saving import Stale

MOST_LETTERS = 20_000
"""What is kept of one answer: several times what any may have when it is sent."""


def save_answer(
    *, nomination: Nomination, words: dict[str, str], by: Person, now: datetime, seen: int | None = None
) -> SavedAnswer:
    """Keep what a nominee, or an applicant's sponsor, has written so far, complete or not; nothing is sent.

    `words` are the fields of the form as they stand. `seen` is the version that the form was made from: newer words of
    another window are not overwritten, what was typed is kept beside them, and Stale is raised. A page may have been
    open when the time to answer was over: a late save is kept, in case there is more time.
    Raises NotPossible when it was answered or ended meanwhile, and for more than MOST_LETTERS.
    """
    with transaction.atomic():
        sent = locked(nomination)
        _check_open(sent)
        written = sum(map(len, words.values()))
        if written > MOST_LETTERS:
            raise NotPossible(
                f"What you wrote has {written:,} characters, and {MOST_LETTERS:,} can be saved. Shorten it first."
            )
        beside = keep_beside(sent, words, seen=seen, now=now)
        saved = beside or _save(sent, words, by, now)
    # Raised only here: inside, it would undo what keeps the typed words.
    if beside:
        raise Stale(beside)
    return saved


def keep_beside(sent: Nomination, words: dict[str, str], *, seen: int | None, now: datetime) -> SavedAnswer | None:
    """Keep what a stale window typed beside newer words, or return None where there are none. `sent` is locked."""
    current = sent.saved_answers.current().first()
    if current is None or seen is None or current.version <= seen or current.answers == words:
        return None
    for known in sent.saved_answers.beside():
        if known.answers == words:
            return known
    return SavedAnswer.objects.create(
        nomination=sent, writer=current.writer, words=json.dumps(words), version=seen, beside=True, saved_at=now
    )


def _save(sent: Nomination, words: dict[str, str], by: Person, now: datetime) -> SavedAnswer:
    saved = sent.saved_answers.current().first() or SavedAnswer(nomination=sent, version=0, words="{}")
    if saved.pk is None or saved.answers != words:
        saved.writer, saved.words, saved.version, saved.saved_at = by, json.dumps(words), saved.version + 1, now
        saved.save()
        note("answer_saved", f"{by} saved an answer to {sent.reference}, not sent yet", sent, by, now)
    return saved


@transaction.atomic
def choose_answer(*, beside: SavedAnswer, typed: bool, by: Person, now: datetime, seen: int | None = None) -> None:
    """Choose between two texts of one answer: what a stale window typed, or what was saved last.

    `seen` is the version at which both were shown. Raises Stale, and changes nothing, when it was saved once more
    since; NotPossible when one was chosen already.
    """
    sent = locked(beside.nomination)
    _check_open(sent)
    kept = sent.saved_answers.beside().filter(pk=beside.pk).first()
    if kept is None:
        raise NotPossible("One of the two texts was chosen already.")
    if seen is not None and sent.saved_answers.current().get().version > seen:
        raise Stale(kept)
    if typed:
        _save(sent, kept.answers, by, now)
    kept.delete()


@transaction.atomic
def mail_answer_link(*, nomination: Nomination, by: Person, now: datetime) -> None:
    """Mail the link to a saved answer again, to whoever was asked for it; at most once in ten minutes."""
    sent = locked(nomination)
    check_answerable(sent, now)
    to, link = waited_for(sent, now)
    post(
        "nominations.saved_answer",
        to=to,
        now=now,
        dedupe_key=f"nominations.saved_answer:{sent.pk}:{int(now.timestamp()) // 600}",
        about=sent,
        cohort_id=sent.round.cohort_id,
        nomination=sent,
        link=link,
    )
    note("answer_link_mailed", f"The link to a saved answer to {sent.reference} was mailed again", sent, by, now)


def forget_answer(nomination: Nomination) -> None:
    """What was saved goes when it is sent, or when there is nothing to answer any more."""
    nomination.saved_answers.all().delete()


def forget_saved_answers(*, round: Round, now: datetime) -> int:  # noqa: A002
    """When the cohort closes: what was never sent goes; how many texts."""
    return SavedAnswer.objects.filter(nomination__round=round).delete()[0]


def _check_open(sent: Nomination) -> None:
    check_waiting(sent)
    if sent.is_application and sent.endorsement.state != Endorsement.State.ASKED:
        raise NotPossible(f"You have said that you would rather not endorse {sent.nominee_name}.")
