"""Addresses typed in the office kept their capitals, and whoever named them in a form was not recognised."""

from django.db import migrations
from django.db.models.functions import Lower


def lower(apps, schema_editor):
    people = apps.get_model("people", "Person").objects
    people.exclude(email=Lower("email")).update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("people", "0002_audit_seals")]

    operations = [migrations.RunPython(lower, migrations.RunPython.noop, elidable=True)]
