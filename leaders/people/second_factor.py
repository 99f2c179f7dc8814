"""The second step of signing in: its secrets encrypted, its words ours."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.safestring import SafeString

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

    def build_totp_svg(self, url):
        """The square to be scanned, ready for the page: our content policy refuses images from data: addresses."""
        svg = super().build_totp_svg(url)
        return SafeString(svg[svg.index("<svg") :])  # a drawing of nothing but squares

    def generate_authenticator_name(self, user, type):  # noqa: A002  allauth's own name
        """What a new passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {count + 1}" if count else "My passkey"
