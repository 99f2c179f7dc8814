"""The learning contract: written by the participant, signed by three, void when it is changed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cohorts.actions import change_dates, extend_date
from leaders.documents.models import Document
from leaders.documents.rendering import render
from leaders.outbox.models import Message
from leaders.people.meanwhile import ChangedMeanwhile, mark
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import (
    comment_on_contract,
    draft_contract,
    propose_contract,
    put_back_signed,
    review_contract,
    settle_comment,
    sign_contract,
    write_contract,
)
from modules.contract import SECTIONS
from modules.documents import is_party, learning_contract
from modules.models import LearningContract
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import agreed_contract, sent_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def signed_in(client, amara):
    client.force_login(amara)
    return client


@pytest.fixture
def draft(amara_place, amara):
    return draft_contract(place=amara_place, by=amara, now=NOW)


@pytest.fixture
def sent(amara_place):
    return sent_contract(amara_place, now=NOW)


@pytest.fixture
def ottos(amara_place, otto):
    """Another participant's contract in the same cohort."""
    return draft_contract(place=PlaceFactory(person=otto, cohort=amara_place.cohort), by=otto, now=NOW)


@pytest.fixture
def cast(helen, ade, amara, rosalind, priya, otto):
    """Sponsor, line manager, participant, director, panel member, outsider."""
    return helen, ade, amara, rosalind, priya, otto


def write(contract, **texts):
    return write_contract(contract=contract, texts=texts, seen={}, by=contract.place.person, now=NOW)


def sign(contract, party, person, version=1):
    return sign_contract(contract=contract, party=party, name=person.name, version=version, by=person, now=NOW)


def letters(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("person__name", flat=True))


# Actions


def test_a_contract_begins_with_suggestions_once(draft, amara_place, amara):
    assert draft_contract(place=amara_place, by=amara, now=NOW) == draft
    assert draft.texts == {section.key: section.words for section in SECTIONS}
    assert (draft.due_on, draft.status) == (amara_place.cohort.onboarding_due, "draft")


def test_a_contract_follows_its_cohorts_dates_and_ones_own(draft, ottos, amara_place, rosalind):
    week = timedelta(weeks=1)
    cohort = amara_place.cohort
    was = {name: getattr(cohort, name) for name in ("onboarding_due", "starts_on")}
    reviewed_on = draft.review_on

    change_dates(cohort=cohort, dates={name: value + week for name, value in was.items()}, by=rosalind, now=NOW)
    draft.refresh_from_db()
    assert (draft.due_on, draft.review_on) == (was["onboarding_due"] + week, reviewed_on + week)

    longer = was["onboarding_due"] + 3 * week
    extend_date(place=amara_place, what="onboarding_due", until=longer, reason="Ill", by=rosalind, now=NOW)
    draft.refresh_from_db()
    ottos.refresh_from_db()
    assert (draft.due_on, ottos.due_on) == (longer, was["onboarding_due"] + week)
    one, both = AuditEvent.objects.filter(action="modules.contract.moved")
    assert (both.sentence, both.person_id) == ("2 learning contracts follow dates that moved in Cohort 7", None)
    assert (one.sentence, one.person_id) == (
        "1 learning contract follows dates that moved in Cohort 7", draft.place.person_id,
    )  # fmt: skip


def test_a_contract_that_was_looked_at_keeps_its_dates(amara_place, rosalind):
    contract = agreed_contract(amara_place, now=NOW)
    LearningContract.objects.update(reviewed_at=NOW)
    onboarding = amara_place.cohort.onboarding_due
    extend_date(place=amara_place, what="onboarding_due", until=onboarding + timedelta(weeks=1), reason="Ill",
                by=rosalind, now=NOW)  # fmt: skip
    contract.refresh_from_db()
    assert contract.due_on == onboarding


def test_a_draft_is_changed_in_place_and_fixed_sections_never(draft):
    before = draft.texts
    contract = write(draft, purpose="To lead", programme="Free lunch", confidentiality="None", other="x")

    assert contract.version == 1
    assert contract.texts == before | {"purpose": "To lead"}


def test_a_section_is_changed_only_from_what_it_says_now(draft, amara):
    seen = {"purpose": mark([""])}
    write(draft, purpose="To lead")

    with pytest.raises(ChangedMeanwhile):
        write_contract(contract=draft, texts={"purpose": "To rest"}, seen=seen, by=amara, now=NOW)
    write_contract(contract=draft, texts={"exit": "We talk."}, seen={"exit": mark([draft.texts["exit"]])}, by=amara,
                   now=NOW)  # fmt: skip
    assert (draft.texts["purpose"], draft.texts["exit"]) == ("To lead", "We talk.")


def test_a_contract_without_purpose_or_sponsor_is_not_sent(draft, amara, amara_place):
    with pytest.raises(NotPossible, match="Say first what you want"):
        propose_contract(contract=draft, version=1, by=amara, now=NOW)
    write(draft, purpose="To lead")
    amara_place.sponsor = None
    amara_place.save()
    with pytest.raises(NotPossible, match="no sponsor yet"):
        propose_contract(contract=draft, version=1, by=amara, now=NOW)
    assert not Message.objects.exists()


def test_sending_signs_and_asks_sponsor_and_line_manager_once(sent, amara):
    propose_contract(contract=sent, version=1, by=amara, now=NOW)

    assert letters("modules.contract_to_sign") == ["Helen Marsh", "Ade Okonkwo"]
    assert (sent.status, sent.waits_for()) == ("proposed", ["sponsor", "programme"])
    assert sent.signatures.get().name == "Amara Mensah"


@pytest.mark.parametrize(
    ("days", "asked"),
    [
        (1, "Please read and sign Amara Mensah’s learning contract by Friday 5 March 2027."),
        (0, "Please read and sign Amara Mensah’s learning contract, as soon as you can."),
        (-3, "Please read and sign Amara Mensah’s learning contract, as soon as you can."),
    ],
)
def test_a_sponsor_is_not_asked_to_sign_by_a_day_that_has_come(amara_place, draft, amara, helen, days, asked):
    write(draft, purpose="To lead")
    due_on = NOW.date() + timedelta(days=days)
    LearningContract.objects.filter(pk=draft.pk).update(due_on=due_on, review_on=due_on + timedelta(weeks=24))
    propose_contract(contract=draft, version=1, by=amara, now=NOW)

    assert asked in Message.objects.get(kind="modules.contract_to_sign", person=helen).text


@pytest.mark.parametrize(("days", "says"), [(1, True), (0, False), (-5, False)])
def test_a_contract_is_not_to_be_looked_at_again_on_a_day_that_has_come(sent, helen, rosalind, days, says):
    LearningContract.objects.filter(pk=sent.pk).update(review_on=NOW.date() + timedelta(days=days))
    sign(sent, "sponsor", helen)
    sign(sent, "programme", rosalind)

    assert ("look at it together again" in Message.objects.get(kind="modules.contract_agreed").text) is says


def test_one_person_who_is_sponsor_and_line_manager_gets_one_letter(amara_place, helen):
    amara_place.line_manager = helen
    amara_place.save()
    sent_contract(amara_place, now=NOW)

    assert letters("modules.contract_to_sign") == ["Helen Marsh"]


def test_the_third_signature_makes_it_agreed_and_tells_the_participant(sent, helen, rosalind):
    assert sign(sent, "sponsor", helen).status == "proposed"
    agreed = sign(sent, "programme", rosalind)

    assert (agreed.status, agreed.agreed_at, agreed.standing) == ("agreed", NOW, "Signed by all three")
    assert letters("modules.contract_agreed") == ["Amara Mensah"]
    sign(sent, "programme", rosalind)
    assert sent.signatures.count() == 3
    assert letters("modules.contract_agreed") == ["Amara Mensah"]


def test_the_programme_may_sign_before_the_sponsor(sent, helen, rosalind):
    assert sign(sent, "programme", rosalind).standing == "Waiting for the sponsor"
    assert sign(sent, "sponsor", helen).status == "agreed"


def test_nobody_signs_for_somebody_else(sent, cast):
    helen, ade, amara, rosalind, priya, _otto = cast
    for party, person in (
        ("sponsor", ade), ("sponsor", rosalind), ("sponsor", amara),
        ("programme", helen), ("programme", amara), ("programme", priya), ("participant", helen),
    ):  # fmt: skip
        with pytest.raises(NotPossible, match="Only the sponsor signs"):
            sign(sent, party, person)
    assert sent.signatures.count() == 1


def test_nobody_else_writes_sends_settles_or_reviews(sent, helen):
    comment = comment_on_contract(contract=sent, words="Which meetings?", by=helen, now=NOW)

    for act in (
        lambda: write_contract(contract=sent, texts={"purpose": "x"}, seen={}, by=helen, now=NOW),
        lambda: propose_contract(contract=sent, version=1, by=helen, now=NOW),
        lambda: settle_comment(comment=comment, by=helen, now=NOW),
        lambda: review_contract(contract=sent, by=helen, now=NOW),
    ):
        with pytest.raises(NotPossible, match="Only the person whose contract it is"):
            act()


def test_a_draft_is_signed_by_nobody(draft, helen):
    with pytest.raises(NotPossible, match="not been sent"):
        sign(draft, "sponsor", helen)


def test_a_change_after_signing_voids_every_signature_until_all_sign_again(amara_place, amara, helen, rosalind):
    contract = agreed_contract(amara_place)
    changed = write(contract, purpose="Something else")

    assert (changed.version, changed.status, changed.agreed_at) == (2, "proposed", None)
    assert (changed.waits_for(), changed.standing) == (["participant", "sponsor", "programme"], "Being changed")
    with pytest.raises(NotPossible, match="is changing this contract"):
        sign(changed, "sponsor", helen, version=1)
    assert len(letters("modules.contract_to_sign")) == 2  # nobody is asked about a change that is not sent

    write(changed, exit="Two changes, one version")
    again = propose_contract(contract=changed, version=2, by=amara, now=NOW)
    assert (again.version, len(letters("modules.contract_to_sign"))) == (2, 4)
    with pytest.raises(NotPossible, match="changed after you opened it"):
        sign(again, "sponsor", helen, version=1)
    sign(again, "sponsor", helen, version=2)
    assert sign(again, "programme", rosalind, version=2).status == "agreed"


def test_writing_the_same_words_changes_nothing(amara_place):
    contract = agreed_contract(amara_place)
    assert write(contract, purpose=contract.texts["purpose"]).status == "agreed"


def test_putting_the_signed_words_back_restores_every_signature(amara_place, amara):
    contract = agreed_contract(amara_place)
    purpose, signed_at = contract.texts["purpose"], contract.agreed_at
    write(contract, purpose="Something else", exit="We talk.")
    half = write(contract, purpose=purpose)
    assert (half.version, half.standing) == (2, "Being changed")

    again = write(contract, exit=contract.words_of(1)["exit"])
    assert (again.version, again.standing, again.agreed_at) == (1, "Signed by all three", signed_at)
    assert again.versions.count() == 1
    assert letters("modules.contract_agreed") == ["Amara Mensah"]  # as it was told then
    trail = AuditEvent.objects.get(action="modules.contract.put_back")
    assert trail.sentence == "Amara Mensah put back what was signed in the learning contract"


def test_a_change_is_dropped_as_a_whole_once_and_by_its_writer_alone(amara_place, amara, helen):
    contract = agreed_contract(amara_place)
    write(contract, purpose="Something else")

    with pytest.raises(NotPossible, match="Only the person whose contract it is"):
        put_back_signed(contract=contract, version=2, by=helen, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        put_back_signed(contract=contract, version=1, by=amara, now=NOW)
    for _ in range(2):
        assert put_back_signed(contract=contract, version=2, by=amara, now=NOW).standing == "Signed by all three"
    assert AuditEvent.objects.filter(action="modules.contract.put_back").count() == 1


def test_a_change_that_was_sent_is_not_dropped(sent, amara, helen):
    sign(sent, "sponsor", helen)
    write(sent, purpose="Something else")
    propose_contract(contract=sent, version=2, by=amara, now=NOW)

    assert put_back_signed(contract=sent, version=2, by=amara, now=NOW).version == 2
    assert write(sent, purpose=sent.words_of(1)["purpose"]).version == 3


def test_what_is_put_back_waits_for_those_who_had_not_signed(sent, amara, helen, rosalind):
    sign(sent, "sponsor", helen)
    write(sent, purpose="Something else")
    put_back_signed(contract=sent, version=2, by=amara, now=NOW)

    sent.refresh_from_db()
    assert (sent.standing, sign(sent, "programme", rosalind).status) == ("Waiting for the programme", "agreed")


def test_a_stale_window_does_not_send(sent, amara, helen):
    write(sent, purpose="Something else")
    with pytest.raises(ChangedMeanwhile):
        propose_contract(contract=sent, version=1, by=amara, now=NOW)


def test_comments_reach_the_participant_once_and_are_settled_by_a_button_or_by_sending(sent, ade, helen, amara):
    comment = comment_on_contract(contract=sent, words="Which two meetings?", by=ade, now=NOW)
    assert comment_on_contract(contract=sent, words="Which two meetings?", by=ade, now=NOW) == comment
    assert letters("modules.contract_comment") == ["Amara Mensah"]
    settle_comment(comment=comment, by=amara, now=NOW)
    comment.refresh_from_db()
    assert comment.settled_at == NOW

    second = comment_on_contract(contract=sent, words="And cover?", by=helen, now=NOW)
    propose_contract(contract=write(sent, sponsor="Cover is arranged."), version=2, by=amara, now=NOW)
    second.refresh_from_db()
    assert second.settled_at == NOW


def test_only_sponsor_and_line_manager_comment(sent, otto):
    with pytest.raises(NotPossible, match="Only the sponsor and the line manager"):
        comment_on_contract(contract=sent, words="Hm", by=otto, now=NOW)


def test_a_comment_is_about_the_version_that_was_read(sent, ade):
    comment = comment_on_contract(contract=write(sent, purpose="Half a thought"), words="Hm", by=ade, now=NOW)
    assert (sent.version, LearningContract.objects.get().version, comment.version) == (1, 2, 1)


def test_a_contract_that_was_not_sent_is_not_commented_on(draft, ade):
    with pytest.raises(NotPossible, match="has not been sent yet"):
        comment_on_contract(contract=draft, words="Hm", by=ade, now=NOW)


def test_the_trail_knows_that_a_comment_was_answered_once_and_not_what_it_said(sent, ade, amara):
    comment = comment_on_contract(contract=sent, words="Which meetings?", by=ade, now=NOW)
    for _ in range(2):
        settle_comment(comment=comment, by=amara, now=NOW)

    event = AuditEvent.objects.get(action="modules.contract.comment_settled")
    assert (event.sentence, event.detail) == ("Amara Mensah marked a comment on the learning contract as answered", {})


def test_only_an_agreed_contract_is_reviewed_and_once(sent, amara, amara_place, helen, rosalind):
    with pytest.raises(NotPossible, match="once all three have signed"):
        review_contract(contract=sent, by=amara, now=NOW)
    sign(sent, "sponsor", helen)
    sign(sent, "programme", rosalind)
    for _ in range(2):
        review_contract(contract=sent, by=amara, now=NOW)
    assert AuditEvent.objects.filter(action="modules.contract.reviewed").count() == 1


# Pages


def test_a_contract_is_begun_written_and_sent_in_the_browser(signed_in, amara_place):
    page = reverse("my_contract")
    assert "Who can read this" in signed_in.get(page).text
    assert not LearningContract.objects.exists()
    signed_in.post(page, {"deed": "begin"})
    shown = signed_in.get(page).text
    assert ("What I want from this year" in shown, "Not answered yet" in shown) == (True, True)
    assert "Say first what you want" in signed_in.post(page, {"deed": "send", "version": "1"}, follow=True).text

    section = reverse("my_contract_section", args=["purpose"])
    form = signed_in.get(section).text
    assert "Who can read this" in form
    signed_in.post(section, {"words": "To lead across the whole.", "seen": mark([""])})
    sent = signed_in.post(page, {"deed": "send", "version": "1"}, follow=True).text
    assert "on its way to Helen Marsh" in sent
    assert sent.count("Not signed yet") == 2


def test_what_happens_next_holds_only_what_is_still_to_come(signed_in, amara_place, helen):
    page = reverse("my_contract")
    sent = sent_contract(amara_place, now=NOW)
    shown = signed_in.get(page).text
    assert ("You sign and send it" in shown, "Your sponsor reads and signs by a private link" in shown) == (False, True)

    sign(sent, "sponsor", helen)
    sign(sent, "programme", amara_place.cohort.contact)
    shown = signed_in.get(page).text
    assert ("signs for the programme." in shown, "You look at it together around Tuesday 2 March 2027." in shown) == (
        False,
        True,
    )
    LearningContract.objects.update(reviewed_at=NOW)
    assert "What happens next" not in signed_in.get(page).text


def test_fixed_and_unknown_sections_have_no_page(signed_in, draft):
    for key in ("programme", "confidentiality", "nothing"):
        assert signed_in.get(reverse("my_contract_section", args=[key])).status_code == 404


def test_a_stale_section_keeps_its_words_and_shows_what_stands_now(signed_in, draft):
    write(draft, purpose="Saved in the other window")
    url = reverse("my_contract_section", args=["purpose"])
    refused = signed_in.post(url, {"words": "Typed in this window", "seen": mark([""])}).text

    assert ("Typed in this window" in refused, "Saved in the other window" in refused) == (True, True)
    assert draft.texts["purpose"] == "Saved in the other window"
    seen = mark(["Saved in the other window"])
    assert f'name="seen" value="{seen}"' in refused
    signed_in.post(url, {"words": "Typed in this window", "seen": seen})
    assert draft.texts["purpose"] == "Typed in this window"


def test_a_signed_contract_warns_before_a_change_and_shows_what_was_signed_after_it(signed_in, amara_place):
    contract = agreed_contract(amara_place)
    section, page = reverse("my_contract_section", args=["purpose"]), reverse("my_contract")
    form = signed_in.get(section).text
    assert form.index("which all three sign again") < form.index('name="words"')
    assert "What you changed" not in signed_in.get(page).text

    seen = mark([contract.texts["purpose"]])
    changed = signed_in.post(section, {"words": "Something else", "seen": seen}, follow=True).text
    what_changed = changed[changed.index("What you changed") :]
    assert what_changed.index("To lead across the whole system.") < what_changed.index("Something else")

    restored = signed_in.post(page, {"deed": "put-back", "version": "2"}, follow=True).text
    assert "The contract says again what was signed, and the signatures count." in restored
    assert ("Signed by all three on" in restored, "What you changed" in restored) == (True, False)


def test_typing_the_signed_words_again_says_that_the_signatures_count(signed_in, amara_place):
    contract = agreed_contract(amara_place)
    section, signed = reverse("my_contract_section", args=["purpose"]), contract.texts["purpose"]
    signed_in.post(section, {"words": "Something else", "seen": mark([signed])})

    restored = signed_in.post(section, {"words": signed, "seen": mark(["Something else"])}, follow=True).text

    assert "The contract says again what was signed, and the signatures count." in restored


def test_too_many_words_are_kept_and_counted(signed_in, draft):
    refused = signed_in.post(reverse("my_contract_section", args=["purpose"]), {"words": "word " * 251, "seen": "x"})
    assert "must be 250 words or fewer; there are 251" in refused.text


def test_a_comment_is_shown_and_settled(signed_in, sent, ade):
    comment_on_contract(contract=sent, words="Which two meetings?", by=ade, now=NOW)
    page = reverse("my_contract")
    shown = signed_in.get(page).text
    assert ("Which two meetings?" in shown, "Mark as answered" in shown) == (True, True)

    settled = signed_in.post(page, {"deed": "settle", "comment": str(sent.comments.get().pk)}, follow=True).text
    assert ("Mark as answered" in settled, "Comments that were answered (1)" in settled) == (False, True)


def test_comments_of_other_contracts_cannot_be_settled(signed_in, sent, cohort, helen):
    other = sent_contract(PlaceFactory(cohort=cohort, sponsor=helen), now=NOW)
    theirs = comment_on_contract(contract=other, words="Hm", by=helen, now=NOW)

    answer = signed_in.post(reverse("my_contract"), {"deed": "settle", "comment": str(theirs.pk)})
    theirs.refresh_from_db()
    assert (answer.status_code, theirs.settled_at) == (404, None)


@pytest.mark.parametrize(
    "nonsense",
    [{}, {"deed": "send", "version": "x"}, {"deed": "send", "version": "²"}, {"deed": "send", "version": "9" * 5000},
     {"deed": "fly"}, {"deed": "settle"}, {"deed": "settle", "comment": "x"}],
)  # fmt: skip
def test_a_meddled_form_changes_nothing_and_breaks_nothing(signed_in, draft, nonsense):
    write(draft, purpose="To lead")
    answer = signed_in.post(reverse("my_contract"), nonsense, follow=True)
    assert answer.status_code in {200, 404}
    assert ("invalid literal" in answer.text, "expected a number" in answer.text) == (False, False)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_review_that_is_due_is_offered_and_noted(signed_in, amara_place):
    agreed_contract(amara_place)
    page = reverse("my_contract")
    assert "Time to look at it together." in signed_in.get(page).text

    done = signed_in.post(page, {"deed": "review"}, follow=True).text
    assert ("Reviewed on Thursday 4 March 2027." in done, "Time to look at it together." in done) == (True, False)


# On paper


def test_the_pdf_shows_what_was_sent_and_is_for_the_parties_alone(signed_in, client, sent, cast):
    helen, ade, _amara, rosalind, _priya, otto = cast
    source = learning_contract(sent)
    assert render(source).startswith(b"%PDF-")
    assert ("What I want from this year", "To lead across the whole system.") in source.context["sections"]
    assert [is_party(sent, person) for person in (helen, ade, rosalind, otto)] == [True, True, True, False]

    url = signed_in.post(reverse("my_contract"), {"deed": "pdf"}).url
    assert signed_in.get(url).status_code == 200
    client.force_login(otto)
    assert client.get(url).status_code == 404


def test_a_change_after_signing_forgets_the_paper(signed_in, sent):
    signed_in.post(reverse("my_contract"), {"deed": "pdf"})
    assert Document.objects.count() == 1
    write(sent, purpose="Something else")
    assert Document.objects.count() == 0
    assert ("What I want from this year", "To lead across the whole system.") in learning_contract(
        LearningContract.objects.get()
    ).context["sections"]
