"""The image and the compose file, read as an engine would read them; the image's own steps are run here."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from .own_house import ROOT, manage
from .test_settings import settings_read

PORT = 8955


def instructions(path: Path = ROOT / "Dockerfile") -> list[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(number for number, (name, _) in enumerate(found) if name == "FROM") :]


def told(stage, name: str) -> list[str]:
    return [value for each, value in stage if each == name]


def environment_of_the_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for value in told(last_stage(), "ENV") for pair in shlex.split(value))


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


# What a linter would say


def test_bases_are_pinned_and_the_same():
    bases = {value.split(" AS ")[0] for value in told(instructions(), "FROM")}
    assert bases == {"python:3.11-slim-bookworm"}


def test_image_runs_as_a_user_who_may_write_its_volume_only():
    stage = last_stage()
    names = [name for name, _ in stage]
    assert told(stage, "USER") == ["marquee"]
    assert names.index("USER") > max(number for number, name in enumerate(names) if name in ("COPY", "RUN"))
    assert "--chown" not in "".join(told(stage, "COPY"))
    assert told(stage, "VOLUME") == [environment_of_the_image()["VAR_DIR"]]


def test_commands_need_no_shell_and_nothing_is_fetched_from_an_address():
    found = instructions()
    assert not told(found, "ADD")
    for name in ("RUN", "CMD", "ENTRYPOINT"):
        assert all(isinstance(json.loads(value), list) for value in told(found, name))
    assert len(told(last_stage(), "CMD")) == 1


def test_no_key_and_no_password_is_in_the_image():
    assert not [name for name in environment_of_the_image() if re.search("KEY|PASSWORD|TOKEN|SECRET", name)]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".env", ".venv", "var"} <= set(ignored)


def test_copied_files_exist_and_requirements_come_before_the_code():
    copies = [value.split() for value in told(instructions(), "COPY") if not value.startswith("--from")]
    assert all((ROOT / source).exists() for copy in copies for source in copy[:-1])
    assert copies[0][0] == "requirements.txt"
    assert copies[-1] == [".", "."]


def test_health_is_asked_of_readyz():
    (check,) = told(last_stage(), "HEALTHCHECK")
    script = json.loads(check.split(" CMD ")[1])[1]
    assert "/readyz" in (ROOT / script).read_text()


def test_settings_of_image_and_compose_file_exist(compose):
    known = set(settings_read()) | {"PATH", "PYTHONUNBUFFERED"}
    assert set(environment_of_the_image()) <= known
    assert set(compose["x-marquee"]["environment"]) <= known
    # Whatever else stands in .env counts as well.
    assert compose["x-marquee"]["env_file"] == ".env"


def test_compose_starts_what_is_needed_in_order(compose):
    services = compose["services"]
    assert set(services) == {"database", "migrate", "web", "worker", "cache"}
    assert "ports" not in services["database"], "nobody outside talks to the database"
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["read_only"] is True
    assert services["cache"]["profiles"] == ["cache"]
    named = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    assert {name for name in named if not name.startswith("$")} == set(compose["volumes"])
    assert not [each["image"] for each in services.values() if ":" not in each["image"] and each["image"] != "marquee"]


def test_commands_of_the_compose_file_exist(compose):
    from django.core.management import get_commands

    commands = [service["command"] for service in compose["services"].values() if "command" in service]
    assert {command[2] for command in commands} <= set(get_commands()), commands
    assert {tuple(command[:2]) for command in commands} == {("python", "manage.py")}


# The steps, run


@pytest.fixture(scope="module")
def image(tmp_path_factory) -> Path:
    """What `docker build` would leave in /srv/marquee: every RUN of the build stage, in a copy of what is not ignored.

    Where everything is installed (MARQUEE_CI=1) the requirements are installed anew; elsewhere the present ones serve.
    """
    folder = tmp_path_factory.mktemp("image") / "marquee"
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("git is not installed, or this is no clone: there is no list of files to build from.")
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name in filter(None, listed.stdout.split("\0")):
        if not any(name == each or name.startswith(f"{each}/") for each in ignored) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    stage = instructions()[: -len(last_stage())]
    for command in map(json.loads, told(stage, "RUN")):
        if command[-1] == "dependencies" and not os.environ.get("MARQUEE_CI"):
            (folder / ".venv").symlink_to(Path(sys.prefix))
            continue
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr[-3000:])
    return folder


@pytest.mark.slow
@pytest.mark.django_db
def test_built_image_becomes_ready_and_serves_its_static_files(image, own_house, tmp_path):
    assert (image / "static" / "staticfiles.json").exists()
    given = environment_of_the_image()
    env = own_house | given | {"VAR_DIR": str(tmp_path), "STATIC_ROOT": str(image / "static"), "PYTHONPATH": ""}
    env["PATH"] = f"{image}/.venv/bin:{os.environ['PATH']}"
    command = [*json.loads(told(last_stage(), "CMD")[0])[1:-1], str(PORT)]
    check = json.loads(told(last_stage(), "HEALTHCHECK")[0].split(" CMD ")[1])[1]
    before = subprocess.run([sys.executable, check, str(PORT)], cwd=image, capture_output=True, text=True)
    assert before.returncode == 1
    manage(env, "migrate", "-v0")
    web = subprocess.Popen([f"{image}/.venv/bin/python", *command], cwd=image, env=env)
    try:
        deadline = time.monotonic() + 60
        while subprocess.run([sys.executable, check, str(PORT)], cwd=image, capture_output=True).returncode:
            assert web.poll() is None and time.monotonic() < deadline
            time.sleep(0.3)
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/admin/login/") as answer:
            style = re.search(r'href="(/static/[^"]+\.css)"', answer.read().decode())[1]
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{style}") as answer:
            assert "immutable" in answer.headers["Cache-Control"]
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait()
    assert not [path for path in (image / "cms").rglob("*.pyc") if "__pycache__" not in path.parts]
    assert {path.name for path in tmp_path.iterdir()} <= {"incoming", "metrics", "locks", "secret_key"}
