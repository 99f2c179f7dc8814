"""Every component in Chromium, under the real policy, in light and dark, from desk to small phone."""

from pathlib import Path

import pytest

from tests.browsers import assert_accessible

GALLERY = Path(__file__).parent / "gallery"
PAGES = ["/", "/nominate/", "/question/", "/one-question/", "/parts/", "/sent/", "/400/", "/403/", "/403_csrf/", "/404/", "/500/"]
WIDTHS = [1280, 390, 320]


@pytest.fixture
def gallery(settings):
    """The gallery in place of the project's pages."""
    settings.ROOT_URLCONF = "tests.components.gallery.urls"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], GALLERY / "templates"]}]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_accessible_and_quiet(gallery, browse, width, dark):
    page = browse(width=width, dark=dark)
    for address in PAGES:
        assert page.goto(address).status == 200
        for closed in page.locator("details").all():
            closed.locator("summary").click()
        assert_accessible(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_form_full_of_errors_is_accessible_on_a_phone(gallery, browse, dark):
    page = browse(width=320, dark=dark)
    page.goto("/question/")
    page.get_by_role("button", name="Continue").click()
    assert page.title() == "Error: About the nomination – Nominate – Leaders"
    assert_accessible(page)
