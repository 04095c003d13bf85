"""Who may download photos for print and partners, and who may see what photos cost: groups of these names, where they still are."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = {
    "writer": [],
    "editor": [],
    "photo desk": ["download_photo", "view_fee"],
    "publisher": ["download_photo", "view_fee"],
}


def grant(apps, schema_editor):
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("media"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codes in [*ROLES.items(), ("admin", ROLES["publisher"])]:
        found = Permission.objects.filter(content_type__app_label="media", codename__in=codes)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("articles", "0037_story_words_by_index"), ("media", "0018_downloads_and_fees")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
