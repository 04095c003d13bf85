"""A name stands once in a chain, no longer once in a credit. On PostgreSQL the index is built while others write."""

from django.db import migrations, models


class AddUniqueInUse(migrations.AddConstraint):
    """Adds a unique constraint without holding the table while its index is built.

    It is no part of `sqlmigrate`, whose statements run in one transaction: an index cannot be built there meanwhile.
    """

    reduces_to_sql = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        table, name = model._meta.db_table, self.constraint.name
        columns = ", ".join(model._meta.get_field(field).column for field in self.constraint.fields)
        # What an attempt that was broken off has left is built anew.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", params=None)
        schema_editor.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})", params=None)
        schema_editor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}", params=None)


def keep(apps, schema_editor):
    """Change nothing: every credit has one chain."""


def keep_first_chains(apps, schema_editor):
    """Leave each composite its first chain and send it to the desk; its words as received stay."""
    chains = apps.get_model("media", "CreditChain").objects.all()
    apps.get_model("media", "PhotoCredit").objects.filter(pk__in=chains.values("credit")).update(needs_check=True)
    for links in ("CreditAgency", "CreditPhotographer"):
        apps.get_model("media", links).objects.filter(chain__gt=0).delete()
    chains.delete()


def once(name):
    return models.UniqueConstraint(
        fields=("credit", "chain", name), name=f"credit_chain_{name}_once",
        violation_error_message=f"This {name} is named in the credit already.",
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("media", "0008_credit_chains")]
    operations = [
        AddUniqueInUse("creditagency", once("agency")),
        AddUniqueInUse("creditphotographer", once("photographer")),
        migrations.RemoveConstraint("creditagency", "credit_agency_once"),
        migrations.RemoveConstraint("creditphotographer", "credit_photographer_once"),
        migrations.RunPython(keep, keep_first_chains),
    ]
