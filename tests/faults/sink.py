"""An SMTP server that can be told what to do at each step of each conversation.

It counts what a real server would deliver: a message whose content has arrived in full, whether or not the
answer reached anybody.
"""

import contextlib
import socketserver
import threading
from collections import defaultdict
from collections.abc import Callable

Trap = Callable[[str, str], None]
"""Called with the phase and the recipient ("" before RCPT): connect, mail, rcpt, data, content, answered."""


class HangUp(Exception):
    """Raised by a trap: the conversation ends here without another word."""


class Sink:
    """Keeps every copy that it was given, by recipient, byte for byte."""

    def __init__(self):
        self.copies: dict[str, list[bytes]] = defaultdict(list)
        self.trap: Trap = lambda phase, recipient: None
        sink = self

        class Conversation(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self):
                with contextlib.suppress(HangUp, OSError):
                    sink.talk(self.rfile, self.wfile)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 100

        self._server = Server(("127.0.0.1", 0), Conversation)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc_info):
        self._server.shutdown()
        self._server.server_close()

    def talk(self, lines, out):
        """One conversation, as much of RFC 5321 as a client needs."""
        recipient = ""

        def say(words):
            out.write(words.encode() + b"\r\n")
            out.flush()

        self.trap("connect", recipient)
        say("220 sink ESMTP")
        for line in lines:
            verb = line[:4].upper()
            if verb in {b"EHLO", b"HELO"}:
                say("250 sink")
            elif verb == b"MAIL":
                self.trap("mail", "")
                say("250 OK")
            elif verb == b"RCPT":
                recipient = line[line.index(b"<") + 1 : line.index(b">")].decode()
                self.trap("rcpt", recipient)
                say("250 OK")
            elif verb == b"DATA":
                self.trap("data", recipient)
                say("354 Go ahead")
                content = bytearray()
                while (part := lines.readline()) not in {b".\r\n", b""}:
                    content += part
                if part:
                    self.copies[recipient].append(bytes(content))
                    self.trap("content", recipient)
                    say("250 OK")
                    self.trap("answered", recipient)
            elif verb == b"QUIT":
                say("221 Bye")
                return
            else:
                say("250 OK")
