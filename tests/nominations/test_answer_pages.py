"""The pages of nominees, sponsors and those who are offered a place; the equality form apart."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cohorts.models import Place
from leaders.components.dates import day_time
from leaders.outbox.models import Message
from leaders.people.models import PrivateLink
from nominations.actions import decline_offer
from nominations.models import EqualityReturn, Offer, SavedAnswer
from tests.browsers import sign_in
from tests.modules.factories import six_modules
from tests.nominations.factories import ANSWERING, OPEN, READING, RELEASED, applied, complete, released, sent
from tests.people.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
WORDS = {"statement": "My words.", "contribution": "", "dates": "all", "date_clash": "", "access_needs": "A loop"}


def text(response):
    return " ".join(response.content.decode().split())


def path(name, purpose, subject):
    link = PrivateLink.objects.get(purpose=f"nominations.{purpose}", subject_id=subject.pk)
    return reverse(name, args=[link.token])


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(ANSWERING)


def test_a_nominee_reads_accepts_and_finds_the_equality_form_apart(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    assert "you are nominated" in text(client.get(address))

    answer = client.post(address + "statement/", WORDS, follow=True)

    page = text(answer)
    assert "You have accepted" in page
    assert path("equality", "equality", nomination) in page
    nomination.refresh_from_db()
    assert (nomination.state, nomination.access_needs) == ("complete", "A loop")


def test_a_nominee_who_may_miss_a_day_says_which(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination) + "statement/"
    assert client.post(address, {**WORDS, "dates": "clash"}).status_code == 422

    client.post(address, {**WORDS, "dates": "clash", "date_clash": "Module 2"})

    nomination.refresh_from_db()
    assert (nomination.dates_agreed, nomination.date_clash) == (False, "Module 2")


def test_what_a_nominee_typed_survives_an_error(client, this_round):
    address = path("nominee_accept", "accept", sent(this_round)) + "statement/"
    answer = client.post(address, {**WORDS, "dates": "", "statement": "Words worth keeping."})

    assert answer.status_code == 422
    assert "Words worth keeping." in text(answer)


def test_a_nominee_declines_and_sees_so(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    client.post(address + "decline/", {"reason": ""})

    page = text(client.get(address))
    assert "You have declined" in page
    assert "If that was a mistake, ask" in page


def test_opening_the_nominees_pages_changes_nothing(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    for page in ("", "statement/", "decline/"):
        client.get(address + page)

    nomination.refresh_from_db()
    assert nomination.state == "sent"


def test_a_late_nominee_is_told_whom_to_ask_and_loses_nothing(client, this_round, time_machine):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    time_machine.move_to(READING)
    for page in ("", "statement/", "decline/"):
        assert "The date to answer has passed" in text(client.get(address + page, follow=True))

    answer = client.post(address + "statement/", {**WORDS, "statement": "Words worth keeping."})

    assert answer.status_code == 422
    assert "Ask Rosalind Tate for more time" in text(answer)
    assert "Words worth keeping." in text(answer)


def test_the_nominator_never_sees_the_nominees_words(client, this_round):
    nomination = complete(this_round)
    link = PrivateLink.objects.get(purpose="nominations.draft")
    for page in ("", "sent/", "check/"):
        shown = text(client.get(reverse("nomination", args=[link.token]) + page, follow=True))
        assert nomination.statement not in shown
        assert "hearing loop" not in shown


def test_equality_answers_are_saved_changed_and_deleted(client, this_round):
    address = path("equality", "equality", complete(this_round))
    client.post(address, {"sex": "Female"})
    assert EqualityReturn.objects.get().answers == {"sex": "Female"}
    assert "checked" in text(client.get(address))

    client.post(address, {"delete": "yes"})

    assert not EqualityReturn.objects.exists()


def test_a_sponsor_endorses_without_an_account(client, open_programme):
    nomination = applied(open_programme, endorsed=False)
    address = path("endorse", "endorse", nomination.endorsement)
    assert "Endorse Yusuf Demir" in text(client.get(address))
    assert client.post(address, {"role_title": "Director", "statement": ""}).status_code == 422

    client.post(address, {"role_title": "Director", "statement": "I know his work."})

    nomination.refresh_from_db()
    assert nomination.state == "complete"
    assert "Thank you" in text(client.get(address))


def test_a_late_sponsor_is_told_so_before_writing_and_loses_nothing(client, open_programme, time_machine):
    nomination = applied(open_programme, endorsed=False)
    address = path("endorse", "endorse", nomination.endorsement)
    time_machine.move_to(READING)
    assert "The date to answer has passed" in text(client.get(address))

    answer = client.post(address, {"role_title": "Director", "statement": "Words worth keeping."})

    assert answer.status_code == 422
    assert "Words worth keeping." in text(answer)


def test_a_sponsor_would_rather_not(client, open_programme):
    nomination = applied(open_programme, endorsed=False)
    address = path("endorse", "endorse", nomination.endorsement)
    assert f'href="{address}decline/"' in text(client.get(address))
    assert "Would you rather not endorse Yusuf Demir?" in text(client.get(address + "decline/"))
    nomination.endorsement.refresh_from_db()
    assert nomination.endorsement.state == "asked"

    page = text(client.post(address + "decline/", follow=True))

    assert "You do not endorse Yusuf Demir" in page
    assert "If that was a mistake, ask Rosalind Tate today" in page
    assert client.get(address + "decline/").url == address


LATER = {**WORDS, "statement": "I have beg", "dates": "clash", "date_clash": "", "later": "yes", "seen": "0"}


def test_a_nominee_stops_half_way_and_comes_back_to_their_words(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    page = text(client.post(address + "statement/", LATER, follow=True))

    assert "Your answer is saved, not sent" in page
    assert "until Friday 15 May, 6pm" in page
    assert "with the link in the email you had from us" in page
    assert "You saved your answer on Tuesday 5 May, 11am. It is not sent yet." in text(client.get(address))
    form = text(client.get(address + "statement/"))
    assert "You saved this on Tuesday 5 May, 11am. It is not sent yet." in form
    assert "I have beg" in form
    assert "A loop" in form
    assert 'value="clash" checked' in form


def test_a_nominee_sends_what_they_had_saved(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    client.post(address + "statement/", LATER)
    answer = client.post(address + "statement/", {**WORDS, "seen": "1"}, follow=True)

    assert "You have accepted" in text(answer)
    assert not SavedAnswer.objects.exists()
    assert client.get(address + "saved/", follow=True).redirect_chain[-1][0] == address


def test_what_is_too_long_to_send_is_saved_and_the_limit_said(client, this_round):
    address = path("nominee_accept", "accept", sent(this_round))
    long = "word " * 301
    page = text(client.post(address + "statement/", {**LATER, "statement": long}, follow=True))

    assert "would you do with it?” has 301 words, and can have 300." in page
    assert SavedAnswer.objects.get().answers["statement"] == long.strip()


def test_what_is_too_long_to_save_comes_back_with_every_word(client, this_round):
    address = path("nominee_accept", "accept", sent(this_round))
    answer = client.post(address + "statement/", {**LATER, "statement": "Words " * 4000})

    assert answer.status_code == 422
    assert "20,000 can be saved. Shorten it first." in text(answer)
    assert "Say which day" not in text(answer)
    assert text(answer).count("Words Words") > 1000


def test_the_button_that_enter_presses_sends_and_the_one_after_it_saves(client, this_round, open_programme):
    endorsement = applied(open_programme, endorsed=False).endorsement
    for address in (
        path("nominee_accept", "accept", sent(this_round)) + "statement/",
        path("endorse", "endorse", endorsement),
    ):
        page = text(client.get(address))
        form = page[page.index("<form") : page.index("</form>", page.index('name="statement"'))]
        first, second = form.split("<button")[1:]
        assert 'name="' not in first
        assert 'name="later"' in second


def test_two_windows_of_a_nominee_lead_to_both_texts(client, this_round):
    address = path("nominee_accept", "accept", sent(this_round))
    client.post(address + "statement/", LATER)
    page = client.post(address + "statement/", {**LATER, "statement": "Typed elsewhere"}, follow=True)

    assert "Two texts of your answer" in text(page)
    assert "I have beg" in text(page)
    assert "Typed elsewhere" in text(page)
    both = page.redirect_chain[-1][0]
    assert client.get(address + "statement/").url == both
    for _ in range(2):
        page = client.post(both, {"keep": "typed", "seen": "1"}, follow=True)
    assert "Typed elsewhere" in text(page)
    assert "I have beg" not in text(page)


def test_a_window_older_than_what_was_saved_sends_nothing(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    client.post(address + "statement/", LATER)
    page = client.post(address + "statement/", {**WORDS, "seen": "0"}, follow=True)

    assert "so it is not sent yet" in text(page)
    nomination.refresh_from_db()
    assert nomination.state == "sent"


def test_what_was_saved_is_read_after_the_date_to_answer(client, this_round, open_programme, time_machine):
    accept = path("nominee_accept", "accept", sent(this_round))
    endorse = path("endorse", "endorse", applied(open_programme, endorsed=False).endorsement)
    client.post(accept + "statement/", LATER)
    client.post(endorse, {"statement": "I have beg", "later": "yes"})
    time_machine.move_to(READING)

    for address in (accept, endorse):
        assert address + "saved/" in text(client.get(address))
        page = text(client.get(address + "saved/"))
        assert "The date to answer has passed" in page
        assert "I have beg" in page


def test_a_sponsor_stops_half_way_and_comes_back_to_their_words(client, open_programme):
    nomination = applied(open_programme, endorsed=False)
    address = path("endorse", "endorse", nomination.endorsement)
    page = text(client.post(address, {"role_title": "", "statement": "I have beg", "later": "yes"}, follow=True))
    assert "Your answer is saved, not sent" in page

    page = text(client.get(address))
    assert "You saved this on Tuesday 5 May, 11am. It is not sent yet." in page
    assert "I have beg" in page
    client.post(address, {"role_title": "Director", "statement": "I know his work.", "seen": "1"})
    nomination.refresh_from_db()
    assert nomination.state == "complete"
    assert not SavedAnswer.objects.exists()


def test_the_link_to_what_was_saved_is_mailed_again_by_a_button(client, this_round):
    nomination = sent(this_round)
    address = path("nominee_accept", "accept", nomination)
    client.post(address + "statement/", LATER)
    page = text(client.post(address + "saved/", follow=True))

    assert f"We have emailed your private link to {nomination.nominee.email}" in page
    assert address in Message.objects.get(kind="nominations.saved_answer").text


def test_what_was_saved_and_not_sent_is_shown_to_nobody_else(client, this_round, rosalind):
    nomination = sent(this_round)
    client.post(path("nominee_accept", "accept", nomination) + "statement/", {**LATER, "statement": "Not yet yours"})
    link = PrivateLink.objects.get(purpose="nominations.draft")
    office = sign_in(Client(), rosalind)
    seen = [
        client.get(reverse("nomination", args=[link.token]), follow=True),
        office.get(reverse("admin:nominations_nomination_change", args=[nomination.pk])),
        office.get(reverse("admin:nominations_candidate", args=[this_round.pk, nomination.pk])),
        office.get(reverse("admin:nominations_selection", args=[this_round.pk])),
        office.get(reverse("admin:nominations_coverage", args=[this_round.pk])),
    ]

    assert [page.status_code for page in seen] == [200] * len(seen)
    assert not any("Not yet yours" in text(page) for page in seen)


@pytest.fixture
def offered(this_round, rosalind, time_machine):
    time_machine.move_to(RELEASED)
    (nomination,) = released(this_round, rosalind, ["offer"])
    return nomination


def test_a_place_is_accepted_with_one_button_and_a_double_click(client, offered):
    address = path("offer", "offer", offered.offers.get())
    assert "A place for you in Cohort 7" in text(client.get(address))
    assert not Place.objects.exists()

    for _ in range(2):
        client.post(address, {"accept": "yes"})

    assert Place.objects.count() == 1
    assert "Your place is confirmed" in text(client.get(address))


def test_a_place_is_declined_with_a_reason(client, offered):
    address = path("offer", "offer", offered.offers.get())
    client.post(address, {"decline": "yes", "reason": "A new post"})

    assert Offer.objects.get().reason == "A new post"
    assert "You have declined" in text(client.get(address))
    assert client.post(address, {"accept": "yes"}).status_code == 409


def test_an_offer_past_its_date_says_whom_to_ask(client, offered, time_machine):
    address = path("offer", "offer", offered.offers.get())
    time_machine.move_to(RELEASED + timedelta(days=30))

    assert "This offer has passed its date" in text(client.get(address))
    answer = client.post(address, {"accept": "yes"})
    assert answer.status_code == 409
    assert "a place may still be free" in text(answer)


def test_an_empty_post_to_an_offer_changes_nothing(client, offered):
    client.post(path("offer", "offer", offered.offers.get()), {})

    assert Offer.objects.get().state == "open"


def test_an_offer_answered_elsewhere_is_shown_as_it_is(client, offered):
    address = path("offer", "offer", offered.offers.get())
    decline_offer(offer=offered.offers.get(), by=None, now=RELEASED)

    assert "You have declined" in text(client.get(address))


def test_access_needs_are_not_asked_again_once_given(client, this_round):
    nomination = complete(this_round, now=OPEN)
    address = path("nominee_accept", "accept", nomination)

    assert client.get(address + "statement/").url == address


def test_a_nominee_reads_again_what_they_wrote(client, this_round):
    nomination = complete(this_round)

    page = text(client.get(path("nominee_accept", "accept", nomination)))

    assert "I want to learn how London&#x27;s services can act as one." in page
    assert "A hearing loop" in page


def test_equality_questions_are_skipped_by_a_button_and_nothing_is_kept(client, this_round):
    address = path("equality", "equality", complete(this_round))
    assert "Skip these questions" in text(client.get(address))

    for given in ({"skip": "yes"}, {}):
        page = text(client.post(address, given))
        assert "You have answered none of these questions" in page
        assert "About the programme" in page
    assert not EqualityReturn.objects.exists()


def test_the_page_of_a_withdrawn_offer_does_not_say_that_somebody_declined(client, offered):
    address = path("offer", "offer", offered.offers.get())
    Offer.objects.update(state="withdrawn", answered_at=RELEASED)
    page = client.get(address).content.decode()

    assert "This offer was withdrawn" in page
    assert "You have declined" not in page


def test_beside_an_offer_stands_until_when_to_answer_and_afterwards_when_it_starts(client, offered):
    address = path("offer", "offer", offered.offers.get())
    page = client.get(address).content.decode()
    assert "Please answer" in page
    client.post(address, {"accept": "yes"})

    for seen in (page, client.get(address).content.decode()):
        assert "You will hear by" not in seen


def test_a_nominee_who_has_accepted_reads_whom_to_ask_for_a_change(client, this_round):
    page = text(client.get(path("nominee_accept", "accept", complete(this_round))))

    assert "If something you wrote has to be corrected, or you would rather withdraw, email" in page
    assert "mailto:rosalind.tate@example.org" in page


def test_a_sponsor_reads_where_an_applicant_works_and_no_date_that_is_not_theirs(client, open_programme):
    independent = OrganisationFactory(kind="independent", name="Independent")
    nomination = applied(open_programme, endorsed=False, organisation=independent)
    page = text(client.get(path("endorse", "endorse", nomination.endorsement)))

    assert "who works independently, has applied" in page
    assert "You will hear by" not in page


def test_a_nominee_reads_when_a_module_begins_and_where(client, this_round):
    nomination = sent(this_round)
    first, *_ = six_modules(this_round.cohort)
    first.venue = "Toynbee Hall, E1 6LS"
    first.save()
    page = text(client.get(path("nominee_accept", "accept", nomination)))

    assert f'{day_time(first.sessions.first().starts)}<br><span class="quiet">Toynbee Hall, E1 6LS</span>' in page
