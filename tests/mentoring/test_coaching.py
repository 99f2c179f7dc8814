"""Coaching groups: formed, told, planned, recorded; of what is said nothing is kept."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from leaders.home.gather import home, navigation
from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible
from mentoring.actions import (
    add_coach,
    cancel_session,
    confirm_groups,
    declare_conflict,
    form_groups,
    give_coach,
    lock_in_group,
    move_to_group,
    plan_session,
    record_session,
    stand_down_coach,
)
from mentoring.models import CoachingAttendance, CoachingGroup, CoachingGroupMember, CoachingSession
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, CoachFactory
from tests.people.factories import AuthorityFactory
from tests.spending import spending

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_matching_day(time_machine):
    time_machine.move_to(MATCHING_DAY, tick=False)


@pytest.fixture
def coach(miriam):
    return CoachFactory(person=miriam, about="Listens first.")


@pytest.fixture
def places(cohort, amara_place):
    return [amara_place, *(PlaceFactory(cohort=cohort) for _ in range(5))]


@pytest.fixture
def group(cohort, coach, places, rosalind):
    """Coaching group 1: Amara and five others with Miriam, confirmed."""
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    found = confirm_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    Message.objects.all().delete()
    return found[0]


@pytest.fixture
def session(group, miriam):
    starts = MATCHING_DAY + timedelta(days=7)
    return plan_session(
        group=group,
        starts=starts,
        ends=starts + timedelta(minutes=90),
        where="Toynbee Hall",
        by=miriam,
        now=MATCHING_DAY,
    )


def test_a_proposal_tells_nobody_and_confirming_tells_everybody(cohort, coach, places, rosalind, miriam):
    plan = form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    assert plan.summary.startswith("Six people in one group")
    assert not Message.objects.exists()

    confirm_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    assert {message.person for message in Message.objects.all()} == {miriam, *(place.person for place in places)}


def test_groups_are_confirmed_once_and_not_formed_again(group, cohort, rosalind):
    with pytest.raises(NotPossible):
        confirm_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="confirmed"):
        form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)


def test_groups_without_a_coach_are_not_confirmed(cohort, places, rosalind):
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="no coach yet"):
        confirm_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)


def test_somebody_locked_stays_when_groups_are_proposed_again(cohort, coach, places, rosalind):
    CoachFactory()
    for _ in range(6):
        PlaceFactory(cohort=cohort)
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    member = CoachingGroupMember.objects.select_related("group", "place__person").last()
    lock_in_group(member=member, locked=True, by=rosalind, now=MATCHING_DAY)

    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    again = CoachingGroupMember.objects.select_related("group").get(place=member.place)
    assert (again.group.number, again.locked) == (member.group.number, True)


@pytest.fixture
def two_groups(cohort, coach, places, rosalind):
    """Twelve people in two proposed groups, with Miriam and somebody else."""
    CoachFactory()
    for _ in range(6):
        PlaceFactory(cohort=cohort)
    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)
    return list(CoachingGroup.objects.select_related("coach__person__organisation", "cohort"))


def test_whom_the_office_keeps_meets_nobody_they_should_not_when_groups_are_proposed_again(
    two_groups, cohort, rosalind, amara
):
    """Amara is kept; somebody who was divided into her group before declares a conflict with her."""
    group = CoachingGroup.objects.get(members__place__person=amara)
    lock_in_group(member=group.members.get(place__person=amara), locked=True, by=rosalind, now=MATCHING_DAY)
    other = group.members.exclude(place__person=amara).first().place.person
    declare_conflict(by=other, now=MATCHING_DAY, person=amara)

    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    again = CoachingGroup.objects.get(members__place__person=amara)
    assert (again.number, again.coach) == (group.number, group.coach)
    assert not again.members.filter(place__person=other).exists()
    assert again.reason.endswith("nobody meets a colleague or line manager.")
    assert CoachingGroupMember.objects.filter(group__cohort=cohort).count() == 12


def test_a_group_says_whom_the_office_put_there_against_a_rule(two_groups, cohort, amara_place, rosalind):
    group = CoachingGroup.objects.get(members__place=amara_place)
    lock_in_group(member=group.members.get(place=amara_place), locked=True, by=rosalind, now=MATCHING_DAY)
    ben = PlaceFactory(cohort=cohort, person__name="Ben Osei", organisation=amara_place.organisation)
    move_to_group(place=ben, group=group, by=rosalind, now=MATCHING_DAY, reason="They never met")

    form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    again = CoachingGroup.objects.get(members__place=ben)
    assert again.number == group.number
    assert again.members.filter(place=amara_place, locked=True).exists()
    assert again.reason.endswith("line manager, but for Ben Osei: the office put them there.")


@pytest.mark.parametrize("said", ["person", "organisation"])
def test_a_coach_with_whom_somebody_declared_a_conflict_is_not_given_to_their_group(
    group, amara, rosalind, camden, said
):
    other = CoachFactory(person__organisation=AuthorityFactory())
    whom = {"person": other.person} if said == "person" else {"organisation": other.person.organisation}
    declare_conflict(by=amara, now=MATCHING_DAY, **whom)

    with pytest.raises(NotPossible, match="a declared conflict"):
        give_coach(group=group, coach=other, by=rosalind, now=MATCHING_DAY)


def test_nobody_is_moved_to_meet_their_line_manager_or_a_conflict_without_a_reason(group, cohort, amara, rosalind):
    managed = PlaceFactory(cohort=cohort, line_manager=amara)
    declared = PlaceFactory(cohort=cohort)
    declare_conflict(by=declared.person, now=MATCHING_DAY, person=amara)

    for place, why in ((managed, "their line manager \\(Amara"), (declared, "there is a declared conflict \\(Amara")):
        with pytest.raises(NotPossible, match=why):
            move_to_group(place=place, group=group, by=rosalind, now=MATCHING_DAY)


def test_nobody_is_moved_to_a_coach_they_know_from_work_for_any_reason(group, cohort, miriam, rosalind):
    place = PlaceFactory(cohort=cohort, line_manager=miriam)
    with pytest.raises(NotPossible, match="know each other from work"):
        move_to_group(place=place, group=group, by=rosalind, now=MATCHING_DAY, reason="They like each other")


def test_a_coach_never_gets_people_they_declared_a_conflict_with(cohort, coach, places, miriam, amara, rosalind):
    declare_conflict(by=miriam, now=MATCHING_DAY, whom=amara.email)

    plan = form_groups(cohort=cohort, by=rosalind, now=MATCHING_DAY)

    assert [person for person, _ in plan.left_out] == [str(amara.pk)]


def test_a_coach_of_the_same_employer_is_refused(group, amara_place, camden, rosalind):
    colleague = CoachFactory(person__organisation=camden)
    with pytest.raises(NotPossible, match="know each other"):
        give_coach(group=group, coach=colleague, by=rosalind, now=MATCHING_DAY)


def test_a_colleague_joins_a_group_only_for_a_reason_and_is_told(group, cohort, camden, rosalind):
    place = PlaceFactory(cohort=cohort, organisation=camden)
    with pytest.raises(NotPossible, match="colleague"):
        move_to_group(place=place, group=group, by=rosalind, now=MATCHING_DAY)

    move_to_group(place=place, group=group, by=rosalind, now=MATCHING_DAY, reason="They never met")
    assert Message.objects.get().person == place.person


def test_a_group_never_grows_beyond_eight(group, cohort, rosalind):
    for _ in range(2):
        move_to_group(place=PlaceFactory(cohort=cohort), group=group, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible, match="8 people"):
        move_to_group(place=PlaceFactory(cohort=cohort), group=group, by=rosalind, now=MATCHING_DAY)
    with pytest.raises(NotPossible):
        move_to_group(place=PlaceFactory(), group=group, by=rosalind, now=MATCHING_DAY)


def test_nobody_is_in_two_groups(group, amara_place, cohort):
    other = CoachingGroup.objects.create(cohort=cohort, number=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        CoachingGroupMember.objects.create(group=other, place=amara_place)


def test_a_date_is_invited_to_everybody_and_cancelled_with_a_notice(group, session, miriam):
    invited = Message.objects.filter(kind="mentoring.coaching_session")
    assert invited.count() == 7
    assert b"METHOD:REQUEST" in bytes(invited.first().attachments.get().content)
    Message.objects.all().delete()

    cancel_session(session=session, by=miriam, now=MATCHING_DAY)

    assert b"METHOD:CANCEL" in bytes(Message.objects.first().attachments.get().content)
    assert b"SEQUENCE:1" in bytes(Message.objects.first().attachments.get().content)
    with pytest.raises(NotPossible):
        cancel_session(session=session, by=miriam, now=MATCHING_DAY)


@pytest.mark.parametrize(("starts", "minutes"), [(timedelta(0), 90), (timedelta(days=1), -10), (timedelta(days=7), 30)])
def test_a_date_lies_ahead_ends_after_it_starts_and_overlaps_nothing(group, session, miriam, starts, minutes):
    begins = MATCHING_DAY + starts
    with pytest.raises(NotPossible):
        plan_session(
            group=group, starts=begins, ends=begins + timedelta(minutes=minutes), by=miriam, now=MATCHING_DAY
        )  # fmt: skip


def test_only_the_coach_and_the_office_set_dates(group, otto, amara):
    starts = MATCHING_DAY + timedelta(days=9)
    for person in (otto, amara):
        with pytest.raises(NotPossible):
            plan_session(group=group, starts=starts, ends=starts + timedelta(hours=1), by=person, now=MATCHING_DAY)


def test_who_was_there_is_recorded_after_the_session_and_corrected(session, amara_place, miriam):
    with pytest.raises(NotPossible):
        record_session(session=session, present=set(), by=miriam, now=MATCHING_DAY)
    after = session.ends + timedelta(hours=1)
    record_session(session=session, present=set(), by=miriam, now=after)
    record_session(session=session, present={amara_place.pk}, by=miriam, now=after)

    assert CoachingAttendance.objects.filter(present=True).get().place == amara_place
    assert CoachingAttendance.objects.count() == 6


def test_a_coach_stands_down_when_no_group_runs(group, coach, rosalind):
    with pytest.raises(NotPossible):
        stand_down_coach(coach=coach, by=rosalind, now=MATCHING_DAY)
    CoachingGroup.objects.update(coach=None)
    stand_down_coach(coach=coach, by=rosalind, now=MATCHING_DAY)
    coach.refresh_from_db()
    assert coach.stood_down_at == MATCHING_DAY

    assert add_coach(person=coach.person, by=rosalind, now=MATCHING_DAY).stood_down_at is None


# Pages


def test_a_participant_sees_group_coach_and_dates(client, group, session, amara):
    client.force_login(amara)
    page = client.get(reverse("my_coaching")).text

    for words in ("Miriam Adeyemi", "Listens first.", "Tuesday 20 October 2026", "Toynbee Hall", "Amara Mensah"):
        assert words in page
    card = next(
        card for card in home(type(amara).objects.get(pk=amara.pk), MATCHING_DAY).people if "Coaching" in card.heading
    )
    assert (card.title, card.lines) == ("Miriam Adeyemi", ["Coach of coaching group 1", "Next: Tuesday 20 October"])


def test_before_groups_are_formed_the_page_says_when(client, amara):
    client.force_login(amara)
    assert "Not formed yet" in client.get(reverse("my_coaching")).text


def test_a_coach_sets_a_date_and_records_it(client, group, miriam, amara_place, time_machine):
    client.force_login(miriam)
    answers = {
        "on_day": "20",
        "on_month": "10",
        "on_year": "2026",
        "starts": "14:00",
        "ends": "15:30",
        "where": "Online",
    }
    client.post(reverse("coach_new_session", args=[group.pk]), answers)
    session = CoachingSession.objects.get()
    assert (session.starts.isoformat(), session.where) == ("2026-10-20T13:00:00+00:00", "Online")
    assert "Next: Tuesday 20 October 2026, 2pm to 3:30pm" in client.get(reverse("coach_home")).text

    time_machine.move_to(datetime.fromisoformat("2026-10-21T09:00:00+00:00"), tick=False)
    assert "Record who was there" in client.get(reverse("coach_home")).text
    client.post(reverse("coach_record", args=[session.pk]), {"present": [amara_place.pk]})

    session.refresh_from_db()
    assert session.recorded_by == "Miriam Adeyemi"
    assert CoachingAttendance.objects.filter(present=True).count() == 1


def test_a_session_that_ends_before_it_starts_comes_back_whole(client, group, miriam):
    client.force_login(miriam)
    answers = {
        "on_day": "20",
        "on_month": "10",
        "on_year": "2026",
        "starts": "16:00",
        "ends": "15:30",
        "where": "Room 4",
    }

    page = client.post(reverse("coach_new_session", args=[group.pk]), answers)

    assert page.context["form"].errors == {"ends": ["It has to end after it starts"]}
    assert "Room 4" in page.text


def test_a_coach_is_asked_before_a_date_is_cancelled(client, session, miriam):
    client.force_login(miriam)
    page = reverse("coach_cancel", args=[session.pk])
    assert "Everybody in the group gets an email" in client.get(page).text
    assert not CoachingSession.objects.exclude(cancelled_at=None).exists()
    client.post(page)
    assert CoachingSession.objects.exclude(cancelled_at=None).exists()


def test_nobody_but_the_coach_finds_a_coachs_pages(client, group, session, otto, amara, joanne):
    other = CoachFactory()
    pages = [
        reverse("coach_new_session", args=[group.pk]),
        reverse("coach_record", args=[session.pk]),
        reverse("coach_cancel", args=[session.pk]),
    ]
    for person in (otto, amara, joanne, other.person):
        client.force_login(person)
        assert {client.post(page).status_code for page in pages} == {404}
    client.force_login(otto)
    assert client.get(reverse("coach_home")).status_code == 404
    assert not CoachingSession.objects.exclude(cancelled_at=None).exists()


def test_coaches_have_their_page_in_the_navigation(miriam, coach):
    assert [page["label"] for page in navigation(type(miriam).objects.get(pk=miriam.pk), MATCHING_DAY, "/coach/")][
        -1
    ] == "Coaching"


def test_a_coachs_page_costs_the_same_with_thirty_cohorts(client, group, session, miriam, coach):
    client.force_login(miriam)
    client.get(reverse("coach_home"))
    with spending() as before:
        client.get(reverse("coach_home"))
    for number in range(29):
        other = CoachingGroup.objects.create(
            cohort=CohortFactory(), number=1, coach=CoachFactory(), confirmed_at=MATCHING_DAY, confirmed_by="Rosalind"
        )
        CoachingSession.objects.create(
            group=other,
            starts=MATCHING_DAY + timedelta(days=number),
            ends=MATCHING_DAY + timedelta(days=number, hours=1),
        )
    with spending() as after:
        client.get(reverse("coach_home"))
    assert after == before
