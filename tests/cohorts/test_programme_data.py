"""The two programmes as the project ships them."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from cohorts.models import Cohort, Programme
from leaders.people.models import Organisation

DATA = Path(__file__).parents[2] / "cohorts" / "data" / "programmes.json"
PROGRAMMES = {programme["short_name"]: programme for programme in json.loads(DATA.read_text())}
both = pytest.mark.parametrize("programme", PROGRAMMES.values(), ids=PROGRAMMES)


def test_each_authority_nominates_one_person_and_only_the_second_programme_takes_applications():
    facts = {
        key: (p["nominations_per_organisation"], p["takes_applications"], p["eligible_roles"], p["applying_kinds"])
        for key, p in PROGRAMMES.items()
    }
    assert facts == {
        "LLP": (1, False, ["Assistant Director"], []),
        "LFL": (
            None,
            True,
            ["Deputy Director", "Assistant Director", "Head of Service"],
            ["outside_london", "independent"],
        ),
    }


def test_a_programme_is_named_in_a_sentence_as_people_would():
    names = ("London Leadership Programme", "Leaders for London", "Future Directors", "The Staff College Course")
    assert [Programme(name=name).in_words for name in names] == [
        "the London Leadership Programme", "Leaders for London", "Future Directors", "The Staff College Course",
    ]  # fmt: skip


@both
def test_a_programme_has_six_modules_in_order_of_weeks(programme):
    assert [m["title"] for m in programme["outline"]] == [
        "Leading in the System",
        "Working in a Political Environment",
        "Addressing Inequality",
        "Leading in Communities",
        "Future of London",
        "Self in the System",
    ]
    assert all(earlier["week"] < later["week"] for earlier, later in pairwise(programme["outline"]))
    assert len({m["description"] for m in programme["outline"]}) == 6


@both
def test_its_dates_follow_one_another_and_the_last_module_comes_before_graduation(programme):
    assert list(programme["date_plan"]) == list(Cohort.DATES)
    days = list(programme["date_plan"].values())
    assert days == sorted(days)
    assert programme["date_plan"]["starts_on"] == 0
    assert programme["outline"][-1]["week"] * 7 < programme["date_plan"]["graduation_on"]
    assert programme["date_plan"]["ends_on"] == programme["weeks"] * 7


@both
def test_every_score_of_every_criterion_has_its_meaning(programme):
    for criterion in programme["criteria"]:
        assert len(set(criterion["anchors"])) == criterion["max_score"] + 1 == 5
        assert criterion["guidance"]


@both
def test_it_names_only_kinds_of_organisation_that_exist(programme):
    named = {*programme["nominating_kinds"], *programme["eligible_kinds"], *programme["applying_kinds"]}
    assert named <= set(Organisation.Kind.values)


@both
def test_attendance_is_asked_for_with_both_end_modules(programme):
    attendance = next(r for r in programme["requirements"] if r["key"] == "attendance")
    assert attendance["settings"] == {"percent": 80, "first_and_last": True}
