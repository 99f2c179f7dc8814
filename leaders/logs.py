"""What a log line may say: it is read by people who may not know who took part."""

import re
from collections.abc import MutableMapping
from typing import Any

# Workers call themselves celery@host, and ** stands where a password was: neither is an address. Everything else before
# an @ is hidden, also the password of a database's URL.
ADDRESS = re.compile(
    r"""(?<![^\s"'<>()=,:;/])  # from the beginning of a word
    (?!celery@|\*\*@)
    [^\s"'<>()=,:;/]+@[^\s"'<>()=,:;/]+""",
    re.VERBOSE,
)
# Private links, calendar feeds and sign-in codes: any long unbroken run in a path is a secret.
TOKEN = re.compile(r"(?<=/)[\w.~=-]{20,}(?=/|\b)")


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace email addresses and private-link tokens in every text of a log event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = TOKEN.sub("[token]", ADDRESS.sub("[email]", value))
    return event
