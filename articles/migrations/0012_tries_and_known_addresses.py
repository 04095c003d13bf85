"""Tries to get in are counted by kind, and places where colleagues got in are known."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HALF = "The client’s address, of IPv6 the first half."
KINDS = [("login", "wrong password"), ("reset", "password reset asked for")]


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_best_before"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField(
            "loginfailure", "kind", models.CharField(choices=KINDS, db_default="login", default="login", max_length=10)
        ),
        migrations.AlterField("loginfailure", "address", models.CharField(help_text=HALF, max_length=45)),
        migrations.AlterField(
            "loginfailure", "name",
            models.CharField(help_text="As typed, in small letters: a user name or an email address.", max_length=150),
        ),
        migrations.CreateModel(
            name="KnownAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(help_text=HALF, max_length=45)),
                ("at", models.DateTimeField(help_text="The last time.")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "address"), name="known_address_once_per_user")
                ]
            },
        ),
    ]
