"""A message as the bytes that are handed over: every copy of it is the same, byte for byte."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.core.mail import EmailMultiAlternatives

from .models import Message


def headers(message: Message) -> dict[str, str]:
    """Headers beyond From, To and Subject. Nobody's absence note answers to Auto-Submitted mail (RFC 3834)."""
    return {
        "Message-ID": message.message_id,
        "Date": format_datetime(message.dated_at),
        "Auto-Submitted": "auto-generated",
        **message.headers,
    }


def as_bytes(message: Message) -> bytes:
    """The whole message, with its own boundaries and CRLF line ends."""
    mail = EmailMessage(policy=SMTP)
    name, address = parseaddr(message.from_email)
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(message.to_name, addr_spec=message.to_email)
    mail["Subject"] = message.subject
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    for field, value in headers(message).items():
        mail[field] = value
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    files = list(message.attachments.order_by("pk"))
    # Mail programs offer "Accept" when the invite is an alternative of the text, and keep it when it is a file.
    for file in files:
        if file.is_invite:
            part = EmailMessage(policy=SMTP)
            part.set_content(bytes(file.content).decode(), subtype="calendar", cte="base64")
            part.set_param("method", file.method)
            del part["MIME-Version"]
            mail.attach(part)
    for file in files:
        maintype, _, subtype = file.content_type.partition(";")[0].strip().partition("/")
        mail.add_attachment(bytes(file.content), maintype=maintype, subtype=subtype, filename=file.filename)
    seed = message.message_id.strip("<>").partition("@")[0]
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"={number}={seed}")
    return mail.as_bytes()


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
    for file in message.attachments.order_by("pk"):
        if file.is_invite:
            mail.attach_alternative(bytes(file.content).decode(), f'text/calendar; method="{file.method}"')
        mail.attach(file.filename, bytes(file.content), file.content_type.partition(";")[0])
    return mail
