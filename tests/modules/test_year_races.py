"""Two people press the same button of the year at the same moment, on real connections."""

from datetime import date

import pytest

from leaders.outbox.models import Message
from modules import actions
from modules.models import Attendance, ChallengeChoice, SystemsChallenge, Team, TeamMember
from tests.at_once import at_once, fresh
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import AttendanceFactory, ChallengeFactory, ModuleFactory, SessionFactory, TeamFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


def test_a_module_confirmed_by_many_invites_everybody_once(cohort, amara_place, rosalind):
    module = SessionFactory(module=ModuleFactory(cohort=cohort)).module

    done, refused = at_once(
        lambda one: actions.confirm_module(module=one, venue="City Hall, E16 1ZE", by=rosalind, now=NOW),
        fresh(module, 8),
    )

    assert (done, refused) == (8, 0)
    assert Message.objects.count() == 1


def test_a_register_sent_by_two_administrators_holds_one_mark_for_each(cohort, adjoa):
    session = SessionFactory(module__cohort=cohort)
    places = PlaceFactory.create_batch(6, cohort=cohort)

    def send(status):
        marks = {place.pk: status for place in places}
        actions.record_register(session=session, marks=marks, by=adjoa, now=session.ends)

    assert at_once(send, ["present", "remote"] * 3) == (6, 0)
    assert Attendance.objects.count() == 6
    assert len(set(Attendance.objects.values_list("status", flat=True))) == 1


def test_catching_up_told_twice_at_once_is_told_once(cohort, amara_place, amara, adjoa):
    session = SessionFactory(module__cohort=cohort)
    missed = AttendanceFactory(session=session, place=amara_place, status="absent")
    task = actions.set_catch_up(
        attendance=missed, task="Read", minutes=5, due_on=date(2027, 4, 9), by=adjoa, now=session.ends
    )

    outcome = at_once(
        lambda one: actions.complete_catch_up(catch_up=one, words="Done.", by=amara, now=NOW), fresh(task, 6)
    )

    assert outcome == (1, 5)


def test_of_many_saves_of_one_version_of_the_teams_text_one_wins(cohort, amara_place, amara):
    team = TeamFactory(cohort=cohort, members=[amara_place])

    def save(text):
        words = {"stakeholders": "", "learning": text, "final_offer": ""}
        actions.write_challenge(team=team, version=1, by=amara, now=NOW, **words)

    assert at_once(save, [f"Text {n}" for n in range(6)]) == (1, 5)
    assert SystemsChallenge.objects.get().version == 2


def test_teams_proposed_and_confirmed_by_two_at_once_hold_everybody_once(cohort, rosalind):
    PlaceFactory.create_batch(12, cohort=cohort)

    assert at_once(lambda _: actions.form_teams(cohort=cohort, by=rosalind, now=NOW), range(3)) == (3, 0)
    assert TeamMember.objects.count() == 12
    assert at_once(lambda _: actions.confirm_teams(cohort=cohort, by=rosalind, now=NOW), range(4)) == (1, 3)
    assert (Team.objects.confirmed().count(), Message.objects.count()) == (2, 12)


def test_choices_sent_by_a_double_click_are_kept_once(cohort, amara_place, amara):
    challenges = [ChallengeFactory(cohort=cohort) for _ in range(3)]

    outcome = at_once(
        lambda _: actions.choose_challenges(place=amara_place, challenges=challenges, by=amara, now=NOW), range(4)
    )

    assert outcome == (4, 0)
    assert ChallengeChoice.objects.count() == 3
