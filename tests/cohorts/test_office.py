from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from cohorts import actions
from cohorts.models import CaseStudy, Cohort, Criterion, Narrative, Place, Programme, PublishingWindow, Quote, Waiver
from cohorts.office.forms import CriterionForm
from cohorts.office.places import CHANGES
from leaders.documents.models import Document
from leaders.outbox.models import Message
from leaders.people.models import Person
from tests.browsers import sign_in
from tests.cohorts.factories import (
    NOW,
    CohortFactory,
    CriterionFactory,
    PlaceFactory,
    ProgrammeModuleFactory,
    ProgrammeRequirementFactory,
)
from tests.people.factories import AuthorityFactory


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOW, tick=True)


@pytest.fixture
def office(client, rosalind):
    return sign_in(client, rosalind)


@pytest.fixture
def study(cohort, amara_place, rosalind):
    return actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)


def cohort_url(name, cohort):
    return reverse(f"admin:cohorts_cohort_{name}", args=[cohort.pk])


def place_url(name, place):
    return reverse("admin:cohorts_place_do", args=[place.pk, name])


def sent(form):
    """What the browser sends of a form of dates that nobody touched."""
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value.strftime("%Y-%m-%dT%H:%M" if isinstance(value, datetime) else "%Y-%m-%d")
        for name, value in values.items()
    }


class TestNewCohort:
    URL = "/office/cohorts/cohort/add/"

    def short(self, programme, rosalind, **more):
        return {"programme": programme.pk, "starts_on": "2027-09-14", "contact": rosalind.pk, **more}

    def dates_of(self, page):
        return sent(page.context["dates"])

    def test_preview_shows_all_dates_and_what_is_made_along_and_makes_nothing(self, office, programme, rosalind):
        ProgrammeModuleFactory(programme=programme, number=1)
        page = office.post(self.URL, self.short(programme, rosalind))
        assert "London Leadership Programme, Cohort 1 starts on Tuesday 14 September 2027" in page.text
        assert "Modules and their days" in page.text
        assert not Cohort.objects.exists()

    def test_preview_names_each_module_with_its_days_and_each_wave_with_its_year(self, office, programme, rosalind):
        ProgrammeModuleFactory(programme=programme, number=1, title="Leading in the System")
        page = office.post(self.URL, self.short(programme, rosalind))
        assert "Module 1, Leading in the System: 14 to 15 September 2027" in page.text
        assert "Before the first module: due Tuesday 7 September 2027" in page.text

    def test_no_deadline_is_proposed_in_the_quiet_week(self, office, programme, rosalind):
        programme.date_plan = {"narratives_due": 289, "graduation_on": 303}
        programme.save()
        # 289 days after 14 March 2028 is Thursday 28 December.
        dates = self.dates_of(office.post(self.URL, self.short(programme, rosalind, starts_on="2028-03-14")))
        assert dates["narratives_due"] == "2028-12-22"

    def test_confirming_makes_the_cohort_with_the_dates_as_edited(self, office, programme, rosalind):
        short = self.short(programme, rosalind)
        dates = self.dates_of(office.post(self.URL, short))
        dates["graduation_on"] = "2028-07-13"
        response = office.post(self.URL, {**short, **dates, "make": "yes"})
        cohort = Cohort.objects.get()
        assert response.url == cohort.get_absolute_url()
        assert (cohort.number, cohort.graduation_on, cohort.status) == (1, date(2028, 7, 13), "planned")

    def test_cohort_after_an_earlier_one_takes_the_next_number_and_moves_its_dates(
        self, office, programme, rosalind, cohort
    ):
        short = self.short(programme, rosalind, source=cohort.pk)
        dates = self.dates_of(office.post(self.URL, short))
        assert dates["graduation_on"] == "2028-07-13"
        office.post(self.URL, {**short, **dates, "make": "yes"})
        assert Cohort.objects.get(number=8).venue == "Toynbee Hall, E1"

    def test_dates_out_of_order_are_said_kindly_and_nothing_is_made(self, office, programme, rosalind):
        short = self.short(programme, rosalind)
        dates = {**self.dates_of(office.post(self.URL, short)), "graduation_on": "2027-01-04"}
        page = office.post(self.URL, {**short, **dates, "make": "yes"})
        assert "must follow each other in this order" in page.text
        assert not Cohort.objects.exists()

    def test_first_day_is_no_bank_holiday(self, office, programme, rosalind):
        page = office.post(self.URL, self.short(programme, rosalind, starts_on="2028-12-25"))
        assert "Monday 25 December 2028 is a weekend day or a bank holiday." in page.text

    def test_earlier_cohort_of_another_programme_is_refused(self, office, programme, rosalind):
        page = office.post(self.URL, self.short(programme, rosalind, source=CohortFactory().pk))
        assert "Choose an earlier cohort of London Leadership Programme" in page.text


class TestCohort:
    def test_page_says_where_it_stands_and_offers_what_can_be_done(self, office, cohort, amara):
        page = office.get(cohort.get_absolute_url()).text
        assert "1 person takes part" in page
        assert "Graduation: " not in page
        assert cohort_url("graduation", cohort) in page
        assert cohort_url("launch", cohort) not in page

    def test_launch_names_the_dates_and_is_confirmed(self, office, programme):
        cohort = CohortFactory(programme=programme, status="planned")
        assert "Nominations open: " in office.get(cohort_url("launch", cohort)).text
        office.post(cohort_url("launch", cohort), {"confirmed": "yes"})
        assert Cohort.objects.get().status == "live"

    def test_capacity_below_the_seats_that_are_taken_is_refused_kindly(self, office, cohort, rosalind):
        Cohort.objects.update(seats_taken=3)
        fields = {
            "provider": "", "venue": "", "capacity": 2, "contact": rosalind.pk, "graduation_from": "14:00",
            "graduation_until": "13:00",
        }  # fmt: skip
        page = office.post(cohort_url("change", cohort), fields).text
        assert "3 places are offered or taken already: it cannot hold fewer." in page
        assert "Graduation ends after it begins." in page

    def test_moved_dates_are_confirmed_with_the_names_of_those_who_hear(self, office, cohort, amara):
        dates = {**sent(office.get(cohort_url("dates", cohort)).context["form"]), "graduation_on": "2027-07-16"}
        page = office.post(cohort_url("dates", cohort), dates)
        assert "Write now to the person who had been told another date" in page.text
        assert page.context["told"] == ["Amara Mensah"]
        assert not Message.objects.exists()
        assert "Friday 16 July 2027" in page.text
        assert Cohort.objects.get().graduation_on == date(2027, 7, 15)
        said = office.post(cohort_url("dates", cohort), {**dates, "confirmed": "yes", "tell": "yes"}, follow=True).text
        assert "The dates are changed. 1 person is written to." in said
        assert Cohort.objects.get().graduation_on == date(2027, 7, 16)
        assert Message.objects.get().kind == "cohorts.dates_changed"

    def test_nobody_is_written_to_about_moved_dates_when_the_director_says_so(self, office, cohort, amara):
        dates = {**sent(office.get(cohort_url("dates", cohort)).context["form"]), "graduation_on": "2027-07-16"}
        office.post(cohort_url("dates", cohort), {**dates, "confirmed": "yes"})
        assert Cohort.objects.get().graduation_on == date(2027, 7, 16)
        assert not Message.objects.exists()

    def test_dates_that_somebody_changed_meanwhile_are_not_set_back_unseen(self, office, cohort):
        url = reverse("admin:cohorts_cohort_dates", args=[cohort.pk])
        page = office.get(url)
        stale = {**sent(page.context["form"]), "seen": page.context["seen"]}
        Cohort.objects.filter(pk=cohort.pk).update(graduation_on=date(2027, 7, 13))

        page = office.post(url, {**stale, "confirmed": "yes"})

        assert "Somebody changed dates of this cohort" in page.text
        assert Cohort.objects.get().graduation_on == date(2027, 7, 13)

    def test_dates_out_of_order_are_refused_on_the_form_before_anything_is_shown_as_fine(self, office, cohort):
        dates = {**sent(office.get(cohort_url("dates", cohort)).context["form"]), "graduation_on": "2026-10-01"}
        page = office.post(cohort_url("dates", cohort), dates)
        assert "must follow each other in this order" in page.text
        assert "What changes" not in page.text

    def test_date_on_a_closed_day_is_refused_and_one_that_stays_on_it_is_not(self, office, cohort):
        dates = sent(office.get(cohort_url("dates", cohort)).context["form"])
        assert dates["narratives_due"] == "2027-06-12"  # a Saturday
        page = office.post(cohort_url("dates", cohort), {**dates, "ends_on": "2027-07-18"})
        assert "Sunday 18 July 2027 is a weekend day or a bank holiday. Choose a working day, such as" in page.text
        assert "Friday 16 July 2027 or Monday 19 July 2027." in page.text
        assert "What changes" in office.post(cohort_url("dates", cohort), {**dates, "ends_on": "2027-07-19"}).text

    def test_dates_sent_unchanged_say_so(self, office, cohort):
        dates = sent(office.get(cohort_url("dates", cohort)).context["form"])
        assert "No date has changed" in office.post(cohort_url("dates", cohort), dates).text

    def test_cancelling_names_those_it_concerns_and_needs_a_reason(self, office, cohort, amara):
        assert "Amara Mensah" in office.get(cohort_url("cancel", cohort)).text
        assert "Give a reason" in office.post(cohort_url("cancel", cohort), {"confirmed": "yes"}).text
        office.post(cohort_url("cancel", cohort), {"confirmed": "yes", "reason": "No provider"})
        assert (Cohort.objects.get().status, Place.objects.get().status) == ("cancelled", "deferred")


class TestGraduation:
    @pytest.fixture
    def ready(self, cohort, amara_place):
        ProgrammeRequirementFactory(programme=cohort.programme, key="narrative")
        texts = {"self_text": "a", "us_text": "b", "now_text": "c"}
        Narrative.objects.create(place=amara_place, saved_at=NOW, submitted_at=NOW, **texts)
        return amara_place

    def test_screen_names_who_is_ready_and_what_others_miss(self, office, cohort, ready):
        PlaceFactory(cohort=cohort, person__name="Tunde Bello")
        page = office.get(cohort_url("graduation", cohort)).text
        assert "1 is ready, 1 is not." in page
        assert "Narrative: due Saturday 12 June 2027" in page
        assert place_url("graduate", ready) in page

    def test_screen_of_a_cohort_without_anybody_says_so(self, office, cohort):
        assert "Nobody takes part in this cohort" in office.get(cohort_url("graduation", cohort)).text

    def test_everybody_ready_graduates_after_their_names_were_shown(self, office, cohort, ready):
        assert "Amara Mensah" in office.get(cohort_url("graduate", cohort)).text
        office.post(cohort_url("graduate", cohort), {"confirmed": "yes"})
        assert (Place.objects.get().status, Cohort.objects.get().status) == ("graduated", "graduated")

    def test_screen_reads_a_bounded_number_of_rows_for_each_person(self, office, cohort, django_assert_max_num_queries):
        ProgrammeRequirementFactory(programme=cohort.programme, key="narrative")
        PlaceFactory.create_batch(30, cohort=cohort)
        with django_assert_max_num_queries(30 + 15):
            office.get(cohort_url("graduation", cohort))


class TestPlace:
    def test_page_offers_what_can_be_done_and_the_timeline(self, office, amara_place):
        page = office.get(reverse("admin:cohorts_place_change", args=[amara_place.pk])).text
        assert place_url("employer", amara_place) in page
        assert place_url("reinstate", amara_place) not in page
        assert reverse("admin:people_timeline", args=[amara_place.person_id]) in page

    @pytest.mark.parametrize("name", CHANGES)
    def test_every_action_opens(self, office, amara_place, name):
        assert office.get(place_url(name, amara_place)).status_code == 200

    def test_unknown_action_is_not_there(self, office, amara_place):
        assert office.get(place_url("promote", amara_place)).status_code == 404

    def test_withdrawal_needs_a_reason_and_is_done(self, office, amara_place):
        assert "This field is required" in office.post(place_url("withdraw", amara_place), {"x": "y"}).text
        office.post(place_url("withdraw", amara_place), {"reason": "New post in Leeds"})
        assert Place.objects.get().status == "withdrawn"

    def test_second_withdrawal_from_a_stale_page_is_explained(self, office, amara_place):
        office.post(place_url("withdraw", amara_place), {"reason": "x"})
        page = office.post(place_url("withdraw", amara_place), {"reason": "x"}).text
        assert "Amara Mensah is not taking part in Cohort 7 now" in page

    def test_new_sponsor_becomes_known(self, office, amara_place):
        office.post(
            place_url("sponsor", amara_place), {"name": "Dawn Price", "email": "dawn@example.org", "reason": "Left"}
        )
        assert Place.objects.get().sponsor == Person.objects.get(email="dawn@example.org")

    def test_half_a_person_is_refused(self, office, amara_place):
        page = office.post(place_url("sponsor", amara_place), {"name": "Dawn Price", "reason": "x"}).text
        assert "Give both a name and an address, or neither" in page

    def test_employer_is_changed(self, office, amara_place):
        hackney = AuthorityFactory(name="Hackney")
        sent = {"organisation": hackney.pk, "role_title": "Director", "reason": "Promoted"}
        office.post(place_url("employer", amara_place), sent)
        assert Place.objects.get().organisation == hackney

    def test_date_is_extended(self, office, amara_place):
        sent = {"what": "narratives_due", "until": "2027-06-25", "reason": "Ill"}
        office.post(place_url("extend", amara_place), sent)
        assert Place.objects.get().due_on("narratives_due") == date(2027, 6, 25)

    def test_requirement_is_waived_and_asked_again(self, office, amara_place):
        ProgrammeRequirementFactory(programme=amara_place.cohort.programme, key="narrative")
        office.post(place_url("waive", amara_place), {"requirement_key": "narrative", "reason": "Ill"})
        waiver = Waiver.objects.get()
        office.post(place_url("end-waiver", amara_place), {"waiver": waiver.pk, "reason": "Well again"})
        assert not Waiver.objects.exists()

    def test_deferred_place_is_taken_up(self, office, amara_place, programme):
        later = CohortFactory(programme=programme, number=8)
        office.post(place_url("defer", amara_place), {"reason": "Leave"})
        office.post(place_url("take-up", amara_place), {"cohort": later.pk})
        assert later.places.get().person == amara_place.person

    def test_graduate_gets_a_new_certificate_and_it_is_revoked(self, office, amara_place):
        office.post(place_url("graduate", amara_place), {"x": "y"})
        first = amara_place.certificates.get()
        office.post(place_url("reissue", amara_place), {"reason": "Married"})
        office.post(place_url("revoke", amara_place), {"reason": "By mistake"})
        assert amara_place.certificates.count() == 2
        assert not amara_place.certificates.filter(revoked_at=None).exists()
        assert first.code in office.get("/office/cohorts/certificate/").text

    def test_access_needs_are_shown_to_organisers(self, office, amara_place):
        Place.objects.filter(pk=amara_place.pk).update(access_needs="A hearing loop")
        assert "A hearing loop" in office.get(reverse("admin:cohorts_place_change", args=[amara_place.pk])).text

    def test_list_is_filtered_by_what_is_missing(self, office, amara_place, time_machine):
        time_machine.move_to("2027-06-14 10:00", tick=True)
        sign_in(office, amara_place.cohort.contact)
        without = PlaceFactory(cohort=amara_place.cohort, person__name="Tunde Bello")
        Narrative.objects.create(place=without, saved_at=NOW, submitted_at=NOW)
        sponsorless = office.get("/office/cohorts/place/?sponsor=none").text
        late = office.get("/office/cohorts/place/?narrative=late").text
        assert ("Tunde Bello" in sponsorless, "Amara Mensah" in sponsorless) == (True, False)
        assert ("Tunde Bello" in late, "Amara Mensah" in late) == (False, True)

    @pytest.mark.parametrize("places", [1, 30])
    def test_list_reads_as_much_for_one_place_as_for_thirty(
        self, office, cohort, places, django_assert_max_num_queries
    ):
        PlaceFactory.create_batch(places, cohort=cohort)
        with django_assert_max_num_queries(12):
            office.get("/office/cohorts/place/")


class TestCaseStudy:
    @pytest.fixture
    def desk(self, study):
        return reverse("admin:cohorts_casestudy_change", args=[study.pk])

    def write(self, office, desk, version=1):
        words = dict.fromkeys(["title", "summary", "aims", "participants", "features", "challenges", "impact"], "Words")
        return office.post(desk, {"do": "save", "version": version, **words}, follow=True)

    def test_first_draft_is_assembled_after_a_confirmation(self, office, cohort, amara):
        url = cohort_url("case_study", cohort)
        assert "Assemble a first draft" in office.get(url).text
        page = office.post(url, {"confirmed": "yes"}, follow=True).text
        assert "fewer than 5 people took part" in page
        assert CaseStudy.objects.count() == 1
        assert "Assemble a first draft" not in office.get(url, follow=True).text

    def test_saved_text_is_approved_by_a_second_person_and_published(self, office, client, desk, rosalind, adjoa):
        assert "Saved as a draft" in self.write(office, desk).text
        assert "somebody else approves it" in office.post(desk, {"do": "approve", "version": 2}).text.lower()
        sign_in(client, adjoa)
        office.post(desk, {"do": "approve", "version": 2})
        publish = reverse("admin:cohorts_casestudy_publish", args=[CaseStudy.objects.get().pk])
        office.post(publish, {"confirmed": "yes"})
        assert CaseStudy.objects.get().state == "published"
        assert "See the public page" in office.get(desk).text

    def test_window_before_an_election_asks_for_a_reason(self, office, client, desk, adjoa, study):
        today = NOW.date()
        PublishingWindow.objects.create(name="Mayor", starts_on=today, ends_on=today + timedelta(days=9))
        self.write(office, desk)
        sign_in(client, adjoa)
        office.post(desk, {"do": "approve", "version": 2})
        publish = reverse("admin:cohorts_casestudy_publish", args=[study.pk])
        assert "Pre-election period until Saturday 13 March 2027: Mayor" in office.get(publish).text
        assert "Give a reason" in office.post(publish, {"confirmed": "yes"}).text
        office.post(publish, {"confirmed": "yes", "reason": "Monitoring officer agrees"})
        assert CaseStudy.objects.get().state == "published"

    def test_stale_save_is_explained_and_keeps_what_was_typed(self, office, desk):
        self.write(office, desk)
        page = self.write(office, desk, version=1).text
        assert "edited since you opened it" in page
        assert "Words" in page

    def test_author_is_asked_and_their_words_taken_in(self, office, desk, amara_place):
        office.post(desk, {"do": "propose", "place": amara_place.pk, "words": "I ring first."})
        quote = Quote.objects.get()
        assert "has not answered yet" in office.get(desk).text
        actions.agree_quote(quote=quote, shown_as="name", by=amara_place.person, now=NOW)
        office.post(desk, {"do": "choose", "quote": quote.pk})
        assert Quote.objects.get().is_chosen
        office.post(desk, {"do": "leave", "quote": quote.pk})
        assert not Quote.objects.get().is_chosen

    def test_only_open_parts_of_narratives_are_read(self, office, desk, amara_place, amara):
        texts = {"self_text": "Secret self", "us_text": "Open us", "now_text": "Secret now"}
        actions.save_narrative(place=amara_place, **texts, version=0, by=amara, now=NOW)
        actions.submit_narrative(place=amara_place, by=amara, now=NOW)
        assert "Open us" not in office.get(desk).text
        actions.consent_to_part(place=amara_place, part="us", by=amara, now=NOW)
        page = office.get(desk).text
        assert ("Open us" in page, "Secret" in page) == (True, False)
        office.post(desk, {"do": "propose", "place": amara_place.pk, "words": "Open us"})
        assert Quote.objects.get().part == "us"

    def test_pdf_is_made_as_it_stands(self, office, study):
        office.post(reverse("admin:cohorts_casestudy_preview", args=[study.pk]))
        assert Document.objects.get().kind == "cohorts.case_study"


class TestProgramme:
    def test_director_edits_rules_dates_and_criteria(self, office, programme):
        CriterionFactory(programme=programme)
        ProgrammeRequirementFactory(programme=programme, key="gone")
        page = office.get(reverse("admin:cohorts_programme_change", args=[programme.pk]))
        assert "gone (nobody records it any more)" in page.text
        form = page.context["adminform"].form
        sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        sent |= {"plan_graduation_on": 299, "eligible_roles": "Assistant Director\nHead of Service"}
        for prefix in ("criteria", "outline", "requirements"):
            sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
        office.post(reverse("admin:cohorts_programme_change", args=[programme.pk]), sent)
        changed = Programme.objects.get()
        assert changed.date_plan["graduation_on"] == 299
        assert changed.eligible_roles == ["Assistant Director", "Head of Service"]

    def test_criteria_in_use_keep_their_scale_until_the_cohort_begins(self, cohort, time_machine):
        CriterionFactory(programme=cohort.programme, key="passion", anchors=[], weight=1)
        same = {
            "order": 1,
            "key": "passion",
            "title": "Passionate",
            "guidance": "Cares",
            "anchors": "",
            "weight": 1,
        }
        time_machine.move_to(cohort.nominations_close)
        assert "is being selected by these criteria" in str(
            CriterionForm({**same, "max_score": 10}, instance=Criterion.objects.get()).errors
        )
        assert "is being selected" not in str(
            CriterionForm({**same, "max_score": 4}, instance=Criterion.objects.get()).errors
        )
        time_machine.move_to(cohort.starts_on)
        assert "is being selected" not in str(
            CriterionForm({**same, "max_score": 10}, instance=Criterion.objects.get()).errors
        )

    def test_administrator_reads_and_does_not_edit(self, client, adjoa, programme):
        page = sign_in(client, adjoa).get(reverse("admin:cohorts_programme_change", args=[programme.pk]))
        assert page.status_code == 200
        assert 'name="_save"' not in page.text


OFFICE_PAGES = ["dates", "launch", "cancel", "graduation", "graduate", "case_study"]


@pytest.mark.parametrize("who", ["amara", "priya", "joanne", "helen", "otto"])
@pytest.mark.parametrize("page", OFFICE_PAGES)
def test_nobody_outside_the_office_opens_its_screens(client, cohort, request, who, page):
    sign_in(client, request.getfixturevalue(who))
    response = client.post(cohort_url(page, cohort), {"confirmed": "yes", "reason": "x"})
    assert (response.status_code, "/office/login/" in response.url) == (302, True)
    assert Cohort.objects.get().status == "live"


@pytest.mark.django_db
def test_a_case_study_is_begun_from_the_list_of_them(office, cohort):
    page = office.get(reverse("admin:cohorts_casestudy_changelist"))
    assert f'href="{reverse("admin:cohorts_cohort_case_study", args=[cohort.pk])}"' in page.text


@pytest.mark.django_db
def test_an_approved_case_study_says_so_once_and_its_summary_stays_short(office, study, adjoa):
    url = reverse("admin:cohorts_casestudy_change", args=[study.pk])

    page = office.post(url, {"do": "save", "version": study.version, "title": "A year", "summary": "word " * 101})
    assert "Use 100 words or fewer" in page.text
    CaseStudy.objects.update(state="approved", approved_by=adjoa, approved_at=NOW)
    lede = office.get(url).text
    assert ("Approved by Adjoa Mensah" in lede, "Approved, approved" in lede) == (True, False)
