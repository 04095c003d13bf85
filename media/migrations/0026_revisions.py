"""A number in each row of a name that is drawn anew at every change: so other processes see that something changed."""

from django.db import migrations, models

from media.credits.revised import drawn


class Migration(migrations.Migration):
    dependencies = [("media", "0025_photo_search")]
    operations = [
        migrations.AddField(name, "revision", models.PositiveIntegerField(db_default=0, default=drawn, editable=False))
        for name in ("agency", "agencyalias", "photographer", "photographeralias")
    ]
