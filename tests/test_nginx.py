"""The sample of docs/nginx.conf, started as it is but for ports, certificate and folder, before a server that tells what it got."""

import http.client
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time

import httpx
import pytest

from . import newsroom
from .own_house import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PORT = 8948
CHANGES = (
    ("    listen 80;\n", f"    listen 127.0.0.1:{PORT};\n"),
    ("    listen 443 ssl;\n", ""),
    ("    ssl_certificate /etc/ssl/marquee/fullchain.pem;\n", ""),
    ("    ssl_certificate_key /etc/ssl/marquee/privkey.pem;\n", ""),
)
FRAME = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{sample}
}}
"""


class Marquee(http.server.BaseHTTPRequestHandler):
    """Answers what it was sent as JSON, and lets nginx send a file where the path says so."""

    protocol_version = "HTTP/1.1"
    seen: list[str] = []

    def do_GET(self):
        self.seen.append(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.dumps({"headers": self.headers.items(), "read": len(self.rfile.read(length))}).encode()
        self.send_response(200)
        if self.path == "/photo":
            self.send_header("X-Accel-Redirect", "/uploads/renditions/a.jpg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *given):
        pass


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    if not NGINX:
        pytest.skip("The sample for nginx needs nginx, which is not installed.")
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "uploads" / "renditions").mkdir(parents=True)
    (folder / "uploads" / "renditions" / "a.jpg").write_bytes(b"a picture")
    behind = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Marquee)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    sample = (ROOT / "docs" / "nginx.conf").read_text()
    for there, here in (
        *CHANGES,
        ("127.0.0.1:8000", f"127.0.0.1:{behind.server_port}"),
        ("/srv/marquee/var/uploads/", f"{folder}/uploads/"),
    ):
        assert there in sample, there
        sample = sample.replace(there, here)
    server = started(folder, sample, PORT)
    yield
    server.terminate()
    server.wait()
    behind.shutdown()


def started(folder, sample: str, port: int) -> subprocess.Popen:
    """Start nginx with a sample inside its own frame, and return it when it listens."""
    user = " user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder, sample=sample, user=user))
    server = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    assert server.poll() is None, server.stderr.read().decode()
    return server


def ask(method: str, path: str, body: bytes = b"", **headers) -> tuple[int, bytes]:
    client = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    client.request(method, path, body or None, headers)
    answer = client.getresponse()
    found = answer.status, answer.read()
    client.close()
    return found


def test_nobody_says_for_himself_where_he_comes_from(nginx):
    told = {"X-Forwarded-For": "6.6.6.6", "X_Forwarded_For": "6.6.6.6", "X-Forwarded-Proto": "https"}
    found = [tuple(each) for each in json.loads(ask("GET", "/", **told)[1])["headers"]]
    assert ("X-Forwarded-For", "127.0.0.1") in found
    assert ("X-Forwarded-Proto", "http") in found
    assert not [value for _, value in found if "6.6.6.6" in value]


def test_a_request_reaches_marquee_only_when_all_of_it_is_there(nginx):
    slow = socket.create_connection(("127.0.0.1", PORT), timeout=20)
    slow.sendall(b"POST /slow HTTP/1.1\r\nHost: cms.example.com\r\nContent-Length: 3\r\n\r\na")
    assert ask("GET", "/quick")[0] == 200
    assert "/slow" not in Marquee.seen
    slow.sendall(b"bc")
    assert slow.recv(4096).startswith(b"HTTP/1.1 200")
    assert "/slow" in Marquee.seen
    slow.close()


def test_what_is_too_large_never_reaches_marquee(nginx):
    with socket.create_connection(("127.0.0.1", PORT), timeout=20) as client:
        client.sendall(b"POST /large HTTP/1.1\r\nHost: cms.example.com\r\nContent-Length: 99000000\r\n\r\n")
        assert b" 413 " in client.recv(4096).split(b"\r\n")[0]
    assert "/large" not in Marquee.seen


def test_photos_are_sent_by_nginx_where_marquee_says_so_and_nowhere_else(nginx):
    assert ask("GET", "/photo") == (200, b"a picture")
    assert ask("GET", "/uploads/renditions/a.jpg")[0] == 404


@pytest.mark.django_db(transaction=True)
def test_the_recipe_of_the_api_page_passes_sitemaps_and_feeds_on(tmp_path, live_server, settings):
    """docs/api.md, "Feeds and sitemaps": under the title's own host, every address of a sitemap is there."""
    if not NGINX:
        pytest.skip("The recipe for nginx needs nginx, which is not installed.")
    settings.ALLOWED_HOSTS = ["www.example.com", "localhost"]
    newsroom.article(slug="one", people=[newsroom.person()]).publish()
    (recipe,) = re.findall("```nginx\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    passed = recipe.replace("http://cms.example.com", live_server.url.replace("localhost", "127.0.0.1"))
    assert passed != recipe
    front = f"server {{ listen 127.0.0.1:{PORT + 1}; server_name www.example.com; {passed} }}"
    server = started(tmp_path, front, PORT + 1)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{PORT + 1}", headers={"Host": "www.example.com"}) as client:
            index = re.findall("<loc>(.*?)</loc>", client.get("/sitemap.xml").text)
            pages = [client.get(place.removeprefix("https://www.example.com")) for place in index]
            feed = client.get("/feeds/person/mara-okonjo/rss.xml")
            assert client.get("/admin/").status_code == client.get("/api/v1/articles/").status_code == 404
    finally:
        server.terminate()
        server.wait()
    assert len(index) == 5 and {page.status_code for page in (*pages, feed)} == {200}
    listed = re.findall("<loc>(.*?)</loc>", "".join(page.text for page in pages))
    assert listed and all(place.startswith("https://www.example.com/") for place in [*index, *listed])
    assert 'href="https://www.example.com/feeds/person/mara-okonjo/rss.xml"' in feed.text
