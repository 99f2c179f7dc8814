"""The second step of signing in: its secrets encrypted, its words ours."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from . import encryption


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. It changes every half minute: type the one that is shown now.",
    }

    def encrypt(self, text):
        """Whoever reads the database must not be able to make codes."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user, type):  # noqa: A002  allauth's own name
        """What a new passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "My passkey"
