"""Matching day in the office: somebody whom nobody could mentor, two pairs kept together, a drop-out, and both told."""

from datetime import date

import pytest

from mentoring.actions import claim_run, declare_conflict, propose_match, rest, work_out
from mentoring.models import MatchRun, Mentorship
from mentoring.models import matching as matching_models
from mentoring.tasks import tick
from tests.journeys.hands import Finger
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria, matched
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
    assert "1 of 6 mentors: left out this time" in proposal.row("Ben Osei").inner_text()
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


# Nobody on one side, everybody matched, and the wait for the worker


@pytest.fixture
def matching(office, cohort, time_machine):
    """The cohort's screen on matching day, with criteria and nobody yet."""
    time_machine.move_to(MATCHING_DAY)
    criteria()
    return lambda: office.page.goto(f"/office/mentoring/matchrun/cohorts/{cohort.pk}/")


def test_without_anybody_who_asks_there_is_nothing_to_propose(office, matching, amara_place):
    MentorFactory()
    matching()

    assert office.reads("0 of 1 people would like a mentor, 1 has not said.")
    assert office.reads("Nobody waits for a mentor.")
    assert not office.page.get_by_role("button", name="Propose").is_visible()
    look(office.page, "empty-1-nobody-asks")


def test_without_mentors_everybody_is_named_with_what_would_help(office, matching, amara_place):
    MenteeFactory(place=amara_place)
    matching()
    assert office.reads("0 seats free with 0 mentors")

    office.press("Propose a matching")

    assert office.reads("Matched 0 of 1.")
    assert office.reads("There are no mentors yet.")
    assert office.reads("One more trained mentor who is free for them.")
    assert not office.page.get_by_role("link", name="Confirm the matching").is_visible()
    look(office.page, "empty-2-no-mentors")
    office.page.goto("/office/mentoring/mentor/supply/")
    assert office.reads("0 mentors with 0 free seats today")
    look(office.page, "empty-3-no-supply")


def test_with_everybody_matched_the_screen_says_so(office, matching, amara_place, rosalind):
    mentor = MentorFactory()
    MenteeFactory(place=amara_place)
    matched(amara_place, mentor, rosalind)
    matching()

    assert office.reads("1 is matched; nobody waits.")
    assert office.reads("Nobody waits for a mentor: everybody who asked is matched.")
    look(office.page, "empty-4-everybody")


def test_a_large_matching_is_waited_for_and_stopped(office, matching, amara_place, monkeypatch):
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 2)
    MentorFactory()
    MenteeFactory(place=amara_place)
    matching()
    office.press("Propose a matching")
    assert office.reads("The matching of 2 people is being worked out.")
    look(office.page, "large-1-waiting")

    # The page looks again by itself: first it says how far the worker is, then it shows the proposal.
    run = claim_run(now=MATCHING_DAY)
    MatchRun.objects.update(progress="3 aims reached, now: total fit")
    office.page.get_by_text("3 aims reached, now: total fit.").wait_for()
    work_out(run=run, clock=lambda: MATCHING_DAY)
    office.page.get_by_text("Matched 1 of 1.").wait_for()

    # So are the answers to what is asked about it.
    assert office.reads("Who is left and why, and who would rather be together, is being worked out.")
    look(office.page, "large-2-asked")
    tick()
    office.page.get_by_text("rather be together: 0").wait_for()
    office.press("See what would change")
    assert office.reads("is being worked out.")
    look(office.page, "large-3-what-if")
    office.press("Stop")
    office.press("See what would change")
    tick()
    office.page.get_by_text("Then 0 of 1 would be matched").wait_for()
    office.press("Back to the proposal")

    office.press("Propose again from the latest answers")
    office.press("Stop, and show the best so far")
    assert office.reads("Nothing came of it, and nothing was sent.")
    look(office.page, "large-4-stopped")
