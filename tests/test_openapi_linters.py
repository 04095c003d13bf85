"""The schema as two linters of OpenAPI see it: nothing to mend, and what is not asked of it is named with its reason."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from cms import api

from .npm_packages import fetched

HERE = Path(__file__).parent / "data" / "api_linters"
LINTERS = {
    "spectral": ["spectral", "lint", "schema.json", "--ruleset", "spectral.yaml", "--format", "json", "--quiet"],
    "redocly": ["redocly", "lint", "schema.json", "--config", "redocly.yaml", "--format", "json"],
}
# Redocly asks its house for news and tells it of the run otherwise.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


@pytest.fixture(scope="module")
def workshop() -> Path:
    """The linters, beside today's schema, in a folder where nothing is kept."""
    folder = fetched(HERE)
    (folder / "schema.json").write_bytes(api.schema())
    return folder


def findings(folder: Path, name: str) -> list[str]:
    """Return what a linter has to say, warnings and hints too."""
    program, *arguments = LINTERS[name]
    done = subprocess.run(
        [folder / "node_modules" / ".bin" / program, *arguments],
        cwd=folder, env=os.environ | QUIET, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.strip(), done.stderr
    found = json.loads(done.stdout)
    if name == "spectral":
        return [f"{each['code']}: {'/'.join(map(str, each['path']))}" for each in found]
    return [f"{each['ruleId']}: {each['location'][0].get('pointer')}" for each in found["problems"]]


@pytest.mark.parametrize("name", LINTERS)
def test_a_linter_finds_nothing(workshop, name):
    assert findings(workshop, name) == []


@pytest.mark.parametrize("name", LINTERS)
def test_a_linter_would_find_what_is_wrong(workshop, name):
    whole = workshop / "schema.json"
    good = whole.read_bytes()
    wrong = json.loads(good)
    wrong["paths"]["/api/v1/articles/"]["get"]["operationId"] = "getArticle"
    try:
        whole.write_text(json.dumps(wrong))
        assert any("operation" in each for each in findings(workshop, name))
    finally:
        whole.write_bytes(good)


@pytest.mark.parametrize("name", LINTERS)
def test_what_a_linter_may_not_say_has_its_reason(name):
    lines = (HERE / f"{name}.yaml").read_text().splitlines()
    silenced = [number for number, line in enumerate(lines) if re.match(r"  [a-z0-9-]+: (off|warn|hint)", line)]
    assert silenced and all(lines[number - 1].startswith("  # ") for number in silenced)


@pytest.mark.django_db
def test_the_schema_says_who_needs_a_token_and_the_server_agrees():
    checked = 0
    for path, item in json.loads(api.schema())["paths"].items():
        address = re.sub(r"\{id\}", "00000000-0000-0000-0000-000000000000", path)
        address = re.sub(r"\{(year|month)\}", "1", address)
        address = re.sub(r"\{[a-z_]+\}", "x", address)
        for method, operation in item.items():
            answer = Client().generic(method.upper(), address, "{}", "application/json")
            assert (answer.status_code == 401) == (operation["security"] != []), (method, path, answer.status_code)
            checked += 1
    assert checked > 20
