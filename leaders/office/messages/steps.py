"""What the office can do with messages."""

from datetime import datetime, timedelta

from leaders.components.dates import day
from leaders.office.steps import Ledger, Step
from leaders.outbox import actions
from leaders.outbox.models import Message

State = Message.State

OLD = timedelta(days=7)


def _out_of_date(message: Message, now: datetime) -> str:
    """What was for a day that has passed, or is so old that its words may speak of one."""
    if late := actions.too_late(message, now):
        return late
    written = message.written_at
    return f"It was written on {day(written)}, and says what was true then." if now - written > OLD else ""


MESSAGES = Ledger(
    thing="message",
    rows=lambda: Message.objects.select_related("person").defer("text", "html", "headers"),
    whom=lambda message: message.to_name or message.to_email,
    what=lambda message: message.subject,
    steps={
        "hold": Step("Hold", "held", (State.PENDING,), actions.hold, "It stays here until somebody releases it.", True),
        "release": Step("Release", "released", (State.HELD,), actions.release, "It goes out within a minute."),
        "send_now": Step(
            "Send now", "going out", (State.PENDING, State.HELD, State.FAILED), actions.send_now,
            "It goes out within a minute; a reminder waits for working hours.", doubt=actions.too_late,
        ),
        "resend": Step(
            "Send again", "going out again", (State.UNCERTAIN, State.FAILED, State.SKIPPED), actions.resend,
            "The very same message goes out again, with the same words and the same date.", doubt=actions.too_late,
        ),
        "send_copy": Step(
            "Send again", "going out again", (State.SENT,), actions.send_copy,
            "It has gone out already. A second message with the same words goes out within a minute; what is on "
            "record about the first stays.", alone=True, doubt=_out_of_date,
        ),
        "mark_as_sent": Step(
            "Mark as sent", "marked as sent", (State.UNCERTAIN,), actions.mark_as_sent,
            "Use this when you know that it arrived. It is not sent again.", True,
        ),
        "drop": Step(
            "Do not send", "stopped", (State.PENDING, State.HELD, State.UNCERTAIN, State.FAILED), actions.drop,
            "It will not go out. It stays in the list as skipped, with your reason.", True, True,
        ),
    },
)  # fmt: skip
