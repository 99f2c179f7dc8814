"""Messages for tests, written the way the product writes them."""

import itertools
from datetime import UTC, datetime

from leaders.outbox.actions import post_letter
from leaders.outbox.registry import Block, Button, Letter

NOW = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)

LETTER = Letter(
    subject="Module 4 is on Thursday 18 March",
    opening=("Nothing is needed from you.",),
    blocks=(Block(heading="Where", paragraphs=("Toynbee Hall",), button=Button("See the day", "/my/modules/4/")),),
    signed_by="Rosalind Tate",
    signed_role="Programme director, 020 7946 0147",
    reply_to="rosalind.tate@example.org",
)


def write_message(*, address="amara.mensah@example.org", now=NOW, letter=LETTER, **options):
    number = next(_numbers)
    return post_letter(
        letter, kind="test.letter", to=("Amara", address), now=now, dedupe_key=f"test:{number}", **options
    )
