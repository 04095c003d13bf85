"""Names that newsrooms met since the first list; what a desk has under one of these spellings stays as the desk has it."""

from django.db import migrations

AGENCIES = [
    ("China Daily", "publication", ["chinadaily.com.cn"]),
    ("Flash90", "agency", ["Flash 90"]),
    ("iOne Digital", "publication", ["iOne", "iOne Creative"]),
    ("Jiji Press", "agency", ["AFP-Jiji"]),
    ("Royal Rota", "agency", ["ROTA"]),
    ("The Jerusalem Post", "publication", ["Jerusalem Post"]),
]


def add(apps, schema_editor):
    Agency = apps.get_model("media", "Agency")
    AgencyAlias = apps.get_model("media", "AgencyAlias")

    def is_known(spelling):
        rows = (Agency.objects.filter(name__iexact=spelling), AgencyAlias.objects.filter(name__iexact=spelling))
        return any(found.exists() for found in rows)

    for name, kind, aliases in AGENCIES:
        agency = Agency.objects.filter(name__iexact=name).first()
        if not agency and not is_known(name):
            agency = Agency.objects.create(name=name, kind=kind)
        for alias in aliases:
            if agency and not is_known(alias):
                AgencyAlias.objects.create(agency=agency, name=alias)


class Migration(migrations.Migration):
    dependencies = [("media", "0004_clearances")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
