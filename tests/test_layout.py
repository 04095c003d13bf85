"""The house rules that a machine can hold: who imports whom, what stays pure, how long things may be."""

import subprocess

import pytest

from .code_figures import (
    annotated_share,
    docstring_share,
    median_function,
    not_annotated,
    without_docstring,
)
from .house_rules import (
    WAYS_TO_ARTICLES,
    dotted_paths,
    foreign_assignments,
    found,
    identifiers,
    migration_paths,
    name_violations,
    pure_names_without_a_file,
    purity_violations,
    size_violations,
    tasks,
    unindexed_models,
    unresolved,
    ways_from_media_to_articles,
)
from .import_graph import (
    APPS,
    ROOT,
    circles,
    dead_imports,
    file_graph,
    imports_up,
    late_imports,
    main,
    room_graph,
    rooms,
    sources,
    strays,
    without_reason,
)

# In percent. Both go up as the code does, and never down.
DOCSTRINGS, ANNOTATED = 100, 95
MEDIAN_LINES = 10
LATE_IMPORTS = 25
# Beside the folders that Django names.
ROOMS = {"articles": 13, "media": 8}


# The house


def test_imports_go_down_the_floors():
    assert [str(one) for one in imports_up(ROOT)] == []


def test_every_room_stands_on_a_floor():
    assert strays(ROOT) == []


def test_imports_name_what_is_there():
    assert [str(one) for one in dead_imports(ROOT)] == []


def test_no_files_import_each_other_in_a_circle():
    assert circles(file_graph(ROOT)) == []


def test_no_rooms_import_each_other_in_a_circle():
    assert circles(room_graph(ROOT)) == []


@pytest.mark.parametrize("app", ROOMS)
def test_rooms_are_few(app):
    assert len(rooms(ROOT, app)) <= ROOMS[app]


def test_late_imports_are_few_and_give_their_reason():
    assert [str(one) for one in without_reason(ROOT)] == []
    assert len(late_imports(ROOT)) <= LATE_IMPORTS


def test_pure_rooms_know_no_models_and_no_django():
    assert list(purity_violations(ROOT)) == []
    assert list(pure_names_without_a_file(ROOT)) == []


def test_media_reaches_no_table_of_articles():
    assert list(ways_from_media_to_articles(ROOT)) == []


def test_names_that_lead_from_media_to_articles_are_all_known():
    from django.apps import apps

    relations = [one for model in apps.get_app_config("media").get_models() for one in model._meta.related_objects]
    names = {one.field.related_query_name() for one in relations if one.related_model._meta.app_label == "articles"}
    assert {name for name in names if not name.endswith("+")} == WAYS_TO_ARTICLES


def test_no_app_changes_a_class_of_another():
    assert list(foreign_assignments(ROOT)) == []


def test_every_model_is_in_the_index_of_its_app():
    assert list(unindexed_models(ROOT)) == []


@pytest.mark.filterwarnings("ignore:No directory at")
def test_paths_in_strings_and_migrations_lead_somewhere():
    assert unresolved(dotted_paths(ROOT)) == []
    assert unresolved(migration_paths(ROOT)) == []


def test_queued_tasks_are_found_where_their_rows_say():
    names = sorted(tasks(ROOT))
    assert names
    assert [found(name).module_path for name in names] == names
    assert {name.rpartition(".")[0] for name in names} == {"media.tasks"}


def test_files_and_functions_stay_short():
    assert list(size_violations(ROOT)) == []


def test_half_of_all_functions_have_less_than_ten_lines():
    assert median_function(ROOT) < MEDIAN_LINES


def test_modules_say_what_they_are_for():
    assert docstring_share(ROOT) >= DOCSTRINGS


def test_functions_say_their_types():
    assert annotated_share(ROOT) >= ANNOTATED


def test_modules_have_names_that_say_something():
    assert list(name_violations(ROOT)) == []


def test_system_has_one_signal():
    makers = [name for name, path in sources(ROOT) if "Signal" in identifiers(path)]
    assert makers == ["media.signals"]


def test_no_file_of_the_repository_names_this_machine_or_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("git is not installed, or this is no clone: there is no list of files to look through.")
    words = [
        "/work/" + "main",
        "/work/" + "shared",
        "pypi." + "org",
        "pythonhosted." + "org",
        "registry.npmjs" + ".org",
    ]
    for name in filter(None, listed.stdout.split("\0")):
        text = (ROOT / name).read_bytes().decode(errors="ignore") if (ROOT / name).is_file() else ""
        assert not [word for word in words if word in text], name


# The checkers themselves


@pytest.fixture
def tree(tmp_path):
    """A made-up house, and a way to put a module into it."""
    for app in APPS:
        (tmp_path / app).mkdir()
        (tmp_path / app / "__init__.py").touch()

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("media/photos/photo.py", "from articles.models import Article\n"),
        ("media/tasks.py", "import articles\n"),
        ("media/site.py", "def late():\n    from articles.live import staleness\n"),
        ("articles/stories/article.py", "from cms.settings import DEBUG\n"),
        ("media/apps.py", "import cms.urls\n"),
        ("media/files/exif.py", "from ..rights import decision\n"),
        ("media/photos/photo.py", "def late():\n    from ..models import Agency\n"),
        ("articles/text/body.py", "from ..live.render import render\n"),
        ("articles/live/store.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..stories.article import Article\n"),
        ("articles/stories/article.py", "from .. import models\n"),
        ("articles/api/drafts.py", "from articles.imports.story import read\n"),
        ("articles/admin/__init__.py", "from ..management import housekeeping\n"),
    ],
)  # fmt: skip
def test_checker_sees_an_import_that_goes_up(tree, file, text):
    assert len(imports_up(tree(file, text))) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cms/urls.py", "from articles.api import articles\nfrom media.photos import views\n"),
        ("articles/api/drafts.py", "from media.models import Photo\nfrom . import queries\nfrom ..models import Article\n"),
        ("articles/stories/article.py", "from media.models import Photo\nfrom ..live import store\n"),
        ("articles/live/store.py", "from ..access.token import ApiToken\n"),
        ("media/credits/agency.py", "from ..signals import announce\nfrom django.db import models\n"),
    ],
)  # fmt: skip
def test_checker_lets_imports_go_down(tree, file, text):
    assert imports_up(tree(file, text)) == []


def test_checker_sees_a_room_on_no_floor_and_one_room_too_many(tree):
    tree("articles/texts/body.py", "")
    tree("media/blocks.py", "")
    root = tree("articles/templatetags/stories.py", "")
    assert strays(root) == ["articles.texts", "media.blocks"]
    assert rooms(root, "articles") == ["texts"]
    assert rooms(root, "media") == []


def test_checker_sees_a_late_import_of_what_has_moved_away(tree):
    tree("articles/text/body.py", "def plain(): pass\n")
    tree("articles/text/diff.py", "from .body import plain\nfrom . import body\nfrom articles.text.body import *\n")
    root = tree(
        "articles/api/feeds.py",
        "def late():\n    from ..text.body import gone\n    from .. import body\n    import articles.text.gone\n",
    )
    assert [one.target for one in dead_imports(root)] == [
        "articles.text.body.gone",
        "articles.body",
        "articles.text.gone",
    ]


def test_checker_sees_circles_through_late_imports_and_none_where_only_types_are_asked_for(tree):
    tree("articles/live/store.py", "from ..access.token import ApiToken\n")
    root = tree(
        "articles/access/token.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..live import store\n",
    )
    assert circles(file_graph(root)) == circles(room_graph(root)) == []
    tree("articles/access/token.py", "def late():\n    from ..live.store import write\n")
    assert circles(file_graph(root)) == [["articles.access.token", "articles.live.store"]]
    assert circles(room_graph(root)) == [["articles.access", "articles.live"]]


def test_checker_sees_rooms_in_a_circle_though_no_files_are(tree):
    tree("articles/live/store.py", "from ..access import token\n")
    tree("articles/live/render.py", "")
    tree("articles/access/token.py", "")
    root = tree("articles/access/section_scope.py", "from ..live import render\n")
    assert circles(file_graph(root)) == []
    assert circles(room_graph(root)) == [["articles.access", "articles.live"]]


def test_checker_sees_a_module_that_imports_itself(tree):
    assert circles(file_graph(tree("media/site.py", "def late():\n    from media import site\n"))) == [["media.site"]]


@pytest.mark.parametrize(
    ("body", "unexplained"),
    [
        ("    from . import ids\n", 1),
        ("    from . import ids  # Quick to start.\n", 0),
        ("    # Quick to start.\n    from . import ids\n", 0),
        ("    # Quick to start.\n    from . import ids\n    from . import site\n", 0),
        ("    # Quick to start.\n    x = 1\n    from . import ids\n", 1),
        ("    import json\n", 0),
    ],
)
def test_checker_asks_late_imports_for_a_reason(tree, body, unexplained):
    assert len(without_reason(tree("media/tasks.py", f"def late():\n{body}"))) == unexplained


def test_graph_is_printed_and_fails_where_an_import_goes_up(tree, capsys):
    root = tree("articles/text/body.py", "from ..history import version\n")
    assert main(root) == 1
    assert "1 imports up the floors\n  articles/text/body.py:1 → articles.history.version\n" in capsys.readouterr().out
    tree("articles/text/body.py", "import re\n")
    assert main(root) == 0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("media/rights/decision.py", "from django.db import models\n"),
        ("media/files/new.py", "import django.apps\n"),
        ("media/rights/decision.py", "from .right import Right\n"),
        ("media/credits/line.py", "from . import agency\n"),
        ("articles/text/body.py", "def late():\n    from media.photos.photo import Photo\n"),
        ("articles/text/new.py", "from rest_framework import serializers\n"),
        ("media/photos/delivered.py", "from media import site\n"),
    ],
)
def test_checker_sees_a_pure_module_that_reaches_for_models(tree, file, text):
    assert len(list(purity_violations(tree(file, text)))) == 1


def test_checker_lets_pure_modules_use_each_other_and_settings(tree):
    tree("media/rights/right.py", "from django.db import models\n")
    tree("media/files/inspection.py", "from django.conf import settings\nfrom . import metadata\n")
    root = tree(
        "media/rights/restrictions.py",
        "import re\nfrom ..files.metadata import Metadata\nfrom .instants import later\n",
    )
    assert list(purity_violations(root)) == []


def test_checker_misses_a_listed_module_that_is_gone(tree):
    root = tree("media/files/__init__.py", "")
    missing = list(pure_names_without_a_file(root))
    assert "media.credits.agency" in missing
    assert "media.files" not in missing


@pytest.mark.parametrize(
    "line",
    [
        'rows = Photo._meta.get_field("shown_in").related_model.objects',
        'link = "uses__article__preview_links"',
        "Photo.objects.filter(uses__edition=None)",
        'Photo.objects.prefetch_related("portrait_of")',
        "photo.uses.exists()",
        'apps.get_model("articles.Article")',
        'apps.get_model("articles", "Article")',
    ],
)
def test_checker_sees_media_reach_for_articles_by_name(tree, line):
    assert list(ways_from_media_to_articles(tree("media/photos/photo.py", f"{line}\n")))


def test_checker_lets_media_speak_of_its_own(tree):
    root = tree(
        "media/photos/photo.py", 'uses = Usage.objects.filter(photo__state="ready")\n"""A photo that a story uses."""\n'
    )
    assert list(ways_from_media_to_articles(root)) == []


@pytest.mark.parametrize(
    "line",
    [
        "PhotoAdmin.inlines = []",
        "PhotoAdmin.media.css = {}",
        "PhotoAdmin.inlines += [1]",
        "def connect():\n    PhotoAdmin.stories_of = None",
        'setattr(PhotoAdmin, "panels", [])',
    ],
)
def test_checker_sees_a_class_of_another_app_changed_from_outside(tree, line):
    root = tree("articles/admin/photo.py", f"from media.admin.photo import PhotoAdmin\n{line}\n")
    assert len(list(foreign_assignments(root))) == 1


def test_checker_lets_a_class_of_another_app_be_subclassed(tree):
    root = tree(
        "articles/admin/photo.py",
        "from media.admin.photo import PhotoAdmin\nclass Ours(PhotoAdmin):\n    inlines = []\nOurs.panels = []\n",
    )
    assert list(foreign_assignments(root)) == []


def test_checker_misses_a_model_that_the_index_does_not_import(tree):
    tree(
        "media/site.py",
        "class Site(models.Model):\n    pass\nclass Kept(models.Model):\n    class Meta:\n        abstract = True\n",
    )
    root = tree("media/models.py", "from .site import Site\n")
    tree("articles/history/version.py", "class Version(Kept):\n    pass\n")
    tree("articles/history/edition.py", "class Edition(Kept):\n    pass\n")
    tree("articles/models.py", "from .history.edition import Edition\n")
    assert list(unindexed_models(root)) == ["articles.history.version.Version is not in articles/models.py"]


def test_checker_sees_paths_that_lead_nowhere(tree):
    tree("cms/settings.py", 'ROOT_URLCONF = "cms.gone"\nHOOK = "tests.import_graph.gone"\nHOOK = "cms.apps.Gone"\n')
    root = tree("articles/migrations/0001_initial.py", "import articles.gone\nSTATE = 'media.photo'\n")
    assert unresolved(dotted_paths(root)) == ["cms/settings.py names cms.gone", "cms/settings.py names cms.apps.Gone"]
    assert unresolved(migration_paths(root)) == [
        "articles/migrations/0001_initial.py names articles.gone",
    ]


def test_checker_finds_the_tasks_of_a_worker(tree):
    root = tree(
        "media/tasks.py",
        "@task(priority=1)\ndef one():\n    pass\n@task\ndef two():\n    pass\ndef none():\n    pass\n",
    )
    assert sorted(tasks(root)) == ["media.tasks.one", "media.tasks.two"]


def test_checker_sees_long_functions_and_names_that_say_nothing(tree):
    tree("media/long.py", "def f():\n" + "    pass\n" * 50)
    root = tree("articles/utils/__init__.py", "from django.db.models.signals import post_save\n")
    assert list(size_violations(root)) == ["media/long.py:f has 51 lines"]
    assert len(list(name_violations(root))) == 2


def test_checker_counts_docstrings_and_types(tree):
    tree("media/ids.py", '"""Identifiers."""\ndef new(kind: str, *rest: int) -> str:\n    pass\n')
    root = tree(
        "media/site.py",
        "class Site:\n    def name(self):\n        pass\n    def url(self, path) -> str:\n        pass\n",
    )
    assert docstring_share(root) == 50
    assert without_docstring(root) == ["media/site.py"]
    assert round(annotated_share(root)) == 33
    assert not_annotated(root) == ["media/site.py:2 name", "media/site.py:4 url"]
