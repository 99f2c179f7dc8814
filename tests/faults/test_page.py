"""docs/reliability.md says what is tested."""

from pathlib import Path

from tests.faults.test_kills import POINTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
WORDS = {
    "rcpt": "while the server answers RCPT",
    "t1": 'while it notes "sending" (T1)',
    "data": "after T1, before any content",
    "content": "after the content, before the server's answer",
    "t2": 'after the server\'s answer, while it notes "sent" (T2)',
}


def said(outcome) -> str:
    copies = "1 copy" if outcome.copies == 1 else f"{outcome.copies} copies"
    return f"{outcome.state}, {copies.replace('2 copies', '2 identical copies')}"


def test_the_table_of_kills_is_what_is_tested():
    rows = [f"| {WORDS[point]} | {said(resend)} | {said(hold)} |" for point, (resend, hold) in POINTS.items()]
    page = PAGE.read_text()
    start = page.index("|---|---|---|\n") + len("|---|---|---|\n")
    assert page[start : page.index("\n\n", start)].splitlines() == rows
