"""The constraint is added without reading the table, then checked while the table is written."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

CONSTRAINT = models.CheckConstraint(
    condition=models.Q(("translation_of__isnull", True), models.Q(("translation_of", models.F("id")), _negated=True), _connector="OR"),
    name="article_not_its_own_translation", violation_error_message="A story cannot be a translation of itself.",
)  # fmt: skip


class AddConstraintWhileServing(AddConstraintNotValid):
    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return migrations.AddConstraint.database_forwards(self, app_label, schema_editor, from_state, to_state)
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        ValidateConstraint("article", CONSTRAINT.name).database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("articles", "0020_indexes_while_serving")]
    operations = [AddConstraintWhileServing(model_name="article", constraint=CONSTRAINT)]
