from django.db import migrations

from media.insert_only import InsertOnly


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]
    operations = [InsertOnly("Usage", once="live_until")]
