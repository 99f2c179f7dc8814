"""The panel: who reads, what they are given, what they score."""

from collections import Counter
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from cohorts.models import Cohort, Place
from leaders.outbox.actions import post
from leaders.people.actions import grant_role
from leaders.people.audit import record
from leaders.people.models import Person, Role
from leaders.people.refusals import NotPossible
from nominations.models import Assessment, Nomination, PanelMember, Round, Score
from nominations.moderation import Reader, Script, share_out

State = Assessment.State


@transaction.atomic
def add_panel_member(*, round: Round, person: Person, by: Person | None, now: datetime) -> PanelMember:  # noqa: A002
    """Let a person read for this round, with the role that opens the panel's pages. Twice changes nothing.

    Whoever had left is back. Raises NotPossible after release, and for somebody who nominates or was nominated in
    this round, or takes part in a programme now.
    """
    _check_may_read(round, person)
    member, is_new = PanelMember.objects.get_or_create(round=round, person=person, defaults={"joined_at": now})
    if member.left_at:
        member.left_at = None
        member.save(update_fields=["left_at"])
    elif not is_new:
        return member
    grant_role(person=person, role=Role.PANEL_MEMBER, by=by, now=now)
    _record("nominations.panel.joined", f"{person} joined the panel", member, round, person, by=by, now=now)
    return member


@transaction.atomic
def remove_panel_member(*, member: PanelMember, by: Person, now: datetime) -> None:
    """Somebody leaves the panel: what they submitted stays, what they have not goes to others.

    The way back is `add_panel_member`.
    """
    if not PanelMember.objects.filter(pk=member.pk, left_at=None).update(left_at=now):
        return
    member.left_at = now
    unread = member.assessments.to_do()
    Score.objects.filter(assessment__in=unread).delete()
    unread.delete()
    _record(
        "nominations.panel.left", f"{member.person} left the panel", member, member.round, member.person, by=by, now=now
    )
    if not member.round.is_released:
        share_out_reading(round=member.round, by=by, now=now)


@transaction.atomic
def assign(*, nomination: Nomination, member: PanelMember, by: Person | None, now: datetime) -> Assessment:
    """Give a complete nomination to a panel member to read. Twice changes nothing.

    Raises NotPossible for a nomination of their own organisation, one that is not complete, or after release.
    """
    _check_unreleased(member.round)
    if nomination.state != Nomination.State.COMPLETE:
        raise NotPossible(f"{nomination} is not complete: {nomination.get_state_display().lower()}.")
    if member.left_at:
        raise NotPossible(f"{member.person} is no longer on the panel.")
    if nomination.organisation_id and nomination.organisation_id == member.person.organisation_id:
        raise NotPossible(f"{member.person} works for {nomination.organisation}.")
    known = Assessment.objects.filter(nomination=nomination, member=member).first()
    if known:
        return known
    last = member.assessments.aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                nomination=nomination, member=member, number=last + 1, assigned_at=now
            )
    except IntegrityError:
        raise NotPossible("Somebody else is sharing out the reading at this moment. Try again.") from None
    _record(
        "nominations.assessment.assigned",
        f"{member.person} was given {nomination} to read",
        assessment,
        member.round,
        member.person,
        by=by,
        now=now,
    )
    return assessment


@transaction.atomic
def share_out_reading(*, round: Round, by: Person | None, now: datetime) -> int:  # noqa: A002
    """Give every complete nomination its readers, evenly, nobody their own organisation's; how many were given.

    Each panel member who received something is written to once for this sharing-out. Raises NotPossible after
    release, when scores no longer change.
    """
    _check_unreleased(Round.objects.get(pk=round.pk))
    members = {m.pk: m for m in round.panel.filter(left_at=None).select_related("person", "round")}
    nominations = {n.pk: n for n in round.nominations.filter(state=Nomination.State.COMPLETE).order_by("reference")}
    given: dict[int, set[int]] = {pk: set() for pk in nominations}
    barred: dict[int, set[int]] = {pk: set() for pk in nominations}
    load: Counter[int] = Counter()
    for nomination, member, state in Assessment.objects.filter(member__round=round).values_list(
        "nomination", "member", "state"
    ):
        (barred if state == State.CONFLICT else given).get(nomination, set()).add(member)
        load[member] += state != State.CONFLICT
    pairs = share_out(
        [Script(pk, n.organisation_id, frozenset(given[pk]), frozenset(barred[pk])) for pk, n in nominations.items()],
        [Reader(pk, m.person.organisation_id) for pk, m in members.items()],
        each=round.assessors,
        load=load,
    )
    received: Counter[int] = Counter()
    for nomination, member in pairs:
        assign(nomination=nominations[nomination], member=members[member], by=by, now=now)
        received[member] += 1
    for member, count in received.items():
        post(
            "nominations.reading",
            to=members[member].person,
            now=now,
            dedupe_key=f"nominations.reading:{member}:{now:%Y%m%d%H%M%S}",
            about=members[member],
            cohort_id=round.cohort_id,
            member=members[member],
            count=count,
        )
    return len(pairs)


@transaction.atomic
def score(
    *,
    assessment: Assessment,
    scores: dict[str, tuple[int | None, str]],
    by: Person,
    now: datetime,
    comment: str = "",
    discuss: bool = False,
    submit: bool = True,
) -> Assessment:
    """Keep a panel member's scores, by criterion key: (score, comment). `submit` hands them in, else they stay a draft.

    Raises NotPossible when handed in already, after release, by somebody else, without a score for each criterion
    and what was seen, or with a score outside its range.
    """
    assessment = (
        Assessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("member__round__cohort__programme", "member__person", "nomination")
        .get(pk=assessment.pk)
    )
    _check_open(assessment, by)
    criteria = {c.key: c for c in assessment.member.round.cohort.programme.criteria.all()}
    for key, (value, words) in scores.items():
        criterion = criteria[key]
        if value is not None and not 0 <= value <= criterion.max_score:
            raise NotPossible(f"A score for “{criterion}” is a number from 0 to {criterion.max_score}.")
        Score.objects.update_or_create(
            assessment=assessment,
            criterion=criterion,
            defaults={"value": value, "highest": criterion.max_score, "comment": words},
        )
    assessment.comment, assessment.discuss, assessment.saved_at = comment, discuss, now
    assessment.state = State.DRAFT
    if submit:
        scored = assessment.scores.filter(value__isnull=False).count()
        if scored < len(criteria):
            raise NotPossible(f"Score each of the {len(criteria)} criteria first.")
        if assessment.scores.filter(comment="").exists():
            raise NotPossible(f"Say what you saw for each of the {len(criteria)} criteria first.")
        assessment.state, assessment.submitted_at = State.SUBMITTED, now
        _record(
            "nominations.assessment.submitted",
            f"{by} scored {assessment.nomination}",
            assessment,
            assessment.member.round,
            by,
            by=by,
            now=now,
        )
    assessment.save()
    return assessment


@transaction.atomic
def reopen_assessment(*, assessment: Assessment, by: Person, now: datetime, reason: str) -> Assessment:
    """Let a panel member change what they handed in, after moderation; not once decisions are released."""
    this = assessment.member.round
    _check_unreleased(this)
    if not Assessment.objects.filter(pk=assessment.pk, state=State.SUBMITTED).update(
        state=State.DRAFT, submitted_at=None
    ):
        raise NotPossible("It has not been handed in.")
    assessment.refresh_from_db()
    person = assessment.member.person
    _record(
        "nominations.assessment.reopened",
        f"{person} may score again",
        assessment,
        this,
        person,
        by=by,
        now=now,
        reason=reason,
    )
    return assessment


@transaction.atomic
def declare_conflict(*, assessment: Assessment, reason: str, by: Person, now: datetime) -> Assessment | None:
    """A panel member knows the person, or may not judge: it goes to another, returned if one is free.

    Scores noted so far are deleted.
    """
    assessment = (
        Assessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("member__round__cohort", "member__person", "nomination")
        .get(pk=assessment.pk)
    )
    _check_open(assessment, by)
    assessment.scores.all().delete()
    assessment.state, assessment.conflict_reason, assessment.comment = State.CONFLICT, reason, ""
    assessment.save()
    this = assessment.member.round
    _record(
        "nominations.assessment.conflict",
        f"{by} declared a conflict of interest over {assessment.nomination}",
        assessment,
        this,
        by,
        by=by,
        now=now,
    )
    before = set(assessment.nomination.assessments.values_list("pk", flat=True))
    share_out_reading(round=this, by=None, now=now)
    return assessment.nomination.assessments.exclude(pk__in=before).first()


def _check_may_read(this: Round, person: Person) -> None:
    _check_unreleased(this)
    own = this.nominations.filter(Q(nominee=person) | Q(nominator=person)).exclude(state__in=Nomination.LEFT)
    if own.exists():
        raise NotPossible(f"{person} nominates, or was nominated, for {this.cohort.name}, so they cannot read for it.")
    if Place.objects.active().filter(person=person, cohort__status=Cohort.Status.LIVE).exists():
        raise NotPossible(f"{person} takes part in a programme now, so they cannot read for it.")


def _check_unreleased(this: Round) -> None:
    if this.is_released:
        raise NotPossible("Decisions have been released, so nothing more is read in this round.")


def _check_open(assessment: Assessment, by: Person) -> None:
    if assessment.member.person_id != by.pk:
        raise NotPossible("Only the panel member it was given to can score it.")
    if assessment.member.round.is_released:
        raise NotPossible("Decisions have been released, so scores no longer change.")
    if assessment.state == State.SUBMITTED:
        raise NotPossible("You have handed these scores in. Ask the programme director to open them again.")
    if assessment.nomination.state in Nomination.LEFT:
        raise NotPossible("This nomination was taken out of the selection, so nobody reads it any more.")
    if assessment.state == State.CONFLICT:
        raise NotPossible("You declared a conflict of interest here.")


def _record(action, sentence, subject, this: Round, person, *, by, now: datetime, reason: str = "") -> None:
    record(
        action, sentence, subject=subject, person=person, cohort_id=this.cohort_id, by=by, now=now, reason=reason
    )  # fmt: skip
