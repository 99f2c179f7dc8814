"""The weekly digest, several letters in one, and the last look at every reminder before it is handed over."""

from datetime import UTC, date, datetime

from leaders.outbox.registry import Block, Button, Letter, email, last_look

from .actions.write import BUNDLE, DIGEST, look_once_more
from .digest import Line, bundle, digest
from .registry import Item, Signature


def sample() -> dict:
    today = date(2027, 3, 4)
    return {
        "lines": [
            Line.of_item(
                Item(
                    title="Review your learning contract with Ade",
                    detail="Ade has added one comment; it should take about 10 minutes.",
                    url="/my/contract/",
                    button="Read and reply",
                    due=date(2027, 3, 8),
                )
            ),
        ],
        "coming": [
            (datetime(2027, 3, 5, 8, 30, tzinfo=UTC), "Mentoring with Joanne, by phone"),
            (datetime(2027, 3, 18, 9, 30, tzinfo=UTC), "Module 4, Toynbee Hall"),
        ],
        "signed": Signature(
            brand="London Leadership Programme",
            name="Rosalind Tate",
            role="Programme director, 020 7946 0100",
            reply_to="rosalind.tate@example.org",
            why_you="You are in Cohort 7.",
        ),
        "today": today,
        "digest_day": 3,
    }


@email(DIGEST, title="The weekly digest", sample=sample, order=10)
def weekly_digest(*, lines, coming, signed, today, digest_day) -> Letter:
    return digest(lines, coming=coming, signed=signed, today=today, digest_day=digest_day)


def bundle_sample() -> dict:
    letters = [
        Letter(
            subject=f"Nominations for Cohort 8 close on {when}",
            opening=(f"We have not heard from {organisation} yet. It takes about ten minutes.",),
            blocks=(Block(button=Button("Start your nomination", f"/nominate/{organisation.lower()}/")),),
            closing=("Nobody this time? Say so on the same page and you will hear no more from us.",),
            brand="London Leadership Programme",
            signed_by="Rosalind Tate",
            signed_role="Programme director, 020 7946 0100",
            reply_to="rosalind.tate@example.org",
            why_you="You receive this because you may nominate.",
        )
        for organisation, when in (("Camden", "Monday 8 March 2027"), ("Hackney", "Friday 12 March 2027"))
    ]
    days = (date(2027, 3, 8), date(2027, 3, 12))
    return {
        "lines": [Line.of_letter(letter, due) for letter, due in zip(letters, days, strict=True)],
        "like": letters[0],
        "today": date(2027, 3, 4),
    }


@email(BUNDLE, title="Several letters in one", sample=bundle_sample, order=11)
def several_letters(*, lines, like, today) -> Letter:
    return bundle(lines, like=like, today=today)


last_look(order=10, key="reminders", title="Is the reminder still needed, and is it a decent hour?")(look_once_more)
