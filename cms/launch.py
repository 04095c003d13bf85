"""`make run`: prepare the database, then keep web server and worker running until Ctrl-C.

Both are forked from this process, so that what it has loaded is neither loaded nor kept in memory three times. It
passes the end on to them and waits: nothing stays behind.
"""

import argparse
import gc
import hashlib
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path

import django

from . import environment, serving

GRACE_SECONDS = 10
ROOT = Path(__file__).resolve().parent.parent
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    options = read_arguments()
    if is_taken(options.host, options.port):
        return fail(f"Port {options.port} is in use by another program. Choose another: make run PORT=8001")
    stop = Stop()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    try:
        environment.read_file(ROOT / ".env")
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        os.environ.setdefault("PUBLIC_URL", home(options))
        django.setup()
        prepare()
        return serve(options, stop)
    except environment.WrongSetting as error:
        return fail(str(error))
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


def home(options: argparse.Namespace) -> str:
    """Return the address a browser on this machine opens; a server on all its addresses is also on localhost."""
    here = options.host in {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 - asked of, not bound
    host = "localhost" if here else f"[{options.host}]" if ":" in options.host else options.host
    return f"http://{host}:{options.port}"


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

    def __init__(self) -> None:
        self.asked, self.interrupts = False, True
        for number in ENDING:
            signal.signal(number, self.ask)

    def ask(self, *_: object) -> None:
        self.asked = True
        if self.interrupts:
            raise Stopped


def prepare() -> None:
    """Bring database, static files and demo up to date."""
    from django.core.management import call_command

    # Only now are apps loaded.
    from articles.demo import loading

    call_command("migrate", verbosity=0, interactive=False)
    follow_address()
    collect_static()
    loading.sign_up("admin", is_superuser=True)
    if not loading.is_loaded():
        load_demo()


def follow_address() -> None:
    """Have documents built anew where readers reach this server elsewhere than last time: pictures begin with that."""
    from django.conf import settings
    from django.utils import timezone

    # Only now are apps loaded.
    from articles.models import LiveDocument

    stamp = settings.VAR_DIR / ".public_url"
    if not stamp.exists() or stamp.read_text() != settings.PUBLIC_URL:
        LiveDocument.objects.all().mark_stale(timezone.now())
        stamp.write_text(settings.PUBLIC_URL)


def load_demo() -> None:
    """Load the demo in a child: drawing takes much memory, which a process gives back only by ending."""
    child = start("demo", manage, "load_demo")
    try:
        child.join()
    finally:
        end([child])
    if child.exitcode:
        sys.exit(fail("The demo could not be loaded; see above. Run it again to go on."))


def collect_static() -> None:
    """Collect the static files unless none has changed since the last time: naming and packing them takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest.hexdigest())


def serve(options: argparse.Namespace, stop: Stop) -> int:
    """Run both servers until somebody asks to stop or one of them ends by itself."""
    stop.interrupts = False
    children = {
        "web server": start("web server", serving.serve, options.host, options.port),
        "worker": start("worker", manage, "worker"),
    }
    try:
        login = administrator()
        if wait_until_up(options, children, stop):
            welcome(options, login)
        while not stop.asked and all(child.is_alive() for child in children.values()):
            time.sleep(0.2)
        ended = [name for name, child in children.items() if not child.is_alive()]
        return fail(f"The {ended[0]} ended by itself; see above.") if ended and not stop.asked else 0
    finally:
        end(children.values())


def administrator() -> tuple[str, str]:
    """Return the administrator's name, and the password this launcher gave while it is still the one in force."""
    from django.contrib.auth import get_user_model

    # Only now are apps loaded.
    from articles.demo import loading

    password = loading.logins().get("admin", "")
    admin = get_user_model().objects.get(username="admin")
    return admin.get_username(), password if admin.check_password(password) else ""


def manage(command: str) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", command])


def start(name: str, work: Callable, *arguments: object) -> BaseProcess:
    from django import urls
    from django.db import connections

    # Whatever both need is loaded before they part; a connection may not be shared.
    urls.get_resolver().url_patterns  # noqa: B018
    connections.close_all()
    gc.freeze()
    child = multiprocessing.get_context("fork").Process(target=become, args=(work, arguments), name=name)
    child.start()
    return child


def become(work: Callable, arguments: tuple) -> None:
    """Do the work of a child. In a session of its own: Ctrl-C reaches the launcher alone, which ends its children in
    order."""
    os.setsid()
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    os.chdir(ROOT)
    work(*arguments)


def wait_until_up(options: argparse.Namespace, children: dict, stop: Stop) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not stop.asked and all(child.is_alive() for child in children.values()):
        try:
            socket.create_connection((options.host, options.port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def welcome(options: argparse.Namespace, login: tuple[str, str]) -> None:
    name, password = login
    address = home(options)
    told = f"password {password}" if password else "with the password you gave it"
    print(
        f"""
Marquee is running:  {address}/admin/

  Sign in as {name}, {told}
  (colleagues with other roles: var/logins.json)

Three things to try
  1. Read what front ends get:      curl {address}/api/v1/articles/
  2. Correct a credit in the admin, and ask for the article again: it has changed already.
  3. Import a story:                {sys.executable} manage.py import_articles articles/demo/stories/*.txt --dry-run

Ctrl-C stops everything.""",
        flush=True,
    )


def end(children: Iterable[BaseProcess]) -> None:
    """Ask every child's whole process group to end; whoever does not within the grace is killed."""
    for child in children:
        tell(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.join(max(0.1, deadline - time.monotonic()))
        if child.is_alive():
            tell(child, signal.SIGKILL)
            child.join()


def tell(child: BaseProcess, number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
