"""Promotional mail: only to those who agreed, and stopped with one click (RFC 8058). Service mail goes on."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from leaders.people import links
from leaders.people.audit import record
from leaders.people.joining import Joint
from leaders.people.models import Person

from .letters import absolute
from .models import Consent
from .registry import Button, Letter

PURPOSE = "unsubscribe"
withdrawals = Joint("emails (consent)", "What else ends when somebody stops promotional mail")


def consent_withdrawn(*, order: int, key: str = "", title: str = ""):
    """Bring what ends with a consent: function(address, now, by), in the transaction that withdraws it."""
    return withdrawals.part(order=order, key=key, title=title)


@transaction.atomic
def give_consent(*, address: str, how: str, now: datetime, by: Person | str | None) -> Consent:
    """Note that somebody agreed, and in what words. Agreeing twice changes nothing."""
    consent, is_new = Consent.objects.get_or_create(
        address__iexact=address, withdrawn_at=None, defaults={"address": address.lower(), "how": how, "given_at": now}
    )
    if is_new:
        _tell("given", "agreed to promotional mail", consent, by=by, now=now)
    return consent


@transaction.atomic
def withdraw_consent(*, address: str, now: datetime, by: Person | str | None) -> bool:
    """Send no more promotional mail to an address; whether any would have been sent."""
    consent = Consent.of(address)
    if consent is None or not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now):
        return False
    _tell("withdrawn", "stopped promotional mail", consent, by=by, now=now)
    for part in withdrawals:
        part.brings(consent.address, now, by)
    return True


def stoppable(letter: Letter, address: str, now: datetime) -> tuple[Letter, dict[str, str]]:
    """A promotional letter with its way out: a link in the text, and the headers for one click."""
    consent = Consent.of(address)
    if consent is None:
        return letter, {}  # the last look stops it
    link = links.live(purpose=PURPOSE, subject=consent, now=now) or links.issue(
        purpose=PURPOSE, subject=consent, now=now, email=address
    )
    url = absolute(reverse("unsubscribe", args=[link.token]))
    headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return replace(letter, why_link=Button("Stop these emails", url)), headers


def _tell(verb: str, words: str, consent: Consent, *, by: Person | str | None, now: datetime) -> None:
    owner = Person.objects.filter(email__iexact=consent.address).first()
    record(
        f"outbox.consent.{verb}", f"{owner or 'Somebody without an account'} {words}", subject=consent, person=owner,
        by=by, now=now, reason=consent.how,
    )  # fmt: skip
