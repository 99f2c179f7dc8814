"""The private page of a sponsor or line manager: no account, and a GET changes nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cohorts.actions import defer_place, withdraw_place
from cohorts.models import Place
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people import links
from leaders.people.models import AuditEvent, PrivateLink
from leaders.people.refusals import NotPossible
from modules.actions import (
    add_goal,
    comment_on_contract,
    propose_contract,
    send_signing_link,
    share_plan,
    share_response,
    sign_contract,
    signing_link,
    write_contract,
)
from modules.actions.contract import LINK_LASTS, SIGNING
from modules.documents import is_party
from modules.learning_forms import CommentForm
from modules.models import LearningContract
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import WaveFactory, answered, sent_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def contract(amara_place):
    return sent_contract(amara_place, now=NOW)


@pytest.fixture
def sponsors_page(contract, helen):
    """The sponsor's."""
    return reverse("sign_contract", args=[signing_link(contract, helen, NOW).token])


@pytest.fixture
def managers_page(contract, ade):
    return reverse("sign_contract", args=[signing_link(contract, ade, NOW).token])


SIGNED = {"do": "sign", "name": "Helen Marsh", "agreed": "on", "version": "1"}


def change(contract, amara, **texts):
    changed = write_contract(contract=contract, texts=texts, seen={}, by=amara, now=NOW)
    return propose_contract(contract=changed, version=changed.version, by=amara, now=NOW)


def test_the_sponsor_reads_and_signs_without_an_account(client, sponsors_page, contract):
    shown = client.get(sponsors_page)
    assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "same-origin")
    assert "no-store" in shown.headers["Cache-Control"]
    assert ("Sign as sponsor" in shown.text, "To lead across the whole system." in shown.text) == (True, True)

    signed = client.post(sponsors_page, SIGNED, follow=True).text
    assert ("Thank you. Your signature is kept." in signed, "Sign as sponsor" in signed) == (True, False)
    assert contract.signed()["sponsor"].name == "Helen Marsh"


def test_looking_at_the_page_changes_nothing(client, sponsors_page, contract):
    client.get(sponsors_page)
    assert contract.signatures.count() == 1


def test_a_second_signature_changes_nothing(client, sponsors_page, contract):
    client.post(sponsors_page, SIGNED)
    client.post(sponsors_page, SIGNED | {"name": "H. Marsh"})
    assert contract.signed()["sponsor"].name == "Helen Marsh"


def test_signing_needs_the_tick_and_a_name_and_keeps_what_was_typed(client, sponsors_page, contract):
    refused = client.post(sponsors_page, {"do": "sign", "name": "Helen M.", "version": "1"}).text

    assert ("Error: " in refused, "Helen M." in refused) == (True, True)
    assert "sponsor" not in contract.signed()


def test_a_name_that_is_not_the_sponsors_is_shown_beside_theirs(client, sponsors_page, contract):
    client.post(sponsors_page, SIGNED | {"name": "Mickey Mouse"})

    assert "Mickey Mouse, for Helen Marsh signed this as sponsor" in client.get(sponsors_page).text
    assert contract.signed()["sponsor"].signed_as == "Mickey Mouse, for Helen Marsh"
    assert AuditEvent.objects.filter(
        sentence="Mickey Mouse, for Helen Marsh signed the learning contract as sponsor"
    ).exists()


def test_the_sponsors_own_name_stands_alone(client, sponsors_page, contract):
    client.post(sponsors_page, SIGNED | {"name": " Helen  Marsh "})
    assert contract.signed()["sponsor"].signed_as == "Helen  Marsh"


def test_what_the_sponsor_typed_beside_the_signature_is_kept_with_it(client, sponsors_page, contract):
    words = {"words": "Let us meet in May."}

    refused = client.post(sponsors_page, SIGNED | words | {"agreed": ""}).text
    assert ("Let us meet in May." in refused, contract.comments.count()) == (True, 0)

    signed = client.post(sponsors_page, SIGNED | words, follow=True).text
    assert "Thank you. Your signature and your comment are kept." in signed
    assert (contract.comments.get().words, "sponsor" in contract.signed()) == ("Let us meet in May.", True)


def test_a_comment_is_not_kept_with_a_signature_that_is_refused(client, sponsors_page, contract, amara):
    change(contract, amara, purpose="To lead and to listen.")

    refused = client.post(sponsors_page, SIGNED | {"words": "Let us meet in May."}).text

    assert "The contract was changed after you opened it." in refused
    assert ("Let us meet in May." in refused, contract.comments.count()) == (True, 0)


def test_the_line_manager_comments_and_does_not_sign(client, managers_page, contract):
    assert "You do not sign it; Helen Marsh does." in client.get(managers_page).text
    client.post(managers_page, SIGNED)
    assert "sponsor" not in contract.signed()

    said = client.post(managers_page, {"do": "comment", "words": "Which two meetings?"}, follow=True).text
    assert ("Amara has your comment." in said, "Which two meetings?" in said) == (True, True)
    assert contract.comments.get().name == "Ade Okonkwo"


def test_a_comment_without_words_says_so(client, sponsors_page):
    assert "Enter what you would like to say" in client.post(sponsors_page, {"do": "comment", "words": ""}).text


def test_each_reader_sees_their_own_comments_alone(client, sponsors_page, managers_page, contract, ade):
    comment_on_contract(contract=contract, words="Between us two", by=ade, now=NOW)
    assert ("Between us two" in client.get(managers_page).text, "Between us two" in client.get(sponsors_page).text) == (
        True,
        False,
    )


def test_what_changed_since_it_was_sent_is_shown_and_an_old_page_cannot_sign(client, sponsors_page, contract, amara):
    client.post(sponsors_page, SIGNED)
    change(contract, amara, purpose="To lead and to listen.")
    shown = client.get(sponsors_page).text
    assert "What changed since it was last sent" in shown
    assert ("To lead across the whole system." in shown, "To lead and to listen." in shown) == (True, True)

    refused = client.post(sponsors_page, SIGNED)
    assert "The contract was changed after you opened it." in refused.text
    assert 'name="version" value="2"' in refused.text
    client.post(sponsors_page, SIGNED | {"version": "2"})
    contract.refresh_from_db()
    assert "sponsor" in contract.signed()


def test_a_change_that_is_not_sent_is_not_shown_and_not_signed(client, sponsors_page, contract, amara):
    write_contract(contract=contract, texts={"purpose": "Half a thought"}, seen={}, by=amara, now=NOW)
    shown = client.get(sponsors_page).text

    assert ("Half a thought" in shown, "Sign as sponsor" in shown) == (False, False)
    assert "It is being changed at the moment." in shown
    assert "is changing this contract" in client.post(sponsors_page, SIGNED).text


def test_what_the_participant_shares_is_shown_to_the_sponsor_alone(
    client, sponsors_page, managers_page, amara_place, amara, helen
):
    goal = add_goal(place=amara_place, title="Listen longer", steps="Count to five", by=amara, now=NOW)
    response = answered(WaveFactory(cohort=amara_place.cohort), amara_place)
    shown = client.get(sponsors_page).text
    assert ("Listen longer" in shown, "How Amara rated themselves" in shown) == (False, False)

    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    share_response(response=response, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    shown = client.get(sponsors_page).text
    assert "Count to five" in shown
    assert ("Listen longer" in shown, "How Amara rated themselves" in shown) == (True, True)
    shown = client.get(managers_page).text
    assert ("Listen longer" in shown, "How Amara rated themselves" in shown) == (False, False)


# Links


def test_a_mistyped_link_has_a_kind_page(client, sponsors_page):
    wrong = client.get(reverse("sign_contract", args=["0" * 40]))
    assert (wrong.status_code, "We do not know this link" in wrong.text) == (404, True)


def test_a_link_for_another_purpose_does_not_open_the_contract(client, contract, helen):
    link = links.issue(purpose="nominations.offer", subject=contract, person=helen, now=NOW)
    assert client.get(reverse("sign_contract", args=[link.token])).status_code == 404


def test_an_expired_link_is_mailed_anew_to_the_same_address_by_a_button(client, sponsors_page, helen, time_machine):
    later = NOW + LINK_LASTS + timedelta(days=1)
    time_machine.move_to(later, tick=False)
    shown = client.get(sponsors_page)
    assert (shown.status_code, "This link has expired" in shown.text) == (410, True)
    assert Message.objects.filter(kind="modules.contract_to_sign", person=helen).count() == 1

    for _ in range(2):
        mailed = client.post(sponsors_page).text
        assert ("Look in your inbox" in mailed, "Email me a new link" in mailed) == (True, False)
    assert (
        "The contract still waits for your signature."
        in Message.objects.get(kind="modules.contract_link", person=helen).text
    )
    fresh = PrivateLink.objects.filter(purpose=SIGNING, person=helen).latest("pk")
    assert client.get(reverse("sign_contract", args=[fresh.token])).status_code == 200


def test_a_new_link_to_what_was_signed_long_ago_asks_for_nothing(client, sponsors_page, helen, time_machine):
    client.post(sponsors_page, SIGNED)
    time_machine.move_to(NOW + LINK_LASTS + timedelta(days=1), tick=False)

    client.post(sponsors_page)

    letter = Message.objects.get(kind="modules.contract_link", person=helen)
    assert letter.subject == "Your new link to Amara Mensah’s learning contract"
    assert "You signed the contract on Thursday 4 March 2027, so you do not need to do anything." in letter.text
    assert "Please read and sign" not in letter.text


def test_a_withdrawn_link_says_so_and_offers_nothing(client, sponsors_page, contract):
    links.revoke(purpose=SIGNING, subject=contract, now=NOW)
    shown = client.get(sponsors_page)
    assert (shown.status_code, "Email me a new link" in shown.text) == (410, False)
    assert client.post(sponsors_page, SIGNED).status_code == 410
    assert "sponsor" not in contract.signed()


def test_somebody_who_is_no_longer_the_sponsor_reads_and_signs_no_more(
    client, sponsors_page, contract, amara_place, rosalind
):
    amara_place.sponsor = rosalind
    amara_place.save()

    assert client.get(sponsors_page).status_code == 410
    assert client.post(sponsors_page, SIGNED).status_code == 410


@pytest.mark.parametrize("leave", [withdraw_place, defer_place])
def test_a_contract_closes_when_its_participant_leaves(
    client, sponsors_page, contract, amara_place, amara, helen, ade, rosalind, leave
):
    goal = add_goal(place=amara_place, title="Listen longer", by=amara, now=NOW)
    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    leave(place=amara_place, reason="A new job", by=rosalind, now=NOW)

    shown = client.get(sponsors_page)
    assert (shown.status_code, "Listen longer" in shown.text) == (410, False)
    assert client.post(sponsors_page, SIGNED).status_code == 410
    for act in (
        lambda: sign_contract(contract=contract, party="sponsor", name="H", version=1, by=helen, now=NOW),
        lambda: sign_contract(contract=contract, party="programme", name="R", version=1, by=rosalind, now=NOW),
        lambda: comment_on_contract(contract=contract, words="Why?", by=ade, now=NOW),
        lambda: propose_contract(contract=contract, version=1, by=amara, now=NOW),
    ):
        with pytest.raises(NotPossible, match="Amara Mensah is not taking part any more"):
            act()
    left = LearningContract.objects.get()
    with pytest.raises(NotPossible, match="nothing to read or sign"):
        send_signing_link(contract=left, reader=helen, now=NOW)
    assert [is_party(left, person) for person in (amara, helen, ade, rosalind)] == [True, False, False, True]


def test_a_comment_that_is_refused_stays_on_the_page():
    comment = CommentForm({"words": "Which two meetings?"})
    comment.refuse(NotPossible("The contract was closed meanwhile."))
    assert (comment["words"].value(), comment.non_field_errors()) == (
        "Which two meetings?", ["The contract was closed meanwhile."],
    )  # fmt: skip


@pytest.fixture
def graduated(amara_place):
    Place.objects.update(status="graduated", graduated_at=NOW)


def test_a_graduates_sponsor_still_reads_the_contract_and_is_asked_for_nothing(
    client, sponsors_page, contract, graduated
):
    shown = client.get(sponsors_page)
    assert shown.status_code == 200
    assert "Amara has graduated, so you do not need to do anything." in shown.text
    assert [words in shown.text for words in ("Please read and sign", "Sign the contract", "Send comment")] == [
        False, False, False,
    ]  # fmt: skip
    client.post(sponsors_page, SIGNED)
    assert "sponsor" not in LearningContract.objects.get().signed()


def test_a_new_link_to_a_graduates_contract_asks_for_no_signature(
    client, sponsors_page, helen, graduated, time_machine
):
    time_machine.move_to(NOW + LINK_LASTS + timedelta(days=1), tick=False)
    client.post(sponsors_page)
    letter = Message.objects.get(kind="modules.contract_link", person=helen)
    assert (
        "Amara Mensah has graduated, so you do not need to do anything. You can still read the contract." in letter.text
    )
    assert "waits for your signature" not in letter.text
    assert "Read and sign" not in letter.text


def test_a_graduate_sends_no_contract_for_signature(contract, amara, graduated):
    with pytest.raises(NotPossible, match="Amara Mensah has graduated"):
        propose_contract(contract=contract, version=1, by=amara, now=NOW)


def test_a_reader_sees_their_own_comments_and_nobody_elses_of_the_same_name(
    client, sponsors_page, contract, ade, helen
):
    helen.name = ade.name
    helen.save()
    comment_on_contract(contract=contract, words="Between us two", by=ade, now=NOW)

    assert "Between us two" not in client.get(sponsors_page).text


def test_a_link_opens_its_own_contract_alone(client, sponsors_page, cohort, helen):
    other = sent_contract(PlaceFactory(cohort=cohort, person__name="Tom Brook", sponsor=helen), now=NOW)
    client.post(sponsors_page, SIGNED)

    assert "Tom Brook" not in client.get(sponsors_page).text
    assert "sponsor" not in other.signed()


def test_a_new_link_is_for_readers_alone(contract, otto):
    with pytest.raises(NotPossible, match="nothing to read or sign"):
        send_signing_link(contract=contract, reader=otto, now=NOW)


def test_the_sponsor_asks_for_a_pdf(client, sponsors_page):
    pdf = sponsors_page + "pdf/"
    assert client.get(pdf).url == sponsors_page
    assert not Document.objects.exists()
    assert client.post(pdf, {"anew": "yes"}).url == pdf
    shown = client.get(pdf)
    assert (shown.status_code, Document.objects.count()) == (200, 1)
