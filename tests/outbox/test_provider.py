"""What becomes of a message, whatever a provider answers: a real backend, a real server that says what it is told."""

import json
import socket
import ssl
import threading
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message, Suppression
from leaders.outbox.registry import OnUncertain
from tests.certificates import self_signed
from tests.outbox.factories import NOW, write_message

pytestmark = pytest.mark.django_db
State = Message.State


class Provider(ThreadingHTTPServer):
    """Answers as Postmark does with `status` and `body`, and keeps what it was sent. "drop" hangs up instead."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.status: int | str = 200
        self.body: object = {"ErrorCode": 0, "Message": "OK", "MessageID": "abc", "To": "amara.mensah@example.org"}
        self.heard: list[dict] = []
        self.takes = 0.0  # seconds


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        provider = self.server
        provider.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        time.sleep(provider.takes)
        if provider.status == "drop":
            return
        self.send_response(provider.status)
        self.end_headers()
        self.wfile.write(provider.body if isinstance(provider.body, bytes) else json.dumps(provider.body).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    """Mail goes through Postmark's backend to a server of our own."""
    with Provider() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "t", "REQUESTS_TIMEOUT": 5}
        reach(settings, f"http://127.0.0.1:{server.server_port}/")
        yield server
        server.shutdown()


def reach(settings, url):
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": url}


def sent(**options):
    """A message of which there must not be two, after one attempt."""
    message = write_message(on_uncertain=OnUncertain.HOLD, **options)
    send_due(NOW)
    message.refresh_from_db()
    return message


def test_a_provider_that_takes_it_gives_it_a_name(provider):
    message = sent()
    assert (message.state, message.provider_id) == (State.SENT, "abc")
    assert [mail["To"] for mail in provider.heard] == ["Amara <amara.mensah@example.org>"]


def test_an_invite_goes_as_a_file_where_a_provider_knows_nothing_else(provider):
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    message = sent(files=[("invite.ics", 'text/calendar; method="REQUEST"', ics)])
    assert message.state == State.SENT
    (mail,) = provider.heard
    assert [(file["Name"], b64decode(file["Content"])) for file in mail["Attachments"]] == [("invite.ics", ics)]
    assert (mail["TextBody"], mail["HtmlBody"]) == (message.text, message.html)


@pytest.mark.parametrize("status", [401, 402, 403, 408, 429, 503])
def test_what_the_provider_says_of_us_or_of_this_moment_is_tried_again(provider, status):
    provider.status = status
    message = sent()
    assert (message.state, message.reason) == (State.PENDING, f"The provider answered {status}")


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_a_message_that_the_provider_will_never_take_fails_without_blaming_the_address(provider, status):
    provider.status, provider.body = status, {"ErrorCode": 411, "Message": "Too many"}
    message = sent()
    assert (message.state, message.reason) == (State.FAILED, f"The provider answered {status}")
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_or_a_gateway_that_failed_may_have_passed_it_on(provider, status):
    provider.status = status
    message = sent()
    assert (message.state, message.reason) == (State.UNCERTAIN, f"The provider answered {status}")


def test_an_answer_that_nobody_can_read_may_mean_that_it_was_taken(provider):
    provider.body = b"<p>Welcome to this hotel</p>"
    assert sent().state == State.UNCERTAIN


def test_a_provider_that_hangs_up_may_have_taken_it(provider):
    provider.status = "drop"
    assert sent().state == State.UNCERTAIN


def test_a_provider_that_says_nothing_in_time_may_have_taken_it(settings, provider):
    provider.takes = 1
    settings.ANYMAIL = settings.ANYMAIL | {"REQUESTS_TIMEOUT": 0.1}
    assert sent().state == State.UNCERTAIN


def test_an_address_that_the_provider_knows_to_be_dead_gets_nothing_more(provider):
    provider.status = 422
    provider.body = {
        "ErrorCode": 406,
        "Message": "You tried to send to recipient(s) that have been marked as inactive.\n"
        "Found inactive addresses: amara.mensah@example.org.\nInactive recipients are ones that have bounced.",
    }
    assert sent().state == State.FAILED
    assert Suppression.of("amara.mensah@example.org").reason == (
        "The mail server refused it: The provider refused the recipient"
    )


def test_what_the_provider_has_no_words_for_fails_before_it_leaves(settings, provider):
    settings.DEFAULT_FROM_EMAIL = "nobody"
    message = sent()
    assert (message.state, provider.heard) == (State.FAILED, [])
    assert message.reason == "It could not be put into the provider's terms: AnymailInvalidAddress"


class TestNobodyThere:
    """Nothing can have left, so it is due again."""

    def due_again(self):
        message = sent()
        assert (message.state, message.reason) == (State.PENDING, "The provider could not be reached")

    def test_a_closed_port(self, settings, provider):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            reach(settings, f"http://127.0.0.1:{closed.getsockname()[1]}/")
            self.due_again()

    def test_a_name_that_nobody_knows(self, settings, provider):
        reach(settings, "http://provider.invalid/")
        self.due_again()

    def test_a_call_that_is_never_taken(self, settings, provider):
        settings.ANYMAIL = settings.ANYMAIL | {"REQUESTS_TIMEOUT": 0.2}
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            waiting = [socket.socket() for _ in range(3)]
            for caller in waiting:
                caller.setblocking(False)
                caller.connect_ex(full.getsockname())
            reach(settings, f"http://127.0.0.1:{full.getsockname()[1]}/")
            self.due_again()
            for caller in waiting:
                caller.close()

    def test_a_proxy_that_is_away(self, settings, provider, monkeypatch):
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
        monkeypatch.setenv("no_proxy", "")
        reach(settings, "http://provider.example/")
        self.due_again()

    def test_a_certificate_that_nobody_vouches_for(self, settings, provider, tmp_path):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self_signed(tmp_path / "self-signed.pem"))
        provider.socket = context.wrap_socket(provider.socket, server_side=True)
        reach(settings, f"https://127.0.0.1:{provider.server_port}/")
        self.due_again()
        assert provider.heard == []
