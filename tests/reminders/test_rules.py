"""The rules that the apps bring, all together: each one is complete, and its words can be edited in one place."""

from datetime import UTC, date, datetime

import pytest

from leaders.outbox.models import Wording
from leaders.outbox.registry import Category, emails
from leaders.reminders.registry import Item, rules

RULES = {part.key: part.brings for part in rules}


@pytest.mark.parametrize("key", RULES)
def test_a_rule_says_whom_what_when_and_what_stops_it(key):
    rule = RULES[key]
    assert all((rule.title, rule.steps, rule.stops))
    assert (rule.item is not None) != (rule.letter is not None)
    assert rule.expires >= 1


@pytest.mark.parametrize("key", [key for key, rule in RULES.items() if rule.letter])
def test_a_letter_of_its_own_is_one_of_the_emails_that_the_office_edits(key):
    assert RULES[key].email in emails


def test_what_the_law_calls_promotional_is_marked_so():
    """Service is a neutral fact about a place already held; the rest needs consent (PECR, regulation 22)."""
    assert [key for key, rule in RULES.items() if rule.is_promotional] == ["cohorts.pulse"]
    assert [part.key for part in emails if part.brings.category == Category.PROMOTIONAL] == ["cohorts.pulse"]


@pytest.mark.parametrize(
    ("due", "detail"),
    [
        (date(2027, 3, 8), "Please, by Monday 8 March 2027."),
        (datetime(2027, 3, 8, 17, tzinfo=UTC), "Please, by Monday 8 March 2027, 5pm."),
        (date(2027, 3, 7), "Two things to read"),
        (datetime(2027, 3, 8, 8, 59, tzinfo=UTC), "Two things to read"),
        (None, "Two things to read"),
    ],
)
def test_a_line_says_its_deadline_until_it_is_over(due, detail):
    item = Item("Prepare for module 4", "Two things to read", "/my/", due=due)
    wording = Wording(opening="Please, by {deadline}.")
    now = datetime(2027, 3, 8, 9, tzinfo=UTC)
    assert item.worded(wording, now=now, first_name="Amara", name="Amara Mensah").detail == detail
