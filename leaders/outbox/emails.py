"""The mail of the house itself: codes and notices about an account."""

from collections.abc import Mapping
from datetime import UTC, datetime

from leaders.components.dates import day

from .registry import Block, Button, Letter, OnUncertain, email


@email("outbox.sign_in_code", title="Your sign-in code", sample=lambda: {"code": "K7QPXM"}, order=20)
def sign_in_code(*, code: str) -> Letter:
    return Letter(
        # The code stays out of the subject: telephones show that on a locked screen.
        subject="Your sign-in code",
        opening=("Type this code on the page where you asked for it. It works once, for ten minutes.",),
        blocks=(Block(heading=code, paragraphs=("It works only in the browser that asked for it.",)),),
        closing=("If you did not ask for it, you do not need to do anything: nobody can sign in without this code.",),
        signed_by="The programme office",
        why_you="You get this because somebody gave your address on our sign-in page.",
    )


@email(
    "outbox.account_notice",
    title="A change to how you sign in",
    sample=lambda: {"subject": "A passkey was added", "paragraphs": ["A passkey was added to your account."]},
    order=21,
)
def account_notice(*, subject: str, paragraphs: list[str], button: Button | None = None) -> Letter:
    return Letter(
        subject=subject,
        opening=tuple(paragraphs),
        blocks=(Block(button=button),) if button else (),
        closing=("If this was not you, reply to this email at once. It reaches a person.",),
        signed_by="The programme office",
        why_you="You get this whenever something changes about how you sign in.",
    )


@email(
    "outbox.privacy_answered",
    title="What you asked of your own data is answered",
    sample=lambda: {"asked": "Ask for a correction", "answer": "Your name is now spelt with a z."},
    order=22,
)
def privacy_answered(*, asked: str, answer: str) -> Letter:
    return Letter(
        subject="Your request about your data is answered",
        opening=(f"You used a right that you have over your own data: “{asked}”. This is our answer.",),
        blocks=(
            Block(heading="Our answer", paragraphs=tuple(answer.splitlines())),
            Block(button=Button("See what you asked", "/my/privacy/")),
        ),
        closing=(
            "If you are not content with it, reply to this email.",
            "You can also go to the Information Commissioner’s Office at any time.",
        ),
        signed_by="The programme office",
        why_you="You get this because you asked something of the data that we hold about you.",
    )


@email(
    "outbox.erased",
    title="Your data was erased",
    sample=lambda: {"on": datetime(2027, 3, 4, 10, tzinfo=UTC)},
    order=23,
)
def erased(*, on: datetime) -> Letter:
    return Letter(
        subject="Your data was erased",
        opening=(
            f"Your name, your contact details and what you wrote were removed for good on {day(on)}.",
            "You do not need to do anything, and you can no longer sign in.",
        ),
        blocks=(
            Block(
                heading="What stays",
                paragraphs=(
                    "Totals, such as how many people took part, in which nobody can be told apart.",
                    "The record of who did what, with names, for seven years: it shows that decisions were fair.",
                    "A certificate, until you ask us to revoke it.",
                    "Your address is removed as soon as this email is on its way.",
                ),
            ),
        ),
        closing=(
            "If you did not expect this, reply to this email.",
            "You can also go to the Information Commissioner’s Office at any time.",
        ),
        signed_by="The programme office",
        why_you="You get this once, because we held your data until now.",
    )


# Not to hear that a day begins later is worse than to read it twice; it is the very same message, so mail programs
# show it once.
@email(
    "outbox.group_letter",
    title="A message that the office writes to a group",
    sample=lambda: {
        "subject": "Thursday starts at 11",
        "paragraphs": ("There is a train strike on Thursday, so we start at 11 instead of 9:30.",),
        "button": Button("See your dates", "/my/dates/"),
        "why": "You have a place in London Leadership Programme, Cohort 7.",
        "signed": {
            "brand": "London Leadership Programme", "signed_by": "Rosalind Tate",
            "signed_role": "Programme director, 020 7946 0100", "reply_to": "rosalind.tate@example.org",
        },
    },
    on_uncertain=OnUncertain.RESEND,
    by_hand=True,
    order=24,
)  # fmt: skip
def group_letter(
    *, subject: str, paragraphs: tuple[str, ...], button: Button | None, why: str, signed: Mapping[str, str]
) -> Letter:
    return Letter(
        subject=subject, opening=paragraphs, blocks=(Block(button=button),) if button else (), why_you=why, **signed
    )
