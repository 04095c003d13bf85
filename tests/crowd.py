"""A newsroom at work before a real server: writers, readers, and one person who sends the worst there is."""

import http.client
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote, urlencode

from tests.production_load import Figures

PATIENCE = 60
CSRF = "c" * 32
# The house is new: its site and its section are the first.
FORM = {"site": "1", "section": "1", "kind": "news", "lead_layout": "wide", "review_scale": "5"}
COMMON, RARE = "premiere", "quixotry"
# Printed: [session, token, story] of each colleague, the last of whom is the neighbour; then addresses for readers.
PEOPLE_AND_STORIES = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
from django.conf import settings
from articles.models import ApiToken, Person
from tests import newsroom
settings.ALLOWED_HOSTS = ["*"]
lead, tags = newsroom.photo(), [newsroom.tag(f"Tag {{n}}") for n in range(200)]
Person.objects.bulk_create(Person(name=f"Mara Okonjo{{n}}", slug=f"mara-{{n}}") for n in range({names}))
words = "<p>The premiere of the evening came before the quixotry.</p>" * 20
stories = [newsroom.article(f"A premiere of the evening {{n}}", lead=lead, body=words) for n in range({stories})]
for story in stories:
    story.publish()
found = []
for number in range({colleagues}):
    user = get_user_model().objects.create_superuser(f"colleague{{number}}")
    client = Client()
    client.force_login(user)
    own = newsroom.article(f"The story of colleague {{number}}", lead=lead, body=words, owner=user)
    found.append([client.cookies["sessionid"].value, ApiToken.objects.issue(user, name="crowd")[1], str(own.pk)])
print(json.dumps([found, [story.slug for story in stories], str(lead.pk), [str(story.pk) for story in stories]]))
"""


@dataclass
class Person:
    """One browser with its session and its token, at an address of its own. Every answer is noted."""

    port: int
    address: str
    session: str = ""
    token: str = ""
    story: str = ""
    figures: Figures = field(default_factory=Figures)
    answers: Counter = field(default_factory=Counter)

    def ask(self, what: str, path: str, data: bytes | None = None, *, kind: str = "", fine: tuple = (200,)) -> str:
        """Send a request once, never again, and note whether its answer is one of those that are fine."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began, failure, text = time.monotonic(), "", ""
        try:
            client.request("POST" if data is not None else "GET", path, data, self._headers(path, kind))
            answer = client.getresponse()
            text = answer.read().decode(errors="replace")
            self.answers[f"{what}: {answer.status}"] += 1
            if answer.status not in fine:
                failure = f"{what}: {answer.status} {' '.join(re.sub('<[^>]*>', ' ', text[-3000:]).split())[:300]}"
        except (OSError, http.client.HTTPException) as error:
            failure = f"{what}: {error!r}"
            self.answers[failure] += 1
        finally:
            client.close()
        self.figures.note(began, failure)
        return text

    def _headers(self, path: str, kind: str) -> dict[str, str]:
        own = {"X-Forwarded-For": self.address, "Accept": "text/html, application/json"}
        if path.startswith("/api/") and self.token:
            own["Authorization"] = f"Bearer {self.token}"
        elif self.session:
            own |= {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
        return own | ({"Content-Type": kind} if kind else {})

    def json(self, what: str, path: str, data: object, fine: tuple = (200,)) -> str:
        return self.ask(what, path, json.dumps(data).encode(), kind="application/json", fine=fine)

    def form(self, what: str, path: str, fine: tuple = (302,), **data: str) -> str:
        typed = urlencode(data).encode()
        return self.ask(what, path, typed, kind="application/x-www-form-urlencoded", fine=fine)

    @property
    def page(self) -> str:
        return f"/admin/articles/article/{self.story}"

    def add(self, slug: str) -> str:
        """Begin a story at an address; return the page, which is empty once it is saved."""
        typed = {"headline": f"By {self.address}", "body": f"<p>Words of {self.address}.</p>", "slug": slug}
        return self.form("add", "/admin/articles/article/add/", (200, 302), **FORM, **typed)

    def save(self, what: str, headline: str, body: str, fine: tuple = (302,)) -> None:
        """Save the story as its page does: on top of the revision that the page was opened at."""
        page = self.ask("open", f"{self.page}/change/")
        found = {name: re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page) for name in ("based_on", "lead_photo")}
        kept = {name: match[1] for name, match in found.items() if match}
        typed = {"headline": headline, "body": body, "_continue": "1"}
        self.form(what, f"{self.page}/change/", fine, **FORM, **kept, **typed)


def write(person: Person, number: int, turn: int) -> Iterator[None]:
    """Do what a writer does in some minutes, with a pause at each yield."""
    words = f"<p>Turn {turn} of writer {number}.</p>" + "<p>What happened then was seen by all.</p>" * 30
    person.json("presence", f"{person.page}/presence/", {"tab": f"t{number}"})
    yield
    person.json("autosave", f"{person.page}/autosave/", {"revision": 1, "fields": {"body": words}})
    yield
    person.ask("picker", "/admin/picker/?q=premiere")
    yield
    person.save("save", f"The story of colleague {number}, turn {turn}", words)
    yield
    person.json("publish", f"/api/v1/drafts/{person.story}/publish/", {})
    yield
    person.json("new draft", "/api/v1/drafts/", {"headline": f"Draft {turn}", "body_html": words}, fine=(201,))
    yield


def read(person: Person, slugs: list[str], turn: int) -> Iterator[None]:
    slug = slugs[turn % len(slugs)]
    for what, path in (
        ("list", "/api/v1/articles/"), ("article", f"/api/v1/articles/{slug}/"), ("search", "/api/v1/search/?q=evening"),
        ("feed", "/feeds/rss.xml"), ("card", f"/api/v1/articles/{slug}/?fields=headline"), ("updates", "/api/v1/updates/"),
    ):  # fmt: skip
        person.ask(what, path)
        yield


ANY = (200, 201, 302, 400, 409, 412, 413, 422, 429, 503)


@dataclass
class Neighbour:
    """One person with several hands. Whatever it is answered is fine, but for a 500."""

    person: Person
    photo: str
    stories: list[str]

    def bodies(self) -> dict[str, str]:
        """Return the worst bodies that are taken, and some that are too large to be."""
        link = '<a href="article:{}">Mara Okonjo{}</a>'
        pages = cycle(self.stories)
        videos = (f"https://www.youtube.com/watch?v={number:011d}" for number in range(5000))
        return {
            "equal paragraphs": "<p>The same.</p>" * 5000,
            "marks and names": "".join(f"<p>A <em>b</em> <b>Mara Okonjo{n}</b> &amp; <i>premiere</i> {n}.</p>" for n in range(5000)),
            "one long line": "<p>" + "a <b>b</b> <i>c</i> " * 49_000 + "</p>",
            "a longer line": "<p>" + "a <b>b</b> <i>c</i> " * 300_000 + "</p>",
            "accents": "<p>e" + "\u0301\u0323" * 240_000 + "</p>",
            "deepest lists": ("<ul><li>x" * 95 + "</li></ul>" * 95) * 50,
            "most links": "".join(f"<p>{link.format(next(pages), n)} and {link.format(next(pages), n)}</p>" for n in range(5000)),
            "most embeds": "".join(f'<div data-embed="{url}"></div>' for url in videos),
            "most photos": f'<figure data-photo="{self.photo}"></figure>' * 5000,
        }  # fmt: skip

    def hands(self) -> list[list[Callable[[], object]]]:
        """Return what each hand does again and again."""
        return [self.desk(), self.scripts(), self.asking(), self.pasting()]

    def desk(self) -> list[Callable[[], object]]:
        person = self.person
        saves = [
            lambda name=name, body=body: person.save(f"desk, {name}", f"The worst: {name}", body, ANY)
            for name, body in self.bodies().items()
        ]
        fields = {"body": "<p>x</p>" * 200_000}
        return [
            *saves,
            lambda: person.json("autosave", f"{person.page}/autosave/", {"revision": 1, "fields": fields}, ANY),
            lambda: person.ask("compare", f"{person.page}/versions/", fine=(200, 503)),
            lambda: person.form("replace", "/admin/articles/article/everywhere/", ANY, words=COMMON, instead="opening",
                                kind="minor", **{"story": f"{person.story}:1"}),
        ]  # fmt: skip

    def scripts(self) -> list[Callable[[], object]]:
        person, tags = self.person, [f"tag-{number}" for number in range(200)]
        path = "/api/v1/drafts/"

        def send(name: str, body: str) -> None:
            draft = {"headline": f"The worst: {name}", "body_html": body, "section": "film", "tags": tags}
            made = person.json(f"draft, {name}", path, draft, ANY)
            if made.startswith('{"id"'):
                person.json(f"publish, {name}", f"{path}{json.loads(made)['id']}/publish/", {"override": "Tried."}, ANY)

        sends = [lambda name=name, body=body: send(name, body) for name, body in self.bodies().items()]
        blocks = [{"type": "paragraph", "html": "The same."}] * 5000
        return [*sends, lambda: person.json("draft of blocks", path, {"headline": "Blocks", "body": blocks}, ANY)]

    def asking(self) -> list[Callable[[], object]]:
        words = f"{COMMON} {RARE} evening the of came before a b pre"
        paths = [
            f"/api/v1/search/?q={quote(words)}", "/api/v1/search/?q=t", f"/api/v1/search/?q={COMMON}%20{RARE}%20pre",
            f"/api/v1/suggest/?q={quote('mara okon')}", f"/admin/articles/article/?q={quote(words)}",
            f"/admin/media/photo/?q={quote(words)}", f"/admin/picker/?q={quote(words)}",
            f"/admin/articles/person/?q={quote(words)}", f"/admin/articles/article/everywhere/?words={COMMON}",
        ]  # fmt: skip
        return [lambda path=path: self.person.ask(path[:40], path, fine=ANY) for path in paths]

    def pasting(self) -> list[Callable[[], object]]:
        person, names = self.person, [f"Mara Okonjo{number}. Okonjo{number} came." for number in range(14_000)]
        lines = "\n\n".join(f"A line of number {number} for the premiere." for number in range(4900))
        captions = "Mara Okonjo at the premiere. Photo by Petra Lindqvist/Getty Images for StreamCo\n\n" * 4000
        asked = {"title": [""], "texts": names, "others": []}
        return [
            lambda: person.json("mentions", "/admin/picker/mentions/", asked, ANY),
            lambda: person.json("clean", "/admin/picker/clean/", {"html": "<p>a <b>b</b></p>" * 110_000}, ANY),
            lambda: person.json("structure", "/admin/picker/structure/", {"text": "A line.\n\n" * 200_000}, ANY),
            lambda: person.json("build", "/admin/picker/build/", {"text": captions}, ANY),
            lambda: person.form("import", "/admin/articles/article/import/", ANY, text=lines, headline="x", create="1"),
        ]


@dataclass
class Crowd:
    """All of them at once, for some seconds, each pausing between requests; the neighbour never does."""

    port: int
    writers: list[Person]
    readers: list[Person]
    neighbour: Neighbour

    def work(self, seconds: float, slugs: list[str], pause: float) -> None:
        over = threading.Event()
        acts = [lambda turn, n=n, each=each: write(each, n, turn) for n, each in enumerate(self.writers)]
        acts += [lambda turn, n=n, each=each: read(each, slugs, turn + n) for n, each in enumerate(self.readers)]
        threads = [threading.Thread(target=self.repeat, args=(act, over, pause)) for act in acts]
        threads += [threading.Thread(target=self.use, args=(hand, over)) for hand in self.neighbour.hands()]
        for thread in threads:
            thread.start()
        over.wait(seconds)
        over.set()
        for thread in threads:
            thread.join()

    @staticmethod
    def repeat(act: Callable[[int], Iterator[None]], over: threading.Event, pause: float) -> None:
        for turn in range(1_000_000):
            for _ in act(turn):
                if over.wait(pause):
                    return

    @staticmethod
    def use(hand: list[Callable[[], object]], over: threading.Event) -> None:
        for do in cycle(hand):
            if over.is_set():
                return
            do()
