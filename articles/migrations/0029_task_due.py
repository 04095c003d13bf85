from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0028_sitemap_of_a_title")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="due_at",
            field=models.DateTimeField(
                blank=True, help_text="Leave empty if it can wait.", null=True, verbose_name="due"
            ),
        ),
    ]
