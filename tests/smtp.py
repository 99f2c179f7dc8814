"""An SMTP server in a thread, for tests that follow mail all the way."""

import contextlib
import email
import email.message
import email.policy
import socket

from aiosmtpd.controller import Controller


class Listener(Controller):
    """Tells the sink of every conversation that begins."""

    def factory(self):
        self.handler.conversations += 1
        return super().factory()


class SmtpSink:
    """Keeps every message handed over, in order. `refuse` maps an address to the answer at RCPT."""

    def __init__(self):
        self.envelopes: list = []
        self.refuse: dict[str, str] = {}
        self.conversations = 0
        self.host = "127.0.0.1"
        with contextlib.closing(socket.socket()) as probe:
            probe.bind((self.host, 0))
            self.port = probe.getsockname()[1]
        self._controller = Listener(self, hostname=self.host, port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    @property
    def messages(self) -> list[email.message.EmailMessage]:
        return [email.message_from_bytes(envelope.content, policy=email.policy.default) for envelope in self.envelopes]

    def __enter__(self):
        self._controller.start()
        self.conversations = 0  # but for the one by which it found itself
        return self

    def __exit__(self, *exc_info):
        self._controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope)
        return "250 OK"
