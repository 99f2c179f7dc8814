import json

import pytest

from cohorts import actions
from cohorts.models import CaseStudy, Narrative, Place, Pulse, Quote
from leaders.people.privacy import export, holdings
from tests.cohorts.factories import NOW


@pytest.fixture
def told(amara_place, amara, rosalind):
    """Amara, who wrote, offered words, graduated and answered months later."""
    Place.objects.filter(pk=amara_place.pk).update(access_needs="A hearing loop")
    amara_place.refresh_from_db()
    texts = {"self_text": "Peckham", "us_text": "b", "now_text": "c"}
    actions.save_narrative(place=amara_place, **texts, version=0, by=amara, now=NOW)
    actions.submit_narrative(place=amara_place, by=amara, now=NOW)
    quote = actions.offer_quote(place=amara_place, words="I ring first.", shown_as="name", by=amara, now=NOW)
    actions.choose_quote(quote=quote, chosen=True, by=rosalind, now=NOW)
    actions.graduate_place(place=amara_place, by=rosalind, now=NOW)
    actions.answer_pulse(place=amara_place, months=6, role="same", works_across=True, words="Well", by=amara, now=NOW)
    return amara


def erase(person):
    for part in holdings:
        if part.app == "cohorts" and part.brings.erase:
            part.brings.erase(person, NOW)


def test_export_holds_everything_and_is_json(told):
    text = json.dumps(export(told))
    for words in (
        "A hearing loop",
        "Peckham",
        "I ring first.",
        "Well",
        "Helen Marsh",
        told.places.get().certificates.get().code,
    ):
        assert words in text


def test_erasure_leaves_the_place_as_a_number_and_no_words(told):
    CaseStudy.objects.create(
        cohort=told.places.get().cohort, slug="s", title="t", summary="s", aims="a", participants="p", features="f",
        impact="i", edited_at=NOW, edited_by=told,
    )  # fmt: skip
    erase(told)
    place = Place.objects.get()
    assert (place.status, place.role_title, place.access_needs) == ("graduated", "", "")
    assert not Narrative.objects.exists()
    assert not Quote.objects.exists()
    assert Pulse.objects.get().words == ""
    assert "Assistant Director" not in str(list(place.history.values()))


def test_export_of_somebody_without_a_place_is_empty(otto):
    assert [list(part.brings.export(otto)) for part in holdings if part.app == "cohorts"] == [[]] * 5
