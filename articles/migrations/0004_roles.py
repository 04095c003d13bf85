"""The five roles of a newsroom as groups; administrators change them from then on."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

TOPICS = ("person", "personalias", "work", "workalias", "tag", "author", "source", "appearance")
LOOK = ("section", "edition", "version", "correction", "cancellation", "address", "delivery")
DESK = (
    "photo", "photocredit", "creditphotographer", "creditagency", "caption", "right", "licence", "clearance", "agency",
    "agencyalias", "photographer", "photographeralias", "notice", "noticemark",
)  # fmt: skip


def may(verbs, models):
    return [f"{verb}_{model}" for model in models for verb in verbs]


WRITER = [
    *may(["add", "change", "view"], ["article", "articleauthor", "articleperson", "articlework"]),
    *may(["delete"], ["articleauthor", "articleperson", "articlework"]),
    *may(["view"], [*TOPICS, *LOOK, "photo", "photocredit", "caption", "site"]),
    *may(["add"], ["comment", "photo"]),
    "share_preview",
]
EDITOR = [
    *WRITER,
    *may(["add", "change"], TOPICS),
    *may(["delete"], ["personalias", "workalias", "appearance"]),
    *may(["change"], ["photo", "caption"]),
    *may(["add", "change", "view"], ["previewlink", "task"]),
    *may(["view"], ["auditentry", "usage", "right", "agency", "photographer", "notice"]),
    "edit_others_articles",
]
PHOTO_DESK = [
    *may(["view"], ["article", *TOPICS, *LOOK, "site", "usage", "auditentry", "rendition"]),
    *may(["add", "change", "view"], DESK),
    *may(["delete"], ["caption", "right", "creditphotographer", "creditagency", "agencyalias", "photographeralias"]),
    *may(["add", "change", "delete", "view"], ["appearance"]),
    *may(["add"], ["usage"]),
    "kill_photo", "clear_photo",
]  # fmt: skip
PUBLISHER = [*EDITOR, *may(["add", "change"], ["section"]), "publish_article", "override_gate"]
ROLES = {"writer": WRITER, "editor": EDITOR, "photo desk": PHOTO_DESK, "publisher": PUBLISHER}


def make_roles(apps, schema_editor):
    # On an empty database permissions are made only after all migrations, so they are made here first.
    from django.apps import apps as installed

    for label in ("articles", "media", "auth", "contenttypes"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    ours = Permission.objects.filter(content_type__app_label__in=["articles", "media"])
    for name, codenames in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*ours.filter(codename__in=codenames))
    group, _ = Group.objects.get_or_create(name="admin")
    group.permissions.add(*ours, *Permission.objects.filter(content_type__app_label="auth"))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0003_windows_never_overlap"),
        ("media", "0003_agencies"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
