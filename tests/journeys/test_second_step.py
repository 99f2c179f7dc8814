"""The programme director's second step: a passkey, an app on the phone, and the codes for when both are lost."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.browsers import assert_accessible
from tests.journeys.hands import Finger

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OFFICE = "/office/"
FINGERPRINT_READER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def sign_in_by_code(letters):
    def sign_in(page, address="rosalind.tate@example.org"):
        hand = Finger(page)
        page.goto(OFFICE)
        hand.write("Email", address)
        hand.press("Email me a code")
        hand.write("Code", letters.code_to(address))
        hand.press("Sign in")
        return hand

    return sign_in


def give_fingerprint_reader(page):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT_READER})


def code_of(secret):
    return format_hotp_value(hotp_value(secret, [*yield_hotp_counters_from_time()][1]))


def test_the_director_adds_a_passkey_and_comes_back_with_it(browse, rosalind, sign_in_by_code):
    page = browse()
    give_fingerprint_reader(page)
    hand = sign_in_by_code(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Your second step"
    assert_accessible(page)
    hand.press("Add a passkey")
    assert_accessible(page)
    hand.write("Name", "Work laptop")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    assert_accessible(page)
    hand.press("Use your passkey")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".codes li").count() == 10
    assert_accessible(page)
    page.goto("/accounts/second-factor/")
    assert page.get_by_text("You have 1 passkey.").is_visible()
    assert_accessible(page)
    hand.follow("See your passkeys")
    assert page.get_by_text("Work laptop").first.is_visible()
    assert_accessible(page)
    page.goto(OFFICE)
    assert page.url.endswith(OFFICE)

    page.get_by_role("button", name="Sign out").click()
    hand = sign_in_by_code(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Your second step"
    assert_accessible(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(f"**{OFFICE}")


def test_a_device_that_refuses_leaves_a_way_on(browse, rosalind, sign_in_by_code):
    page = browse()
    sign_in_by_code(page).press("Add a passkey")
    page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    trouble = page.get_by_role("alert")
    assert trouble.count() == 0
    page.get_by_role("button", name="Continue").click()
    trouble.wait_for()
    assert "Try again" in trouble.inner_text()
    assert_accessible(page)
    assert not Authenticator.objects.exists()


def test_the_director_sets_up_an_app_by_its_square(browse, rosalind, sign_in_by_code):
    page = browse(width=390)
    hand = sign_in_by_code(page)
    hand.press("Set up an app")
    square = page.get_by_role("img", name="Square code").locator("svg path")
    assert square.bounding_box()["width"] > 100
    assert_accessible(page)
    hand.write("Authenticator code", "000000")
    hand.press("Set up")
    assert page.get_by_text("That code is not right.").first.is_visible()
    assert_accessible(page)
    page.get_by_text("You cannot scan it?").click()
    secret = page.locator("details code").inner_text()
    hand.write("Authenticator code", code_of(secret))
    hand.press("Set up")
    assert page.get_by_role("heading", level=1).inner_text() == "Confirm that it is you"
    hand.write("Code", code_of(secret))
    hand.press("Confirm")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    page.context.clear_cookies()
    hand = sign_in_by_code(page)
    hand.write("Code", codes[0])
    hand.press("Use the code")
    assert page.url.endswith(OFFICE)
