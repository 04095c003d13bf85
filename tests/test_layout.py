"""The house rules that a machine can hold: who imports whom, what stays pure, how long things may be."""

import ast
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("cms", "articles", "media")
# Imports go down this list and never up.
MAY_IMPORT = {"cms": {"cms", "articles", "media"}, "articles": {"articles", "media"}, "media": {"media"}}
PURE = {
    "media": """
        files.av1 files.metadata_blocks credits.caption_shape files.colour files.containers credits.grammar credits.label credits.line
        files.exif credits.house_caption credits.house_style files.iim files.imaging files.inspection rights.instants files.metadata
        credits.name_shapes files.xmp_packet photos.proposal rights.restrictions rights.decision photos.delivered rights.territories
        files.unusable credits.vocabulary files.xmp
    """,
    "articles": """
        text.block_json text.body stories.replace history.log_words stories.diff text.embeds stories.fields text.mentions text.clipboard
        imports.plain_text text.readability text.reading_time text.sanitizer text.slugs imports.story_head live.structured_data
        history.timeline
    """,
}
FORBIDDEN_NAMES = {
    *("base", "common", "core", "helper", "helpers", "misc", "util", "utils"),
    *("repositories", "repository", "selector", "selectors", "service", "services"),
}
FORBIDDEN_WORDS = {
    "GenericForeignKey": "a relation to anything at all",
    "auto_now": "a clock of its own: instants are arguments",
    "post_save": "a signal for our own flow",
    "pre_save": "a signal for our own flow",
    "m2m_changed": "a signal for our own flow",
}
FILE_LINES, FUNCTION_LINES, MEDIAN_LINES = 600, 50, 10


def pure_modules():
    return {f"{app}.{name}" for app, names in PURE.items() for name in names.split()}


def sources(root):
    """Every Python file of the three apps but migrations, with its dotted name."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                parts = path.relative_to(root).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(name, path):
    """Yield (line, dotted name) of everything a module imports, late imports included, relative ones resolved."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*start, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def import_violations(root):
    for name, path in sources(root):
        app = name.split(".")[0]
        for line, target in imported(name, path):
            other = target.split(".")[0]
            if other in APPS and other not in MAY_IMPORT[app]:
                yield f"{path.relative_to(root)}:{line} imports {target}, but {app} may not import {other}"


def purity_violations(root, pure=None):
    pure = pure or pure_modules()
    found = dict(sources(root))
    yield from (f"{name} is listed as pure but does not exist" for name in sorted(pure - set(found)))
    for name in sorted(pure & set(found)):
        for line, target in imported(name, found[name]):
            if not is_pure(target, pure):
                yield f"{found[name].relative_to(root)}:{line} imports {target}, but {name} must stay pure"


def is_pure(target, pure):
    top = target.split(".")[0]
    if top in APPS:
        return target in pure or target.rpartition(".")[0] in pure
    # Where this server is reached is a setting; it names no model and asks no database.
    return top not in ("django", "rest_framework") or target == "django.conf.settings"


def size_violations(root):
    for _, path in sources(root):
        lines = len(path.read_text().splitlines())
        if lines > FILE_LINES:
            yield f"{path.relative_to(root)} has {lines} lines"
        for function, length in functions(path):
            if length > FUNCTION_LINES:
                yield f"{path.relative_to(root)}:{function} has {length} lines"


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


def name_violations(root):
    for name, path in sources(root):
        if FORBIDDEN_NAMES & set(name.split(".")):
            yield f"{path.relative_to(root)} has a name that says nothing"
        for word, what in FORBIDDEN_WORDS.items():
            if word in identifiers(path):
                yield f"{path.relative_to(root)} uses {word}: {what}"


def identifiers(path):
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=word) | ast.alias(name=word):
                yield word


def test_imports_go_down_from_cms_to_articles_to_media():
    assert list(import_violations(ROOT)) == []


def test_pure_modules_know_no_models_and_no_django():
    assert list(purity_violations(ROOT)) == []


def test_files_and_functions_stay_short():
    assert list(size_violations(ROOT)) == []


def test_half_of_all_functions_have_less_than_ten_lines():
    lengths = [length for _, path in sources(ROOT) for _, length in functions(path)]
    assert statistics.median(lengths) < MEDIAN_LINES


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


# The checker itself


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
        ("media/photos.py", "from articles.models import Article\n"),
        ("media/photos.py", "import articles\n"),
        ("media/models/photo.py", "def late():\n    from articles import facts\n"),
        ("articles/stories.py", "from cms.settings import DEBUG\n"),
        ("media/photos.py", "import cms.urls\n"),
    ],
)
def test_checker_sees_an_import_that_goes_up(tree, file, text):
    assert len(list(import_violations(tree(file, text)))) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cms/urls.py", "from articles import views\nfrom media import views as photos\n"),
        ("articles/stories.py", "from media.models import Photo\nfrom . import facts\nfrom .models import Article\n"),
        ("media/models/photo.py", "from ..signals import announce\nfrom django.db import models\n"),
    ],
)
def test_checker_lets_imports_go_down(tree, file, text):
    assert list(import_violations(tree(file, text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models\n",
        "import django.apps\n",
        "from .models import Photo\n",
        "from . import models\n",
        "def late():\n    from media.models.photo import Photo\n",
        "from rest_framework import serializers\n",
    ],
)
def test_checker_sees_a_pure_module_that_reaches_for_models(tree, text):
    assert len(list(purity_violations(tree("media/rights.py", text), {"media.rights"}))) == 1


def test_checker_lets_pure_modules_use_each_other(tree):
    tree("media/metadata.py", "")
    root = tree(
        "media/rights.py", "import re\nfrom PIL import Image\nfrom . import metadata\nfrom .metadata import read\n"
    )
    assert list(purity_violations(root, {"media.rights", "media.metadata"})) == []


def test_checker_misses_a_listed_module_that_is_gone(tree):
    assert list(purity_violations(tree("media/other.py", ""), {"media.gone"}))


def test_checker_sees_long_functions_and_names_that_say_nothing(tree):
    tree("media/long.py", "def f():\n" + "    pass\n" * 50)
    root = tree("articles/utils/__init__.py", "from django.db.models.signals import post_save\n")
    assert list(size_violations(root)) == ["media/long.py:f has 51 lines"]
    assert len(list(name_violations(root))) == 2
