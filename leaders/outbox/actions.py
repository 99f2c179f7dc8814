"""What can happen to a message. Writing one is all a web request ever does: the ticks send it."""

from datetime import datetime

from django.db import models, transaction

from leaders.people.models import Person

from .letters import mail_domain, render
from .models import Attachment, Message, new_message_id
from .registry import Letter, emails


@transaction.atomic
def post(
    kind: str,
    *,
    to: Person | tuple[str, str],
    now: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    about: models.Model | None = None,
    cohort_id: int | None = None,
    files: list[tuple[str, str, bytes]] = (),
    **words,
) -> Message:
    """Write one message: `kind` is the key of an email, `words` its keyword arguments.

    `to` is a person or (name, address). The same `dedupe_key` never makes a second message: the
    first is returned. `files` are (filename, content type, bytes). Raises KeyError for an unknown kind.
    """
    letter = emails[kind].brings.write(**words)
    return post_letter(
        letter, kind=kind, to=to, now=now, dedupe_key=dedupe_key, due_at=due_at, expires_at=expires_at, about=about,
        cohort_id=cohort_id, files=files,
    )  # fmt: skip


@transaction.atomic
def post_letter(
    letter: Letter,
    *,
    kind: str,
    to: Person | tuple[str, str],
    now: datetime,
    dedupe_key: str,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    about: models.Model | None = None,
    cohort_id: int | None = None,
    files: list[tuple[str, str, bytes]] = (),
) -> Message:
    """Write a message whose letter is made already; see `post`."""
    person = to if isinstance(to, Person) else None
    name, address = (to.first_name, to.email) if person else to
    text, html = render(letter, to_name=name)
    known = emails[kind].brings if kind in emails else None
    message, is_new = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "kind": kind,
            "category": known.category if known else "service",
            "on_uncertain": known.on_uncertain if known else "resend",
            "person": person,
            "to_email": address,
            "to_name": person.name if person else name,
            "reply_to": letter.reply_to,
            "subject": letter.subject,
            "text": text,
            "html": html,
            "about_type": about._meta.label_lower if about else "",
            "about_id": str(about.pk) if about else "",
            "cohort_id": cohort_id,
            "message_id": new_message_id(mail_domain()),
            "written_at": now,
            "due_at": due_at or now,
            "expires_at": expires_at,
        },
    )
    if is_new:
        Attachment.objects.bulk_create(
            Attachment(message=message, filename=filename, content_type=content_type, content=content)
            for filename, content_type, content in files
        )
    return message
