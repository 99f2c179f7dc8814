"""Teams are proposed with reasons, adjusted, confirmed and told; then they work on their challenge."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from leaders.outbox.models import Message
from leaders.people.audit import AuditEvent
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.refusals import NotPossible
from modules.actions import (
    Stale,
    add_challenge,
    choose_challenges,
    confirm_teams,
    form_teams,
    give_challenge,
    lock_member,
    log_experiment,
    move_member,
    record_presentation,
    revise_experiment,
    write_challenge,
)
from modules.models import ChallengeChoice, Experiment, Team, TeamMember
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import ChallengeFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def twelve(cohort):
    """Twelve people of twelve authorities and three services."""
    services = ("Housing", "Children", "Adults")
    return [PlaceFactory(cohort=cohort, person__name=f"Person {n:02}", service=services[n % 3]) for n in range(12)]


def teams_of(cohort):
    return {
        team.name: {member.place_id for member in team.members.all()}
        for team in cohort.teams.prefetch_related("members")
    }


def test_teams_are_proposed_for_everybody_taking_part_and_nobody_is_told(cohort, twelve, rosalind):
    gone = PlaceFactory(cohort=cohort, status="withdrawn", left_at=NOW)

    plan = form_teams(cohort=cohort, by=rosalind, now=NOW)

    teams = teams_of(cohort)
    assert {name: len(members) for name, members in teams.items()} == {"Lea": 6, "Fleet": 6}
    assert set().union(*teams.values()) == {place.pk for place in twelve}
    assert gone.pk not in set().union(*teams.values())
    assert plan.summary.startswith("12 people in two teams of six.")
    assert "Six people from six authorities" in cohort.teams.get(name="Lea").reason
    assert not Message.objects.exists()


def test_a_team_takes_up_the_challenge_that_most_people_wished_for(cohort, twelve, rosalind):
    ignored = ChallengeFactory(cohort=cohort, title="A challenge nobody chose")
    first = ChallengeFactory(cohort=cohort, title="Serious youth violence")
    second = ChallengeFactory(cohort=cohort, title="Retrofit")
    for n, place in enumerate(twelve):
        wishes = (first, second) if n % 2 else (second, first)
        choose_challenges(place=place, challenges=wishes, by=place.person, now=NOW)

    form_teams(cohort=cohort, by=rosalind, now=NOW)

    for team in cohort.teams.all():
        assert team.challenge != ignored
        for member in team.members.all():
            assert ChallengeChoice.objects.get(place=member.place, challenge=team.challenge).rank == 1


def test_proposing_again_keeps_those_who_are_locked(cohort, twelve, rosalind):
    form_teams(cohort=cohort, by=rosalind, now=NOW)
    fleet = cohort.teams.get(name="Fleet")
    for member in fleet.members.all()[:3]:
        lock_member(member=member, locked=True, by=rosalind, now=NOW)
    kept = set(fleet.members.filter(locked=True).values_list("place", flat=True))

    form_teams(cohort=cohort, by=rosalind, now=NOW)

    assert len(kept) == 3
    assert kept <= teams_of(cohort)["Fleet"]
    assert TeamMember.objects.count() == 12


def test_locks_that_contradict_the_sizes_are_explained_with_names(cohort, twelve, rosalind):
    form_teams(cohort=cohort, by=rosalind, now=NOW)
    lea = cohort.teams.get(name="Lea")
    for place in twelve[:8]:
        move_member(place=place, team=lea, by=rosalind, now=NOW)

    with pytest.raises(NotPossible, match="8 people are locked to Team Lea, which holds 6"):
        form_teams(cohort=cohort, by=rosalind, now=NOW)
    assert len(teams_of(cohort)["Lea"]) >= 8


def test_teams_need_people(cohort, rosalind):
    PlaceFactory(cohort=cohort)

    with pytest.raises(NotPossible, match="too few people"):
        form_teams(cohort=cohort, by=rosalind, now=NOW)


def test_confirming_makes_the_teams_real_and_tells_everybody_theirs(cohort, twelve, rosalind):
    form_teams(cohort=cohort, by=rosalind, now=NOW)

    confirm_teams(cohort=cohort, by=rosalind, now=NOW)

    assert set(cohort.teams.values_list("confirmed_by", flat=True)) == {"Rosalind Tate"}
    member = TeamMember.objects.select_related("team", "place__person").first()
    message = Message.objects.get(person=member.place.person)
    assert message.subject == f"You are in {member.team}"
    assert Message.objects.count() == 12


def test_teams_are_confirmed_once(cohort, twelve, rosalind):
    form_teams(cohort=cohort, by=rosalind, now=NOW)
    confirm_teams(cohort=cohort, by=rosalind, now=NOW)

    with pytest.raises(NotPossible, match="no proposed teams"):
        confirm_teams(cohort=cohort, by=rosalind, now=NOW)
    with pytest.raises(NotPossible, match="The teams are confirmed"):
        form_teams(cohort=cohort, by=rosalind, now=NOW)


def test_teams_are_not_confirmed_while_somebody_has_none(cohort, twelve, rosalind):
    form_teams(cohort=cohort, by=rosalind, now=NOW)
    PlaceFactory(cohort=cohort, person__name="Lena Late")

    with pytest.raises(NotPossible, match="Put Lena Late into a team first"):
        confirm_teams(cohort=cohort, by=rosalind, now=NOW)


def test_somebody_put_into_a_confirmed_team_is_told(cohort, amara_place, amara, rosalind):
    team = TeamFactory(cohort=cohort)

    move_member(place=amara_place, team=team, by=rosalind, now=NOW)

    assert Message.objects.get().person == amara
    assert AuditEvent.objects.first().sentence == f"Amara Mensah was put into {team}"


def test_somebody_moved_there_and_back_again_is_told_each_time_and_a_second_press_tells_nobody(
    cohort, amara_place, rosalind
):
    lea, fleet = TeamFactory(cohort=cohort), TeamFactory(cohort=cohort)

    for minutes, team in enumerate((lea, fleet, lea, fleet, fleet)):
        move_member(place=amara_place, team=team, by=rosalind, now=NOW + timedelta(minutes=minutes))

    told = list(Message.objects.order_by("pk").values_list("about_id", flat=True))
    assert told == [str(team.pk) for team in (lea, fleet, lea, fleet)]


def test_nobody_is_put_into_another_cohorts_team(amara_place, rosalind):
    with pytest.raises(NotPossible, match="takes part in another cohort"):
        move_member(place=amara_place, team=TeamFactory(), by=rosalind, now=NOW)


def test_two_teams_change_challenges_in_one_step(cohort, rosalind):
    lea, fleet = TeamFactory(cohort=cohort), TeamFactory(cohort=cohort)
    was_lea, was_fleet = lea.challenge, fleet.challenge

    give_challenge(team=lea, challenge=was_fleet, by=rosalind, now=NOW)

    assert Team.objects.get(pk=lea.pk).challenge == was_fleet
    assert Team.objects.get(pk=fleet.pk).challenge == was_lea


def test_a_team_takes_no_challenge_of_another_cohort(cohort, rosalind):
    with pytest.raises(NotPossible, match="another cohort"):
        give_challenge(team=TeamFactory(cohort=cohort), challenge=ChallengeFactory(), by=rosalind, now=NOW)


def test_a_challenge_is_put_before_the_cohort(cohort, rosalind):
    challenge = add_challenge(
        cohort=cohort, title="Retrofit", question="How could London warm its homes?", by=rosalind, now=NOW
    )

    assert list(cohort.challenges.all()) == [challenge]


def test_wishes_are_replaced_by_newer_ones(cohort, amara_place, amara):
    one, two = ChallengeFactory(cohort=cohort), ChallengeFactory(cohort=cohort)
    choose_challenges(place=amara_place, challenges=[one, two], by=amara, now=NOW)

    choose_challenges(place=amara_place, challenges=[two], by=amara, now=NOW)

    assert [(c.rank, c.challenge) for c in amara_place.challenge_choices.all()] == [(1, two)]


def test_wishes_are_at_most_three_different_challenges_of_ones_own_cohort(cohort, amara_place, amara):
    own = [ChallengeFactory(cohort=cohort) for _ in range(4)]

    for wishes, says in (
        (own, "up to three"),
        ([own[0], own[0]], "up to three different"),
        ([ChallengeFactory()], "your own cohort"),
    ):
        with pytest.raises(NotPossible, match=says):
            choose_challenges(place=amara_place, challenges=wishes, by=amara, now=NOW)


def test_wishes_come_too_late_once_teams_are_confirmed(cohort, amara_place, amara):
    TeamFactory(cohort=cohort, members=[amara_place])

    with pytest.raises(NotPossible, match="formed already"):
        choose_challenges(place=amara_place, challenges=[], by=amara, now=NOW)


@pytest.fixture
def lea(cohort, amara_place):
    return TeamFactory(cohort=cohort, name="Lea", members=[amara_place])


def test_a_member_writes_for_the_whole_team(lea, amara):
    saved = write_challenge(
        team=lea, version=1, stakeholders="Families, landlords", learning="Waiting is the work", final_offer="",
        by=amara, now=NOW,
    )  # fmt: skip

    assert (saved.version, saved.stakeholders, saved.learning) == (2, "Families, landlords", "Waiting is the work")


def test_a_stale_page_overwrites_nobody(lea, amara):
    words = {"stakeholders": "", "final_offer": "", "by": amara, "now": NOW}
    write_challenge(team=lea, version=1, learning="Tom wrote this", **words)

    with pytest.raises(Stale) as stale:
        write_challenge(team=lea, version=1, learning="Amara wrote this", **words)

    assert stale.value.challenge.learning == "Tom wrote this"


def test_a_team_without_a_challenge_has_nothing_to_write(lea, amara):
    lea.challenge = None

    with pytest.raises(NotPossible, match="Team Lea has no challenge yet"):
        write_challenge(team=lea, version=1, stakeholders="", learning="", final_offer="", by=amara, now=NOW)


def test_only_members_write(lea, otto, cohort):
    outsider = PlaceFactory(cohort=cohort).person

    for person in (otto, outsider):
        with pytest.raises(NotPossible, match="Only members of Team Lea can write here"):
            log_experiment(team=lea, tried_on=NOW.date(), tried="Something", by=person, now=NOW)
        with pytest.raises(NotPossible, match="Only members"):
            write_challenge(team=lea, version=1, stakeholders="", learning="", final_offer="", by=person, now=NOW)


def test_what_was_tried_is_logged_and_corrected_by_its_author_alone(lea, amara, cohort):
    tom = PlaceFactory(cohort=cohort)
    TeamMember.objects.create(team=lea, place=tom, joined_at=NOW)
    entry = log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="One caseworker per family", by=amara, now=NOW)
    words = {"tried_on": date(2027, 3, 2), "tried": "One caseworker", "happened": "", "learned": "", "now": NOW}

    with pytest.raises(NotPossible, match="Only the person who wrote"):
        revise_experiment(experiment=entry, seen=entry.mark, by=tom.person, **words)
    assert revise_experiment(experiment=entry, seen=entry.mark, by=amara, **words).tried_on == date(2027, 3, 2)


def test_an_entry_is_corrected_only_from_what_it_says_now(lea, amara):
    entry = log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="Frist", by=amara, now=NOW)
    seen, rest = entry.mark, {"tried_on": entry.tried_on, "happened": "", "learned": "", "by": amara, "now": NOW}
    for _ in range(2):  # sent twice
        revise_experiment(experiment=entry, seen=seen, tried="First", **rest)
    with pytest.raises(ChangedMeanwhile):
        revise_experiment(experiment=entry, seen=seen, tried="Second", **rest)

    assert Experiment.objects.get().tried == "First"
    assert AuditEvent.objects.filter(action="modules.experiment.revised").count() == 1


def test_an_entry_sent_twice_is_one_entry(lea, amara):
    entries = [
        log_experiment(team=lea, tried_on=date(2027, 3, 1), tried=tried, by=amara, now=NOW)
        for tried in ("One caseworker", "One caseworker", "One caseworker and one number")
    ]
    assert (entries[0], Experiment.objects.count()) == (entries[1], 2)


def test_what_is_still_to_come_is_not_logged(lea, amara):
    with pytest.raises(NotPossible, match="not what is still to come"):
        log_experiment(team=lea, tried_on=NOW.date() + timedelta(days=1), tried="Tomorrow", by=amara, now=NOW)


def test_a_presentation_is_recorded_and_its_date_corrected(lea, rosalind):
    for on in (date(2027, 3, 1), date(2027, 3, 2)):
        presentation = record_presentation(team=lea, presented_on=on, by=rosalind, now=NOW)

    assert (lea.presentation, presentation.presented_on) == (presentation, date(2027, 3, 2))


def test_a_presentation_still_to_come_cannot_be_recorded(lea, rosalind):
    with pytest.raises(NotPossible, match="when it has taken place"):
        record_presentation(team=lea, presented_on=NOW.date() + timedelta(days=1), by=rosalind, now=NOW)


def test_a_proposed_team_is_hidden_from_its_members(client, cohort, amara_place, amara, time_machine):
    time_machine.move_to(NOW, tick=False)
    team = TeamFactory(cohort=cohort, confirmed_at=None, confirmed_by="", members=[amara_place])
    client.force_login(amara)
    assert str(team) not in client.get(reverse("my_team")).text

    Team.objects.filter(pk=team.pk).update(confirmed_at=NOW, confirmed_by="Rosalind Tate")
    assert str(team) in client.get(reverse("my_team")).text
