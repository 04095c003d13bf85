"""A Marquee of its own for tests that need processes: a folder, a database, an environment."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent


def environment(folder: Path, url: str = "") -> dict[str, str]:
    """Return the environment of a Marquee that keeps everything in this folder."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings", "VAR_DIR": str(folder), "PYTHONPATH": str(ROOT), "LOG_LEVEL": "ERROR",
        "DATABASE_URL": url or f"sqlite:///{folder / 'marquee.sqlite3'}", "SECRET_KEY": "a key for tests only",
    }  # fmt: skip


def run(env: dict[str, str], code: str) -> str:
    """Run Python code in this Marquee and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def manage(env: dict[str, str], *args: str) -> subprocess.CompletedProcess:
    done = subprocess.run([sys.executable, "manage.py", *args], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@contextmanager
def empty_house(folder: Path) -> Iterator[dict[str, str]]:
    """Lend the environment of a Marquee without any table, on the same kind of database as the tests."""
    if connection.vendor != "postgresql":
        yield environment(folder)
        return
    name = f"house_{os.getpid()}_{folder.name}".lower()
    subprocess.run(["createdb", name], check=True)
    yield environment(folder, f"postgres:///{name}")
    subprocess.run(["dropdb", "--force", name], check=True)


@pytest.fixture(scope="module")
def own_house(tmp_path_factory):
    """The environment of a migrated Marquee of its own, on the same kind of database as the tests."""
    with empty_house(tmp_path_factory.mktemp("house")) as env:
        manage(env, "migrate", "-v0")
        yield env
