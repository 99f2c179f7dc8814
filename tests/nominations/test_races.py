"""Many at once, on PostgreSQL and on SQLite in a file: exactly one wins, nobody gets an error they did not earn.

Each thread is a request of its own with its own connection.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
from django.db import connections

from cohorts.models import Cohort, Place
from leaders.people.refusals import NotPossible
from nominations.actions import (
    AlreadyNominated,
    Stale,
    accept_offer,
    decide,
    decline_offer,
    expire_offers,
    invite,
    release,
    save_answer,
    send_nomination,
    start_nomination,
    withdraw_nomination,
)
from nominations.models import Nomination, Offer, SavedAnswer
from tests import sqlite_in_a_file
from tests.nominations.factories import DECIDING, OPEN, RELEASED, complete, draft, fill, released, sent
from tests.people.factories import AuthorityFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


def at_once(action, arguments, threads=16):
    """Run `action` for each of the arguments in parallel; the outcome is a count of results and of refusals."""

    def run(argument):
        try:
            action(argument)
        except AlreadyNominated:
            return "already nominated"
        except NotPossible:
            return "not possible"
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(run, arguments))


def test_33_authorities_and_200_posts_leave_one_live_nomination_each(this_round):
    authorities = AuthorityFactory.create_batch(33)
    drafts = [
        fill(draft(this_round, organisation=authorities[n % 33], email=f"d{n}@example.org", name=f"Director {n}"))
        for n in range(66)
    ]
    # Each draft is posted three times: a double click, and a tab that sends again.
    posts = (drafts * 4)[:200]

    outcome = at_once(
        lambda n: send_nomination(nomination=n, attested_by="Director", by=None, now=OPEN, proved=True), posts
    )

    live = Nomination.objects.live()
    assert live.count() == 33
    assert live.values("organisation").distinct().count() == 33
    assert set(outcome) == {"done", "already nominated"}
    assert sum(outcome.values()) == 200


def test_windows_that_save_an_answer_at_once_lose_no_words(this_round):
    nomination = sent(this_round)

    def save(text):
        with suppress(Stale):
            save_answer(nomination=nomination, words={"statement": text}, seen=0, by=nomination.nominee, now=OPEN)

    texts = [f"Text {n}" for n in range(10, 22)]

    assert at_once(save, texts) == {"done": 12}
    assert sorted(saved.answers["statement"] for saved in SavedAnswer.objects.all()) == texts
    assert SavedAnswer.objects.current().count() == 1


def test_the_same_form_posted_40_times_at_once_begins_one_draft(this_round, camden):
    form = UUID("00000000-0000-4000-8000-000000000001")

    def begin(_):
        start_nomination(
            round=this_round, organisation=camden, name="Helen", email="h@example.org", form_uuid=form, by="H", now=OPEN
        )

    assert at_once(begin, range(40)) == {"done": 40}
    assert Nomination.objects.count() == 1


def test_the_button_of_an_invitation_pressed_20_times_at_once_begins_one_draft(this_round, camden, helen, rosalind):
    invitation = invite(round=this_round, organisation=camden, nominator=helen, by=rosalind, now=OPEN)

    def begin(_):
        start_nomination(round=this_round, organisation=None, invitation=invitation, by=helen, now=OPEN)

    assert at_once(begin, range(20)) == {"done": 20}
    assert Nomination.objects.count() == 1


def test_references_are_never_given_twice(this_round, camden):
    at_once(
        lambda n: start_nomination(
            round=this_round, organisation=camden, name="H", email=f"h{n}@example.org", by="H", now=OPEN
        ),
        range(40),
    )

    assert Nomination.objects.values("reference").distinct().count() == 40


def test_an_offer_answered_both_ways_at_once_is_answered_once(this_round, rosalind):
    (nomination,) = released(this_round, rosalind, ["offer"])
    offer = nomination.offers.get()

    def answer(n):
        (accept_offer if n % 2 else decline_offer)(offer=Offer.objects.get(pk=offer.pk), by=None, now=RELEASED)

    at_once(answer, range(24))

    offer.refresh_from_db()
    this_round.cohort.refresh_from_db()
    assert Place.objects.count() == (offer.state == "accepted")
    assert this_round.cohort.seats_taken == (offer.state == "accepted")


def test_declines_and_expiries_at_once_never_offer_more_seats_than_there_are(this_round, rosalind):
    Cohort.objects.filter(pk=this_round.cohort_id).update(capacity=3)
    this_round.cohort.refresh_from_db()
    nominations = released(this_round, rosalind, ["offer"] * 3 + ["waiting"] * 4)
    offers = [nomination.offers.get() for nomination in nominations[:3]]
    late = max(offer.expires_at for offer in offers)

    def act(n):
        if n % 2:
            expire_offers(now=late)
        else:
            decline_offer(offer=offers[n % 3], by=None, now=RELEASED)

    at_once(act, range(12))

    # Four wait for three seats, and who is offered one before a late look at the clock may lose it again.
    this_round.cohort.refresh_from_db()
    open_offers = Offer.objects.open().count()
    assert open_offers == this_round.cohort.seats_taken == Nomination.objects.filter(state="offered").count()
    assert open_offers == min(3, 3 + 4 - Offer.objects.filter(state__in=["declined", "expired"]).count())


def test_a_release_pressed_ten_times_at_once_happens_once(this_round, rosalind):
    for number in range(4):
        nomination = complete(this_round, email=f"d{number}@example.org")
        decide(nomination=nomination, outcome="offer", by=rosalind, now=DECIDING)

    outcome = at_once(lambda _: release(round=this_round, by=rosalind, now=RELEASED), range(10))

    this_round.cohort.refresh_from_db()
    assert outcome == {"done": 1, "not possible": 9}
    assert (Offer.objects.count(), this_round.cohort.seats_taken) == (4, 4)


def test_a_withdrawal_during_the_release_comes_before_it_or_after(this_round, rosalind):
    nominations = [complete(this_round, email=f"d{number}@example.org") for number in range(4)]
    for nomination in nominations:
        decide(nomination=nomination, outcome="not_this_time", by=rosalind, now=DECIDING)

    def act(nomination):
        if nomination is None:
            release(round=this_round, by=rosalind, now=RELEASED)
        else:
            withdraw_nomination(nomination=nomination, reason="A new post", by=rosalind, now=RELEASED)

    outcome = at_once(act, [nominations[0], None, *nominations[1:3]])

    assert set(outcome) <= {"done", "not possible"}
    ended = Nomination.objects.filter(state="withdrawn")
    assert Nomination.objects.filter(state="unsuccessful").count() == 4 - ended.count()
    assert set(ended.values_list("quota_slot", flat=True)) <= {None}


def test_the_same_races_end_as_well_on_sqlite_in_a_file(tmp_path):
    assert sqlite_in_a_file.passes(__file__, tmp_path)
