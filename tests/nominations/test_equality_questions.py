"""The equality monitoring questions that the project ships."""

import csv
from pathlib import Path

DATA = Path(__file__).parents[2] / "nominations" / "data" / "equality_questions.csv"
QUESTIONS = {row["key"]: row for row in csv.DictReader(DATA.read_text(encoding="utf-8").splitlines())}


def options(key):
    return QUESTIONS[key]["options_in_order"].split("|")


def test_every_question_can_be_left_unsaid_as_its_last_option():
    assert {options(key)[-1] for key in QUESTIONS} == {"Prefer not to say"}


def test_ethnic_group_has_the_nineteen_harmonised_options_in_order():
    ethnic = options("ethnic_group")
    assert (len(ethnic), ethnic[0], ethnic[18]) == (
        20,
        "White: English, Welsh, Scottish, Northern Irish or British",
        "Any other ethnic group",
    )


def test_only_gender_identity_is_off_until_the_office_turns_it_on():
    assert [key for key, row in QUESTIONS.items() if row["on_by_default"] == "0"] == ["gender_identity"]


def test_a_follow_up_and_a_write_in_point_at_an_option_that_exists():
    for key, row in QUESTIONS.items():
        if row["asked_if"]:
            asked, answer = row["asked_if"].split("=")
            assert answer in options(asked)
        if row["write_in"]:
            assert row["write_in"] in options(key)
