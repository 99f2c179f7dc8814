"""An SMTP server that misbehaves as it is told."""

import contextlib
import socket
import threading

from tests.smtp import SmtpSink


class FaultySink(SmtpSink):
    """Answers DATA with `answers`, in turn, before it begins to take messages. "drop" hangs up without a word."""

    def __init__(self):
        super().__init__()
        self.answers: list[str] = []
        self.keeps = True  # whether what is answered with "drop" was taken all the same

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250") or (answer == "drop" and self.keeps):
            self.envelopes.append(envelope)
        if answer == "drop":
            server.transport.abort()
        return answer


@contextlib.contextmanager
def silent_server():
    """A server that takes the call and never says a word; yields its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        held = []

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    held.append(listener.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for connection in held:
                connection.close()
