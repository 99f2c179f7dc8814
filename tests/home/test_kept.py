"""What was sent from a page that had waited too long comes back to whoever sent it, and to nobody else."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from leaders.home.kept import MOST_FIELDS, MOST_LETTERS
from leaders.people.models import PrivacyRequest
from tests.browsers import assert_accessible, sign_in
from tests.journeys.hands import Finger

pytestmark = pytest.mark.django_db

WORDS = "My name is spelt with an accent.\nPlease put it right, also on the certificate."


@pytest.fixture
def asking():
    return reverse("my_privacy_request", args=[PrivacyRequest.Kind.CORRECTION])


@pytest.fixture
def strict():
    """A browser whose tokens are looked at."""
    return Client(enforce_csrf_checks=True)


def test_a_form_sent_after_the_session_ended_comes_back_with_every_word(client, asking):
    page = client.post(asking, {"words": WORDS})

    assert page.status_code == 403
    assert page.context["kept"].written == [("Words", WORDS)]
    assert "no-store" in page["Cache-Control"]
    assert not PrivacyRequest.objects.exists()
    assert not Session.objects.exists(), "the words are kept on the page, not with us"


def test_a_form_of_the_office_comes_back_as_well(client):
    url = reverse("admin:outbox_message_kind_words", args=["reminders.digest"])

    page = client.post(url, {"opening": WORDS})

    assert page.status_code == 403
    assert page.context["kept"].written == [("Opening", WORDS)]
    assert (page.context["kept"].path, page.context["sign_in_url"]) == (url, reverse("admin:index"))
    assert "no-store" in page["Cache-Control"]


def test_what_comes_back_is_called_as_its_writer_knows_it(client):
    page = client.post(reverse("my_narrative"), {"self_text": WORDS})
    assert page.context["kept"].written == [("Self", WORDS)]


def test_a_form_with_more_than_any_of_ours_asks_for_does_not_come_back(client, asking):
    for sent in ({"words": "a b c d e f " * MOST_LETTERS}, {f"f{n}": "a b" for n in range(MOST_FIELDS + 1)}):
        assert client.post(asking, sent).context["kept"] is None


def test_a_stale_token_from_our_own_page_gets_the_words_and_a_fresh_one(strict, amara, amara_place, asking):
    sign_in(strict, amara)

    page = strict.post(
        asking, {"words": WORDS, "csrfmiddlewaretoken": "x" * 32}, headers={"Origin": "http://testserver"}
    )

    assert (page.status_code, page.context["kept"].written) == (403, [("Words", WORDS)])
    assert "x" * 32 not in page.content.decode()
    again = {"words": WORDS, "csrfmiddlewaretoken": page.context["csrf_token"]}
    assert strict.post(asking, again).status_code == 302
    assert PrivacyRequest.objects.get().words == WORDS


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_what_another_site_posts_gets_no_token_of_ours(strict, amara, asking, origin):
    sign_in(strict, amara)

    page = strict.post(asking, {"words": WORDS}, headers={"Origin": origin} if origin else {})

    assert (page.status_code, page.context["kept"]) == (403, None)
    assert "csrfmiddlewaretoken" not in page.content.decode().partition("<main")[2]


def test_a_sign_in_code_is_never_shown_again(strict):
    url = reverse("account_confirm_login_code")
    page = strict.post(url, {"code": "A B C D E F G"}, headers={"Origin": "http://testserver"})
    assert (page.status_code, page.context["kept"]) == (403, None)


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_whoever_was_signed_out_in_mid_form_signs_in_in_another_tab_and_sends_it_again(
    browse, amara, amara_place, asking
):
    page = browse(amara, width=390)
    page.goto(asking)
    hand = Finger(page)
    hand.write("Tell us in your own words", WORDS)
    Session.objects.all().delete()
    hand.press("Send")
    assert page.get_by_label("Words").input_value() == WORDS
    assert_accessible(page)

    cookie = sign_in(Client(), amara).cookies["session"]
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": page.url}])
    page.context.clear_cookies(name="csrf")  # signing in makes it anew
    hand.press("Send it again")
    assert_accessible(page)
    hand.press("Send it again")
    assert PrivacyRequest.objects.get().words.split() == WORDS.split()
