"""The facts about London's authorities and their partners that the project ships."""

import csv
import re
from collections import Counter
from pathlib import Path

from leaders.people.models import Organisation

DATA = Path(__file__).parents[2] / "leaders" / "people" / "data"
AUTHORITIES = list(csv.DictReader((DATA / "authorities.csv").read_text(encoding="utf-8").splitlines()))
ORGANISATIONS = list(csv.DictReader((DATA / "organisations.csv").read_text(encoding="utf-8").splitlines()))


def test_there_are_33_authorities_each_with_its_own_codes():
    for column in ("gss_code", "name", "council_name", "slug", "short_code", "tile", "website_domain"):
        assert len({row[column] for row in AUTHORITIES}) == 33, column
    assert {row["gss_code"] for row in AUTHORITIES} == {f"E090000{n:02}" for n in range(1, 34)}
    assert [row["name"] for row in AUTHORITIES if not re.fullmatch(r"[A-Z]{3}", row["short_code"])] == []


def test_inner_and_outer_london_and_the_sub_regions_are_complete():
    assert Counter(row["inner_outer"] for row in AUTHORITIES) == {"Inner": 14, "Outer": 19}
    assert Counter(row["subregion"] for row in AUTHORITIES) == {
        "Central": 7,
        "East": 10,
        "North": 3,
        "South": 6,
        "West": 7,
    }


def test_no_two_authorities_share_a_tile_of_the_eight_by_seven_map():
    tiles = [(int(row["col"]), int(row["row"])) for row in AUTHORITIES]
    assert len(set(tiles)) == 33
    assert {col for col, _ in tiles} == set(range(8))
    assert {row for _, row in tiles} == set(range(7))


def test_every_authority_lies_in_london():
    assert [
        row["name"]
        for row in AUTHORITIES
        if not (51.28 < float(row["lat"]) < 51.7 and -0.52 < float(row["lon"]) < 0.34)
    ] == []


def test_every_email_domain_is_a_bare_domain_and_the_websites_is_among_them():
    for row in AUTHORITIES:
        domains = row["email_domains"].split("|")
        assert row["website_domain"] in domains
        assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain) for domain in domains)


def test_every_other_kind_of_organisation_is_represented():
    assert {row["kind"] for row in ORGANISATIONS} == {
        "regional",
        "health",
        "police",
        "youth",
        "probation",
        "voluntary",
        "outside_london",
        "independent",
    }
    assert [row["name"] for row in ORGANISATIONS if row["kind"] == "regional"] == [
        "Greater London Authority",
        "London Councils",
    ]


def test_names_and_slugs_are_unique_over_both_files():
    for column in ("name", "slug"):
        values = [row[column] for row in AUTHORITIES + ORGANISATIONS]
        assert [value for value, n in Counter(values).items() if n > 1] == []


def test_the_notices_that_the_licences_ask_for_are_kept():
    notice = (DATA / "LICENCES.md").read_text()
    assert "Copyright © 2019 After the Flood Ltd" in notice
    assert "Open Government Licence v3.0" in notice
    assert "Contains OS data © Crown" in notice


def test_an_organisation_is_named_in_a_sentence_as_people_would():
    names = ("Camden", "Greater London Authority", "City of London", "Metropolitan Police", "London Councils")
    assert [Organisation(name=name).in_words for name in names] == [
        "Camden", "the Greater London Authority", "the City of London", "the Metropolitan Police", "London Councils",
    ]  # fmt: skip
