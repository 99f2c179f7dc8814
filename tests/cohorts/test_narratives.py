from datetime import timedelta

import pytest
from django.db import connection

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.models import CaseStudy, Quote
from leaders.documents.actions import request_document
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from tests.cohorts.factories import NOW

TEXTS = {
    "self_text": "I grew up over a launderette in Peckham.",
    "us_text": "We are thirty-three people who used to\nguard thirty-three gates.",
    "now_text": "Ring each other first.",
}


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


@pytest.fixture
def drafted(amara_place):
    return actions.save_narrative(place=amara_place, **TEXTS, version=0, by=amara_place.person, now=NOW)


@pytest.fixture
def submitted(drafted, amara_place):
    return actions.submit_narrative(place=amara_place, by=amara_place.person, now=NOW)


@pytest.fixture
def published(cohort, rosalind):
    """A published case study of Amara's cohort."""
    return CaseStudy.objects.create(
        cohort=cohort, slug=cohort.slug, title="Cohort 7", summary="s", aims="a", participants="p", features="f",
        impact="i", state="published", edited_at=NOW, edited_by=rosalind, published_at=NOW, approved_at=NOW,
        approved_by=cohort.places.first().person,
    )  # fmt: skip


@pytest.fixture
def asked_and_agreed(amara_place, amara, rosalind):
    quote = actions.propose_quote(place=amara_place, words="It changed whom I ring.", by=rosalind, now=NOW)
    return actions.agree_quote(quote=quote, shown_as="nobody", by=amara, now=NOW)


class TestDraft:
    def test_draft_is_kept_encrypted(self, drafted):
        assert again(drafted).texts == {"self": TEXTS["self_text"], "us": TEXTS["us_text"], "now": TEXTS["now_text"]}
        with connection.cursor() as cursor:
            cursor.execute("SELECT self_text, us_text, now_text FROM cohorts_narrative")
            assert not any("Peckham" in text or "gates" in text or "Ring" in text for text in cursor.fetchone())

    def test_second_save_raises_the_version(self, drafted, amara, amara_place):
        saved = actions.save_narrative(
            place=amara_place, self_text="New", us_text="", now_text="", version=1, by=amara, now=NOW
        )
        assert (saved.version, saved.self_text) == (2, "New")

    def test_stale_tab_overwrites_nothing_and_is_shown_what_was_saved(self, drafted, amara, amara_place):
        with pytest.raises(actions.StaleNarrative) as refused:
            actions.save_narrative(
                place=amara_place, self_text="Old", us_text="", now_text="", version=0, by=amara, now=NOW
            )
        assert refused.value.saved.self_text == TEXTS["self_text"]
        assert again(drafted).self_text == TEXTS["self_text"]

    def test_nobody_else_writes_it_not_even_the_director(self, amara_place, rosalind):
        with pytest.raises(NotPossible):
            actions.save_narrative(place=amara_place, **TEXTS, version=0, by=rosalind, now=NOW)

    def test_its_words_never_enter_the_audit_trail(self, submitted):
        assert "Peckham" not in str(list(AuditEvent.objects.values()))


class TestSubmitting:
    def test_version_is_kept_as_it_was(self, submitted, drafted):
        assert (submitted.number, submitted.self_text) == (1, TEXTS["self_text"])
        assert again(drafted).submitted_at == NOW

    def test_part_that_is_missing_is_asked_for(self, amara, amara_place):
        actions.save_narrative(
            place=amara_place, self_text="a", us_text="b", now_text=" \n", version=0, by=amara, now=NOW
        )
        with pytest.raises(NotPossible, match="all three parts"):
            actions.submit_narrative(place=amara_place, by=amara, now=NOW)

    def test_same_text_again_makes_no_second_version(self, submitted, amara, amara_place):
        assert actions.submit_narrative(place=amara_place, by=amara, now=NOW) == submitted

    def test_changed_text_makes_the_next_version(self, submitted, amara, amara_place):
        actions.save_narrative(place=amara_place, **{**TEXTS, "now_text": "Now"}, version=1, by=amara, now=NOW)
        assert actions.submit_narrative(place=amara_place, by=amara, now=NOW).number == 2
        assert again(submitted).now_text == TEXTS["now_text"]


class TestConsent:
    def test_office_quotes_word_for_word_from_an_open_part(self, submitted, amara, amara_place, rosalind):
        actions.consent_to_part(place=amara_place, part="us", by=amara, now=NOW)
        words = "people who used to guard thirty-three gates."
        quote = actions.propose_quote(place=amara_place, words=words, part="us", by=rosalind, now=NOW)
        assert (quote.is_agreed, quote.author) == (True, "A participant")
        assert not Message.objects.exists()

    def test_office_does_not_quote_from_a_closed_part(self, submitted, amara_place, rosalind):
        with pytest.raises(NotPossible, match="has not opened this part"):
            actions.propose_quote(place=amara_place, words="Ring", part="now", by=rosalind, now=NOW)

    def test_office_does_not_put_words_into_a_mouth(self, submitted, amara, amara_place, rosalind):
        actions.consent_to_part(place=amara_place, part="us", by=amara, now=NOW)
        with pytest.raises(NotPossible, match="word for word"):
            actions.propose_quote(place=amara_place, words="Thirty-four gates", part="us", by=rosalind, now=NOW)

    def test_draft_is_not_opened_before_it_is_submitted(self, drafted, amara, amara_place):
        with pytest.raises(NotPossible, match="Submit your narrative first"):
            actions.consent_to_part(place=amara_place, part="us", by=amara, now=NOW)

    def test_taking_a_part_back_takes_its_quotations_back(self, submitted, amara, amara_place, rosalind, published):
        actions.consent_to_part(place=amara_place, part="now", by=amara, now=NOW)
        quote = actions.propose_quote(place=amara_place, words="Ring each other", part="now", by=rosalind, now=NOW)
        Quote.objects.filter(pk=quote.pk).update(is_chosen=True)
        old = request_document("cohorts.case_study", subject=published, now=NOW)
        actions.withdraw_part(place=amara_place, part="now", by=amara, now=NOW)
        assert not Quote.objects.published().exists()
        assert Document.objects.exclude(pk=old.pk).get().state == "requested"
        assert not Document.objects.filter(pk=old.pk).exists()

    def test_consent_given_twice_and_taken_back_twice_is_once_each(self, submitted, amara, amara_place):
        for _ in range(2):
            actions.consent_to_part(place=amara_place, part="self", by=amara, now=NOW)
        for _ in range(2):
            actions.withdraw_part(place=amara_place, part="self", by=amara, now=NOW)
        given = AuditEvent.objects.filter(action__startswith="cohorts.place.consent").values_list("action", flat=True)
        assert sorted(given) == ["cohorts.place.consent_given", "cohorts.place.consent_withdrawn"]


def test_submitting_twice_what_has_not_changed_is_no_change(submitted, amara, amara_place):
    narrative = again(submitted.narrative)
    later = NOW + timedelta(hours=1)
    actions.save_narrative(place=amara_place, **TEXTS, version=narrative.version, by=amara, now=later)
    actions.submit_narrative(place=amara_place, by=amara, now=later)
    assert again(narrative).saved_at == narrative.saved_at


class TestQuotes:
    @pytest.fixture
    def asked(self, amara_place, rosalind):
        return actions.propose_quote(place=amara_place, words="It changed whom I ring.", by=rosalind, now=NOW)

    def test_author_is_asked_and_nothing_is_published_before_they_agree(self, asked, amara, rosalind):
        assert Message.objects.get().subject == "May we quote you in the case study of Cohort 7?"
        with pytest.raises(NotPossible, match="has not agreed"):
            actions.choose_quote(quote=asked, chosen=True, by=rosalind, now=NOW)

    @pytest.mark.parametrize(
        ("shown_as", "author"),
        [
            ("name", "Amara Mensah, Camden"),
            ("role", "Assistant Director, Camden"),
            ("nobody", "A participant"),
        ],
    )
    def test_author_chooses_how_they_are_shown(self, asked, amara, shown_as, author):
        assert actions.agree_quote(quote=asked, shown_as=shown_as, by=amara, now=NOW).author == author

    def test_nobody_agrees_for_somebody_else(self, asked, otto, rosalind):
        for person in (otto, rosalind):
            with pytest.raises(NotPossible):
                actions.agree_quote(quote=asked, shown_as="name", by=person, now=NOW)

    def test_no_is_final_until_asked_again(self, asked, amara):
        actions.withdraw_quote(quote=asked, by=amara, now=NOW)
        with pytest.raises(NotPossible, match="You said no"):
            actions.agree_quote(quote=asked, shown_as="name", by=amara, now=NOW)

    def test_own_words_are_offered_and_taken_back(self, amara, amara_place):
        quote = actions.offer_quote(place=amara_place, words="I learnt to wait.", shown_as="role", by=amara, now=NOW)
        assert list(Quote.objects.agreed()) == [quote]
        actions.withdraw_quote(quote=quote, by=amara, now=NOW)
        assert list(Quote.objects.agreed()) == []

    def test_somebody_who_left_can_still_take_their_words_back(self, asked, amara, amara_place, rosalind):
        actions.agree_quote(quote=asked, shown_as="name", by=amara, now=NOW)
        actions.withdraw_place(place=amara_place, reason="x", by=rosalind, now=NOW)
        assert actions.withdraw_quote(quote=asked, by=amara, now=NOW).withdrawn_at == NOW

    def test_outsider_takes_nobody_elses_words_back(self, asked, otto):
        with pytest.raises(NotPossible):
            actions.withdraw_quote(quote=asked, by=otto, now=NOW)


def test_words_that_come_in_after_the_approval_are_approved_anew(asked_and_agreed, published, rosalind):
    published.state, published.published_at = "approved", None
    published.save()
    actions.choose_quote(quote=asked_and_agreed, chosen=True, by=rosalind, now=NOW)
    study = CaseStudy.objects.get()
    assert (study.state, study.approved_at, study.approved_by) == ("draft", None, None)


def test_no_words_come_into_a_published_study(asked_and_agreed, published, rosalind):
    with pytest.raises(NotPossible, match="Withdraw it before you add words"):
        actions.choose_quote(quote=asked_and_agreed, chosen=True, by=rosalind, now=NOW)
