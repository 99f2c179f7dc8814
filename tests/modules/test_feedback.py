"""What people thought of a module."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from leaders.people.audit import AuditEvent
from leaders.people.refusals import NotPossible
from modules.actions import give_feedback
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
    assert (event.sentence, event.detail) == ("Amara Mensah said how module 3 went", {})


def test_the_database_sees_the_comment_only_encrypted(module, amara, amara_place):
    give_feedback(module=module, place=amara_place, answers=ANSWERS, comment="Less talking at us.", by=amara, now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT comment FROM modules_feedback")
        assert "talking" not in cursor.fetchone()[0]
    assert Feedback.objects.get().comment == "Less talking at us."


def test_giving_feedback_again_replaces_it(module, amara, amara_place):
    for will_use_it in (3, 1):
        answers = {**ANSWERS, "will_use_it": will_use_it}
        give_feedback(module=module, place=amara_place, answers=answers, comment="", by=amara, now=NOW)

    assert list(Feedback.objects.values_list("will_use_it", flat=True)) == [1]


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
