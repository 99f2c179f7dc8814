"""The draft: started, saved page by page, shared, and sent; what happens to it until the panel reads it."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from leaders.components.dates import day_time
from leaders.documents.actions import request_document
from leaders.outbox.actions import post
from leaders.people import links as private_links
from leaders.people.actions import know_person
from leaders.people.models import Organisation, Person
from leaders.people.refusals import NotPossible
from nominations.journey import Page, journey_of
from nominations.links import ACCEPT, DRAFT, ENDORSE, SECTION, path_to
from nominations.models import Clash, Endorsement, Invitation, NobodyThisTime, Nomination, Round, SharedSection

from .common import locked, note
from .ending import end_replaced

State = Nomination.State

# Drafts that one address may begin in a day without an invitation: each of them mails a link there.
STARTS_A_DAY = 10


class Stale(Exception):
    """The page was changed by somebody else since it was shown; `clash` keeps what was typed."""

    def __init__(self, clash: Clash):
        super().__init__("This page was changed in the meantime.")
        self.clash = clash


class AlreadyNominated(NotPossible):
    """The organisation has its live nomination already: `standing`."""

    def __init__(self, standing: Nomination):
        super().__init__(f"{standing.employer} has already nominated somebody for {standing.round.cohort.name}.")
        self.standing = standing


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
) -> Nomination:
    """Begin a draft and mail its private link. The same `form_uuid` returns the same draft.

    From an invitation, name and address are the invited person's, and the invitation counts as opened.
    Raises NotPossible when nominations are closed or this kind of organisation does not nominate.
    """
    programme = round.cohort.programme
    nominator = invitation.nominator if invitation else None
    if invitation and nominator:
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
    )
    if draft.organisation_kind not in programme.nominating_kinds or (draft.quota and not organisation):
        raise NotPossible(f"{draft.employer} does not nominate for the {programme}.")
    draft, is_new = begin(draft, now)
    if is_new:
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
        raise NotPossible(f"People from your kind of organisation are nominated for {programme}; they do not apply.")
    draft, is_new = begin(draft, now)
    if is_new:
        mail_link(draft, now)
    return draft


def begin(draft: Nomination, now: datetime) -> tuple[Nomination, bool]:
    """Save a new draft under the next reference, or find the one that the same form made; whether it is new."""
    known = Nomination.objects.in_words().filter(form_uuid=draft.form_uuid).first()
    if known:
        return known, False
    if not draft.takes_changes(now):
        raise NotPossible(_closed(draft))
    if draft.invitation is None and _starts_today(draft, now) >= STARTS_A_DAY:
        raise NotPossible("That is enough for one day. Go on with what you have begun: the links are in your emails.")
    draft.reference = _next_reference(draft.round)
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:  # the same form, sent twice at the same moment
        return Nomination.objects.in_words().get(form_uuid=draft.form_uuid), False
    writer, _ = draft.writer
    note("started", f"{writer} started {draft.reference} for {draft.employer}", draft, writer, now)
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
        dedupe_key=f"nominations.draft_link:{draft.pk}:{again}",
        about=draft,
        cohort_id=draft.round.cohort_id,
        nomination=draft,
        link=draft_path(draft, now),
    )


def draft_path(draft: Nomination, now: datetime) -> str:
    """The private link of whoever fills the form. It outlives the deadline, so that the receipt can be read."""
    _, email = draft.writer
    return path_to(
        DRAFT, draft, now=now, email=email, person=draft.nominator, expires_at=draft.round.cohort.offers_expire
    )


@transaction.atomic
def mail_link_again(*, nomination: Nomination, now: datetime) -> None:
    """Mail the private link anew, to the address it belongs to and no other; at most once in ten minutes."""
    mail_link(nomination, now, again=int(now.timestamp()) // 600)
    note("link_mailed", f"The link to {nomination.reference} was mailed again", nomination, None, now)


def save_section(
    *,
    nomination: Nomination,
    page: str,
    values: dict,
    by: Person | str | None,
    now: datetime,
    seen: int | None = None,
) -> Nomination:
    """Save one page of a draft. `values` maps names of answers (see `journey`) to what was written.

    `seen` is the version that the form was made from: if somebody has changed this very page since, to
    something else, nothing is overwritten, what was typed is kept as a `Clash`, and Stale is raised.
    Raises NotPossible when the draft takes no more changes; KeyError for a page the form does not have.
    """
    with transaction.atomic():
        draft = locked(nomination)
        clash = _save(draft, _page(draft, page), values, by=by, now=now, seen=seen)
    # Raised only here: inside, it would undo what keeps the typed words.
    if clash:
        raise Stale(clash)
    return draft


def _save(draft: Nomination, page: Page, values: dict, *, by, now: datetime, seen: int | None = None) -> Clash | None:
    if not draft.takes_changes(now):
        raise NotPossible(_closed(draft))
    values = {name: values[name] for name in page.asks if name in values}
    if all(draft.value(name) == value for name, value in values.items()):
        return None
    if seen is not None and draft.changed_in.get(page.key, 0) > seen:
        return Clash.objects.create(nomination=draft, page=page.key, typed=values, kept_at=now)
    for name, value in values.items():
        draft.put(name, value)
    draft.version += 1
    draft.changed_in = {**draft.changed_in, page.key: draft.version}
    draft.saved_at = now
    draft.save()
    note("saved", f"{by} saved {page.title.rstrip('?').lower()} of {draft.reference}", draft, by, now)
    return None


@transaction.atomic
def settle_clash(*, clash: Clash, values: dict, by: Person | str | None, now: datetime) -> Nomination:
    """Choose between two texts for a page, or write a third: `values` is what stays."""
    draft = locked(clash.nomination)
    _save(draft, _page(draft, clash.page), values, by=by, now=now)
    Clash.objects.filter(pk=clash.pk, settled_at=None).update(settled_at=now)
    return draft


@transaction.atomic
def share_section(
    *, nomination: Nomination, section: str, name: str, email: str, by: Person | str | None, now: datetime
) -> SharedSection:
    """Let a colleague fill in one section through a link of their own; sharing it twice changes nothing."""
    draft = locked(nomination)
    if not draft.takes_changes(now):
        raise NotPossible(_closed(draft))
    part = journey_of(draft, list(draft.round.cohort.programme.criteria.all())).section(section)
    if part is None or not part.shareable:
        raise NotPossible("Only you can fill in that section.")
    share, is_new = SharedSection.objects.get_or_create(
        nomination=draft, section=section, email=email.strip().lower(), revoked_at=None,
        defaults={"name": name.strip(), "shared_at": now},
    )  # fmt: skip
    if is_new:
        post(
            "nominations.section_shared",
            to=(share.name, share.email),
            now=now,
            dedupe_key=f"nominations.section_shared:{share.pk}",
            about=draft,
            cohort_id=draft.round.cohort_id,
            share=share,
            section=part.title,
            link=path_to(SECTION, share, now=now, email=share.email, expires_at=draft.deadline),
        )
        note("shared", f"“{part.title}” of {draft.reference} was shared with {share.name}", draft, by, now)
    return share


@transaction.atomic
def revoke_share(*, share: SharedSection, by: Person | str | None, now: datetime) -> None:
    """Take a colleague's link back. What they filled in stays."""
    if SharedSection.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        private_links.revoke(purpose=SECTION, subject=share, now=now)
        note("unshared", f"{share.name} can no longer open {share.nomination}", share.nomination, by, now)


@transaction.atomic
def finish_share(*, share: SharedSection, now: datetime) -> None:
    """The colleague is done: tell the nominator, once."""
    if not SharedSection.objects.filter(pk=share.pk, filled_at=None, revoked_at=None).update(filled_at=now):
        return
    draft = Nomination.objects.in_words().get(pk=share.nomination_id)
    part = journey_of(draft, list(draft.round.cohort.programme.criteria.all())).section(share.section)
    if part is None:
        raise NotPossible("That section is not part of the form any more.")
    post(
        "nominations.section_filled",
        to=draft.writer,
        now=now,
        dedupe_key=f"nominations.section_filled:{share.pk}",
        about=draft,
        cohort_id=draft.round.cohort_id,
        share=share,
        section=part.title,
        link=draft_path(draft, now),
    )
    note("filled", f"{share.name} filled in “{part.title}” of {draft.reference}", draft, share.name, now)


@transaction.atomic
def delete_draft(*, nomination: Nomination, by: Person | str | None, now: datetime) -> None:
    """Delete a draft for good; its links stop working. Raises NotPossible once it was sent."""
    draft = locked(nomination)
    if not draft.is_draft:
        raise NotPossible("It has been sent. You can withdraw it instead.")
    note("deleted", f"{by} deleted the draft {draft.reference}", draft, by, now)
    private_links.revoke(purpose=DRAFT, subject=draft, now=now)
    for share in draft.shares.all():
        private_links.revoke(purpose=SECTION, subject=share, now=now)
    draft.delete()


@transaction.atomic
def send_nomination(*, nomination: Nomination, attested_by: str, by: Person | str | None, now: datetime) -> Nomination:
    """Send a complete draft. From here on the nominee (of an application: the sponsor) is asked.

    Sending it again returns the same nomination. Raises AlreadyNominated when the organisation has its
    live nomination and no agreed replacement; NotPossible when something is missing, closed or not eligible.
    """
    draft = locked(nomination)
    if not draft.is_draft:
        return draft
    if not draft.takes_changes(now):
        raise NotPossible(_closed(draft))
    _check_ready(draft, attested_by)
    draft.nominee = know_person(
        email=draft.nominee_email,
        name=draft.nominee_name,
        organisation=draft.organisation,
        role_title=draft.nominee_role_title,
        service=draft.nominee_service,
        by=by,
        now=now,
    )
    if not draft.is_application:
        draft.nominator = known_nominator(nomination=draft, now=now)
    _make_room(draft, now)
    draft.state, draft.sent_at, draft.attested_by = State.SENT, now, attested_by.strip()
    _take_slot(draft)
    if draft.organisation and draft.quota:
        NobodyThisTime.objects.filter(round=draft.round, organisation=draft.organisation, undone_at=None).update(
            undone_at=now
        )
    request_document("nominations.record", subject=draft, now=now)
    note("sent", f"{attested_by} sent {draft.reference} for {draft.employer}", draft, by, now)
    _ask_next(draft, now)
    return draft


@transaction.atomic
def known_nominator(*, nomination: Nomination, now: datetime) -> Person:
    """The person who nominates, made known when a draft is sent or answered otherwise, and not before."""
    return nomination.nominator or know_person(
        email=nomination.nominator_email,
        name=nomination.nominator_name,
        organisation=nomination.organisation,
        role_title=nomination.nominator_role_title,
        phone=nomination.nominator_phone,
        by=nomination.nominator_name,
        now=now,
    )


def _check_ready(draft: Nomination, attested_by: str) -> None:
    programme = draft.round.cohort.programme
    missing = journey_of(draft, list(programme.criteria.all())).missing(draft)
    if missing:
        raise NotPossible(f"“{missing[0].title}” is not complete yet.")
    if not attested_by.strip():
        raise NotPossible("Confirm that what you send is true to the best of your knowledge.")
    if draft.clashes.filter(settled_at=None).exists():
        raise NotPossible("One page has two texts. Choose one of them first.")
    if not draft.is_application and draft.nominee_level not in programme.eligible_roles:
        raise NotPossible(
            f"{programme} is for people in these posts: {', '.join(programme.eligible_roles)}. "
            f"Ask {draft.round.cohort.contact} if the post is equivalent under another name."
        )
    if draft.nominee_email == draft.nominator_email:
        raise NotPossible("Somebody else has to nominate you: both email addresses are the same.")


def _make_room(draft: Nomination, now: datetime) -> None:
    """End the nomination that this one replaces, when that is agreed."""
    replacement = getattr(draft, "replacement", None)
    if replacement and replacement.agreed_at:
        end_replaced(replacement, now)


def _take_slot(draft: Nomination) -> None:
    """Save the sent nomination with the first free slot of its quota: the database says which is free."""
    for slot in range(1, draft.quota + 1) if draft.quota else (None,):
        draft.quota_slot = slot
        try:
            with transaction.atomic():
                draft.save()
        except IntegrityError:
            live = draft.round.nominations.live().exclude(pk=draft.pk).in_words()
            if live.filter(nominee=draft.nominee).exists():
                raise NotPossible(
                    f"{draft.nominee_name} has already been put forward for {draft.round.cohort.name}."
                ) from None
            standing = live.filter(organisation=draft.organisation, quota_slot=slot).first()
            if standing is None:
                raise
        else:
            return
    raise AlreadyNominated(standing)


def _ask_next(sent: Nomination, now: datetime) -> None:
    """Receipt to whoever sent it; then the nominee is asked to accept, or the sponsor to endorse."""
    cohort = sent.round.cohort
    post(
        "nominations.application_sent" if sent.is_application else "nominations.sent",
        to=sent.put_forward if sent.is_application else sent.put_forward_by,
        now=now,
        dedupe_key=f"nominations.sent:{sent.pk}",
        about=sent,
        cohort_id=cohort.pk,
        nomination=sent,
        link=draft_path(sent, now),
    )
    if sent.is_application:
        sponsor = know_person(email=sent.sponsor_email, name=sent.sponsor_name, by=sent.attested_by, now=now)
        endorsement = Endorsement.objects.create(nomination=sent, sponsor=sponsor, asked_at=now)
        post(
            "nominations.endorse",
            to=sponsor,
            now=now,
            dedupe_key=f"nominations.endorse:{endorsement.pk}",
            about=sent,
            cohort_id=cohort.pk,
            endorsement=endorsement,
            link=path_to(ENDORSE, endorsement, now=now, person=sponsor, expires_at=cohort.offers_expire),
        )
    else:
        post(
            "nominations.accept",
            to=sent.put_forward,
            now=now,
            dedupe_key=f"nominations.accept:{sent.pk}",
            about=sent,
            cohort_id=cohort.pk,
            nomination=sent,
            link=path_to(ACCEPT, sent, now=now, person=sent.nominee, expires_at=cohort.offers_expire),
        )


def _page(draft: Nomination, key: str) -> Page:
    return journey_of(draft, list(draft.round.cohort.programme.criteria.all())).pages[key]


def _closed(draft: Nomination) -> str:
    cohort = draft.round.cohort
    if not draft.is_draft:
        return f"{draft.reference} has been sent, so it can no longer be changed."
    return f"Nominations for {cohort.name} closed at {day_time(draft.deadline)}. Ask {cohort.contact} for more time."
