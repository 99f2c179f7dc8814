"""What a wrong key would lead to is said before anything starts."""

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, register


@register()
def field_keys_are_keys(app_configs, **kwargs):
    """A key that is none would be noticed only by whoever cannot sign in."""
    for position, key in enumerate(settings.FIELD_KEYS, 1):
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    f"FIELD_KEYS: number {position} is no key.",
                    hint="A key is 32 random bytes in URL-safe base64, 44 characters; commas stand between keys. Make "
                    'one with: python3 -c "import base64, os; '
                    'print(base64.urlsafe_b64encode(os.urandom(32)).decode())"',
                    id="people.E001",
                )
            ]
    return []
