"""What people thought of a module."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from leaders.people.audit import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import give_feedback
from modules.aggregates import told_of
from modules.models import Feedback
from tests.cohorts.factories import NOW, PlaceFactory
from tests.modules.factories import ModuleFactory, SessionFactory

pytestmark = pytest.mark.django_db

ANSWERS = {"worth_the_time": 5, "new_perspectives": 4, "will_use_it": 3, "took_part_fully": 5}


@pytest.fixture
def module(cohort):
    """Module 3, over for a month."""
    module = ModuleFactory(cohort=cohort, number=3)
    SessionFactory(module=module, starts=NOW - timedelta(days=40))
    return module


def test_feedback_is_kept_and_its_trace_says_nothing_of_what_was_said(module, amara, amara_place):
    give_feedback(module=module, place=amara_place, answers=ANSWERS, comment="Less talking at us.", by=amara, now=NOW)

    feedback = Feedback.objects.get()
    assert {name: getattr(feedback, name) for name in Feedback.STATEMENTS} == ANSWERS
    event = AuditEvent.objects.first()
    assert (event.sentence, event.actor, event.detail) == ("A participant said how module 3 went", "A participant", {})
    assert (event.actor_id, event.person_id) == (None, None)


def test_the_database_sees_the_comment_only_encrypted(module, amara, amara_place):
    give_feedback(module=module, place=amara_place, answers=ANSWERS, comment="Less talking at us.", by=amara, now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT comment FROM modules_feedback")
        assert "talking" not in cursor.fetchone()[0]
    assert Feedback.objects.get().comment == "Less talking at us."


def test_giving_feedback_again_replaces_it_where_it_was(module, amara, amara_place):
    for will_use_it, days in ((3, 0), (1, 5)):
        answers, now = {**ANSWERS, "will_use_it": will_use_it}, NOW + timedelta(days=days)
        give_feedback(module=module, place=amara_place, answers=answers, comment="", by=amara, now=now)

    assert list(Feedback.objects.values_list("will_use_it", "given_at")) == [(1, NOW)]


def tell(module, number, now, **answers):
    """So many participants say how it went, each with a comment of their own."""
    for _ in range(number):
        place = PlaceFactory(cohort=module.cohort)
        given = {**ANSWERS, **answers}
        comment = f"From {place.pk}"
        give_feedback(module=module, place=place, answers=given, comment=comment, by=place.person, now=now)


def seen(module, now):
    """How many answers make up what the office sees: averages, and comments."""
    told = told_of(module, now.date())
    return len(told.averaged), len(told.said)


def test_feedback_is_seen_when_it_has_closed_and_not_as_it_comes(module):
    over = module.sessions.get().ends
    closes = over + timedelta(days=14)
    tell(module, 8, over + timedelta(days=1))

    assert seen(module, closes) == (0, 0)
    assert told_of(module, closes.date()).count == 8
    assert seen(module, closes + timedelta(days=1)) == (8, 8)


@pytest.mark.parametrize(("in_time", "shown"), [(4, (0, 0)), (5, (0, 5)), (7, (0, 7)), (8, (8, 8))])
def test_averages_are_of_eight_and_comments_of_five_or_more(module, in_time, shown):
    tell(module, in_time, NOW - timedelta(days=39))
    assert seen(module, NOW) == shown


@pytest.mark.parametrize(
    ("late", "shown"), [(1, (8, 8)), (4, (8, 8)), (5, (8, 13)), (7, (8, 13)), (8, (16, 13)), (11, (16, 18))]
)
def test_what_comes_late_joins_in_batches_that_could_be_shown_by_themselves(module, late, shown):
    tell(module, 8, NOW - timedelta(days=39))
    tell(module, late, NOW - timedelta(days=1), worth_the_time=1)
    assert seen(module, NOW) == shown


def test_feedback_on_a_module_without_days_is_not_seen(cohort):
    assert seen(ModuleFactory(cohort=cohort), NOW) == (0, 0)


def test_feedback_waits_until_the_module_is_over(cohort, amara, amara_place):
    module = SessionFactory(module__cohort=cohort).module

    with pytest.raises(NotPossible, match="when the module is over"):
        give_feedback(module=module, place=amara_place, answers=ANSWERS, comment="", by=amara, now=NOW)


@pytest.mark.parametrize("answers", [{}, {**ANSWERS, "will_use_it": 6}, {"worth_the_time": 5}])
def test_all_four_questions_are_answered_on_the_scale(module, amara, amara_place, answers):
    with pytest.raises(NotPossible, match="Answer all four questions"):
        give_feedback(module=module, place=amara_place, answers=answers, comment="", by=amara, now=NOW)


def test_nobody_gives_feedback_on_another_cohorts_module(module):
    place = PlaceFactory()

    with pytest.raises(NotPossible, match="another cohort"):
        give_feedback(module=module, place=place, answers=ANSWERS, comment="", by=place.person, now=NOW)


def test_the_database_refuses_an_answer_off_the_scale(module, amara_place):
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(module=module, place=amara_place, given_at=NOW, **{**ANSWERS, "worth_the_time": 0})
