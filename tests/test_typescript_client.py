"""The typed client of docs/examples/typescript: types from the schema, a strict compile, a run against a live server."""

import json
import os
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from articles.models import (
    ApiToken,
    Appearance,
    Article,
    Delivery,
    Endpoint,
    LiveDocument,
    PreviewLink,
)
from articles.outbox import webhooks
from cms import api

from . import newsroom
from .npm_packages import fetched

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = Path(settings.BASE_DIR) / "docs" / "examples"


def run(folder: Path, *command: str, **environment) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=560, env=os.environ | environment, check=False
    )


@pytest.fixture(scope="module")
def workshop() -> Path:
    """Return the example, copied to where its packages may lie and types made from the schema may be written."""
    folder = fetched(EXAMPLES / "typescript")
    shutil.copytree(EXAMPLES / "reader", folder.parent / "reader", dirs_exist_ok=True)
    (folder / "schema.json").write_bytes(api.schema())
    bin = folder / "node_modules" / ".bin"
    made = run(folder, bin / "openapi-typescript", "schema.json", "-o", "api.d.ts")
    assert made.returncode == 0, made.stdout + made.stderr
    built = run(folder, bin / "tsc")
    assert built.returncode == 0, built.stdout
    return folder


@pytest.fixture
def address(live_server, settings):
    """Return where this server says it is reached. Ask for it before what is published: live answers keep their addresses."""
    settings.PUBLIC_URL = live_server.url
    return live_server.url


@pytest.fixture
def stories(db):
    mara, photo = newsroom.person(), newsroom.photo()
    Appearance.objects.create(person=mara, photo=photo)
    for number in range(3):
        newsroom.article(f"Premiere {number}", lead=photo, people=[mara]).publish(now=timezone.now())


def test_the_example_compiles_strictly_and_reads_and_writes(workshop, live_server, stories):
    editor = get_user_model().objects.create_superuser("editor", "editor@example.com", "a long password")
    _, words = ApiToken.objects.issue(editor, name="Typed client")
    done = run(workshop, "node", "out/typescript/front.js", live_server.url, TOKEN=words)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["listed"] == ["premiere-2", "premiere-1", "premiere-0"]
    assert "<h1>Premiere 2</h1>" in found["page"] and "And then the lights went <strong>down</strong>" in found["page"]
    assert "Photo by Petra Lindqvist/Getty Images for StreamCo" in found["page"]
    assert found["headlines"] == ["Premiere 2", "Premiere 1", "Premiere 0"]
    assert found["second_time"] == 304 and found["photos_of_person"] == 1 and found["resolved"] == "article"
    assert found["found"][0] == "<mark>Premiere</mark> <mark>2</mark>" and found["missing"] == 404
    assert found["refusal"]["parameter"] == "kind" and "news" in found["refusal"]["allowed"]
    assert found["written"] == "Exclusive" and Article.objects.get(headline="A wire story").live_edition()


def test_a_loader_of_next_image_names_pictures_that_are_there(workshop, address, stories, client):
    done = run(workshop, "node", "out/typescript/front.js", address)
    picture = json.loads(done.stdout)["picture"]
    assert picture.startswith(address) and picture.endswith("/full-960.webp"), picture
    answer = client.get(picture.removeprefix(address))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/webp"


WRONG = """
import { chosen } from "./partial.js";
import type { components } from "./api.js";
export const headline = (article: components["schemas"]["Article"]) => article.headlin;
export const kind = async () => (await chosen("", "headline"))[0]?.kind;
export const cite = (block: components["schemas"]["ParagraphBlock"]) => block.cite;
"""


def test_what_the_schema_does_not_know_does_not_compile(workshop):
    wrong = workshop / "wrong.ts"
    wrong.write_text(WRONG)
    try:
        done = run(workshop, workshop / "node_modules" / ".bin" / "tsc", "--noEmit")
    finally:
        wrong.unlink()
    assert (
        done.returncode
        and "headlin" in done.stdout
        and "'cite' does not exist" in done.stdout
        and "'kind' does not exist" in done.stdout
    )


RECIPES = dict(re.findall(r"```ts\n// (\w+)\.ts\n(.*?)```", (EXAMPLES.parent / "api.md").read_text(), re.DOTALL))
DRIVER = """
import { cached } from "./cache.js";
import { cards } from "./fields.js";
import { follow } from "./follow.js";
import { answer } from "./paths.js";
import { preview } from "./preview.js";
import { whatIsWrong } from "./refused.js";
import { results } from "./search.js";
import { all, sync } from "./sync.js";
import { receive } from "./webhook.js";

const [token = "", secret = "", body = "", ...signed] = process.argv.slice(2);
const listed: string[] = [], built: string[] = [], gone: string[] = [];
for await (const { slug } of all()) listed.push(slug);
const since = await sync("2020-01-01", async (slug) => void built.push(slug), (id) => void gone.push(id));
let made = 0;
const front = () => cached("/api/v1/articles/", async (got) => `${++made} ${(await got.json()).results.length}`);
await front();
await front();
const [id = "", timestamp = "", signature = ""] = signed;
const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
const hook = (text: string) => receive(new Request("https://x.example/", { method: "POST", body: text, headers }), secret);
const statuses = [(await hook(`${body} `)).status, (await hook(body)).status];
let listen = (said: unknown) => {}, refreshed = 0;
const framed: unknown[] = [], parent = { postMessage: (...said: unknown[]) => void framed.push(said) };
Object.assign(globalThis, { window: {}, parent, addEventListener: (_: string, act: typeof listen) => void (listen = act) });
follow("https://cms.example.com", async () => { refreshed += 1; await new Promise((done) => setTimeout(done, 20)); });
const changed = { type: "marquee:preview-changed" };
for (const origin of ["https://evil.example", ...Array(5).fill("https://cms.example.com")]) listen({ origin, data: changed });
await new Promise((done) => setTimeout(done, 200));
const told = async (given: Response) => ({ status: given.status, to: given.headers.get("Location"), text: await given.text() });
console.log(JSON.stringify({
  listed, built, gone, since, statuses, kept: await front(), fields: await cards("headline", "path"),
  page: await told(await answer("/film/premiere-2/")), moved: await told(await answer("/film/premiere-0/")),
  nothing: await told(await answer("/film/nothing/")), draft: await told(await preview(token)),
  framed, refreshed, found: await results("premier 2"), wrong: await whatIsWrong("loud"),
}));
"""


@pytest.fixture(scope="module")
def recipes(workshop) -> Path:
    """The recipes of docs/api.md, compiled strictly, beside the example they share their packages with."""
    for name, recipe in (RECIPES | {"drive": DRIVER}).items():
        (workshop / f"{name}.ts").write_text(recipe)
    built = run(workshop, workshop / "node_modules" / ".bin" / "tsc")
    assert built.returncode == 0, built.stdout
    return workshop


def test_every_recipe_of_the_documentation_does_what_it_says(recipes, live_server, stories):
    endpoint = Endpoint.objects.create(name="Front end", url="https://www.example.com/webhook/")
    first, second, third = Article.objects.order_by("headline")
    first.move(slug="the-first-premiere")
    second.withdraw(reason="test")
    link = PreviewLink.objects.share(third, by=None, expires_at=timezone.now() + timedelta(days=1))
    LiveDocument.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    delivery = Delivery.objects.filter(event="article.withdrawn").get()
    body = webhooks.body_of(delivery.payload)
    headers = webhooks.headers_of(delivery, body, timezone.now())
    signed = [headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")]
    done = run(
        recipes, "node", "out/typescript/drive.js", link.token, endpoint.secret, body.decode(), *signed, MARQUEE=live_server.url
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["listed"] == ["premiere-2", "the-first-premiere"] and set(found["built"]) == {*found["listed"]}
    assert str(second.pk) in found["gone"] and found["since"] != "2020-01-01"
    # Kept once, dropped by the event that was truly signed, made anew.
    assert found["statuses"] == [401, 204] and found["kept"] == "2 2"
    assert found["fields"][0] == {"headline": "Premiere 2", "path": "/film/premiere-2/"}
    page = found["page"]["text"]
    assert found["page"]["status"] == 200 and "<h1>Premiere 2</h1>" in page and "And then the lights went" in page
    assert "Photo by Petra Lindqvist/Getty Images for StreamCo" in page and re.search(
        r'src="http[^"]*/photos/[^"]*(?:webp|jpg)"', page
    )
    assert (found["moved"]["status"], found["moved"]["to"]) == (301, "/film/the-first-premiere/")
    assert found["nothing"]["status"] == 404
    assert found["draft"]["status"] == 200 and "<h1>Premiere 2</h1>" in found["draft"]["text"]
    assert 'href="/film/premiere-2/"' in found["found"] and "<mark>" in found["found"]
    assert (
        found["framed"] == [[{"type": "marquee:preview-ready"}, "https://cms.example.com"]] and found["refreshed"] == 2
    )
    assert "-published" in found["wrong"] and "loud" in found["wrong"]


def test_no_recipe_of_the_documentation_is_left_out():
    blocks = (EXAMPLES.parent / "api.md").read_text().count("```ts\n")
    assert blocks == len(RECIPES) >= 12
    assert all(f'from "./{name}.js"' in DRIVER + "".join(RECIPES.values()) for name in RECIPES)


def test_every_version_is_pinned():
    wanted = json.loads((EXAMPLES / "typescript" / "package.json").read_text())
    versions = {**wanted["dependencies"], **wanted["devDependencies"]}.values()
    assert all(version[0].isdigit() for version in versions)
