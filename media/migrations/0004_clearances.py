from django.conf import settings
from django.db import migrations, models

from media.insert_only import InsertOnly


class Migration(migrations.Migration):
    dependencies = [
        ("media", "0003_agencies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="clearance",
            options={"ordering": ["-at", "-id"]},
        ),
        migrations.RemoveConstraint(
            model_name="clearance",
            name="clearance_once_per_use",
        ),
        migrations.AddField(
            model_name="clearance",
            name="fee_basis",
            field=models.CharField(
                blank=True, help_text="What the fee is for, such as “per use, USD”.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="clearance",
            name="placement",
            field=models.CharField(
                blank=True,
                choices=[("lead", "lead"), ("body", "body"), ("gallery", "gallery"), ("card", "card")],
                help_text="Empty: anywhere in the story.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="usage",
            name="clearance",
            field=models.CharField(
                blank=True, help_text="Who cleared a paid use, when and on what terms.", max_length=500
            ),
        ),
        migrations.AlterField(
            model_name="usage",
            name="fee",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="What this use cost; once for each clearance.",
                max_digits=10,
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.UniqueConstraint(
                fields=("photo", "article", "placement"),
                name="clearance_once_per_use",
                violation_error_message="This use is cleared already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.CheckConstraint(
                condition=models.Q(("fee__isnull", True), ("fee__gte", 0), _connector="OR"),
                name="clearance_fee_not_negative",
                violation_error_message="A fee is nothing or more.",
            ),
        ),
        InsertOnly("Usage", once="live_until"),
    ]
