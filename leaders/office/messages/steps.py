"""What the office can do with messages."""

from leaders.office.steps import Ledger, Step
from leaders.outbox import actions
from leaders.outbox.models import Message

State = Message.State

MESSAGES = Ledger(
    thing="message",
    rows=lambda: Message.objects.select_related("person").defer("text", "html", "headers"),
    whom=lambda message: message.to_name or message.to_email,
    what=lambda message: message.subject,
    steps={
        "hold": Step("Hold", (State.PENDING,), actions.hold, "It stays here until somebody releases it.", True),
        "release": Step("Release", (State.HELD,), actions.release, "It goes out within a minute."),
        "send_now": Step(
            "Send now", (State.PENDING, State.HELD, State.FAILED), actions.send_now,
            "It goes out within a minute, however late it is; a reminder waits for working hours.",
        ),
        "resend": Step(
            "Send again", (State.SENT, State.UNCERTAIN, State.FAILED, State.SKIPPED), actions.resend,
            "The very same message goes out again, with the same words and the same date.",
        ),
        "mark_as_sent": Step(
            "Mark as sent", (State.UNCERTAIN,), actions.mark_as_sent,
            "Use this when you know that it arrived. It is not sent again.", True,
        ),
        "drop": Step(
            "Do not send", (State.PENDING, State.HELD, State.UNCERTAIN, State.FAILED), actions.drop,
            "It will not go out. It stays in the list as skipped, with your reason.", True, True,
        ),
    },
)  # fmt: skip
