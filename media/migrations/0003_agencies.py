"""The agencies, collections, wires, studios and platforms a newsroom meets; the desk edits them from then on."""

import json
from pathlib import Path

from django.db import migrations


def seed(apps, schema_editor):
    Agency = apps.get_model("media", "Agency")
    AgencyAlias = apps.get_model("media", "AgencyAlias")
    entries = json.loads((Path(__file__).parent.parent / "credits" / "vocabulary.json").read_text())["organisations"]
    agencies = Agency.objects.bulk_create(Agency(name=entry["name"], kind=entry["kind"]) for entry in entries)
    AgencyAlias.objects.bulk_create(
        AgencyAlias(agency=agency, name=alias)
        for agency, entry in zip(agencies, entries, strict=True)
        for alias in entry["aliases"]
    )


class Migration(migrations.Migration):
    dependencies = [("media", "0002_insert_only")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
