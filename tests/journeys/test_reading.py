"""Reading before a module, ticked off by mouse and by finger."""

import pytest
from playwright.sync_api import expect

from modules.models import Reading
from tests.cohorts.factories import NOW
from tests.journeys.hands import Finger
from tests.modules.factories import ReadingTaskFactory, SessionFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_what_was_read_is_ticked_by_mouse_and_by_finger_and_the_title_still_opens_it(
    browse, amara, amara_place, cohort, time_machine, width
):
    time_machine.move_to(NOW)
    paper = ReadingTaskFactory(module=SessionFactory(module__cohort=cohort, module__number=4).module, title="On rivers")
    page = browse(amara, width=width)
    page.goto("/my/modules/4/")
    hand = Finger(page)

    hand.press("I have read it On rivers")
    assert Reading.objects.get().material == paper
    hand.press("Take the tick back On rivers")
    assert not Reading.objects.exists()

    # The whole row beside the button still leads where the title leads.
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="On rivers"))
    expect(row.get_by_role("link")).to_have_attribute("href", paper.url)
    x, y = row.bounding_box()["x"] + 4, row.bounding_box()["y"] + 4
    leads_to = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('a')?.textContent", [x, y])
    assert leads_to == "On rivers"
