"""`make run`: prepare the database, then keep web server and worker running until Ctrl-C.

Both are children of this process, which passes the end on to them and waits: nothing stays behind.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import django

from . import serving

GRACE_SECONDS = 10


def main() -> int:
    options = read_arguments()
    if is_taken(options.host, options.port):
        return fail(f"Port {options.port} is in use by another program. Choose another: make run PORT=8001")
    stop = Stop()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("PUBLIC_URL", f"http://{options.host}:{options.port}")
    try:
        django.setup()
        login = prepare()
        return serve(options, login, stop)
    except Stopped:
        return 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=port, default=8000)
    return parser.parse_args()


def port(text: str) -> int:
    if not (text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def is_taken(host: str, number: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            return True
    return False


class Stopped(Exception):
    """Ctrl-C or SIGTERM came before the servers were up."""


class Stop:
    """Remembers that somebody asked to stop; until the servers run, it interrupts what is being prepared."""

    def __init__(self):
        self.asked, self.interrupts = False, True
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask)

    def ask(self, *_):
        self.asked = True
        if self.interrupts:
            raise Stopped


def prepare() -> tuple[str, str]:
    """Bring database, static files and demo up to date; return the administrator's name and password."""
    from django.core.management import call_command

    from articles.demo import loading

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    admin = loading.sign_up("admin", is_superuser=True)
    call_command("load_demo")
    password = loading.logins().get("admin", "")
    return admin.get_username(), password if admin.check_password(password) else ""


def serve(options: argparse.Namespace, login: tuple[str, str], stop: Stop) -> int:
    """Run both servers until somebody asks to stop or one of them ends by itself."""
    stop.interrupts = False
    children = {name: start(command) for name, command in commands(options).items()}
    try:
        if wait_until_up(options, children, stop):
            welcome(options, login)
        while not stop.asked and all(child.poll() is None for child in children.values()):
            time.sleep(0.2)
        ended = [name for name, child in children.items() if child.poll() is not None]
        return fail(f"The {ended[0]} ended by itself; see above.") if ended and not stop.asked else 0
    finally:
        end(children.values())


def commands(options: argparse.Namespace) -> dict[str, list[str]]:
    from django.core.management import get_commands

    found = {"web server": [sys.executable, *serving.command(host=options.host, port=options.port)]}
    if "worker" in get_commands():
        found["worker"] = [sys.executable, "manage.py", "worker"]
    else:
        print("There is no worker in this version: renditions, webhooks and purges wait.")
    return found


def start(command: list[str]) -> subprocess.Popen:
    # A session of its own, so that Ctrl-C reaches this process alone, which then ends the children in order.
    return subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, start_new_session=True, cwd=Path(__file__).parent.parent
    )


def wait_until_up(options: argparse.Namespace, children: dict, stop: Stop) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not stop.asked and all(child.poll() is None for child in children.values()):
        try:
            socket.create_connection((options.host, options.port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def welcome(options: argparse.Namespace, login: tuple[str, str]) -> None:
    name, password = login
    home = f"http://{options.host}:{options.port}"
    told = f"password {password}" if password else "with the password you gave it"
    print(
        f"""
Marquee is running:  {home}/admin/

  Sign in as {name}, {told}
  (colleagues with other roles: var/logins.json)

Three things to try
  1. Read what front ends get:      curl {home}/api/v1/articles/
  2. Correct a credit in the admin, and ask for the article again: it has changed already.
  3. Import a story:                {sys.executable} manage.py import_articles articles/demo/stories/*.txt --dry-run

Ctrl-C stops everything.""",
        flush=True,
    )


def end(children) -> None:
    """Ask every child's whole process group to end; whoever does not within the grace is killed."""
    for child in children:
        tell(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            tell(child, signal.SIGKILL)
            child.wait()


def tell(child: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
