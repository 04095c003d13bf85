from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0034_calendar_link")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="about",
            field=models.CharField(
                blank=True,
                choices=[("", "a use or anything else"), ("credit", "who must be named")],
                db_default="",
                default="",
                editable=False,
                max_length=10,
            ),
        ),
    ]
