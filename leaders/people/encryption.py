"""Confidential texts are encrypted with a key that lives outside the database.

`settings.FIELD_KEYS` is a list of Fernet keys: the first encrypts, all decrypt, so a key is rotated by putting a new
one in front. `manage.py reencrypt` then renews what the others encrypted, and they can be taken away.
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.lookups import Exact


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    return encrypt_bytes(text.encode()).decode()


def decrypt(token: str) -> str:
    return decrypt_bytes(token.encode()).decode()


def encrypt_bytes(content: bytes) -> bytes:
    """As a Fernet token, a third longer."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(content)


def decrypt_bytes(token: bytes) -> bytes:
    try:
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token)
    except InvalidToken as error:
        raise ImproperlyConfigured(
            "A confidential text cannot be read: FIELD_KEYS lacks the key it was written with."
        ) from error


def renewed(token: bytes) -> bytes | None:
    """The same content under the first key, or None when it is that already."""
    try:
        _cipher((settings.FIELD_KEYS[0],)).decrypt(token)
    except InvalidToken:
        return encrypt_bytes(decrypt_bytes(token))
    return None


class OnlyEmpty(Exact):
    """Whether an encrypted text is empty: each encryption differs, so no other value would ever be found."""

    def __init__(self, lhs, rhs):
        if rhs not in ("", None):
            raise TypeError("An encrypted text cannot be compared: ask only whether it is empty.")
        super().__init__(lhs, rhs)


class EncryptedTextField(models.TextField):
    """A text that the database only ever sees encrypted; it cannot be searched or sorted."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value if value in (None, "") else encrypt(value)

    def from_db_value(self, value, expression, connection):
        return value if value in (None, "") else decrypt(value)

    def get_lookup(self, lookup_name):
        if lookup_name not in ("isnull", "exact"):
            raise TypeError("An encrypted text cannot be searched.")
        return OnlyEmpty if lookup_name == "exact" else super().get_lookup(lookup_name)


class EncryptedBinaryField(models.BinaryField):
    """A file that the database only ever sees encrypted."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return None if value is None else encrypt_bytes(bytes(value))

    def from_db_value(self, value, expression, connection):
        return None if value is None else decrypt_bytes(bytes(value))
