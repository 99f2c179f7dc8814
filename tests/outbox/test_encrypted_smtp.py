"""Mail goes over TLS where the settings say so, and only to the server whose name the certificate bears."""

import ssl

import pytest
from aiosmtpd.controller import Controller

from leaders.outbox.delivery import send_due
from leaders.outbox.models import Message
from tests.certificates import self_signed
from tests.outbox.factories import NOW, write_message
from tests.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(tmp_path):
    return self_signed(tmp_path / "certificate.pem")


@pytest.fixture(params=["EMAIL_USE_TLS", "EMAIL_USE_SSL"])
def sink(request, settings, certificate):
    """A server that takes nothing in the clear: by STARTTLS, or encrypted from the first byte."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    how = {"tls_context": context, "require_starttls": True}
    if request.param == "EMAIL_USE_SSL":
        how = {"ssl_context": context}
    sink = SmtpSink()
    sink._controller = Controller(sink, hostname=sink.host, port=sink.port, **how)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = sink.host, sink.port, 5
    setattr(settings, request.param, True)
    with sink:
        yield sink


def test_a_message_goes_out_encrypted(sink, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    write_message()
    assert send_due(NOW) == 1
    assert len(sink.envelopes) == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(sink):
    message = write_message()
    assert send_due(NOW) == 0
    message.refresh_from_db()
    assert (message.state, sink.envelopes) == (Message.State.PENDING, [])
    assert "certificate verify failed" in message.reason


def test_a_server_of_another_name_gets_nothing(sink, certificate, settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings.EMAIL_HOST = "localhost"
    message = write_message()
    assert send_due(NOW) == 0
    message.refresh_from_db()
    assert "certificate verify failed" in message.reason
    assert sink.envelopes == []
