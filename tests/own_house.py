"""A Marquee of its own for tests that need processes: a folder, a database, an environment, a server and a worker."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from cms import serving

from . import migrated
from .production_load import free_port

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
def empty_house(folder: Path, *, template: str = "template1") -> Iterator[dict[str, str]]:
    """Lend the environment of a Marquee without any table, on the same kind of database as the tests.

    On PostgreSQL it begins as a copy of `template`, where there is such a database.
    """
    if connection.vendor != "postgresql":
        yield environment(folder)
        return
    name = f"house_{os.getpid()}_{folder.name}".lower()
    if subprocess.run(["createdb", "-T", template, name], capture_output=True).returncode:
        subprocess.run(["createdb", name], check=True)
    yield environment(folder, f"postgres:///{name}")
    subprocess.run(["dropdb", "--force", name], check=True)


@contextmanager
def process(*command: str, env: dict[str, str], cwd: Path = ROOT) -> Iterator[None]:
    """Run a program beside the test, and end it afterwards."""
    running = subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until something answers there. Raises AssertionError when nothing does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=30)
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"Nothing answers at {address}.")


def with_address(env: dict[str, str]) -> dict[str, str]:
    """Return the environment of a Marquee that knows where it will answer: PUBLIC_URL, on a free port."""
    url = f"http://127.0.0.1:{free_port()}"
    return env | {"PUBLIC_URL": url, "ALLOWED_HOSTS": "127.0.0.1", "WEBHOOK_ALLOW_PRIVATE": "true"}


@contextmanager
def open_house(env: dict[str, str]) -> Iterator[None]:
    """Serve this Marquee where its PUBLIC_URL says, with a worker beside."""
    manage(env, "collectstatic", "--noinput", "-v0")
    port = int(env["PUBLIC_URL"].rpartition(":")[2])
    with ExitStack() as stack:
        for command in (serving.command(host="127.0.0.1", port=port), ["manage.py", "worker"]):
            stack.enter_context(process(sys.executable, *command, env=env))
        wait_for(f"{env['PUBLIC_URL']}/healthz")
        yield


@pytest.fixture(scope="module")
def own_house(tmp_path_factory):
    """The environment of a migrated Marquee of its own, on the same kind of database as the tests."""
    folder = tmp_path_factory.mktemp("house")
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "marquee.sqlite3")) as database:
            migrated.copy_into(database)
    with empty_house(folder, template=migrated.kept_name()) as env:
        manage(env, "migrate", "-v0")
        yield env
