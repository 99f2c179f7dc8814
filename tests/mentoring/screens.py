"""Looking at a page as people have it: wide and narrow, by day and by night."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.browsers import assert_accessible

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
# `SCREENS=/tmp/screens python3 dev test tests/journeys/test_mentoring.py` keeps a picture of each, to be looked at.
FOLDER = os.environ.get("SCREENS")


def look(page: Page, name: str) -> None:
    """Accessible at both widths in both schemes, without sideways scroll; then as it was before."""
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.getAnimations().forEach((each) => each.finish())")
            assert_accessible(page)
            if FOLDER:
                page.screenshot(path=Path(FOLDER, f"{name}-{width}-{scheme}.png"), full_page=True)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")
