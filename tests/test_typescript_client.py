"""The typed client of docs/examples/typescript: types from the schema, a strict compile, a run against a live server."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.models import ApiToken, Appearance, Article
from cms import api
from media.models import Photo

from . import newsroom
from .npm_packages import fetched

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = Path(settings.BASE_DIR) / "docs" / "examples"


def run(folder: Path, *command: str, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=560, env=os.environ | environment, check=False
    )


@pytest.fixture(scope="module")
def workshop() -> Path:
    """Return the example, copied to where its packages may lie and types made from the schema may be written."""
    folder = fetched(EXAMPLES / "typescript")
    shutil.copytree(EXAMPLES / "reader", folder.parent / "reader", dirs_exist_ok=True)
    (folder / "schema.json").write_bytes(api.schema())
    bin = folder / "node_modules" / ".bin"
    made = run(folder, bin / "openapi-typescript", "schema.json", "-o", "api.d.ts")
    assert made.returncode == 0, made.stdout + made.stderr
    built = run(folder, bin / "tsc")
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture
def stories(db):
    mara, photo = newsroom.person(), newsroom.photo()
    Appearance.objects.create(person=mara, photo=photo)
    for number in range(3):
        newsroom.article(f"Premiere {number}", lead=photo, people=[mara]).publish(now=timezone.now())


def test_the_example_compiles_strictly_and_reads_and_writes(workshop, live_server, stories):
    editor = get_user_model().objects.create_superuser("editor", "editor@example.com", "a long password")
    _, words = ApiToken.objects.issue(editor, name="Typed client")
    done = run(workshop, "node", "out/typescript/front.js", live_server.url, TOKEN=words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["listed"] == ["premiere-2", "premiere-1", "premiere-0"]
    assert "<h1>Premiere 2</h1>" in found["page"] and "And then the lights went <strong>down</strong>" in found["page"]
    assert "Photo by Petra Lindqvist/Getty Images for StreamCo" in found["page"]
    assert found["second_time"] == 304 and found["photos_of_person"] == 1 and found["resolved"] == "article"
    assert found["found"][0] == "<mark>Premiere</mark> <mark>2</mark>" and found["missing"] == 404
    assert found["refusal"]["parameter"] == "kind" and "news" in found["refusal"]["allowed"]
    assert found["written"] == "Exclusive" and Article.objects.get(headline="A wire story").live_edition()


def test_a_loader_of_next_image_names_pictures_that_are_there(workshop, live_server, stories, client, settings):
    settings.PUBLIC_URL = live_server.url
    Photo.objects.get().make_renditions(formats=("webp", "jpg"))
    done = run(workshop, "node", "out/typescript/front.js", live_server.url)
    address = json.loads(done.stdout)["picture"]
    assert address.startswith(live_server.url) and address.endswith("/full-960.webp"), address
    answer = client.get(address.removeprefix(live_server.url))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/webp"


WRONG = """
import type { components } from "./api.js";
export const headline = (article: components["schemas"]["Article"]) => article.headlin;
export const cite = (block: components["schemas"]["ParagraphBlock"]) => block.cite;
"""


def test_what_the_schema_does_not_know_does_not_compile(workshop):
    wrong = workshop / "wrong.ts"
    wrong.write_text(WRONG)
    try:
        done = run(workshop, workshop / "node_modules" / ".bin" / "tsc", "--noEmit")
    finally:
        wrong.unlink()
    assert done.returncode and "headlin" in done.stdout and "'cite' does not exist" in done.stdout


def test_what_the_documentation_says_of_types_compiles(workshop):
    page = (EXAMPLES.parent / "api.md").read_text()
    blocks = [block for block in re.findall(r"```ts\n(.*?)```", page, re.DOTALL) if block.startswith("import")]
    assert len(blocks) == 2
    written = [workshop / f"page_{number}.ts" for number in range(len(blocks))]
    try:
        for path, block in zip(written, blocks, strict=True):
            path.write_text(block)
        done = run(workshop, workshop / "node_modules" / ".bin" / "tsc", "--noEmit")
    finally:
        for path in written:
            path.unlink()
    assert done.returncode == 0, done.stdout


def test_every_version_is_pinned():
    wanted = json.loads((EXAMPLES / "typescript" / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    assert all(version[0].isdigit() for version in versions)
