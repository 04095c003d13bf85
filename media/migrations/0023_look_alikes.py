"""How photos and killed pictures look, and the photos held because they look like a killed one."""

import django.db.models.deletion
from django.db import migrations, models

HELD = "The notice about a killed picture that it looks like. Nobody can use it until someone has compared the two."
BITS = "What the picture looks like, as 64 bits: few differ between copies."
FLAT = "Empty for a picture too flat to be told from others."
QUARTERS = {"first": 48, "second": 32, "third": 16, "fourth": 0}


def quarters():
    return [
        (
            name,
            models.GeneratedField(
                expression=models.F("bits").bitrightshift(shift).bitand(0xFFFF),
                output_field=models.IntegerField(),
                db_persist=True,
            ),
        )
        for name, shift in QUARTERS.items()
    ]


def indexes(table):
    return [models.Index(fields=[name], name=f"{table}_{name}") for name in QUARTERS]


class Migration(migrations.Migration):
    dependencies = [("media", "0022_hot_folder")]
    operations = [
        migrations.AddField(
            "photo",
            "looks_like",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, help_text=HELD, null=True,
                on_delete=django.db.models.deletion.SET_NULL, related_name="look_alikes", to="media.notice",
            ),
        ),  # fmt: skip
        migrations.CreateModel(
            name="PerceptualHash",
            fields=[
                *quarters(),
                (
                    "photo",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="looks",
                        serialize=False, to="media.photo",
                    ),
                ),
                ("bits", models.BigIntegerField(help_text=FLAT, null=True)),
            ],
            options={"abstract": False, "indexes": indexes("perceptualhash")},
        ),  # fmt: skip
        migrations.CreateModel(
            name="KilledHash",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bits", models.BigIntegerField(help_text=BITS)),
                *quarters(),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hashes", to="media.notice"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="killed_hashes",
                        to="media.photo",
                    ),
                ),
            ],
            options={"abstract": False, "indexes": indexes("killedhash")},
        ),  # fmt: skip
    ]
