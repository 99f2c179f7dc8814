"""The team's page: who may read it, what everybody in the team may write."""

from datetime import date

import pytest
from django.urls import reverse

from leaders.home.gather import home
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import log_experiment, remove_experiment
from modules.models import ChallengeChoice, Experiment, SystemsChallenge, TeamMember
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import ChallengeFactory, TeamFactory, six_modules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def tom(cohort):
    return PlaceFactory(cohort=cohort, person__name="Tom Brook")


@pytest.fixture
def lea(cohort, amara_place, tom):
    team = TeamFactory(cohort=cohort, name="Lea", members=[amara_place, tom], challenge=None)
    team.challenge = ChallengeFactory(cohort=cohort, title="Families in temporary accommodation")
    team.save()
    return team


@pytest.fixture
def signed_in(client, amara):
    client.force_login(amara)
    return client


ENTRY = {"tried_on_day": "1", "tried_on_month": "3", "tried_on_year": "2027", "tried": "One caseworker per family"}


def test_the_team_page_says_first_who_can_read_it_and_shows_members_and_challenge(signed_in, lea):
    page = signed_in.get(reverse("my_team")).text

    assert page.index("Who can read this") < page.index("Our work")
    for text in ("Team Lea", "Families in temporary accommodation", "Tom Brook", "Amara Mensah", "Carla Reid"):
        assert text in page


def test_an_entry_of_the_log_is_written_and_read_by_the_whole_team(signed_in, client, lea, tom):
    assert signed_in.post(reverse("my_experiment_new"), ENTRY).status_code == 302

    entry = Experiment.objects.get()
    assert (entry.tried, entry.tried_on) == ("One caseworker per family", date(2027, 3, 1))
    client.force_login(tom.person)
    assert "One caseworker per family" in client.get(reverse("my_team")).text


def test_an_entry_about_tomorrow_or_far_too_long_comes_back_whole(signed_in, lea):
    long = "word " * 2000
    page = signed_in.post(reverse("my_experiment_new"), {**ENTRY, "tried_on_month": "4", "tried": long})

    assert set(page.context["form"].errors) == {"tried_on", "tried"}
    assert page.text.count("word word word") > 1
    assert not Experiment.objects.exists()


def test_an_entry_corrected_in_another_window_meanwhile_shows_both(signed_in, lea, amara):
    entry = log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="Frist", by=amara, now=NOW)
    url = reverse("my_experiment", args=[entry.pk])
    Experiment.objects.update(tried="In the other window")
    page = signed_in.post(url, {**ENTRY, "tried": "In this window", "seen": entry.mark})
    assert ("In the other window" in page.text, "In this window" in page.text) == (True, True)

    entry.refresh_from_db()
    assert f'name="seen" value="{entry.mark}"' in page.text
    signed_in.post(url, {**ENTRY, "tried": "In this window", "seen": entry.mark})
    assert Experiment.objects.get().tried == "In this window"


def test_an_entry_that_is_refused_comes_back_whole(signed_in, lea, amara_place):
    amara_place.status, amara_place.graduated_at = "graduated", NOW
    amara_place.save()
    page = signed_in.post(reverse("my_experiment_new"), ENTRY)

    assert ("Only members of Team Lea can write here" in page.text, ENTRY["tried"] in page.text) == (True, True)


def test_an_entry_is_corrected_by_its_author_and_found_by_nobody_else(signed_in, client, lea, amara, tom):
    entry = log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="Frist", by=amara, now=NOW)
    url = reverse("my_experiment", args=[entry.pk])

    signed_in.post(url, {**ENTRY, "tried": "First", "seen": entry.mark})
    assert Experiment.objects.get().tried == "First"

    client.force_login(tom.person)
    assert client.get(url).status_code == 404
    assert client.post(url, {**ENTRY, "tried": "Mine"}).status_code == 404


def test_an_entry_is_removed_by_its_author_alone(signed_in, client, lea, amara, tom):
    entry = log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="For another team", by=amara, now=NOW)
    url, remove = reverse("my_experiment", args=[entry.pk]), {"do": "remove"}
    with pytest.raises(NotPossible, match="Only the person who wrote this entry"):
        remove_experiment(experiment=entry, by=tom.person, now=NOW)
    client.force_login(tom.person)
    client.post(url, remove)
    assert Experiment.objects.exists()

    client.force_login(amara)
    assert "Remove this entry" in client.get(url).text
    for _ in range(2):
        gone = client.post(url, remove, follow=True).text
        assert ("The entry is removed" in gone, "For another team" in gone) == (True, False)
    assert AuditEvent.objects.filter(action="modules.experiment.removed").count() == 1


def test_the_teams_work_is_saved_for_everybody(signed_in, lea):
    words = {"version": "1", "stakeholders": "Families", "learning": "Waiting is the work", "final_offer": ""}

    assert signed_in.post(reverse("my_challenge"), words).url == reverse("my_team")

    challenge = SystemsChallenge.objects.get(pk=lea.challenge_id)
    assert (challenge.version, challenge.stakeholders) == (2, "Families")


def test_a_stale_save_shows_both_texts_and_then_saves(signed_in, lea):
    SystemsChallenge.objects.filter(pk=lea.challenge_id).update(version=2, learning="Tom wrote this")
    words = {"version": "1", "stakeholders": "", "learning": "Amara wrote this", "final_offer": ""}

    page = signed_in.post(reverse("my_challenge"), words)

    assert page.status_code == 409
    assert "Tom wrote this" in page.text
    assert "Amara wrote this" in page.text
    assert SystemsChallenge.objects.get(pk=lea.challenge_id).learning == "Tom wrote this"
    both = {**words, "version": page.context["form"]["version"].value(), "learning": "Both wrote this"}
    signed_in.post(reverse("my_challenge"), both)
    assert SystemsChallenge.objects.get(pk=lea.challenge_id).learning == "Both wrote this"


def test_a_participant_without_a_team_chooses_among_the_challenges(signed_in, cohort, amara_place):
    one, two = (
        ChallengeFactory(cohort=cohort, title="Retrofit"),
        ChallengeFactory(cohort=cohort, title="Youth violence"),
    )
    assert "Retrofit" in signed_in.get(reverse("my_team")).text

    signed_in.post(reverse("my_choices"), {"first": two.pk, "second": one.pk, "third": ""})

    assert list(ChallengeChoice.objects.values_list("rank", "challenge__title")) == [
        (1, "Youth violence"),
        (2, "Retrofit"),
    ]


def test_the_same_challenge_twice_is_pointed_out_kindly(signed_in, cohort, amara_place):
    one = ChallengeFactory(cohort=cohort)

    page = signed_in.post(reverse("my_choices"), {"first": one.pk, "second": one.pk, "third": ""})

    assert page.context["form"].errors == {"second": ["Choose a different challenge as your second choice, or none"]}


def test_a_challenge_of_another_cohort_cannot_be_chosen(signed_in, amara_place):
    page = signed_in.post(reverse("my_choices"), {"first": ChallengeFactory().pk, "second": "", "third": ""})

    assert "first" in page.context["form"].errors


def test_nobody_outside_the_team_finds_its_pages(client, lea, cohort, otto):
    pages = [reverse("my_challenge"), reverse("my_experiment_new")]
    for person in (otto, PlaceFactory(cohort=cohort).person, PlaceFactory().person):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [404, 404]


def test_a_participant_of_another_team_does_not_see_this_ones_log(client, lea, amara, cohort):
    log_experiment(team=lea, tried_on=date(2027, 3, 1), tried="Between ourselves", by=amara, now=NOW)
    other = PlaceFactory(cohort=cohort)
    TeamFactory(cohort=cohort, name="Fleet", members=[other])
    client.force_login(other.person)

    assert "Between ourselves" not in client.get(reverse("my_team")).text


def test_the_home_shows_the_team_and_its_challenge(amara, lea):
    card = next(card for card in home(amara, NOW).people if card.heading == "Systems challenge team")

    assert (card.title, card.names, card.lines) == (
        "Team Lea",
        ["Amara Mensah", "Tom Brook"],
        ["Families in temporary accommodation"],
    )


def test_the_home_asks_for_choices_until_they_are_made(amara, cohort, amara_place):
    six_modules(cohort)
    ChallengeFactory(cohort=cohort)

    titles = [todo.title for todo in (home(amara, NOW).next, *home(amara, NOW).later) if todo]
    assert "Choose the challenges you would like to work on" in titles


def test_all_people_around_a_participant_stand_on_one_page(signed_in, lea):
    page = signed_in.get(reverse("my_people")).text

    assert "Team Lea" in page
    assert reverse("my_team") in page


def test_a_member_who_left_is_no_longer_shown(signed_in, lea, tom):
    tom.status, tom.left_at = "withdrawn", NOW
    tom.save()

    assert "Tom Brook" not in signed_in.get(reverse("my_team")).text
    assert TeamMember.objects.filter(place=tom).exists()
