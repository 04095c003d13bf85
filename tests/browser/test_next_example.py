"""docs/examples/next: built with plain generated types, it shows and drops pages within seconds of the desk's commit.

Two minutes, of which most go into fetching and building Next.js: MARQUEE_LONG=1, or `.ci/long`.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from articles.outbox.delivery import make_secret
from cms import api
from tests.npm_packages import fetched
from tests.own_house import manage, open_house, process, run, wait_for, with_address
from tests.production_load import free_port

from .test_reader import BROKEN, WATCH

EXAMPLE = Path(settings.BASE_DIR) / "docs" / "examples" / "next"
pytestmark = pytest.mark.skipif(not os.environ.get("MARQUEE_LONG"), reason="Takes minutes: MARQUEE_LONG=1.")
# From the commit until the page is what it should be.
MOST_SECONDS = 2.0
# What Next says of a page that no event has purged.
UNTOUCHED = ("HIT", "STALE")
STORIES = """
from articles.models import Appearance
from tests import newsroom
mara, crowd = newsroom.person(), newsroom.photo(alt="A crowd at night.", seed=2)
Appearance.objects.create(person=mara, photo=crowd)
for number in range(4):
    photos = [newsroom.photo(seed=10 + number), crowd]
    newsroom.article(f"Premiere {number}", lead=photos[0], photos=photos, people=[mara]).publish()
newsroom.article("A quiet night", lead=newsroom.photo(seed=3), section=newsroom.section("Music")).publish()
"""
ENDPOINT = """
from articles.models import Endpoint
Endpoint.objects.create(name="Next", url="{url}", secret="{secret}")
"""
NOW = "\nimport time\nprint(time.time())"


@dataclass
class Site:
    """The example, served, and the Marquee it shows."""

    house: dict[str, str]
    port: int
    desk: str = ""

    def get(self, path: str, **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
        """Return the status, the page and the headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, page, answer.headers

    def kept(self, path: str) -> int:
        """Return the status of a page that Next has kept; ask for it so that it is."""
        self.get(path)
        status, _, headers = self.get(path)
        assert headers["x-nextjs-cache"] in UNTOUCHED
        return status

    def seconds_until(self, code: str, wanted: Callable[[], bool]) -> float:
        """Run code in the house; return how long after it readers see what is wanted, asking all the time."""
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(run, self.house, code + NOW)
            deadline = time.monotonic() + 60
            while not wanted() and time.monotonic() < deadline:
                time.sleep(0.05)
            seen = time.time()
            return seen - float(done.result().splitlines()[-1])


@pytest.fixture(scope="module")
def site(own_house) -> Iterator[Site]:
    folder, port, secret, desk = fetched(EXAMPLE), free_port(), make_secret(), f"http://127.0.0.1:{free_port()}"
    (folder / "schema.json").write_bytes(api.schema())
    house = with_address(own_house)
    run(house, STORIES)
    manage(house, "worker", "--once")
    with open_house(house):
        env = os.environ | {
            "MARQUEE": house["PUBLIC_URL"], "SITE": "https://www.example.com", "MARQUEE_WEBHOOK_SECRET": secret,
            "NEXT_TELEMETRY_DISABLED": "1", "DESK": desk,
        }  # fmt: skip
        for command in (["openapi-typescript", "schema.json", "-o", "lib/api.d.ts"], ["next", "build"]):
            tool = [str(folder / "node_modules" / ".bin" / command[0]), *command[1:]]
            built = subprocess.run(tool, cwd=folder, env=env, capture_output=True, text=True, timeout=560, check=False)
            assert built.returncode == 0, (built.stdout + built.stderr)[-4000:]
        start = ["node", str(folder / "node_modules/next/dist/bin/next"), "start", "-H", "127.0.0.1", "-p", str(port)]
        with process(*start, env=env, cwd=folder):
            wait_for(f"http://127.0.0.1:{port}")
            run(house, ENDPOINT.format(url=f"http://127.0.0.1:{port}/webhook/", secret=secret))
            yield Site(house, port, desk)


def report(name: str, seconds: float) -> None:
    print(f"{name}: {seconds:.2f} s after the commit")
    assert seconds < MOST_SECONDS, (name, seconds)


def test_a_new_person_has_her_page_within_two_seconds_of_her_first_story(site):
    assert site.kept("/person/wren-adeyemi/") == site.kept("/film/wren-adeyemi-arrives/") == 404
    assert site.kept("/music/a-quiet-night/") == site.kept("/") == 200
    code = """
from tests import newsroom
wren = newsroom.person("Wren Adeyemi")
newsroom.article("Wren Adeyemi arrives", lead=newsroom.photo(seed=4), people=[wren]).publish()"""
    report("her page", site.seconds_until(code, lambda: site.get("/person/wren-adeyemi/")[0] == 200))
    assert "Wren Adeyemi arrives" in site.get("/person/wren-adeyemi/")[1]
    assert site.get("/film/wren-adeyemi-arrives/")[0] == 200
    assert "/film/wren-adeyemi-arrives/" in site.get("/")[1]
    assert site.get("/music/a-quiet-night/")[2]["x-nextjs-cache"] in UNTOUCHED


def test_a_story_that_is_withdrawn_or_sealed_is_gone_within_two_seconds(site):
    code = """
from tests import newsroom
for number, name in enumerate(["Odile Marchetti", "Tavi Lindgren"]):
    newsroom.article(f"{name} leaves", lead=newsroom.photo(seed=20 + number), people=[newsroom.person(name)]).publish()"""
    site.seconds_until(code, lambda: "/film/tavi-lindgren-leaves/" in site.get("/")[1])
    verbs = {"odile-marchetti": 'withdraw(reason="An error.")', "tavi-lindgren": 'seal(reason="A court’s order.")'}
    for slug, verb in verbs.items():
        story, person = f"/film/{slug}-leaves/", f"/person/{slug}/"
        assert site.kept(story) == site.kept(person) == site.kept("/") == site.kept("/music/a-quiet-night/") == 200
        code = f"from articles.models import Article\nArticle.objects.get(slug='{slug}-leaves').{verb}"
        report(verb, site.seconds_until(code, lambda: site.get(story)[0] == 404 and site.get(person)[0] == 404))
        assert story not in site.get("/")[1]
        assert site.get("/music/a-quiet-night/")[2]["x-nextjs-cache"] in UNTOUCHED


def test_a_photo_that_is_killed_is_gone_from_every_page_within_two_seconds(site):
    kept = ("/film/premiere-0/", "/film/premiere-3/", "/person/mara-okonjo/")
    assert {site.kept(path) for path in kept} == {site.kept("/music/a-quiet-night/")} == {200}
    photo = run(
        site.house, "from media.models import Photo\nprint(Photo.objects.get(captions__alt='A crowd at night.').pk)"
    )
    assert all(photo in site.get(path)[1] for path in kept)
    code = (
        f"from media.models import Photo\nPhoto.objects.get(pk='{photo}').kill(by=None, reason='The agency’s notice.')"
    )
    report("a killed photo", site.seconds_until(code, lambda: not any(photo in site.get(path)[1] for path in kept)))
    assert site.get("/music/a-quiet-night/")[2]["x-nextjs-cache"] in UNTOUCHED


def test_an_earlier_path_leads_to_the_present_one(site):
    assert site.kept("/film/premiere-1/") == 200
    code = "from articles.models import Article\nArticle.objects.get(slug='premiere-1').move(slug='premiere-one')"
    report("a moved story", site.seconds_until(code, lambda: site.get("/film/premiere-1/")[0] == 308))
    assert site.get("/film/premiere-1/")[2]["location"] == "/film/premiere-one/"
    assert site.get("/film/premiere-one/")[0] == 200


def test_events_without_a_right_signature_change_nothing(site):
    def send(**headers):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        connection.request("POST", "/webhook/", json.dumps({"data": {"cache_tags": ["list"]}}), headers)
        return connection.getresponse().status

    now = str(int(time.time()))
    assert send() == 401
    assert send(**{"webhook-id": "1", "webhook-timestamp": now, "webhook-signature": "v1,AAAA v1,"}) == 401
    assert send(**{"webhook-id": "1", "webhook-timestamp": "never", "webhook-signature": ""}) == 401


def test_a_draft_is_seen_through_its_link_and_kept_nowhere(site):
    code = """
from datetime import timedelta
from django.utils import timezone
from articles.models import PreviewLink
from tests import newsroom
draft = newsroom.article("Not yet", lead=newsroom.photo(seed=5))
print(PreviewLink.objects.share(draft, by=None, expires_at=timezone.now() + timedelta(days=1)).token)"""
    status, page, headers = site.get(f"/preview/{run(site.house, code).splitlines()[-1]}/")
    assert status == 200 and "Not yet" in page and 'content="noindex' in page and "no-store" in headers["cache-control"]
    assert headers["content-security-policy"] == f"frame-ancestors {site.desk}"
    assert re.search(r'src="http[^"]*\.(webp|jpg)\?preview=', page)
    assert site.get("/preview/guessed/")[0] == 404


DRAFT = """
from datetime import timedelta
from django.utils import timezone
from articles.models import PreviewLink
from tests import newsroom
draft = newsroom.article("As it was", body="<p>A line.</p>" * 80)
print(PreviewLink.objects.share(draft, by=None, expires_at=timezone.now() + timedelta(days=1)).token)"""
DESK = """<body><script>addEventListener("message", ({ data }) => { document.title = data.type })</script>
<iframe name="frame" width="390" height="700" src="%s"></iframe>"""
CHANGED = """(origin) => frames[0].postMessage({ type: "marquee:preview-changed" }, origin)"""


def test_a_draft_in_the_desks_frame_follows_without_losing_its_place(site, page, tmp_path):
    token = run(site.house, DRAFT).splitlines()[-1]
    (tmp_path / "desk.html").write_text(DESK % f"http://127.0.0.1:{site.port}/preview/{token}/")
    # From a server, for a browser lets no page that comes from nowhere frame what is on this machine.
    serve = [
        sys.executable,
        "-m",
        "http.server",
        site.desk.rpartition(":")[2],
        "--bind",
        "127.0.0.1",
        "-d",
        str(tmp_path),
    ]
    with process(*serve, env=dict(os.environ), cwd=tmp_path):
        wait_for(site.desk)
        follows_in_a_frame(site, page)


def follows_in_a_frame(site, page):
    page.set_default_timeout(60_000)
    page.goto(f"{site.desk}/desk.html", wait_until="commit")
    page.wait_for_function("document.title === 'marquee:preview-ready'")
    shown = page.frame("frame")
    shown.evaluate("() => { window.isSame = true; scrollTo(0, 900) }")
    run(
        site.house,
        "from articles.models import Article\nArticle.objects.filter(headline='As it was').update(headline='As it is')",
    )
    page.evaluate(CHANGED, f"http://127.0.0.1:{site.port}")
    shown.get_by_role("heading", name="As it is").wait_for()
    assert shown.evaluate("() => window.isSame && scrollY") == 900


def test_search_sitemap_robots_and_more_stories_answer(site):
    assert "/film/premiere-0/" in site.get("/search/?q=premiere")[1]
    assert "<loc>https://www.example.com/sitemap-news.xml</loc>" in site.get("/sitemap.xml")[1]
    assert "<loc>https://www.example.com/film/premiere-0/</loc>" in site.get("/sitemap-news.xml")[1]
    assert "Sitemap: https://www.example.com/sitemap.xml" in site.get("/robots.txt")[1]
    status, page, _ = site.get("/more/?" + urllib.parse.urlencode({"section": "film", "page_size": 5}))
    assert status == 200 and "/film/premiere-0/" in page


MARKS = """[...document.images].filter((image) =>
    !image.hasAttribute("alt") || !Number(image.getAttribute("width")) || !Number(image.getAttribute("height")))"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/film/premiere-0/", "/person/mara-okonjo/"])
def test_nothing_moves_and_every_picture_has_alt_and_size(site, page, path, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{site.port}{path}")
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({BROKEN}).length === 0")
    assert page.evaluate("document.images.length") and page.evaluate(f"{MARKS}.length") == 0
    assert page.evaluate("window.shifted") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_example_is_small_and_every_version_is_pinned():
    own = [path for path in EXAMPLE.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    own = [path for path in own if path.name not in ("package-lock.json", "api.d.ts", "next-env.d.ts")]
    assert sum(len(path.read_text().splitlines()) for path in own if ".next" not in path.parts) <= 600
    wanted = json.loads((EXAMPLE / "package.json").read_text())
    assert all(version[0].isdigit() for version in {**wanted["dependencies"], **wanted["devDependencies"]}.values())
