"""The cast and the stage: a few colleagues, a section, photos with real files, on the database DATABASE_URL names."""

import os
import time
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils.functional import empty
from hypothesis import HealthCheck, settings

from . import migrated
from .own_house import own_house  # noqa: F401

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# How fast examples are made says how busy the machine is.
settings.register_profile("any machine", settings(), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed (MARQUEE_CI=1) a skip is a failure, but for what only one database can do, or `.ci/long`."""
    report = yield
    if report.skipped and os.environ.get("MARQUEE_CI") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        # The schema of ninjs comes with no package and may not be kept here: see tests/data/standards.
        if not any(words in reason for words in ("PostgreSQL", "SQLite", "standards/official", "MARQUEE_LONG")):
            report.outcome, report.longrepr = "failed", f"Skipped although every tool is to be there. {reason}"
    return report


@pytest.fixture(autouse=True)
def own_var(tmp_path, settings):
    """Let every test write its uploads and locks into a folder of its own."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture(scope="session", autouse=True)
def quick_settings():
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Whatever asked for a static file's address while the apps were loaded has made the storage already.
    storages._backends, staticfiles_storage._wrapped = None, empty
    storages.__dict__.pop("backends", None)
    storages._storages.clear()


@pytest.fixture(scope="session")
def database_file(request, tmp_path_factory):
    """A browser asks several things at once. Memory that connections share refuses that; a file in WAL mode lets them
    wait for one another, as it does where Marquee runs."""
    if connection.vendor == "sqlite" and any(item.get_closest_marker("browser") for item in request.session.items):
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "marquee.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker):
    """As pytest-django does it, on a copy of what was migrated before."""
    with django_db_blocker.unblock(), migrated.copies(connection):
        request.getfixturevalue("django_db_setup")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, database_file):
    """Flushing a test database deletes rows, which insert-only triggers refuse on SQLite: pause them first."""
    from django.core.management.commands import flush

    handle = flush.Command.handle

    def paused(self, **options):
        """A page that was left may still be answered: its request holds the tables for a moment, so try again."""
        for remaining in range(20, -1, -1):
            try:
                return flushed(self, **options)
            except (CommandError, DatabaseError):
                if not remaining:
                    raise
                time.sleep(0.25)

    def flushed(self, **options):
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO media_pause (reason) VALUES ('tests flush the database')")
            # The pause itself has to go last; the tables come in any order.
            flush_sql = type(connection.ops).sql_flush
            connection.ops.sql_flush = lambda *given, **more: sorted(
                flush_sql(connection.ops, *given, **more), key=lambda sql: '"media_pause"' in sql
            )
        handle(self, **options)
        seed_again(connection)

    flush.Command.handle = paused


def seed_again(connection):
    """Put back what data migrations brought and a flush took: the agencies and the newsroom's roles."""
    from django.apps import apps

    with connection.schema_editor() as editor:
        import_module("media.migrations.0003_agencies").seed(apps, editor)
        import_module("media.migrations.0012_brands").add(apps, editor)
        import_module("articles.migrations.0004_roles").make_roles(apps, editor)
        for name in ("0038_photo_desk_roles", "0039_collection_roles", "0041_hot_folder_roles"):
            import_module(f"articles.migrations.{name}").grant(apps, editor)


@pytest.fixture
def editor(db):
    return get_user_model().objects.create_superuser("editor", "editor@example.com", "a long password")


@pytest.fixture
def outsider(db):
    return get_user_model().objects.create_user("outsider", "outsider@example.com", "a long password", is_staff=True)
