"""Handing a message over: in two steps, so that whatever happens we know on which side of DATA it happened.

`address` says who it is from and for (MAIL, RCPT) and sends nothing. `hand_over` sends the content of the message
addressed last, and returns only when the server has taken it.
"""

import re
import smtplib
import ssl
from collections.abc import Callable

from anymail.exceptions import (
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import get_connection
from urllib3.exceptions import ConnectTimeoutError, ProxyError, SSLError

from .letters import mail_domain
from .mime import as_bytes, as_django, sender
from .models import Message

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
# Permanent by their numbers, but: a full mailbox is emptied (RFC 5321 section 4.5.3.1.10), and who must sign in first
# (RFC 4954) or is refused by policy (RFC 3463, x.7) is us.
NOT_ABOUT_THE_ADDRESS = re.compile(r"552|530|5\d\d 5\.7\.")
NEVER_LEFT = (AnymailInvalidAddress, AnymailSerializationError, AnymailUnsupportedFeature)
# What a provider says of us (who we are, what we paid) or of this moment: a rotated key must not fail the whole outbox.
NOT_ABOUT_THE_MESSAGE = {401, 402, 403, 408, 429, 503}


class NotTaken(Exception):
    """Certainly not handed over. Later, it may be."""


class Refused(NotTaken):
    """Certainly not handed over, and never will be. `bounced` when the address is the reason."""

    def __init__(self, reason: str, *, bounced: bool = False):
        super().__init__(reason)
        self.bounced = bounced


class Unanswered(Exception):
    """The content was on its way and no answer came: perhaps handed over, perhaps not."""


class SmtpTransport:
    """One conversation with the mail server, used for many messages."""

    def __init__(self):
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def address(self, message: Message) -> None:
        """Connect if need be, MAIL and RCPT. Raises NotTaken or Refused."""
        self._content = _built(as_bytes, message)
        had_connection = self._smtp is not None
        try:
            try:
                self._address(message)
            except smtplib.SMTPServerDisconnected:
                # Servers hang up after a while or after so many messages: a new conversation is no failure.
                self.close()
                if not had_connection:
                    raise
                self._address(message)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise NotTaken(f"The mail server could not be used: {_said(error)}") from error

    def _address(self, message: Message) -> None:
        smtp = self._smtp = self._smtp or connect()
        code, answer = smtp.mail(sender(message)[1])
        if code != 250:
            self.close()
            raise NotTaken(f"The mail server did not take our own address: {code} {_text(answer)}")
        code, answer = smtp.rcpt(message.to_email)
        if code in {250, 251}:
            return
        self.release()
        said = f"{code} {_text(answer)}"
        if code < 500 or NOT_ABOUT_THE_ADDRESS.match(said):
            raise NotTaken(said)
        raise Refused(said, bounced=True)

    def release(self) -> None:
        """Forget the message addressed last; the conversation goes on if it can."""
        try:
            if self._smtp is None or self._smtp.rset()[0] != 250:
                self.close()
        except (OSError, smtplib.SMTPException):
            self.close()

    def hand_over(self) -> str:
        """DATA; there is no name of the server's own to return.

        Raises NotTaken or Refused when the server says no, Unanswered when it says nothing.
        """
        smtp = self._smtp
        assert smtp is not None, "Nobody was addressed."  # noqa: S101
        try:
            code, answer = smtp.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            # Without the server's 354 not one byte of the content has left.
            self.close()
            raise NotTaken(f"The mail server stopped answering: {_said(error)}") from error
        if code == 354:
            try:
                smtp.send(LEADING_DOT.sub(b"..", self._content) + b".\r\n")
                code, answer = smtp.getreply()
            except (OSError, smtplib.SMTPException) as error:
                self.close()
                raise Unanswered(f"No answer came after the content was sent: {_said(error)}") from error
        if code == 250:
            return ""
        self.release()
        if code >= 500:
            raise Refused(f"{code} {_text(answer)}")
        raise NotTaken(f"{code} {_text(answer)}")


class BackendTransport:
    """Any other of Django's mail backends: a provider's API, or the demo's that keeps everything here."""

    def __enter__(self):
        self._backend = get_connection()
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self) -> None:
        self._backend.close()

    def address(self, message: Message) -> None:
        """Nothing is said yet: the provider hears everything at once. Raises Refused."""
        self._mail = _built(as_django, message)

    def release(self) -> None:
        """Nothing was said yet."""

    def hand_over(self) -> str:
        """The provider's own name for the message, which its webhooks use.

        Raises Refused when the recipient was refused, NotTaken when the provider said no, else Unanswered.
        """
        try:
            self._send()
        except Exception as error:
            raise _verdict(error) from error
        status = getattr(self._mail, "anymail_status", None)
        if status is not None and status.status and status.status <= {"invalid", "rejected"}:
            raise Refused(f"The provider said {', '.join(sorted(status.status))}", bounced=True)
        return str(getattr(status, "message_id", None) or "")[:200]

    def _send(self) -> None:
        try:
            self._backend.send_messages([self._mail])
        except AnymailUnsupportedFeature:
            # Found before anything was sent: most providers know no invite beside the words. It is a file as well.
            self._mail.alternatives = [each for each in self._mail.alternatives if each.mimetype == "text/html"]
            self._backend.send_messages([self._mail])


def _verdict(error: Exception) -> Exception:
    """What a provider's error tells us: only an answer about this very message is a no for good.

    What never reached the provider, or speaks of our account or of this moment, is tried again. A server or a gateway
    that failed may have passed the message on before, so like silence it leaves us guessing.
    """
    if isinstance(error, AnymailRecipientsRefused):
        return Refused("The provider refused the recipient", bounced=True)
    if isinstance(error, NEVER_LEFT):
        return Refused(f"It could not be put into the provider's terms: {type(error).__name__}")
    if _never_connected(error):
        return NotTaken("The provider could not be reached")
    status = getattr(error, "status_code", None)
    if status is None:
        return Unanswered(f"The provider did not answer: {type(error).__name__}")
    answer = f"The provider answered {status}"
    if status in NOT_ABOUT_THE_MESSAGE:
        return NotTaken(answer)
    return Refused(answer) if 400 <= status < 500 else Unanswered(answer)


def _never_connected(error: Exception) -> bool:
    """Whether there was nobody to say anything to: no name, no connection, or a certificate that we do not believe."""
    cause = error.__cause__  # of requests, made from urllib3's, which knows why
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    if isinstance(reason, SSLError):
        return any(isinstance(said, ssl.SSLCertVerificationError) for said in reason.args)
    return isinstance(reason, ConnectTimeoutError | ProxyError)


def open_transport() -> SmtpTransport | BackendTransport:
    """The way out that the settings name."""
    return SmtpTransport() if settings.EMAIL_BACKEND == SMTP_BACKEND else BackendTransport()


def connect() -> smtplib.SMTP:
    """A greeted, encrypted (if asked for) and authenticated conversation. Raises OSError or SMTPException."""
    # Only where it is asked for: to read all certificates takes as long as to hand over twenty messages.
    context = ssl.create_default_context() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    # The host is given here, not to connect(): against its name the server's certificate is checked.
    server = {
        "host": settings.EMAIL_HOST, "port": settings.EMAIL_PORT, "local_hostname": mail_domain(),
        "timeout": settings.EMAIL_TIMEOUT,
    }  # fmt: skip
    smtp = smtplib.SMTP_SSL(**server, context=context) if settings.EMAIL_USE_SSL else smtplib.SMTP(**server)
    try:
        smtp.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            code, answer = smtp.starttls(context=context)
            if code != 220:
                raise smtplib.SMTPResponseException(code, answer)
            smtp.ehlo()
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _built(build: Callable, message: Message):
    """The message put into a mail. One that cannot be is our own fault: it fails and stands in nobody's way."""
    try:
        return build(message)
    except (ValueError, UnicodeError, LookupError) as error:
        raise Refused(f"It could not be put into an email: {type(error).__name__}") from error


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]
