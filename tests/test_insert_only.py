"""What is written once stays written: the ORM refuses, and so does a trigger on the database in use."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles.models import AuditEntry, Cancellation, Correction, Edition, Version
from media.models import Pause, Usage

from . import newsroom

pytestmark = pytest.mark.django_db

MODELS = [Version, Edition, Cancellation, Correction, AuditEntry, Usage]


@pytest.fixture
def rows():
    """One row of every insert-only table, made by the verbs that make them."""
    now = timezone.now()
    story = newsroom.article()
    story.publish(now=now)
    story.headline = "Mara Okonjo returns again"
    story.save()
    story.publish(now=now, kind="correction", public_note="An earlier version named the wrong carpet.")
    story.standfirst = "To come."
    story.save()
    story.cancel(story.publish(now=now, at=now + timedelta(days=1)), now=now)
    Usage.objects.create(photo=uuid.uuid4(), live_from=now)
    return {model: model.objects.order_by("pk").first() for model in MODELS}


def table(model):
    return connection.ops.quote_name(model._meta.db_table)


def run(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def triggers():
    """Return (table, event) for every trigger of the database in use."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT event_object_table, event_manipulation FROM information_schema.triggers")
            return set(cursor.fetchall())
        cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return {(name, trigger.rpartition("_")[2].upper()) for name, trigger in cursor.fetchall()}


def missing_triggers():
    wanted = {(model._meta.db_table, event) for model in MODELS for event in ("UPDATE", "DELETE")}
    return wanted - triggers()


def drop_trigger(model):
    name = model._meta.db_table
    suffix = "insert_only" if connection.vendor == "postgresql" else "no_update"
    on = f" ON {name}" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER {name}_{suffix}{on}")


def test_every_insert_only_table_has_its_triggers():
    assert missing_triggers() == set()


def test_dropped_trigger_is_noticed():
    with transaction.atomic():
        drop_trigger(Edition)
        assert ("articles_edition", "UPDATE") in missing_triggers()
        transaction.set_rollback(True)
    assert missing_triggers() == set()


def test_every_insert_only_model_is_one_of_these():
    from django.apps import apps

    from media.insert_only import InsertOnlyModel

    assert {model for model in apps.get_models() if issubclass(model, InsertOnlyModel)} == set(MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_database_refuses_to_change_a_row_behind_the_models_back(model, rows):
    column = connection.ops.quote_name(model._meta.pk.column)
    with pytest.raises(DatabaseError, match="insert-only"):
        run(f"UPDATE {table(model)} SET {column} = {column} WHERE {column} = %s", rows[model].pk)


@pytest.mark.parametrize("model", MODELS)
def test_database_refuses_to_delete_a_row_behind_the_models_back(model, rows):
    column = connection.ops.quote_name(model._meta.pk.column)
    with pytest.raises(DatabaseError, match="insert-only"):
        run(f"DELETE FROM {table(model)} WHERE {column} = %s", rows[model].pk)


@pytest.mark.parametrize("model", MODELS)
def test_model_refuses_to_change_and_to_delete_a_row(model, rows):
    for attempt in (
        rows[model].save,
        rows[model].delete,
        model.objects.all().delete,
        lambda: model.objects.update(pk=rows[model].pk),
        lambda: model.objects.bulk_update([rows[model]], ["id"]),
    ):
        with pytest.raises(ValidationError, match="written once"):
            attempt()


def test_end_of_a_use_can_be_set_once_and_nothing_else(rows):
    usage = Usage.objects.create(photo=uuid.uuid4(), live_from=timezone.now())
    end = timezone.now() + timedelta(hours=1)
    assert Usage.objects.filter(pk=usage.pk).end(end) == 1
    with pytest.raises(DatabaseError, match="insert-only"):
        run(f"UPDATE {table(Usage)} SET live_until = %s WHERE id = %s", end + timedelta(hours=1), usage.pk)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        Usage.objects.filter(pk=usage.pk).change_sealed(credit="Somebody else")
    other = Usage.objects.create(photo=uuid.uuid4(), live_from=timezone.now())
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        Usage.objects.filter(pk=other.pk).change_sealed(live_until=end, credit="Somebody else")


def test_pause_lets_a_change_through_and_leaves_with_its_transaction(rows):
    version = rows[Version]
    pause = Pause.objects.create(reason="a court order")
    assert Version.objects.filter(pk=version.pk).change_sealed(content={}) == 1
    pause.delete()
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        Version.objects.filter(pk=version.pk).change_sealed(content={"headline": "Back"})


def test_no_pause_is_left_after_sealing(rows):
    story = newsroom.Article.objects.get()
    story.seal(reason="a court order")
    assert not Pause.objects.exists()
    assert all(version.content["headline"] == "[sealed]" for version in story.versions.all())
