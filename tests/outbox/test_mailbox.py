"""The demo's mailbox: the very message, under the strict CSP, and only in the demo."""

import re

import pytest

from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from tests.outbox.factories import NOW, write_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(settings):
    settings.DEMO = True
    write_message(files=[("programme.pdf", "application/pdf", b"%PDF-1.7")])
    send_due(NOW)
    return Message.objects.get()


def test_the_mailbox_shows_what_was_sent(client, sent):
    page = client.get("/demo/mailbox/").content.decode()
    assert "Module 4 is on Thursday 18 March" in page
    assert "Thu 4 Mar, 9am" in page


def test_the_mailbox_can_be_asked_for_one_address(client, sent):
    assert "Module 4 is" in client.get("/demo/mailbox/?to=AMARA.mensah@example.org").content.decode()
    assert "Module 4 is" not in client.get("/demo/mailbox/?to=other@example.org").content.decode()


def test_a_message_shows_its_text_with_working_links_and_its_files(client, sent):
    page = client.get(f"/demo/mailbox/{sent.pk}/").content.decode()
    assert 'href="http://localhost:8000/my/modules/4/"' in page
    file = sent.attachments.get()
    assert client.get(f"/demo/mailbox/files/{file.pk}/").content == b"%PDF-1.7"


def test_the_letter_keeps_its_looks_without_inline_styles(client, sent):
    page = client.get(f"/demo/mailbox/{sent.pk}/letter/").content.decode()
    css = client.get(f"/demo/mailbox/{sent.pk}/letter.css").content.decode()
    assert "style=" not in page
    assert "<style" not in page
    classes = {name for names in re.findall(r'class="([\w -]+)"', page) for name in names.split()}
    assert {"paper", "go", "ground"} <= classes
    assert classes <= set(re.findall(r"^\s*\.([\w-]+)\s*\{", css, re.MULTILINE))
    assert "prefers-color-scheme: dark" in css


@pytest.mark.parametrize("page", ["", "{pk}/", "{pk}/letter/", "{pk}/letter.css", "files/1/"])
def test_outside_the_demo_there_is_no_mailbox(client, sent, settings, page):
    settings.DEMO = False
    assert client.get("/demo/mailbox/" + page.format(pk=sent.pk)).status_code == 404


def test_a_message_that_has_not_gone_out_is_not_in_the_mailbox(client, settings):
    settings.DEMO = True
    message = write_message()
    assert client.get(f"/demo/mailbox/{message.pk}/").status_code == 404
