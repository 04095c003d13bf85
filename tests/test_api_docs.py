"""docs/api.md is run: its examples against a server, its tables against the code."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from articles.api import query_string
from articles.models import Article

from . import newsroom

PAGE = Path(settings.BASE_DIR) / "docs" / "api.md"
EXAMPLES = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_every_curl_example_of_the_page_works(live_server, tmp_path):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed.")
    newsroom.article("The Glass Orchard opens", people=[newsroom.person()]).publish(now=timezone.now())
    assert len(EXAMPLES) >= 6
    for example in EXAMPLES:
        script = f"API={live_server.url}/api/v1\nset -e\n{example.replace('curl ', 'curl -sS ')}"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert done.returncode == 0 and done.stdout, (example, done.stderr)
        assert ('"status": 400' in done.stdout) == ("kind=novel" in example), (example, done.stdout)
        if "If-None-Match" in example:
            assert done.stdout.strip() == "304"


def test_the_page_names_every_parameter_and_kind():
    text = PAGE.read_text()
    for name in (*query_string.LIST, "fields", "expand", *Article.Kind.values):
        assert f"`{name}`" in text, name
