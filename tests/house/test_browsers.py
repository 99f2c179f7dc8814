import pytest

from tests.browsers import assert_accessible

pytestmark = pytest.mark.journey


def test_a_page_with_inline_script_fails_its_journey(browse, desktop):
    desktop.goto("/accounts/sign-in/")
    desktop.set_content("<script>document.title = 'inline'</script>")

    heard = browse.complaints.copy()
    browse.complaints.clear()

    assert "violates the following Content Security Policy directive" in heard[0]


def test_a_page_that_asks_another_machine_fails_its_journey(browse, desktop):
    desktop.set_content('<img src="http://elsewhere.example.org/pixel.png" alt="">')

    heard = browse.complaints.copy()
    browse.complaints.clear()

    assert "net::ERR_NAME_NOT_RESOLVED" in heard[0]


def test_a_page_without_a_language_is_not_accessible(phone):
    phone.set_content("<title>Untold</title><main><h1>Untold</h1></main>")

    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_accessible(phone)


def test_a_page_wider_than_a_phone_is_not_accessible(phone):
    phone.set_content(
        '<html lang="en"><meta name="viewport" content="width=device-width"><title>Wide</title>'
        '<main><h1>Wide</h1><div style="width: 500px">500</div></main>'
    )

    with pytest.raises(AssertionError, match="pixels sideways"):
        assert_accessible(phone)
