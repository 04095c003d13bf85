"""Indexes of what most rows leave empty; on PostgreSQL they are built while the tables are read and written."""

from django.db import migrations, models


class AddIndexWhileServing(migrations.AddIndex):
    """Build the index concurrently on PostgreSQL; on SQLite, which has one writer anyway, as any other."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(self.index.create_sql(model, schema_editor, concurrently=True), params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_backwards(app_label, schema_editor, from_state, to_state)
        model = from_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(self.index.remove_sql(model, schema_editor, concurrently=True), params=None)


def while_serving(model, field, name):
    where = models.Q((f"{field}__isnull", False))
    return AddIndexWhileServing(model, models.Index(condition=where, fields=[field], name=name))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0019_entries_with_pictures_and_translations")]
    operations = [
        while_serving("livedocument", "translation_of", "live_translations"),
        while_serving("article", "translation_of", "article_translations"),
        while_serving("author", "photo", "author_photo"),
        while_serving("section", "photo", "section_photo"),
        while_serving("tag", "photo", "tag_photo"),
        while_serving("work", "poster", "work_poster"),
    ]
