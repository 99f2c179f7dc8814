"""Erasing somebody of the village, and looking for them in every column of the database."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.apps import apps
from django.db.models import Q

from cohorts.models import Place
from leaders.documents.actions import request_document
from leaders.documents.models import Document
from leaders.outbox.actions import post
from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from leaders.people.actions import erase_person
from leaders.people.models import PrivacyRequest, PrivateLink
from leaders.people.privacy import export
from mentoring.models import Coach
from modules.actions.invites import invite_to
from nominations.models import Nomination
from tests.cohorts.factories import NOW
from tests.house.village import village  # noqa: F401

pytestmark = pytest.mark.django_db

TRAIL = {"people.AuditEvent.sentence", "people.AuditEvent.subject", "people.AuditEvent.actor"}
LETTERS_TO_OTHERS = {"outbox.Message.subject", "outbox.Message.text", "outbox.Message.html"}


def columns_with(*words: str) -> set[str]:
    """Where any of the words stands, in whatever case; encrypted texts are read."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                text = json.dumps(getattr(row, field.attname), default=str, ensure_ascii=False).lower()
                if any(word in text for word in words):
                    found.add(f"{model._meta.label}.{field.name}")
    return found


@pytest.mark.parametrize(
    ("name", "words", "kept"),
    [
        ("amara", ("amara mensah", "amara.mensah@"), LETTERS_TO_OTHERS),
        ("joanne", ("joanne whitfield", "joanne.whitfield@"), LETTERS_TO_OTHERS | {"mentoring.ServiceRecord.name"}),
        ("helen", ("helen.marsh@",), set()),
        ("miriam", ("miriam",), set()),
        ("gita", ("gita",), {"cohorts.Certificate.name"}),
    ],
)
def test_an_erased_person_is_named_only_where_the_law_or_others_keep_it(village, name, words, kept):  # noqa: F811
    erase_person(person=getattr(village, name), by=village.rosalind, reason="They asked", now=NOW)
    assert columns_with(*words) - TRAIL - kept == set()


def test_erasing_ends_what_somebody_takes_part_in(village):  # noqa: F811
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    erase_person(person=village.miriam, by=village.rosalind, reason="They asked", now=NOW)
    village.place.refresh_from_db()
    assert village.place.status == Place.Status.WITHDRAWN
    assert Coach.objects.get(person=village.miriam).stood_down_at == NOW
    assert not village.amara.role_grants.filter(ended_at=None).exists()
    assert not village.miriam.role_grants.filter(ended_at=None).exists()


def test_an_erased_sponsor_and_line_manager_are_no_longer_those_of_anybody(village, ade):  # noqa: F811
    erase_person(person=village.helen, by=village.rosalind, reason="They asked", now=NOW)
    erase_person(person=ade, by=village.rosalind, reason="They asked", now=NOW)
    village.place.refresh_from_db()
    assert (village.place.sponsor, village.place.line_manager) == (None, None)


def test_an_erased_nominee_is_no_longer_put_forward(village):  # noqa: F811
    nominee = village.offer.nomination.nominee
    erase_person(person=nominee, by=village.rosalind, reason="They asked", now=NOW)
    assert Nomination.objects.get(nominee=nominee).state == Nomination.State.WITHDRAWN


@pytest.mark.parametrize("whose", ["nominee", "sponsor"])
def test_what_an_erased_person_saved_of_an_answer_and_did_not_send_is_nowhere(village, whose):  # noqa: F811
    writer = village.sent.nominee if whose == "nominee" else village.endorsement.sponsor
    words = {f"{writer.name} has begun".lower(), f"{writer.name} begins anew".lower()}
    assert columns_with(*words) == {"nominations.SavedAnswer.words"}
    erase_person(person=writer, by=village.rosalind, reason="They asked", now=NOW)
    assert columns_with(*words) == set()


def test_nothing_is_sent_to_the_address_that_stands_in_for_somebody_erased(village, mailoutbox):  # noqa: F811
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    village.amara.refresh_from_db()
    invite_to(village.session, [Place.objects.get(person=village.amara)], now=NOW)
    post("outbox.sign_in_code", to=village.amara, now=NOW, dedupe_key="late", code="K7QPXM")
    send_due(NOW)
    assert [to for mail in mailoutbox for to in mail.to if to.endswith("example.invalid")] == []
    assert Message.objects.get(dedupe_key="late").reason == "The person was erased"


def test_erasing_closes_what_was_asked_and_removes_its_words(village):  # noqa: F811
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    asked = PrivacyRequest.objects.get(person=village.amara)
    assert (asked.words, asked.answered_at, asked.answered_by) == ("Erased", NOW, village.rosalind)


def test_erasing_removes_how_somebody_signs_in(village):  # noqa: F811
    Authenticator.objects.create(user=village.amara, type="totp", data={"secret": "x"})
    EmailAddress.objects.create(user=village.amara, email=village.amara.email)
    AccessAttempt.objects.create(username=village.amara.email, ip_address="127.0.0.1", failures_since_start=1)
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    assert [model.objects.exists() for model in (Authenticator, EmailAddress, AccessAttempt)] == [False] * 3


def test_erasing_ends_private_links_and_forgets_their_address(village):  # noqa: F811
    address = village.amara.email
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    links = PrivateLink.objects.filter(Q(person=village.amara) | Q(email__iexact=address))
    assert {(link.email, bool(link.revoked_at)) for link in links} == {("", True)}


def test_erasing_removes_ready_documents_that_name_the_person_and_no_others(village):  # noqa: F811
    named = [
        request_document("modules.handbook", subject=village.cohort, now=NOW),
        request_document("modules.badges", subject=village.cohort, now=NOW),
        request_document("modules.register", subject=village.session, now=NOW),
        village.document,
    ]
    others = [
        request_document("modules.handbook", subject=village.next, now=NOW),
        request_document("cohorts.certificate", subject=village.certificate, now=NOW),
    ]
    erase_person(person=village.amara, by=village.rosalind, reason="They asked", now=NOW)
    assert not Document.objects.filter(pk__in=[document.pk for document in named]).exists()
    assert Document.objects.filter(pk__in=[document.pk for document in others]).count() == 2


def test_export_tells_roles_requests_and_the_second_step(village):  # noqa: F811
    Authenticator.objects.create(user=village.amara, type="totp", data={"secret": "x"})
    held = export(village.amara)
    assert [row["role"] for row in held["Which roles you have had, since when and by whom"]] == ["Participant"]
    (asked,) = held["What you asked of your own data, and what we answered"]
    assert (asked["asked"], asked["in your words"]) == ("Ask for a correction", "My name")
    assert "secret" not in json.dumps(held)


def test_export_tells_which_challenges_somebody_would_choose(village):  # noqa: F811
    village.place.challenge_choices.create(challenge=village.challenge, rank=1, chosen_at=NOW)
    held = export(village.amara)["Your systems challenge team and what you wrote in its log"]
    assert [row["would choose"] for row in held if "would choose" in row] == [str(village.challenge)]
