"""Decisions, kept secret until they are released all at once."""

import pytest

from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible
from nominations.actions import decide, decline_offer, offer_free_seats, offer_seats_to, order_waiting_list, release
from nominations.actions.deciding import as_shown
from nominations.models import Decision, Nomination, Offer
from tests.nominations.factories import CLOSED, DECIDING, OPEN, RELEASED, complete, draft, panel, released, scored, sent

pytestmark = pytest.mark.django_db


def outbox():
    return list(Message.objects.filter(written_at__gte=DECIDING).order_by("pk").values_list("kind", flat=True))


def test_a_decision_tells_nobody_and_moves_nothing(this_round, rosalind):
    nomination = complete(this_round)
    decide(nomination=nomination, outcome="offer", feedback="Strong.", by=rosalind, now=DECIDING)

    nomination.refresh_from_db()
    this_round.cohort.refresh_from_db()
    assert (nomination.state, this_round.cohort.seats_taken, outbox()) == ("complete", 0, [])


def test_a_decision_can_be_changed_until_release(this_round, rosalind):
    nomination = complete(this_round)
    for outcome in ("offer", "waiting", "not_this_time"):
        decide(nomination=nomination, outcome=outcome, by=rosalind, now=DECIDING)

    assert list(Decision.objects.values_list("outcome", "rank")) == [("not_this_time", None)]


def test_the_waiting_list_is_in_order_and_can_be_reordered(this_round, rosalind):
    nominations = [complete(this_round) for _ in range(3)]
    for nomination in nominations:
        decide(nomination=nomination, outcome="waiting", by=rosalind, now=DECIDING)
    assert list(Decision.objects.order_by("pk").values_list("rank", flat=True)) == [1, 2, 3]

    order_waiting_list(round=this_round, nominations=nominations[::-1], by=rosalind, now=DECIDING)

    assert list(Decision.objects.order_by("pk").values_list("rank", flat=True)) == [3, 2, 1]


def test_a_changed_waiting_list_is_not_reordered_blindly(this_round, rosalind):
    nominations = [complete(this_round) for _ in range(2)]
    decide(nomination=nominations[0], outcome="waiting", by=rosalind, now=DECIDING)

    with pytest.raises(NotPossible, match="has changed"):
        order_waiting_list(round=this_round, nominations=nominations, by=rosalind, now=DECIDING)


def test_only_complete_nominations_are_decided(this_round, rosalind):
    with pytest.raises(NotPossible, match="cannot be decided: sent"):
        decide(nomination=sent(this_round), outcome="offer", by=rosalind, now=DECIDING)


def test_release_needs_every_decision(this_round, rosalind):
    nomination = complete(this_round)
    with pytest.raises(NotPossible, match=f"No decision yet about {nomination.reference}"):
        release(round=this_round, by=rosalind, now=RELEASED)


def test_release_tells_everybody_at_once(this_round, rosalind):
    offered, waiting, unlucky = released(this_round, rosalind, ["offer", "waiting", "not_this_time"])
    this_round.cohort.refresh_from_db()

    assert [n.state for n in (offered, waiting, unlucky)] == ["offered", "waiting", "unsuccessful"]
    assert this_round.cohort.seats_taken == 1
    assert (this_round.released_at, this_round.released_by) == (RELEASED, rosalind)
    assert sorted(outbox()) == sorted(
        ["nominations.offer", "nominations.waiting_list", "nominations.not_this_time", *["nominations.outcome"] * 3]
    )
    assert "Thank you." in Message.objects.get(kind="nominations.not_this_time").text


def test_release_is_all_or_nothing_when_offers_outnumber_seats(this_round, rosalind):
    this_round.cohort.capacity = 1
    this_round.cohort.save()

    with pytest.raises(NotPossible, match="2 offers, but 1 seat"):
        released(this_round, rosalind, ["offer", "offer"])

    this_round.cohort.refresh_from_db()
    this_round.refresh_from_db()
    assert (this_round.cohort.seats_taken, this_round.released_at, Offer.objects.count()) == (0, None, 0)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"complete"}


def test_releasing_twice_releases_once(this_round, rosalind):
    released(this_round, rosalind, ["offer"])

    with pytest.raises(NotPossible, match="nothing to release"):
        release(round=this_round, by=rosalind, now=RELEASED)
    assert Offer.objects.count() == 1


def test_a_late_nomination_is_released_by_pressing_again(this_round, rosalind):
    released(this_round, rosalind, ["not_this_time"])
    late = complete(this_round, email="late@example.org")
    decide(nomination=late, outcome="offer", by=rosalind, now=RELEASED)

    assert release(round=this_round, by=rosalind, now=RELEASED) == {"offer": 1}


def test_a_release_before_nominations_close_needs_a_reason(this_round, rosalind):
    decide(nomination=complete(this_round), outcome="offer", by=rosalind, now=OPEN)
    with pytest.raises(NotPossible, match=r"Nominations are open until .* Give a reason"):
        release(round=this_round, by=rosalind, now=OPEN)

    assert release(round=this_round, by=rosalind, now=OPEN, reason="An early start") == {"offer": 1}


def test_a_release_while_nominees_may_still_answer_needs_a_reason(this_round, rosalind):
    sent(this_round)
    decide(nomination=complete(this_round, email="other@example.org"), outcome="offer", by=rosalind, now=OPEN)

    with pytest.raises(NotPossible, match="1 nomination waits for an answer"):
        release(round=this_round, by=rosalind, now=CLOSED)


def test_decisions_other_than_those_shown_are_not_released(this_round, rosalind):
    nomination = complete(this_round)
    shown = [as_shown(decide(nomination=nomination, outcome="offer", by=rosalind, now=DECIDING))]
    decide(nomination=nomination, outcome="not_this_time", by=rosalind, now=RELEASED)

    with pytest.raises(NotPossible, match="Something has changed"):
        release(round=this_round, by=rosalind, now=RELEASED, shown=shown)
    assert outbox() == []


def test_letters_speak_only_of_readings_and_full_cohorts_that_there_were(this_round, rosalind):
    released(this_round, rosalind, ["waiting", "not_this_time"])
    texts = " ".join(Message.objects.filter(written_at=RELEASED).values_list("text", flat=True))

    assert "Every place" not in texts
    assert "read by" not in texts


def test_letters_say_by_how_many_it_was_read_and_that_every_place_is_offered(this_round, rosalind):
    this_round.cohort.capacity = 1
    this_round.cohort.save()
    lucky, unlucky = complete(this_round), complete(this_round, email="other@example.org")
    scored(unlucky, panel(this_round, 1)[0])
    for nomination, outcome in ((lucky, "offer"), (unlucky, "not_this_time")):
        decide(nomination=nomination, outcome=outcome, by=rosalind, now=DECIDING)
    release(round=this_round, by=rosalind, now=RELEASED)
    words = " ".join(Message.objects.get(kind="nominations.not_this_time").text.split())

    assert "Your nomination was read by one person, without your name and organisation." in words
    assert "Every place in Cohort 7 has been offered to others." in words


def test_seats_kept_free_at_the_release_are_offered_by_the_office_alone(this_round, rosalind):
    _, waiting = released(this_round, rosalind, ["offer", "waiting"])
    assert offer_free_seats(round=this_round, now=RELEASED) == 0
    assert offer_seats_to(round=this_round, nominations=[waiting], by=rosalind, now=RELEASED) == 1

    subjects = set(Message.objects.filter(kind="nominations.outcome").values_list("subject", flat=True))
    assert f"{waiting.nominee_name} is on the waiting list for Cohort 7" in subjects
    assert f"{waiting.nominee_name} was offered a place in Cohort 7" in subjects


def test_a_seat_given_up_goes_on_although_others_were_kept_free(this_round, rosalind):
    offered, waiting = released(this_round, rosalind, ["offer", "waiting"])
    decline_offer(offer=offered.offers.get(), by=None, now=RELEASED)

    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_a_nomination_sent_after_an_early_release_needs_more_time_given_to_it(this_round, rosalind):
    late = draft(this_round, email="late@example.org")
    decide(nomination=complete(this_round), outcome="offer", by=rosalind, now=OPEN)
    release(round=this_round, by=rosalind, now=OPEN, reason="An early start")
    late = Nomination.objects.in_words().get(pk=late.pk)

    assert not late.takes_changes(RELEASED)
    assert not late.takes_changes(OPEN)
