"""Graduating, what may be waived for it, and the certificate."""

from datetime import datetime

from django.db import transaction

from cohorts.graduation import outstanding
from cohorts.models import Certificate, Cohort, Place, Waiver
from leaders.documents.actions import request_document
from leaders.outbox.actions import post
from leaders.people.audit import record
from leaders.people.models import Person
from leaders.people.refusals import NotPossible

from .cohorts import close_cohort
from .places import stop_in_touch


@transaction.atomic
def waive(
    *, place: Place, requirement_key: str, reason: str, by: Person, now: datetime
) -> Waiver:  # fmt: skip
    """Not ask one requirement of one person, for a reason that is kept."""
    asked = place.cohort.programme.requirements.filter(key=requirement_key).first()
    if asked is None:
        raise NotPossible("This programme does not ask for that.")
    if not reason.strip():
        raise NotPossible("Give a reason: it is kept with the record.")
    if not place.is_active:
        raise NotPossible(f"{place.person} is not taking part now.")
    waiver, is_new = Waiver.objects.get_or_create(
        place=place, requirement_key=requirement_key,
        defaults={"reason": reason, "given_at": now, "given_by": str(by)},
    )  # fmt: skip
    if is_new:
        _record(
            "waived", f"{asked.title} was waived for {place.person}", place, by, now, reason=reason, key=requirement_key
        )
    return waiver


@transaction.atomic
def end_waiver(*, waiver: Waiver, reason: str, by: Person, now: datetime) -> None:
    """Ask for the requirement after all."""
    place = waiver.place
    if not place.is_active:
        raise NotPossible(f"{place.person} has graduated or left.")
    _record(
        "waiver_ended",
        f"A waiver for {place.person} was ended",
        place,
        by,
        now,
        reason=reason,
        key=waiver.requirement_key,
    )
    waiver.delete()


@transaction.atomic
def graduate_place(*, place: Place, by: Person | None, now: datetime) -> Certificate:
    """Somebody who met what the programme asks graduates: alumni from now on, with a certificate.

    Raises NotPossible naming what is neither met nor waived.
    """
    missing = outstanding(place)
    if missing:
        told = "; ".join(requirement.evidence.text for requirement in missing)
        raise NotPossible(f"{place.person} has not met what graduation asks: {told}.")
    if not Cohort.objects.live().filter(pk=place.cohort_id).exists():
        raise NotPossible(f"{place.cohort.name} is not running.")
    # No condition on another table here: it would become a subquery, which PostgreSQL does not ask again
    # after waiting for the row, and two clicks at once would both graduate.
    active = Place.objects.filter(pk=place.pk, status=Place.Status.ACTIVE)
    if not active.update(status=Place.Status.GRADUATED, graduated_at=now):
        raise NotPossible(f"{place.person} has graduated already or is not taking part.")
    place.refresh_from_db(fields=["status", "graduated_at"])
    certificate = _issue(place, now)
    _record("graduated", f"{place.person} graduated from {place.cohort}", place, by, now, code=certificate.code)
    post(
        "cohorts.graduated", to=place.person, now=now, dedupe_key=f"place:{place.pk}:graduated:{certificate.pk}",
        about=place, cohort_id=place.cohort_id, place=place,
    )  # fmt: skip
    return certificate


@transaction.atomic
def graduate_cohort(*, cohort: Cohort, by: Person | None, now: datetime) -> tuple[list[Place], list[Place]]:
    """Graduate everybody who is ready; (graduated, not ready). With nobody left taking part the cohort is closed.

    It can be repeated when the rest are ready. Raises NotPossible when nobody takes part.
    """
    places = list(
        cohort.places.active().select_related("person", "organisation", "cohort__programme", "cohort__contact")
    )  # fmt: skip
    if not places and not cohort.places.alumni().exists():
        raise NotPossible(f"Nobody takes part in {cohort.name}: it can be cancelled, not graduated.")
    if cohort.status != Cohort.Status.LIVE:
        raise NotPossible("Only a live cohort graduates.")
    graduated, waiting = [], []
    for place in places:
        if outstanding(place):
            waiting.append(place)
        else:
            graduate_place(place=place, by=by, now=now)
            graduated.append(place)
    if not waiting:
        close_cohort(cohort, now)
        record(
            "cohorts.cohort.graduated", f"{cohort} graduated", subject=cohort, cohort_id=cohort.pk, by=by, now=now,
            graduates=cohort.places.alumni().count(),
        )  # fmt: skip
    return graduated, waiting


@transaction.atomic
def undo_graduation(*, place: Place, reason: str, by: Person, now: datetime) -> Place:
    """Somebody was graduated by mistake: they take part again, and the certificate is revoked."""
    if place.cohort.status != Cohort.Status.LIVE:
        raise NotPossible(f"{place.cohort.name} is closed.")
    stop_in_touch(place=place, by=by, now=now)
    moved = Place.objects.filter(pk=place.pk, status=Place.Status.GRADUATED).update(
        status=Place.Status.ACTIVE, graduated_at=None
    )
    if not moved:
        raise NotPossible(f"{place.person} has not graduated.")
    place.refresh_from_db()
    for certificate in place.certificates.filter(revoked_at=None):
        revoke_certificate(certificate=certificate, reason=reason, by=by, now=now)
    _record("graduation_undone", f"The graduation of {place.person} was undone", place, by, now, reason=reason)
    return place


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, reason: str, by: Person, now: datetime) -> Certificate:
    """A certificate is no longer valid; whoever checks its code is told so."""
    if not reason.strip():
        raise NotPossible("Give a reason: it is kept with the record.")
    if not Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=now, revoked_reason=reason):
        raise NotPossible(f"Certificate {certificate.code} is revoked already.")
    certificate.refresh_from_db()
    place = certificate.place
    _record("certificate_revoked", f"{certificate} was revoked", place, by, now, reason=reason, code=certificate.code)
    return certificate


@transaction.atomic
def reissue_certificate(*, place: Place, reason: str, by: Person, now: datetime) -> Certificate:
    """A new certificate with the person's name as it is now; the old one is no longer valid."""
    if not place.is_alumni:
        raise NotPossible(f"{place.person} has not graduated.")
    for certificate in place.certificates.filter(revoked_at=None):
        revoke_certificate(certificate=certificate, reason=reason, by=by, now=now)
    fresh = _issue(place, now)
    _record(
        "certificate_reissued", f"{fresh} was issued to {place.person}", place, by, now, reason=reason, code=fresh.code
    )
    return fresh


def _issue(place: Place, now: datetime) -> Certificate:
    certificate = Certificate.objects.create(place=place, name=place.person.name, issued_at=now)
    request_document("cohorts.certificate", subject=certificate, now=now)
    return certificate


def _record(what: str, sentence: str, place: Place, by, now: datetime, /, *, reason: str = "", **detail) -> None:
    record(
        f"cohorts.place.{what}", sentence, subject=place, person=place.person, cohort_id=place.cohort_id, by=by,
        now=now, reason=reason, **detail,
    )  # fmt: skip
