"""A message as the bytes that are handed over: every copy of it is the same, byte for byte."""

from binascii import b2a_qp
from email.header import Header
from email.headerregistry import Address
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

from django.core.mail import EmailMultiAlternatives

from .models import Attachment, Message


class Lines(Compat32):
    """The older of the library's two policies, which does not parse each header that we have just made; and what
    fits on one line is written as it is. Both took longer than all the rest of handing a message over."""

    def fold_binary(self, name, value):
        if isinstance(value, str) and value.isascii() and len(name) + len(value) + 2 <= self.max_line_length:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = Lines(linesep="\r\n")


@lru_cache(maxsize=100)
def _parsed(address: str) -> tuple[str, str]:
    return parseaddr(address)


def sender(message: Message) -> tuple[str, str]:
    """Name and address."""
    return _parsed(message.from_email)


def headers(message: Message) -> dict[str, str]:
    """Headers beyond From, To and Subject. Nobody's absence note answers to Auto-Submitted mail (RFC 3834)."""
    return {
        "Message-ID": message.message_id,
        "Date": format_datetime(message.dated_at or message.written_at),
        "Auto-Submitted": "auto-generated",
        **message.headers,
    }


def as_bytes(message: Message) -> bytes:
    """The whole message, with its own boundaries and CRLF line ends. Raises ValueError for one that cannot be built."""
    seed = message.message_id.strip("<>").partition("@")[0]
    files = attachments(message)
    letter = MIMEMultipart("alternative", boundary=f"=1={seed}", policy=POLICY)
    letter.attach(_words(message.text, "plain"))
    letter.attach(_words(message.html, "html"))
    if only := _only_invite(files):
        invite = MIMEText(bytes(only.content).decode(), "calendar", "utf-8", policy=POLICY)
        invite.set_param("method", only.method)
        letter.attach(invite)
    mail = letter
    if files:
        mail = MIMEMultipart("mixed", boundary=f"=0={seed}", policy=POLICY)
        mail.attach(letter)
    for file in files:
        maintype, _, subtype = file.content_type.partition(";")[0].strip().partition("/")
        part = MIMEApplication(bytes(file.content), policy=POLICY)
        part.set_type(f"{maintype}/{subtype}")
        part.add_header("Content-Disposition", "attachment", filename=file.filename)
        mail.attach(part)
    mail["From"] = formataddr(sender(message))
    mail["To"] = formataddr((message.to_name, message.to_email))
    mail["Subject"] = Header(message.subject, None if message.subject.isascii() else "utf-8")  # type: ignore[assignment]
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    for field, value in headers(message).items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"A line break in {field}")
        mail[field] = value
    return mail.as_bytes(policy=POLICY)


def _words(text: str, kind: str) -> MIMENonMultipart:
    """Readable in its source too: quoted-printable, not base64."""
    part = MIMENonMultipart("text", kind, policy=POLICY, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(b2a_qp(text.encode(), istext=True).decode("ascii"))
    return part


def attachments(message: Message) -> list[Attachment]:
    """In the order in which they were added; without a query when they are prefetched."""
    return sorted(message.attachments.all(), key=lambda file: file.pk)


def _only_invite(files: list[Attachment]) -> Attachment | None:
    """Mail programs offer "Accept" when the invite is an alternative of the text, and keep it when it is a file.

    Of several invites none says what the text does, and a program would show one and hide the rest: they are files.
    """
    invites = [file for file in files if file.is_invite]
    return invites[0] if len(invites) == 1 else None


def as_django(message: Message) -> EmailMultiAlternatives:
    """The same message for one of Django's mail backends, such as a provider's through anymail."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=message.from_email,
        to=[str(Address(message.to_name, addr_spec=message.to_email))],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers(message),
        alternatives=[(message.html, "text/html")],
    )
    files = attachments(message)
    if only := _only_invite(files):
        mail.attach_alternative(bytes(only.content).decode(), f'text/calendar; method="{only.method}"')
    for file in files:
        mail.attach(file.filename, bytes(file.content), file.content_type.partition(";")[0])
    return mail
