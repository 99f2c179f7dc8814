"""The office's boards: coverage, invitations, selection, release; who may open them, and what they cost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Cohort, Criterion
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent
from leaders.reminders.actions import materialise
from nominations.actions import (
    add_panel_member,
    ask_to_replace,
    decide,
    invite,
    nobody_this_time,
    offer_seats_to,
    order_waiting_list,
    plan_invitation,
    remove_panel_member,
    save_section,
    withdraw_invitation,
)
from nominations.actions.deciding import as_shown
from nominations.coverage import Stand, coverage, tiles
from nominations.models import Decision, EqualityReturn, Invitation, NobodyThisTime, Nomination, PanelMember
from nominations.selection import candidates
from nominations.today import offers as offer_needs
from nominations.today import reading as reading_needs
from nominations.today import waiting as waiting_needs
from tests.browsers import sign_in
from tests.cohorts.factories import CohortFactory
from tests.nominations.factories import (
    CLOSED,
    DECIDING,
    OPEN,
    READING,
    RELEASED,
    RoundFactory,
    complete,
    draft,
    fill,
    panel,
    released,
    scored,
    sent,
)
from tests.people.factories import AuthorityFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
DIRECTORS = ("selection", "share_out", "waiting_list", "offer_seats", "release", "equality")


def text(response):
    return " ".join(response.content.decode().split())


def board(name, this_round, *args):
    return reverse(f"admin:nominations_{name}", args=[this_round.pk, *args])


def stands(this_round, now=OPEN):
    return {row.organisation.name: row.stand for row in coverage(this_round, now)}


@pytest.fixture
def director(client, rosalind, time_machine):
    time_machine.move_to(DECIDING)
    return sign_in(client, rosalind)


def test_coverage_tells_how_far_each_authority_is(this_round, rosalind):
    names = ("Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg")
    places = {name: AuthorityFactory(name=name, tile_col=col, tile_row=0) for col, name in enumerate(names)}
    invited = {
        name: invite(round=this_round, organisation=places[name], nominator=PersonFactory(), by=rosalind, now=OPEN)
        for name in ("Bb", "Cc", "Ff")
    }
    draft(this_round, organisation=places["Cc"])
    save_section(
        nomination=draft(this_round, organisation=places["Dd"]),
        page="nominee",
        values={"nominee_name": "Amina"},
        by="Helen",
        now=OPEN,
    )
    sent(this_round, organisation=places["Ee"])
    nobody_this_time(
        round=this_round, organisation=places["Ff"], person=invited["Ff"].nominator, by="Somebody", now=OPEN
    )
    assert stands(this_round) == {
        "Aa": Stand.NOT_INVITED,
        "Bb": Stand.INVITED,
        "Cc": Stand.OPENED,
        "Dd": Stand.DRAFTING,
        "Ee": Stand.NOMINATED,
        "Ff": Stand.NOBODY,
        "Gg": Stand.NOT_INVITED,
    }
    # On the map only those stand out whom somebody has to ask.
    shades = {tile.name: tile.band for tile in tiles(coverage(this_round, OPEN))}
    assert shades == {"Aa": 0, "Bb": 1, "Cc": 1, "Dd": 2, "Ee": 3, "Ff": 1, "Gg": 0}


def test_an_invitation_without_a_sign_for_two_weeks_is_silent(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    assert stands(this_round, OPEN + timedelta(days=11)) == {"Camden": Stand.INVITED}
    assert stands(this_round, OPEN + timedelta(days=14)) == {"Camden": Stand.SILENT}
    assert stands(this_round, CLOSED) == {"Camden": Stand.SILENT}


def test_a_withdrawn_nomination_no_longer_covers_its_authority(this_round, camden):
    nomination = sent(this_round, organisation=camden)
    assert stands(this_round) == {"Camden": Stand.NOMINATED}
    Nomination.objects.filter(pk=nomination.pk).update(state="withdrawn", quota_slot=None, ended_at=OPEN)

    assert stands(this_round) == {"Camden": Stand.NOT_INVITED}


def test_the_coverage_board_costs_the_same_at_30_cohorts_and_30_authorities(
    director, this_round, django_assert_num_queries
):
    complete(this_round)
    director.get(board("coverage", this_round))
    with CaptureQueriesContext(connection) as alone:
        director.get(board("coverage", this_round))
    for number in range(30):
        complete(this_round, email=f"director{number}@example.org")
        RoundFactory(
            cohort=CohortFactory(programme=this_round.cohort.programme, number=100 + number, slug=f"more-{number}")
        )
    with django_assert_num_queries(len(alone)):
        director.get(board("coverage", this_round))


def test_the_selection_board_costs_the_same_with_30_nominations(director, this_round, django_assert_num_queries):
    members = panel(this_round)
    scored(complete(this_round), members[0])
    director.get(board("selection", this_round))
    with CaptureQueriesContext(connection) as alone:
        director.get(board("selection", this_round))
    for _ in range(8):
        nomination = complete(this_round)
        for member in members:
            scored(nomination, member)
    with django_assert_num_queries(len(alone)):
        director.get(board("selection", this_round))


def test_inviting_names_the_recipients_and_writes_on_the_button_only(
    client, this_round, camden, helen, rosalind, time_machine
):
    time_machine.move_to(OPEN)
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    director = sign_in(client, rosalind)
    assert "Helen Marsh (helen.marsh@example.org) for Camden" in text(director.get(board("invite", this_round)))
    assert not Message.objects.exists()

    director.post(board("invite", this_round), {"confirmed": "yes"})

    assert list(Message.objects.values_list("to_email", flat=True)) == ["helen.marsh@example.org"]
    assert Invitation.objects.get().invited_at is not None


def test_inviting_after_the_close_is_refused_on_the_page(director, this_round, camden, helen, rosalind):
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    assert "are not open" in text(director.post(board("invite", this_round), {"confirmed": "yes"}))


def test_the_boards_are_open_to_the_office_and_selection_to_the_director_alone(
    client, this_round, adjoa, priya, otto, camden, helen, rosalind
):
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    sign_in(client, adjoa)
    assert client.get(board("coverage", this_round)).status_code == 200
    assert client.get(board("invite", this_round)).status_code == 200
    for name in DIRECTORS:
        assert client.get(board(name, this_round)).status_code == 403
        assert client.post(board(name, this_round), {"confirmed": "yes"}).status_code == 403
    for person in (priya, otto):
        sign_in(client, person)
        for name in ("coverage", "invite", *DIRECTORS):
            assert client.get(board(name, this_round)).status_code == 302
    client.logout()
    assert client.get(board("release", this_round)).status_code == 302


def test_every_board_opens_for_the_director(director, this_round, rosalind):
    nomination = complete(this_round)
    assert director.get(board("invite", this_round)).url == board("coverage", this_round)
    for name in ("coverage", *DIRECTORS):
        assert director.get(board(name, this_round)).status_code == 200
    assert director.get(board("candidate", this_round, nomination.pk)).status_code == 200
    for name in ("coverage", "selection", "release"):
        assert director.get(reverse(f"admin:nominations_{name}_now")).url == board(name, this_round)


def test_every_list_and_record_of_nominations_opens(director, this_round, camden, helen, rosalind):
    nomination = sent(this_round, organisation=camden)
    second = fill(draft(this_round, organisation=camden, email="martin@example.org", name="Martin Cole"))
    ask_to_replace(draft=second, by="Martin Cole", now=OPEN, proved=True)
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    panel(this_round, 1)
    for model in ("nomination", "invitation", "round", "panelmember", "replacement", "endorsement", "nobodythistime"):
        assert director.get(reverse(f"admin:nominations_{model}_changelist")).status_code == 200
    for model, pk in (
        ("nomination", nomination.pk),
        ("invitation", Invitation.objects.get().pk),
        ("round", this_round.pk),
        ("panelmember", PanelMember.objects.get().pk),
    ):
        assert director.get(reverse(f"admin:nominations_{model}_change", args=[pk])).status_code == 200


def test_the_director_decides_on_the_candidates_page_and_nobody_hears(director, this_round):
    nomination = complete(this_round)
    scored(nomination, panel(this_round, 1)[0])
    before = Message.objects.count()
    page = board("candidate", this_round, nomination.pk)
    assert "3 of 4" in text(director.get(page))
    assert "Choose a decision." in text(director.post(page, {"feedback": "Words."}))

    director.post(page, {"outcome": "waiting", "feedback": "A strong year."})

    assert list(Decision.objects.values_list("outcome", "rank", "feedback")) == [("waiting", 1, "A strong year.")]
    assert Message.objects.count() == before


def test_the_release_screen_previews_the_very_letters(director, this_round, rosalind):
    nominations = [complete(this_round, email=f"d{n}@example.org") for n in range(2)]
    for nomination, outcome in zip(nominations, ("offer", "not_this_time"), strict=True):
        decide(nomination=nomination, outcome=outcome, feedback="Thank you for this.", by=rosalind, now=DECIDING)
    page = text(director.get(board("release", this_round)))
    assert "A place for you in Cohort 7" in page
    assert "Release 2 decisions" in page

    shown = re.findall(r'name="_selected_action" value="([^"]+)"', page)
    asked = text(director.post(board("release_confirm", this_round), {"_selected_action": shown}))
    assert "2 nominations were read by nobody." in asked
    assert not Message.objects.filter(kind="nominations.offer").exists()
    director.post(board("release_confirm", this_round), {"_selected_action": shown, "confirmed": "yes"})

    sent_text = Message.objects.get(kind="nominations.not_this_time").text
    assert " ".join(sent_text.split()) in page.replace("<br>", " ").replace("&#x27;", "'").replace("  ", " ")


def test_a_release_that_is_not_possible_says_why_and_changes_nothing(director, this_round, rosalind):
    late = complete(this_round)
    assert "Nothing can be released yet: no decision about <a" in text(director.get(board("release", this_round)))
    decide(nomination=late, outcome="offer", by=rosalind, now=DECIDING)
    before = {"_selected_action": [as_shown(Decision.objects.get())], "confirmed": "yes"}
    decide(nomination=late, outcome="not_this_time", by=rosalind, now=RELEASED)

    assert "Something has changed" in text(director.post(board("release_confirm", this_round), before))
    assert not Message.objects.filter(kind="nominations.offer").exists()


def test_the_waiting_list_is_put_in_order_by_numbers(director, this_round, rosalind):
    first, second, _ = released(this_round, rosalind, ["waiting", "waiting", "not_this_time"])
    page = board("waiting_list", this_round)
    assert "a number of their own" in text(director.post(page, {f"place_{first.pk}": "1", f"place_{second.pk}": "1"}))

    director.post(page, {f"place_{first.pk}": "2", f"place_{second.pk}": "1"})

    assert list(Decision.objects.filter(outcome="waiting").order_by("rank").values_list("nomination", flat=True)) == [
        second.pk,
        first.pk,
    ]


def test_free_seats_are_offered_after_a_page_that_names_who(director, this_round, rosalind, time_machine):
    (waiting,) = released(this_round, rosalind, ["waiting"])
    time_machine.move_to(RELEASED)
    assert waiting.nominee_name in text(director.get(board("offer_seats", this_round)))

    director.post(board("offer_seats", this_round), {"nomination": waiting.pk})

    waiting.refresh_from_db()
    assert waiting.state == "offered"


def ticked(page):
    return [int(pk) for pk in re.findall(r'name="nomination" value="(\d+)"[^>]* checked', page)]


def test_as_many_as_have_a_seat_are_ticked_in_the_order_of_the_list_or_the_one_who_was_looked_at(
    director, this_round, rosalind, time_machine
):
    first, second, third = released(this_round, rosalind, ["waiting"] * 3)
    order_waiting_list(round=this_round, nominations=[third, first, second], by=rosalind, now=RELEASED)
    Cohort.objects.update(capacity=2)
    time_machine.move_to(RELEASED)
    page = board("offer_seats", this_round)
    assert ticked(text(director.get(page))) == [third.pk, first.pk]
    candidate_page = text(director.get(board("candidate", this_round, second.pk)))
    assert f'href="{page}?nomination={second.pk}"' in candidate_page
    assert ticked(text(director.get(f"{page}?nomination={second.pk}"))) == [second.pk]
    assert "Choose somebody" in text(director.post(f"{page}?nomination={second.pk}", {}))
    refused = text(director.post(page, {"nomination": second.pk}))
    assert "Give a reason" in refused
    assert ticked(refused) == [second.pk]

    director.post(page, {"nomination": second.pk, "reason": "The only one from the east"})

    assert Nomination.objects.get(state="offered") == second


def test_there_is_no_button_where_there_is_nothing_to_offer(director, this_round, rosalind, time_machine):
    (waiting,) = released(this_round, rosalind, ["waiting"])
    time_machine.move_to(RELEASED)
    Cohort.objects.update(capacity=1, seats_taken=1)
    page = text(director.get(board("offer_seats", this_round)))
    assert "No seat is free." in page
    assert "Offer to those" not in page
    assert "Offer a free seat" not in text(director.get(board("candidate", this_round, waiting.pk)))
    time_machine.move_to(RELEASED + timedelta(days=180))
    begun = text(sign_in(director, rosalind).get(board("offer_seats", this_round)))
    assert "nobody joins it from the waiting list any more" in begun
    assert "Offer to those" not in begun


def test_a_place_on_the_waiting_list_is_the_same_number_on_every_page(director, this_round, rosalind, time_machine):
    first, second, third = released(this_round, rosalind, ["waiting"] * 3)
    time_machine.move_to(RELEASED)
    assert "Waiting list, number 2," in text(director.get(board("candidate", this_round, second.pk)))
    offer_seats_to(round=this_round, nominations=[first], by=rosalind, now=RELEASED)

    assert "Waiting list, number 1," in text(director.get(board("candidate", this_round, second.pk)))
    assert "Waiting list, number 2," in text(director.get(board("candidate", this_round, third.pk)))
    assert "Waiting list, by" in text(director.get(board("candidate", this_round, first.pk)))


def test_reading_is_shared_out_from_the_board(director, this_round):
    complete(this_round)
    panel(this_round)
    director.post(board("share_out", this_round), {"confirmed": "yes"})

    assert Message.objects.filter(kind="nominations.reading").count() == 2


def test_more_time_is_given_with_a_reason(director, this_round):
    nomination = draft(this_round)
    page = reverse("admin:nominations_extend_nomination", args=[nomination.pk])
    assert "in the past" in text(director.post(page, {"until": "2026-01-05", "reason": "Illness"}))

    director.post(page, {"until": "2026-06-30", "reason": "Illness"})

    nomination.refresh_from_db()
    assert nomination.extended_until.isoformat() == "2026-06-30T16:00:00+00:00"


@pytest.mark.parametrize(("name", "state"), [("withdraw", "withdrawn"), ("defer", "deferred")])
def test_a_nomination_leaves_by_a_named_action_with_a_reason(director, this_round, name, state):
    nomination = complete(this_round)
    page = reverse(f"admin:nominations_{name}", args=[nomination.pk])
    director.post(page, {"confirmed": "yes", "reason": ""})
    nomination.refresh_from_db()
    assert nomination.state == "complete"

    director.post(page, {"confirmed": "yes", "reason": "A new post"})

    nomination.refresh_from_db()
    assert (nomination.state, nomination.ended_reason) == (state, "A new post")


def test_the_office_decides_a_replacement(client, this_round, camden, rosalind, time_machine):
    time_machine.move_to(OPEN)
    sent(this_round, organisation=camden)
    second = fill(draft(this_round, organisation=camden, email="martin@example.org", name="Martin Cole"))
    asked = ask_to_replace(draft=second, by="Martin Cole", now=OPEN, proved=True)
    page = reverse("admin:nominations_agree", args=[asked.pk])
    assert "Give a reason" in text(sign_in(client, rosalind).post(page, {"confirmed": "yes"}))

    client.post(page, {"confirmed": "yes", "reason": "Helen is on leave"})

    second.refresh_from_db()
    assert second.state == "sent"
    assert AuditEvent.objects.get(action="nominations.nomination.replacement_agreed").reason == "Helen is on leave"


def test_the_office_plans_a_nominator_and_adds_a_panel_member(director, this_round, camden, helen, priya):
    director.post(
        reverse("admin:nominations_invitation_add"),
        {"round": this_round.pk, "organisation": camden.pk, "nominator": helen.pk},
    )
    director.post(reverse("admin:nominations_panelmember_add"), {"round": this_round.pk, "person": priya.pk})

    assert Invitation.objects.get().nominator == helen
    assert PanelMember.objects.get().person == priya


def test_an_organisation_that_does_not_nominate_is_refused_above_the_form(director, this_round, helen):
    answer = director.post(
        reverse("admin:nominations_invitation_add"),
        {"round": this_round.pk, "organisation": OrganisationFactory(name="A hospital").pk, "nominator": helen.pk},
    )

    assert "A hospital does not nominate for" in text(answer)
    assert not Invitation.objects.exists()


def test_a_withdrawn_invitation_and_a_panel_member_who_left_are_added_again(
    director, this_round, camden, helen, priya, rosalind
):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    withdraw_invitation(invitation=invitation, by=rosalind, now=OPEN, reason="A mistake")
    member = add_panel_member(round=this_round, person=priya, by=rosalind, now=OPEN)
    remove_panel_member(member=member, by=rosalind, now=OPEN)

    director.post(
        reverse("admin:nominations_invitation_add"),
        {"round": this_round.pk, "organisation": camden.pk, "nominator": helen.pk},
    )
    director.post(reverse("admin:nominations_panelmember_add"), {"round": this_round.pk, "person": priya.pk})

    assert list(Invitation.objects.unsent()) == [invitation]
    assert PanelMember.objects.get().left_at is None


def test_the_equality_report_hides_small_numbers_and_names_no_organisation(director, this_round, camden):
    complete(this_round, organisation=camden)
    for number in range(9):
        EqualityReturn.objects.create(
            round=this_round, question_set="2026-1", answers={"sex": "Female" if number < 7 else "Male"}
        )
    page = text(director.get(board("equality", this_round)))

    assert "fewer than 5" in page
    assert "Camden" not in page


def test_confidential_answers_are_not_in_the_admin(director, this_round):
    nomination = complete(this_round)
    page = text(director.get(reverse("admin:nominations_nomination_change", args=[nomination.pk])))

    assert "hearing loop" not in page


def test_today_says_what_needs_the_director(client, this_round, rosalind, camden, time_machine):
    time_machine.move_to(OPEN)
    page = text(sign_in(client, rosalind).get(reverse("admin:index")))
    assert "1 organisation is not invited yet" in page
    assert "Nominations by borough" in page

    complete(this_round, organisation=camden)
    time_machine.move_to(READING)
    assert "1 nomination has no reader yet" in text(sign_in(client, rosalind).get(reverse("admin:index")))
    time_machine.move_to(DECIDING)
    assert "1 nomination waits for a decision" in text(sign_in(client, rosalind).get(reverse("admin:index")))


def test_a_release_before_nominations_close_needs_a_reason_and_ends_them(director, this_round, rosalind, time_machine):
    decide(nomination=complete(this_round), outcome="offer", by=rosalind, now=OPEN)
    time_machine.move_to(OPEN)
    given = {"_selected_action": [as_shown(Decision.objects.get())], "confirmed": "yes"}
    page = text(director.post(board("release_confirm", this_round), given))
    assert "Nominations are open until Friday 1 May 2026" in page
    assert "Give a reason" in page

    director.post(board("release_confirm", this_round), {**given, "reason": "The provider starts early"})

    this_round.refresh_from_db()
    assert this_round.is_released
    assert not this_round.is_open(OPEN + timedelta(hours=1))


def test_the_board_after_release_counts_what_came_of_it(director, this_round, rosalind):
    released(this_round, rosalind, ["offer", "not_this_time"])
    page = text(director.get(board("selection", this_round)))

    assert "Released on Friday 19 June 2026: 1 offered a place, 1 not this time;" in page
    assert "Decisions are secret" not in page


def test_after_release_the_page_of_a_nomination_shows_the_feedback_that_was_sent(director, this_round, rosalind):
    (unlucky,) = released(this_round, rosalind, ["not_this_time"])
    page = text(director.get(board("candidate", this_round, unlucky.pk)))

    assert "Thank you." in page
    assert page.count("Not this time") == 1


def test_not_this_time_asks_for_feedback(director, this_round):
    nomination = complete(this_round)
    page = director.post(board("candidate", this_round, nomination.pk), {"outcome": "not_this_time", "feedback": " "})

    assert "Write a sentence or two of feedback" in text(page)
    assert not Decision.objects.exists()


def test_no_seat_is_offered_once_the_cohort_has_begun(client, this_round, rosalind, time_machine):
    (waiting,) = released(this_round, rosalind, ["waiting"])
    time_machine.move_to(RELEASED + timedelta(days=180))
    director = sign_in(client, rosalind)
    assert "Offer free seats" not in text(director.get(board("selection", this_round)))
    page = text(director.post(board("offer_seats", this_round), {"nomination": waiting.pk}))

    assert "nobody joins it from the waiting list any more" in page
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_the_board_begins_with_those_about_whom_somebody_has_to_do_something(this_round, camden, helen, rosalind):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    sent(this_round, organisation=AuthorityFactory(name="Aa"))
    AuthorityFactory(name="Bb")
    materialise(OPEN)
    rows = coverage(this_round, OPEN + timedelta(days=14))

    assert [row.organisation.name for row in rows] == ["Camden", "Bb", "Aa"]
    assert [row.action for row in rows] == ["Remind now", "Plan a nominator", "Look at the nomination"]
    # Silent is late only once it can no longer answer.
    assert (rows[0].kind, coverage(this_round, CLOSED)[0].kind) == ("due", "late")


def test_who_has_more_time_is_not_late_on_the_board(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    Invitation.objects.filter(pk=invitation.pk).update(extended_until=CLOSED + timedelta(days=5))

    assert coverage(this_round, CLOSED)[0].kind == "due"


def test_the_board_shows_every_nominator_and_how_to_reach_them(
    director, this_round, camden, helen, rosalind, time_machine
):
    time_machine.move_to(OPEN)
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    second = PersonFactory(name="Sam Osei", email="sam@example.org", phone="020 7946 0099")
    plan_invitation(round=this_round, organisation=camden, nominator=second, by=rosalind, now=OPEN)
    page = text(director.get(board("coverage", this_round) + "?stand=banana"))

    assert "Sam Osei, sam@example.org, 020 7946 0099" in page
    assert "Invite who is planned" in page


def test_an_answer_by_telephone_is_noted_with_who_said_it_and_when(
    client, this_round, camden, helen, rosalind, time_machine
):
    invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    time_machine.move_to(OPEN)
    director = sign_in(client, rosalind)
    page = board("answer", this_round, camden.pk)
    assert "That day is still to come" in text(director.post(page, {"person": helen.pk, "on": "2026-03-17"}))

    director.post(page, {"person": helen.pk, "on": "2026-03-13", "reason": "A restructure"})

    said = NobodyThisTime.objects.get()
    assert (said.person, said.reason) == (helen, "Said to Rosalind Tate on Friday 13 March 2026. A restructure")
    assert Message.objects.filter(kind="nominations.nobody_noted", to_email=helen.email).exists()


def test_a_silent_nominator_is_sent_the_very_reminder_that_was_planned(
    client, this_round, camden, helen, rosalind, time_machine
):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    time_machine.move_to(OPEN)
    materialise(OPEN)
    director = sign_in(client, rosalind)
    page = reverse("admin:nominations_chase", args=[invitation.pk])
    shown = text(director.get(page))
    assert "left to nominate, until Friday 1 May 2026" in shown
    assert helen.email in shown
    assert not Message.objects.filter(kind="nominations.invitation_chased").exists()

    director.post(page, {"confirmed": "yes"})

    message = Message.objects.get(kind="nominations.invitation_chased")
    assert (message.to_email, message.reminders.count()) == (helen.email, 1)


def test_another_contact_is_invited_in_place_of_the_first_in_one_step(
    client, this_round, camden, helen, rosalind, time_machine
):
    first = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    second = PersonFactory(organisation=camden)
    time_machine.move_to(OPEN)
    director = sign_in(client, rosalind)
    page = reverse("admin:nominations_another", args=[first.pk])
    director.post(page, {"nominator": second.pk, "reason": "Helen has left"})

    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert Invitation.objects.sent().get().nominator == second


def test_planning_a_nominator_leads_back_to_the_board(director, this_round, camden, helen):
    page = reverse("admin:nominations_invitation_add")
    given = {"round": this_round.pk, "organisation": camden.pk, "nominator": helen.pk}

    assert director.post(page, given).url == board("coverage", this_round)


def test_an_address_that_nobody_can_have_chosen_opens_an_empty_form(director):
    page = director.get(reverse("admin:nominations_invitation_add") + "?round=abc&organisation=zz")

    assert page.status_code == 200


def test_a_panel_member_is_taken_off_and_their_scores_are_opened_again_from_the_board(director, this_round):
    nomination = complete(this_round)
    member = panel(this_round, 1)[0]
    reading = scored(nomination, member)
    page = text(director.get(board("candidate", this_round, nomination.pk)))
    assert f"Let {member.person} score again" in page
    director.post(reverse("admin:nominations_reopen", args=[reading.pk]), {"confirmed": "yes", "reason": "A slip"})
    reading.refresh_from_db()
    assert reading.state == "draft"

    director.post(reverse("admin:nominations_leave_panel", args=[member.pk]), {"confirmed": "yes"})

    assert not PanelMember.objects.filter(left_at=None).exists()


def test_a_score_counts_on_the_scale_it_was_given_on(this_round):
    nomination = complete(this_round)
    scored(nomination, panel(this_round, 1)[0], values=(2, 2))
    Criterion.objects.update(max_score=8)

    assert candidates(this_round)[0].standing.average == 50


def test_today_tells_of_nominations_completed_after_the_release(this_round, rosalind):
    released(this_round, rosalind, ["offer"])
    complete(this_round, email="late@example.org")

    assert [need.sentence for need in reading_needs(rosalind, RELEASED)] == [
        "1 nomination was completed after the release"
    ]


def test_today_waits_for_those_who_were_given_more_time_to_answer(this_round, rosalind):
    nomination = sent(this_round)
    assert len(waiting_needs(rosalind, DECIDING)) == 1
    Nomination.objects.filter(pk=nomination.pk).update(extended_until=DECIDING + timedelta(days=1))

    assert waiting_needs(rosalind, DECIDING) == []


@pytest.mark.parametrize("name", ["coverage", "selection", "release", "waiting_list", "offer_seats", "equality"])
def test_a_board_says_whose_cohort_it_is(director, this_round, name):
    assert f", {this_round.cohort.short_name}</h1>" in text(director.get(board(name, this_round)))


def test_rounds_of_two_programmes_are_told_apart_in_lists_filters_and_forms_at_the_same_cost(
    director, this_round, open_programme, camden, helen, rosalind, django_assert_num_queries
):
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    plan_invitation(round=open_programme, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    listed = reverse("admin:nominations_invitation_changelist")
    page = text(director.get(listed))
    for this in (this_round, open_programme):
        assert page.count(f"Nominations for {this.cohort.short_name}") >= 2
    form = reverse("admin:nominations_invitation_add")
    assert f"Nominations for {open_programme.cohort.short_name}" in text(director.get(form))
    with CaptureQueriesContext(connection) as few:
        director.get(listed)
    cost = len(few)
    with CaptureQueriesContext(connection) as few:
        director.get(form)
    cost_of_form = len(few)
    for number in range(100, 110):
        RoundFactory(cohort=CohortFactory(programme=this_round.cohort.programme, number=number, slug=f"more-{number}"))
    with django_assert_num_queries(cost):
        director.get(listed)
    with django_assert_num_queries(cost_of_form):
        director.get(form)


def test_feedback_in_a_letter_is_a_few_sentences(director, this_round):
    nomination = complete(this_round)
    given = {"outcome": "waiting", "feedback": "word " * 250}

    assert "at most 1000 characters" in text(director.post(board("candidate", this_round, nomination.pk), given))
    assert not Decision.objects.exists()


def test_the_office_goes_back_where_it_came_from_by_name(director, this_round, rosalind):
    decide(nomination=complete(this_round), outcome="offer", by=rosalind, now=DECIDING)
    shown = {"_selected_action": [as_shown(Decision.objects.get())]}
    release_page = board("release", this_round)
    page = text(director.post(board("release_confirm", this_round), shown))
    assert f'<a href="{release_page}">Go back without doing it</a>' in page
    assert f'› <a href="{release_page}">Release, {this_round.cohort.short_name}</a> ›' in page
    begun = draft(this_round)
    record = reverse("admin:nominations_nomination_change", args=[begun.pk])
    for name in ("extend_nomination", "withdraw"):
        page = text(director.get(reverse(f"admin:nominations_{name}", args=[begun.pk])))
        assert f'› <a href="{record}">{begun.reference}</a> ›' in page
        assert ">Back</a>" not in page


def test_the_page_of_a_candidate_says_under_which_number_a_reader_has_it(director, this_round):
    nomination = complete(this_round)
    (member,) = panel(this_round, 1)
    scored(nomination, member)

    assert f"<b>{member.person}</b> reads it as number 1." in text(
        director.get(board("candidate", this_round, nomination.pk))
    )


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("coverage", "Coverage board"),
        ("invite", "Coverage board"),
        ("selection", "Selection board"),
        ("equality", "Selection board"),
        ("release", "Release"),
    ],
)
def test_the_menu_marks_the_board_that_is_open(director, this_round, camden, helen, rosalind, name, entry):
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    page = text(director.get(board(name, this_round)))

    marked = re.findall(r'<a href="/office/[^"]*" aria-current="page">([^<]+)</a>', page)
    assert marked == [entry, entry]  # beside the page, and where a narrow screen has its menu


def test_offers_that_wait_lead_to_those_who_have_not_answered(director, this_round, rosalind):
    (offered, _) = released(this_round, rosalind, ["offer", "not_this_time"])

    (need,) = offer_needs(rosalind, RELEASED)

    assert (need.sentence, need.action) == ("1 offer waits for an answer", "See who has not answered")
    listed = director.get(need.action_url).context["cl"].result_list
    assert [nomination.pk for nomination in listed] == [offered.pk]


def test_an_invitation_waits_for_nominations_to_open(director, this_round, camden, helen, rosalind, time_machine):
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    time_machine.move_to(this_round.cohort.nominations_open - timedelta(minutes=1))
    page = text(sign_in(director, rosalind).get(board("invite", this_round), follow=True))
    assert "invitations can be sent from then on." in page
    assert not Message.objects.exists()


def test_without_any_round_the_menu_leads_to_where_a_cohort_is_planned(client, rosalind):
    page = sign_in(client, rosalind).get(reverse("admin:nominations_coverage_now"), follow=True)
    assert "There is no round of nominations yet" in text(page)
    assert "There is no cohort yet" in text(client.get(reverse("admin:index")))


def test_a_round_with_nobody_to_invite_is_named_on_today(director, this_round, camden, helen, rosalind, time_machine):
    time_machine.move_to(OPEN)
    today = reverse("admin:index")
    assert "Nobody is on the list of those to invite for" in text(director.get(today))
    plan_invitation(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)
    assert "Nobody is on the list" not in text(director.get(today))
