"""`make run`: one command starts the web server and the worker, and nothing of it stays behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from .own_house import ROOT, run

PORT = 8957


@pytest.fixture
def launched(own_house, tmp_path):
    """A running Marquee whose demo counts as loaded: drawing it takes minutes."""
    env = own_house | {"VAR_DIR": str(tmp_path)} if "postgres" in own_house["DATABASE_URL"] else own_house
    run(env, "from django.utils import timezone\nfrom articles.demo import loading\nfrom articles.models import AuditEntry\nAuditEntry.record(loading.LOADED, at=timezone.now())")  # fmt: skip
    launcher = subprocess.Popen(
        [sys.executable, "-m", "cms.launch", "--port", str(PORT)], cwd=ROOT, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = ""
    for line in launcher.stdout:
        said += line
        if "Ctrl-C stops everything" in line:
            break
    yield launcher, said, env
    # Asked, not killed: the servers of a launcher that cannot end them go on.
    launcher.terminate()
    launcher.wait(30)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found] + [grandchild for child in found for grandchild in children(int(child))]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(question, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := question()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_one_command_starts_both_servers_and_ends_both(launched):
    launcher, said, env = launched
    assert f"Marquee is running:  http://localhost:{PORT}/admin/" in said
    assert "Warning" not in said
    assert "Sign in as admin, password " in said
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz") as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/admin/login/") as answer:
        page = answer.read().decode()
    style = next(word.split('"')[1] for word in page.split("href=")[1:] if ".css" in word)
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{style}") as answer:
        assert answer.status == 200
    assert until(lambda: "True" in run(env, "from articles.models import Heartbeat\nprint(Heartbeat.objects.filter(name__startswith='worker ').exists())"))  # fmt: skip
    family = children(launcher.pid)
    assert len(family) >= 4, "web server, its workers, the worker"
    launcher.send_signal(signal.SIGTERM)
    assert launcher.wait(30) == 0
    assert not [pid for pid in family if is_running(pid)]
    assert (Path(env["VAR_DIR"]) / "static" / ".collected").exists(), os.listdir(env["VAR_DIR"])
