"""`manage.py house` prints what each app brings, in order; the print is kept, so that a change of order is a choice."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

KEPT = Path(__file__).with_name("house.txt")


def test_the_house_is_as_it_is_kept():
    out = StringIO()
    call_command("house", stdout=out, no_color=True)
    assert out.getvalue().splitlines() == KEPT.read_text().splitlines(), (
        "What the apps bring, or its order, has changed. If that is meant, keep the new print: "
        "python manage.py house > tests/house/house.txt"
    )
