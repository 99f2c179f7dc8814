"""Loads the organisations that the programmes know: the 33 authorities and bodies of the other kinds."""

import csv
from datetime import datetime
from pathlib import Path

from django.db import transaction

from .loading import load
from .models import Organisation

DATA = Path(__file__).parent / "data"


@load(order=10, title="Organisations")
@transaction.atomic
def load_organisations(now: datetime) -> int:
    """Make the organisations of data/authorities.csv and data/organisations.csv that are missing; how many.

    One that is known, by GSS code or slug, is left as the office edited it.
    """
    return sum(
        Organisation.objects.get_or_create(**key, defaults=fields)[1]
        for key, fields in [*map(_authority, _rows("authorities.csv")), *map(_other, _rows("organisations.csv"))]
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _authority(row: dict[str, str]) -> tuple[dict, dict]:
    return {"gss_code": row["gss_code"]}, {
        "kind": Organisation.Kind.AUTHORITY,
        "name": row["name"],
        "formal_name": row["council_name"],
        "slug": row["slug"],
        "short_code": row["short_code"],
        "subregion": row["subregion"],
        "inner_outer": row["inner_outer"],
        "partnership": row["partnership"],
        "website_domain": row["website_domain"],
        "email_domains": row["email_domains"].split("|"),
        "tile_col": int(row["col"]),
        "tile_row": int(row["row"]),
        "latitude": float(row["lat"]),
        "longitude": float(row["lon"]),
    }


def _other(row: dict[str, str]) -> tuple[dict, dict]:
    return {"slug": row["slug"]}, {
        "kind": row["kind"],
        "name": row["name"],
        "formal_name": row["formal_name"],
        "website_domain": row["website_domain"],
        "email_domains": [domain for domain in row["email_domains"].split("|") if domain],
    }
