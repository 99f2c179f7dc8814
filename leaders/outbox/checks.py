"""What must be set before a mail provider may tell us anything."""

from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string


@register()
def webhooks_are_believed_with_a_secret_only(app_configs, **kwargs):
    """Some providers do not sign what they say: without a secret anybody could stop mail to any address."""
    secrets = settings.ANYMAIL.get("WEBHOOK_SECRET") or []
    if any(":" not in secret for secret in ([secrets] if isinstance(secrets, str) else secrets)):
        return [
            Error(
                "WEBHOOK_SECRET of ANYMAIL has no colon, so whatever the mail provider says about bounces is refused.",
                hint="It is a name and a password: a-name:a-long-password",
                id="outbox.E002",
            )
        ]
    if settings.ANYMAIL and not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return [
            Error(
                "ANYMAIL has no WEBHOOK_SECRET, so nothing that the mail provider says about bounces can be believed.",
                hint='Add "WEBHOOK_SECRET": "a-name:a-long-password" and give it to the provider within the '
                "webhook's address: https://a-name:a-long-password@…/anymail/…",
                id="outbox.E001",
            )
        ]
    return []


@register()
def mail_goes_out_by_something_that_exists(app_configs, **kwargs):
    """A name that is wrong by a letter would be noticed with the first message only."""
    try:
        import_string(settings.EMAIL_BACKEND)
    except ImportError:
        return [
            Error(
                f"EMAIL_BACKEND: there is no {settings.EMAIL_BACKEND}.",
                hint="It looks like this: anymail.backends.postmark.EmailBackend",
                id="outbox.E003",
            )
        ]
    return []
