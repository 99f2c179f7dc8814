"""What the sign-in pages say, and whom they keep out."""

import pytest
from django.test import Client
from django.urls import reverse

from leaders.outbox.models import Message

pytestmark = pytest.mark.django_db

ASK = "/accounts/sign-in/"


def ask(client, email, ip="192.0.2.1"):
    return client.post(ASK, {"email": email}, REMOTE_ADDR=ip, follow=True)


def test_asking_for_a_code_does_not_claim_that_one_was_sent(client, amara):
    page = ask(client, "nobody@example.org").text
    assert "If nobody@example.org is known to us, a code is on its way." in page
    assert "has been sent" not in page


def test_empty_boxes_and_a_wrong_code_are_answered_in_plain_words(client, amara):
    assert "Enter your email address" in ask(client, "").text
    ask(client, amara.email)
    assert "Enter the code from our email" in client.post(reverse("account_confirm_login_code"), {"code": ""}).text
    assert "That code is not right." in client.post(reverse("account_confirm_login_code"), {"code": "WRNG-CODE"}).text


def test_somebody_who_asks_too_often_hears_how_long_to_wait_and_keeps_nobody_else_out(amara):
    for _ in range(3):
        ask(Client(), amara.email, ip="192.0.2.66")
    assert "Wait a minute" in ask(Client(), amara.email, ip="192.0.2.66").text

    before = Message.objects.count()
    assert "a code is on its way" in ask(Client(), amara.email, ip="198.51.100.7").text
    assert Message.objects.count() == before + 1
