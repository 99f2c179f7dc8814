"""Offers: answered in time, passed on at once, never more than there are seats."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cohorts.actions import cancel_cohort, preview_cancelling
from cohorts.models import Cohort, Place
from leaders.outbox.models import Message
from leaders.people.models import AuditEvent, PrivateLink
from leaders.people.refusals import NotPossible
from nominations.actions import (
    accept_nomination,
    accept_offer,
    decide,
    decline_offer,
    defer_nomination,
    expire_offers,
    extend_offer,
    offer_free_seats,
    offer_seats_to,
    order_waiting_list,
    promote_next,
    release,
    withdraw_nomination,
)
from nominations.links import ACCEPT
from nominations.models import Nomination, Offer
from tests.cohorts.factories import PlaceFactory
from tests.nominations.factories import RELEASED, applied, draft, released, sent

pytestmark = pytest.mark.django_db
LATE = RELEASED + timedelta(days=30)
STARTED = RELEASED + timedelta(days=120)


def seats(this_round):
    this_round.cohort.refresh_from_db()
    return this_round.cohort.seats_taken


def states():
    return list(Nomination.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def full(this_round, rosalind):
    """A cohort of one seat: one offer, and two on the waiting list."""
    this_round.cohort.capacity = 1
    this_round.cohort.save()
    return released(this_round, rosalind, ["offer", "waiting", "waiting"])


def test_accepting_makes_a_place_with_sponsor_line_manager_and_access_needs(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])
    place = accept_offer(offer=nomination.offers.get(), by=nomination.nominee, now=RELEASED)

    assert (place.person, place.organisation) == (nomination.nominee, nomination.organisation)
    assert (place.sponsor.name, place.line_manager.name) == ("Grace Lin", "Ade Okonkwo")
    assert (place.access_needs, Nomination.objects.get().access_needs) == ("A hearing loop", "")
    assert (states(), seats(this_round)) == (["accepted"], 1)


def test_accepting_twice_gives_one_place(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])
    places = {accept_offer(offer=nomination.offers.get(), by=None, now=RELEASED).pk for _ in range(2)}

    assert len(places) == 1
    assert Message.objects.filter(kind="nominations.place_accepted").count() == 1


def test_an_offer_is_not_accepted_after_its_deadline(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])

    with pytest.raises(NotPossible, match="The last moment to answer has passed"):
        accept_offer(offer=nomination.offers.get(), by=None, now=LATE)
    assert not Place.objects.exists()


def test_a_declined_seat_goes_to_the_first_on_the_waiting_list_at_once(full, this_round):
    decline_offer(offer=full[0].offers.get(), reason="A new post", by=None, now=RELEASED)

    assert states() == ["offer_declined", "offered", "waiting"]
    assert seats(this_round) == 1
    offer = Offer.objects.get(state="open")
    assert (offer.nomination, offer.from_waiting_list) == (full[1], True)
    assert "has become free" in Message.objects.filter(kind="nominations.offer").order_by("-pk").first().text


def test_declining_twice_passes_on_once(full):
    for _ in range(2):
        decline_offer(offer=full[0].offers.get(), by=None, now=RELEASED)

    assert states() == ["offer_declined", "offered", "waiting"]


def test_what_was_declined_is_not_accepted_afterwards(full):
    offer = full[0].offers.get()
    decline_offer(offer=offer, by=None, now=RELEASED)

    with pytest.raises(NotPossible, match="has been answered: declined"):
        accept_offer(offer=offer, by=None, now=RELEASED)


def test_the_waiting_list_is_offered_in_its_order(full, this_round, rosalind):
    order_waiting_list(round=this_round, nominations=[full[2], full[1]], by=rosalind, now=RELEASED)
    decline_offer(offer=full[0].offers.get(), by=None, now=RELEASED)

    assert states() == ["offer_declined", "waiting", "offered"]


def test_an_expired_offer_passes_its_seat_on(full, this_round):
    assert expire_offers(now=RELEASED) == 0
    assert expire_offers(now=LATE) == 1
    assert expire_offers(now=LATE) == 0

    assert states() == ["offer_expired", "offered", "waiting"]
    assert seats(this_round) == 1
    assert Offer.objects.get(state="open").expires_at > LATE


def test_a_late_offer_leaves_five_working_days(full):
    expire_offers(now=LATE)

    # LATE is Sunday 19 July 2026; the fifth working day after it is Friday.
    assert Offer.objects.get(state="open").expires_at.isoformat() == "2026-07-24T16:00:00+00:00"


def test_one_person_may_have_more_time_to_answer(full, rosalind):
    extend_offer(offer=full[0].offers.get(), until=LATE + timedelta(days=1), reason="Leave", by=rosalind, now=RELEASED)

    assert expire_offers(now=LATE) == 0
    assert accept_offer(offer=full[0].offers.get(), by=None, now=LATE).person == full[0].nominee


@pytest.mark.parametrize(("action", "state"), [(withdraw_nomination, "withdrawn"), (defer_nomination, "deferred")])
def test_leaving_with_an_open_offer_passes_the_seat_on(full, this_round, rosalind, action, state):
    action(nomination=full[0], reason="A new post", by=rosalind, now=RELEASED)

    assert states() == [state, "offered", "waiting"]
    assert seats(this_round) == 1
    assert list(Offer.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "open"]


def test_nobody_is_promoted_while_the_cohort_is_full(full, this_round, rosalind):
    assert promote_next(round=this_round, by=rosalind, now=RELEASED) is None


def test_free_seats_are_offered_until_they_or_the_list_run_out(full, this_round):
    Cohort.objects.update(capacity=5)

    assert offer_free_seats(round=this_round, now=RELEASED) == 2
    assert (states(), seats(this_round)) == (["offered"] * 3, 3)


def test_the_office_offers_a_free_seat_to_one_person_and_keeps_the_others(this_round, rosalind):
    first, second, _ = released(this_round, rosalind, ["waiting", "waiting", "not_this_time"])
    Cohort.objects.update(capacity=2)

    assert offer_seats_to(round=this_round, nominations=[first], by=rosalind, now=RELEASED) == 1
    assert states() == ["offered", "waiting", "unsuccessful"]
    assert offer_free_seats(round=this_round, now=RELEASED) == 0
    assert offer_seats_to(round=this_round, nominations=[second], by=rosalind, now=RELEASED) == 1


def test_the_office_departs_from_the_order_of_the_waiting_list_with_a_reason_on_record(this_round, rosalind):
    first, second = released(this_round, rosalind, ["waiting", "waiting"])
    given = {"round": this_round, "nominations": [second], "by": rosalind, "now": RELEASED}
    with pytest.raises(NotPossible, match=f"{first.nominee_name} comes before {second.nominee_name}"):
        offer_seats_to(**given)
    assert states() == ["waiting", "waiting"]

    offer_seats_to(**given, reason="A post that the panel asked for")

    assert states() == ["waiting", "offered"]
    assert AuditEvent.objects.get(action="nominations.offer.made").reason == "A post that the panel asked for"


def test_no_more_seats_are_offered_than_are_free_and_to_nobody_who_does_not_wait(full, this_round, rosalind):
    given = {"round": this_round, "by": rosalind, "now": RELEASED}
    with pytest.raises(NotPossible, match="No seat is free"):
        offer_seats_to(nominations=[full[1]], **given)
    Cohort.objects.update(capacity=2)
    with pytest.raises(NotPossible, match="1 seat is free, and you chose 2 people"):
        offer_seats_to(nominations=[full[1], full[2]], **given)
    with pytest.raises(NotPossible, match="is not on the waiting list any more"):
        offer_seats_to(nominations=[full[0]], **given)
    with pytest.raises(NotPossible, match="Choose somebody"):
        offer_seats_to(nominations=[], **given)
    with pytest.raises(NotPossible, match="has begun"):
        offer_seats_to(nominations=[full[1]], **{**given, "now": STARTED})
    assert states() == ["offered", "waiting", "waiting"]


def test_nobody_is_promoted_once_the_cohort_has_begun(full, this_round):
    expire_offers(now=STARTED)

    assert states() == ["offer_expired", "waiting", "waiting"]
    assert seats(this_round) == 0


def test_an_applicant_from_outside_brings_their_organisation(open_programme, rosalind):
    nomination = applied(open_programme)
    decide(nomination=nomination, outcome="offer", by=rosalind, now=RELEASED)
    release(round=open_programme, by=rosalind, now=RELEASED)
    place = accept_offer(offer=nomination.offers.get(), by=None, now=RELEASED)

    assert (place.organisation.name, place.organisation.kind) == ("Medway Council", "outside_london")


def test_the_database_itself_holds_one_live_offer(full):
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            nomination=full[0], made_at=RELEASED, expires_at=RELEASED + timedelta(days=1), state="open"
        )


def test_an_offer_to_somebody_who_holds_a_place_already_is_refused_with_words(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])
    PlaceFactory(cohort=this_round.cohort, person=nomination.nominee)

    with pytest.raises(NotPossible, match="You have a place in Cohort 7 already"):
        accept_offer(offer=nomination.offers.get(), by=nomination.nominee, now=RELEASED)
    assert nomination.offers.get().state == "open"


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_offer_in_a_cohort_that_is_not_live_is_not_answered(full, this_round, answer):
    Cohort.objects.update(status="cancelled", closed_at=RELEASED)

    with pytest.raises(NotPossible, match="Cohort 7 is cancelled"):
        answer(offer=full[0].offers.get(), by=None, now=RELEASED)
    assert expire_offers(now=LATE) == 0
    assert promote_next(round=this_round, by=None, now=RELEASED) is None
    assert states() == ["offered", "waiting", "waiting"]


def test_cancelling_the_cohort_withdraws_offers_and_ends_nominations_with_one_letter_each(full, this_round, rosalind):
    late = sent(this_round, email="late@example.org")
    draft(this_round, email="draft@example.org", name="Dora Draft")
    before = set(Message.objects.values_list("pk", flat=True))
    lines = preview_cancelling(cohort=this_round.cohort, by=rosalind, now=RELEASED)
    assert lines == ["4 nominees are written to.", "5 nominators are written to.", "1 open offer is withdrawn."]
    assert set(Message.objects.values_list("pk", flat=True)) == before

    cancel_cohort(cohort=this_round.cohort, reason="No provider", by=rosalind, now=RELEASED)

    assert states() == [*["withdrawn"] * 4, "draft"]
    assert set(Nomination.objects.exclude(state="draft").values_list("access_needs", flat=True)) == {""}
    assert (Offer.objects.get().state, seats(this_round)) == ("withdrawn", 0)
    assert not PrivateLink.objects.filter(purpose=ACCEPT, revoked_at=None).exists()
    told = Message.objects.exclude(pk__in=before)
    assert set(told.values_list("kind", "subject")) == {
        ("nominations.cancelled", "Cohort 7 of the London Leadership Programme does not take place")
    }
    addresses = list(told.values_list("to_email", flat=True))
    assert len(addresses) == len(set(addresses)) == 9
    assert "and the offer of a place is withdrawn" in told.get(to_email=full[0].nominee.email).text
    assert expire_offers(now=LATE) == 0
    with pytest.raises(NotPossible, match=r"no longer waiting|cancelled"):
        accept_nomination(nomination=late, statement="Yes", dates_agreed=True, by=None, now=RELEASED)
