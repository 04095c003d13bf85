"""axe-core on every page of the desk: nothing serious, in the light, in the dark, on a phone; buttons and the focus are seen."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve, reverse
from django.utils import timezone

from articles.demo import story_text
from articles.models import PreviewLink
from media.models import Right
from tests import newsroom
from tests.desk_forms import pages

from .conftest import PHONE
from .writer import figure

pytestmark = pytest.mark.django_db(transaction=True)

GRAVE = ("serious", "critical")
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": PHONE},
}


in_every_look = pytest.mark.parametrize("look", LOOKS, indirect=True)


@pytest.fixture
def look(request):
    return LOOKS[getattr(request, "param", "light")]


@pytest.fixture
def browser_context_args(browser_context_args, look):
    return {**browser_context_args, **look}


@pytest.fixture
def story(chief):
    """A story with one of everything: blocks, a photo that may not be shown, what is coming, talk, a link."""
    photo, refused = newsroom.photo(), newsroom.photo(seed=5, kind="rights_managed", alt="")
    Right.objects.create(photo=photo, effect="allow", until=timezone.now() + timedelta(days=2))
    text = (
        f"<p>Paragraph with a <a href='https://example.com/'>link</a>.</p><h2>Heading</h2>{figure(photo)}{figure(refused)}"
        f'<div data-gallery="" data-title="The night">{figure(photo)}</div><blockquote data-cite="Ada"><p>Words</p></blockquote>'
        '<aside data-pull-quote=""><p>Pulled</p></aside><hr><ul><li><p>One</p></li></ul>'
        '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div><p>End.</p>'
    )
    people = [newsroom.person(), newsroom.person("Ilse Varga")]
    made = newsroom.article(
        body=text, lead=photo, people=people, works=[newsroom.work()], tags=[newsroom.tag()], owner=chief
    )
    made.record(by=chief)
    made.publish(by=chief, without_failing_photos=True)
    made.publish(by=chief, at=timezone.now() + timedelta(hours=3), without_failing_photos=True)
    made.headline = "Mara Okonjo returns, changed"
    made.save()
    made.record(by=chief)
    made.comment("Is the second photo cleared?", by=chief)
    PreviewLink.objects.share(made, by=chief, expires_at=timezone.now() + timedelta(days=1), note="Legal")
    newsroom.photo(slot=True)
    return made


def findings(page, *rules: str) -> list[str]:
    """Return what axe holds to be serious or critical, as sentences that lead to the place; by these rules alone, if any."""
    page.wait_for_timeout(400)
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    violations = Axe().run(page, options={"resultTypes": ["violations"]} | only).response["violations"]
    return [
        f"{each['impact']}: {each['help']} ({each['id']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"][:4]
    ]


def of_story(page_name, story):
    return reverse(f"admin:articles_article_{page_name}", args=[story.pk])


@in_every_look
def test_log_in(page, live_server, transactional_db):
    page.goto(f"{live_server.url}/admin/login/")
    assert findings(page) == []


# One of each is like all others: the admin's own pages about deleting, and of what was done.
STOCK = ("_delete", "_history", "_autocomplete")
# What no link leads to.
ALSO = ("/admin/password_change/", "/admin/no-such-page/", "/admin/articles/article/everywhere/?words=returns")

# The buttons of a page that were not met before, each measured at rest, under the pointer and switched off.
BUTTONS = """(met) => {
  // Those of the admin’s own that are pictures have no words to read.
  const wanted = ":is(button, .button, input[type=submit], .object-tools a, .submit-row a, .chip, summary):not(.theme-toggle, [class^=selector-])";
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  return [...document.querySelectorAll(wanted)].filter(isSeen).flatMap((element, number) => {
    const kind = [element.tagName, element.className, element.parentElement.className, element.disabled].join(" ");
    if (met.includes(kind)) return [];
    met.push(kind);
    element.dataset.measured = `${number}`;
    return [{ kind, selector: `[data-measured="${number}"]`, words: element.textContent.trim() || element.value || element.title }];
  });
}"""
CONTRAST = """(element, off) => {
  for (const each of element.getAnimations()) each.finish();
  const parse = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below, alpha = top[3]) => [0, 1, 2].map((i) => top[i] * alpha + below[i] * (1 - alpha));
  const ground = (from) => {
    if (!from) return [255, 255, 255];
    const own = parse(getComputedStyle(from).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(from.parentElement));
  };
  const light = (color) => {
    const [r, g, b] = color.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  if (off) element.disabled = true;
  const style = getComputedStyle(element);
  const [below, own, ink] = [ground(element.parentElement), ground(element), parse(style.color)];
  const opacity = Number(style.opacity);
  const [paper, letters] = [over(own, below, opacity), over(over(ink, own), below, opacity)];
  if (off) element.disabled = false;
  const [more, less] = [light(paper), light(letters)].sort((a, b) => b - a);
  return (more + 0.05) / (less + 0.05);
}"""
# Everything Tab stops at shows that it has the focus: it changes its looks, or what is around it does.
UNSEEN_STOPS = """() => {
  const stops = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  const looks = (element) => [element, element.parentElement, element.nextElementSibling, element.closest("label"), element.closest(".prose-editor")?.querySelector(".mq-toolbar")].filter(Boolean).map((each) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } = getComputedStyle(each);
    return [outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow, borderColor, backgroundColor].join();
  }).join();
  const found = [];
  for (const element of document.querySelectorAll(stops)) {
    const { width, height } = element.getBoundingClientRect();
    if (element.disabled || element.tabIndex < 0 || width < 2 || height < 2 || !element.checkVisibility({ visibilityProperty: true })) continue;
    element.blur();
    const before = looks(element);
    element.focus({ preventScroll: true });
    if (document.activeElement === element && looks(element) === before) found.push(element.outerHTML.slice(0, 160));
  }
  return found;
}"""


def addresses(client) -> list[str]:
    """Return a page of each kind that the desk has, found by its links."""
    found = {}
    for reader in pages(client, of_a_kind=1):
        name = resolve(urlsplit(reader.page).path).view_name
        found.setdefault(next((end for end in STOCK if name.endswith(end)), name), reader.page)
    return [*found.values(), *ALSO]


def pale_buttons(page, met: list[str]) -> list[str]:
    """Return the buttons whose words cannot be read well: 4.5 to 1, and 3 to 1 where they are switched off."""
    found = []
    for each in page.evaluate(BUTTONS, met):
        met.append(each["kind"])
        button = page.locator(each["selector"])
        ratios = {"at rest": button.evaluate(CONTRAST), "switched off": button.evaluate(CONTRAST, arg=True)}
        button.hover(force=True)
        ratios["under the pointer"] = button.evaluate(CONTRAST)
        found += [
            f"“{each['words'][:40]}” {state}: {ratio:.1f} to 1 ({each['kind']})"
            for state, ratio in ratios.items()
            if ratio < (3 if state == "switched off" else 4.5)
        ]
    return found


def test_every_page_of_the_desk_in_the_light_in_the_dark_and_by_keyboard(desk, live_server, story, client):
    found, met = {}, {"light": [], "dark": []}
    desk.route("**/autosave/", lambda route: route.abort())
    visited = addresses(client)
    for address in visited:
        desk.emulate_media(color_scheme="light")
        desk.goto(live_server.url + address)
        grave = findings(desk) + pale_buttons(desk, met["light"])
        desk.keyboard.press("Tab")
        grave += [f"no focus to see: {stop}" for stop in desk.evaluate(UNSEEN_STOPS)]
        desk.emulate_media(color_scheme="dark")
        grave += [f"dark: {each}" for each in findings(desk, "color-contrast") + pale_buttons(desk, met["dark"])]
        if grave:
            found[address] = grave
    assert len(visited) > 60
    assert not found, "\n".join(f"{address}\n  " + "\n  ".join(grave) for address, grave in found.items())
    desk.goto("about:blank")


@in_every_look
def test_the_story_with_its_editor_and_the_picker(desk, live_server, story):
    desk.route("**/autosave/", lambda route: route.abort())
    desk.goto(live_server.url + of_story("change", story))
    desk.locator(".tiptap .mq-photo__credit").first.wait_for()
    desk.locator(".panel").wait_for()
    desk.locator(".fold").evaluate_all("folds => folds.forEach((fold) => { fold.open = true })")
    assert findings(desk) == []
    desk.locator(".tiptap p").first.click()
    desk.keyboard.press("Control+Alt+p")
    desk.locator(".mq-tile").first.wait_for()
    desk.locator(".mq-tile").first.click()
    assert findings(desk) == []
    desk.keyboard.press("Escape")
    desk.locator(".tiptap p").last.click()
    desk.keyboard.press("End")
    desk.keyboard.press("Enter")
    desk.keyboard.type("/")
    desk.get_by_role("listbox", name="Insert").wait_for()
    assert findings(desk) == []
    desk.goto("about:blank")


@in_every_look
def test_import(desk, live_server, chief):
    newsroom.section()
    desk.goto(live_server.url + reverse("admin:articles_article_import"))
    assert findings(desk) == []
    desk.get_by_label("Story", exact=True).fill(story_text("salt-meridian-premiere"))
    desk.get_by_role("button", name="Read the story").click()
    desk.locator(".lines").wait_for()
    assert findings(desk) == []
