"""Every component in Chromium, under the real policy, in light and dark, from desk to small phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from leaders.components.text import count_words
from tests.browsers import assert_accessible
from tests.journeys.hands import Finger

GALLERY = Path(__file__).parent / "gallery"
PAGES = [
    "/",
    "/nominate/",
    "/question/",
    "/one-question/",
    "/parts/",
    "/sent/",
    "/400/",
    "/403/",
    "/403_csrf/",
    "/404/",
    "/500/",
]
WIDTHS = [1280, 390, 320]

pytestmark = pytest.mark.journey


@pytest.fixture(autouse=True)
def _gallery(settings):
    """The gallery in place of the project's pages."""
    settings.ROOT_URLCONF = "tests.components.gallery.urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], GALLERY / "templates"]}]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_accessible_and_quiet(browse, width, dark):
    page = browse(width=width, dark=dark)
    for address in PAGES:
        answer = page.goto(address)
        assert (address, answer.status) == (address, 200)
        assert "default-src 'self'" in answer.header_value("content-security-policy").split("; ")
        for closed in page.locator("details").all():
            closed.locator("summary").click()
        assert_accessible(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_form_full_of_errors_is_accessible_on_a_phone(browse, dark):
    page = browse(width=320, dark=dark)
    page.goto("/question/")
    page.get_by_label("Not yet").check()
    Finger(page).press("Continue")
    assert page.title() == "Error: About the nomination – Nominate – Leaders"
    assert_accessible(page)


def test_the_error_summary_takes_the_focus_and_each_link_leads_to_its_control(browse):
    page = browse()
    page.goto("/question/")
    Finger(page).press("Continue")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    reached = []
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached == [
        *("id_name", "id_email", "id_years", "id_fee", "id_service", "id_started_0"),
        *("id_manager_0", "id_why", "id_secret", "id_agree"),
    ]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_choice_opens_what_belongs_to_it(browse, javascript):
    page = browse(javascript=javascript)
    page.goto("/question/")
    assert not page.get_by_label("What is missing").is_visible()
    page.get_by_label("Not yet").check()
    assert page.get_by_label("What is missing").is_visible()
    page.get_by_label("Yes").check()
    assert not page.get_by_label("What is missing").is_visible()


def test_without_javascript_every_word_comes_back_with_the_errors(browse):
    page = browse(width=390, javascript=False)
    page.goto("/question/")
    page.get_by_label("Your full name").fill("Łukasz “Luke” Hryń")
    page.get_by_label("Why this person").fill("one two\nthree 🎓")
    Finger(page).press("Continue")
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert page.get_by_label("Your full name").input_value() == "Łukasz “Luke” Hryń"
    assert page.get_by_label("Why this person").input_value() == "one two\nthree 🎓"


@pytest.mark.parametrize("text", ["one", "Łódź – well-being, isn’t it\n\n🎓 👩‍👩‍👧", "tabs\tand  spaces "])
def test_the_counter_of_the_browser_agrees_with_ours(browse, text):
    page = browse()
    page.goto("/question/")
    page.get_by_label("Why this person").fill(text)
    page.get_by_text(f"You have {30 - count_words(text)} words remaining").first.wait_for()


def test_the_menu_of_a_phone_opens_by_its_button_and_stands_open_without_javascript(browse):
    page = browse(width=390)
    page.goto("/")
    assert not page.get_by_role("link", name="Modules").is_visible()
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("link", name="Modules").is_visible()
    plain = browse(width=390, javascript=False)
    plain.goto("/")
    assert plain.get_by_role("link", name="Modules").is_visible()


def test_a_form_is_sent_once_however_often_it_is_clicked(browse):
    page = browse()
    page.goto("/question/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("""() => {
        const button = document.querySelector("main form .acts button");
        button.click();
        button.click();
        document.querySelector("main form").requestSubmit();
    }""")
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert len(sent) == 1


def test_the_first_tab_leads_past_the_navigation(browse):
    page = browse()
    page.goto("/nominate/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_page_prints_on_white_without_its_buttons(browse):
    page = browse(dark=True)
    page.goto("/sent/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')") == "#fff"
    assert not page.get_by_role("contentinfo").is_visible()
