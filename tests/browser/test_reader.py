"""The example front end in a real browser: what readers of a site made from the API see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, PreviewLink
from media.models import Photo
from tests import newsroom

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifted += entry.value; })
    .observe({ type: "layout-shift", buffered: true });
"""
BROKEN = "[...document.images].filter((image) => !image.complete || !image.naturalWidth).map((image) => image.src)"


@pytest.fixture
def reading(page, live_server):
    """Return a function that opens a page of the example and waits for it; faults of its scripts fail the test."""
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.set_default_timeout(10_000)
    page.add_init_script(WATCH)

    def read(path: str):
        page.goto(f"{live_server.url}/reader{path}")
        page.wait_for_selector("main[data-state=ready]")
        return page

    yield read
    assert not faults, f"The example failed in the browser: {faults}"


@pytest.fixture
def photo(transactional_db) -> Photo:
    return newsroom.photo()


@pytest.fixture
def story(photo) -> Article:
    made = newsroom.article(lead=photo, photos=[newsroom.photo(alt="A crowd at night.")], people=[newsroom.person()])
    made.publish(public_note="")
    return made


def path_of(story: Article) -> str:
    return f"/film/{story.slug}/"


def look_at_all(page) -> None:
    """Scroll through the page as a reader would, so that every picture is fetched."""
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({BROKEN}).length === 0")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_photos_arrive(reading, story, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/", path_of(story)):
        look_at_all(reading(path))
        assert page.locator("img").count() > 0
        assert page.evaluate("window.shifted") < 0.01


def test_every_picture_has_an_alternative_text_and_every_photo_its_credit(reading, story):
    page = reading(path_of(story))
    assert page.locator("img:not([alt])").count() == 0
    assert page.locator("figure.photo img").count() == 2
    assert page.locator("figure.photo img").first.get_attribute("alt") == "A woman in a red dress on a red carpet."
    assert (
        page.locator("figure.photo .credit").all_inner_texts()
        == ["Photo by Petra Lindqvist/Getty Images for StreamCo"] * 2
    )


def test_browser_takes_avif_where_it_is_offered(reading, story, photo):
    for formats in (("jpg", "webp"), ("avif",)):
        Photo.objects.get(pk=photo.pk).make_renditions(formats=formats)
    page = reading(path_of(story))
    look_at_all(page)
    assert page.locator("figure.photo img").first.evaluate("image => image.currentSrc").endswith(".avif")


def test_killed_photo_is_gone_on_reload(reading, story, photo):
    page = reading(path_of(story))
    assert page.locator(f"img[src*='{photo.pk}']").count() == 1
    photo.kill(by=None, reason="The agency withdrew it.")
    reading(path_of(story))
    assert page.locator(f"img[src*='{photo.pk}']").count() == 0
    assert page.locator("h1").inner_text() == story.headline


def test_draft_shows_with_its_link_and_not_without(reading, photo):
    draft = newsroom.article("Nobody may read this yet", lead=photo)
    draft.record()
    link = PreviewLink.objects.share(draft, by=None, expires_at=timezone.now() + timedelta(hours=1))
    page = reading(f"/?preview={link.token}")
    assert page.locator("h1").inner_text() == "Nobody may read this yet"
    assert page.locator(".draft strong").text_content() == "Draft"
    look_at_all(page)
    assert "not on the guest list" in reading(path_of(draft)).locator("h1").inner_text()
    link.revoke(by=None)
    assert "left the building" in reading(f"/?preview={link.token}").locator("h1").inner_text()


def test_withdrawn_story_says_why_and_unknown_paths_say_so(reading, story):
    story.withdraw(reason="court", public_note="We took this story back.")
    assert "We took this story back." in reading(path_of(story)).locator("main").inner_text()
    assert "not on the guest list" in reading("/film/never-was/").locator("h1").inner_text()


def test_correction_stands_in_its_box(reading, story):
    story.headline = "Mara Okonjo returns at last"
    story.save()
    story.publish(kind="correction", public_note="The premiere was on Friday.")
    assert "The premiere was on Friday." in reading(path_of(story)).locator(".corrections").inner_text()


def test_person_section_and_search_pages_list_the_story(reading, story):
    for path in ("/", "/film/", "/person/mara-okonjo/", "/search/?q=okonjo"):
        assert story.headline in reading(path).locator("article h2").first.inner_text()


def test_embed_asks_nothing_of_others_before_a_click(reading, story, page, live_server):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://**", lambda route: route.abort())
    story.body += '<div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ"></div>'
    story.save()
    story.publish()
    reading(path_of(story))
    assert page.locator(".embed a").get_attribute("href") == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    page.locator(".embed button").click()
    assert "youtube-nocookie.com/embed/dQw4w9WgXcQ" in page.locator(".embed iframe").get_attribute("src")


def test_example_can_be_switched_off_and_allows_no_foreign_script(client, settings):
    assert "script-src 'self';" in client.get("/reader/")["Content-Security-Policy"]
    assert client.get("/reader/photo.js")["Content-Type"] == "text/javascript"
    assert "<!doctype html>" in b"".join(client.get("/reader/../settings.py").streaming_content).decode()
    settings.READER_EXAMPLE = False
    assert client.get("/reader/").status_code == 404
