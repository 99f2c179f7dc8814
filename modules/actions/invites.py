"""Who has been invited to which session, and what their calendars are told."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from cohorts.models import Cohort, Place
from leaders.outbox.actions import post
from modules.calendar_files import CANCEL, REQUEST, invite
from modules.models import Invite, Module, Session


@transaction.atomic
def keep_invites(*, now: datetime) -> int:
    """Invite those who joined a cohort after its invites went out; how many mails.

    Idempotent: an invite is kept per session and place, and each message has a key of its own.
    """
    newcomers = (
        Place.objects.active()
        .filter(cohort=OuterRef("cohort"))
        .exclude(Exists(Invite.objects.filter(place=OuterRef("pk"), session=OuterRef(OuterRef("pk")))))
    )
    sessions = (
        Session.objects.kept()
        .upcoming(now)
        .filter(Q(module=None) | Q(module__status=Module.Status.CONFIRMED), cohort__status=Cohort.Status.LIVE)
        .filter(Exists(newcomers))
        .select_related("module", "cohort__programme", "cohort__contact")
    )
    sent = 0
    for session in sessions:
        places = taking_part_in(session.cohort).exclude(invites__session=session)
        sent += invite_to(session, places, now=now)
    return sent


def taking_part_in(cohort: Cohort):
    return Place.objects.active().for_cohort(cohort).select_related("person")


def raise_sequence(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1)
    session.sequence += 1


def invite_to(session: Session, places, *, now: datetime, changes: tuple[str, ...] | None = None) -> int:
    """Send the session as it now is, as a first invite or (with `changes`, sentences) as a changed one; how many."""
    places = list(places)
    kind, words = ("modules.invite", {}) if changes is None else ("modules.session_changed", {"changes": changes})
    for place in places:
        _post(kind, session, place, method=REQUEST, now=now, **words)
    Invite.objects.bulk_create(
        [Invite(session=session, place=place, sequence=session.sequence, invited_at=now) for place in places],
        update_conflicts=True,
        unique_fields=["session", "place"],
        update_fields=["sequence", "invited_at"],
    )
    return len(places)


def withdraw_invites(session: Session, *, now: datetime, reason: str) -> int:
    """Take a cancelled session out of the calendar of everybody who was invited and still takes part; how many."""
    places = list(taking_part_in(session.cohort).filter(invites__session=session))
    for place in places:
        _post("modules.session_cancelled", session, place, method=CANCEL, now=now, reason=reason)
    return len(places)


def _post(kind: str, session: Session, place: Place, *, method: str, now: datetime, **words) -> None:
    post(
        kind,
        to=place.person,
        now=now,
        dedupe_key=f"modules.invite:{session.pk}:{place.pk}:{session.sequence}:{method}",
        expires_at=session.ends,
        about=session,
        cohort_id=session.cohort_id,
        files=[invite(session, to=place.person, method=method, now=now)],
        session=session,
        **words,
    )
