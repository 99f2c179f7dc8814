"""Large matchings go to the worker: taken once, told how far, stopped, taken over, dropped when out of date."""

import re
from datetime import date, timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from mentoring import matching
from mentoring.actions import (
    answer_question,
    claim_question,
    claim_run,
    confirm_match,
    declare_conflict,
    forget_in_runs,
    leave_out,
    lock,
    propose_match,
    rest,
    stop_run,
    undo,
    withdraw_question,
    work_out,
)
from mentoring.actions.runs import LEASE, open_run
from mentoring.models import MatchQuestion, MatchRun, MenteeProfile, Mentor, Mentorship
from mentoring.models import matching as matching_models
from mentoring.office import matching as office
from mentoring.tasks import tick
from tests.browsers import sign_in
from tests.cohorts.factories import PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, MenteeFactory, MentorFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mentor", "mentee", "_large")]
TOMORROW = MATCHING_DAY + timedelta(days=1)


@pytest.fixture
def _large(monkeypatch):
    """Two people are many: what is asked of the worker depends on their number only."""
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 2)


@pytest.fixture
def propose(cohort, rosalind):
    return lambda now=MATCHING_DAY: propose_match(cohort=cohort, by=rosalind, now=now)


@pytest.fixture
def proposed(propose):
    """A large matching that the worker has solved."""
    propose()
    return worked_out(claim_run(now=MATCHING_DAY))


def worked_out(run, clock=lambda: MATCHING_DAY):
    work_out(run=run, clock=clock)
    return MatchRun.objects.get(pk=run.pk)


def test_a_large_matching_waits_for_the_worker_which_takes_it_once(propose, mentor):
    run = propose()
    assert (run.state, run.pairs.count()) == ("waiting", 0)

    claimed = claim_run(now=MATCHING_DAY)
    assert claim_run(now=MATCHING_DAY) is None
    run = worked_out(claimed)

    assert (run.state, run.progress, run.lease_until, run.pairs.get().mentor) == ("proposed", "", None, mentor)


def test_the_workers_tick_solves_all_that_waits(propose, cohort, rosalind, time_machine):
    time_machine.move_to(MATCHING_DAY)
    other = MenteeFactory(place=PlaceFactory()).place
    runs = [propose(), propose_match(cohort=other.cohort, by=rosalind, now=MATCHING_DAY)]

    tick()

    assert set(MatchRun.objects.filter(pk__in=[run.pk for run in runs]).values_list("state", flat=True)) == {"proposed"}


def test_two_clicks_are_one_matching(propose):
    run = propose()
    assert propose() == run
    claim_run(now=MATCHING_DAY)

    assert propose() == run
    assert MatchRun.objects.count() == 1


def test_asked_again_after_an_answer_changed_the_worker_begins_anew(propose, mentee):
    first = propose()
    claimed = claim_run(now=MATCHING_DAY)
    mentee.wants = {"theme-politics": 4}
    mentee.save()

    second = propose()
    assert worked_out(claimed).pairs.count() == 0
    worked_out(claim_run(now=MATCHING_DAY))

    assert list(MatchRun.objects.order_by("number").values_list("pk", "state")) == [
        (first.pk, "superseded"),
        (second.pk, "proposed"),
    ]


def test_what_changed_while_the_worker_was_at_it_stops_the_confirmation(propose, mentor, rosalind):
    propose()
    claimed = claim_run(now=MATCHING_DAY)
    rest(mentor=mentor, until=date(2027, 1, 4), by=mentor.person, now=MATCHING_DAY)
    run = worked_out(claimed)
    assert run.pairs.get().mentor == mentor

    with pytest.raises(NotPossible, match="Something has changed"):
        confirm_match(run=run, by=rosalind, now=MATCHING_DAY)
    assert not Mentorship.objects.exists()


def test_a_large_proposal_of_yesterday_is_confirmed_today_if_the_day_makes_no_difference(proposed, rosalind):
    assert len(confirm_match(run=proposed, by=rosalind, now=TOMORROW)) == 1


def test_a_large_proposal_of_yesterday_is_not_confirmed_once_training_has_ended(propose, rosalind, mentor):
    mentor.trainings.update(on=date(2024, 10, 13))
    propose()
    run = worked_out(claim_run(now=MATCHING_DAY))
    assert run.pairs.get().mentor == mentor

    with pytest.raises(NotPossible, match="Something has changed"):
        confirm_match(run=run, by=rosalind, now=TOMORROW)
    assert len(confirm_match(run=run, by=rosalind, now=MATCHING_DAY)) == 1


def test_the_worker_says_how_far_it_is_and_keeps_its_lease(propose):
    propose()
    claimed = claim_run(now=MATCHING_DAY)
    seen = []

    def clock():
        """A minute later each time somebody looks."""
        now = MATCHING_DAY + timedelta(minutes=len(seen))
        assert claim_run(now=now) is None
        seen.append(MatchRun.objects.get(pk=claimed.pk).progress)
        return now

    work_out(run=claimed, clock=clock)

    assert "0 aims reached, now: people without a mentor" in seen
    assert seen[-1] == "The matching is found; now what the other settings of the dial would give"
    assert len(seen) > LEASE / timedelta(minutes=1)


def test_a_worker_that_died_loses_the_matching_to_the_next(propose, mentor):
    propose()
    died_at_it = claim_run(now=MATCHING_DAY)
    assert claim_run(now=MATCHING_DAY + LEASE - timedelta(seconds=1)) is None

    taken_over = claim_run(now=MATCHING_DAY + LEASE)
    assert worked_out(taken_over).pairs.get().mentor == mentor

    # It was not dead after all: its answer is the same, and comes too late to count twice.
    assert worked_out(died_at_it).pairs.count() == 1


def test_a_matching_that_cannot_be_worked_out_is_stopped_and_not_tried_for_ever(propose, client, rosalind, cohort):
    run = propose()
    MatchRun.objects.filter(pk=run.pk).update(problem_text="")

    with pytest.raises(AttributeError):
        work_out(run=claim_run(now=MATCHING_DAY), clock=lambda: MATCHING_DAY)

    run.refresh_from_db()
    assert (run.state, claim_run(now=MATCHING_DAY)) == ("stopped", None)
    assert "It could not be worked out" in sign_in(client, rosalind).get(run.get_absolute_url()).text


def test_a_matching_that_cannot_be_read_does_not_hold_up_the_others(propose, cohort, rosalind, settings, time_machine):
    time_machine.move_to(MATCHING_DAY)
    unreadable = propose()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    other = MenteeFactory(place=PlaceFactory()).place
    readable = propose_match(cohort=other.cohort, by=rosalind, now=MATCHING_DAY + timedelta(minutes=1))

    with pytest.raises(ImproperlyConfigured):
        tick()
    tick()

    states = dict(MatchRun.objects.values_list("pk", "state"))
    assert (states[unreadable.pk], states[readable.pk]) == ("stopped", "proposed")


def test_a_matching_that_nobody_has_begun_is_stopped_at_once(propose, rosalind):
    stop_run(run=propose(), by=rosalind, now=MATCHING_DAY)

    assert claim_run(now=MATCHING_DAY) is None
    assert MatchRun.objects.get().state == "stopped"


def test_a_matching_whose_worker_died_is_stopped_at_once(propose, rosalind):
    run = propose()
    claim_run(now=MATCHING_DAY)

    stop_run(run=run, by=rosalind, now=MATCHING_DAY + LEASE)

    assert MatchRun.objects.get().state == "stopped"


def test_a_matching_stopped_on_the_way_proposes_the_best_so_far_and_says_so(propose, rosalind):
    run = propose()
    claimed = claim_run(now=MATCHING_DAY)
    stop_run(run=run, by=rosalind, now=MATCHING_DAY)

    found = worked_out(claimed)

    assert (found.state, found.result.headline.proved, found.result.headline.matched) == ("proposed", False, 1)
    assert set(found.dial) == {found.dial_order}
    with pytest.raises(NotPossible, match="finished"):
        stop_run(run=run, by=rosalind, now=MATCHING_DAY)


@pytest.mark.parametrize("how", ["stopped", "failed"])
def test_a_change_of_which_nothing_comes_leaves_the_proposal_and_all_rulings_as_they_were(
    proposed, propose, rosalind, mentor, amara_place, client, how
):
    kept = lock(run=proposed, place=amara_place, mentor=mentor, by=rosalind, now=MATCHING_DAY)
    kept = worked_out(claim_run(now=MATCHING_DAY))
    MenteeProfile.objects.update(wants={"theme-politics": 4})
    propose()
    MenteeProfile.objects.update(wants={"theme-politics": 3})
    run = propose()  # in the place of one that was not solved yet
    if how == "stopped":
        stop_run(run=run, by=rosalind, now=MATCHING_DAY)
    else:
        MatchRun.objects.filter(pk=run.pk).update(problem_text="")
        with pytest.raises(AttributeError):
            work_out(run=claim_run(now=MATCHING_DAY), clock=lambda: MATCHING_DAY)

    assert open_run(kept.cohort) == kept
    page = sign_in(client, rosalind).get(kept.get_absolute_url()).text
    assert f"Proposal {run.number} was stopped." in page
    assert "stay together" in page
    again = propose()
    assert [(each.kind, each.place) for each in again.rulings.all()] == [("lock", amara_place)]


def test_neither_the_silent_nor_a_large_pool_of_mentors_make_a_matching_large(propose, cohort, monkeypatch):
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 4)
    for _ in range(4):
        MentorFactory()
        PlaceFactory(cohort=cohort)
    assert (propose().people, propose().state) == (2, "proposed")

    MenteeFactory(place=PlaceFactory(cohort=cohort))
    assert (propose().people, propose().state) == (4, "waiting")


def test_stopped_and_asked_again_it_is_begun_anew(propose, rosalind):
    run = propose()
    claim_run(now=MATCHING_DAY)
    stop_run(run=run, by=rosalind, now=MATCHING_DAY)

    assert propose() != run


def test_a_change_to_a_large_proposal_is_worked_out_too_and_can_be_undone(proposed, rosalind, mentor):
    MentorFactory()
    changed = leave_out(run=proposed, mentor=mentor, by=rosalind, now=MATCHING_DAY)
    assert changed.state == "waiting"
    changed = worked_out(claim_run(now=MATCHING_DAY))
    assert changed.pairs.get().mentor != mentor

    assert undo(run=changed, by=rosalind, now=MATCHING_DAY) == proposed


# What is asked about a large proposal


@pytest.fixture
def short(propose, cohort, mentor, known_criteria, time_machine):
    """Three who ask and two mentors, proposed by the worker: somebody is left."""
    time_machine.move_to(MATCHING_DAY)
    MentorFactory()
    for _ in range(2):
        MenteeFactory(place=PlaceFactory(cohort=cohort))
    propose()
    return worked_out(claim_run(now=MATCHING_DAY))


@pytest.fixture
def look(client, rosalind, short):
    office = sign_in(client, rosalind)
    return lambda path="": " ".join(office.get(f"{short.get_absolute_url()}{path}").text.split())


@pytest.fixture
def press(client, rosalind, short):
    office = sign_in(client, rosalind)
    return lambda **posted: office.post(short.get_absolute_url(), {"run": short.pk, **posted}, follow=True)


def its_pages(run):
    """What the office asks of a proposal: path, and words of the answer."""
    pair, left = run.pairs.exclude(mentor=None).first(), run.pairs.get(mentor=None)
    return {
        "": "compete for 2 seats with",
        f"what-if/?mentor={pair.mentor_id}": "Then 1 of 3 would be matched",
        f"people/{pair.place_id}/": "What it costs",
        f"people/{left.place_id}/": "What would help</h2>",
    }


def test_pages_of_a_large_proposal_work_nothing_out_in_the_request(short, look, monkeypatch):
    def not_here(*_args, **_options):
        raise AssertionError("worked out while somebody waits")

    paths = [*its_pages(short), f"compare/?one={short.pk}&other={short.pk}", f"confirm/?run={short.pk}"]
    for name in ("solve", "solve_table", "table", "alternatives", "if_mentor_leaves", "reasons", "blocking_pairs"):
        monkeypatch.setattr(matching, name, not_here)
    for module in (matching.explain, matching.shortage):
        monkeypatch.setattr(module, "table", not_here)

    pages = [look(path) for path in paths]

    assert ["data-waiting" in page for page in pages] == [True] * 4 + [False] * 2
    assert "Matched 2 of 3" in pages[0]
    assert "It begins in a moment." in pages[1]


def test_what_is_asked_about_a_large_proposal_the_worker_answers_as_a_request_would(short, look, monkeypatch):
    pages = its_pages(short)
    assert [words in look(path) for path, words in pages.items()] == [False] * 4
    tick()
    answered = [look(path) for path in pages]

    assert [words in page for words, page in zip(pages.values(), answered, strict=True)] == [True] * 4
    assert not any("data-waiting" in page for page in answered)
    assert MatchQuestion.objects.unanswered().count() == 0
    monkeypatch.setattr(matching_models, "IN_THE_REQUEST", 300)
    csrf = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert [csrf.sub("", look(path)) for path in pages] == [csrf.sub("", page) for page in answered]


def test_a_question_is_asked_and_answered_once_however_often_its_page_is_opened(short, look):
    path = list(its_pages(short))[1]
    for _ in range(3):
        look(path)
    question = MatchQuestion.objects.get()
    claimed = claim_question(now=MATCHING_DAY)
    assert (claimed, claim_question(now=MATCHING_DAY)) == (question, None)
    answer_question(question=claimed, clock=lambda: MATCHING_DAY)

    look(path)

    assert MatchQuestion.objects.get().answer
    assert claim_question(now=MATCHING_DAY + LEASE) is None


def test_the_worker_says_how_far_an_answer_is_until_it_is_asked_no_more(short, look, press):
    look(list(its_pages(short))[2])
    question, seen = claim_question(now=MATCHING_DAY), []

    def clock():
        seen.append(look(list(its_pages(short))[2]))
        if len(seen) == 3:
            press(do="stop_asking", question=question.pk)
        return MATCHING_DAY

    answer_question(question=question, clock=clock)

    assert "0 mentors priced." in seen[1]
    assert len(seen) == 4  # the last to write an answer down, for which nobody waits any more
    assert not MatchQuestion.objects.filter(answered_at__isnull=False).exists()


def test_a_question_whose_worker_died_goes_to_the_next_and_one_that_fails_is_not_tried_for_ever(short, look):
    path = list(its_pages(short))[1]
    look(path)
    claim_question(now=MATCHING_DAY)
    MatchRun.objects.update(problem_text="")
    taken_over = claim_question(now=MATCHING_DAY + LEASE)

    with pytest.raises(AttributeError):
        answer_question(question=taken_over, clock=lambda: MATCHING_DAY)

    assert claim_question(now=MATCHING_DAY + LEASE) is None
    assert "could not be worked out" in look(path)


def test_what_was_asked_about_somebody_goes_when_they_are_erased(short, look, amara):
    look()
    tick()
    forget_in_runs(person=amara, now=MATCHING_DAY)

    assert not MatchQuestion.objects.exists()


# Many pairs are confirmed by the worker


@pytest.fixture
def many(short, look, press, client, monkeypatch):
    """More pairs than are confirmed at once; pressing the button."""
    monkeypatch.setattr(office, "CONFIRMED_AT_ONCE", 1)
    return lambda: (
        client.post(f"{short.get_absolute_url()}confirm/?run={short.pk}", {"confirmed": "yes"}, follow=True).text
    )


def test_many_pairs_are_confirmed_by_the_worker_in_the_name_of_who_pressed_the_button(short, many, look):
    assert "It begins in a moment." in many()
    many()  # a second click
    assert not Mentorship.objects.exists()

    tick()

    run = MatchRun.objects.get()
    assert (run.state, run.confirmed_by, Mentorship.objects.count()) == ("confirmed", "Rosalind Tate", 2)
    assert "2 are matched" in look()


def test_a_confirmation_that_is_refused_says_why_and_can_be_asked_for_again(short, many, look, mentor):
    many()
    rest(mentor=mentor, until=date(2027, 1, 4), by=mentor.person, now=MATCHING_DAY)
    tick()

    assert "It was not confirmed. Something has changed since this was proposed." in look()
    Mentor.objects.filter(pk=mentor.pk).update(resting_until=None)
    many()
    tick()
    assert Mentorship.objects.count() == 2


def test_a_confirmation_that_needs_a_reason_keeps_the_one_that_was_given(short, many, client, amara):
    declare_conflict(by=amara, now=MATCHING_DAY, whom="Somebody of Hackney")
    assert "Give a reason" in many()
    assert not MatchQuestion.objects.filter(kind="confirm").exists()

    confirm = f"{short.get_absolute_url()}confirm/?run={short.pk}"
    client.post(confirm, {"confirmed": "yes", "reason": "She means nobody here"})
    tick()

    assert Mentorship.objects.count() == 2
    assert AuditEvent.objects.get(action="mentoring.match.confirmed").reason == "She means nobody here"


def test_a_confirmation_is_stopped_before_it_begins_and_not_after(short, many, press, rosalind):
    many()
    press(do="stop_asking", question=MatchQuestion.objects.get(kind="confirm").pk)
    tick()
    assert not Mentorship.objects.exists()

    many()
    question = claim_question(now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="too late"):
        withdraw_question(question=question, by=rosalind, now=MATCHING_DAY)
    answer_question(question=question, clock=lambda: MATCHING_DAY)
    assert Mentorship.objects.count() == 2


def test_a_proposal_changed_while_its_confirmation_waits_is_not_confirmed(short, many, rosalind, mentor):
    many()
    leave_out(run=MatchRun.objects.get(), mentor=mentor, by=rosalind, now=MATCHING_DAY)

    tick()

    assert not Mentorship.objects.exists()
