import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaders.components.text import clean_pasted, count_words, initials, lower_first, with_article


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("“Łukasz’s” team – it grew…", "“Łukasz’s” team – it grew…"),
        ("\x93quoted\x94 \x96 it\x92s", "“quoted” – it’s"),
        ("a\u00a0b\u202fc\u2009d", "a b c d"),
        ("one\r\ntwo\rthree\x0bfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("\uf0b7\tFirst point", "•\tFirst point"),
        ("zero\u200bwidth \ufeffsoft\u00adhyphen", "zerowidth softhyphen"),
        ("null\x00 bell\x07 escape\x1b", "null bell escape"),
        ("family 👩‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "family 👩‍👩‍👧 and 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("Zoe\u0308", "Zoë"),
        ("lone \ud83d half", "lone \ufffd half"),
    ],
)
def test_text_from_word_keeps_what_was_written(pasted, kept):
    assert clean_pasted(pasted) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_pasted(clean_pasted(text)) == clean_pasted(text)


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"], exclude_characters="\ufffc"))
)
def test_no_visible_character_is_lost(text):
    assert clean_pasted(text) == unicodedata.normalize("NFC", text)


@given(st.text())
def test_what_is_left_can_be_stored_by_every_database(text):
    left = clean_pasted(text)
    left.encode()
    assert [c for c in left if unicodedata.category(c) == "Cc" and c not in "\t\n"] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("one", 1),
        ("Łódź and Kraków", 3),
        ("well-being isn’t 1", 3),
        ("a\u00a0b", 2),
        ("🎓 👩‍👩‍👧 done", 3),
        ("one – two", 3),
    ],
)
def test_words_are_counted_as_people_see_them(text, words):
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Amara Mensah", "AM"),
        ("Maria de la Cruz", "MC"),
        ("Joanne", "J"),
        ("łukasz hryń", "ŁH"),
        ("‘Tunde O’Neill", "TO"),
        ("Anne-Marie ß", "AS"),
        ("", ""),
        ("–", ""),
    ],
)
def test_a_monogram_is_the_first_letters_of_first_and_last_name(name, said):
    assert initials(name) == said


def test_a_label_starts_small_in_mid_sentence_unless_it_is_an_abbreviation():
    assert [lower_first(t) for t in ("Your name", "NHS number", "I agree", "")] == [
        "your name",
        "NHS number",
        "I agree",
        "",
    ]


@pytest.mark.parametrize(
    ("words", "said"), [("Assistant Director", "an Assistant Director"), ("Head of Service", "a Head of Service")]
)
def test_a_title_gets_its_article(words, said):
    assert with_article(words) == said
