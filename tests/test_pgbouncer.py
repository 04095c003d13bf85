"""Behind PgBouncer in transaction pooling: everything that a newsroom does works, and connections are shared."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from .own_house import run

ROOT = Path(__file__).resolve().parent.parent
PGBOUNCER = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
DAY_OF_A_NEWSROOM = """
from django.test import Client
from tests import newsroom
from django.utils import timezone
from articles.models import Article, LiveDocument
client = Client(HTTP_HOST="localhost")
for number in range(12):
    story = newsroom.article(f"Behind a pooler {number}", lead=newsroom.photo(seed=number))
    story.publish()
    assert client.get("/api/v1/articles/").status_code == 200
    assert client.get(f"/api/v1/articles/{story.slug}/").json()["headline"] == story.headline
    assert client.get("/api/v1/search/?q=pooler").status_code == 200
print(LiveDocument.objects.live(timezone.now()).count())
"""


@pytest.fixture
def pooler(own_house, tmp_path):
    """The address of a PgBouncer with a single connection to this newsroom's database."""
    if connection.vendor != "postgresql":
        pytest.skip("PgBouncer stands in front of PostgreSQL; this is SQLite.")
    if PGBOUNCER is None:
        pytest.skip("PgBouncer is not installed.")
    database = urlsplit(own_house["DATABASE_URL"])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    name, user = database.path.strip("/"), database.username or os.environ.get("PGUSER") or "root"
    host = database.hostname or "/var/run/postgresql"
    (tmp_path / "users").write_text(f'"{user}" ""\n')
    (tmp_path / "pgbouncer.ini").write_text(
        f"[databases]\n{name} = host={host} port={database.port or 5432} dbname={name} user={user}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\nauth_file = {tmp_path}/users\n"
        f"pool_mode = transaction\ndefault_pool_size = 1\nunix_socket_dir =\nlogfile = {tmp_path}/log\n"
    )
    # It refuses to run as root.
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    tmp_path.chmod(0o777)
    for folder in list(tmp_path.parents)[:3]:
        folder.chmod(folder.stat().st_mode | 0o755)
    process = subprocess.Popen([PGBOUNCER, "-q", *as_nobody, str(tmp_path / "pgbouncer.ini")])
    wait_for(port, process)
    yield f"postgres://{user}@127.0.0.1:{port}/{name}"
    process.terminate()
    process.wait(10)


def wait_for(port, process):
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "PgBouncer ended at once."
        time.sleep(0.1)


def test_newsroom_works_with_transactions_pooled(own_house, pooler):
    env = own_house | {"DATABASE_URL": pooler, "DATABASE_POOLER": "transaction", "DATABASE_CONN_MAX_AGE": "0"}
    assert run(env, DAY_OF_A_NEWSROOM) == "12"


def test_statements_that_are_kept_fail_behind_it_without_the_setting(own_house, pooler):
    env = own_house | {"DATABASE_URL": pooler, "DATABASE_CONN_MAX_AGE": "0"}
    with pytest.raises(AssertionError):
        run(env, "from articles.models import Article; print(Article.objects.count())")
