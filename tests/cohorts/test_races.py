"""Two people press the same button at the same moment, on real connections: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from cohorts import actions
from cohorts.actions import NotPossible
from cohorts.actions.case_studies import WORDS
from cohorts.models import CaseStudy, Certificate, Cohort, Narrative, Place
from leaders.documents.actions import claim_document, request_document
from leaders.documents.models import Document
from leaders.outbox.models import Message
from tests.cohorts.factories import NOW, PlaceFactory
from tests.people.factories import PersonFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


def at_once(action, arguments):
    """How often `action` was done and refused, run for all arguments in parallel, each with its own connection."""

    def run(argument):
        try:
            action(argument)
        except NotPossible:
            return "refused"
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(arguments)) as pool:
        outcomes = list(pool.map(run, arguments))
    return outcomes.count("done"), outcomes.count("refused")


def fresh(model, instance, times):
    """The same row read once for each request."""
    return [model.objects.get(pk=instance.pk) for _ in range(times)]


def test_place_graduates_once_with_one_certificate_and_one_letter(amara_place, rosalind):
    places = fresh(Place, amara_place, 8)
    assert at_once(lambda place: actions.graduate_place(place=place, by=rosalind, now=NOW), places) == (1, 7)
    assert (Certificate.objects.count(), Message.objects.count(), Document.objects.count()) == (1, 1, 1)


def test_cohort_graduates_everybody_once(cohort, amara_place, rosalind):
    PlaceFactory.create_batch(5, cohort=cohort)
    cohorts = fresh(Cohort, cohort, 4)
    done, refused = at_once(lambda one: actions.graduate_cohort(cohort=one, by=rosalind, now=NOW), cohorts)
    assert done >= 1
    assert done + refused == 4
    assert (Certificate.objects.count(), Cohort.objects.get().status) == (6, "graduated")


def test_of_eight_approvers_one_approves(cohort, amara_place, rosalind):
    study = actions.assemble_case_study(cohort=cohort, by=rosalind, now=NOW)
    words = dict.fromkeys(WORDS, "Words")
    study = actions.edit_case_study(case_study=study, version=1, by=rosalind, now=NOW, **words)
    people = PersonFactory.create_batch(8)
    outcome = at_once(lambda by: actions.approve_case_study(case_study=study, version=2, by=by, now=NOW), people)
    assert outcome == (1, 7)
    assert CaseStudy.objects.get().approved_by in people


def test_narrative_saved_in_two_tabs_keeps_one_and_refuses_the_other(amara_place, amara):
    texts = {"us_text": "", "now_text": "", "version": 0, "by": amara, "now": NOW}
    tabs = [{"place": place, "self_text": f"tab {n}"} for n, place in enumerate(fresh(Place, amara_place, 4))]
    assert at_once(lambda tab: actions.save_narrative(**tab, **texts), tabs) == (1, 3)
    assert Narrative.objects.get().version == 1


def test_last_seat_goes_to_one(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(capacity=1)
    assert at_once(actions.take_seat, fresh(Cohort, cohort, 8)) == (1, 7)


def test_withdrawal_pressed_twice_frees_one_seat(cohort, amara_place, rosalind):
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=3)
    places = fresh(Place, amara_place, 6)
    outcome = at_once(lambda place: actions.withdraw_place(place=place, reason="x", by=rosalind, now=NOW), places)
    assert outcome == (1, 5)
    assert Cohort.objects.get().seats_taken == 2


def test_document_is_claimed_by_one_worker(amara_place, rosalind):
    certificate = actions.graduate_place(place=amara_place, by=rosalind, now=NOW)
    request_document("cohorts.certificate", subject=certificate, now=NOW)
    with ThreadPoolExecutor(8) as pool:

        def claim(_):
            try:
                return claim_document(now=NOW)
            finally:
                connections.close_all()

        claimed = [document.pk for document in pool.map(claim, range(8)) if document]
    assert sorted(claimed) == sorted(Document.objects.values_list("pk", flat=True))
