"""What the office can do with messages: one step for one, or for many after a page that names the recipients."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.utils import timezone

from leaders.office.admin import confirm
from leaders.outbox import actions
from leaders.outbox.models import Message
from leaders.people.refusals import NotPossible

State = Message.State
LINES_OF_CONFIRMATION = 50


@dataclass(frozen=True)
class Step:
    """One thing the office can do with a message, from which states, in whose words."""

    label: str
    states: tuple[str, ...]
    act: Callable
    explain: str
    needs_reason: bool = False
    danger: bool = False


STEPS = {
    "hold": Step("Hold", (State.PENDING,), actions.hold, "It stays here until somebody releases it.", True),
    "release": Step("Release", (State.HELD,), actions.release, "It goes out within a minute."),
    "send_now": Step(
        "Send now", (State.PENDING, State.HELD, State.FAILED), actions.send_now,
        "It goes out within a minute, however late it is.",
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
}  # fmt: skip


def counted(count: int, thing: str) -> str:
    """1 message, 2 messages."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def applies_to_none(step: Step, count: int, thing: str) -> str:
    which = f"the {thing}" if count == 1 else f"any of the {count} {thing}s"
    return f"“{step.label}” does not apply to {which} that you chose, so nothing was done."


def bulk(name: str, step: Step):
    """The same step for every chosen message of the list, after a page that names the recipients."""

    @admin.action(description=step.label, permissions=["view"])
    def act(model_admin, request, queryset):
        chosen = list(queryset.select_related("person").defer("text", "html"))
        able = [message for message in chosen if message.state in step.states]
        if not able:
            return messages.warning(request, applies_to_none(step, len(chosen), "message"))
        left = len(chosen) - len(able)
        stays = "is left as it is" if left == 1 else "are left as they are"
        lines = [f"{message.to_name or message.to_email}: {message.subject}" for message in able]
        more = [f"and {len(lines) - LINES_OF_CONFIRMATION} more"] if len(lines) > LINES_OF_CONFIRMATION else []
        explain = step.explain + (f" {left} of those chosen {stays}: this does not apply." if left else "")

        def run(reason):
            refused = []
            for message in able:
                try:
                    take(step, message, request, reason)
                except NotPossible as why:
                    refused.append(f"{message.to_name or message.to_email}: {why}")
            if len(refused) == len(able):
                raise NotPossible(refused[0])
            rest = f" Not done for {len(refused)}, such as {refused[0]}" if refused else ""
            return f"{step.label}: {counted(len(able) - len(refused), 'message')}.{rest}"

        return confirm(
            request, title=f"{step.label}: {counted(len(able), 'message')}",
            lines=lines[:LINES_OF_CONFIRMATION] + more, button=step.label, act=run, back=request.get_full_path(),
            explain=explain, needs_reason=step.needs_reason, danger=step.danger,
        )  # fmt: skip

    act.__name__ = name
    return act


def take(step: Step, message: Message, request, reason: str) -> None:
    words = {"reason": reason} if step.needs_reason else {}
    step.act(message=message, by=request.user, now=timezone.now(), **words)
