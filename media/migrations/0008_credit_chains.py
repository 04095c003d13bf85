"""Credits of several pictures in one: a table for their further chains, and the chain each name belongs to."""

import django.db.models.deletion
from django.db import migrations, models

PLACE = {"blank": True, "db_default": "", "default": "", "max_length": 100}
WORDS = {"blank": True, "db_default": "", "default": "", "editable": False, "max_length": 500}
WHICH = "Which picture of several it credits, such as “left” or “top right”."
LICENSE = {"blank": True, "db_default": "", "default": "", "max_length": 500, "verbose_name": "license"}
TERMS = "Where the license that the line names is, such as “https://creativecommons.org/licenses/by/4.0/”."
RECEIVED = "This chain in the words it was received in, where the line has several."


class Migration(migrations.Migration):
    dependencies = [("media", "0007_site_channels_and_addresses")]
    operations = [
        migrations.CreateModel(
            name="CreditChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credit", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="media.photocredit")),
                ("number", models.PositiveSmallIntegerField(help_text="1 is the second chain of the line; the first is the credit’s.")),
                ("place", models.CharField(help_text=WHICH, **PLACE)),
                ("words", models.CharField(help_text=RECEIVED, **WORDS)),
                ("on_behalf_of", models.CharField(blank=True, help_text="The client after “for”, such as “Netflix”.", max_length=200)),
                ("courtesy_of", models.CharField(blank=True, help_text="What follows “courtesy of”.", max_length=200)),
                ("handle", models.CharField(blank=True, help_text="A social account, without “@”.", max_length=100)),
                ("copyright_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("copyright_holder", models.CharField(blank=True, max_length=200)),
                ("status", models.JSONField(blank=True, default=list, help_text="Status words such as [“File”, “Handout”, “Pool”].")),
                ("license_url", models.URLField(help_text=TERMS, **LICENSE)),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("credit", "number"), name="credit_chain_once",
                        violation_error_message="This credit has a chain of that number already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 9999))), name="credit_chain_follows_the_first",
                        violation_error_message="The first chain is the credit itself: number further ones from 1.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("copyright_year__isnull", True), ("copyright_year__range", (1826, 2200)), _connector="OR"),
                        name="credit_chain_copyright_year",
                        violation_error_message="The copyright year must be a year since photography began (1826).",
                    ),
                ],
            },
        ),
        migrations.AddField("photocredit", "place", models.CharField(help_text=WHICH, **PLACE)),
        migrations.AddField("photocredit", "words", models.CharField(help_text=RECEIVED, **WORDS)),
        migrations.AddField("photocredit", "license_url", models.URLField(help_text=TERMS, **LICENSE)),
        migrations.AddField("creditagency", "chain", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField("creditphotographer", "chain", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AlterModelOptions("creditagency", {"ordering": ["chain", "position", "id"]}),
        migrations.AlterModelOptions("creditphotographer", {"ordering": ["chain", "position", "id"]}),
    ]  # fmt: skip
