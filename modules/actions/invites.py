"""Who has been invited to which session, and what their calendars are told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from cohorts.models import Cohort, Place
from leaders.outbox.actions import post
from leaders.outbox.invites import Method
from modules.calendar_files import CANCEL, REQUEST, invite
from modules.models import Invite, Module, Session


@transaction.atomic
def keep_invites(*, now: datetime) -> int:
    """Invite those who joined a cohort after its invites went out, and cancel for those who left; how many mails.

    Idempotent: an invite is kept per session and place, and each message has a key of its own.
    """
    sent = _cancel_for_those_who_left(now)
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
    for session in sessions:
        places = taking_part_in(session.cohort).exclude(invites__session=session)
        sent += invite_to(session, places, now=now)
    return sent


def _cancel_for_those_who_left(now: datetime) -> int:
    """Dates to come leave the calendar of somebody whose place has ended; how many mails."""
    left = [Place.Status.WITHDRAWN, Place.Status.DEFERRED]
    invites = Invite.objects.filter(place__status__in=left, session__cancelled_at=None, session__starts__gt=now)
    related = ("place__person", "session__module", "session__cohort__programme", "session__cohort__contact")
    found = list(invites.select_related(*related))
    for kept in found:
        # A calendar believes the higher number: so does a new invite, should they come back.
        raise_sequence(kept.session)
        _post("modules.session_withdrawn", kept.session, kept.place, method=CANCEL, now=now)
        kept.delete()
    return len(found)


def taking_part_in(cohort: Cohort):
    return Place.objects.active().for_cohort(cohort).select_related("person")


def raise_sequence(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1)
    session.sequence += 1


def invite_to(session: Session, places, *, now: datetime, before: Mapping[str, str] | None = None) -> int:
    """Send the session as it now is, as a first invite or as a changed one, with `before` what was said; how many."""
    places = list(places)
    kind, words = ("modules.invite", {}) if before is None else ("modules.session_changed", {"before": before})
    for place in places:
        _post(kind, session, place, method=REQUEST, now=now, **words)
    _keep(session, places, now)
    return len(places)


def _keep(session: Session, places: list[Place], now: datetime) -> None:
    Invite.objects.bulk_create(
        [Invite(session=session, place=place, sequence=session.sequence, invited_at=now) for place in places],
        update_conflicts=True,
        unique_fields=["session", "place"],
        update_fields=["sequence", "invited_at"],
    )


def invite_to_moved(module: Module, moved: list[tuple[Session, str]], *, now: datetime) -> int:
    """Send the days of a module that moved together, each with when it was to be: one letter to each; how many.

    It carries an invite for each of the days.
    """
    places, sessions = list(taking_part_in(module.cohort)), [session for session, _was in moved]
    turn = "-".join(str(session.sequence) for session in sessions)
    for place in places:
        files = [invite(session, to=place.person, method=REQUEST, now=now) for session in sessions]
        post(
            "modules.module_moved",
            to=place.person,
            now=now,
            dedupe_key=f"modules.module_moved:{module.pk}:{place.pk}:{turn}",
            expires_at=max(session.ends for session in sessions),
            about=module,
            cohort_id=module.cohort_id,
            files=[(f"invite-{number}.ics", kind, words) for number, (_name, kind, words) in enumerate(files, 1)],
            module=module,
            moved=tuple(moved),
        )
    for session in sessions:
        _keep(session, places, now)
    return len(places)


def withdraw_invites(session: Session, *, now: datetime, reason: str) -> int:
    """Take a cancelled session out of the calendar of everybody who was invited and still takes part; how many."""
    places = list(taking_part_in(session.cohort).filter(invites__session=session))
    for place in places:
        _post("modules.session_cancelled", session, place, method=CANCEL, now=now, reason=reason)
    return len(places)


def _post(kind: str, session: Session, place: Place, *, method: Method, now: datetime, **words) -> None:
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
