"""The nominator's pages by private link: every door, every wrong turn, nothing typed lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Programme
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, Person, PrivateLink
from nominations import actions
from nominations.actions import (
    ask_to_replace,
    decline_nomination,
    draft_path,
    extend_deadline,
    finish_share,
    invite,
    nobody_this_time,
    path_here,
    save_section,
    send_nomination,
    share_section,
)
from nominations.models import Clash, Invitation, NobodyThisTime, Nomination, Replacement, TellMe
from tests.cohorts.factories import CohortFactory
from tests.nominations.factories import ANSWERS, CLOSED, OPEN, RoundFactory, application, complete, draft, fill, sent
from tests.people.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(OPEN)


@pytest.fixture
def mine(this_round, camden):
    return draft(this_round, organisation=camden)


def text(response):
    return " ".join(response.content.decode().split())


def start(client, this_round, employer, **given):
    page = reverse("nominate_start", args=[this_round.cohort.slug])
    shown = client.get(page)
    values = {
        "form_uuid": str(shown.context["form"]["form_uuid"].value()),
        "organisation": employer.pk,
        "name": "Helen Marsh",
        "email": "helen.marsh@example.org",
        **given,
    }
    return client.post(page, values), values


def row_counts():
    return [
        model.objects.count()
        for model in (Nomination, Invitation, NobodyThisTime, AuditEvent, Message, PrivateLink, Person, Document, Clash)
    ]


def test_the_front_page_opens_the_door_while_nominations_are_open(client, this_round):
    page = text(client.get("/"))

    assert reverse("nominate") in page
    assert "Friday 1 May" in page


def test_between_rounds_the_front_page_offers_to_tell(client, this_round, time_machine):
    time_machine.move_to(CLOSED)
    programme = this_round.cohort.programme
    assert "Tell me when nominations open" in text(client.get("/"))

    answer = client.post(
        reverse("tell_me", args=[programme.slug]), {f"{programme.slug}-email": "asks@example.org"}, follow=True
    )

    assert "We will write to you once" in text(answer)
    assert list(TellMe.objects.values_list("email", flat=True)) == ["asks@example.org"]


def test_a_wrong_address_to_tell_is_kept_and_explained(client, this_round, time_machine):
    time_machine.move_to(CLOSED)
    programme = this_round.cohort.programme
    answer = client.post(reverse("tell_me", args=[programme.slug]), {f"{programme.slug}-email": "asks at example"})

    assert answer.status_code == 422
    assert 'value="asks at example"' in text(answer)


def test_starting_leads_to_the_task_list_and_mails_the_link(client, this_round, camden):
    answer, _ = start(client, this_round, camden)
    nomination = Nomination.objects.get()

    assert answer.url == path_here(nomination, timezone.now())
    assert "Nominate an Assistant Director" in text(client.get(answer.url))
    assert Message.objects.get().to_email == "helen.marsh@example.org"


def test_a_double_submit_starts_one_draft(client, this_round, camden):
    first, values = start(client, this_round, camden)
    second = client.post(reverse("nominate_start", args=[this_round.cohort.slug]), values)

    assert first.url == second.url
    assert Nomination.objects.count() == 1


def test_a_form_that_was_tampered_with_is_refused_kindly(client, this_round, camden):
    for wrong in ({"form_uuid": "x"}, {"organisation": "999999"}, {"email": "no"}):
        answer, _ = start(client, this_round, camden, **wrong)
        assert answer.status_code == 422


def test_a_closed_round_says_when_it_closed_and_whom_to_ask(client, this_round, time_machine):
    time_machine.move_to(CLOSED)
    page = text(client.get(reverse("nominate_start", args=[this_round.cohort.slug])))

    assert "closed on Friday 1 May 2026, 6pm" in page
    assert "ask Rosalind Tate" in page


def test_a_round_that_closed_while_typing_keeps_what_was_typed(client, this_round, camden, time_machine):
    page = reverse("nominate_start", args=[this_round.cohort.slug])
    _, values = start(client, this_round, camden, form_uuid="00000000-0000-4000-8000-000000000001", email="bad")
    time_machine.move_to(CLOSED)
    answer = client.post(page, {**values, "email": "helen.marsh@example.org"})

    assert answer.status_code == 422
    assert "Helen Marsh" in text(answer)
    assert "closed at Friday 1 May 2026" in text(answer)


@pytest.mark.parametrize("part", ["", "check/", "share/", "nominee/", "why/passion/", "delete/", "nobody/", "link/"])
def test_opening_a_page_changes_nothing(client, mine, part):
    address = draft_path(mine, timezone.now())
    before = row_counts()
    client.get(address + part)

    assert row_counts() == before


def test_reading_the_invitation_leaves_no_trace_and_its_button_does(client, this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    address = reverse("invitation", args=[PrivateLink.objects.get().token])
    assert "Helen, whom does Camden put forward?" in text(client.get(address))
    assert Invitation.objects.get().opened_at is None

    first, again = client.post(address), client.post(address)

    assert first.url == again.url
    assert Invitation.objects.get().opened_at is not None
    assert Nomination.objects.count() == 1


def test_an_invited_director_has_nobody_in_one_click_and_can_undo_it(client, this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    token = PrivateLink.objects.get().token
    client.post(reverse("invitation_nobody", args=[token]), {"reason": ""})
    assert "Noted: nobody this time" in text(client.get(reverse("invitation", args=[token])))

    client.post(reverse("invitation", args=[token]), {"undo": "yes"})

    assert NobodyThisTime.objects.get().undone_at is not None


def test_nobody_can_be_said_from_a_draft_and_undone(client, mine):
    address = draft_path(mine, timezone.now()) + "nobody/"
    client.post(address, {"reason": "Restructure"})
    assert "hears no more from us" in text(client.get(address))

    client.post(address, {"undo": "yes"})

    assert NobodyThisTime.objects.get().undone_at is not None
    assert Nomination.objects.get().is_draft


def test_a_stranger_who_typed_a_directors_address_does_not_answer_for_their_organisation(
    client, this_round, camden, helen, rosalind
):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    answer, _ = start(client, this_round, camden)
    assert "say it there" in text(client.get(answer.url + "nobody/"))

    assert client.post(answer.url + "nobody/", {"reason": ""}).status_code == 409

    assert not NobodyThisTime.objects.exists()
    nobody_this_time(round=this_round, organisation=camden, person=helen, by=helen, now=OPEN)
    client.post(answer.url + "nobody/", {"undo": "yes"})
    assert NobodyThisTime.objects.get().undone_at is None


def test_a_colleague_who_was_not_invited_leaves_the_answer_to_who_was(client, this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    theirs = draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole")
    address = draft_path(theirs, timezone.now()) + "nobody/"
    assert "Somebody at Camden was invited" in text(client.get(address))

    client.post(address, {"reason": ""})

    assert not NobodyThisTime.objects.exists()


def test_whoever_began_openly_says_nobody_by_the_link_that_was_mailed(client, this_round, camden):
    start(client, this_round, camden)
    mailed = PrivateLink.objects.get(email="helen.marsh@example.org")
    client.post(reverse("nomination_nobody", args=[mailed.token]), {"reason": ""})

    assert NobodyThisTime.objects.get().person.email == "helen.marsh@example.org"


def test_an_invited_colleague_is_told_kindly_who_nominated(client, this_round, camden, helen, rosalind):
    sent(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole")
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    link = PrivateLink.objects.get(purpose="nominations.invitation", subject_id=invitation.pk)

    assert "Camden has already nominated" in text(client.get(reverse("invitation", args=[link.token])))


def test_an_invitation_that_was_answered_says_so_and_asks_nothing_more(client, this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    token = PrivateLink.objects.get().token
    nomination = sent(this_round, invitation=invitation, answers={"nominee_name": "Amina Rahman"})
    address = reverse("invitation", args=[token])
    page = text(client.get(address))
    assert "You nominated Amina Rahman for Cohort 7" in page
    assert nomination.reference in page
    assert "We have nobody this time" not in page
    assert client.get(reverse("invitation_nobody", args=[token])).url == address

    assert "Nomination sent" in text(client.post(address, follow=True))


def test_every_page_is_saved_and_leads_to_the_next(client, mine):
    address = draft_path(mine, timezone.now())
    answer = client.post(
        address + "nominee/", {"nominee_name": "Amina Rahman", "nominee_email": "Amina@example.org", "seen": 0}
    )

    mine.refresh_from_db()
    assert answer.url == address + "nominee/post/"
    assert (mine.nominee_name, mine.nominee_email) == ("Amina Rahman", "amina@example.org")


def test_coming_back_later_saves_what_there_is(client, mine):
    address = draft_path(mine, timezone.now())
    answer = client.post(
        address + "nominee/", {"nominee_name": "Amina Rahman", "nominee_email": "", "seen": 0, "later": "yes"}
    )

    mine.refresh_from_db()
    assert answer.url == address
    assert mine.nominee_name == "Amina Rahman"


def test_an_answer_that_is_a_few_words_too_long_is_saved_for_later_and_not_complete(client, mine):
    fill(mine)
    address = draft_path(mine, timezone.now())
    words = " ".join(["word"] * 215)
    page = text(client.post(address + "why/passion/", {"why": words, "seen": 99, "later": "yes"}, follow=True))

    assert "“Passionate about service” has 215 words, and can have 200. Shorten it before it is sent." in page
    mine.refresh_from_db()
    assert mine.why["passion"] == words
    assert "In progress" in page
    assert "is not complete yet" in text(client.get(address + "check/"))


def test_what_was_left_half_way_is_not_complete_and_one_comes_back_to_it(client, mine):
    address = draft_path(mine, timezone.now())
    fill(mine)
    client.post(address + "why/learning/", {"why": "She reads a", "seen": 99, "later": "yes"})
    page = text(client.get(address))

    assert f'<a href="{address}why/learning/" role="button"' in page
    assert "Continue: why this person, why now" in page
    client.post(address + "why/learning/", {"why": "She reads a", "seen": 99})
    assert "Check and send</a>" in text(client.get(address))


def test_looking_at_a_finished_page_leaves_it_finished(client, mine):
    finished = fill(mine)
    address = draft_path(mine, timezone.now())
    client.post(address + "why/learning/", {"why": finished.why["learning"], "seen": 99, "back": "yes"})

    assert "Check and send</a>" in text(client.get(address))


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [("back", "why/passion/"), ("link", ""), ("nobody", "nobody/"), ("later", "")],
)
def test_every_button_that_leads_away_from_a_page_saves_it_first(client, mine, button, leads_to):
    address = draft_path(mine, timezone.now())
    shown = text(client.get(address + "why/learning/"))
    assert f'name="{button}" value="yes">' in shown

    answer = client.post(address + "why/learning/", {"why": "Half a sent", "seen": 0, button: "yes"})

    assert answer.url == address + leads_to
    mine.refresh_from_db()
    assert mine.why["learning"] == "Half a sent"


def test_the_link_that_is_asked_for_on_a_page_is_mailed_again(client, mine, time_machine):
    time_machine.move_to(OPEN + timedelta(hours=1))
    client.post(draft_path(mine, timezone.now()) + "why/learning/", {"why": "Half", "seen": 0, "link": "yes"})

    assert Message.objects.filter(kind="nominations.draft_link").count() == 2


def test_text_pasted_from_word_is_kept_word_for_word(client, mine):
    pasted = "“Brilliant” – she\u00a0led…\r\n\uf0b7 three teams\r\n\uf0b7 two budgets"
    client.post(draft_path(mine, timezone.now()) + "why/passion/", {"why": pasted, "seen": 0})

    mine.refresh_from_db()
    assert mine.why["passion"] == "“Brilliant” – she led…\n• three teams\n• two budgets"


def test_a_text_that_is_too_long_comes_back_whole(client, mine):
    words = " ".join(f"word{n}" for n in range(230))
    answer = client.post(draft_path(mine, timezone.now()) + "why/passion/", {"why": words, "seen": 0})

    assert answer.status_code == 422
    assert "word229" in text(answer)
    assert "200 words or fewer; there are 230" in text(answer)
    assert "<title>Error: " in text(answer)


def test_nobody_is_their_own_sponsor(client, open_programme):
    nomination = application(open_programme)
    answer = client.post(
        draft_path(nomination, timezone.now()) + "sponsor/",
        {"sponsor_name": "Yusuf Demir", "sponsor_email": "Yusuf.Demir@example.org", "seen": 0},
    )

    assert answer.status_code == 422
    assert "Give the address of your sponsor, not your own" in text(answer)


def test_a_post_that_is_not_eligible_is_explained(client, mine):
    answer = client.post(
        draft_path(mine, timezone.now()) + "nominee/post/",
        {"nominee_role_title": "Chief", "nominee_service": "All", "nominee_level": "other", "seen": 0},
    )

    assert "The programme is for Assistant Director posts" in text(answer)
    assert "None of these" not in text(answer)


def test_a_stale_tab_shows_both_texts_and_lets_choose(client, mine):
    address = draft_path(mine, timezone.now())
    client.post(address + "why/passion/", {"why": "From the office.", "seen": 0})
    answer = client.post(address + "why/passion/", {"why": "From the train.", "seen": 0}, follow=True)
    page = text(answer)
    assert "From the office." in page
    assert "From the train." in page
    assert "See both and choose" in text(client.get(address))

    client.post(answer.redirect_chain[-1][0], {"keep": "typed", "seen": 1})

    mine.refresh_from_db()
    assert mine.why["passion"] == "From the train."
    assert "was chosen already" in text(client.get(answer.redirect_chain[-1][0], follow=True))


def test_a_text_that_nobody_has_seen_is_not_lost_when_two_others_are_chosen_between(client, mine):
    address = draft_path(mine, timezone.now())
    client.post(address + "why/passion/", {"why": "From the office.", "seen": 0})
    both = client.post(address + "why/passion/", {"why": "From the train.", "seen": 0}).url
    client.post(address + "why/passion/", {"why": "From the sofa.", "seen": 1})
    page = text(client.post(both, {"keep": "typed", "seen": 1}, follow=True))

    assert "changed once more since you looked" in page
    assert "From the sofa." in page
    mine.refresh_from_db()
    assert mine.why["passion"] == "From the sofa."


def test_two_texts_for_a_question_that_left_the_form_neither_fail_nor_stop_the_sending(client, mine):
    clash = Clash.objects.create(nomination=mine, page="why/gone", typed={"why:gone": "Words."}, kept_at=OPEN)
    address = draft_path(mine, timezone.now())
    fill(mine)
    assert "Ready" in text(client.get(address))
    assert client.get(f"{address}both/{clash.pk}/").status_code == 404

    client.post(address + "check/", {"true": "on"})

    assert Nomination.objects.get().state == "sent"


def test_a_colleague_fills_a_section_and_sees_no_other(client, mine):
    share = share_section(
        nomination=mine, section="council", name="Femi", email="femi@example.org", by="Helen", now=timezone.now()
    )
    token = PrivateLink.objects.get(purpose="nominations.section").token
    home = reverse("shared_section", args=[token])
    assert "Helen Marsh asks you to fill in a section" in text(client.get(home))
    for key in ("nominee", "why/passion", "about-you"):
        assert client.get(reverse("shared_page", args=[token, key])).status_code == 404

    for key in ("council", "council/people", "council/fee"):
        answer = client.post(reverse("shared_page", args=[token, key]), {**ANSWERS, "release_agreed": "on", "seen": 9})
    assert answer.url == home
    client.post(home)

    share.refresh_from_db()
    mine.refresh_from_db()
    assert share.filled_at is not None
    assert mine.sponsor_name == "Grace Lin"


def test_the_director_shares_and_takes_the_link_back(client, mine):
    address = draft_path(mine, timezone.now()) + "share/"
    client.post(address, {"section": "council", "name": "Femi Adebayo", "email": "femi@example.org"})
    assert "Femi Adebayo" in text(client.get(address))
    share = mine.shares.get()
    token = PrivateLink.objects.get(purpose="nominations.section").token

    client.post(f"{address}{share.pk}/revoke/")

    page = client.get(reverse("shared_section", args=[token]))
    assert page.status_code == 410
    assert "This link no longer works" in text(page)


def test_check_and_send_gives_a_receipt_that_can_be_bookmarked(client, mine):
    fill(mine)
    address = draft_path(mine, timezone.now())
    assert "Check your answers" in text(client.get(address + "check/"))
    answer = client.post(address + "check/", {"true": "on"})

    assert answer.url == address + "sent/"
    for _ in range(2):
        assert 'Your reference is <strong class="nowrap">N7-0001</strong>' in text(client.get(answer.url))
    assert client.get(address).url == answer.url
    assert client.post(address + "check/", {"true": "on"}).url == answer.url
    assert Message.objects.filter(kind="nominations.sent").count() == 1


def test_nothing_is_sent_without_the_tick(client, mine):
    fill(mine)
    answer = client.post(draft_path(mine, timezone.now()) + "check/", {})

    assert answer.status_code == 422
    assert Nomination.objects.get().is_draft


def test_a_second_nomination_meets_a_kind_page_and_may_ask_to_replace(client, this_round, camden):
    sent(this_round, organisation=camden)
    second = fill(draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole"))
    address = draft_path(second, timezone.now())
    answer = client.post(address + "check/", {"true": "on"}, follow=True)
    page = text(answer)
    assert "Camden has already nominated" in page
    assert "nothing you wrote is lost" in page
    assert "Helen Marsh" not in page, "a stranger must not learn who nominated"

    client.post(address + "replace/")

    assert "We have asked your colleague" in text(client.get(address + "replace/"))
    link = PrivateLink.objects.get(purpose="nominations.replace")
    asked = reverse("replacement", args=[link.token])
    assert f"would like to nominate <b>{second.nominee_name}</b>" in text(client.get(asked))
    client.post(asked, {"seen": second.version})
    second.refresh_from_db()
    assert second.state == "sent"


def rivals(this_round, camden):
    """Helen's standing nomination, Martin's complete draft, and the addresses of his draft and of her question."""
    standing = sent(this_round, organisation=camden, answers={"nominee_name": "Amina Rahman"})
    second = fill(draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole"))
    ask_to_replace(draft=second, by="Martin Cole", now=OPEN, proved=True)
    link = PrivateLink.objects.get(purpose="nominations.replace")
    return standing, second, draft_path(second, timezone.now()), reverse("replacement", args=[link.token])


def test_nobody_is_asked_to_give_way_to_a_draft_that_could_not_be_sent(client, this_round, camden):
    sent(this_round, organisation=camden)
    empty = draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole")
    address = draft_path(empty, timezone.now()) + "replace/"
    page = text(client.get(address))
    assert "Complete yours first" in page
    assert "Ask to replace it" not in page

    assert client.post(address).status_code == 409

    assert not Message.objects.filter(kind="nominations.replacement_asked").exists()


def test_a_colleague_who_keeps_theirs_says_so_and_whoever_asked_hears_it(client, this_round, camden):
    standing, second, address, asked = rivals(this_round, camden)

    assert "Yours stands" in text(client.post(asked, {"keep": "yes"}, follow=True))

    letter = Message.objects.get(kind="nominations.replacement_refused")
    assert letter.to_email == "martin.cole@example.org"
    assert "Your colleague has answered that theirs stands" in text(client.get(address + "replace/"))
    client.post(address + "replace/")
    assert Message.objects.filter(kind="nominations.replacement_asked").count() == 1
    standing.refresh_from_db()
    second.refresh_from_db()
    assert (standing.state, second.state) == ("sent", "draft")


def test_a_colleague_agrees_only_to_what_they_have_read(client, this_round, camden):
    _, second, address, asked = rivals(this_round, camden)
    seen = second.version
    client.post(address + "nominee/", {"nominee_name": "Jo Blake", "nominee_email": "jo@example.org", "seen": seen})

    page = text(client.post(asked, {"seen": seen}, follow=True))

    assert "was changed since you looked" in page
    assert "would like to nominate <b>Jo Blake</b>" in page
    second.refresh_from_db()
    assert second.is_draft
    client.post(address + "why/passion/", {"why": "", "seen": 99, "later": "yes"})
    page = text(client.get(asked))
    assert "is changing it at the moment" in page
    assert "Agree: let it take the place of mine" not in page


def test_an_address_that_was_only_typed_neither_sees_nor_replaces_a_nomination(client, this_round, camden):
    standing = sent(this_round, organisation=camden, answers={"nominee_name": "Amina Rahman"})
    answer, _ = start(client, this_round, camden)
    fill(Nomination.objects.drafts().get(), nominee_name="Mallory Stone")
    page = text(client.post(answer.url + "check/", {"true": "on"}, follow=True))
    assert "Camden has already nominated" in page
    assert "Amina Rahman" not in page
    assert "Replace my earlier nomination" not in page

    page = text(client.post(answer.url + "replace/", follow=True))

    assert "We are emailing your private link to helen.marsh@example.org" in page
    standing.refresh_from_db()
    assert standing.state == "sent"
    assert not Replacement.objects.exists()
    assert not Message.objects.filter(kind="nominations.replacement_asked").exists()


def inbox_link(kind):
    """The path of the button in the newest letter of this kind."""
    return re.search(r"https?://[^/\s]+(/\S+)", Message.objects.filter(kind=kind).latest("pk").text)[1]


def test_an_address_that_was_only_typed_takes_no_place_and_writes_to_nobody_but_itself(
    client, this_round, camden, helen, rosalind
):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    answer, _ = start(client, this_round, camden, name="Nina New", email="nina.new@example.org")
    nomination = fill(Nomination.objects.get(), nominee_email="amina.rahman@example.org")
    assert "you send it from there" in text(client.get(answer.url + "check/"))

    page = text(client.post(answer.url + "check/", {"true": "on"}, follow=True))

    assert "One more step: send it from your inbox" in page
    assert "nina.new@example.org" in page.replace("<wbr>", "")
    assert "It is not sent yet" in text(client.get(answer.url))
    nomination.refresh_from_db()
    assert nomination.is_draft
    assert not Message.objects.filter(to_email="amina.rahman@example.org").exists()
    token = PrivateLink.objects.get(purpose="nominations.invitation", subject_id=invitation.pk).token
    assert "Helen, whom does Camden put forward?" in text(client.get(reverse("invitation", args=[token])))


def test_one_button_of_the_mailed_link_sends_what_was_stood_by(client, this_round, camden):
    answer, _ = start(client, this_round, camden)
    fill(Nomination.objects.get())
    client.post(answer.url + "check/", {"true": "on"})
    mailed = inbox_link("nominations.to_send")
    assert mailed.endswith("/check/")
    page = text(client.get(mailed))
    assert "By sending it you confirm" in page
    assert 'name="true"' not in page

    receipt = text(client.post(mailed, follow=True))

    assert "Nomination sent" in receipt
    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.attested_by) == ("sent", "Helen Marsh")


def test_the_browser_that_only_began_it_sees_no_more_of_it_once_it_is_sent(client, this_round, camden):
    answer, _ = start(client, this_round, camden)
    nomination = fill(Nomination.objects.get())
    client.post(answer.url + "check/", {"true": "on"})
    client.post(inbox_link("nominations.to_send"))

    page = text(client.get(answer.url, follow=True))
    assert "Nomination sent" in page
    assert "was sent from your inbox" in page
    assert nomination.nominee_name not in page
    for name in ("withdraw/", "substitute/"):
        assert client.post(answer.url + name).status_code == 409
    nomination.refresh_from_db()
    assert nomination.state == "sent"


def test_what_was_changed_since_it_was_stood_by_is_stood_by_again(client, this_round, camden):
    answer, _ = start(client, this_round, camden)
    nomination = fill(Nomination.objects.get())
    client.post(answer.url + "check/", {"true": "on"})
    later = OPEN + timedelta(minutes=1)
    save_section(nomination=nomination, page="why/passion", values={"why:passion": "Better."}, by="Helen", now=later)

    assert client.post(inbox_link("nominations.to_send")).status_code == 422
    assert client.post(inbox_link("nominations.to_send"), {"true": "on"}).status_code == 302

    assert Nomination.objects.get().state == "sent"


def test_the_link_that_sends_is_mailed_at_most_once_in_ten_minutes(client, this_round, camden):
    answer, _ = start(client, this_round, camden)
    fill(Nomination.objects.get())
    for _ in range(3):
        client.post(answer.url + "check/", {"true": "on"})

    assert Message.objects.filter(kind="nominations.to_send").count() == 1


def test_an_applicant_sends_from_the_inbox_too(client, open_programme):
    nomination = fill(application(open_programme), nominee_name="Yusuf Demir")
    here = path_here(nomination, timezone.now())

    page = text(client.post(here + "check/", {"true": "on"}, follow=True))

    assert "Open that email and press “Send application”" in page
    nomination.refresh_from_db()
    assert nomination.is_draft
    client.post(inbox_link("nominations.to_send"))
    nomination.refresh_from_db()
    assert nomination.state == "sent"


def test_the_link_that_was_mailed_replaces_an_own_earlier_nomination(client, this_round, camden):
    standing = sent(this_round, organisation=camden)
    second = fill(draft(this_round, organisation=camden), nominee_name="Jo Blake")
    address = draft_path(second, timezone.now())
    assert "Replace my earlier nomination" in text(client.post(address + "check/", {"true": "on"}, follow=True))

    client.post(address + "replace/")

    standing.refresh_from_db()
    assert standing.state == "replaced"
    assert not Message.objects.filter(kind="nominations.replacement_asked").exists()


def test_a_nominator_replaces_their_own_nomination(client, this_round, camden):
    first = complete(this_round, organisation=camden)
    address = draft_path(first, timezone.now())
    begun = client.post(address + "substitute/").url
    second = fill(Nomination.objects.drafts().get(), nominee_name="Jo Blake")
    client.post(begun + "check/", {"true": "on"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "sent")


def test_a_substitute_that_a_colleague_overtook_asks_that_colleague(client, this_round, camden):
    first = sent(this_round, organisation=camden)
    begun = client.post(draft_path(first, timezone.now()) + "substitute/").url
    decline_nomination(nomination=first, by=first.nominee, now=timezone.now())
    sent(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole")
    second = fill(Nomination.objects.drafts().get(), nominee_name="Jo Blake")
    page = text(client.post(begun + "check/", {"true": "on"}, follow=True))
    assert "Ask to replace it" in page
    assert "We have asked your colleague" not in page

    assert "We have asked your colleague" in text(client.post(begun + "replace/", follow=True))

    assert Message.objects.get(kind="nominations.replacement_asked").to_email == "martin.cole@example.org"
    link = PrivateLink.objects.get(purpose="nominations.replace")
    client.post(reverse("replacement", args=[link.token]), {"seen": second.version})
    second.refresh_from_db()
    assert second.state == "sent"


def test_the_receipt_offers_a_substitute_for_as_long_as_the_nominators_own_deadline(
    client, this_round, rosalind, time_machine
):
    late = fill(draft(this_round))
    past_the_cutoff = this_round.substitutes_until + timedelta(hours=1)
    extend_deadline(subject=late, until=past_the_cutoff + timedelta(days=1), reason="Ill", by=rosalind, now=OPEN)
    send_nomination(nomination=late, attested_by="Helen Marsh", by=None, now=OPEN, proved=True)
    time_machine.move_to(past_the_cutoff)
    address = draft_path(late, timezone.now())
    assert "Nominate somebody else instead" in text(client.get(address + "sent/"))

    client.post(address + "substitute/")

    assert Nomination.objects.drafts().exists()


def test_a_sent_nomination_is_withdrawn_with_a_reason(client, this_round):
    nomination = sent(this_round)
    client.post(draft_path(nomination, timezone.now()) + "withdraw/", {"reason": "Left the council"})

    nomination.refresh_from_db()
    assert (nomination.state, nomination.ended_reason) == ("withdrawn", "Left the council")


def test_the_pdf_copy_opens_when_it_is_ready_and_says_so_before(client, this_round):
    nomination = sent(this_round)
    address = draft_path(nomination, timezone.now()) + "copy/"
    assert "being prepared" in text(client.get(address, follow=True))
    Document.objects.update(state="ready", content=b"%PDF-", rendered_at=OPEN, filename="N7-0001.pdf")

    answer = client.get(address)

    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-")


def test_a_deleted_draft_says_goodbye_and_its_link_stops(client, mine):
    address = draft_path(mine, timezone.now())
    assert "Delete this draft?" in text(client.get(address + "delete/"))
    assert "is gone" in text(client.post(address + "delete/"))

    assert client.get(address).status_code == 410


def test_a_draft_after_the_deadline_keeps_everything_and_names_whom_to_ask(client, mine, time_machine):
    address = draft_path(mine, timezone.now())
    time_machine.move_to(CLOSED)

    for page in ("", "nominee/", "check/"):
        shown = text(client.get(address + page))
        assert "Nominations have closed" in shown
        assert "ask Rosalind Tate" in shown


def test_a_page_that_was_open_when_nominations_closed_is_saved_and_not_sent(client, mine, time_machine):
    address = draft_path(mine, timezone.now())
    time_machine.move_to(CLOSED)
    answer = client.post(address + "why/passion/", {"why": "Written until the last second.", "seen": 0}, follow=True)

    mine.refresh_from_db()
    assert mine.why["passion"] == "Written until the last second."
    assert "What you wrote is kept" in text(answer)
    fill(mine, now=CLOSED)
    client.post(address + "check/", {"true": "on"})
    assert Nomination.objects.get().is_draft


def test_a_colleague_who_was_late_by_a_second_is_saved_too(client, mine, time_machine):
    share_section(nomination=mine, section="council", name="Femi", email="f@example.org", by="Helen", now=OPEN)
    token = PrivateLink.objects.get(purpose="nominations.section").token
    time_machine.move_to(CLOSED)
    client.post(reverse("shared_page", args=[token, "council"]), {"release_agreed": "on", "cover": "Two heads share."})

    mine.refresh_from_db()
    assert mine.cover == "Two heads share."


def test_a_page_of_a_nomination_sent_from_another_tab_comes_back_with_its_words(client, mine):
    address = draft_path(mine, timezone.now())
    fill(mine)
    client.post(address + "check/", {"true": "on"})
    answer = client.post(address + "why/passion/", {"why": "Words worth keeping.", "seen": 0})

    assert answer.status_code == 422
    assert "has been sent, so it can no longer be changed" in text(answer)
    assert "Words worth keeping." in text(answer)


def test_an_unknown_link_is_a_kind_404(client):
    for name in ("nomination", "invitation", "nominee_accept", "offer", "endorse", "equality", "shared_section"):
        page = client.get(reverse(name, args=["wrong"]))
        assert page.status_code == 404
        assert "We do not know this link" in text(page)


def test_a_link_for_one_purpose_opens_no_other(client, mine):
    token = PrivateLink.objects.get().token

    assert client.get(reverse("nominee_accept", args=[token])).status_code == 404
    assert client.get(reverse("offer", args=[token])).status_code == 404


def test_an_expired_link_offers_a_new_one_by_mail_to_its_own_address(client, mine, time_machine):
    token = PrivateLink.objects.get().token
    time_machine.move_to(OPEN + timedelta(days=200))
    page = client.get(reverse("nomination", args=[token]))
    assert page.status_code == 410
    assert "This link has expired" in text(page)
    again = reverse("new_link", args=["nominations.draft", token])

    assert client.get(again).status_code == 405
    assert "Look in your inbox" in text(client.post(again))

    message = Message.objects.get(kind="nominations.new_link")
    assert message.to_email == "helen.marsh@example.org"
    fresh = PrivateLink.objects.order_by("-pk").first()
    assert fresh.token in message.text
    assert client.get(reverse("nomination", args=[fresh.token])).status_code == 200


def test_asking_for_a_new_link_while_the_first_works_opens_the_first(client, mine):
    token = PrivateLink.objects.get().token

    answer = client.post(reverse("new_link", args=["nominations.draft", token]))

    assert answer.url == reverse("nomination", args=[token])


def test_a_link_that_ended_with_its_key_is_renewed(client, mine, settings):
    token = PrivateLink.objects.get().token
    settings.SECRET_KEY = "another key"
    assert "This link has expired" in text(client.get(reverse("nomination", args=[token])))

    assert "Look in your inbox" in text(client.post(reverse("new_link", args=["nominations.draft", token])))

    assert Message.objects.get(kind="nominations.new_link").to_email == "helen.marsh@example.org"


def test_the_expired_link_of_an_open_start_is_renewed_by_mail_to_the_address_given(
    client, this_round, camden, time_machine
):
    answer, _ = start(client, this_round, camden)
    token = answer.url.strip("/").rsplit("/", 1)[-1]
    time_machine.move_to(OPEN + timedelta(days=200))
    client.post(reverse("new_link", args=["nominations.draft", token]))

    assert Message.objects.get(kind="nominations.new_link").to_email == "helen.marsh@example.org"


def test_a_page_of_questions_that_does_not_exist_is_a_404(client, mine):
    assert client.get(draft_path(mine, timezone.now()) + "salary/").status_code == 404


def test_the_section_in_the_address_leads_to_its_first_question(client, mine):
    address = draft_path(mine, timezone.now())

    assert client.get(address + "why/").url == address + "why/passion/"


def test_the_questions_can_be_read_beforehand_in_the_words_of_the_form(client, this_round):
    page = text(client.get(reverse("nominate_questions", args=[this_round.cohort.slug])))

    assert "<b>Your full name</b>" in page
    assert "<b>Telephone (optional)</b><br>Only if we have a question about your nomination" in page
    assert '<b>Passionate about service</b> <span class="quiet">Up to 200 words.</span>' in page
    assert "<li>Assistant Director</li>" in page


def test_the_questions_can_be_downloaded_as_text_to_write_in(client, this_round):
    answer = client.get(reverse("nominate_questions", args=[this_round.cohort.slug]), {"text": ""})

    assert answer["Content-Type"].startswith("text/plain")
    words = answer.content.decode()
    assert "How their work is covered meanwhile (optional)\r\nA sentence is enough\r\nUp to 100 words." in words
    assert "nominator_name" not in words


def test_an_applicant_reads_the_questions_of_the_application(client, open_programme):
    page = text(client.get(reverse("nominate_questions", args=[open_programme.cohort.slug]), {"apply": ""}))

    assert "What you are asked when you apply to Leaders for London," in page
    assert "<b>Can you come on all the dates?</b>" in page


def test_an_application_has_its_own_pages(client, open_programme):
    nomination = application(open_programme)
    address = draft_path(nomination, timezone.now())
    assert address.startswith("/apply/a/")
    assert "Apply to Leaders for London" in text(client.get(address))

    client.post(address + "commitment/", {"dates": "all", "date_clash": "", "seen": 0})

    nomination.refresh_from_db()
    assert nomination.dates_agreed


def test_an_applicant_who_may_miss_a_day_says_which_and_nothing_untrue(client, open_programme):
    nomination = application(open_programme)
    address = draft_path(nomination, timezone.now())
    wrong = client.post(address + "commitment/", {"dates": "clash", "date_clash": "", "seen": 0})
    assert (wrong.status_code, "Say which day you may miss" in text(wrong)) == (422, True)

    client.post(address + "commitment/", {"dates": "clash", "date_clash": "Module 2: my son's wedding", "seen": 0})

    nomination.refresh_from_db()
    assert (nomination.dates, nomination.dates_agreed) == ("clash", False)
    check = text(client.get(address + "check/"))
    assert "No, I may miss a day" in check
    assert "Module 2: my son&#x27;s wedding" in check


def test_an_optional_question_that_was_left_out_does_not_wait_for_an_answer(client, this_round):
    nomination = fill(draft(this_round), purchase_order="")
    page = text(client.get(draft_path(nomination, timezone.now()) + "check/"))

    assert "Not answered yet" not in page
    assert "Not given" in page


def test_somebody_applies_whose_organisation_is_not_listed(client, open_programme):
    page = reverse("apply_start", args=[open_programme.cohort.slug])
    values = {
        "form_uuid": "00000000-0000-4000-8000-000000000001",
        "organisation": "",
        "organisation_name": "Medway Council",
        "organisation_kind": "outside_london",
        "name": "Yusuf Demir",
        "email": "yusuf@example.org",
    }
    assert client.post(page, {**values, "organisation_name": ""}).status_code == 422
    client.post(page, values)

    assert Nomination.objects.get().employer == "Medway Council"


def test_a_programme_without_applications_has_no_such_door(client, this_round):
    assert client.get(reverse("apply_start", args=[this_round.cohort.slug])).status_code == 404


@pytest.mark.parametrize(("part", "most"), [("", 10), ("nominee/", 8), ("check/", 10)])
def test_the_task_list_costs_the_same_at_30_cohorts(client, mine, django_assert_max_num_queries, part, most):
    address = draft_path(mine, timezone.now()) + part
    with django_assert_max_num_queries(most) as alone:
        client.get(address)
    for number in range(30):
        cohort = CohortFactory(programme=mine.cohort.programme, number=100 + number, slug=f"more-{number}")
        RoundFactory(cohort=cohort)
    with django_assert_max_num_queries(len(alone)):
        client.get(address)


def test_the_public_pages_cost_the_same_at_30_cohorts(client, this_round, django_assert_num_queries):
    counts = {}
    for address in ("/", reverse("nominate")):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        counts[address] = len(captured)
    for number in range(30):
        cohort = CohortFactory(programme=this_round.cohort.programme, number=100 + number, slug=f"more-{number}",
                               starts_on=this_round.cohort.starts_on - timedelta(days=364))  # fmt: skip
        RoundFactory(cohort=cohort)
    for address, count in counts.items():
        with django_assert_num_queries(count):
            client.get(address)


def test_an_authority_that_has_nominated_is_told_before_anything_is_filled_in(client, this_round, camden):
    first = sent(this_round, organisation=camden)
    other = draft(this_round, organisation=camden, email="martin.cole@example.org", name="Martin Cole")
    address = draft_path(other, timezone.now())

    for page in ("", "check/"):
        assert "<b>Camden has already nominated</b> for Cohort 7" in text(client.get(address + page))
    actions.withdraw_nomination(nomination=first, reason="", by="Helen Marsh", now=OPEN)
    assert "has already nominated" not in text(client.get(address))


def test_nobody_nominates_themselves_and_hears_so_on_the_page(client, mine):
    answer = client.post(
        draft_path(mine, timezone.now()) + "nominee/",
        {"nominee_name": "Helen Marsh", "nominee_email": "Helen.Marsh@example.org", "seen": 0},
    )

    assert answer.status_code == 422
    assert "this one is your own" in text(answer)


def test_what_was_begun_before_with_an_address_is_told_to_its_inbox_alone(client, this_round, camden):
    first, _ = start(client, this_round, camden)
    second, _ = start(client, this_round, camden, form_uuid="00000000-0000-4000-8000-000000000001")

    letter = Message.objects.filter(kind="nominations.draft_link").latest("pk")
    assert "YOU HAD BEGUN N7-0001 BEFORE" in letter.text
    assert "N7-0001" not in text(client.get(second.url))
    assert first.url != second.url


def test_a_telephone_number_has_figures(client, mine):
    given = {"nominator_name": "Helen Marsh", "nominator_role_title": "Director", "seen": 0}
    address = draft_path(mine, timezone.now()) + "about-you/"

    wrong = client.post(address, {**given, "nominator_phone": "not a phone"})

    assert (wrong.status_code, "Enter a telephone number" in text(wrong)) == (422, True)
    assert client.post(address, {**given, "nominator_phone": "+44 (0)20 7946 0001 ext. 4"}).status_code == 302


def test_a_director_who_is_asked_who_pays_reads_what_it_costs_or_when_they_will(client, mine):
    address = draft_path(mine, timezone.now()) + "council/fee/"
    assert "tells you the fee before anything is due" in text(client.get(address))

    Programme.objects.update(fee="£3,000 for each participant")

    assert "The fee: £3,000 for each participant." in text(client.get(address))


def test_sharing_again_with_the_same_colleague_says_that_nothing_was_sent(client, mine, time_machine):
    address = draft_path(mine, timezone.now()) + "share/"
    given = {"section": "council", "name": "Femi Adebayo", "email": "femi@example.org"}
    assert "We are emailing a link to Femi Adebayo. It comes within a minute." in text(
        client.post(address, given, follow=True)
    )
    time_machine.move_to(OPEN + timedelta(hours=1))

    again = text(client.post(address, given, follow=True))

    assert "Femi Adebayo has had a link to this section since 16 March, so we have not written again." in again
    assert Message.objects.filter(kind="nominations.section_shared").count() == 1


def test_what_was_sent_is_neither_deleted_nor_answered_with_nobody_any_more(client, this_round):
    address = draft_path(sent(this_round), timezone.now())

    for page in ("delete/", "nobody/"):
        assert client.get(address + page).url == address + "sent/"


def test_a_withdrawn_nomination_promises_nothing_and_leads_to_another(client, this_round):
    nomination = sent(this_round, answers={"nominee_name": "Samuel Adjei"})
    address = draft_path(nomination, timezone.now())
    accept = PrivateLink.objects.get(purpose="nominations.accept").token
    client.post(address + "withdraw/", {"reason": ""})

    page = text(client.get(address + "sent/"))

    assert "Your nomination of Samuel Adjei, N7-0001, goes no further." in page
    assert "hear by" not in page
    assert "receipt" not in page
    assert reverse("nominate_start", args=[this_round.cohort.slug]) in page
    assert client.get(address + "withdraw/").url == address + "sent/"
    nominees = client.get(reverse("nominee_accept", args=[accept]))
    assert (nominees.status_code, "This nomination goes no further" in text(nominees)) == (410, True)
    assert "begin here" not in text(nominees)


def test_a_receipt_names_whom_you_nominated(client, this_round):
    nomination = sent(this_round, answers={"nominee_name": "Samuel Adjei"})

    page = text(client.get(draft_path(nomination, timezone.now()) + "sent/"))

    assert "You nominated <b>Samuel Adjei</b>, Assistant Director, for Cohort 7 of the London Leadership" in page


def test_what_was_to_be_heard_by_a_day_gone_by_is_promised_no_more(client, this_round, time_machine):
    nomination = complete(this_round)
    address = draft_path(nomination, timezone.now()) + "sent/"
    assert "hear by" in text(client.get(address))
    time_machine.move_to(OPEN + timedelta(days=100))

    page = text(client.get(address))

    assert "hear by" not in page
    assert "ask Rosalind Tate if you have heard nothing" in page


def test_a_draft_that_was_not_sent_in_time_can_still_be_read(client, mine, time_machine):
    fill(mine, cover="Two heads of service share the work.")
    address = draft_path(mine, timezone.now())
    time_machine.move_to(CLOSED)

    page = text(client.get(address))

    assert "Two heads of service share the work." in page
    assert 'Closed</h2><p class="big">Friday 1 May 2026, 6pm' in page


def test_a_draft_says_that_its_organisation_has_nobody(client, mine):
    address = draft_path(mine, timezone.now())
    client.post(address + "nobody/", {"reason": ""})

    assert "we were told that Camden has nobody this time" in text(client.get(address))


def test_two_texts_are_led_to_wherever_they_stop_the_sending(client, this_round):
    nomination = fill(draft(this_round))
    clash = Clash.objects.create(nomination=nomination, page="council/fee", typed={}, kept_at=OPEN)
    address = draft_path(nomination, timezone.now())

    for page in ("", "check/"):
        assert f"{address}both/{clash.pk}/" in text(client.get(address + page))
    assert "You can send when you have chosen between the two texts above" in text(client.get(address))


def test_an_applicant_is_asked_for_an_organisation_in_the_list_or_else_its_name_and_kind(client, open_programme):
    OrganisationFactory(kind="independent", name="Independent")
    address = reverse("apply_start", args=[open_programme.cohort.slug])
    page = text(client.get(address))
    assert "Your organisation, if it is in the list" in page
    assert "If you work for yourself, choose “Independent”" in page
    assert page.count(">Independent<") == 1

    wrong = text(client.post(address, {"name": "", "email": "", "organisation": ""}))

    assert wrong.index("Choose your organisation, or type its name below") < wrong.index("Enter your full name")


def test_the_level_of_a_post_is_explained_before_it_is_asked(client, mine):
    page = text(client.get(draft_path(mine, timezone.now()) + "nominee/post/"))

    assert "The programme is for Assistant Director posts." in page


def test_an_applicant_is_told_what_the_panel_is_told(client, open_programme):
    address = draft_path(application(open_programme), timezone.now())

    assert "The panel is told:" in text(client.get(address + "why/passion/"))
    assert "Applications for Cohort 3" in text(client.get(address))


@pytest.mark.parametrize("name", ["front", "nominate", "apply"])
def test_participants_find_the_way_to_sign_in_on_every_public_page(client, this_round, name):
    assert reverse("account_login") in text(client.get(reverse(name)))


def test_what_comes_next_stands_before_the_list_of_tasks(client, mine):
    page = text(client.get(draft_path(mine, timezone.now())))

    assert page.index("Continue: about you") < page.index("govuk-task-list")


def test_a_title_says_the_name_of_its_page_once(client, mine):
    page = text(client.get(draft_path(mine, timezone.now()) + "about-you/"))

    assert "<title>About you – Leaders</title>" in page


def test_whoever_sends_a_nomination_reads_once_more_what_it_costs(client, mine):
    fill(mine)
    Programme.objects.update(fee="£3,000 for each participant")

    page = text(client.get(draft_path(mine, timezone.now()) + "check/"))

    assert "The fee: £3,000 for each participant. It is due only if a place is accepted." in page


def test_a_colleague_whose_section_was_sent_reads_that_it_was(client, mine):
    share = share_section(
        nomination=mine, section="council", name="Femi", email="femi@example.org", by="Helen", now=timezone.now()
    )
    finish_share(share=share, by="Femi", now=OPEN)
    token = PrivateLink.objects.get(purpose="nominations.section").token
    send_nomination(nomination=fill(mine), attested_by="Helen Marsh", by=None, now=OPEN, proved=True)

    assert "Helen Marsh has checked everything and sent it" in text(client.get(reverse("shared_section", args=[token])))
    page = text(client.get(reverse("shared_page", args=[token, "council"])))
    assert "Helen Marsh has sent the nomination, so there is nothing left to fill in. Thank you." in page


def test_what_stays_in_the_texts_is_said_where_blindness_is_promised(client, mine):
    page = text(client.get(draft_path(mine, timezone.now()) + "why/passion/"))

    assert "without names and organisations; words such as “she” or “his” stay" in page
