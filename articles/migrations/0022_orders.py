"""What people and works are sorted by; the indexes follow, one statement each."""

from django.db import migrations, models

import articles.directory.sort_key


class Migration(migrations.Migration):
    dependencies = [("articles", "0021_no_translation_of_itself")]
    operations = [
        migrations.AddField("person", "sort_key", articles.directory.sort_key.SortKeyField(editable=False, null=True)),
        migrations.AddField("work", "sort_key", articles.directory.sort_key.SortKeyField(editable=False, null=True)),
        migrations.AlterField(
            "facet", "kind",
            models.PositiveSmallIntegerField(
                choices=[
                    (1, "Section"), (2, "Person"), (3, "Work"), (4, "Tag"), (5, "Author"), (6, "Kind"), (7, "Lead"),
                    (12, "Shown Person"), (17, "Source"),
                ],
            ),
        ),
    ]  # fmt: skip
