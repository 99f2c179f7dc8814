"""Loads what the house needs before its first cohort: both programmes, and the known pre-election windows."""

import csv
import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from leaders.people.audit import record
from leaders.people.loading import load
from leaders.reminders import working_days

from .models import Criterion, Programme, ProgrammeModule, ProgrammeRequirement, PublishingWindow

PROGRAMMES = Path(__file__).parent / "data" / "programmes.json"
CALENDAR = Path(working_days.__file__).parent / "data" / "calendar.csv"
PARTS = {"criteria": Criterion, "outline": ProgrammeModule, "requirements": ProgrammeRequirement}


@load(order=200, title="Programmes")
@transaction.atomic
def load_programmes(now: datetime) -> int:
    """Make the programmes of data/programmes.json that are missing; how many. The office edits them from then on."""
    made = 0
    for given in json.loads(PROGRAMMES.read_text(encoding="utf-8")):
        fields = {name: value for name, value in given.items() if name not in PARTS}
        programme, is_new = Programme.objects.get_or_create(slug=fields.pop("slug"), defaults=fields)
        if not is_new:
            continue
        for name, model in PARTS.items():
            place = "number" if model is ProgrammeModule else "order"
            rows = ({place: n, **row} for n, row in enumerate(given[name], 1))
            model.objects.bulk_create(model(programme=programme, **row) for row in rows)
        record("cohorts.programme.made", f"{programme} was set up", subject=programme, by=None, now=now)
        made += 1
    return made


@load(order=210, title="Pre-election windows")
@transaction.atomic
def load_publishing_windows(now: datetime) -> int:
    """Make the pre-election windows of the calendar that are missing; how many."""
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        windows = [row for row in csv.DictReader(file) if row["kind"] == "pre_election"]
    return sum(
        PublishingWindow.objects.get_or_create(
            name=row["label"], starts_on=row["start"], defaults={"ends_on": row["end"], "note": row["note"]}
        )[1]
        for row in windows
    )
