"""Words of one line hold no break, whoever wrote them; a draft's address follows its headline; counts have their plural."""

import ast
import json
import re
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone

from articles.models import ApiToken, Article, Person, Task
from media.counted import counted
from media.models import Photo
from media.one_line import LineField, one_line

from . import newsroom

ROOT = Path(__file__).parent.parent
BROKEN, WHOLE = "Two\r\nlines\u2028and\x0b a\ttab", "Two lines and a tab"

# What code writes, or holds as it was supplied: each has its own form.
WRITTEN_BY_CODE = {
    "ApiToken": {"prefix", "digest"}, "CalendarLink": {"token"}, "PreviewFrame": {"token", "session", "tab"}, "Article": {"slug", "locale", "import_fingerprint"}, "AuditEntry": {"verb", "subject"},
    "Edition": {"time_zone", "redirect_to"}, "PhotoCredit": {"supplied_line", "required_line"}, "PreviewLink": {"token"},
    "Photo": {"original_name", "format", "sha256", "version", "dominant_color", "digital_source_type", "data_mining"},
    "Site": {"locale", "time_zone", "url_template", "preview_url_template", "media_base", "credit_separator"},
    "Version": {"content_hash", "save_key"}, "Presence": {"tab"}, "Delivery": {"event"}, "Endpoint": {"secret"},
    **{name: {"slug"} for name in ("Person", "Work", "Author", "Section", "Tag")},
    **dict.fromkeys((
        "KnownAddress", "LoginFailure", "Address", "SentForm", "KeptAnswer", "LiveDocument", "ChannelBytes", "SearchName",
        "SearchWord", "SearchVariant", "PhotoWord", "PhotoVariant", "Heartbeat", "TabAutosave", "Pause", "Rendition", "Usage", "DirectoryPage", "Purge",
    ), None),
}  # fmt: skip


def plain_fields():
    """Yield every short text that may hold a line break."""
    for model in (model for app in ("articles", "media") for model in apps.get_app_config(app).get_models()):
        spared = WRITTEN_BY_CODE.get(model.__name__, set())
        for field in model._meta.get_fields():
            is_short = (
                isinstance(field, models.CharField) and not field.choices and not isinstance(field, models.URLField)
            )
            if is_short and not isinstance(field, LineField) and spared is not None and field.name not in spared:
                yield f"{model.__name__}.{field.name}"


def test_every_short_text_that_people_write_is_of_one_line():
    assert list(plain_fields()) == [], "Make these a LineField, or say in WRITTEN_BY_CODE what writes them."


def test_a_line_is_cleaned_and_nothing_else_is():
    assert one_line(BROKEN) == WHOLE
    for same in ("", "a  b", " Süd\u00a0Korea ", "\u200bZoë"):
        assert one_line(same) == same
    assert one_line("One\n\n\n") == "One"


@pytest.mark.django_db
def test_no_way_in_brings_a_break(client, editor):
    client.force_login(editor)
    typed = {"headline": BROKEN, "standfirst": BROKEN, "body": "<p>x</p>", "site": newsroom.site().pk, "kind": "news",
             "lead_layout": "wide", "review_scale": "5", "_continue": "1"}  # fmt: skip
    client.post(reverse("admin:articles_article_add"), typed)
    story = Article.objects.get()
    assert (story.headline, story.standfirst) == (WHOLE, WHOLE)
    assert story.latest_version.content["headline"] == WHOLE

    _, words = ApiToken.objects.issue(editor, name="Wire")
    sent = {"headline": BROKEN, "headline_short": BROKEN, "body_html": "<p>x</p>"}
    answer = client.post(
        reverse("drafts"),
        json.dumps(sent),
        content_type="application/json",
        headers={"authorization": f"Bearer {words}"},
    )
    drafted = Article.objects.get(pk=answer.json()["id"])
    assert drafted.headline == drafted.headline_short == WHOLE
    assert drafted.latest_version.content["headline_short"] == WHOLE

    photo = newsroom.photo(headline=BROKEN)
    assert photo.headline == Photo.objects.get(pk=photo.pk).headline == WHOLE
    Person.objects.bulk_create([Person(name=BROKEN, slug="two")])
    Article.objects.filter(pk=story.pk).update(byline=BROKEN)
    assert Person.objects.filter(name=WHOLE).exists() and Article.objects.filter(byline=WHOLE).exists()
    assert Task(text=BROKEN).text == WHOLE


@pytest.mark.django_db
def test_what_was_stored_before_is_read_as_one_line():
    story = newsroom.article()
    table = Article._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET headline = %s", [BROKEN])
    story = Article.objects.get()
    assert story.headline == WHOLE and story.publish().version.content["headline"] == WHOLE


# Addresses


def opened(story):
    return Article.objects.get(pk=story.pk)


def renamed(story, headline, **more):
    story = opened(story)
    story.headline = headline
    for name, value in more.items():
        setattr(story, name, value)
    story.full_clean()
    story.save()
    return opened(story).slug


@pytest.mark.django_db
def test_the_address_of_a_draft_follows_its_headline():
    other, story = newsroom.article("Untitled"), newsroom.article("Untitled")
    assert (other.slug, story.slug) == ("untitled", "untitled-2")
    assert renamed(story, "The Glass Orchard wins") == "the-glass-orchard-wins"
    assert renamed(story, "The Glass Orchard loses") == "the-glass-orchard-loses"
    assert renamed(other, "The Glass Orchard loses") == "the-glass-orchard-loses-2"


@pytest.mark.django_db
def test_an_address_that_was_written_by_hand_stays():
    story = newsroom.article("Working title")
    assert renamed(story, "Another", slug="by-hand") == "by-hand"
    assert renamed(story, "A third one") == "by-hand"


@pytest.mark.django_db
def test_a_public_address_stays():
    story = newsroom.article("Working title")
    story.publish()
    assert renamed(story, "Another") == "working-title"
    scheduled = newsroom.article("Coming title")
    scheduled.publish(at=timezone.now() + timezone.timedelta(days=1))
    assert renamed(scheduled, "Another") == "coming-title"


@pytest.mark.django_db
def test_the_address_follows_through_the_page_and_the_api(client, editor):
    client.force_login(editor)
    story = newsroom.article("Working title")
    story.record()
    _, words = ApiToken.objects.issue(editor, name="Wire")
    address, bearer = reverse("draft", args=[story.pk]), {"authorization": f"Bearer {words}"}
    bearer["if-match"] = client.get(address, headers=bearer)["ETag"]
    sent = json.dumps({"headline": "From the wire"})
    assert client.patch(address, sent, content_type="application/json", headers=bearer).status_code == 200
    story = opened(story)
    assert story.slug == "from-the-wire"
    typed = {"headline": "From the page", "body": story.body, "slug": story.slug, "site": story.site_id, "kind": "news",
             "lead_layout": "wide", "review_scale": "5", "based_on": story.revision, "_continue": "1"}  # fmt: skip
    client.post(reverse("admin:articles_article_change", args=[story.pk]), typed)
    assert opened(story).slug == "from-the-page"


# Plurals

NOUNS = (
    "articles|stories|photos|words|names|editions|versions|uses|files|lines|credits|restrictions|references|deliveries|"
    "documents|minutes|ids|slots|tasks|comments|people|works|renditions|rights|places|entries|captions"
)
IN_TEMPLATES = re.compile(rf"\}}\}}\+? (?:{NOUNS})\b")
IN_SCRIPTS = re.compile(rf"\$\{{[^}}]*\}} (?:{NOUNS})\b")
# Limits, which are many, and sums of at least two.
MANY = re.compile(r"MOST|limit|\bmost\b|\bcount:,|works\} works|chosen\.length > 1|len\(captions\)|limit|total|HOUSE")


def test_a_count_is_one_rule():
    assert [counted(0, "photo"), counted(1, "photo"), counted(1200, "story", "stories")] == [
        "0 photos", "1 photo", "1,200 stories",
    ]  # fmt: skip


def test_no_sentence_says_1_words():
    found = []
    for path in [*ROOT.glob("*/templates/**/*.html"), *ROOT.glob("*/static/**/*.js")]:
        pattern = IN_TEMPLATES if path.suffix == ".html" else IN_SCRIPTS
        lines = enumerate(path.read_text().splitlines(), 1)
        found += [f"{path.name}:{number}" for number, line in lines if pattern.search(line) and not MANY.search(line)]
    for path in [each for room in ("articles", "media", "cms") for each in ROOT.glob(f"{room}/**/*.py")]:
        if "migrations" not in path.parts and "demo" not in path.parts:
            found += [f"{path.name}:{line}" for line in counts_without_plural(path.read_text())]
    assert found == [], "Say these by media.counted, |pluralize or a question of one."


def counts_without_plural(source: str):
    """Yield the lines where an f-string puts something before a noun in the plural."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for first, second in zip(node.values, node.values[1:], strict=False):
            said = second.value if isinstance(second, ast.Constant) else ""
            is_count = isinstance(first, ast.FormattedValue) and re.match(rf" (?:{NOUNS})\b", str(said))
            if is_count and not MANY.search(ast.unparse(first) + str(said)):
                yield node.lineno


@pytest.mark.parametrize(
    "text", ["\u00a0" * 200_000, "\u00a0" * 100_000 + "\n" + "\u00a0" * 100_000 + "x", "a\n" * 100_000]
)
def test_the_worst_line_is_cleaned_in_no_time(text):
    began = time.process_time()
    one_line(text)
    assert time.process_time() - began < 1
