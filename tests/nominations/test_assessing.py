"""The panel: blind, assigned, scored, handed in, and free of conflicts."""

import pytest
from django.db import IntegrityError, transaction

from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible
from nominations.actions import (
    add_panel_member,
    assign,
    decide,
    declare_conflict,
    defer_nomination,
    release,
    remove_panel_member,
    reopen_assessment,
    score,
    share_out_reading,
    withdraw_nomination,
)
from nominations.models import Assessment, PanelMember, Score
from tests.nominations.factories import DECIDING, READING, RELEASED, complete, panel, released, scored, sent
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_panel_member_gets_the_role_once(this_round):
    person = PersonFactory()
    for _ in range(2):
        add_panel_member(round=this_round, person=person, by=None, now=READING)

    assert PanelMember.objects.count() == 1
    assert person.has_role("panel_member")
    assert not person.is_staff


def test_reading_is_shared_out_and_each_member_hears_once(this_round):
    members = panel(this_round, 3)
    for _ in range(3):
        complete(this_round)

    assert share_out_reading(round=this_round, by=None, now=READING) == 6
    assert share_out_reading(round=this_round, by=None, now=READING) == 0
    assert [member.assessments.count() for member in members] == [2, 2, 2]
    assert Message.objects.filter(kind="nominations.reading").count() == 3


def test_nobody_reads_their_own_organisation(this_round, camden):
    nomination = complete(this_round, organisation=camden)
    member = add_panel_member(round=this_round, person=PersonFactory(organisation=camden), by=None, now=READING)

    with pytest.raises(NotPossible, match="works for Camden"):
        assign(nomination=nomination, member=member, by=None, now=READING)
    assert share_out_reading(round=this_round, by=None, now=READING) == 0


def test_only_a_complete_nomination_is_read(this_round):
    with pytest.raises(NotPossible, match="is not complete"):
        assign(nomination=sent(this_round), member=panel(this_round, 1)[0], by=None, now=READING)


def test_assigning_twice_is_once(this_round):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    pair = {assign(nomination=nomination, member=member, by=None, now=READING).pk for _ in range(2)}

    assert len(pair) == 1


def test_a_member_sees_only_what_they_were_given(this_round, rosalind):
    nomination, members = complete(this_round), panel(this_round)
    mine = assign(nomination=nomination, member=members[0], by=None, now=READING)

    assert list(Assessment.objects.visible_to(members[0].person)) == [mine]
    assert list(Assessment.objects.visible_to(members[1].person)) == []
    assert list(Assessment.objects.visible_to(rosalind)) == []


def test_a_draft_is_kept_and_then_handed_in(this_round):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    begun = scored(nomination, member, (3, None), submit=False)
    assert (begun.state, begun.submitted_at) == ("draft", None)

    done = scored(nomination, member, (3, 4))

    assert (done.state, done.submitted_at) == ("submitted", READING)
    assert list(done.scores.values_list("value", flat=True)) == [3, 4]


def test_every_criterion_is_scored_before_handing_in(this_round):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    with pytest.raises(NotPossible, match="Score each of the 2 criteria"):
        scored(nomination, member, (3, None))


@pytest.mark.parametrize("value", [-1, 5])
def test_a_score_stays_within_its_range(this_round, value):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    with pytest.raises(NotPossible, match="from 0 to 4"):
        scored(nomination, member, (3, value))


def test_the_database_itself_holds_the_range(this_round):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    scored(nomination, member)

    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(value=5)


def test_what_was_handed_in_is_final_unless_reopened(this_round, rosalind):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    done = scored(nomination, member)
    with pytest.raises(NotPossible, match="handed these scores in"):
        scored(nomination, member, (1, 1))

    reopen_assessment(assessment=done, reason="Moderation", by=rosalind, now=READING)

    assert scored(nomination, member, (1, 1)).state == "submitted"


def test_nobody_scores_for_another(this_round):
    nomination, (first, second) = complete(this_round), panel(this_round)
    assessment = assign(nomination=nomination, member=first, by=None, now=READING)

    with pytest.raises(NotPossible, match="Only the panel member"):
        score(assessment=assessment, scores={}, by=second.person, now=READING)


def test_a_conflict_moves_the_nomination_to_another_member(this_round):
    nomination, (first, second, third) = complete(this_round), panel(this_round, 3)
    begun = scored(nomination, first, (4, None), submit=False)
    assign(nomination=nomination, member=second, by=None, now=READING)

    passed_on = declare_conflict(assessment=begun, reason="A former colleague", by=first.person, now=READING)

    assert passed_on.member == third
    assert not Score.objects.exists()
    assert list(Assessment.objects.visible_to(first.person)) == []


def test_a_conflict_with_nobody_left_to_read_is_noted_all_the_same(this_round):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    assessment = assign(nomination=nomination, member=member, by=None, now=READING)

    assert declare_conflict(assessment=assessment, reason="Family", by=member.person, now=READING) is None
    assessment.refresh_from_db()
    assert assessment.state == "conflict"


def test_who_leaves_the_panel_leaves_their_scores_and_gives_the_rest_to_others(this_round):
    read, unread, (first, second, third) = complete(this_round), complete(this_round), panel(this_round, 3)
    scored(read, first)
    for member in (first, second):
        assign(nomination=unread, member=member, by=None, now=READING)

    remove_panel_member(member=first, by=PersonFactory(), now=READING)

    assert list(first.assessments.values_list("nomination", "state")) == [(read.pk, "submitted")]
    assert {a.member for a in unread.assessments.all()} == {second, third}
    assert list(Assessment.objects.visible_to(first.person)) == []


def test_scores_rest_after_release(this_round, rosalind):
    nomination, (member,) = complete(this_round), panel(this_round, 1)
    begun = scored(nomination, member, (3, None), submit=False)
    decide(nomination=nomination, outcome="not_this_time", by=rosalind, now=DECIDING)
    release(round=this_round, by=rosalind, now=RELEASED)

    with pytest.raises(NotPossible, match="released"):
        score(assessment=begun, scores={}, by=member.person, now=RELEASED)


@pytest.mark.parametrize("state", ["withdrawn", "deferred"])
def test_a_nomination_that_left_is_no_longer_read_chased_or_listed(this_round, rosalind, state):
    nomination = complete(this_round)
    reader, done = panel(this_round)
    assign(nomination=nomination, member=reader, by=None, now=READING)
    scored(nomination, done)
    leave = {"withdrawn": withdraw_nomination, "deferred": defer_nomination}[state]
    leave(nomination=nomination, reason="A new post", by=rosalind, now=READING)

    assert list(nomination.assessments.values_list("member", "state")) == [(done.pk, "submitted")]
    for member in (reader, done):
        assert not Assessment.objects.visible_to(member.person).exists()


def test_nothing_is_shared_out_after_the_release(this_round, rosalind):
    released(this_round, rosalind, ["not_this_time"])
    member = PanelMember.objects.create(round=this_round, person=PersonFactory(), joined_at=READING)
    late = complete(this_round, email="late@example.org")

    with pytest.raises(NotPossible, match="nothing more is read"):
        share_out_reading(round=this_round, by=rosalind, now=RELEASED)
    with pytest.raises(NotPossible, match="nothing more is read"):
        assign(nomination=late, member=member, by=rosalind, now=RELEASED)
    with pytest.raises(NotPossible, match="nothing more is read"):
        add_panel_member(round=this_round, person=PersonFactory(), by=rosalind, now=RELEASED)
    remove_panel_member(member=member, by=rosalind, now=RELEASED)
    assert not Message.objects.filter(kind="nominations.reading").exists()


def test_whoever_nominates_was_nominated_or_takes_part_does_not_read(this_round, amara_place):
    nomination = complete(this_round)

    for person in (nomination.nominee, nomination.nominator):
        with pytest.raises(NotPossible, match="nominates, or was nominated"):
            add_panel_member(round=this_round, person=person, by=None, now=READING)
    with pytest.raises(NotPossible, match="takes part in a programme now"):
        add_panel_member(round=this_round, person=amara_place.person, by=None, now=READING)
