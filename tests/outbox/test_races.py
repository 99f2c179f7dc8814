"""The same thing said by many at once, each on a connection of its own: it is noted once, and nobody fails."""

import pytest

from leaders.outbox.actions import suppress
from leaders.outbox.consent import give_consent, withdraw_consent
from leaders.outbox.models import Consent, Suppression
from leaders.people.models import AuditEvent
from tests.at_once import at_once
from tests.outbox.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]
SPELLINGS = ["amara.mensah@example.org", "Amara.Mensah@example.org"] * 8


def noted():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_an_address_refused_by_many_workers_at_once_is_stopped_once():
    done = at_once(lambda address: suppress(address, reason="It bounced", by=None, now=NOW), SPELLINGS)
    assert (done, Suppression.objects.count(), noted()) == ((16, 0), 1, ["outbox.address.suppressed"])


def test_a_consent_given_in_many_tabs_at_once_is_given_once():
    done = at_once(lambda address: give_consent(address=address, how="Ticked", now=NOW, by=None), SPELLINGS)
    assert (done, Consent.objects.count(), noted()) == ((16, 0), 1, ["outbox.consent.given"])


def test_a_consent_withdrawn_in_many_tabs_at_once_is_withdrawn_once():
    give_consent(address=SPELLINGS[0], how="Ticked", now=NOW, by=None)
    done = at_once(lambda address: withdraw_consent(address=address, now=NOW, by=None), SPELLINGS)
    assert (done, noted()) == ((16, 0), ["outbox.consent.given", "outbox.consent.withdrawn"])
