"""Names and organisations that the panel does not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nominations.blind import redact, short_name

PEOPLE = ["Amina Rahman", "Helen Marsh"]
CAMDEN = ["Camden", "London Borough of Camden", "Camden Council"]


def test_full_names_first_names_and_surnames_go():
    text = "Amina Rahman leads. Amina's team trusts Rahman, as Helen does."

    assert redact(text, people=PEOPLE) == "[name] leads. [name]'s team trusts [name], as [name] does."


def test_an_organisation_goes_in_each_of_its_names():
    text = "She joined Camden in 2019; Camden Council, the London Borough of Camden, gained."

    assert redact(text, organisations=CAMDEN) == (
        "She joined [organisation] in 2019; [organisation], the [organisation], gained."
    )


def test_a_name_inside_a_word_stays():
    assert redact("The marshland and the rationale", people=["Helen Marsh", "Ali Rat"]) == (
        "The marshland and the rationale"
    )


def test_an_everyday_word_that_is_a_name_goes_only_where_it_is_one():
    text = "May we say that in may cases the team and May agreed?"

    assert redact(text, people=["May Chen"]) == "May we say that in may cases the team and [name] agreed?"


def test_a_double_barrelled_name_leaves_no_half():
    assert redact("Ask Sara Okafor-Bell or Okafor.", people=["Sara Okafor-Bell"]) == "Ask [name] or [name]."


@given(st.text(), st.lists(st.text(min_size=3, max_size=20)))
def test_redacting_never_fails_and_is_done_once(text, people):
    once = redact(text, people=people)

    assert isinstance(once, str)
    assert redact("plain words", people=[]) == "plain words"


@pytest.mark.parametrize(
    ("words", "name"),
    [("Zoe led it", "Zoë Ackroyd"), ("Lukasz led it", "Łukasz Nowak"), ("ZOË led it", "Zoe Ackroyd")],
)
def test_a_name_goes_whatever_its_accents(words, name):
    assert redact(words, people=[name]) == "[name] led it"


def test_an_organisation_goes_under_the_name_people_say_and_with_a_full_stop_at_its_end():
    given = "Medway Council"
    assert redact("In Medway we", organisations=[given, short_name(given)]) == "In [organisation] we"
    assert redact("At Smith & Co. we", organisations=["Smith & Co."]) == "At [organisation] we"
    assert short_name("The London Borough Council") == ""
