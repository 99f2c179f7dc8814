"""The record of a nomination or application: what it says, and what it keeps from whom."""

import pytest
from django.template.loader import render_to_string

from nominations.actions import send_nomination
from nominations.documents import record
from tests.nominations.factories import OPEN, application, complete, fill

pytestmark = pytest.mark.django_db


def words(nomination):
    source = record(nomination)
    return " ".join(render_to_string(source.template, {"title": source.title, **source.context}).split())


def test_an_applicants_copy_holds_everything_that_they_wrote_but_their_access_needs(open_programme):
    nomination = fill(
        application(open_programme), nominee_name="Yusuf Demir", dates="clash", date_clash="Module 2: his wedding",
        access_needs="A hearing loop",
    )  # fmt: skip
    said = words(send_nomination(nomination=nomination, attested_by="Yusuf Demir", by=None, now=OPEN, proved=True))

    assert "I want to learn how London&#x27;s services can act as one." in said
    assert "Experience of temporary accommodation." in said
    assert "No, I may miss a day: Module 2: his wedding" in said
    assert "Grace Lin, grace.lin@example.org" in said
    assert "A hearing loop" not in said


def test_a_nominators_copy_keeps_the_nominees_own_words_from_them_and_says_a_post_once(this_round):
    said = words(complete(this_round))

    assert "London&#x27;s services can act as one" not in said
    assert said.count("Assistant Director") == said.count("<td>Assistant Director</td>") + said.count(
        ", Assistant Director,"
    )
