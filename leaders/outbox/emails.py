"""The mail of the house itself: codes and notices about an account."""

from .registry import Block, Letter, email


@email("outbox.sign_in_code", title="Your sign-in code", sample=lambda: {"code": "K7QPXM"}, order=20)
def sign_in_code(*, code: str) -> Letter:
    return Letter(
        # The code stays out of the subject: telephones show that on a locked screen.
        subject="Your sign-in code",
        opening=("Type this code on the page where you asked for it. It works once, for ten minutes.",),
        blocks=(Block(heading=code, paragraphs=("It works only in the browser that asked for it.",)),),
        closing=("If you did not ask for it, you need do nothing: nobody can sign in without this code.",),
        signed_by="The programme office",
        why_you="You get this because somebody gave your address on our sign-in page.",
    )


@email(
    "outbox.account_notice",
    title="A change to how you sign in",
    sample=lambda: {"subject": "A passkey was added", "paragraphs": ["A passkey was added to your account."]},
    order=21,
)
def account_notice(*, subject: str, paragraphs: list[str]) -> Letter:
    return Letter(
        subject=subject,
        opening=tuple(paragraphs),
        closing=("If this was not you, reply to this email at once. It reaches a person.",),
        signed_by="The programme office",
        why_you="You get this whenever something changes about how you sign in.",
    )
