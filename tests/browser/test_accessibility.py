"""axe-core on the pages a newsroom lives on: nothing serious, in the light, in the dark and on a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from articles.demo import story_text
from articles.models import PreviewLink
from media.models import Right
from tests import newsroom

from .conftest import PHONE
from .writer import figure

pytestmark = pytest.mark.django_db(transaction=True)

GRAVE = ("serious", "critical")
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": PHONE},
}


@pytest.fixture(params=LOOKS)
def look(request):
    return LOOKS[request.param]


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


def findings(page) -> list[str]:
    """Return what axe holds to be serious or critical, as sentences that lead to the place."""
    page.wait_for_timeout(400)
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['impact']}: {each['help']} ({each['id']}): {node['html'][:160]} | {node['failureSummary'][:200]}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"][:4]
    ]


def of_story(page_name, story):
    return reverse(f"admin:articles_article_{page_name}", args=[story.pk])


def test_log_in(page, live_server, transactional_db):
    page.goto(f"{live_server.url}/admin/login/")
    assert findings(page) == []


def test_the_pages_of_a_newsroom(desk, live_server, story):
    found = {}
    desk.route("**/autosave/", lambda route: route.abort())
    for address in (
        reverse("admin:index"), reverse("admin:articles_article_changelist"), reverse("admin:articles_article_add"),
        of_story("publishing", story), of_story("versions", story), of_story("versions", story) + "?old=1&new=2",
        of_story("preview", story), reverse("admin:media_photo_changelist"),
        reverse("admin:media_photo_change", args=[story.lead_photo_id]), reverse("admin:articles_person_changelist"),
        reverse("admin:articles_person_change", args=[story.people.first().pk]),
        reverse("admin:articles_auditentry_changelist"), reverse("admin:media_photo_add"),
    ):  # fmt: skip
        desk.goto(live_server.url + address)
        if grave := findings(desk):
            found[address] = grave
    assert not found, "\n".join(f"{address}\n  " + "\n  ".join(grave) for address, grave in found.items())
    desk.goto("about:blank")


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


def test_import(desk, live_server, chief):
    newsroom.section()
    desk.goto(live_server.url + reverse("admin:articles_article_import"))
    assert findings(desk) == []
    desk.get_by_label("Story", exact=True).fill(story_text("salt-meridian-premiere"))
    desk.get_by_role("button", name="Read the story").click()
    desk.locator(".lines").wait_for()
    assert findings(desk) == []
