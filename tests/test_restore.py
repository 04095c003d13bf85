"""The restore drill: the very commands of docs/operating.md, on a newsroom that loses everything it has."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.db import connection

from .own_house import ROOT, environment, manage, run

PAGE = (ROOT / "docs" / "operating.md").read_text()

STORIES = """
from datetime import timedelta
from django.utils import timezone
from articles.models import LiveDocument
from articles.live import refresh
from media import tasks
from media.models import Right
from tests import newsroom

now = timezone.now() - timedelta(minutes=10)
people, works = [newsroom.person(), newsroom.person("Tobias Renn")], [newsroom.work()]
photos = [newsroom.photo(seed=1), newsroom.photo(line="REUTERS/Tom Vale", seed=2), newsroom.photo(seed=3)]
Right.objects.create(photo=photos[2], effect="allow", until=now + timedelta(days=30))
plain = newsroom.article("Plain", lead=photos[0], photos=photos, people=people, works=works, tags=[newsroom.tag()])
plain.publish(now=now)
linked = newsroom.article("Linked")
linked.body += f'<p>See <a href="article:{plain.pk}">the other story</a>.</p>'
linked.save()
linked.publish(now=now, ends=timezone.now() + timedelta(days=9))
plain.headline = "Plain, corrected"
plain.save()
plain.publish(now=now, kind="correction", public_note="An earlier version was wrong.")
plain.headline = "Plain, to come"
plain.save()
plain.publish(now=now, at=timezone.now() + timedelta(days=3))
plain.move(slug="plain-as-can-be", now=now)
gone = newsroom.article("Gone", photos=photos[:1])
gone.publish(now=now - timedelta(hours=1))
gone.withdraw(reason="a mistake", now=now, redirect_to="plain-as-can-be")
killed = newsroom.photo(seed=4)
newsroom.article("Without its photo", lead=killed).publish(now=now)
killed.kill(by=None, reason="a notice", at=now)
newsroom.article("A draft", lead=newsroom.photo(seed=5)).record()
tasks.make_renditions.call(str(photos[0].pk))
for key in LiveDocument.objects.stale(timezone.now()).values_list("pk", flat=True):
    refresh.refresh(key, timezone.now())
LiveDocument.objects.past(timezone.now()).delete()
"""

# Everything a reader can ask for, each answer as its status, its etag and a digest of its bytes. Who follows updates is
# told of every rebuilt story again: what is told counts there, not when. Updates settle for five seconds.
ANSWERS = """
import hashlib, json, re, time, time_machine
from django.conf import settings
from django.test import Client
from articles.models import Author, LiveDocument, Person, Section, Tag, Work
from media.models import Rendition

settings.ALLOWED_HOSTS = ["*"]
time_machine.travel(time.time() + 10).start()
client = Client(headers={"X-Request-ID": "the-restore-drill"})
api = "/api/v1"
lists = ["articles/", "articles/?kind=news", "articles/?person=mara-okonjo", "search/?q=red+carpet", "people/", "works/",
         "sections/", "tags/", "authors/", "updates/?since=2020-01-01", "resolve/?path=/film/gone/"]
places = [f"{api}/{name}" for name in lists]
places += [f"{api}/articles/{slug}/" for slug in LiveDocument.objects.values_list("slug", flat=True)]
for noun, model in {"people": Person, "works": Work, "sections": Section, "tags": Tag, "authors": Author}.items():
    places += [f"{api}/{noun}/{slug}/" for slug in model.objects.values_list("slug", flat=True)]
places += [f"/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
places += ["/sitemap.xml", *re.findall(r"<loc>https?://[^/]+(/[^<]+)</loc>", client.get("/sitemap.xml").content.decode())]
places += [f"/photos/{row.photo_id}/{row.version}/{row.name}" for row in Rendition.objects.all()]
found = {"the secret key": hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()}
for place in sorted(set(places)):
    answer = client.get(place)
    body = answer.getvalue()
    if "/updates/" in place:
        told = [sorted((row | {"changed_at": ""}).items()) for row in json.loads(body)["results"]]
        body, answer["ETag"] = repr(sorted(told, key=repr)).encode(), ""
    found[place] = [answer.status_code, answer.get("ETag", ""), hashlib.sha256(body).hexdigest()]
print(json.dumps(found))
"""


@pytest.fixture
def house(tmp_path):
    """A newsroom with stories in every situation, and the variables the page's commands use."""
    name, url = f"drill_{os.getpid()}", ""
    if connection.vendor == "postgresql":
        url = f"postgres:///{name}"
        subprocess.run(["createdb", name], check=True)
    var = tmp_path / "var"
    var.mkdir()
    env = environment(var, url) | {
        "BACKUP": str(tmp_path / "backup"), "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}",
        "DATABASE": name,
    }  # fmt: skip
    del env["SECRET_KEY"]
    manage(env, "migrate", "-v0")
    run(env, STORIES)
    yield env
    if url:
        subprocess.run(["dropdb", "--force", "--if-exists", name], check=True)


def commands(title: str) -> str:
    """Return the shell commands under a heading of the page for the database of this run."""
    section = PAGE.split(f"\n### {title}\n")[1].split("\n#")[0]
    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    return re.search(rf"{database}:\n\n```sh\n(.*?)```", section, re.DOTALL)[1]


def shell(env: dict, script: str) -> None:
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def wipe(env: dict) -> None:
    shutil.rmtree(env["VAR_DIR"])
    if connection.vendor == "postgresql":
        subprocess.run(["dropdb", "--force", env["DATABASE"]], check=True)


def answers(env: dict) -> dict:
    return json.loads(run(env, ANSWERS).splitlines()[-1])


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("sqlite3"), reason="The drill needs sqlite3 on the path (Debian: sqlite3).")
def test_restored_newsroom_gives_readers_the_same_bytes(house):
    before = answers(house)
    statuses = [answer[0] for answer in before.values()]
    assert {200, 301, 404, 410} <= set(statuses), sorted(set(statuses))
    assert statuses.count(200) > 40
    shell(house, commands("Back up"))
    wipe(house)
    shell(house, commands("Restore"))
    after = answers(house)
    assert [place for place in before | after if before.get(place) != after.get(place)] == []
