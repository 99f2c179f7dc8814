"""What holds for every model of ours, whichever app it is in."""

from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.models import CheckConstraint, Q, Value
from django.db.utils import ConnectionHandler
from django.utils import timezone

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]


def our_models():
    """Every model of the project itself, without the history that django-simple-history keeps of them."""
    ours = [app for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT) and ".venv" not in app.path]
    return [
        model
        for app in ours
        for model in app.get_models(include_auto_created=True)
        if not hasattr(model, "history_object")
    ]


def pairs():
    """Each `x_at` beside an `x_by`: when and by whom, of which one without the other is half a fact."""
    for model in our_models():
        fields = {field.name: field for field in model._meta.concrete_fields}
        for name, at in fields.items():
            by = fields.get(f"{name.removesuffix('_at')}_by") if name.endswith("_at") else None
            if by is not None and (at.null or by.null):
                yield pytest.param(model, at, by, id=f"{model._meta.label}.{name}")


def columns(condition):
    """The names of the columns that a condition reads."""
    if isinstance(condition, Q):
        return set().union(*(columns(child) for child in condition.children))
    return {condition[0].split("__")[0]}


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "at", "by"), list(pairs()))
def test_a_moment_is_recorded_with_its_person_or_not_at_all(model, at, by):
    now = timezone.now()
    person, by_type = (1, models.BigIntegerField()) if by.is_relation else ("somebody", models.TextField())
    about_both = [
        constraint.condition
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) and columns(constraint.condition) == {at.name, by.name}
    ]

    def holds(moment, somebody):
        given = {at.name: Value(moment, models.DateTimeField()), by.name: Value(somebody, by_type)}
        return all(condition.check(given) for condition in about_both)

    nobody = None if by.null else ""
    outcomes = [holds(None, nobody), holds(now, person), holds(now, nobody), holds(None, person)]
    assert outcomes == [True, True, False, False]


@pytest.mark.django_db
def test_the_models_have_no_change_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.servers
@pytest.mark.django_db
def test_sqlite_and_postgresql_have_the_same_schema(tmp_path):
    assert connection.vendor == "postgresql"
    database = tmp_path / "migrated.sqlite3"
    migrated.fill(f"sqlite:///{database}")
    sqlite = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}})["default"]
    try:
        assert schema(sqlite) == schema(connection)
    finally:
        sqlite.close()


def schema(database):
    """Columns with their nullability, and named constraints and indexes, by table."""
    named = defaultdict(set)
    for model in apps.get_models(include_auto_created=True):
        named[model._meta.db_table] |= {part.name for part in [*model._meta.constraints, *model._meta.indexes]}
    found = {}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            description = database.introspection.get_table_description(cursor, table)
            constraints = database.introspection.get_constraints(cursor, table)
            found[table] = {
                "columns": {column.name: bool(column.null_ok) for column in description},
                "constraints": named[table] & set(constraints),
                "missing": named[table] - set(constraints),
            }
    return found


def test_every_key_is_a_big_integer():
    keys = {model._meta.label: type(model._meta.pk) for model in our_models()}
    small = (models.AutoField, models.SmallAutoField)

    assert [label for label, key in keys.items() if key in small] == []
