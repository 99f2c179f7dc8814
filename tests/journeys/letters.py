"""The post as people get it: sent by the outbox, read from the mail itself."""

import re

from django.core.mail import EmailMessage
from django.utils import timezone

from leaders.outbox.delivery import send_due


class Letters:
    """Everything that has arrived, once what is due has been sent."""

    def __init__(self, arrived: list[EmailMessage]):
        self._arrived = arrived

    def to(self, address: str) -> EmailMessage:
        """The newest letter to this address. Raises LookupError without one."""
        send_due(timezone.now())
        for letter in reversed(self._arrived):
            if address in " ".join(letter.to):
                return letter
        raise LookupError(f"Nothing has arrived for {address}")

    def link_to(self, address: str, about: str = "") -> str:
        """The first link of the newest letter to this address, or of the newest whose subject holds `about`."""
        self.to(address)
        letter = next(
            letter for letter in reversed(self._arrived) if address in " ".join(letter.to) and about in letter.subject
        )
        return re.search(r"https?://\S+", letter.body).group().rstrip(".")

    def code_to(self, address: str) -> str:
        """The sign-in code of the newest letter, alone on its line."""
        return re.search(r"\n([A-Z0-9-]{6,})\n", self.to(address).body).group(1)
