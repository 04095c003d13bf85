"""A production set-up, started from the documentation's own blocks: `python -m tests.production`, some minutes.

PostgreSQL, PgBouncer, two servers and a worker in the sandbox of the systemd unit, nginx in front, a mail server. Changed
is only what must be: names, ports, folders, the certificates. Then a password reset and the digest by mail, a hundred
uploads of 10 MB, and a restart of one server after the other while readers ask. Then the uploads move into an object
store, which expires, is busy and goes away. Needs root for the sandbox, and says what it had to go without.
"""

import argparse
import configparser
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from tests import production_weather
from tests.mail_catcher import Catcher, mail_catcher, make_certificate
from tests.object_store import Gate, object_store
from tests.own_house import ROOT, run
from tests.production_load import MEGABYTES, Desk, free_port, read_while, upload

NAME = f"production_{os.getpid()}"
PASSWORD = "only-for-this-run"
HOST = "cms.example.com"
# nginx tries a server that was away again only after this.
NGINX_FORGETS = 11
NOBODY = "65534"
STORIES = """
from django.contrib.auth import get_user_model
from tests import newsroom
for number in range(6):
    newsroom.article(f"A story of the evening {number}", lead=newsroom.photo(seed=number)).publish()
get_user_model().objects.create_superuser("desk", "desk@example.com", "only-for-this-run")
newsroom.photo(slot=True)
get_user_model().objects.create_superuser("nadia", "nadia@example.com", "the one I forgot")
"""
SANDBOX = """
mount --make-rprivate / && mount --bind "$WRITABLE" "$WRITABLE" || exit 99
[ "$PRIVATE_TMP" = no ] || mount -t tmpfs tmpfs /tmp || exit 99
awk '{print $2}' /proc/self/mounts | grep -Ev '^/(proc|sys|dev)(/|$)|^/tmp$' | grep -Fxv "$WRITABLE" | sort -u |
    while read -r mounted; do mount -o remount,bind,ro "$mounted" || exit 99; done || exit 99
exec "$@"
"""


def block(marker: str) -> str:
    """Return the one code block of docs/operating.md that holds this line."""
    found = [
        text
        for text in re.findall(
            r"^```\w+\n(.*?)^```", (ROOT / "docs/operating.md").read_text(), re.DOTALL | re.MULTILINE
        )
        if marker in text.splitlines()
    ]
    assert len(found) == 1, f"docs/operating.md has {len(found)} blocks with {marker}."
    return found[0]


def changed(text: str, *changes: tuple[str, str]) -> str:
    for there, here in changes:
        assert there in text, f"The sample no longer says {there.strip()!r}."
        text = text.replace(there, here)
    return text


def wait_until(is_so: Callable[[], bool], process: subprocess.Popen, what: str, seconds: int = 90) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert process.poll() is None, f"{what} ended at once."
        assert time.monotonic() < end, f"{what} did not answer within {seconds} seconds."
        time.sleep(0.1)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_ready(port: int) -> bool:
    """Return True once this server says that readers may come, as a balancer asks it."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        client.request("GET", "/readyz", headers={"Host": "localhost"})
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


@contextmanager
def database() -> Iterator[None]:
    subprocess.run(["psql", "-qd", "postgres", "-c", f"CREATE ROLE {NAME} LOGIN PASSWORD '{PASSWORD}'"], check=True)
    try:
        subprocess.run(["createdb", "-O", NAME, NAME], check=True)
        yield
    finally:
        subprocess.run(["dropdb", "--force", "--if-exists", NAME], check=True)
        subprocess.run(["dropuser", NAME], check=True)


@contextmanager
def running(command: list[str], log: Path, **more: object) -> Iterator[subprocess.Popen]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **more)
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def pooler(folder: Path) -> Iterator[int]:
    """Start PgBouncer with the block of the docs; yield its port."""
    port = free_port()
    (folder / "userlist.txt").write_text(f'"{NAME}" "{PASSWORD}"\n')
    text = changed(
        block("[pgbouncer]"),
        ("dbname=marquee", f"dbname={NAME}"),
        ("listen_port = 6432", f"listen_port = {port}"),
        ("/etc/pgbouncer/userlist.txt", f"{folder}/userlist.txt"),
    )
    (folder / "pgbouncer.ini").write_text(f"{text}unix_socket_dir =\n")
    # It refuses to run as root.
    as_nobody = ["-u", "nobody"] if os.geteuid() == 0 else []
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    with running([program, "-q", *as_nobody, str(folder / "pgbouncer.ini")], folder / "pgbouncer.log") as process:
        wait_until(lambda: answers(port), process, "PgBouncer")
        yield port


class Unit:
    """The systemd unit of the docs: what it starts, and as much of its sandbox as this machine allows."""

    def __init__(self, var: Path) -> None:
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str
        unit.read_string(block("[Service]").replace("/srv/marquee/var", str(var)))
        self.service, self.var = unit["Service"], var
        self.command = shlex.split(self.service["ExecStart"])[1:]
        assert self.service["ReadWritePaths"] == str(var)
        assert self.service["ProtectSystem"] == "strict"
        self.prefix = self.sandbox()

    def sandbox(self) -> list[str]:
        """Return the command in front of every process of the unit; empty where the machine refuses."""
        confined = ["unshare", "-m", "sh", "-c", SANDBOX, "sandbox"]
        as_user = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
        if self.service["NoNewPrivileges"] == "true":
            as_user.append("--no-new-privs")
        for prefix, name in (([*confined, *as_user], "mounts and user"), (confined, "mounts, but as root")):
            if self.holds(prefix):
                print(f"sandbox of the unit: {name}; private /tmp: {self.environment()['PRIVATE_TMP']}")
                return prefix
        print("sandbox of the unit: refused by this machine, so without it")
        return []

    def holds(self, prefix: list[str]) -> bool:
        """Return True if the code runs behind this prefix, may write its folder and nothing beside it."""
        shutil.chown(self.var, int(NOBODY), int(NOBODY))
        probe = (
            f"import pathlib, django; pathlib.Path({str(self.var)!r}, 'probe').touch()\n"
            f"try: pathlib.Path({str(ROOT)!r}, 'probe').touch()\n"
            "except OSError: print('confined')"
        )
        given = [*prefix, sys.executable, "-c", probe]
        done = subprocess.run(given, env=self.environment(), capture_output=True, text=True, cwd=ROOT)
        return done.stdout.strip() == "confined"

    def environment(self) -> dict[str, str]:
        wanted = self.service["PrivateTmp"] == "true" and not str(ROOT.resolve()).startswith("/tmp/")
        return os.environ | {"WRITABLE": str(self.var), "PRIVATE_TMP": "yes" if wanted else "no"}

    def start(self, env: dict[str, str], log: Path, *arguments: str) -> subprocess.Popen:
        command = [*self.prefix, sys.executable, *arguments]
        with log.open("ab") as out:
            return subprocess.Popen(command, env=self.environment() | env, cwd=ROOT, stdout=out, stderr=out)


class Server:
    """One of the two web servers."""

    def __init__(self, unit: Unit, env: dict[str, str], log: Path) -> None:
        self.unit, self.env, self.log, self.port = unit, env, log, free_port()
        self.start()

    def start(self) -> None:
        self.process = self.unit.start(self.env, self.log, *self.unit.command, "--port", str(self.port))
        wait_until(lambda: is_ready(self.port), self.process, "A server")

    def restart(self) -> float:
        """Stop and start it as `systemctl restart` does; return the seconds it was away."""
        began = time.monotonic()
        stop(self.process)
        self.start()
        return time.monotonic() - began


@contextmanager
def nginx(sample: Path, folder: Path, servers: list[Server]) -> Iterator[int]:
    """Start nginx with the sample and a certificate made for it; yield its port."""
    port, key, chain = free_port(), folder / "privkey.pem", folder / "fullchain.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}", "-days", "2"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(chain)], check=True, capture_output=True)
    text = changed(
        sample.read_text(),
        ("    listen 80;\n", ""),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/marquee/", f"{folder}/"),
        ("    server 127.0.0.1:8000;\n", "".join(f"    server 127.0.0.1:{each.port};\n" for each in servers)),
        ("/srv/marquee/var/uploads/", f"{servers[0].unit.var}/uploads/"),
    )
    own = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    head = f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{head}http {{\naccess_log off; {own}\n{text}\n}}\n")
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    with running([program, "-p", str(folder), "-c", str(folder / "nginx.conf")], folder / "nginx.log") as process:
        wait_until(lambda: answers(port), process, "nginx")
        yield port


def of_environment(marker: str) -> dict[str, str]:
    """Return the settings that a block of the docs gives in the file of the environment."""
    return dict(line.split("=", 1) for line in block(marker).splitlines())


def settings(var: Path, port: int, mail: Catcher, certificate: Path) -> dict[str, str]:
    mails = of_environment("EMAIL_URL=smtp://marquee:…@mail.example.com?tls")
    mails["EMAIL_URL"] = changed(mails["EMAIL_URL"], ("mail.example.com", f"127.0.0.1:{mail.port}"), ("…", "hunter2"))
    return mails | {
        "SSL_CERT_FILE": str(certificate),
        "DJANGO_SETTINGS_MODULE": "cms.settings", "PYTHONPATH": str(ROOT), "VAR_DIR": str(var), "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "a key for this run only, long enough", "ALLOWED_HOSTS": HOST, "HTTPS": "true",
        "PUBLIC_URL": f"https://{HOST}", "DATABASE_CONN_MAX_AGE": "0", "DATABASE_POOLER": "transaction",
        "DATABASE_URL": f"postgres://{NAME}:{PASSWORD}@127.0.0.1:{port}/marquee",
    }  # fmt: skip


def prepare(env: dict[str, str]) -> None:
    """Migrate on the direct address, as the docs say, and publish what readers will ask for."""
    direct = (
        os.environ
        | env
        | {"DATABASE_URL": f"postgres://{NAME}:{PASSWORD}@127.0.0.1:5432/{NAME}", "DATABASE_POOLER": "none"}
    )
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], env=direct, cwd=ROOT, check=True)
    run(os.environ | env, STORIES)
    for path in [*Path(env["VAR_DIR"]).rglob("*"), Path(env["VAR_DIR"])]:
        shutil.chown(path, int(NOBODY), int(NOBODY))


class House:
    """Everything together: two servers and a worker on one environment, nginx in front."""

    def __init__(self, stack: ExitStack, folder: Path, sample: Path) -> None:
        self.folder, var = folder, folder / "var"
        var.mkdir()
        self.unit = Unit(var)
        stack.enter_context(database())
        self.certificate = make_certificate(folder / "mail.pem")
        self.certificate.chmod(0o644)
        self.mail = stack.enter_context(mail_catcher("starttls", self.certificate))
        self.env = settings(var, stack.enter_context(pooler(folder)), self.mail, self.certificate)
        prepare(self.env)
        self.servers = []
        for number in range(2):
            self.servers.append(Server(self.unit, self.env, folder / f"server{number}.log"))
            stack.callback(lambda server=self.servers[-1]: stop(server.process))
        self.start_worker()
        stack.callback(lambda: stop(self.worker))
        self.port = stack.enter_context(nginx(sample, folder, self.servers))

    def start_worker(self) -> None:
        self.worker = self.unit.start(self.env, self.folder / "worker.log", "manage.py", "worker")

    def desk(self, name: str = "", password: str = PASSWORD) -> Desk:
        desk = Desk(self.port, HOST)
        return desk.sign_in(name, password) if name else desk

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        """Run a command as cron does, on this environment."""
        command = [*self.unit.prefix, sys.executable, "manage.py", *arguments]
        env = self.unit.environment() | self.env | more
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)

    def move_into(self, gate: Gate) -> None:
        """Copy the uploads into a bucket and start again with the settings of the docs."""
        given = of_environment("S3_BUCKET=newsroom")
        given["S3_ENDPOINT_URL"] = changed(given["S3_ENDPOINT_URL"], ("https://s3.example.com", gate.address))
        given |= {"S3_ACCESS_KEY_ID": "desk", "S3_SECRET_ACCESS_KEY": "only for this run"}
        for process in (self.worker, *(server.process for server in self.servers)):
            stop(process)
        self.env |= given
        run(os.environ | self.env, production_weather.MAKE_BUCKET)
        shutil.rmtree(self.unit.var / "uploads")
        for server in self.servers:
            server.start()
        self.start_worker()
        time.sleep(NGINX_FORGETS)


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.production", description=__doc__.splitlines()[0])
    arguments.add_argument("--nginx", type=Path, default=ROOT / "docs/nginx.conf", help="the sample to start")
    arguments.add_argument("--uploads", type=int, default=100)
    options = arguments.parse_args()
    (ROOT / "var").mkdir(exist_ok=True)
    # Not in /tmp, which the sandbox replaces; PgBouncer and the servers read it as another user.
    with tempfile.TemporaryDirectory(prefix="production-", dir=ROOT / "var") as name, ExitStack() as stack:
        Path(name).chmod(0o755)
        stack.push(partial(show_logs, Path(name)))
        house = House(stack, Path(name), options.nginx)
        mail(house)
        uploads = upload(house.desk("desk"), options.uploads)
        print(f"uploads of {MEGABYTES} MB: {uploads}")
        readers = read_while(house.port, HOST, lambda: restart_all(house.servers))
        print(f"readers during the restarts: {readers}")
        assert not uploads.failed, "Uploads failed."
        assert not readers.failed, "Readers failed."
        pictures_in_a_bucket(house, stack.enter_context(object_store()))


def mail(house: House) -> None:
    """A password reset and the digest arrive by both kinds of TLS; without a server there are sentences."""
    production_weather.reset_a_password(house.desk(), house.mail, "nadia", "an even longer one 7")
    with mail_catcher("implicit", house.certificate) as catcher:
        to = {"PHOTO_DESK_EMAIL": "photos@example.com", "EMAIL_URL": f"smtps://desk:hunter2@127.0.0.1:{catcher.port}"}
        done = house.manage("photo_desk_digest", **to)
        assert done.returncode == 0 and len(catcher.mails) == 1, done.stderr
        print(f"mail: the digest “{catcher.mails[0]['Subject']}” arrived by TLS from the start")
        catcher.refuses = "mail"
        done = house.manage("photo_desk_digest", **to)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        print(f"mail: refused, the digest says: {done.stderr.strip()}")
    house.mail.refuses = "login"
    production_weather.mail_is_away(house.desk(), "refuses the login")
    house.mail.stop()
    production_weather.mail_is_away(house.desk(), "is gone")


def pictures_in_a_bucket(house: House, gate: Gate) -> None:
    """Uploads move into an object store; then it is expired, busy and gone, and everything is whole in the end."""

    def kept() -> list[int]:
        return [int(number) for number in run(os.environ | house.env, production_weather.KEPT).split()]

    house.move_into(gate)
    desk = house.desk("desk")
    production_weather.delivered(desk)
    production_weather.deleted(desk, os.environ | house.env, kept)
    production_weather.weather(desk, gate, kept)
    production_weather.delivered(desk)


def restart_all(servers: list[Server]) -> None:
    for server in servers:
        print(f"a server was away for {server.restart():.1f} s")
        time.sleep(NGINX_FORGETS)


def show_logs(folder: Path, kind: type[BaseException] | None, *more: object) -> None:
    """Print the end of every log where something failed."""
    for log in sorted(folder.glob("*.log")) if kind else ():
        print(f"── {log.name}\n{log.read_text(errors='replace')[-1500:]}")


if __name__ == "__main__":
    main()
