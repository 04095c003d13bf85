"""Who may set the rules of the hot folder and see which of its files were not taken: groups of these names, where they still are."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

PHOTO_DESK = ["add_folderrule", "change_folderrule", "delete_folderrule", "view_folderrule", "view_untakenfile"]
ROLES = {"writer": [], "editor": [], "photo desk": PHOTO_DESK, "publisher": []}


def grant(apps, schema_editor):
    from django.apps import apps as installed

    create_permissions(installed.get_app_config("media"), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codes in [*ROLES.items(), ("admin", [*PHOTO_DESK, "delete_untakenfile"])]:
        found = Permission.objects.filter(content_type__app_label="media", codename__in=codes)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*found)


class Migration(migrations.Migration):
    dependencies = [("articles", "0040_plainer_help"), ("media", "0022_hot_folder")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
