"""Several people at one proposal at the same moment: one of them wins, nothing is doubled, nobody waits for ever."""

from datetime import UTC, date, datetime, timedelta

import pytest

from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from mentoring.actions import (
    answer_question,
    ask,
    ask_to_confirm,
    claim_question,
    claim_run,
    close_mentorships,
    confirm_match,
    decline_mentorship,
    lock,
    opt_out,
    propose_match,
    rest,
    stand_down,
)
from mentoring.models import MatchQuestion, MatchRun, MenteeProfile, Mentor, Mentorship
from mentoring.models import matching as matching_models
from tests.at_once import at_once, fresh
from tests.cohorts.factories import PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory, criteria

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.fixture
def proposal(cohort, rosalind):
    """Three who ask, three mentors, proposed."""
    criteria()
    for key in ("theme-politics", "theme-system", "service-housing"):
        MenteeFactory(place=PlaceFactory(cohort=cohort), wants={key: 4})
        MentorFactory(offers={key: 4})
    return propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)


def test_of_many_directors_who_confirm_one_proposal_one_does(proposal, rosalind):
    runs = fresh(proposal, 6)

    assert at_once(lambda run: confirm_match(run=run, by=rosalind, now=MATCHING_DAY), runs) == (1, 5)

    assert (Mentorship.objects.count(), Message.objects.count()) == (3, 6)
    assert set(Mentor.objects.values_list("active", flat=True)) == {1}


def test_a_mentor_who_withdraws_while_it_is_confirmed_is_either_matched_or_gone(proposal, rosalind):
    mentor = proposal.pairs.first().mentor
    acts = (
        lambda: confirm_match(run=proposal, by=rosalind, now=MATCHING_DAY),
        lambda: stand_down(mentor=mentor, by=mentor.person, now=MATCHING_DAY),
    )

    assert at_once(lambda act: act(), acts) == (1, 1)

    mentor.refresh_from_db()
    outcome = (mentor.status, mentor.active, Mentorship.objects.live().count())
    assert outcome in {("approved", 1, 3), ("stood_down", 0, 0)}
    assert Message.objects.filter(kind__startswith="mentoring.matched").count() == 2 * outcome[2]


def test_a_mentee_declines_whatever_the_office_does_to_the_proposal_at_that_moment(proposal, cohort, rosalind):
    confirm_match(run=proposal, by=rosalind, now=MATCHING_DAY)
    declined = Mentorship.objects.with_people().first()
    other, mentor = MenteeFactory(place=PlaceFactory(cohort=cohort)).place, MentorFactory()
    run = propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    person = declined.place.person
    refused = []

    def decline():
        try:
            decline_mentorship(mentorship=declined, by=person, now=MATCHING_DAY)
        except Exception as error:
            refused.append(error)
            raise

    def keep_together():
        lock(run=run, place=other, mentor=mentor, by=rosalind, now=MATCHING_DAY)

    at_once(lambda act: act(), [decline, keep_together])

    assert refused == []
    assert not Mentorship.objects.live().filter(place=declined.place).exists()
    assert MatchRun.objects.filter(state="proposed").count() == 1


def test_proposals_asked_for_at_once_follow_one_another(proposal, cohort, rosalind):
    assert at_once(lambda _: propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY), range(6)) == (6, 0)

    assert sorted(MatchRun.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert MatchRun.objects.filter(state="proposed").get().number == 7


def test_of_many_workers_one_takes_a_large_matching(proposal, cohort, rosalind, monkeypatch):
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 2)
    MenteeFactory(place=PlaceFactory(cohort=cohort))
    propose_match(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    taken = []

    at_once(lambda _: taken.append(claim_run(now=MATCHING_DAY + timedelta(seconds=1))), range(6))

    assert len([run for run in taken if run]) == 1


def test_two_cohorts_that_share_mentors_the_other_way_round_are_both_confirmed(cohort, rosalind):
    """The first of one cohort is the last of the other: taken in that order, each would wait for the other for ever."""
    criteria()
    keys = ("theme-politics", "theme-system", "service-housing", "step-director")
    for key in keys:
        MentorFactory(offers={key: 4}, capacity=2)
    other = PlaceFactory().cohort
    for of, wanted in ((cohort, keys), (other, keys[::-1])):
        for key in wanted:
            MenteeFactory(place=PlaceFactory(cohort=of), wants={key: 4})
    runs = [propose_match(cohort=of, by=rosalind, now=MATCHING_DAY) for of in (cohort, other)]

    assert at_once(lambda run: confirm_match(run=run, by=rosalind, now=MATCHING_DAY), runs) == (2, 0)

    assert set(Mentor.objects.values_list("active", flat=True)) == {2}


def test_a_mentor_who_takes_a_rest_while_it_is_confirmed_is_either_matched_or_rests(proposal, rosalind):
    mentor = proposal.pairs.first().mentor
    acts = (
        lambda: confirm_match(run=proposal, by=rosalind, now=MATCHING_DAY),
        lambda: rest(mentor=mentor, until=date(2027, 1, 4), by=mentor.person, now=MATCHING_DAY),
    )

    done, _ = at_once(lambda act: act(), acts)

    matched = Mentorship.objects.filter(mentor=mentor)
    rested_at = AuditEvent.objects.get(action="mentoring.mentor.rested").pk
    assert done == 1 + matched.exists()
    assert all(
        told < rested_at
        for told in AuditEvent.objects.filter(action="mentoring.mentorship.told").values_list("pk", flat=True)
    )


def test_who_opts_out_while_it_is_confirmed_is_either_matched_or_out(proposal, rosalind):
    place = proposal.pairs.first().place
    acts = (
        lambda: confirm_match(run=proposal, by=rosalind, now=MATCHING_DAY),
        lambda: opt_out(place=place, by=place.person, now=MATCHING_DAY),
    )

    assert at_once(lambda act: act(), acts) == (1, 1)

    profile = MenteeProfile.objects.get(place=place)
    assert profile.is_in == Mentorship.objects.live().filter(place=place).exists()


def test_mentorships_that_two_close_at_once_are_all_closed(proposal, rosalind):
    confirm_match(run=proposal, by=rosalind, now=MATCHING_DAY)
    over = datetime(2027, 7, 19, 9, tzinfo=UTC)

    assert at_once(lambda _: close_mentorships(now=over), range(4)) == (4, 0)

    assert list(Mentorship.objects.values_list("ending", flat=True)) == ["completed"] * 3
    assert set(Mentor.objects.values_list("active", flat=True)) == {0}


def test_of_many_who_ask_and_many_workers_one_question_is_answered_by_one(proposal, rosalind, monkeypatch):
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 2)
    about = {"kind": MatchQuestion.Kind.OVERVIEW, "by": rosalind, "now": MATCHING_DAY}
    taken = []

    assert at_once(lambda run: ask(run=run, **about), fresh(proposal, 6)) == (6, 0)
    at_once(lambda _: taken.append(claim_question(now=MATCHING_DAY)), range(6))

    assert [question for question in taken if question] == [MatchQuestion.objects.get()]


def test_of_many_who_have_many_pairs_confirmed_one_is_heard(proposal, rosalind):
    runs = fresh(proposal, 6)

    assert at_once(lambda run: ask_to_confirm(run=run, by=rosalind, now=MATCHING_DAY), runs) == (6, 0)
    claimed = [claim_question(now=MATCHING_DAY) for _ in runs]
    answer_question(question=claimed[0], clock=lambda: MATCHING_DAY)

    assert claimed[1:] == [None] * 5
    assert Mentorship.objects.count() == 3


def test_two_cohorts_confirmed_at_once_share_no_seat(cohort, rosalind):
    criteria()
    mentor = MentorFactory()
    first, second = (MenteeFactory(place=PlaceFactory(**of)).place for of in ({"cohort": cohort}, {}))
    runs = [propose_match(cohort=place.cohort, by=rosalind, now=MATCHING_DAY) for place in (first, second)]

    assert at_once(lambda run: confirm_match(run=run, by=rosalind, now=MATCHING_DAY), runs) == (1, 1)

    mentor.refresh_from_db()
    assert (mentor.active, Mentorship.objects.count()) == (1, 1)
