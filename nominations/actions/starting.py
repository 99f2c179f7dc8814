"""The draft begun, and the private link that leads back to it."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from leaders.outbox.actions import post, withdraw
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from nominations.links import DRAFT, path_to
from nominations.models import Invitation, Nomination, Round

from .common import closed, note

# Drafts that one address may begin in a day without an invitation: each of them mails a link there.
STARTS_A_DAY = 10


@transaction.atomic
def start_nomination(
    *,
    round: Round,  # noqa: A002
    organisation: Organisation | None,
    now: datetime,
    by: Person | str | None,
    name: str = "",
    email: str = "",
    form_uuid: uuid.UUID | None = None,
    invitation: Invitation | None = None,
    organisation_name: str = "",
    organisation_kind: str = "",
    noted: bool = False,
) -> Nomination:
    """Begin a draft and mail its private link. The same `form_uuid` returns the same draft.

    From an invitation, name and address are the invited person's, the invitation counts as opened, and whatever
    was begun with it before and still stands is returned, however often its button is pressed.
    `noted` says that the office begins it for them: they have opened nothing, and their letter is another one.
    Raises NotPossible when nominations are closed or this kind of organisation does not nominate.
    """
    programme = round.cohort.programme
    nominator = invitation.nominator if invitation else None
    if invitation and nominator:
        Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)  # one press at a time
        if begun := begun_with(invitation):
            return begun
        organisation, name, email = invitation.organisation, nominator.name, nominator.email
    draft = Nomination(
        kind=Nomination.Kind.NOMINATION,
        round=round,
        invitation=invitation,
        organisation=organisation,
        organisation_name="" if organisation else organisation_name.strip(),
        organisation_kind=organisation.kind if organisation else organisation_kind,
        quota=programme.nominations_per_organisation,
        nominator=nominator,
        nominator_name=name.strip(),
        nominator_email=email.strip().lower(),
        nominator_role_title=nominator.role_title if nominator else "",
        nominator_phone=nominator.phone if nominator else "",
        form_uuid=form_uuid or uuid.uuid4(),
        started_at=now,
        noted_at=now if noted else None,
    )
    if draft.organisation_kind not in programme.nominating_kinds or (draft.quota and not organisation):
        raise NotPossible(f"{draft.employer} does not nominate for {programme.in_words}.")
    draft, is_new = begin(draft, by, now)
    if is_new and not noted:
        if invitation:
            Invitation.objects.filter(pk=invitation.pk, opened_at=None).update(opened_at=now)
        mail_link(draft, now)
    return draft


@transaction.atomic
def start_application(
    *,
    round: Round,  # noqa: A002
    organisation: Organisation | None,
    name: str,
    email: str,
    now: datetime,
    by: Person | str | None,
    form_uuid: uuid.UUID | None = None,
    organisation_name: str = "",
    organisation_kind: str = "",
) -> Nomination:
    """Begin an application, where the programme takes them, and mail its private link."""
    programme = round.cohort.programme
    draft = Nomination(
        kind=Nomination.Kind.APPLICATION,
        round=round,
        organisation=organisation,
        organisation_name="" if organisation else organisation_name.strip(),
        organisation_kind=organisation.kind if organisation else organisation_kind,
        nominee_name=name.strip(),
        nominee_email=email.strip().lower(),
        form_uuid=form_uuid or uuid.uuid4(),
        started_at=now,
    )
    if not programme.takes_applications or draft.organisation_kind not in programme.applying_kinds:
        raise NotPossible(
            f"People from your kind of organisation are nominated for {programme.in_words}; they do not apply."
        )
    draft, is_new = begin(draft, by, now)
    if is_new:
        mail_link(draft, now)
    return draft


def begun_with(invitation: Invitation) -> Nomination | None:
    """The draft or standing nomination that was begun with this invitation."""
    mine = Nomination.objects.filter(invitation=invitation).in_words().order_by("pk")
    return next((nomination for nomination in mine if nomination.is_draft or nomination.is_live), None)


def begin(draft: Nomination, by: Person | str | None, now: datetime) -> tuple[Nomination, bool]:
    """Save a new draft under the next reference, or find the one that the same form made; whether it is new."""
    known = Nomination.objects.in_words().filter(form_uuid=draft.form_uuid).first()
    if known:
        return known, False
    if not draft.takes_changes(now):
        raise NotPossible(closed(draft))
    if draft.invitation is None and _starts_today(draft, now) >= STARTS_A_DAY:
        raise NotPossible("That is enough for one day. Go on with what you have begun: the links are in your emails.")
    draft.reference = _next_reference(draft.round)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # the same form, sent twice at the same moment
        return Nomination.objects.in_words().get(form_uuid=draft.form_uuid), False
    writer, _ = draft.writer
    note("started", f"{writer} started {draft.reference} for {draft.employer}", draft, by, now)
    return draft, True


def _starts_today(draft: Nomination, now: datetime) -> int:
    _, address = draft.writer
    recent = draft.round.nominations.filter(started_at__gt=now - timedelta(days=1), invitation=None)
    applied = Q(nominee_email=address, kind=Nomination.Kind.APPLICATION)
    return recent.filter(applied | Q(nominator_email=address)).count()


def _next_reference(this: Round) -> str:
    Round.objects.filter(pk=this.pk).update(last_number=F("last_number") + 1)
    number = Round.objects.values_list("last_number", flat=True).get(pk=this.pk)
    return f"{this.cohort.programme.short_name}{this.cohort.number}-{number:04}"


def mail_link(draft: Nomination, now: datetime, again: int = 0) -> None:
    """Mail the private link to whoever fills the form."""
    name, email = draft.writer
    post(
        "nominations.draft_link",
        to=(name, email),
        now=now,
        dedupe_key=_link_key(draft, again),
        about=draft,
        cohort_id=draft.round.cohort_id,
        nomination=draft,
        link=draft_path(draft, now),
        others=[(other.reference, draft_path(other, now)) for other in _others(draft)],
    )


def withdraw_link(draft: Nomination) -> None:
    """Stop the private link, should it not have gone out when the draft is sent: the receipt brings the same one."""
    withdraw(_link_key(draft), reason="The draft was sent before this went out; the receipt has the same link")


def _link_key(draft: Nomination, again: int = 0) -> str:
    return f"nominations.draft_link:{draft.pk}:{again}"


def _others(draft: Nomination) -> list[Nomination]:
    """Drafts that the same address has begun in this round: only the inbox is told of them, never who typed it."""
    _, email = draft.writer
    mine = {"nominee_email": email} if draft.is_application else {"nominator_email": email}
    same = draft.round.nominations.drafts().in_words().filter(kind=draft.kind, **mine)
    return list(same.exclude(pk=draft.pk).order_by("pk")[:5])


def draft_path(draft: Nomination, now: datetime) -> str:
    """The private link that is mailed to whoever fills the form: who comes by it has shown that the address is theirs.

    It outlives the deadline, so that the receipt can be read.
    """
    _, email = draft.writer
    return path_to(
        DRAFT, draft, now=now, email=email, person=draft.nominator, expires_at=draft.round.cohort.offers_expire
    )


def path_here(draft: Nomination, now: datetime) -> str:
    """The link for the browser in which a draft was begun. It goes on at once, and says nothing about the address."""
    return path_to(DRAFT, draft, now=now, expires_at=draft.round.cohort.offers_expire)


@transaction.atomic
def mail_link_again(*, nomination: Nomination, by: Person | str | None, now: datetime) -> None:
    """Mail the private link anew, to the address it belongs to and no other; at most once in ten minutes."""
    mail_link(nomination, now, again=int(now.timestamp()) // 600)
    note("link_mailed", f"The link to {nomination.reference} was mailed again", nomination, by, now)
