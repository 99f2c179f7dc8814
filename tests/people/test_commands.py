"""What whoever runs the machine types, and what a mistake is answered."""

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from leaders.people.encryption import encrypt
from leaders.people.models import Person

pytestmark = pytest.mark.django_db


def test_a_director_without_an_email_address_is_not_made():
    with pytest.raises(CommandError, match=r"“rosalind\.tate” is no email address"):
        call_command("create_director", "--name=Rosalind Tate", "--email=rosalind.tate")
    assert not Person.objects.exists()


def test_a_release_whose_keys_do_not_open_the_second_factor_stops(settings, rosalind):
    secret = {"secret": encrypt("JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=rosalind, type=Authenticator.Type.TOTP, data=secret)
    call_command("setup")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="FIELD_KEYS lacks the key"):
        call_command("setup")


def test_a_key_that_is_none_is_said_by_its_position_and_not_shown(settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), "correct-horse"]
    (said,) = [found for found in run_checks() if found.id == "people.E001"]
    assert said.msg == "FIELD_KEYS: number 2 is no key."
