"""Everybody in the newsroom keeps and fills collections of photos: groups of these names, where they still are."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

COLLECTION = ["view_collection", "add_collection", "change_collection", "delete_collection"]
ROLES = dict.fromkeys(("writer", "editor", "photo desk", "publisher"), COLLECTION)


def grant(apps, schema_editor):
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("media"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    found = Permission.objects.filter(content_type__app_label="media", codename__in=COLLECTION)
    for group in Group.objects.filter(name__in=[*ROLES, "admin"]):
        group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("articles", "0038_photo_desk_roles"), ("media", "0019_collections")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
