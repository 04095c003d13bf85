from django.db import migrations

from media.insert_only import InsertOnly


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [
        InsertOnly("Version"),
        InsertOnly("Edition"),
        InsertOnly("Cancellation"),
        InsertOnly("Correction"),
        InsertOnly("AuditEntry"),
    ]
