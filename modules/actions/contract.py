"""What can happen to a learning contract: written, sent, commented on, signed by three, changed, reviewed."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from cohorts.models import Cohort, Place
from leaders.components.dates import london_date
from leaders.documents.actions import forget_documents
from leaders.outbox.actions import post
from leaders.people import links
from leaders.people.audit import record
from leaders.people.meanwhile import ChangedMeanwhile, mark
from leaders.people.models import Person, PrivateLink
from leaders.people.refusals import NotPossible
from modules.contract import OPEN_KEYS, starting_texts
from modules.models import ContractComment, ContractVersion, LearningContract, Party, Signature

SIGNING = "modules.sign"
LINK_LASTS = timedelta(days=90)
REVIEW_AFTER = timedelta(weeks=24)
Status = LearningContract.Status


@transaction.atomic
def draft_contract(*, place: Place, by: Person, now: datetime) -> LearningContract:
    """The place's learning contract, begun from the template if there is none."""
    due_on, review_on = planned_dates(place)
    contract, is_new = LearningContract.objects.get_or_create(
        place=place, defaults={"due_on": due_on, "review_on": review_on}
    )
    if is_new:
        ContractVersion.objects.create(
            contract=contract, number=1, words=json.dumps(starting_texts()), made_at=now, made_by=str(by)
        )
        _note(contract, "begun", f"{by} began the learning contract", by, now)
    return contract


def planned_dates(place: Place) -> tuple[date, date]:
    """When a place's learning contract is due, and when it is looked at together."""
    due_on = place.due_on("onboarding_due")
    return due_on, max(place.cohort.starts_on + REVIEW_AFTER, due_on)


@transaction.atomic
def move_contracts(*, cohort: Cohort, by: Person | None, now: datetime) -> int:
    """Let the contracts follow dates of the cohort, or of one person, that moved; how many moved."""
    moved = []
    contracts = LearningContract.objects.filter(place__cohort=cohort, reviewed_at=None).select_related("place__person")
    for contract in contracts.prefetch_related("place__extensions"):
        contract.place.cohort = cohort
        dates = planned_dates(contract.place)
        if dates != (contract.due_on, contract.review_on):
            contract.due_on, contract.review_on = dates
            moved.append(contract)
    if moved:
        LearningContract.objects.bulk_update(moved, ["due_on", "review_on"])
        count = f"{len(moved)} learning contract{' follows' if len(moved) == 1 else 's follow'}"
        record(
            "modules.contract.moved",
            f"{count} dates that moved in {cohort.name}",
            subject=cohort,
            person=moved[0].place.person if len(moved) == 1 else None,
            cohort_id=cohort.pk,
            by=by,
            now=now,
        )
    return len(moved)


@transaction.atomic
def write_contract(
    *, contract: LearningContract, texts: Mapping[str, str], seen: Mapping[str, str], by: Person, now: datetime
) -> LearningContract:
    """Write sections of the contract; those of the programme stay as they are.

    Words that nobody signed are changed in place. A change to signed words makes a new version, which voids
    the signatures and reaches the others when the participant signs and sends it. Words that say again what was
    sent are no change: the signatures under them count again.
    Raises ChangedMeanwhile where a section no longer says what the writer saw (`seen`: key -> `mark` of its words).
    """
    kept = _locked(contract)
    _only_the_participant(kept, by)
    current = kept.versions.get(number=kept.version)
    before = current.texts
    if any(mark([before.get(key, "")]) != was for key, was in seen.items()):
        raise ChangedMeanwhile
    after = before | {key: text for key, text in texts.items() if key in OPEN_KEYS}
    if after == before:
        return kept
    sent = kept.sent_version
    if sent and kept.is_being_changed and after == kept.words_of(sent):
        return _put_back(kept, sent, by, now)
    if kept.signed():
        kept.version += 1
        kept.status, kept.agreed_at = Status.PROPOSED, None
        kept.save(update_fields=["version", "status", "agreed_at"])
        forget_documents("modules.learning_contract", subject=kept)
        _note(kept, "changed", f"{by} changed the learning contract after it was signed", by, now)
        current = ContractVersion(contract=kept, number=kept.version)
    current.words, current.made_at, current.made_by = json.dumps(after), now, str(by)
    current.save()
    return kept


@transaction.atomic
def put_back_signed(*, contract: LearningContract, version: int, by: Person, now: datetime) -> LearningContract:
    """Drop what was changed since the contract was sent: what was signed then counts again.

    Done twice, it is done once. Raises ChangedMeanwhile when the page showed another version (`version`).
    """
    kept = _locked(contract)
    _only_the_participant(kept, by)
    sent = kept.sent_version
    if sent is None or not kept.is_being_changed:
        return kept
    if version != kept.version:
        raise ChangedMeanwhile
    return _put_back(kept, sent, by, now)


@transaction.atomic
def propose_contract(*, contract: LearningContract, version: int, by: Person, now: datetime) -> LearningContract:
    """Sign it as the participant and send it to sponsor and line manager, which answers their comments.

    Sent twice, nothing happens twice. Raises NotPossible without a sponsor or a purpose.
    """
    kept = _locked(contract)
    _only_the_participant(kept, by)
    _still_open(kept)
    if kept.place.sponsor is None:
        raise NotPossible("You have no sponsor yet. The programme office is asking your council; we tell you when.")
    if not kept.texts.get("purpose", "").strip():
        raise NotPossible("Say first what you want from this year.")
    if version != kept.version:
        raise ChangedMeanwhile
    if Party.PARTICIPANT in kept.signed():
        return kept
    kept.status, kept.sent_at = Status.PROPOSED, now
    kept.save(update_fields=["status", "sent_at"])
    _sign(kept, Party.PARTICIPANT, by.name, by, now)
    kept.comments.filter(settled_at=None).update(settled_at=now)
    for reader in kept.readers:
        _ask(kept, reader, now, dedupe_key=f"contract:{kept.pk}:{kept.version}:to:{reader.pk}")
    return kept


@transaction.atomic
def sign_contract(
    *, contract: LearningContract, party: str, name: str, version: int, by: Person, now: datetime
) -> LearningContract:
    """Sign a version as its sponsor, or for the programme; with the third signature it is agreed.

    Signing the same version twice changes nothing. Raises NotPossible for somebody who is not that party, for
    what the participant has not sent, and for a version that was changed after the signer opened it.
    """
    kept = _locked(contract)
    _still_open(kept)
    if not _may_sign(kept, party, by):
        raise NotPossible("Only the sponsor signs as sponsor, and only the programme office for the programme.")
    if kept.sent_version is None:
        raise NotPossible("This contract has not been sent for signature yet.")
    if kept.sent_version != kept.version:
        raise NotPossible(f"{kept.place.person} is changing this contract. You get a letter when it can be signed.")
    if version != kept.version:
        raise NotPossible("The contract was changed after you opened it. Read what changed, then sign.")
    if party in kept.signed():
        return kept
    _sign(kept, party, name, by, now)
    if not kept.waits_for():
        kept.status, kept.agreed_at = Status.AGREED, now
        kept.save(update_fields=["status", "agreed_at"])
        _note(kept, "agreed", f"{kept.place.person}'s learning contract is signed by all three", by, now)
        _tell(
            kept,
            "modules.contract_agreed",
            f"contract:{kept.pk}:{version}:agreed",
            now,
            review_on=_to_come(kept.review_on, now),
        )
    return kept


@transaction.atomic
def comment_on_contract(*, contract: LearningContract, words: str, by: Person, now: datetime) -> ContractComment:
    """Keep what the sponsor or line manager says, and tell the participant. Sent twice, it is one comment."""
    kept = _locked(contract)
    _still_open(kept)
    if by not in kept.readers:
        raise NotPossible("Only the sponsor and the line manager comment on a learning contract.")
    if kept.sent_version is None:
        raise NotPossible("This contract has not been sent yet.")
    for known in kept.comments.filter(settled_at=None, person=by):
        if known.words == words:
            return known
    comment = ContractComment.objects.create(
        contract=kept, version=kept.sent_version, words=words, name=by.name, person=by, made_at=now
    )
    _note(kept, "commented", f"{by} commented on the learning contract", by, now)
    _tell(kept, "modules.contract_comment", f"contract-comment:{comment.pk}", now, name=by.name)
    return comment


@transaction.atomic
def settle_comment(*, comment: ContractComment, by: Person, now: datetime) -> None:
    """Mark a comment as answered without a change of words."""
    _only_the_participant(comment.contract, by)
    if ContractComment.objects.filter(pk=comment.pk, settled_at=None).update(settled_at=now):
        sentence = f"{by} marked a comment on the learning contract as answered"
        _note(comment.contract, "comment_settled", sentence, by, now)


@transaction.atomic
def review_contract(*, contract: LearningContract, by: Person, now: datetime) -> None:
    """Note that participant and sponsor looked at the contract together half way."""
    kept = _locked(contract)
    _only_the_participant(kept, by)
    if kept.status != Status.AGREED:
        raise NotPossible("The contract is reviewed once all three have signed it.")
    if kept.reviewed_at:
        return
    kept.reviewed_at = now
    kept.save(update_fields=["reviewed_at"])
    _note(kept, "reviewed", f"{by} reviewed the learning contract with their sponsor", by, now)


@transaction.atomic
def send_signing_link(*, contract: LearningContract, reader: Person, now: datetime) -> None:
    """Mail the private link again, to the same person, at most once a day. Raises NotPossible for anybody else."""
    if reader not in contract.readers or contract.sent_version is None:
        raise NotPossible("There is nothing to read or sign at this address any more.")
    place = contract.place
    signs = reader == place.sponsor
    signature = contract.signed(contract.sent_version).get(Party.SPONSOR) if signs else None
    post(
        "modules.contract_link", to=reader, now=now,
        dedupe_key=f"contract:{contract.pk}:again:{reader.pk}:{now:%Y-%m-%d}", about=contract,
        cohort_id=place.cohort_id, contract=contract, signs=signs, signed_at=signature.signed_at if signature else None,
        token=signing_link(contract, reader, now).token,
    )  # fmt: skip


def signing_link(contract: LearningContract, reader: Person, now: datetime) -> PrivateLink:
    """The private link by which a sponsor or line manager reads and signs; the same one for every letter."""
    return links.live(purpose=SIGNING, subject=contract, now=now, email=reader.email) or links.issue(
        purpose=SIGNING, subject=contract, person=reader, now=now, expires_at=now + LINK_LASTS
    )


def _put_back(contract: LearningContract, sent: int, by: Person, now: datetime) -> LearningContract:
    """The version that was sent last, with the signatures under it; nobody but its writer has seen a later one."""
    contract.version = sent
    contract.versions.filter(number__gt=sent).delete()
    if not contract.waits_for():
        signed = contract.signed().values()
        contract.status, contract.agreed_at = Status.AGREED, max(each.signed_at for each in signed)
    contract.save(update_fields=["version", "status", "agreed_at"])
    _note(contract, "put_back", f"{by} put back what was signed in the learning contract", by, now)
    return contract


def _locked(contract: LearningContract) -> LearningContract:
    """The contract as it stands, held until the transaction ends."""
    found = LearningContract.objects.select_for_update(of=("self",)).select_related(
        "place__person", "place__sponsor", "place__line_manager",
        "place__cohort__programme", "place__cohort__contact",
    )  # fmt: skip
    return found.get(pk=contract.pk)


def _only_the_participant(contract: LearningContract, by: Person) -> None:
    if contract.place.person_id != by.pk:
        raise NotPossible("Only the person whose contract it is writes it.")


def _still_open(contract: LearningContract) -> None:
    person = contract.place.person
    if contract.is_over:
        raise NotPossible(f"{person} has graduated, so this contract is closed. Nothing is asked of you any more.")
    if contract.has_ended:
        raise NotPossible(f"{person} is not taking part any more, so this contract is closed. Nothing is asked of you.")


def _may_sign(contract: LearningContract, party: str, by: Person) -> bool:
    return {Party.SPONSOR: by.pk == contract.place.sponsor_id, Party.PROGRAMME: by.is_staff}.get(Party(party), False)


def _sign(contract: LearningContract, party: str, name: str, by: Person, now: datetime) -> None:
    signature = Signature.objects.create(
        contract=contract, version=contract.version, party=party, name=name, person=by, signed_at=now,
        signed_by=str(by),
    )  # fmt: skip
    sentence = f"{signature.signed_as} signed the learning contract as {Party(party).label.lower()}"
    _note(contract, "signed", sentence, by, now)


def _ask(contract: LearningContract, reader: Person, now: datetime, *, dedupe_key: str) -> None:
    place = contract.place
    post(
        "modules.contract_to_sign", to=reader, now=now, dedupe_key=dedupe_key, about=contract,
        cohort_id=place.cohort_id, contract=contract, signs=reader == place.sponsor,
        token=signing_link(contract, reader, now).token, due_on=_to_come(contract.due_on, now),
    )  # fmt: skip


def _to_come(on: date, now: datetime) -> date | None:
    """A day that somebody can still be asked to keep: not today, as a letter may be read tomorrow, and not gone by."""
    return on if london_date(now) < on else None


def _tell(contract: LearningContract, kind: str, dedupe_key: str, now: datetime, **words) -> None:
    place = contract.place
    post(
        kind, to=place.person, now=now, dedupe_key=dedupe_key, about=contract, cohort_id=place.cohort_id,
        contract=contract, **words,
    )  # fmt: skip


def _note(contract: LearningContract, what: str, sentence: str, by: Person, now: datetime) -> None:
    place = contract.place
    record(
        f"modules.contract.{what}",
        sentence,
        subject=contract,
        person=place.person,
        cohort_id=place.cohort_id,
        by=by,
        now=now,
    )
