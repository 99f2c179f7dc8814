"""Everything that hangs on a field key is renewed under the first one, so that older keys can be taken away.

Encrypted fields are found by themselves; what else hangs on a key apps bring in their own `keys.py`.
"""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction

from .encryption import EncryptedBinaryField, EncryptedTextField, renewed
from .joining import Joint

keys = Joint("keys", "What hangs on a field key, besides encrypted fields")

AT_ONCE = 200  # rows of one transaction
FERNET = "gAAAAA"  # how every token begins: version 128 and the leading zeros of its time


def encrypted_fields() -> list[models.Field]:
    """All of them, in the tables of history too."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField | EncryptedBinaryField)
    ]


def renew_field(field: models.Field) -> int:
    """Renew one column, a batch of rows after the other; how many rows. What is saved meanwhile is left alone."""
    return sum(_renew(field, batch) for batch in _batches(field))


def _batches(field: models.Field) -> Iterator[list[tuple]]:
    """(key, token) of every row that has something, by SQL, for a model reads decrypted."""
    table, key, column = _names(field)
    last = None
    while True:
        after = f"AND {key} > %s" if last is not None else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL {after} ORDER BY {key} LIMIT %s",  # noqa: S608
                [*([last] if last is not None else []), AT_ONCE],
            )
            batch = cursor.fetchall()
        if not batch:
            return
        yield batch
        last = batch[-1][0]


@transaction.atomic
def _renew(field: models.Field, batch: list[tuple]) -> int:
    table, key, column = _names(field)
    is_text = isinstance(field, EncryptedTextField)
    count = 0
    with connection.cursor() as cursor:
        for pk, token in batch:
            fresh = renewed(token.encode() if is_text else bytes(token)) if token else None
            if fresh is not None:
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s",  # noqa: S608
                    [fresh.decode() if is_text else fresh, pk, token],
                )
                count += cursor.rowcount
    return count


def _names(field: models.Field) -> list[str]:
    options = field.model._meta
    return [connection.ops.quote_name(name) for name in (options.db_table, options.pk.column, field.column)]


@keys.part(order=10, title="Secrets of second steps")
def second_steps() -> int:
    count = 0
    for pk in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            kept = Authenticator.objects.select_for_update().get(pk=pk)
            fresh = {name: _renewed_within(value) for name, value in kept.data.items()}
            if fresh != kept.data:
                Authenticator.objects.filter(pk=pk).update(data=fresh)
                count += 1
    return count


def _renewed_within(value):
    """A secret, or a list of them, under the first key; anything else as it is."""
    if isinstance(value, list):
        return [_renewed_within(each) for each in value]
    if not (isinstance(value, str) and value.startswith(FERNET)):
        return value
    fresh = renewed(value.encode())
    return value if fresh is None else fresh.decode()
