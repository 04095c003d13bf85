"""A read replica: two real PostgreSQL servers, streaming from one to the other, behind a real web server."""

import getpass
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

from cms import serving

from .own_house import ROOT, environment, manage, run

PRIMARY_PORT, REPLICA_PORT, WEB_PORT = 8951, 8952, 8953
BIN = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=Path(shutil.which("initdb") or "/none")).parent
API = f"http://127.0.0.1:{WEB_PORT}/api/v1"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="Only PostgreSQL has replicas."
    ),
    pytest.mark.skipif(not (BIN / "initdb").exists(), reason="initdb is missing (Debian: postgresql)."),
]

STORIES = """
from tests import newsroom
newsroom.article("Seen from afar", lead=newsroom.photo()).publish()
for number in range(5):
    newsroom.article(f"Another story {number}").publish()
"""


class Server:
    """One PostgreSQL server in a folder of its own. The database system refuses to run as root."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.log = folder.parent / f"{folder.name}.log"

    def command(self, name: str, *args: str) -> None:
        who = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
        done = subprocess.run([*who, str(BIN / name), *args], capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, (name, done.stderr[-2000:])

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder.parent}"
        more = "-c log_statement=all -c fsync=off -c shared_buffers=16MB -c max_wal_senders=4 -c autovacuum=off"
        # Without -W the command returns when the server answers; its output may not hold this process's pipes open.
        who = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
        subprocess.run(
            [*who, str(BIN / "pg_ctl"), "start", "-w", "-D", str(self.folder), "-l", str(self.log), "-o", f"{options} {more}"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        )  # fmt: skip

    def stop(self) -> None:
        if (self.folder / "postmaster.pid").exists():
            self.command("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder))

    def url(self, database: str = "marquee") -> str:
        return f"postgres://marquee@127.0.0.1:{self.port}/{database}"

    def ask(self, sql: str, database: str = "marquee"):
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None

    def reads(self) -> int:
        """Return how often live documents were read here."""
        lines = self.log.read_text(errors="replace").splitlines()
        return sum("SELECT" in line and "articles_livedocument" in line for line in lines)

    def writes(self) -> int:
        lines = self.log.read_text(errors="replace").splitlines()
        return sum("UPDATE" in line and "articles_livedocument" in line for line in lines)


@pytest.fixture(scope="module")
def servers():
    # pytest's own folders are closed to the user the database runs as.
    folder = Path(tempfile.mkdtemp(prefix="replica"))
    if getpass.getuser() == "root":
        shutil.chown(folder, "postgres")
    primary, replica = Server(folder / "primary", PRIMARY_PORT), Server(folder / "replica", REPLICA_PORT)
    try:
        primary.command("initdb", "-D", str(primary.folder), "-A", "trust", "-U", "marquee", "-N", "-E", "UTF8")
        primary.start()
        primary.ask("CREATE DATABASE marquee", "postgres")
        primary.command(
            "pg_basebackup", "-D", str(replica.folder), "-R", "-X", "stream", "-c", "fast", "-N",
            "-d", f"host=127.0.0.1 port={PRIMARY_PORT} user=marquee",
        )  # fmt: skip
        replica.start()
        yield primary, replica
    finally:
        replica.stop()
        primary.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def house(servers, tmp_path_factory):
    primary, replica = servers
    env = environment(tmp_path_factory.mktemp("house"), primary.url()) | {"ALLOWED_HOSTS": "127.0.0.1"}
    manage(env, "migrate", "-v0")
    run(env, STORIES)
    env |= {"DATABASE_REPLICA_URL": replica.url(), "METRICS_TOKEN": "a token of the tests"}
    web = subprocess.Popen([sys.executable, *serving.command(host="127.0.0.1", port=WEB_PORT)], cwd=ROOT, env=env)
    until(lambda: get("articles/")[0] == 200)
    yield env
    web.terminate()
    web.wait()


def get(path: str) -> tuple[int, dict]:
    try:
        with urllib.request.urlopen(f"{API}/{path}", timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
    except OSError:
        return 0, {}


def lag() -> float:
    """Return the lag that Prometheus is told of."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{WEB_PORT}/metrics", headers={"Authorization": "Bearer a token of the tests"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return float(re.search(r"^marquee_replica_lag_seconds (\S+)$", answer.read().decode(), re.MULTILINE)[1])


def until(question, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := question()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found, "It never happened."
    return found


def keeps_up(servers) -> bool:
    """Tell whether a reader's question is answered by the replica alone."""
    primary, replica = servers
    before = primary.reads(), replica.reads()
    assert get("articles/")[0] == 200
    return replica.reads() > before[1] and primary.reads() == before[0]


@contextmanager
def paused(replica):
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        yield
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")


@pytest.mark.parametrize(
    "path", ["articles/", "articles/seen-from-afar/", "articles/?section=film&kind=news", "search/?q=story"]
)
def test_readers_are_served_by_the_replica_alone(servers, house, path):
    primary, replica = servers
    until(lambda: keeps_up(servers))
    before = primary.reads(), replica.reads()
    status, found = get(path)
    assert status == 200, found
    assert "eadline" in str(found)
    assert replica.reads() > before[1]
    assert primary.reads() == before[0]


def test_stale_document_is_rendered_on_the_primary_and_served_from_there(servers, house):
    primary, replica = servers
    until(lambda: keeps_up(servers))
    primary.ask(
        "UPDATE articles_bestbefore SET refresh_at = now(), facts = facts + 1 FROM articles_livedocument document "
        "WHERE document.id = document_id AND slug = 'seen-from-afar'"
    )
    until(lambda: replica.ask("SELECT count(*) FROM articles_bestbefore WHERE refresh_at < now()") == 1)
    before = primary.writes()
    status, found = get("articles/seen-from-afar/")
    assert (status, found["headline"]) == (200, "Seen from afar")
    assert primary.writes() > before
    assert primary.ask("SELECT count(*) FROM articles_bestbefore WHERE refresh_at < now()") == 0


def test_what_the_replica_does_not_have_yet_is_asked_of_the_primary(servers, house):
    primary, replica = servers
    until(lambda: keeps_up(servers))
    with paused(replica):
        primary.ask("UPDATE articles_livedocument SET slug = 'newly-named' WHERE slug = 'another-story-0'")
        assert get("articles/newly-named/")[0] == 200
    primary.ask("UPDATE articles_livedocument SET slug = 'another-story-0' WHERE slug = 'newly-named'")


def test_replica_that_is_a_second_behind_is_left_alone_until_it_has_caught_up(servers, house):
    primary, replica = servers
    until(lambda: keeps_up(servers))
    with paused(replica):
        primary.ask("UPDATE articles_bestbefore SET facts = facts + 1")
        time.sleep(1.5)
        for _ in range(6):
            get("articles/")
            time.sleep(0.1)
        before = replica.reads()
        for path in ("articles/", "articles/seen-from-afar/"):
            assert get(path)[0] == 200
        assert replica.reads() == before
        assert lag() > 1
    until(lambda: keeps_up(servers))
    until(lambda: lag() < 1)


def test_service_goes_on_when_the_replica_stops_and_comes_back_to_it(servers, house):
    _, replica = servers
    until(lambda: keeps_up(servers))
    replica.stop()
    try:
        found = [get(path)[0] for _ in range(10) for path in ("articles/", "articles/seen-from-afar/")]
        assert found == [200] * 20
    finally:
        replica.start()
    until(lambda: keeps_up(servers))


def test_pictures_directory_and_updates_are_served_by_the_primary(servers, house):
    _, replica = servers
    until(lambda: keeps_up(servers))
    photo = get("articles/seen-from-afar/")[1]["lead"]["image"]["src"]
    before = replica.reads()
    assert urllib.request.urlopen(f"http://127.0.0.1:{WEB_PORT}{urlsplit(photo).path}").status == 200
    assert get("people/")[0] == 200
    assert get("updates/")[0] == get("sections/")[0] == 200
    assert replica.reads() == before


def test_replica_of_a_file_database_stops_the_start(tmp_path):
    env = environment(tmp_path) | {"DATABASE_REPLICA_URL": "postgres:///elsewhere"}
    done = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode
    assert "DATABASE_REPLICA_URL needs PostgreSQL on both sides" in done.stderr, os.fspath(tmp_path)
