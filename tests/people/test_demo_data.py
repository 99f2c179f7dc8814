"""The invented people and texts of the demonstration: enough of each, and fit to be shown."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from string import Formatter

from modules.models.challenges import RIVERS

ROOT = Path(__file__).parents[2]
DATA = ROOT / "leaders" / "people" / "data"
TEXTS = json.loads((DATA / "demo_texts.json").read_text())
NAMES = list(csv.DictReader((DATA / "demo_names.csv").read_text(encoding="utf-8").splitlines()))
ROLES = list(csv.DictReader((DATA / "demo_roles.csv").read_text(encoding="utf-8").splitlines()))
QUESTIONNAIRE = (ROOT / "modules" / "data" / "questionnaire.csv").read_text(encoding="utf-8")
DIMENSIONS = {row["dimension_key"] for row in csv.DictReader(QUESTIONNAIRE.splitlines())}


def every_text(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from every_text(part)


def test_there_are_names_for_three_cohorts_and_none_twice():
    assert len(NAMES) >= 220
    assert [name for name, n in Counter(row["name"] for row in NAMES).items() if n > 1] == []
    assert {row["pronouns"] for row in NAMES} == {"she/her", "he/him", "they/them"}


def test_every_kind_of_organisation_that_sends_people_has_roles():
    assert {row["kind"] for row in ROLES} >= {"authority", "regional", "health", "police", "youth", "probation"}
    assert {row["level"] for row in ROLES} == {"Assistant Director", "Deputy Director", "Head of Service"}
    assert [row["role_title"] for row in ROLES if not row["service"]] == []


def test_a_nominators_words_run_to_between_120_and_200_and_fill_in_the_first_name_only():
    assert len(TEXTS["nominations"]) == 20
    services = {row["service"] for row in ROLES}
    for nomination in TEXTS["nominations"]:
        assert list(nomination["why"]) == ["service", "performance", "ambition", "learning"]
        whole = " ".join(nomination["why"].values())
        assert 120 <= len(whole.split()) <= 200
        assert {field for _, field, _, _ in Formatter().parse(whole) if field is not None} == {"first_name"}
        assert nomination["service"] in services


def test_there_is_enough_of_each_text():
    counts = {key: len(value) for key, value in TEXTS.items()}
    assert counts == {
        "nominations": 20,
        "statements": 20,
        "narratives": 12,
        "challenges": 6,
        "goals": 21,
        "speakers": 20,
        "modules": 6,
        "feedback": 30,
        "quotes": 12,
        "mentor_offers": 30,
        "lfl_nominations": 6,
        "applications": 3,
    }


def test_each_dimension_of_the_questionnaire_has_three_goals():
    assert Counter(goal["dimension"] for goal in TEXTS["goals"]) == dict.fromkeys(DIMENSIONS, 3)


def test_each_team_is_named_after_a_river_and_has_tried_something():
    assert {challenge["team"] for challenge in TEXTS["challenges"]} <= set(RIVERS)
    assert {len(challenge["experiments"]) for challenge in TEXTS["challenges"]} == {3}
    assert all(challenge["question"].endswith("?") for challenge in TEXTS["challenges"])


def test_each_module_day_has_three_or_four_sessions_with_speakers_who_are_introduced():
    assert [module["number"] for module in TEXTS["modules"]] == [1, 2, 3, 4, 5, 6]
    days = [day for module in TEXTS["modules"] for day in module["days"]]
    assert len(days) == 12
    assert {len(day["sessions"]) for day in days} == {3, 4}
    invited = {session["speaker"] for day in days for session in day["sessions"]} - {None}
    assert invited == set(TEXTS["speakers"])


def test_the_texts_keep_to_the_house_style():
    texts = list(every_text(TEXTS))
    assert [text for text in texts if re.search(r"!|\w'\w|\"|--|  | $|^ ", text)] == []
    american = r"\b(organiz|realiz|behavior|color|neighbor|program\b)"
    assert [text for text in texts if re.search(american, text, re.IGNORECASE)] == []
    assert [text for text, n in Counter(text for text in texts if len(text) > 60).items() if n > 1] == []
