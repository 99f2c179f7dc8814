from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from leaders.components.fields import ClockField, DatePartsField, MaxWords, WordsField


def problem(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    error = caught.value.error_list[0]
    return error.messages[0], (error.params or {}).get("boxes")


@pytest.mark.parametrize("month", ["3", "03", "march", "March", "MAR", "mar."])
def test_a_month_may_be_a_number_or_a_name(month):
    assert DatePartsField(label="The date").clean([" 27 ", month, "2027"]) == date(2027, 3, 27)


@pytest.mark.parametrize(
    ("parts", "message", "boxes"),
    [
        (["", "3", "2027"], "Your start date must include a day", (0,)),
        (["27", "", ""], "Your start date must include a month and year", (1, 2)),
        (["31", "2", "2027"], "Your start date must be a real date, like 27 3 2027", (0, 1, 2)),
        (["32", "3", "2027"], "Your start date must be a real date, like 27 3 2027", (0,)),
        (["27", "Mayor", "2027"], "Your start date must be a real date, like 27 3 2027", (1,)),
        (["27", "ma", "2027"], "Your start date must be a real date, like 27 3 2027", (1,)),
        (["٣", "3", "2027"], "Your start date must be a real date, like 27 3 2027", (0,)),
        (["27", "3", "27"], "Your start date must have a year of 4 figures, like 2027", (2,)),
        (["27", "3", "0027"], "Your start date must have a year of 4 figures, like 2027", (2,)),
        (["1", "1", "2020"], "Your start date must be on or after Wednesday 1 January 2025", (0, 1, 2)),
        (["1", "1", "2040"], "Your start date must be on or before Friday 1 January 2038", (0, 1, 2)),
    ],
)
def test_a_wrong_date_says_what_to_mend_and_where(parts, message, boxes):
    field = DatePartsField(label="Your start date", earliest=date(2025, 1, 1), latest=date(2038, 1, 1))
    assert problem(field, parts) == (message, boxes)


def test_an_empty_date_is_an_answer_only_where_it_is_optional():
    assert DatePartsField(required=False).clean(["", " ", ""]) is None
    assert problem(DatePartsField(), None) == ("This field is required.", None)


def test_a_label_with_a_per_cent_sign_is_said_as_it_is():
    assert problem(DatePartsField(label="100% date"), ["1", "", "2027"])[0] == "100% date must include a month"


@given(st.dates(date(1000, 1, 1)))
def test_every_date_comes_back_from_its_own_boxes(day):
    field = DatePartsField()
    parts = [str(part) for part in field.widget.decompress(day)]
    assert field.clean(parts) == day
    assert not field.has_changed(day, parts)


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_nothing_typed_into_a_date_breaks_it(parts):
    try:
        result = DatePartsField(required=False).clean(parts)
    except ValidationError:
        return
    assert result is None or isinstance(result, date)


def test_a_text_of_too_many_words_says_how_many():
    field = WordsField(max_words=3)
    assert field.clean("Łódź – 🎓") == "Łódź – 🎓"
    assert problem(field, "one two three four")[0] == "Use 3 words or fewer; there are 4"


def test_rules_about_words_are_equal_when_their_limits_are():
    assert MaxWords(3) == MaxWords(3) != MaxWords(4)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("14:30", time(14, 30)), ("14.30", time(14, 30)), ("2pm", time(14)), ("2:30pm", time(14, 30)),
        ("2.30 p.m.", time(14, 30)), ("9am", time(9)), ("12am", time(0)), ("12pm", time(12)), ("Midday", time(12)),
    ],
)  # fmt: skip
def test_a_time_may_be_typed_as_it_is_printed(typed, clock):
    assert ClockField(label="From").clean(typed) == clock


@pytest.mark.parametrize("typed", ["2", "14pm", "25:00", "14:60", "half past two", "14m"])
def test_what_is_no_time_of_day_is_refused(typed):
    with pytest.raises(ValidationError):
        ClockField(label="From").clean(typed)


def test_a_date_in_the_past_is_explained_by_one_that_would_be_taken():
    field = DatePartsField(label="When did you meet?")
    field.until(date(2026, 11, 3))
    assert field.help_text == "For example, 3 11 2026"
    assert field.clean(["3", "11", "2026"]) == date(2026, 11, 3)
