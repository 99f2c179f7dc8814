"""Pages of mentees, mentors and coaches: who finds them, what they say, what can be done there."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cohorts.actions import graduate_place
from cohorts.models import Place
from leaders.home.gather import home, navigation
from leaders.outbox.models import Message
from leaders.reminders.actions import stop_weekly_email
from mentoring.actions import (
    agree,
    change_agreement,
    declare_conflict,
    end_mentorship,
    invite_mentor,
    opt_in,
    record_meeting,
    stand_down,
    state_preferences,
    write_note,
)
from mentoring.models import (
    Conflict,
    MatchCriterion,
    MatchRun,
    Meeting,
    MenteeProfile,
    Mentor,
    MentoringRules,
    Mentorship,
    MentorshipReview,
    Preference,
    PrivateNote,
)
from modules.actions import add_goal
from tests.browsers import sign_in
from tests.cohorts.factories import CohortFactory, PlaceFactory
from tests.mentoring.factories import MATCHING_DAY, MentorFactory, matched
from tests.people.factories import PersonFactory
from tests.spending import spending

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3a"


@pytest.fixture(autouse=True)
def _on_matching_day(time_machine):
    time_machine.move_to(MATCHING_DAY, tick=False)


@pytest.fixture
def as_amara(client, amara):
    client.force_login(amara)
    return client


@pytest.fixture
def as_joanne(client, joanne):
    client.force_login(joanne)
    return client


def later(time_machine, **span):
    time_machine.move_to(MATCHING_DAY + timedelta(**span), tick=False)


# Before the match


def test_a_participant_is_asked_and_may_say_no(as_amara, amara_place, known_criteria):
    page = as_amara.get(reverse("my_mentor")).text
    assert "Would you like a mentor?" in page

    as_amara.post(reverse("my_mentor_out"))

    assert MenteeProfile.objects.get().choice == "out"
    assert "You do without a mentor" in as_amara.get(reverse("my_mentor")).text


def test_what_somebody_looks_for_is_kept_as_importance(as_amara, amara_place, known_criteria):
    answers = {"theme": ["theme-politics"], "service": ["service-housing"], "most": "service-housing",
               "modes": ["video"], "looking_for": "Good questions", "shares": ["carer"]}  # fmt: skip

    assert as_amara.post(reverse("my_mentor_wishes"), answers).url == reverse("my_mentor_choices")

    profile = MenteeProfile.objects.get()
    assert profile.wants == {"theme-politics": 2, "service-housing": 4}
    assert (profile.modes, profile.looking_for, profile.shares) == (["video"], "Good questions", ["carer"])


@pytest.fixture
def two_goals(amara_place, amara, known_criteria):
    titles = ("Chair a difficult meeting", "Say no to my chief executive")
    for title in titles:
        add_goal(place=amara_place, by=amara, now=MATCHING_DAY, title=title)
    return titles


def test_goals_of_the_learning_plan_are_told_to_a_mentor_only_where_they_are_ticked(as_amara, two_goals):
    page = as_amara.get(reverse("my_mentor_wishes"))
    assert page.context["form"]["goals"].value() is None
    assert page.text.index("Who can read this") < page.text.index("novalidate")

    as_amara.post(reverse("my_mentor_wishes"), {"modes": ["video"], "goals": "To rest", "from_plan": two_goals[:1]})

    assert MenteeProfile.objects.get().goals == "To rest\nChair a difficult meeting"
    page = as_amara.get(reverse("my_mentor_wishes"))
    assert [goal for goal, _ in page.context["form"].fields["from_plan"].choices] == [two_goals[1]]


def test_ticked_goals_count_among_the_words(as_amara, two_goals):
    answers = {"modes": ["video"], "goals": "word " * 198, "from_plan": two_goals[:1]}

    page = as_amara.post(reverse("my_mentor_wishes"), answers)

    assert page.context["form"].errors == {"from_plan": ["Use 200 words or fewer; there are 202"]}


def test_wishes_and_choices_that_are_refused_stay_on_the_page(as_amara, mentee, mentor, amara_place):
    type(amara_place).objects.update(status="graduated", graduated_at=MATCHING_DAY)

    wishes = as_amara.post(reverse("my_mentor_wishes"), {"modes": ["video"], "looking_for": "An honest hour"})
    choices = as_amara.post(reverse("my_mentor_choices"), {"first": mentor.pk})

    for page in (wishes, choices):
        assert "Only somebody who takes part can have a mentor." in page.text
    assert "An honest hour" in wishes.text
    assert f'<option value="{mentor.pk}" selected>' in choices.text


def test_a_participant_finds_whom_they_cannot_be_matched_with_and_takes_it_back(as_amara, amara, mentee, mentor):
    declare_conflict(by=amara, now=MATCHING_DAY, whom="The auditor")
    known = declare_conflict(by=amara, now=MATCHING_DAY, whom=mentor.person.email)

    page = as_amara.get(reverse("my_mentor")).text
    assert "The auditor" in page
    assert "The programme office has still to find out who is meant." in page
    assert "Joanne Whitfield" in page
    as_amara.post(reverse("my_conflict_withdraw", args=[known.pk]))

    assert "Joanne Whitfield" not in as_amara.get(reverse("my_mentor")).text


def test_a_graduate_can_still_take_a_conflict_back(as_amara, amara, amara_place, rosalind):
    conflict = declare_conflict(by=amara, now=MATCHING_DAY, whom="The auditor")
    graduate_place(place=amara_place, by=rosalind, now=MATCHING_DAY)

    page = as_amara.post(reverse("my_conflict_withdraw", args=[conflict.pk]), follow=True)

    assert page.status_code == 200
    assert not Conflict.objects.standing().exists()


@pytest.mark.parametrize(("who", "home"), [("amara", "my_mentor"), ("joanne", "mentor_home")])
def test_notes_and_the_last_question_are_found_after_an_ending(client, request, mentorship, amara, who, home):
    person = request.getfixturevalue(who)
    write_note(mentorship=mentorship, words="Mine", by=person, now=MATCHING_DAY)
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    review = reverse("mentorship_review", args=[mentorship.pk, "end"])
    client.force_login(person)

    page = client.get(reverse(home)).text
    assert reverse("mentorship_notes", args=[mentorship.pk]) in page
    assert review in page
    client.post(review, {"going": "well"})

    assert MentorshipReview.objects.get().kind == "end"
    assert review not in client.get(reverse(home)).text


def test_a_mentor_who_stood_down_still_finds_what_is_their_own(as_joanne, mentorship, joanne, amara):
    write_note(mentorship=mentorship, words="Mine", by=joanne, now=MATCHING_DAY)
    declare_conflict(by=joanne, now=MATCHING_DAY, whom="The auditor")
    end_mentorship(mentorship=mentorship, by=amara, now=MATCHING_DAY)
    stand_down(mentor=Mentor.objects.get(), by=joanne, now=MATCHING_DAY)

    page = as_joanne.get(reverse("mentor_home")).text

    assert reverse("mentorship_notes", args=[mentorship.pk]) in page
    assert "The auditor" in page


def test_a_criterion_of_any_name_replaces_no_question_of_the_offer(as_joanne, mentor):
    MatchCriterion.objects.create(key="offer", group="theme", label="making an offer", weight=1)
    answers = {"capacity": "1", "modes": ["video"], "offer": "I ask short questions.", "level-offer": "3"}

    as_joanne.post(reverse("mentor_offer"), answers)

    mentor.refresh_from_db()
    assert (mentor.offer, mentor.offers) == ("I ask short questions.", {"offer": 3})
    assert as_joanne.get(reverse("mentor_offer")).context["form"]["level-offer"].value() == 3


def test_too_long_a_hope_comes_back_whole(as_amara, amara_place, known_criteria):
    page = as_amara.post(reverse("my_mentor_wishes"), {"modes": ["video"], "looking_for": "hope " * 200})

    assert "looking_for" in page.context["form"].errors
    assert page.text.count("hope hope hope") > 0
    assert not MenteeProfile.objects.exists()


def test_a_participant_names_up_to_four_mentors(as_amara, mentee, mentor):
    other = MentorFactory()

    as_amara.post(reverse("my_mentor_choices"), {"first": other.pk, "second": mentor.pk, "third": "", "fourth": ""})

    assert list(Preference.objects.values_list("rank", "mentor")) == [(1, other.pk), (2, mentor.pk)]


def test_the_same_mentor_twice_is_pointed_out_kindly(as_amara, mentee, mentor):
    page = as_amara.post(reverse("my_mentor_choices"), {"first": mentor.pk, "second": mentor.pk})

    assert page.context["form"].errors == {"second": ["Choose somebody else as your second choice, or nobody"]}


def test_mentors_of_ones_own_organisation_cannot_be_named(as_amara, mentee, mentor, camden):
    colleague = MentorFactory(person__organisation=camden, person__name="Colleague Carla")

    assert "Colleague Carla" not in as_amara.get(reverse("my_mentor_choices")).text
    page = as_amara.post(reverse("my_mentor_choices"), {"first": colleague.pk})
    assert "first" in page.context["form"].errors


def test_profiles_have_no_names_where_the_programme_decided_so(as_amara, cohort, mentee, mentor):
    MentoringRules.objects.create(programme=cohort.programme, shows_names=False)

    page = as_amara.get(reverse("my_mentor_choices")).text

    assert "Director of Housing" in page
    assert "Joanne" not in page
    assert "Hackney" not in page


def test_a_programme_without_mentors_has_no_such_page(as_amara, cohort, amara_place):
    MentoringRules.objects.create(programme=cohort.programme, has_mentoring=False)

    assert as_amara.get(reverse("my_mentor")).status_code == 404


def test_the_home_asks_until_it_is_answered(amara, amara_place, known_criteria):
    def asks():
        return "Say what you look for in a mentor" in [
            todo.title
            for todo in [home(fresh(amara), MATCHING_DAY).next, *home(fresh(amara), MATCHING_DAY).later]
            if todo
        ]

    assert asks()
    opt_in(place=amara_place, by=amara, now=MATCHING_DAY)
    assert not asks()


def fresh(person):
    return type(person).objects.get(pk=person.pk)


# The match


def test_the_mentee_sees_who_why_and_how_to_begin(as_amara, mentorship):
    page = as_amara.get(reverse("my_mentor")).text

    for words in (
        "Joanne Whitfield",
        "Why this match",
        "How to begin",
        "Tuesday 10 November 2026",
        "Decline this match",
    ):
        assert words in page


def test_the_mentor_sees_who_and_what_the_mentee_hopes_for(as_joanne, mentorship, amara_place, amara):
    opt_in(
        place=amara_place, by=amara, now=MATCHING_DAY, looking_for="An honest hour", goals="Chair difficult meetings"
    )

    assert "Amara Mensah" in as_joanne.get(reverse("mentor_home")).text
    page = as_joanne.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    assert "An honest hour" in page
    assert "Chair difficult meetings" in page


def test_the_home_shows_the_mentor_and_asks_to_write(amara, mentorship):
    gathered = home(fresh(amara), MATCHING_DAY)

    card = next(card for card in gathered.people if card.heading == "Mentor")
    assert (card.title, card.lines[-1]) == ("Joanne Whitfield", "Meet first by 10 November")
    assert "Write to your mentor, Joanne Whitfield" in [todo.title for todo in [gathered.next, *gathered.later]]


def test_mentors_have_their_page_in_the_navigation_and_others_do_not(joanne, mentor, otto):
    assert "Mentoring" in [page["label"] for page in navigation(fresh(joanne), MATCHING_DAY, "/mentor/")]
    assert "Mentoring" not in [page["label"] for page in navigation(otto, MATCHING_DAY, "/my/")]


def test_a_mentor_without_a_year_of_their_own_finds_dates_messages_and_data_and_is_led_to_the_mentoring_page(
    as_joanne, joanne, mentor
):
    labels = [page["label"] for page in navigation(fresh(joanne), MATCHING_DAY, "/mentor/")]
    assert labels == ["Home", "Mentoring", "Dates", "Messages", "Your data"]
    assert as_joanne.get(reverse("my_home")).url == reverse("mentor_home")


def test_a_mentor_finds_whom_they_mentor_among_their_people(client, mentorship, mentor, joanne, cohort, amara):
    assert "You mentor" not in [card.heading for card in home(fresh(joanne), MATCHING_DAY).people]
    PlaceFactory(cohort=cohort, person=joanne, status="graduated", graduated_at=MATCHING_DAY)
    client.force_login(joanne)

    page = client.get(reverse("my_people")).text

    assert ("You mentor" in page, "Amara Mensah" in page) == (True, True)
    card = next(card for card in home(fresh(joanne), MATCHING_DAY).people if card.heading == "You mentor")
    assert (card.title, card.lines) == ("Amara Mensah", ["Amara: meet first by 10 November"])
    assert "You mentor" not in [card.heading for card in home(fresh(amara), MATCHING_DAY).people]


@pytest.mark.parametrize("who", ["amara", "joanne"])
def test_either_side_records_a_meeting_by_date_and_mode(client, request, mentorship, who):
    client.force_login(request.getfixturevalue(who))
    answers = {"on_day": "13", "on_month": "10", "on_year": "2026", "mode": "phone", "useful": "yes"}

    client.post(reverse("mentorship_meeting", args=[mentorship.pk]), answers)

    meeting = Meeting.objects.get()
    assert (meeting.on, meeting.mode) == (date(2026, 10, 13), "phone")
    assert {meeting.useful_mentee, meeting.useful_mentor} == {True, None}


def test_a_meeting_in_the_future_comes_back_with_what_was_typed(as_amara, mentorship):
    answers = {"on_day": "14", "on_month": "10", "on_year": "2026", "mode": "phone"}

    page = as_amara.post(reverse("mentorship_meeting", args=[mentorship.pk]), answers)

    assert "on" in page.context["form"].errors
    assert not Meeting.objects.exists()


def test_the_next_meeting_is_among_the_dates_of_both(as_amara, amara, joanne, mentorship):
    answers = {"on_day": "2", "on_month": "11", "on_year": "2026", "at": "16:30", "mode": "video"}

    as_amara.post(reverse("mentorship_plan", args=[mentorship.pk]), answers)

    for person, other in ((amara, "Joanne"), (joanne, "Amara")):
        assert f"Mentoring with {other}" in [entry.title for entry in home(fresh(person), MATCHING_DAY).dates]


NEXT = {"on_day": "2", "on_month": "11", "on_year": "2026", "at": "16:30", "mode": "in_person"}


def test_where_they_meet_is_read_by_the_two_and_not_by_the_office(as_amara, joanne, amara, mentorship, rosalind):
    url = reverse("mentorship_plan", args=[mentorship.pk])
    as_amara.post(url, NEXT | {"where": "The café by the lock"})
    assert "The café by the lock" in as_amara.get(url).text

    for person in (amara, joanne):
        assert "In person, The café by the lock" in [entry.place for entry in home(fresh(person), MATCHING_DAY).dates]
    as_amara.force_login(joanne)
    page = as_amara.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    assert "in person, The café by the lock" in page
    sign_in(as_amara, rosalind)
    assert "café" not in as_amara.get(reverse("admin:mentoring_mentorship_change", args=[mentorship.pk])).text


def test_a_meeting_after_the_programme_comes_back_with_what_was_typed(as_amara, mentorship):
    answers = NEXT | {"on_year": "2036", "where": "Room 4"}

    page = as_amara.post(reverse("mentorship_plan", args=[mentorship.pk]), answers)

    assert page.context["form"].errors == {"on": ["The date must be on or before Friday 16 July 2027"]}
    assert "Room 4" in page.text
    assert not Mentorship.objects.exclude(next_at=None).exists()


def test_a_date_is_called_off_by_a_button_that_is_there_only_with_a_date(as_amara, mentorship):
    url = reverse("mentorship_plan", args=[mentorship.pk])
    assert "no date any more" not in as_amara.get(url).text
    as_amara.post(url, NEXT)
    assert "We have no date any more" in as_amara.get(url).text

    page = as_amara.post(reverse("mentorship_call_off", args=[mentorship.pk]), follow=True).text

    assert "The date is taken back, and Joanne hears of it." in page
    assert "No next meeting is set." in page


def test_a_meeting_is_corrected_or_removed_from_the_page_it_stands_on(client, mentorship, amara, joanne):
    meeting = record_meeting(
        mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY, useful=False
    )
    url = reverse("mentorship_meeting_change", args=[mentorship.pk, meeting.pk])
    client.force_login(joanne)
    assert url in client.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    form = client.get(url).context["form"]
    assert [form[name].value() for name in ("on", "mode", "useful")] == [meeting.on, "video", None]
    client.force_login(amara)
    assert client.get(url).context["form"]["useful"].value() == "no"
    client.post(url, {"on_day": "13", "on_month": "10", "on_year": "2026", "mode": "phone", "useful": "yes"})
    meeting.refresh_from_db()
    assert (meeting.mode, meeting.useful_mentee) == ("phone", True)

    page = client.post(reverse("mentorship_meeting_away", args=[mentorship.pk, meeting.pk]), follow=True).text

    assert "Removed, for both of you." in page
    assert not Meeting.objects.exists()


def test_a_meeting_of_others_is_not_found_under_ones_own_mentorship(as_amara, mentorship, mentee, rosalind):
    place = PlaceFactory(cohort=mentorship.cohort)
    other = Mentorship.objects.create(
        cohort=mentorship.cohort, place=place, mentor=MentorFactory(), told_at=MATCHING_DAY, why_mentee="x",
        why_mentor="x", first_meeting_by=date(2026, 11, 10),
    )  # fmt: skip
    theirs = record_meeting(
        mentorship=other, on=MATCHING_DAY.date(), mode="video", by=place.person, now=MATCHING_DAY
    )  # fmt: skip
    for name in ("mentorship_meeting_change", "mentorship_meeting_away"):
        assert as_amara.post(reverse(name, args=[mentorship.pk, theirs.pk])).status_code == 404
    assert Meeting.objects.exists()


def test_the_agreement_is_written_by_one_and_waits_for_the_other(client, amara, joanne, mentorship):
    client.force_login(amara)
    words = {"aims": "To think aloud", "frequency": "Monthly", "ending": "Any time", "version": "1"}
    page = client.post(reverse("mentorship_agreement", args=[mentorship.pk]), words, follow=True).text
    assert "Saved. It waits for Joanne’s yes: they read of it in their weekly email, on Thursday." in page
    assert "It holds once Joanne has too: they read of it in their weekly email, on Thursday" in page
    assert page.count(f"mailto:{joanne.email}") == 3
    stop_weekly_email(person=joanne, now=MATCHING_DAY)
    assert "has too: tell them that it is there" in client.get(reverse("my_mentor")).text

    client.force_login(joanne)
    page = client.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    assert "To think aloud" in page
    client.post(reverse("mentorship_say_yes", args=[mentorship.pk]), {"version": "2"})

    mentorship.refresh_from_db()
    assert mentorship.state == "active"


def test_a_yes_to_an_agreement_that_changed_meanwhile_is_not_taken(as_joanne, mentorship, amara):
    change_agreement(mentorship=mentorship, aims="A", frequency="B", ending="C", version=1, by=amara, now=MATCHING_DAY)

    as_joanne.post(reverse("mentorship_say_yes", args=[mentorship.pk]), {"version": "1"})

    mentorship.agreement.refresh_from_db()
    assert not mentorship.agreement.mentor_agreed_at


def test_a_stale_agreement_keeps_what_was_typed(as_amara, mentorship, joanne):
    change_agreement(
        mentorship=mentorship, aims="Hers", frequency="B", ending="C", version=1, by=joanne, now=MATCHING_DAY
    )
    words = {"aims": "Mine, typed", "frequency": "Monthly", "ending": "Any time", "version": "1"}

    page = as_amara.post(reverse("mentorship_agreement", args=[mentorship.pk]), words)

    assert "Mine, typed" in page.text
    assert "Hers" in page.text
    assert "changed the agreement meanwhile" in page.text
    as_amara.post(reverse("mentorship_agreement", args=[mentorship.pk]), page.context["form"].data)
    mentorship.agreement.refresh_from_db()
    assert mentorship.agreement.aims == "Mine, typed"


def test_notes_are_written_and_thrown_away(as_amara, mentorship):
    as_amara.post(reverse("mentorship_notes", args=[mentorship.pk]), {"words": "Ask about the budget"})
    note = PrivateNote.objects.get()
    assert "Ask about the budget" in as_amara.get(reverse("mentorship_notes", args=[mentorship.pk])).text

    as_amara.post(reverse("mentorship_note_away", args=[mentorship.pk, note.pk]))
    assert not PrivateNote.objects.exists()


def test_declining_asks_first_and_then_looks_for_somebody_else(as_amara, mentorship, amara_place):
    other = MentorFactory()
    url = reverse("mentorship_decline", args=[mentorship.pk])

    assert "No reason is asked for" in as_amara.get(url).text
    assert Mentorship.objects.live().exists()
    as_amara.post(url)

    assert not Mentorship.objects.live().exists()
    run = MatchRun.objects.get(state="proposed")
    assert [pair.mentor for pair in run.pairs.all()] == [other]
    assert "We look for somebody who fits you" in as_amara.get(reverse("my_mentor")).text


def test_a_mentee_reads_that_they_named_their_mentor_first_and_the_mentor_never(
    as_amara, joanne, mentor, mentee, rosalind
):
    state_preferences(place=mentee.place, mentors=[mentor], by=mentee.place.person, now=MATCHING_DAY)
    mentorship = matched(mentee.place, mentor, rosalind)

    assert "You named Joanne as your first choice. Joanne does not know." in as_amara.get(reverse("my_mentor")).text
    as_amara.force_login(joanne)
    page = as_amara.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    assert "Amara" in page
    assert "choice" not in page


def test_going_back_after_declining_says_that_one_has_and_not_that_it_has_begun(as_amara, joanne, mentorship):
    url = reverse("mentorship_decline", args=[mentorship.pk])
    as_amara.post(url)

    for page in (as_amara.get(url, follow=True), as_amara.post(url, follow=True)):
        assert "You have already declined this match." in page.text
    as_amara.force_login(joanne)
    page = as_amara.get(url, follow=True)
    assert "This match has ended already." in page.text
    assert "declined" not in page.text


def test_an_ending_asks_whether_to_go_on_with_somebody_else(as_amara, mentorship, amara):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    other = MentorFactory()
    url = reverse("mentorship_end", args=[mentorship.pk])

    assert "rematch" in as_amara.post(url, {"rematch": ""}).context["form"].errors
    as_amara.post(url, {"rematch": "yes"})

    assert [pair.mentor for pair in MatchRun.objects.get(state="proposed").pairs.all()] == [other]


def test_a_mentor_ends_without_being_asked_anything(as_joanne, mentorship, joanne):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=joanne, now=MATCHING_DAY)
    url = reverse("mentorship_end", args=[mentorship.pk])
    assert as_joanne.get(url).status_code == 200

    assert as_joanne.post(url).url == reverse("mentor_home")

    assert Mentorship.objects.get().ending == "ended"


def test_half_way_both_are_asked_and_answers_stay_apart(client, amara, joanne, mentorship, time_machine):
    record_meeting(mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY)
    later(time_machine, days=140)
    client.force_login(amara)
    assert "Say how it is going" in client.get(reverse("my_mentor")).text

    client.post(reverse("mentorship_review", args=[mentorship.pk, "middle"]), {"going": "not", "wants_to_talk": "on"})

    assert MentorshipReview.objects.get().wants_to_talk
    again = client.get(reverse("mentorship_review", args=[mentorship.pk, "middle"]))
    assert "You answered on Tuesday 2 March 2027." in again.text
    assert [again.context["form"][name].value() for name in ("going", "wants_to_talk")] == ["not", True]
    assert "You said on Tuesday 2 March 2027 how it is going." in client.get(reverse("my_mentor")).text
    client.force_login(joanne)
    own = client.get(reverse("mentorship_review", args=[mentorship.pk, "middle"]))
    assert ("You answered" in own.text, own.context["form"]["going"].value()) == (False, None)
    page = client.get(reverse("mentor_mentee", args=[mentorship.pk])).text
    assert "Not really" not in page


# Mentors


def test_a_graduate_offers_to_mentor(client, amara_place, amara, rosalind, known_criteria):
    graduate_place(place=amara_place, by=rosalind, now=MATCHING_DAY)
    client.force_login(amara)
    assert "Would you mentor somebody?" in client.get(reverse("mentor_home")).text
    answers = {"capacity": "2", "modes": ["video"], "offer": "I ask short questions.", "level-theme-politics": "3"}

    client.post(reverse("mentor_offer"), answers)

    mentor = Mentor.objects.get()
    assert (mentor.status, mentor.capacity, mentor.offers) == ("volunteered", 2, {"theme-politics": 3})
    assert "Thank you for offering" in client.get(reverse("mentor_home")).text


def test_somebody_the_office_asked_finds_the_page_and_others_do_not(client, otto, rosalind, known_criteria):
    client.force_login(otto)
    assert client.get(reverse("mentor_home")).status_code == 404
    assert client.get(reverse("mentor_offer")).status_code == 404

    invite_mentor(person=otto, by=rosalind, now=MATCHING_DAY)

    assert client.get(reverse("mentor_home")).status_code == 200


def test_a_mentor_takes_a_rest_and_ends_it(as_joanne, mentor):
    as_joanne.post(reverse("mentor_rest"), {"until_day": "1", "until_month": "3", "until_year": "2027"})
    mentor.refresh_from_db()
    assert mentor.resting_until == date(2027, 3, 1)
    assert "You take nobody new until Monday 1 March 2027" in as_joanne.get(reverse("mentor_home")).text

    as_joanne.post(reverse("mentor_rest"), {"end": "1"})
    mentor.refresh_from_db()
    assert mentor.resting_until is None


def test_a_mentor_declares_a_conflict_in_confidence_and_takes_it_back(as_joanne, mentor, amara):
    url = reverse("my_conflict")
    assert "errors" not in as_joanne.get(url).context
    as_joanne.post(url, {"kind": "conflict", "whom": "amara.mensah@example.org", "reason": CANARY})

    conflict = Conflict.objects.get()
    assert (conflict.person, conflict.reason) == (amara, CANARY)
    page = as_joanne.get(reverse("mentor_home")).text
    assert "Amara Mensah" in page
    as_joanne.post(reverse("my_conflict_withdraw", args=[conflict.pk]))
    conflict.refresh_from_db()
    assert (conflict.whom, conflict.reason) == ("", "")


def test_a_conflict_is_promised_once_it_is_known_who_is_meant(as_joanne, mentor, amara):
    url = reverse("my_conflict")
    clear = as_joanne.post(url, {"kind": "conflict", "whom": amara.email}, follow=True)
    assert "You will not be matched with them." in clear.text

    unclear = as_joanne.post(url, {"kind": "conflict", "whom": "Amara X, of Camden"}, follow=True)
    assert "finds out who is meant, and then you are kept apart." in unclear.text


def test_somebody_and_a_whole_organisation_are_two_conflicts(as_joanne, mentor, amara, camden):
    both = {"kind": "conflict", "whom": amara.email, "organisation": camden.pk}

    page = as_joanne.post(reverse("my_conflict"), both)

    assert list(page.context["form"].errors) == ["organisation"]
    assert amara.email in page.text
    assert not Conflict.objects.exists()


# Outsiders


def pages_of(mentorship):
    names = ("meeting", "plan", "call_off", "agreement", "say_yes", "notes", "decline", "end")
    return [
        *(reverse(f"mentorship_{name}", args=[mentorship.pk]) for name in names),
        reverse("mentorship_review", args=[mentorship.pk, "middle"]),
        reverse("mentor_mentee", args=[mentorship.pk]),
    ]


def test_nobody_but_the_two_finds_anything_of_a_mentorship(client, mentorship, otto, cohort, rosalind):
    note = write_note(mentorship=mentorship, words="Mine", by=mentorship.place.person, now=MATCHING_DAY)
    pages = [*pages_of(mentorship), reverse("mentorship_note_away", args=[mentorship.pk, note.pk])]
    for person in (otto, PlaceFactory(cohort=cohort).person, MentorFactory().person, rosalind):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages} <= {404, 405}
        assert {client.post(page).status_code for page in pages} <= {404, 405}
    assert Mentorship.objects.live().exists()


def test_each_page_opens_for_the_two(client, mentorship, amara, joanne):
    for person in (amara, joanne):
        client.force_login(person)
        codes = {
            client.get(page).status_code for page in pages_of(mentorship) if not page.endswith(("/yes/", "/away/"))
        }
        assert codes <= {200, 302}


def test_a_note_is_thrown_away_by_its_writer_only(client, mentorship, joanne, amara):
    note = write_note(mentorship=mentorship, words="Mine", by=amara, now=MATCHING_DAY)
    client.force_login(joanne)

    assert client.post(reverse("mentorship_note_away", args=[mentorship.pk, note.pk])).status_code == 404
    assert PrivateNote.objects.exists()


# What one side said in confidence never reaches the other


def test_nothing_said_in_confidence_reaches_the_other_side(client, mentee, mentor, amara, joanne, rosalind, cohort):
    """Each secret holds a canary; every page and letter of the other side is searched for it."""
    place = mentee.place
    other = MentorFactory(person__name=f"Other {CANARY}-named")
    opt_in(place=place, by=amara, now=MATCHING_DAY, shares=[f"{CANARY}-mentee-share", "carer"])
    state_preferences(place=place, mentors=[mentor, other], by=amara, now=MATCHING_DAY)
    mentor.shares_words = f'["{CANARY}-mentor-share", "carer"]'
    mentor.save()
    for person in (amara, joanne):
        declare_conflict(by=person, now=MATCHING_DAY, whom=f"{CANARY}-whom", reason=f"{CANARY}-reason-{person.pk}")
    other.status = "stood_down"
    other.save()
    mentorship = matched(place, mentor, rosalind)
    for person in (amara, joanne):
        write_note(mentorship=mentorship, words=f"{CANARY}-note-{person.pk}", by=person, now=MATCHING_DAY)
    record_meeting(
        mentorship=mentorship, on=MATCHING_DAY.date(), mode="video", by=amara, now=MATCHING_DAY, useful=False
    )

    client.force_login(joanne)
    mine = [reverse("mentorship_notes", args=[mentorship.pk]), reverse("mentorship_agreement", args=[mentorship.pk])]
    theirs = [reverse("mentor_home"), reverse("my_home"), reverse("mentor_mentee", args=[mentorship.pk])]
    read_by_joanne = [client.get(url, follow=True).text for url in (*mine, *theirs)]
    client.force_login(amara)
    own = [reverse("my_mentor"), reverse("my_home"), reverse("my_people")]
    read_by_amara = [client.get(url).text for url in (*mine, *own)]
    letters = {m.person_id: m.subject + m.text + m.html for m in Message.objects.all()}

    def leaks(texts, whose):
        secrets = (f"{CANARY}-{whose}-share", f"{CANARY}-reason-", f"{CANARY}-named")
        return [secret for secret in secrets for text in texts if secret in text]

    assert leaks([*read_by_joanne, letters[joanne.pk]], "mentee") == []
    assert leaks([*read_by_amara, letters[amara.pk]], "mentor") == []
    assert f"{CANARY}-note-{amara.pk}" not in "".join(read_by_joanne)
    assert f"{CANARY}-note-{joanne.pk}" not in "".join(read_by_amara)
    for text in (*read_by_joanne, letters[joanne.pk], letters[amara.pk]):
        assert "first choice" not in text.lower()
        assert "caring for" not in text.lower()
        assert "share" not in text.lower().replace("shared with you", "")


# Budgets


def spent_on(client, *urls):
    with spending() as spent:
        for url in urls:
            assert client.get(url).status_code == 200
    return spent


def test_personal_pages_cost_the_same_with_thirty_cohorts(client, mentorship, amara, joanne):
    pages = {amara: (reverse("my_mentor"), reverse("my_home")), joanne: (reverse("mentor_home"),)}
    before = {}
    for person, urls in pages.items():
        client.force_login(person)
        client.get(urls[0])
        before[person] = spent_on(client, *urls)
    for number in range(29):
        cohort = CohortFactory(starts_on=date(2020, 9, 15) + timedelta(days=30 * number))
        place = PlaceFactory(cohort=cohort)
        Mentorship.objects.create(
            cohort=cohort, place=place, mentor=MentorFactory(active=1), told_at=MATCHING_DAY, why_mentee="x",
            why_mentor="x", first_meeting_by=date(2026, 11, 10),
        )  # fmt: skip
    for person, urls in pages.items():
        client.force_login(person)
        assert spent_on(client, *urls) == before[person]


def test_an_agreement_of_both_is_shown_as_such(as_amara, mentorship, amara, joanne):
    change_agreement(mentorship=mentorship, aims="A", frequency="B", ending="C", version=1, by=joanne, now=MATCHING_DAY)
    agree(mentorship=mentorship, version=2, by=amara, now=MATCHING_DAY)

    assert "You have both said yes" in as_amara.get(reverse("my_mentor")).text


def test_a_stranger_to_the_programme_has_no_mentor_page(client):
    client.force_login(PersonFactory())
    assert client.get(reverse("my_mentor")).status_code == 404


def test_who_is_kept_apart_from_their_own_mentor_reads_that_they_still_have_each_other(as_amara, mentorship, joanne):
    page = as_amara.post(reverse("my_conflict"), {"kind": "conflict", "whom": joanne.email}, follow=True)
    assert "You still have each other now: you can end that on its page" in page.text


def test_a_graduate_reads_that_nobody_is_looked_for_any_more(as_amara, mentee):
    Place.objects.update(status="graduated", graduated_at=MATCHING_DAY)
    page = as_amara.get(reverse("my_mentor")).text
    assert "You have graduated" in page
    assert reverse("my_conflict") not in page
