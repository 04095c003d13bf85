"""An S3 server on this machine, behind a gate that lets nothing through where a test says so."""

import contextlib
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

from .production_load import free_port

# What a store says whose credentials ended, and one that has too much to do.
REFUSALS = {403: "ExpiredToken", 503: "SlowDown"}


class Gate:
    """Passes connections on to the store. Its address is the one that clients know, whatever happens behind it."""

    def __init__(self, store: int) -> None:
        self.store, self.port = store, free_port()
        self.open()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, to: int = 0) -> None:
        self.passing: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self.welcome, args=[self.door, to or self.store], daemon=True).start()

    def close(self) -> None:
        """Let nobody in, and send away whoever is inside."""
        for each in (self.door, *self.passing):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def welcome(self, door: socket.socket, to: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = door.accept()[0]
                store = socket.create_connection(("127.0.0.1", to))
                self.passing += [client, store]
                for ends in ((client, store), (store, client)):
                    threading.Thread(target=pass_on, args=ends, daemon=True).start()

    @contextmanager
    def gone(self) -> Iterator[None]:
        self.close()
        try:
            yield
        finally:
            self.open()

    @contextmanager
    def refusing(self, status: int) -> Iterator[None]:
        refuser = ThreadingHTTPServer(("127.0.0.1", 0), type("", (Refuser,), {"status": status}))
        threading.Thread(target=refuser.serve_forever, args=[0.05], daemon=True).start()
        self.close()
        self.open(refuser.server_port)
        try:
            yield
        finally:
            self.close()
            self.open()
            refuser.shutdown()
            refuser.server_close()


def pass_on(there: socket.socket, here: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := there.recv(65536):
            here.sendall(chunk)
    with contextlib.suppress(OSError):
        here.shutdown(socket.SHUT_WR)


class Refuser(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    status = 503

    def log_message(self, *words: object) -> None:
        pass

    def refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = f"<Error><Code>{REFUSALS[self.status]}</Code><Message>Not now</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = refuse


@contextmanager
def object_store() -> Iterator[Gate]:
    """Start the server and its gate; yield the gate."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    gate = Gate(port)
    try:
        wait_for(f"http://127.0.0.1:{port}/moto-api/")
        yield gate
    finally:
        gate.close()
        server.terminate()
        server.wait()


def wait_for(url: str, seconds: float = 120) -> None:
    end = monotonic() + seconds
    while monotonic() < end:
        try:
            return urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            sleep(0.2)
    raise TimeoutError(f"{url} did not answer.")
