"""What must be set before a mail provider may tell us anything."""

from django.conf import settings
from django.core.checks import Error, register


@register()
def webhooks_are_believed_with_a_secret_only(app_configs, **kwargs):
    """Some providers do not sign what they say: without a secret anybody could stop mail to any address."""
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
