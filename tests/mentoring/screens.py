"""Looking at a page as people have it: wide and narrow, by day and by night."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.browsers import assert_accessible

# Where `SCREENS` names a folder, every page is checked in all four appearances and a picture of each is kept there;
# otherwise in two that between them have both widths and both schemes.
CHECKED = {(1280, "light"), (390, "dark")}
FOLDER = os.environ.get("SCREENS")


def look(page: Page, name: str) -> None:
    """Accessible wide by day and narrow by night, without sideways scroll; then as it was before."""
    before = page.viewport_size
    for width, height in ((1280, 900), (390, 844)):
        for scheme in ("light", "dark"):
            if not FOLDER and (width, scheme) not in CHECKED:
                continue
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            page.evaluate("document.getAnimations().forEach((each) => each.finish())")
            assert_accessible(page)
            if FOLDER:
                page.screenshot(path=Path(FOLDER, f"{name}-{width}-{scheme}.png"), full_page=True)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme="light")
