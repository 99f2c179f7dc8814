"""Coaching groups: formed, told, planned, recorded; of what is said nothing is kept."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.actions import graduate_place
from leaders.components.dates import LONDON
from leaders.home.gather import home, navigation
from leaders.outbox.models import Message
from leaders.people.demo import World
from leaders.people.refusals import NotPossible
from mentoring.actions import (
    add_coach,
    cancel_session,
    change_session,
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
from mentoring.demo import plan_sessions
from mentoring.models import CoachingAttendance, CoachingGroup, CoachingGroupMember, CoachingSession
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, CoachFactory
from tests.modules.factories import ModuleFactory, SessionFactory
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
    assert "<b>Tuesday 20 October 2026</b>, 2pm to 3:30pm" in client.get(reverse("coach_home")).text

    time_machine.move_to(datetime.fromisoformat("2026-10-21T09:00:00+00:00"), tick=False)
    assert "Record who was there" in client.get(reverse("coach_home")).text
    client.post(reverse("coach_record", args=[session.pk]), {"present": [amara_place.pk]})

    session.refresh_from_db()
    assert session.recorded_by == "Miriam Adeyemi"
    assert CoachingAttendance.objects.filter(present=True).count() == 1


@pytest.fixture
def over(session, time_machine):
    """The session, an hour after its end."""
    time_machine.move_to(session.ends + timedelta(hours=1), tick=False)
    return session


def test_who_was_there_opens_with_nobody_ticked_and_is_not_saved_as_it_opens(client, over, miriam):
    client.force_login(miriam)
    url = reverse("coach_record", args=[over.pk])
    page = client.get(url)
    assert "Who was there on Tuesday 20 October?" in page.text
    assert " checked" not in page.text

    page = client.post(url)

    assert page.context["form"].errors == {"present": ["Tick everybody who was there, or “Nobody came”"]}
    assert not CoachingAttendance.objects.exists()


def test_that_nobody_came_is_said_and_not_beside_somebody_who_did(client, over, miriam, amara_place):
    client.force_login(miriam)
    url = reverse("coach_record", args=[over.pk])
    page = client.post(url, {"present": ["nobody", amara_place.pk]})
    assert list(page.context["form"].errors) == ["present"]

    client.post(url, {"present": ["nobody"]})

    assert set(CoachingAttendance.objects.values_list("present", flat=True)) == {False}


def test_a_coach_reads_what_was_recorded_and_finds_the_way_back_to_correct_it(client, over, miriam, amara_place):
    client.force_login(miriam)
    url = reverse("coach_record", args=[over.pk])

    page = client.post(url, {"present": [amara_place.pk]}, follow=True).text

    assert "Recorded: 1 of 6 were there." in page
    assert "Tuesday 20 October 2026: 1 of 6 were there" in page
    assert url in page
    again = client.get(url).text
    assert (again.count(" checked"), f'value="{amara_place.pk}"' in again) == (1, True)
    client.post(url, {"present": ["nobody"]})
    assert client.get(url).context["form"]["present"].value() == ["nobody"]


def test_a_participant_reads_whether_they_were_there_themselves(client, over, miriam, amara, amara_place, places):
    client.force_login(amara)
    assert "<li>Tuesday 20 October 2026</li>" in client.get(reverse("my_coaching")).text

    record_session(session=over, present={amara_place.pk}, by=miriam, now=over.ends)
    assert "Tuesday 20 October 2026: you were there" in client.get(reverse("my_coaching")).text

    record_session(session=over, present={places[1].pk}, by=miriam, now=over.ends)
    page = client.get(reverse("my_coaching")).text
    assert "Tuesday 20 October 2026: you were not there" in page
    assert "You see whether you were; your coach and the programme office see it of everybody." in page


def answers(starts, ends, where="Toynbee Hall", **more):
    day = {"on_day": starts.day, "on_month": starts.month, "on_year": starts.year}
    return {**day, "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}", "where": where, **more}


def test_a_date_is_moved_with_one_letter_and_in_the_same_entry_of_a_calendar(client, group, session, miriam, amara):
    Message.objects.all().delete()
    client.force_login(miriam)
    url = reverse("coach_change", args=[session.pk])
    assert url in client.get(reverse("coach_home")).text
    assert "Toynbee Hall" in client.get(url).text
    moved = datetime(2026, 10, 22, 14, tzinfo=LONDON)

    for _ in range(2):  # a second click writes to nobody
        client.post(url, answers(moved, moved + timedelta(minutes=90), where="Room 4"))

    changed = CoachingSession.objects.get()
    assert (changed.starts, changed.where, changed.sequence) == (moved, "Room 4", 1)
    assert Message.objects.count() == 7
    letter = Message.objects.get(person=amara)
    assert letter.subject == "Changed: Coaching group 1 meets on Thursday 22 October 2026"
    assert "It was to be on Tuesday 20 October 2026" in " ".join(letter.text.split())
    invite = bytes(letter.attachments.get().content)
    assert (b"METHOD:REQUEST" in invite, b"SEQUENCE:1" in invite) == (True, True)
    assert str(session.uid).encode() in invite.replace(b"\r\n ", b"")
    [entry] = [each for each in home(type(amara).objects.get(pk=amara.pk), MATCHING_DAY).dates if each.sequence]
    assert entry.sequence == 1


def test_a_date_that_begins_was_recorded_or_is_cancelled_is_moved_no_more(client, session, miriam):
    later = session.starts + timedelta(days=7)
    with pytest.raises(NotPossible):
        change_session(
            session=session, starts=later, ends=later + timedelta(hours=1), by=miriam, now=session.starts
        )  # fmt: skip
    cancel_session(session=session, by=miriam, now=MATCHING_DAY)
    with pytest.raises(NotPossible):
        change_session(session=session, starts=later, ends=later + timedelta(hours=1), by=miriam, now=MATCHING_DAY)
    client.force_login(miriam)
    assert client.get(reverse("coach_change", args=[session.pk])).url == reverse("coach_home")


def test_only_the_coach_and_the_office_move_a_date_and_onto_no_other(group, session, miriam, amara):
    other = plan_session(
        group=group, starts=session.starts + timedelta(days=7), ends=session.ends + timedelta(days=7), by=miriam,
        now=MATCHING_DAY,
    )  # fmt: skip
    for person, starts in ((amara, session.starts + timedelta(days=1)), (miriam, other.starts)):
        with pytest.raises(NotPossible):
            change_session(
                session=session, starts=starts, ends=starts + timedelta(hours=1), by=person, now=MATCHING_DAY
            )  # fmt: skip


def test_each_date_to_come_can_be_cancelled_and_one_under_way_cannot(
    client, group, session, miriam, time_machine, amara_place
):
    later = plan_session(
        group=group, starts=session.starts + timedelta(days=7), ends=session.ends + timedelta(days=7), by=miriam,
        now=MATCHING_DAY,
    )  # fmt: skip
    client.force_login(miriam)
    cancels = [reverse("coach_cancel", args=[each.pk]) for each in (session, later)]
    page = client.get(reverse("coach_home")).text
    assert [url in page for url in cancels] == [True, True]

    time_machine.move_to(session.starts + timedelta(minutes=10), tick=False)
    record_session(session=session, present={amara_place.pk}, by=miriam, now=session.starts)
    page = client.get(reverse("coach_home")).text
    assert [url in page for url in cancels] == [False, True]


def test_a_coach_who_sets_a_date_on_a_module_day_is_asked_first(client, group, cohort, miriam):
    module = ModuleFactory(cohort=cohort, number=2)
    SessionFactory(module=module, title="Day 1", starts=datetime(2026, 10, 20, 9, 30, tzinfo=LONDON))
    starts = datetime(2026, 10, 20, 14, tzinfo=LONDON)
    sent = answers(starts, starts + timedelta(minutes=90))
    client.force_login(miriam)
    url = reverse("coach_new_session", args=[group.pk])
    assert "all the same" not in client.get(url).text

    page = client.post(url, sent)

    told = "Module 2, day 1 is on that day, 9:30am to 5pm: choose another time, or tick this box"
    assert page.context["form"].errors == {"anyway": [told]}
    assert "We meet at that time all the same" in page.text
    assert not CoachingSession.objects.exists()
    client.post(url, {**sent, "anyway": "on"})
    assert CoachingSession.objects.get().starts == starts


def test_a_date_beside_a_module_day_or_on_one_that_was_cancelled_is_taken_at_once(client, group, cohort, miriam):
    for day, cancelled_at in ((20, None), (21, MATCHING_DAY)):
        starts = datetime(2026, 10, day, 9, 30, tzinfo=LONDON)
        SessionFactory(module=ModuleFactory(cohort=cohort, number=day), starts=starts, cancelled_at=cancelled_at)
    client.force_login(miriam)
    for starts in (datetime(2026, 10, 20, 17, tzinfo=LONDON), datetime(2026, 10, 21, 14, tzinfo=LONDON)):
        sent = answers(starts, starts + timedelta(minutes=90))
        client.post(reverse("coach_new_session", args=[group.pk]), sent)

    assert CoachingSession.objects.count() == 2


def test_the_demo_sets_no_coaching_date_on_a_module_day(group, cohort):
    world = World(today=date(2027, 7, 1))
    world.now = MATCHING_DAY
    first = world.days_later(21 + group.number % 4, 9)
    SessionFactory(module=ModuleFactory(cohort=cohort, number=2), starts=first)

    plan_sessions(world, group)

    dates = [session.starts for session in group.sessions.all()]
    assert (len(dates), min(dates)) == (6, first + timedelta(weeks=1, hours=5))


def test_a_graduate_is_promised_no_further_date(client, group, amara, amara_place, rosalind):
    graduate_place(place=amara_place, by=rosalind, now=MATCHING_DAY)
    client.force_login(amara)

    page = client.get(reverse("my_coaching")).text

    assert ("Your coach sets" in page, "You have graduated" in page) == (False, True)


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
        reverse("coach_change", args=[session.pk]),
        reverse("coach_cancel", args=[session.pk]),
    ]
    for person in (otto, amara, joanne, other.person):
        client.force_login(person)
        assert {client.post(page).status_code for page in pages} == {404}
    client.force_login(otto)
    assert client.get(reverse("coach_home")).status_code == 404
    assert not CoachingSession.objects.exclude(cancelled_at=None).exists()


def test_a_coach_finds_their_page_their_dates_their_messages_and_their_data(client, miriam, coach):
    labels = [page["label"] for page in navigation(type(miriam).objects.get(pk=miriam.pk), MATCHING_DAY, "/coach/")]
    assert labels == ["Home", "Coaching", "Dates", "Messages", "Your data"]

    client.force_login(miriam)
    assert client.get(reverse("my_home")).url == reverse("coach_home")
    assert client.get(reverse("my_dates")).status_code == 200


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
