"""The learning plan: three live goals at most, private unless shared, nothing typed is lost."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts.actions import change_sponsor, defer_place, withdraw_place
from leaders.outbox.models import Message
from leaders.people.meanwhile import ChangedMeanwhile
from leaders.people.models import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import add_goal, change_goal, end_goal, review_goal, share_plan
from modules.learning import shared_goals
from modules.models import Goal, LearningPlan
from modules.views.plan import PRIVATE
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import WaveFactory, answered, sent_contract

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_march(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def signed_in(client, amara):
    client.force_login(amara)
    return client


@pytest.fixture
def goal(amara_place, amara):
    return add_goal(place=amara_place, title="Listen longer", why="I decide too soon", by=amara, now=NOW)


def add(place, *titles):
    return [add_goal(place=place, title=title, by=place.person, now=NOW) for title in titles]


# Actions


def test_three_goals_are_live_at_most_and_ending_one_makes_room(amara_place, amara):
    first, *_ = add(amara_place, "One", "Two", "Three")
    with pytest.raises(NotPossible, match="three goals already"):
        add(amara_place, "Four")

    end_goal(goal=first, done=True, by=amara, now=NOW)
    (fourth,) = add(amara_place, "Four")
    assert fourth.slot == first.slot


def test_the_database_holds_the_three_slots(goal):
    for slot in (goal.slot, 0, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Goal.objects.create(plan=goal.plan, slot=slot, title="Another", made_at=NOW)


def test_the_same_goal_sent_twice_is_one_goal(amara_place, goal, amara):
    again = add_goal(place=amara_place, title="Listen longer", why="I decide too soon", by=amara, now=NOW)
    assert (again, Goal.objects.count()) == (goal, 1)


def test_another_goal_of_the_same_title_keeps_all_its_words(amara_place, goal, amara):
    add_goal(place=amara_place, title=goal.title, why="In the board", steps="Ask first", by=amara, now=NOW)
    assert [(each.why, each.steps) for each in Goal.objects.order_by("slot")] == [
        ("I decide too soon", ""), ("In the board", "Ask first"),
    ]  # fmt: skip


def test_a_goal_is_changed_only_from_what_it_says_now(goal, amara):
    seen = goal.mark
    change_goal(goal=goal, seen=seen, by=amara, now=NOW, title="Listen first")

    with pytest.raises(ChangedMeanwhile):
        change_goal(goal=goal, seen=seen, by=amara, now=NOW, title="Talk less")
    assert Goal.objects.get().title == "Listen first"


def test_an_ended_goal_is_neither_changed_reviewed_nor_ended_again(goal, amara):
    end_goal(goal=goal, done=False, by=amara, now=NOW)

    for act in (
        lambda: change_goal(goal=goal, seen=goal.mark, by=amara, now=NOW, title="Again"),
        lambda: review_goal(goal=goal, seen=goal.review_mark, going="well", notes="", by=amara, now=NOW),
        lambda: end_goal(goal=goal, done=True, by=amara, now=NOW),
    ):
        with pytest.raises(NotPossible, match="has ended"):
            act()
    assert Goal.objects.get().status == Goal.Status.DROPPED


def test_nobody_else_writes_in_a_plan_or_shares_it(goal, amara_place, rosalind):
    for act in (
        lambda: add_goal(place=amara_place, title="Theirs", by=rosalind, now=NOW),
        lambda: change_goal(goal=goal, seen=goal.mark, title="Theirs", by=rosalind, now=NOW),
        lambda: review_goal(goal=goal, seen=goal.review_mark, going="stuck", notes="", by=rosalind, now=NOW),
        lambda: end_goal(goal=goal, done=True, by=rosalind, now=NOW),
        lambda: share_plan(plan=goal.plan, with_whom="sponsor", reader=rosalind, by=rosalind, now=NOW),
    ):
        with pytest.raises(NotPossible, match="Only the person whose plan it is"):
            act()


def test_a_review_says_how_it_goes_and_when(goal, amara):
    review_goal(goal=goal, seen=goal.review_mark, going="slowly", notes="Twice so far", by=amara, now=NOW)

    kept = Goal.objects.get()
    assert (kept.going, kept.notes, kept.reviewed_at) == ("slowly", "Twice so far", NOW)


def test_a_review_replaces_only_what_its_page_showed(goal, amara):
    seen = goal.review_mark
    for _ in range(2):  # sent twice
        review_goal(goal=goal, seen=seen, going="slowly", notes="Twice so far", by=amara, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        review_goal(goal=goal, seen=seen, going="well", notes="", by=amara, now=NOW)
    assert Goal.objects.get().notes == "Twice so far"


def test_what_was_noticed_last_is_kept_with_a_goal_that_ends(goal, amara):
    words = {"seen": goal.review_mark, "going": "", "notes": "It works"}
    end_goal(goal=goal, done=True, by=amara, now=NOW, **words)
    assert (Goal.objects.get().notes, Goal.objects.get().status) == ("It works", "done")


def test_a_shared_plan_shows_its_live_goals_to_that_reader_alone(goal, amara_place, amara, helen, ade):
    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    assert shared_goals(amara_place, "sponsor", helen) == [goal]
    assert (shared_goals(amara_place, "sponsor", ade), shared_goals(amara_place, "mentor", helen)) == ([], [])

    share_plan(plan=goal.plan, with_whom="sponsor", reader=None, by=amara, now=NOW)
    assert shared_goals(amara_place, "sponsor", helen) == []


def test_the_sponsor_gets_a_link_to_a_shared_plan_once_and_not_a_word_of_it(client, goal, amara_place, amara, helen):
    sent_contract(amara_place, now=NOW)
    for _ in range(2):
        assert share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)

    letter = Message.objects.get(kind="modules.shared")
    assert (letter.person, letter.subject) == (helen, "Amara Mensah shares their learning plan with you")
    assert ("Listen longer" in letter.text, "I decide too soon" in letter.text) == (False, False)
    path = re.search(r"(/sign/\w+/)#shared", letter.text)[1]
    shown = client.get(path).text
    assert ('href="#shared"' in shown, 'id="shared"' in shown, "Listen longer" in shown) == (True, True, True)


def test_a_letter_that_has_not_gone_stays_when_the_plan_is_not_shared_any_more(goal, amara_place, amara, helen):
    sent_contract(amara_place, now=NOW)
    share = {"plan": goal.plan, "with_whom": "sponsor", "by": amara}
    share_plan(reader=helen, now=NOW, **share)
    share_plan(reader=None, now=NOW, **share)
    assert [message.state for message in Message.objects.filter(kind="modules.shared")] == ["skipped"]

    share_plan(reader=helen, now=NOW + timedelta(minutes=1), **share)
    assert [message.state for message in Message.objects.filter(kind="modules.shared").order_by("pk")] == [
        "skipped",
        "pending",
    ]


def test_a_sponsor_without_a_page_gets_no_letter_and_the_participant_is_told_so(signed_in, goal, helen):
    said = signed_in.post(reverse("my_plan_share", args=["sponsor"]), {"reader": helen.pk}, follow=True).text

    assert "Their link comes with your learning contract, once you send it." in said
    assert not Message.objects.filter(kind="modules.shared").exists()


def test_whoever_follows_the_sponsor_reads_no_plan_until_it_is_shared_anew(goal, amara_place, amara, helen, otto):
    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    assert (shared_goals(amara_place, "sponsor", helen), shared_goals(amara_place, "sponsor", otto)) == ([], [])

    share_plan(plan=LearningPlan.objects.get(), with_whom="sponsor", reader=otto, by=amara, now=NOW)
    assert shared_goals(amara_place, "sponsor", otto) == [goal]


@pytest.mark.parametrize("leave", [withdraw_place, defer_place])
def test_sharing_ends_when_the_participant_leaves(goal, amara_place, amara, helen, leave):
    share_plan(plan=goal.plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    leave(place=amara_place, reason="A new job", by=None, now=NOW)

    assert shared_goals(amara_place, "sponsor", helen) == []


def test_nothing_is_shared_with_a_mentor_before_there_is_one(goal, amara, joanne):
    with pytest.raises(NotPossible, match="You have no mentor at the moment"):
        share_plan(plan=goal.plan, with_whom="mentor", reader=joanne, by=amara, now=NOW)


def test_the_database_knows_with_whom_a_plan_is_shared_or_that_it_is_not(goal):
    for whom in ("sponsor", "mentor"):
        with pytest.raises(IntegrityError), transaction.atomic():
            LearningPlan.objects.update(**{f"shared_with_{whom}_at": NOW})


def test_the_trail_says_that_a_goal_was_added_or_changed_and_never_what_it_is(goal, amara):
    change_goal(goal=goal, seen=goal.mark, by=amara, now=NOW, title="Listen first")

    events = AuditEvent.objects.filter(action__startswith="modules.goal.").order_by("pk")
    assert [(event.sentence, event.detail) for event in events] == [
        ("Amara Mensah added a learning goal", {}),
        ("Amara Mensah changed a learning goal", {}),
    ]


# Pages


def test_a_goal_is_written_from_the_questionnaire_and_shown_in_the_plan(signed_in, amara_place):
    answered(WaveFactory(cohort=amara_place.cohort), amara_place, 4, equity=2)
    shown = signed_in.get(reverse("my_plan")).text
    assert ("Who can read this" in shown, "?from=equity" in shown) == (True, True)

    form = signed_in.get(f"{reverse('my_goal_new')}?from=equity").text
    assert 'name="dimension" value="equity"' in form
    assert ("From your questionnaire: Equity in practice" in form, "You do this less than sometimes." in form) == (
        True,
        True,
    )
    signed_in.post(
        reverse("my_goal_new"),
        {
            "title": "Ask who is missing",
            "dimension": "equity",
            "by_when_day": "1",
            "by_when_month": "6",
            "by_when_year": "2027",
        },
    )
    goal = Goal.objects.get()
    assert (goal.title, goal.dimension, goal.by_when) == ("Ask who is missing", "equity", date(2027, 6, 1))
    shown = signed_in.get(reverse("my_plan")).text
    assert "From your questionnaire: Equity in practice" in shown
    assert "?from=equity" not in shown


def test_a_goal_without_a_title_is_an_error_that_keeps_the_rest(signed_in, amara_place):
    refused = signed_in.post(reverse("my_goal_new"), {"title": " ", "why": "Because it matters"})

    assert "Enter what you want to learn" in refused.text
    assert "Because it matters" in refused.text
    assert not Goal.objects.exists()


def test_a_goal_is_not_due_in_the_past_unless_that_date_stood_already(signed_in, goal):
    def by(year):
        return {"title": "Listen", "by_when_day": "1", "by_when_month": "3", "by_when_year": year}

    refused = signed_in.post(reverse("my_goal_new"), by("2020")).text
    assert ("The date must be on or after Thursday 4 March 2027" in refused, 'value="2020"' in refused) == (True, True)

    Goal.objects.update(by_when=date(2027, 3, 1))
    seen = Goal.objects.get().mark
    assert signed_in.post(reverse("my_goal", args=[goal.pk]), by("2027") | {"seen": seen}).status_code == 302
    signed_in.post(reverse("my_goal_new"), by("2028"))
    assert "by 1 March 2028" in signed_in.get(reverse("my_learning")).text


def test_a_dimension_that_does_not_exist_is_dropped(signed_in, amara_place):
    signed_in.post(reverse("my_goal_new"), {"title": "Listen", "dimension": "<script>"})
    assert Goal.objects.get().dimension == ""


def test_a_fourth_goal_keeps_the_words_and_says_what_to_do(signed_in, amara_place):
    add(amara_place, "One", "Two", "Three")
    refused = signed_in.post(reverse("my_goal_new"), {"title": "Four, written at length"})

    assert "Finish or drop one before you add another." in refused.text
    assert "Four, written at length" in refused.text
    assert signed_in.get(reverse("my_goal_new")).url == reverse("my_plan")


def test_a_stale_window_keeps_its_words_and_shows_what_stands_now(signed_in, goal, amara):
    seen = goal.mark
    change_goal(goal=goal, seen=seen, by=amara, now=NOW, title="Listen first")
    url = reverse("my_goal", args=[goal.pk])
    refused = signed_in.post(url, {"title": "Talk less", "seen": seen})

    assert ("Talk less" in refused.text, "Listen first" in refused.text) == (True, True)
    assert Goal.objects.get().title == "Listen first"
    now = Goal.objects.get().mark
    assert f'name="seen" value="{now}"' in refused.text
    assert signed_in.post(url, {"title": "Talk less", "seen": now}).url == reverse("my_plan")
    assert Goal.objects.get().title == "Talk less"


def test_words_for_a_goal_that_ended_in_another_window_are_kept(signed_in, goal, amara):
    seen = goal.mark
    end_goal(goal=goal, done=True, by=amara, now=NOW)

    for url in (reverse("my_goal", args=[goal.pk]), reverse("my_goal_review", args=[goal.pk])):
        sent = {"title": "New words", "seen": seen, "going": "well", "notes": "New words"}
        refused = signed_in.post(url, sent)
        assert ("This goal has ended" in refused.text, "New words" in refused.text) == (True, True)


def test_a_goal_is_reviewed_and_ended_on_its_page(signed_in, goal):
    url = reverse("my_goal_review", args=[goal.pk])
    assert "Who can read this" in signed_in.get(url).text
    assert "Select" in signed_in.post(url, {"notes": "x"}).text or Goal.objects.get().reviewed_at is None
    signed_in.post(url, {"going": "stuck", "notes": "No time yet", "seen": goal.review_mark})
    goal = Goal.objects.get()
    assert goal.going == "stuck"

    ending = {"going": "stuck", "notes": "No time, so somebody else does it", "seen": goal.review_mark, "end": "done"}
    done = signed_in.post(url, ending, follow=True).text
    assert ("This goal is done." in done, "somebody else does it" in done) == (True, True)
    assert "This goal has ended" in signed_in.post(url, ending, follow=True).text
    assert signed_in.get(url).url == reverse("my_plan")


def test_a_goal_that_was_never_reviewed_ends_with_the_words_typed_beside_the_button(signed_in, goal):
    url = reverse("my_goal_review", args=[goal.pk])
    too_long = signed_in.post(url, {"notes": "word " * 201, "seen": goal.review_mark, "end": "dropped"}).text
    assert ("must be 200 words or fewer" in too_long, Goal.objects.get().is_live) == (True, True)

    signed_in.post(url, {"notes": "Not now", "seen": goal.review_mark, "end": "dropped"})
    assert (Goal.objects.get().notes, Goal.objects.get().status) == ("Not now", "dropped")


def test_a_review_in_a_stale_window_keeps_its_words_and_shows_what_stands_now(signed_in, goal):
    url, seen = reverse("my_goal_review", args=[goal.pk]), goal.review_mark
    signed_in.post(url, {"going": "slowly", "notes": "In the other window", "seen": seen})
    for button in ({}, {"end": "done"}):
        refused = signed_in.post(url, {"going": "well", "notes": "In this window", "seen": seen} | button).text
        assert ("In the other window" in refused, "In this window" in refused) == (True, True)
    assert f'name="seen" value="{Goal.objects.get().review_mark}"' in refused
    assert (Goal.objects.get().notes, Goal.objects.get().is_live) == ("In the other window", True)


def test_who_can_read_the_plan_follows_what_was_chosen(signed_in, goal, helen):
    share = reverse("my_plan_share", args=["sponsor"])
    assert "Helen Marsh can now read your plan." in signed_in.post(share, {"reader": helen.pk}, follow=True).text
    assert "you and your sponsor, Helen Marsh, because you chose so" in signed_in.get(reverse("my_goal_new")).text
    assert LearningPlan.objects.get().shared_with_sponsor_at == NOW

    signed_in.post(share)
    assert "only you, unless you share your plan" in signed_in.get(reverse("my_goal_new")).text


def test_a_participant_whose_sponsor_changed_is_asked_anew(signed_in, goal, amara_place, amara, helen, otto):
    share = reverse("my_plan_share", args=["sponsor"])
    signed_in.post(share, {"reader": helen.pk})
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    shown = signed_in.get(reverse("my_plan")).text
    assert "You shared your plan with Helen Marsh, who is no longer your sponsor" in shown
    assert ("decide anew for Otto Outsider" in shown, PRIVATE in shown) == (True, True)

    stale = signed_in.post(share, {"reader": helen.pk}, follow=True).text
    assert "Your sponsor is now Otto Outsider. Nothing was shared" in stale
    assert shared_goals(amara_place, "sponsor", otto) == []


def test_an_empty_plan_cannot_be_shared_and_is_not_begun_by_looking(signed_in, amara_place):
    signed_in.get(reverse("my_plan"))
    assert (
        "There is nothing to share yet" in signed_in.post(reverse("my_plan_share", args=["mentor"]), follow=True).text
    )
    assert not LearningPlan.objects.exists()


def test_goals_of_somebody_else_do_not_exist(client, goal, cohort, rosalind, helen):
    tom = PlaceFactory(cohort=cohort).person

    for person in (tom, rosalind, helen):
        client.force_login(person)
        for name in ("my_goal", "my_goal_review"):
            url = reverse(name, args=[goal.pk])
            assert (client.get(url).status_code, client.post(url, {"title": "x"}).status_code) == (404, 404)


def test_ended_goals_stay_below_the_live_ones(signed_in, goal, amara_place, amara):
    add(amara_place, "Another")
    end_goal(goal=goal, done=False, by=amara, now=NOW + timedelta(days=1))
    shown = signed_in.get(reverse("my_plan")).text

    assert shown.index("Another") < shown.index("Done, or put aside") < shown.index("Listen longer")
