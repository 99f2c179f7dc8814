"""Rows from before sharing and signing named a person: each is given the person that the records prove, or none."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from cohorts.actions import change_sponsor
from cohorts.models import Place
from modules.actions import add_goal, comment_on_contract, share_plan
from modules.models import ContractComment, LearningPlan, Signature
from tests.cohorts.factories import NOW
from tests.modules.factories import agreed_contract

pytestmark = pytest.mark.django_db

migration = import_module("modules.migrations.0002_sharing_and_signing_name_the_person")


def test_who_signed_and_commented_is_found_in_the_trail(amara_place, amara, helen, otto):
    contract = agreed_contract(amara_place, now=NOW)
    comment_on_contract(contract=contract, words="Which meetings?", by=helen, now=NOW)
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    before = dict(Signature.objects.values_list("party", "person"))
    Signature.objects.update(person=None)
    ContractComment.objects.update(person=None)

    migration.name_signers(apps, None)
    assert dict(Signature.objects.values_list("party", "person")) == before
    assert (before["participant"], before["sponsor"]) == (amara.pk, helen.pk)
    assert ContractComment.objects.get().person == helen


def test_who_signed_stays_open_where_the_trail_does_not_say(amara_place):
    agreed_contract(amara_place, now=NOW)
    Signature.objects.update(person=None, signed_at=NOW + timedelta(seconds=1))

    migration.name_signers(apps, None)
    assert not Signature.objects.exclude(person=None).exists()


@pytest.mark.parametrize(("known", "named"), [(True, "Helen Marsh"), (False, None)])
def test_a_plan_stays_shared_with_whoever_was_the_sponsor_then(amara_place, amara, helen, otto, known, named):
    plan = add_goal(place=amara_place, title="Listen", by=amara, now=NOW).plan
    share_plan(plan=plan, with_whom="sponsor", reader=helen, by=amara, now=NOW)
    Place.history.update(history_date=NOW + timedelta(days=0 if known else 1))
    change_sponsor(place=amara_place, sponsor=otto, reason="Helen left", by=None, now=NOW)
    Place.history.filter(sponsor_id=otto.pk).update(history_date=NOW + timedelta(days=2))
    LearningPlan.objects.update(shared_with_sponsor=otto)

    migration.name_sponsors(apps, None)
    kept = LearningPlan.objects.get()
    assert (kept.shared_with_sponsor and kept.shared_with_sponsor.name) == named
    assert (kept.shared_with_sponsor_at is not None) is known
