"""Promotional mail: only with consent, stopped with one click, and service mail untouched by it."""

import re

import pytest

from leaders.outbox.actions import post
from leaders.outbox.consent import give_consent, withdraw_consent
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Consent
from leaders.outbox.registry import Category, Letter, email, emails
from leaders.people.models import AuditEvent
from tests.outbox.factories import NOW, write_message

pytestmark = pytest.mark.django_db
ADDRESS = "amara.mensah@example.org"


@pytest.fixture
def invite(monkeypatch):
    """Write an invitation to an alumni evening, which is promotional."""
    monkeypatch.setattr(emails, "_parts", dict(emails._parts))

    @email("test.evening", title="An evening", sample=dict, category=Category.PROMOTIONAL)
    def evening():
        return Letter(subject="An evening on 4 May", opening=("You are welcome.",), signed_by="Rosalind Tate")

    return lambda key="1": post("test.evening", to=("Amara", ADDRESS), now=NOW, dedupe_key=f"evening:{key}")


@pytest.fixture
def agreed():
    return give_consent(address=ADDRESS, how="Ticked “Tell me about alumni events”", now=NOW, by="Amara Mensah")


def link_in(message):
    return re.search(r"/unsubscribe/\w+/", message.text).group()


def test_without_consent_nothing_promotional_goes_out(invite, mailoutbox):
    message = invite()
    send_due(NOW)
    message.refresh_from_db()
    assert (message.state, message.reason) == ("skipped", "They have not agreed to promotional mail")
    assert mailoutbox == []


def test_with_consent_it_goes_out_with_one_click_to_stop(invite, agreed, smtp_sink):
    message = invite()
    send_due(NOW)
    (mail,) = smtp_sink.messages
    assert mail["List-Unsubscribe"].strip() == f"<http://localhost:8000{link_in(message)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_service_mail_has_no_way_out(smtp_sink):
    write_message()
    send_due(NOW)
    assert smtp_sink.messages[0]["List-Unsubscribe"] is None


def test_opening_the_link_changes_nothing(invite, agreed, client):
    page = client.get(link_in(invite()))
    assert page.status_code == 200
    assert Consent.of(ADDRESS) == agreed


def test_the_providers_one_click_stops_it_without_cookies(invite, agreed, client):
    client.handler.enforce_csrf_checks = True
    second = invite("2")
    answer = client.post(link_in(invite()), {"List-Unsubscribe": "One-Click"})
    assert "Stopped" in answer.content.decode()
    assert Consent.of(ADDRESS) is None
    send_due(NOW)
    second.refresh_from_db()
    assert second.state == "skipped"
    assert AuditEvent.objects.latest("pk").action == "outbox.consent.withdrawn"


def test_who_opens_the_page_after_stopping_reads_that_it_is_done_and_how_to_get_them_again(invite, agreed, client):
    url = link_in(invite())
    client.post(url)
    page = client.get(url).content.decode()
    assert "These emails are stopped already" in page
    assert "<form" not in page[page.index("<h1") :]
    assert "choose to stay in touch" in page


def test_stopping_promotional_mail_stops_no_service_mail(agreed, mailoutbox):
    withdraw_consent(address=ADDRESS, now=NOW, by="Amara Mensah")
    write_message(address=ADDRESS)
    assert send_due(NOW) == 1


def test_agreeing_twice_is_agreeing_once(agreed):
    give_consent(address=ADDRESS.upper(), how="Again", now=NOW, by=None)
    assert Consent.objects.count() == 1


def test_a_link_cut_short_says_whom_to_ask(client):
    page = client.get("/unsubscribe/abc/")
    assert page.status_code == 404
    assert "reaches a person" in page.content.decode()
