"""The second step of signing in: its secrets encrypted, its words ours."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from . import encryption

WORKING_DAY = timedelta(hours=12)
TO_FINISH = timedelta(hours=1)
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was confirmed today with an authenticator app, a passkey or a recovery code.

    It holds for a working day; what was begun within it may be sent for an hour more.
    """
    limit = WORKING_DAY if request.method in READING else WORKING_DAY + TO_FINISH
    since = time.time() - limit.total_seconds()
    records = get_authentication_records(request, request.user)
    return any(shown["method"] == "mfa" and shown["at"] > since for shown in records)


def staff_use_second_factor(view: Callable) -> Callable:
    """Guard a page that opens to the office as well as to the people it is about: staff show their second factor."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated and request.user.is_staff and not used_second_factor(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        return view(request, *args, **kwargs)

    return guarded


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
