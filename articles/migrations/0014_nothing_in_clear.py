"""Secrets of webhooks are kept encrypted, tokens of preview links in part; the worker does so with those from before.

Taken back, secrets and tokens are in clear again, as the release before reads them. Two things stay lost: secrets under
a key that is neither SECRET_KEY nor in SECRET_KEY_FALLBACKS, and tokens of which only a digest was kept. On PostgreSQL
a longer varchar rewrites no table, and SQLite keeps to no length.
"""

from django.db import migrations

import articles.outbox.delivery
import articles.outbox.secret_field
import articles.stories.preview_token

WIDER = "ALTER TABLE articles_endpoint ALTER COLUMN secret TYPE varchar(255)"
NARROWER = "ALTER TABLE articles_endpoint ALTER COLUMN secret TYPE varchar(100)"


def widen(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(WIDER)


def uncover(apps, schema_editor):
    secret, token = articles.outbox.secret_field.opened, articles.stories.preview_token.shown
    with schema_editor.connection.cursor() as cursor:
        for table, column, clear in (("articles_endpoint", "secret", secret), ("articles_previewlink", "token", token)):
            cursor.execute(f"SELECT id, {column} FROM {table}")
            for pk, kept in cursor.fetchall():
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [clear(kept)[:100], pk])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NARROWER)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_tries_by_address")]
    operations = [
        migrations.RunPython(widen, uncover),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "endpoint", "secret",
                    articles.outbox.secret_field.SecretField(
                        default=articles.outbox.delivery.make_secret, editable=False, max_length=255
                    ),
                ),
                migrations.AlterField(
                    "previewlink", "token",
                    articles.stories.preview_token.TokenField(
                        default=articles.stories.preview_token.make_token, editable=False, max_length=64, unique=True
                    ),
                ),
            ],
        )
    ]
