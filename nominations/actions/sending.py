"""The draft sent: what it needs, the one place that it takes, and who is asked next."""

from datetime import datetime

from django.db import IntegrityError, transaction

from leaders.documents.actions import request_document
from leaders.outbox.actions import post
from leaders.people.actions import know_person
from leaders.people.models import Person
from leaders.people.refusals import NotPossible
from nominations.journey import journey_of
from nominations.links import ACCEPT, ENDORSE, path_to
from nominations.models import Endorsement, NobodyThisTime, Nomination

from .common import closed, locked, note
from .ending import end_replaced
from .starting import draft_path, withdraw_link

State = Nomination.State


class AlreadyNominated(NotPossible):
    """The organisation has its live nomination already: `standing`."""

    def __init__(self, standing: Nomination):
        super().__init__(f"{standing.employer} has already nominated somebody for {standing.round.cohort.name}.")
        self.standing = standing


@transaction.atomic
def send_nomination(
    *, nomination: Nomination, attested_by: str, by: Person | str | None, now: datetime, proved: bool
) -> Nomination:
    """Send a complete draft. From here on the nominee (of an application: the sponsor) is asked.

    `proved` says that the address on the form is known to be the sender's, by an invitation or by the link that was
    mailed there: an organisation's place, and a nominee's inbox, are not for whoever types an address.
    Sending it again returns the same nomination. Raises AlreadyNominated when the organisation has its
    live nomination and no agreed replacement; NotPossible when something is missing, closed, not eligible or unproved.
    """
    draft = locked(nomination)
    if not draft.is_draft:
        return draft
    if not proved:
        raise NotPossible(f"It is sent by the link that we emailed to {draft.writer[1]}, and from nowhere else.")
    if not draft.takes_changes(now):
        raise NotPossible(closed(draft))
    check_ready(draft)
    _check_attested(attested_by)
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
    draft.answer_by = draft.answer_deadline_if_sent(now)
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


@transaction.atomic
def ask_to_send(*, nomination: Nomination, attested_by: str, by: Person | str | None, now: datetime) -> Nomination:
    """Note that somebody stands by a draft whose address is not proved, and mail there the link that sends it.

    At most one letter in ten minutes. Raises NotPossible when something is missing, closed or not eligible.
    """
    draft = locked(nomination)
    if not draft.is_draft:
        return draft
    if not draft.takes_changes(now):
        raise NotPossible(closed(draft))
    check_ready(draft)
    _check_attested(attested_by)
    draft.send_asked_at = now
    draft.save(update_fields=["send_asked_at"])
    post(
        "nominations.to_send",
        to=draft.writer,
        now=now,
        dedupe_key=f"nominations.to_send:{draft.pk}:{int(now.timestamp()) // 600}",
        about=draft,
        cohort_id=draft.round.cohort_id,
        nomination=draft,
        link=f"{draft_path(draft, now)}check/",
    )
    note("send_asked", f"{by} would send {draft.reference}, and was mailed the link that does", draft, by, now)
    return draft


def _check_attested(attested_by: str) -> None:
    if not attested_by.strip():
        raise NotPossible("Confirm that what you send is true to the best of your knowledge.")


def check_ready(draft: Nomination) -> None:
    """Raise NotPossible unless all is there, settled and eligible."""
    programme = draft.round.cohort.programme
    journey = journey_of(draft, list(programme.criteria.all()))
    missing = journey.missing(draft)
    if missing:
        raise NotPossible(f"“{missing[0].title}” is not complete yet.")
    if draft.clashes.filter(settled_at=None, page__in=journey.pages).exists():
        raise NotPossible("One page has two texts. Choose one of them first.")
    if not draft.is_application and draft.nominee_level not in programme.eligible_roles:
        raise NotPossible(
            f"{programme} is for people in these posts: {', '.join(programme.eligible_roles)}. "
            f"Ask {draft.round.cohort.contact} if the post is equivalent under another name."
        )
    own = draft.nominee_email.lower()
    if own == draft.nominator_email.lower():
        raise NotPossible("Somebody else has to nominate you: both email addresses are the same.")
    if draft.is_application and own == draft.sponsor_email.lower():
        raise NotPossible("Somebody else has to endorse you: your sponsor’s email address is your own.")
    if draft.shares.filter(email=own, revoked_at=None).exists():
        raise NotPossible(
            f"{draft.nominee_name} cannot fill in what is said about them: take the link back that they have as your "
            "colleague, and look over that section."
        )
    if own in {draft.sponsor_email.lower(), draft.line_manager_email.lower()}:
        raise NotPossible(f"{draft.nominee_name} cannot be their own sponsor or line manager.")


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
    withdraw_link(sent)
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
