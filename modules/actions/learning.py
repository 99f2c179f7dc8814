"""What can happen to a learning plan and a learning contract."""

import json
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from cohorts.models import Place
from leaders.outbox.actions import post
from leaders.people import links
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from modules.contract import KEYS, SECTIONS, starting_texts
from modules.models import ContractComment, ContractVersion, Goal, LearningContract, LearningPlan, Party, Signature
from modules.models.learning import LIVE_GOALS

SIGNING = "sign"
GOAL_FIELDS = ("title", "why", "steps", "support", "evidence", "by_when", "dimension")


def plan_of(place: Place, now: datetime) -> LearningPlan:
    """The place's learning plan, begun if it was not."""
    return LearningPlan.objects.get_or_create(place=place, defaults={"started_at": now})[0]


@transaction.atomic
def add_goal(*, place: Place, by: Person, now: datetime, **words) -> Goal:
    """Add a goal to the plan. Raises NotPossible when three are live: finish or drop one first."""
    plan = plan_of(place, now)
    taken = set(plan.goals.live().values_list("slot", flat=True))
    free = next((slot for slot in range(1, LIVE_GOALS + 1) if slot not in taken), None)
    full = NotPossible("You have three goals already. Finish or drop one before you add another.")
    if free is None:
        raise full
    try:
        with transaction.atomic():
            goal = Goal.objects.create(plan=plan, slot=free, made_at=now, **_only(GOAL_FIELDS, words))
    except IntegrityError as race:  # the same slot was taken in another tab
        raise full from race
    _note(place, "modules.goal.added", f"{place.person} added a learning goal", goal, by, now)
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, by: Person, now: datetime, **words) -> Goal:
    """Change the words of a live goal, or review it (`going`, `notes`)."""
    if goal.status != Goal.Status.LIVE:
        raise NotPossible("This goal has ended. Add a new one to go on with it.")
    changes = _only((*GOAL_FIELDS, "going", "notes"), words)
    for field, value in changes.items():
        setattr(goal, field, value)
    if {"going", "notes"} & changes.keys():
        goal.reviewed_at = now
    goal.save()
    return goal


@transaction.atomic
def end_goal(*, goal: Goal, done: bool, by: Person, now: datetime) -> Goal:
    """Finish a goal, or drop it; either frees its slot."""
    status = Goal.Status.DONE if done else Goal.Status.DROPPED
    if not Goal.objects.live().filter(pk=goal.pk).update(status=status, ended_at=now):
        raise NotPossible("This goal has ended already.")
    goal.refresh_from_db()
    place = goal.plan.place
    verb = "finished" if done else "dropped"
    _note(place, "modules.goal.ended", f"{place.person} {verb} a learning goal", goal, by, now)
    return goal


@transaction.atomic
def share_plan(*, plan: LearningPlan, with_whom: str, shared: bool, by: Person, now: datetime) -> None:
    """Let the sponsor or the mentor read the plan, or no longer. Only the participant decides."""
    if plan.place.person_id != by.pk:
        raise NotPossible("Only the person whose plan it is decides who reads it.")
    field = {"sponsor": "shared_with_sponsor_at", "mentor": "shared_with_mentor_at"}[with_whom]
    setattr(plan, field, now if shared else None)
    plan.save(update_fields=[field])
    words = f"{by} {'shared' if shared else 'no longer shares'} their learning plan with their {with_whom}"
    _note(plan.place, "modules.plan.shared" if shared else "modules.plan.unshared", words, plan, by, now)


@transaction.atomic
def draft_contract(*, place: Place, by: Person | str | None, now: datetime) -> LearningContract:
    """The place's learning contract, begun from the template if there is none."""
    contract, is_new = LearningContract.objects.get_or_create(
        place=place,
        defaults={
            "due_on": place.cohort.onboarding_due,
            "review_on": place.cohort.starts_on + timedelta(weeks=24),
        },
    )
    if is_new:
        ContractVersion.objects.create(
            contract=contract, number=1, words=json.dumps(starting_texts()), made_at=now, made_by=str(by or "Leaders")
        )
    return contract


@transaction.atomic
def write_contract(
    *, contract: LearningContract, texts: dict[str, str], version: int, by: Person, now: datetime
) -> LearningContract:
    """Write sections of the contract; fixed sections stay as they are.

    A draft is changed in place. Once it was sent, a change makes a new version that all three sign anew.
    Raises NotPossible when `version` is not the one that counts: it was changed in another window meanwhile.
    """
    kept = LearningContract.objects.select_for_update().get(pk=contract.pk)
    if kept.version != version:
        raise NotPossible("The contract was changed in another window. Compare both and send again.")
    current = kept.versions.get(number=kept.version)
    fixed = {section.key for section in SECTIONS if section.fixed}
    after = current.texts | {key: text for key, text in texts.items() if key in KEYS and key not in fixed}
    if after == current.texts:
        return kept
    if kept.status == LearningContract.Status.DRAFT:
        current.words = json.dumps(after)
        current.made_at, current.made_by = now, str(by)
        current.save()
        return kept
    kept.version += 1
    kept.status, kept.agreed_at = LearningContract.Status.PROPOSED, None
    kept.save()
    ContractVersion.objects.create(
        contract=kept, number=kept.version, words=json.dumps(after), made_at=now, made_by=str(by)
    )
    kept.comments.filter(settled_at=None).update(settled_at=now)
    _note_contract(kept, "modules.contract.changed", f"{by} changed the learning contract", by, now)
    _ask_sponsor(kept, now)
    return kept


@transaction.atomic
def propose_contract(*, contract: LearningContract, by: Person, now: datetime) -> LearningContract:
    """Sign it as the participant and send it to the sponsor. Raises NotPossible without a sponsor or a purpose."""
    if contract.place.sponsor is None:
        raise NotPossible("You have no sponsor yet. The programme office is asking your council; we tell you when.")
    if not contract.texts.get("purpose", "").strip():
        raise NotPossible("Say first what you want from this year.")
    moved = LearningContract.objects.filter(pk=contract.pk, status=LearningContract.Status.DRAFT).update(
        status=LearningContract.Status.PROPOSED, sent_at=now
    )
    if not moved:
        raise NotPossible("This contract was sent already.")
    contract.refresh_from_db()
    sign_contract(contract=contract, party=Party.PARTICIPANT, name=by.name, version=contract.version, by=by, now=now)
    _ask_sponsor(contract, now)
    return contract


@transaction.atomic
def sign_contract(
    *, contract: LearningContract, party: str, name: str, version: int, by: Person | str, now: datetime
) -> LearningContract:
    """Sign a version as one of the three; with the third signature it is agreed.

    Raises NotPossible for a draft, and for a version that was changed after the signer opened it.
    Signing the same version twice changes nothing.
    """
    kept = (
        LearningContract.objects.select_for_update()
        .select_related("place__person", "place__cohort")
        .get(pk=contract.pk)
    )
    if kept.status == LearningContract.Status.DRAFT:
        raise NotPossible("This contract has not been sent for signature yet.")
    if version != kept.version:
        raise NotPossible("The contract was changed after you opened it. Read what changed, then sign.")
    _, is_new = Signature.objects.get_or_create(
        contract=kept, version=version, party=party, defaults={"name": name, "signed_at": now, "signed_by": str(by)}
    )
    if is_new:
        label = Party(party).label.lower()
        _note_contract(kept, "modules.contract.signed", f"{name} signed the learning contract as {label}", by, now)
    if not kept.waits_for() and kept.status != LearningContract.Status.AGREED:
        kept.status, kept.agreed_at = LearningContract.Status.AGREED, now
        kept.save(update_fields=["status", "agreed_at"])
        person = kept.place.person
        _note_contract(kept, "modules.contract.agreed", f"{person}'s learning contract is signed by all three", by, now)
        post(
            "modules.contract_agreed", to=person, now=now, dedupe_key=f"contract:{kept.pk}:{version}:agreed",
            about=kept, cohort_id=kept.place.cohort_id, contract=kept,
        )  # fmt: skip
    return kept


@transaction.atomic
def comment_on_contract(
    *, contract: LearningContract, words: str, name: str, by: Person | str, now: datetime
) -> ContractComment:
    """Keep what the sponsor or line manager says, and tell the participant."""
    comment = ContractComment.objects.create(
        contract=contract, version=contract.version, words=words, name=name, made_at=now
    )
    _note_contract(contract, "modules.contract.commented", f"{name} commented on the learning contract", by, now)
    post(
        "modules.contract_comment", to=contract.place.person, now=now, dedupe_key=f"contract-comment:{comment.pk}",
        about=contract, cohort_id=contract.place.cohort_id, contract=contract, name=name,
    )  # fmt: skip
    return comment


@transaction.atomic
def settle_comment(*, comment: ContractComment, by: Person, now: datetime) -> None:
    """Mark a comment as answered without a change of words."""
    ContractComment.objects.filter(pk=comment.pk, settled_at=None).update(settled_at=now)


@transaction.atomic
def review_contract(*, contract: LearningContract, by: Person, now: datetime) -> None:
    """Note that participant and sponsor looked at the contract together half way."""
    if contract.status != LearningContract.Status.AGREED:
        raise NotPossible("The contract is reviewed once all three have signed it.")
    contract.reviewed_at = now
    contract.save(update_fields=["reviewed_at"])
    _note_contract(contract, "modules.contract.reviewed", f"{by} reviewed the learning contract", by, now)


def signing_link(contract: LearningContract, person: Person, now: datetime) -> links.PrivateLink:
    """The private link by which a sponsor or line manager reads and signs; the same one for every letter."""
    return links.live(purpose=SIGNING, subject=contract, now=now, email=person.email) or links.issue(
        purpose=SIGNING, subject=contract, person=person, now=now
    )


def _ask_sponsor(contract: LearningContract, now: datetime) -> None:
    place = contract.place
    for reader in filter(None, {place.sponsor, place.line_manager}):
        post(
            "modules.contract_to_sign", to=reader, now=now,
            dedupe_key=f"contract:{contract.pk}:{contract.version}:to:{reader.pk}", about=contract,
            cohort_id=place.cohort_id, contract=contract, signs=reader == place.sponsor,
            token=signing_link(contract, reader, now).token,
        )  # fmt: skip


def _only(fields: tuple[str, ...], words: dict) -> dict:
    return {field: words[field] for field in fields if field in words}


def _note(place: Place, action: str, sentence: str, subject, by, now) -> None:  # noqa: PLR0917
    record(action, sentence, subject=subject, person=place.person, cohort_id=place.cohort_id, by=by, now=now)


def _note_contract(contract: LearningContract, action: str, sentence: str, by, now) -> None:
    _note(contract.place, action, sentence, contract, by, now)


def is_due_for_review(contract: LearningContract, today: date) -> bool:
    return contract.status == contract.Status.AGREED and not contract.reviewed_at and today >= contract.review_on
