"""Matching day in the office: somebody whom nobody could mentor, two pairs kept together, a drop-out, and both told."""

from datetime import date

import pytest

from mentoring.actions import declare_conflict, propose_match, rest
from mentoring.models import MatchRun, Mentorship
from tests.journeys.hands import Finger
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria
from tests.mentoring.screens import look
from tests.people.factories import AuthorityFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def mentors(joanne, time_machine):
    """Six who have been approved: five trained, of whom one rests; Una has not had her training day."""
    time_machine.move_to(MATCHING_DAY)
    criteria()
    hackney, newham = (AuthorityFactory(name=name, slug=name.lower()) for name in ("Hackney", "Newham"))
    joanne.organisation, joanne.role_title = hackney, "Director of Housing"
    joanne.save()
    offers = {
        "Leo Marsh": {"theme-politics": 4, "service-housing": 2},
        "Mina Patel": {"theme-system": 4, "step-director": 2},
        "Nia Cole": {"step-director": 4, "theme-politics": 2},
    }
    found = {"Joanne Whitfield": MentorFactory(person=joanne, offers={"service-housing": 4, "step-director": 3})}
    for name, offer in offers.items():
        found[name] = MentorFactory(person__name=name, person__organisation=newham, offers=offer)
    found["Otis Grant"] = MentorFactory(person__name="Otis Grant", offers={"theme-system": 3})
    found["Una Trent"] = MentorFactory(person__name="Una Trent", trained=False, offers={"theme-politics": 3})
    otis = found["Otis Grant"]
    rest(mentor=otis, until=date(2027, 1, 4), by=otis.person, now=MATCHING_DAY)
    return found


@pytest.fixture
def people(cohort, amara_place, mentors):
    """Five who ask. Farah, of Hackney, came from Newham, and declared that she cannot be matched with anybody there."""
    wants = {
        "Ben Osei": {"theme-system": 4},
        "Carla Reid": {"step-director": 4, "theme-politics": 2},
        "Dan Khan": {"theme-politics": 4},
        "Farah Noor": {"theme-politics": 2, "service-housing": 2},
    }
    found = {"Amara Mensah": MenteeFactory(place=amara_place, wants={"service-housing": 4, "step-director": 2}).place}
    for name, wish in wants.items():
        found[name] = MenteeFactory(
            place__cohort=cohort, place__person__name=name, place__organisation=AuthorityFactory(), wants=wish
        ).place
    farah = found["Farah Noor"]
    farah.organisation = mentors["Joanne Whitfield"].person.organisation
    farah.save()
    newham = mentors["Leo Marsh"].person.organisation
    declare_conflict(by=farah.person, organisation=newham, reason="A grievance of 2024", now=MATCHING_DAY)
    return found


class Office(Finger):
    """The director at the proposal."""

    def row(self, name):
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=name))

    def in_row(self, name, button):
        """Press a button in somebody's row."""
        self._use(self.row(name).get_by_role("button", name=button))

    def reads(self, words):
        return self.page.get_by_text(words).first.is_visible()


@pytest.fixture
def office(browse, rosalind):
    return Office(browse(rosalind))


@pytest.fixture
def proposal(office, people, cohort, rosalind):
    """The matching of the five, proposed and open on the director's screen."""
    propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    office.page.goto(f"/office/mentoring/matchrun/cohorts/{cohort.pk}/")
    return office


def test_the_director_proposes_a_matching_and_reads_why_somebody_cannot_be_matched(office, people):
    office.page.goto("/office/")
    office.follow("5 people wait for a mentor in Cohort 7")
    assert office.reads("5 of 5 people would like a mentor")
    look(office.page, "day-1-before")

    office.press("Propose a matching")

    assert office.reads("Matched 4 of 5.")
    assert office.reads("Proved best")
    farah = office.row("Farah Noor").first.inner_text()
    for words in (
        "1 of 6 mentors: same organisation",
        "3 of 6 mentors: a declared conflict",
        "1 of 6 mentors: resting",
        "1 of 6 mentors: not trained in the last 24 months",
        "Train Una Trent: then Farah Noor can be matched",
    ):
        assert words in farah
    look(office.page, "day-2-proposal")


def test_the_director_keeps_two_pairs_together_and_sees_what_it_costs(proposal):
    proposal.in_row("Amara Mensah", "Keep together")
    assert proposal.row("Amara Mensah").get_by_role("button", name="Let go").is_visible()

    proposal.follow("Dan Khan")
    assert proposal.reads("What the fit is made of")
    assert proposal.reads("No declared conflict")
    look(proposal.page, "day-3-pair")
    proposal.press("Choose Nia Cole")
    assert proposal.reads("Kept together by the office")
    proposal.press("Back to the proposal")

    assert proposal.reads("What this changed")
    assert proposal.reads("Dan Khan: Leo Marsh → Nia Cole")
    look(proposal.page, "day-4-changed")


def test_the_director_sees_what_a_drop_out_changes_before_and_after(proposal):
    proposal.page.get_by_label("Mentor", exact=True).select_option(label="Mina Patel")
    proposal.press("See what would change")
    assert proposal.reads("Then 3 of 5 would be matched")
    look(proposal.page, "day-5-what-if")
    assert MatchRun.objects.get().number == 1

    proposal.press("Propose without Mina Patel")
    assert proposal.reads("Matched 3 of 5.")
    look(proposal.page, "day-6-drop-out")
    proposal.page.get_by_text("Earlier proposals").click()
    proposal.follow("Beside this one")
    assert proposal.reads("people differ")
    look(proposal.page, "day-7-compare")

    proposal.press("Back to the proposal")
    proposal.press("Undo")
    assert proposal.reads("Matched 4 of 5.")


def test_the_director_trains_whom_the_screen_named_confirms_and_both_sides_read_why(
    proposal, people, mentors, browse, cohort, letters
):
    page = proposal.page
    page.goto("/office/mentoring/mentor/supply/")
    look(page, "day-8-supply")
    proposal.follow("Record training of Una Trent")
    look(page, "day-9-training")
    proposal.press("Record training")
    page.goto(f"/office/mentoring/matchrun/cohorts/{cohort.pk}/")
    proposal.press("Propose again from the latest answers")
    assert proposal.reads("Matched 5 of 5.")
    assert proposal.row("Farah Noor").get_by_role("cell", name="Una Trent").first.is_visible()

    proposal.follow("Confirm the matching")
    look(page, "day-10-confirm")
    assert not Mentorship.objects.exists()
    proposal.press("Confirm and tell them")
    assert proposal.reads("5 matches are confirmed")
    look(page, "day-11-confirmed")

    assert "housing" in letters.to("amara.mensah@example.org").body
    assert "housing" in letters.to("joanne.whitfield@example.org").body
    theirs = Finger(browse(people["Amara Mensah"].person, width=390))
    theirs.page.goto("/my/mentor/")
    assert theirs.page.get_by_role("heading", name="Joanne Whitfield").is_visible()
    look(theirs.page, "day-12-mentee")
    theirs = Finger(browse(mentors["Joanne Whitfield"].person))
    theirs.page.goto("/mentor/")
    look(theirs.page, "day-13-mentor")
    theirs.follow("Amara Mensah")
    assert theirs.page.get_by_text("and you offered it").is_visible()
    look(theirs.page, "day-14-mentors-mentee")
