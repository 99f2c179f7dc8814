"""A field key is retired: everything that hangs on it is renewed under the new one."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import call_command

from cohorts.models import Narrative
from leaders.documents.actions import claim_document
from leaders.documents.models import Document
from leaders.people.encryption import decrypt, encrypt
from leaders.people.keys import encrypted_fields
from modules.models import Goal
from nominations.actions import save_equality_return
from nominations.models import EqualityReturn
from nominations.models.equality import pseudonym
from tests.cohorts.factories import NOW
from tests.house.village import village  # noqa: F401

pytestmark = pytest.mark.django_db


def reencrypt() -> str:
    out = StringIO()
    call_command("reencrypt", stdout=out)
    return out.getvalue()


def test_an_old_key_can_be_taken_away_once_everything_is_renewed(village, settings):  # noqa: F811
    save_equality_return(nomination=village.complete, question_set="2026-1", answers={"sex": "Female"})
    Authenticator.objects.create(
        user=village.rosalind, type="recovery_codes",
        data={"seed": encrypt("a seed"), "used_mask": 0, "migrated_codes": [encrypt("a code")]},
    )  # fmt: skip
    document = claim_document(now=NOW)
    Document.objects.filter(pk=document.pk).update(content=b"%PDF", rendered_at=NOW, state="ready")
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    assert EqualityReturn.objects.exclude(pseudonym=pseudonym(village.complete)).count() == 1

    said = reencrypt()
    for what in ("modules.Goal.title: 1", "Pseudonyms of equality answers: 1", "Secrets of second steps: 1",
                 "documents.Document.content: 1"):  # fmt: skip
        assert what in said
    assert reencrypt() == "0 rows were renewed. Everything is under the first key of FIELD_KEYS.\n"

    settings.FIELD_KEYS = [new]
    for field in encrypted_fields():
        list(field.model._base_manager.values_list(field.name))
    assert Goal.objects.get(pk=village.goal.pk).title == "Listen longer"
    assert bytes(Document.objects.get(pk=document.pk).content) == b"%PDF"
    assert EqualityReturn.objects.get(pseudonym=pseudonym(village.complete)).answers == {"sex": "Female"}
    kept = Authenticator.objects.get(user=village.rosalind, type="recovery_codes").data
    assert (decrypt(kept["seed"]), decrypt(kept["migrated_codes"][0])) == ("a seed", "a code")


def test_equality_answers_are_found_replaced_and_deleted_while_two_keys_are_in_use(village, settings):  # noqa: F811
    save_equality_return(nomination=village.complete, question_set="2026-1", answers={"sex": "Female"})
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    save_equality_return(nomination=village.complete, question_set="2026-1", answers={"sex": "Male"})
    assert [found.answers for found in EqualityReturn.objects.all()] == [{"sex": "Male"}]
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    save_equality_return(nomination=village.complete, question_set="2026-1", answers={})
    assert not EqualityReturn.objects.exists()


def test_an_encrypted_text_is_asked_only_whether_it_is_empty():
    assert not Narrative.objects.filter(self_text="").exists()
    assert not Narrative.objects.filter(self_text=None).exists()
    for lookup in ({"self_text": "Peckham"}, {"self_text__contains": "P"}):
        with pytest.raises(TypeError, match="encrypted"):
            Narrative.objects.filter(**lookup).exists()
