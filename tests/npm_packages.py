"""Packages of npm that tests need: fetched once, in the versions of a committed lock, into var/ where nothing is kept."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

MADE = shutil.ignore_patterns("node_modules", ".next", "out", "made", "venv")


def fetched(folder: Path) -> Path:
    """Return a copy of a folder with a package-lock.json, its packages beside it. Skips where npm cannot fetch them."""
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed.")
    place = Path(settings.BASE_DIR) / "var" / "npm" / folder.name
    for old in place.glob("*"):
        if old.name != "node_modules":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    shutil.copytree(folder, place, dirs_exist_ok=True, ignore=MADE)
    lock, note = (folder / "package-lock.json").read_text(), place / "node_modules" / "fetched.json"
    if not note.exists() or note.read_text() != lock:
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=560)
        if done.returncode:
            pytest.skip(f"npm could not fetch what {folder.name} needs: {done.stderr.strip()[-300:]}")
        note.write_text(lock)
    return place
