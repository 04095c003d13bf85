"""Clients that others generate from the schema: compiled strictly, run, and not broken by kinds and blocks of tomorrow.

Some minutes, of which most go into fetching the generators: MARQUEE_LONG=1, or `.ci/long`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from articles.models import LiveDocument
from cms import api

from . import newsroom
from .npm_packages import fetched

LONG = bool(os.environ.get("MARQUEE_LONG"))
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not LONG, reason="Takes minutes: MARQUEE_LONG=1."),
]
HERE = Path(__file__).parent / "foreign_clients"
POLL = {"id": "poll-1", "type": "poll", "question": "Who wore it best?", "options": ["Left", "Right"]}
GENERATE = [
    ["node_modules/.bin/openapi-typescript", "schema.json", "-o", "made/openapi.ts"],
    ["node_modules/.bin/openapi-ts", "-i", "schema.json", "-o", "made/hey", "-p", "@hey-api/client-fetch",
     "@hey-api/typescript", "@hey-api/sdk"],
    ["node_modules/.bin/orval", "--config", "orval.config.mjs"],
    ["venv/bin/openapi-python-client", "generate", "--path", "schema.json", "--meta", "none", "--output-path", "made/marquee"],
]  # fmt: skip
CLIENTS = {
    "openapi-typescript and openapi-fetch": ["node", "out/openapi_fetch.js"],
    "hey-api": ["node", "out/hey_api.js"],
    "orval and zod": ["node", "out/orval_zod.js"],
    "openapi-python-client": ["venv/bin/python", "python_client.py"],
}


def run(folder: Path, command: list[str]) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=560, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{(done.stdout + done.stderr)[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def workshop() -> Path:
    """Everything generated from today's schema and compiled, in a folder where nothing is kept."""
    folder = fetched(HERE)
    (folder / "schema.json").write_bytes(api.schema())
    venv = folder / "venv"
    run(folder, [sys.executable, "-m", "venv", "--clear", str(venv)])
    installed = subprocess.run(
        [venv / "bin/pip", "install", "-q", "-r", "requirements.txt"],
        cwd=folder, capture_output=True, text=True, timeout=560, check=False,
    )  # fmt: skip
    if installed.returncode:
        pytest.skip(f"pip could not fetch openapi-python-client: {installed.stderr[-300:]}")
    (folder / "made").mkdir()
    for command in GENERATE:
        run(folder, command)
    run(folder, ["node_modules/.bin/tsc"])
    run(folder, ["venv/bin/mypy", "--config-file=", "--strict", "--follow-imports=silent", "python_client.py"])
    return folder


@pytest.fixture
def story(db) -> str:
    """The slug of a story with every kind of block there is, stored with a kind and a block that no client knows."""
    photos = [newsroom.photo(seed=number) for number in range(3)]
    gallery = "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos[1:])
    body = (
        newsroom.body(photos[0]) + "<ul><li>One<ol><li>Below</li></ol></li></ul><hr>"
        "<blockquote><p>Somebody said so.</p></blockquote><aside data-pull-quote=''><p>A line to remember.</p></aside>"
        f"<div data-embed='https://www.youtube.com/watch?v=abcdefghijk'></div><div data-gallery=''>{gallery}</div>"
    )
    story = newsroom.article("Everything at once", lead=photos[0], people=[newsroom.person()], body=body)
    story.publish()
    stored = LiveDocument.objects.get(status=200).bytes
    whole, card = json.loads(stored.document_json), json.loads(stored.card)
    stored.document_json = json.dumps(whole | {"kind": "podcast", "body": [*whole["body"], POLL], "mood": "glad"})
    stored.card = json.dumps(card | {"kind": "podcast"})
    stored.save()
    return story.slug


@pytest.mark.parametrize("name", CLIENTS)
def test_a_generated_client_reads_what_its_schema_did_not_know(workshop, live_server, story, name):
    found = json.loads(run(workshop, [*CLIENTS[name], live_server.url, story]))
    assert found["listed"] == ["podcast"] and found["kind"] == "podcast"
    assert found["others"] == ["poll"] and found["blocks"] > 9
    assert found["words"][0] == "The film opens on Friday. Everybody came."


def test_every_version_is_pinned():
    wanted = json.loads((HERE / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    assert all(version[0].isdigit() for version in versions)
    assert all("==" in line for line in (HERE / "requirements.txt").read_text().split())
