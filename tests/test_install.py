"""`make install`: whatever an earlier one left behind, the next one works, and says what it is doing."""

import fcntl
import os
import shutil
import subprocess
import sys

import pytest

from .own_house import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the installer beside requirements that ask for nothing."""
    folder = tmp_path_factory.mktemp("tree")
    (folder / "cms").mkdir()
    shutil.copy(ROOT / "cms" / "install.py", folder / "cms")
    (folder / "requirements.txt").write_text("# nothing\n")
    installed(folder)
    return folder


def install(tree):
    command = [sys.executable, "cms/install.py", "requirements.txt"]
    # Nothing is asked of an index: where a name is wanted, there is none.
    alone = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, env=alone)


def installed(tree) -> str:
    done = install(tree)
    assert done.returncode == 0, done.stderr
    subprocess.run([tree / ".venv" / "bin" / "python", "-c", "import pip"], check=True)
    return done.stdout


def test_a_second_time_has_nothing_to_do_nor_to_say(tree):
    assert installed(tree) == ""


def test_it_says_at_once_what_it_does(tree):
    (tree / "requirements.txt").write_text("# still nothing, in other words\n")
    assert installed(tree).startswith("Installing 0 packages of requirements.txt; this may take some minutes")


def without_pip(tree):
    shutil.rmtree(next((tree / ".venv").glob("lib/*/site-packages/pip")))


def without_interpreter(tree):
    python = tree / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/opt/a-python-that-was-uninstalled")


def half_done(tree):
    (tree / ".venv" / "installed").unlink()


@pytest.mark.parametrize(
    "damage",
    [without_pip, without_interpreter, half_done],
    ids=lambda damage: damage.__name__,
)
def test_what_is_broken_is_made_anew(tree, damage):
    damage(tree)
    litter = tree / ".venv" / "litter"
    litter.write_text("of before")
    assert installed(tree).startswith("Creating .venv")
    assert not litter.exists()
    assert installed(tree) == ""


def test_a_failure_says_where_its_reason_is_and_leaves_what_was_there(tree):
    before = (tree / "requirements.txt").read_text()
    kept = (tree / ".venv" / "installed").read_text()
    (tree / "requirements.txt").write_text(f"marquee-is-no-package==1 --hash=sha256:{'0' * 64}\n")
    failed = install(tree)
    assert failed.returncode == 1
    assert "marquee-is-no-package" in failed.stderr.splitlines()[0]
    assert failed.stderr.splitlines()[-1].startswith("requirements.txt could not be installed; the reason is above.")
    assert (tree / ".venv" / "installed").read_text() == kept
    (tree / "requirements.txt").write_text(before)
    assert installed(tree) == ""


def test_two_at_once_take_turns(tree):
    lock = os.open(tree, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    waiting = subprocess.Popen(
        [sys.executable, "cms/install.py", "requirements.txt"], cwd=tree, stdout=subprocess.PIPE, text=True
    )
    assert waiting.stdout.readline() == "Waiting for another installation to end …\n"
    assert waiting.poll() is None
    os.close(lock)
    assert waiting.wait(60) == 0
