import re
from datetime import timedelta

import pytest
from django.urls import reverse

from cohorts import actions
from cohorts.models import Cohort, Narrative, Place, Quote
from cohorts.sections import council
from leaders.people.models import Person
from tests.cohorts.factories import NOW, CohortFactory, PlaceFactory, ProgrammeRequirementFactory

PAGES = ["my_graduation", "my_narrative", "my_details", "my_quote_offer"]
# Session, person, place with its people, extensions, requirements, waivers, narrative.
GRADUATION_QUERIES = 8
TEXTS = {"self_text": "Peckham", "us_text": "Thirty-three", "now_text": "Ring first"}


@pytest.fixture
def at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def signed_in(client, amara, at_noon):
    client.force_login(amara)
    return client


@pytest.fixture
def graduate(amara_place, rosalind):
    """Amara after graduation."""
    actions.graduate_place(place=amara_place, by=rosalind, now=NOW)
    return amara_place


@pytest.mark.parametrize("page", PAGES)
class TestOutsiders:
    def test_somebody_not_signed_in_is_asked_to(self, client, db, page):
        assert client.get(reverse(page)).status_code == 302

    def test_somebody_without_a_place_finds_no_page(self, client, otto, at_noon, page):
        client.force_login(otto)
        assert client.get(reverse(page)).status_code == 404

    def test_participant_opens_it(self, signed_in, page):
        assert signed_in.get(reverse(page)).status_code == 200


class TestGraduation:
    def test_checklist_says_what_is_missing_and_where_to_do_it(self, signed_in, programme):
        ProgrammeRequirementFactory(programme=programme, key="narrative", title="Tell your story")
        page = signed_in.get("/my/graduation/").text
        assert "Narrative: due Saturday 12 June 2027" in page
        assert 'href="/my/narrative/"' in page
        assert "Still to do" in page

    def test_waived_line_says_so_without_the_reason(self, signed_in, programme, amara_place, rosalind):
        ProgrammeRequirementFactory(programme=programme, key="narrative")
        actions.waive(place=amara_place, requirement_key="narrative", reason="Ill since May", by=rosalind, now=NOW)
        page = signed_in.get("/my/graduation/").text
        assert "Waived" in page
        assert "Ill since May" not in page

    def test_graduate_sees_the_certificate_and_is_asked_to_stay_in_touch(self, signed_in, graduate):
        page = signed_in.get("/my/graduation/").text
        assert graduate.certificates.get().code in page
        assert "Yes, stay in touch" in page

    def test_graduate_agrees_and_stops_with_one_click_each(self, signed_in, graduate):
        signed_in.post("/my/graduation/in-touch/", {"agree": "yes"})
        assert Place.objects.get().in_touch_since == NOW
        signed_in.post("/my/graduation/in-touch/")
        assert Place.objects.get().in_touch_since is None

    def test_get_changes_nothing(self, signed_in, graduate):
        assert signed_in.get("/my/graduation/in-touch/").status_code == 405

    def test_graduate_answers_months_later(self, signed_in, graduate, time_machine):
        time_machine.move_to("2027-09-06 10:00", tick=False)
        signed_in.force_login(graduate.person)
        assert "6 months on: answer three questions" in signed_in.get("/my/graduation/").text
        answer = {"role": "wider", "works_across": "no", "words": "Thank you"}
        assert signed_in.post("/my/graduation/since/6/", answer).status_code == 302
        pulse = graduate.pulses.get()
        assert (pulse.role, pulse.works_across, pulse.words) == ("wider", False, "Thank you")
        assert "answer three questions" not in signed_in.get("/my/graduation/").text

    def test_pulse_is_not_there_before_graduation_or_for_other_months(self, signed_in, amara_place):
        assert signed_in.get("/my/graduation/since/6/").status_code == 404

    def test_pulse_for_a_month_we_do_not_ask_is_not_there(self, signed_in, graduate):
        assert signed_in.get("/my/graduation/since/7/").status_code == 404


class TestNarrative:
    def save(self, client, version=0, **more):
        return client.post("/my/narrative/", {**TEXTS, "version": version, **more}, follow=True)

    def test_draft_is_saved_and_shown_again(self, signed_in):
        page = self.save(signed_in, now_text="").text
        assert "Your draft is saved" in page
        assert "Peckham" in page
        assert Narrative.objects.get().submitted_at is None

    def test_narrative_is_submitted(self, signed_in):
        assert "Your narrative is submitted" in self.save(signed_in, submit="yes").text
        assert Narrative.objects.get().versions.count() == 1

    def test_incomplete_narrative_is_saved_but_not_submitted(self, signed_in):
        page = self.save(signed_in, now_text="", submit="yes").text
        assert "Write all three parts before you submit" in page
        assert (Narrative.objects.get().version, Narrative.objects.get().submitted_at) == (1, None)
        assert "Your narrative is submitted" in self.save(signed_in, version=1, submit="yes").text

    def test_stale_tab_loses_neither_text(self, signed_in):
        self.save(signed_in)
        page = self.save(signed_in, self_text="Typed in the old tab").text
        assert "Typed in the old tab" in page
        assert "What you saved in the other window" in page
        assert "Peckham" in page
        assert Narrative.objects.get().self_text == "Peckham"
        assert "Your draft is saved" in self.save(signed_in, version=1, self_text="Typed in the old tab").text

    def test_too_many_words_are_kept_and_named(self, signed_in):
        page = self.save(signed_in, self_text="word " * 401).text
        assert "must be 400 words or fewer; there are 401" in page
        assert "word word word" in page

    def test_part_is_opened_and_closed(self, signed_in, amara_place):
        self.save(signed_in, submit="yes")
        signed_in.post("/my/narrative/consent/us/", {"agree": "yes"})
        assert amara_place.narrative.consents.get().withdrawn_at is None
        signed_in.post("/my/narrative/consent/us/")
        assert amara_place.narrative.consents.get().withdrawn_at == NOW

    def test_part_that_does_not_exist_is_not_opened(self, signed_in):
        assert signed_in.post("/my/narrative/consent/them/", {"agree": "yes"}).status_code == 404

    def test_draft_cannot_be_opened(self, signed_in):
        page = signed_in.post("/my/narrative/consent/us/", {"agree": "yes"}, follow=True).text
        assert "Submit your narrative first" in page


class TestQuotes:
    @pytest.fixture
    def asked(self, amara_place, rosalind):
        return actions.propose_quote(place=amara_place, words="I ring first now.", by=rosalind, now=NOW)

    def test_question_is_answered_with_how_to_be_shown(self, signed_in, asked):
        assert "I ring first now." in signed_in.get("/my/narrative/").text
        signed_in.post(f"/my/narrative/quotes/{asked.pk}/", {"agree": "yes", "shown_as": "role"})
        assert Quote.objects.agreed().get().author == "Assistant Director, Camden"

    def test_agreement_without_saying_how_is_asked_again(self, signed_in, asked):
        page = signed_in.post(f"/my/narrative/quotes/{asked.pk}/", {"agree": "yes"}, follow=True).text
        assert "Say how you want to be shown" in page
        assert not Quote.objects.agreed().exists()

    def test_no_is_one_click(self, signed_in, asked):
        signed_in.post(f"/my/narrative/quotes/{asked.pk}/")
        assert Quote.objects.get().withdrawn_at == NOW
        assert "You are not quoted anywhere" in signed_in.get("/my/narrative/").text

    def test_nobody_answers_for_somebody_else(self, client, asked, otto, at_noon):
        client.force_login(otto)
        assert client.post(f"/my/narrative/quotes/{asked.pk}/").status_code == 404

    def test_own_words_are_offered(self, signed_in):
        page = signed_in.post("/my/narrative/quotes/", {"words": "We wait less.", "shown_as": "name"}, follow=True).text
        assert "Amara Mensah, Camden" in page


class TestDetails:
    def save(self, client, page, **words):
        sent = {"role_title": "Director", "known_as": "Ama", "seen": page.context["form"]["seen"].value(), **words}
        return client.post("/my/details/", sent)

    def test_details_are_saved(self, signed_in, amara):
        self.save(signed_in, signed_in.get("/my/details/"), access_needs="Loop")
        place = Place.objects.get()
        assert (place.role_title, place.access_needs, place.details_at) == ("Director", "Loop", NOW)

    def test_a_stale_tab_erases_nothing_that_was_said_in_another(self, signed_in):
        old_tab = signed_in.get("/my/details/")
        self.save(signed_in, signed_in.get("/my/details/"), access_needs="A hearing loop")

        page = self.save(signed_in, old_tab, phone="020 7946 0999")

        assert page.context["stale"] == [("Telephone", ""), ("What do you need to take part fully?", "A hearing loop")]
        assert "020 7946 0999" in page.text
        assert Place.objects.get().access_needs == "A hearing loop"
        self.save(signed_in, page, access_needs="A hearing loop", phone="020 7946 0999")
        assert (Place.objects.get().access_needs, Place.objects.get().person.phone) == (
            "A hearing loop",
            "020 7946 0999",
        )

    def test_job_title_is_needed(self, signed_in):
        assert "Enter your job title" in signed_in.post("/my/details/", {"known_as": "Ama"}).text


class TestHome:
    def test_before_the_start_it_welcomes(self, client, amara, cohort, time_machine):
        time_machine.move_to("2026-08-20 10:00", tick=False)
        client.force_login(amara)
        page = client.get("/my/").text
        assert "Welcome to Cohort 7" in page
        assert "It begins in 4 weeks, on Tuesday 15 September 2026, at Toynbee Hall, E1." in page
        assert "Tell us what you need to take part" in page

    def test_in_the_year_it_shows_checklist_council_and_graduation_day(self, signed_in, programme):
        ProgrammeRequirementFactory(programme=programme, key="narrative")
        page = signed_in.get("/my/").text
        assert "On course to graduate on 15 July" in page
        assert "Ade Okonkwo, Helen Marsh" in page
        assert "Welcome to Cohort 7" not in page

    def test_narrative_is_asked_for_from_ten_weeks_before(self, client, amara, time_machine):
        time_machine.move_to("2027-04-01 10:00", tick=False)
        client.force_login(amara)
        assert "Write your narrative" not in client.get("/my/").text
        time_machine.move_to("2027-04-05 10:00", tick=False)
        assert "Write your narrative" in client.get("/my/").text

    def test_graduate_sees_the_alumni_view(self, signed_in, graduate):
        page = signed_in.get("/my/").text
        assert "You are one of the alumni" in page
        assert "You graduated from Cohort 7 on Thursday 4 March 2027." in page
        assert "On course to graduate" not in page

    @pytest.mark.parametrize("cohorts", [1, 30])
    def test_pages_read_as_much_however_many_cohorts_there_are(
        self, signed_in, programme, cohorts, django_assert_num_queries
    ):
        ProgrammeRequirementFactory(programme=programme, key="narrative")
        for n in range(cohorts):
            PlaceFactory(cohort=CohortFactory(programme=programme, number=100 + n))
        signed_in.get("/my/graduation/")
        with django_assert_num_queries(GRADUATION_QUERIES):
            signed_in.get("/my/graduation/")

    def test_cohort_that_was_cancelled_leaves_no_page(self, signed_in, cohort):
        Cohort.objects.update(status="cancelled", closed_at=NOW)
        assert signed_in.get("/my/graduation/").status_code == 404


def test_who_has_left_still_takes_their_words_back(signed_in, amara, amara_place, rosalind):
    quote = actions.offer_quote(place=amara_place, words="It changed whom I ring.", shown_as="name", by=amara, now=NOW)
    actions.withdraw_place(place=amara_place, reason="A new post", by=rosalind, now=NOW)
    page = signed_in.get(reverse("my_narrative")).text
    assert "You no longer take part in Cohort 7" in page
    assert "It changed whom I ring." in page
    assert "Save as a draft" not in page
    signed_in.post(reverse("my_quote", args=[quote.pk]))
    assert Quote.objects.get().withdrawn_at == NOW


def test_a_certificate_of_an_earlier_cohort_is_still_found(signed_in, graduate, amara, rosalind):
    earlier = PlaceFactory(person=amara, cohort=CohortFactory(programme=graduate.cohort.programme, number=5))
    code = actions.graduate_place(place=earlier, by=rosalind, now=NOW - timedelta(days=400)).code
    page = signed_in.get(reverse("my_graduation")).text
    assert code in page
    assert graduate.certificates.get().code in page


def test_a_graduate_is_not_asked_what_they_need_to_take_part(signed_in, graduate):
    assert "What do you need to take part fully?" not in signed_in.get(reverse("my_details")).text


def test_one_person_who_is_line_manager_and_sponsor_stands_there_once(amara, amara_place, helen, ade):
    amara_place.line_manager = helen
    amara_place.save()
    both = council(amara, NOW)
    assert (both.title, both.names, both.lines) == ("Helen Marsh", ["Helen Marsh"], ["Line manager and sponsor"])

    for line_manager, sponsor, lines in (
        (ade, helen, "Line manager and sponsor"), (ade, None, "Line manager"), (None, helen, "Sponsor"),
    ):  # fmt: skip
        Place.objects.update(line_manager=line_manager, sponsor=sponsor)
        assert council(Person.objects.get(pk=amara.pk), NOW).lines == [lines]


def test_ones_details_are_in_the_menu_and_linked_from_the_help(signed_in, client, otto):
    details = reverse("my_details")
    shown = signed_in.get(reverse("my_privacy")).text
    assert f'href="{details}">Your details</a>' in shown
    assert f'href="{details}">your details page</a>' in signed_in.get(reverse("help")).text

    client.force_login(otto)
    assert details not in client.get(reverse("my_privacy")).text


def test_what_is_no_telephone_number_is_not_taken_for_one(signed_in):
    details = reverse("my_details")
    seen = re.search(r'name="seen" value="(\w+)"', signed_in.get(details).text)[1]

    refused = signed_in.post(details, {"phone": "not a phone", "role_title": "Head of Service", "seen": seen}).text

    assert ("Enter a telephone number, such as" in refused, "not a phone" in refused) == (True, True)


def test_help_names_whom_to_ask_to_those_who_are_known(client, amara, amara_place, otto, at_noon):
    contact = amara_place.cohort.contact
    for person, knows in ((None, False), (otto, False), (amara, True)):
        if person:
            client.force_login(person)
        page = client.get(reverse("help")).content.decode()
        assert (f"mailto:{contact.email}" in page, contact.name in page) == (knows, knows)
