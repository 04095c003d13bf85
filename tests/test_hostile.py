"""Attacks in every text there is, whichever way they came in: none is markup in any page of the admin or of readers."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from articles.models import Article, LiveDocument
from media.insert_only import Pause
from media.models import Photo

from . import hostile, newsroom
from .test_admin_story import form_of
from .test_sanitizer import CORPUS
from .test_sanitizer import faults as foreign

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def story(editor):
    return hostile.newsroom_under_attack(editor)


def test_the_tripwire_sees_what_it_should():
    for attack in (
        hostile.POISON,
        f'<input value="{hostile.POISON}">',
        f'<a href="{hostile.ADDRESS}">x</a>',
        "<p onclick=x>",
    ):
        assert hostile.faults(attack), attack
    assert not hostile.faults('<p>&lt;x-trip&gt;</p><script src="/a.js"></script>')


def test_no_page_of_the_admin_lets_an_attack_through(desk, story):
    seen = 0
    for name, address in hostile.admin_pages(story).items():
        answer = desk.get(address, follow=True)
        assert answer.status_code in (200, 403, 404), (name, answer.status_code)
        page = answer.content.decode()
        assert hostile.faults(page) == [], name
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"], name
        seen += "tripped()" in page
    # The words themselves are there, as words: the pages were not empty.
    assert seen > 20


def test_lists_of_the_log_and_of_stories_show_the_words_of_an_attack(desk, story):
    for name in ("articles_article_changelist", "articles_auditentry_changelist", "media_photo_changelist", "index"):
        assert "tripped()" in desk.get(reverse(f"admin:{name}")).content.decode(), name


def test_a_conflict_shows_both_attacks_as_words(desk, story):
    address = reverse("admin:articles_article_change", args=[story.pk])
    typed = form_of(
        story, body=hostile.body(story.lead_photo), standfirst=hostile.POISON, based_on=1, headline=hostile.POISON[:299]
    )
    answer = desk.post(address, typed | {"byline": hostile.POISON})
    assert answer.status_code == 409
    assert hostile.faults(answer.content.decode()) == []
    assert "tripped()" in answer.content.decode()


def test_a_refused_form_gives_attacks_back_as_words(desk, story):
    address = reverse("admin:articles_article_change", args=[story.pk])
    answer = desk.post(
        address, form_of(story, headline="", lead_photo=hostile.POISON, section=hostile.POISON, byline=hostile.POISON)
    )
    assert answer.status_code == 200
    assert hostile.faults(answer.content.decode()) == []


@pytest.mark.parametrize(
    "attack", [hostile.POISON, f"By {hostile.POISON}", f"(Photo by {hostile.POISON}/Getty Images)"]
)
def test_the_import_page_shows_attacks_as_words_and_makes_a_clean_draft(desk, attack):
    newsroom.section()
    text = f"A headline {attack}\nBy June Castellane\n\n{attack}\n\nMara at the gala. {attack}\n\n{attack} and words."
    answer = desk.post(reverse("admin:articles_article_import"), {"text": text})
    assert hostile.faults(answer.content.decode()) == []
    desk.post(reverse("admin:articles_article_import"), {"text": text, "create": "1", "headline": hostile.POISON[:200]})
    made = Article.objects.get()
    assert foreign(made.body) == []
    assert hostile.faults(desk.get(reverse("admin:articles_article_change", args=[made.pk])).content.decode()) == []


def test_the_form_stores_no_attack(desk, editor):
    made = newsroom.article(owner=editor)
    made.record(by=editor)
    photo = newsroom.photo()
    # Neither would let us see the others: the one swallows what follows, the other is refused by every form.
    corpus = "".join(f"<p>{each}</p>" for each in CORPUS if "<plaintext" not in each and "\0" not in each)
    corpus = hostile.body(photo) + corpus
    answer = desk.post(reverse("admin:articles_article_change", args=[made.pk]), form_of(made, body=corpus))
    assert answer.status_code == 302, answer.context["adminform"].errors
    stored = Article.objects.get(pk=made.pk)
    assert foreign(stored.body) == [] and stored.versions.count() == 2


@pytest.mark.parametrize(
    "name", ['"><x-trip x-trip onclick=tripped()>.jpg', "<svg onload=tripped()>.jpg", "../../x'onerror=tripped().jpg"]
)
def test_a_file_name_is_words_wherever_it_is_told(desk, name):
    made = desk.post(
        reverse("admin:media_photo_upload"), {"file": SimpleUploadedFile(name, newsroom.jpeg(), "image/jpeg")}
    )
    assert made.headers["Content-Type"].startswith("application/json") and made.status_code in (200, 201)
    photo = Photo.objects.get()
    for page in ("change", "changelist", "evidence", "sheet"):
        address = reverse(f"admin:media_photo_{page}", args=[photo.pk] if page in ("change", "evidence") else [])
        assert hostile.faults(desk.get(address, {"ids": photo.pk}, follow=True).content.decode()) == [], page
    refused = desk.post(reverse("admin:media_photo_upload"), {"file": SimpleUploadedFile(name, b"no picture")})
    assert refused.headers["Content-Type"].startswith("application/json")
    assert refused.status_code < 500


def test_what_the_editor_asks_for_is_never_html(desk, story):
    for address in ("picker", "picker-stories"):
        answer = desk.get(reverse(address), {"q": "<x-trip x-trip>"})
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    wanted = {"app_label": "articles", "model_name": "article", "field_name": "tags", "term": ""}
    assert desk.get(reverse("admin:autocomplete"), wanted).headers["Content-Type"] == "application/json"
    paste = desk.post(
        reverse("picker-clean"), {"html": hostile.body(story.lead_photo)}, content_type="application/json"
    )
    assert foreign(paste.json()["html"]) == []


def html_strings(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from html_strings(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from html_strings(inner, name)
    elif isinstance(value, str) and (name == "html" or name.endswith("_html")):
        yield value


def addresses(value, name=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from addresses(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from addresses(inner, name)
    elif isinstance(value, str) and (
        name in ("url", "src", "sameAs", "same_as", "canonical_url") or name.endswith("_url")
    ):
        yield value


def test_raw_rows_rebuilt_reach_readers_without_an_attack(client, story):
    """Rows changed behind the back of every form and trigger, then `rebuild_live`, then what readers get."""
    story.publish()
    with transaction.atomic():
        pause = Pause.objects.create(reason="a row from elsewhere")
        for version in story.versions.all():
            raw = version.content | {"body": hostile.body(story.lead_photo)}
            assert story.versions.filter(pk=version.pk).change_sealed(content=raw)
        pause.delete()
    call_command("rebuild_live", "--all")
    slug = LiveDocument.objects.filter(article=story.pk).first().slug
    document = client.get(f"/api/v1/articles/{slug}/")
    assert document.status_code == 200
    strings = list(html_strings(document.json()))
    assert any("tripped()" in each for each in strings)
    for each in strings:
        assert foreign(each) == [], each
    for each in addresses(document.json()):
        assert re.match(r"(https?:/)?/|data:image/", each), each


@pytest.mark.parametrize(
    "address", [hostile.ADDRESS, " JavaScript:tripped()", "data:text/html,<script>tripped()</script>"]
)
def test_no_redirect_leads_readers_to_a_script(address):
    story = newsroom.article()
    story.publish()
    with pytest.raises(ValidationError):
        story.withdraw(reason="moved", redirect_to=address)
    assert not story.editions.filter(kind="withdrawal").exists()


@pytest.mark.parametrize("address", ["/reader/", "/feeds/rss.xml", "/feeds/atom.xml", "/sitemap.xml"])
def test_pages_and_feeds_of_readers_hold_no_attack(client, story, address):
    story.publish()
    call_command("rebuild_live", "--all")
    answer = client.get(address)
    assert answer.status_code == 200
    text = b"".join(answer).decode()
    markup = (
        [text] if "html" in answer.headers["Content-Type"] else re.findall(r"<!\[CDATA\[(.*?)\]\]>", text, re.DOTALL)
    )
    for each in markup:
        assert hostile.faults(each) == []
    if "xml" in answer.headers["Content-Type"]:
        from defusedxml.ElementTree import fromstring

        names = {element.tag for element in fromstring(text).iter()}
        assert not [name for name in names if "x-trip" in str(name)]
