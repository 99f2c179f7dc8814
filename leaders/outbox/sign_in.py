"""Sign-in mail goes the way of all mail: written as a row, sent by the outbox within seconds."""

import uuid
from datetime import timedelta

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.template.loader import render_to_string
from django.utils import timezone

from leaders.people.models import Person

from .actions import post

# What the page that follows says by itself, and better: it does not tell whether an address is known.
UNSAID = {"account/messages/login_code_sent.txt", "account/messages/logged_in.txt"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "That code is not right. Enter the newest one that we emailed you, such as BCDF-GHJK",
        "too_many_login_attempts": "That was tried too often. Wait a minute, then ask for a new code",
    }

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_open_for_signup(self, request):
        """People become known by taking part, never by signing up."""
        return False

    def get_reauthentication_methods(self, user):
        """Ways to confirm that it is still you, the passkey first: where there is one, it is at hand."""
        names = {"mfa_reauthenticate:webauthn": "Use your passkey instead", "mfa_reauthenticate": "Use a code instead"}
        ways = {way["id"]: way for way in super().get_reauthentication_methods(user)}
        return [ways[key] | {"description": name} for key, name in names.items() if key in ways]

    def send_mail(self, template_prefix, email, context):
        """Write the message that allauth wants sent; codes are removed from it once it has gone."""
        now = timezone.now()
        person = Person.objects.filter(email__iexact=email).first()
        code = context.get("code")
        if code:
            kind, words = "outbox.sign_in_code", {"code": code}
        else:
            kind, words = "outbox.account_notice", self.words_of(template_prefix, context)
        post(
            kind,
            to=person or ("", email),
            now=now,
            dedupe_key=f"account:{uuid.uuid4()}",
            expires_at=now + timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT) if code else None,
            urgent=True,
            secret=bool(code),
            **words,
        )

    def words_of(self, template_prefix, context):
        """allauth's own text of any other notice, such as a passkey that was added."""
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        text = render_to_string(f"{template_prefix}_message.txt", context)
        return {"subject": subject, "paragraphs": [part for part in text.strip().split("\n\n") if part.strip()]}
