"""The weekly digest, and the last look at every reminder before it is handed over."""

from datetime import UTC, date, datetime

from leaders.outbox.registry import Letter, email, last_look

from .actions.write import DIGEST, look_once_more
from .digest import Line, digest
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
            role="Programme director, 020 7946 0147",
            reply_to="rosalind.tate@example.org",
            why_you="You are in Cohort 7.",
        ),
        "today": today,
        "digest_day": 3,
    }


@email(DIGEST, title="The weekly digest", sample=sample, order=10)
def weekly_digest(*, lines, coming, signed, today, digest_day) -> Letter:
    return digest(lines, coming=coming, signed=signed, today=today, digest_day=digest_day)


last_look(order=10, key="reminders", title="Is the reminder still needed, and is it a decent hour?")(look_once_more)
