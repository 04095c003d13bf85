"""The page a writer works on: opening, saving, conflicts, autosaves, and what it costs."""

import json
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from articles.models import Article, LiveDocument, PhotoUse, Presence, TabAutosave, Version

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief_editor(db):
    """An editor by role: what a superuser is spared, such as reading permissions, is part of the cost."""
    user = get_user_model().objects.create_user("chief", "chief@example.com", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name="publisher"))
    return user


@pytest.fixture
def desk(client, chief_editor):
    client.force_login(chief_editor)
    return client


def url(name, *args):
    return reverse(f"admin:articles_article_{name}", args=args)


def a_story(**fields):
    people = [newsroom.person(), newsroom.person("Ilse Varga"), newsroom.person("Teo Marsh")]
    words = "<p>Paragraph 7 of a long evening in the rain.</p><p>Another.</p>"
    story = newsroom.article("A long evening", body=words, works=[newsroom.work()], people=people, **fields)
    story.record()
    return story


def long_story(**fields):
    """60 blocks, 12 photos, three people, two works, five tags."""
    photos = [newsroom.photo(seed=number) for number in range(12)]
    words = [f"<p>Paragraph {number} of a long evening in the rain.</p>" for number in range(48)]
    for number, photo in enumerate(photos):
        words.insert(number * 5, f'<figure data-photo="{photo.pk}" data-layout="wide"></figure>')
    story = newsroom.article(
        "A long evening", lead=photos[0], body="".join(words), works=[newsroom.work(), newsroom.work("Low Orbit")],
        people=[newsroom.person(), newsroom.person("Ilse Varga"), newsroom.person("Teo Marsh")],
        tags=[newsroom.tag(name) for name in ("One", "Two", "Three", "Four", "Five")], **fields,
    )  # fmt: skip
    story.record()
    return story


def form_of(story, **changes):
    """What a browser would send back for this story."""
    links = list(story.articleperson_set.all())
    return {
        "headline": story.headline, "standfirst": story.standfirst, "body": story.body, "kind": story.kind,
        "lead_layout": story.lead_layout, "review_scale": 5, "site": story.site_id, "section": story.section_id,
        "slug": story.slug, "based_on": story.revision, "owner": story.owner_id or "",
        "lead_photo": story.lead_photo_id or "", "writers": [link.author_id for link in story.articleauthor_set.all()],
        "main_people": [link.person_id for link in links if link.role == "main"],
        "mentioned_people": [link.person_id for link in links if link.role == "mentioned"],
        "about_works": [link.work_id for link in story.articlework_set.all()],
        "tags": [tag.pk for tag in story.tags.all()],
    } | changes  # fmt: skip


def statements(captured):
    return [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"] and not each["sql"].startswith("BEGIN")]


def test_every_page_of_a_story_opens(desk):
    story = newsroom.article(lead=newsroom.photo(), photos=[newsroom.photo(slot=True)], people=[newsroom.person()])
    story.record()
    for page in ("change", "publishing", "panel", "preview", "versions"):
        assert desk.get(url(page, story.pk)).status_code == 200, page
    for page in ("index", "articles_article_changelist", "articles_article_import", "articles_article_add"):
        assert desk.get(reverse(f"admin:{page}")).status_code == 200, page


@pytest.mark.parametrize("noun", ["person", "work", "tag", "section", "author", "source", "endpoint", "delivery", "auditentry", "previewlink"])  # fmt: skip
def test_every_list_of_the_newsroom_opens(client, editor, noun):
    client.force_login(editor)
    newsroom.article(people=[newsroom.person()], works=[newsroom.work()], tags=[newsroom.tag()]).publish()
    assert client.get(reverse(f"admin:articles_{noun}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:articles_{noun}_changelist") + "?q=x").status_code == 200


def test_a_story_of_sixty_blocks_and_twelve_photos_opens_in_under_twenty_queries(desk):
    story = long_story()
    desk.get(url("change", story.pk))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert desk.get(url("change", story.pk)).status_code == 200
    made = statements(captured)
    assert len(made) < 20, "\n".join(made)


def test_it_saves_in_few_queries_too(desk):
    story = long_story()
    desk.get(url("change", story.pk))
    data = form_of(story, headline="A longer evening", body=story.body + "<p>And a last word.</p>")
    with CaptureQueriesContext(connection) as captured:
        assert desk.post(url("change", story.pk), data | {"_continue": "1"}).status_code == 302
    made = statements(captured)
    # Five of them index the words for the list, three on PostgreSQL.
    assert len(made) < 26, "\n".join(made)
    assert Article.objects.get(pk=story.pk).headline == "A longer evening"


def test_saving_keeps_a_version_by_whoever_saved(desk, chief_editor):
    story = long_story()
    desk.post(url("change", story.pk), form_of(story, headline="Another headline"))
    version = story.versions.first()
    assert (version.number, version.by, version.content["headline"]) == (2, chief_editor, "Another headline")
    assert PhotoUse.objects.of_working_copies().filter(article=story).count() == 13


def test_saving_what_did_not_change_makes_no_version(desk):
    story = a_story()
    answer = desk.post(url("change", story.pk), form_of(story))
    assert answer.status_code == 302
    assert story.versions.count() == 1


def test_boxes_keep_their_order_and_the_roles_of_authors(desk):
    story = a_story()
    june, ada = newsroom.author(), newsroom.author("Ada Vole")
    story.articleauthor_set.create(author=ada, role="research", position=1)
    people = [link.person_id for link in story.articleperson_set.all()]
    data = form_of(
        story, writers=[june.pk], contributors=[ada.pk], main_people=people[::-1][:2], mentioned_people=[people[0]]
    )
    assert desk.post(url("change", story.pk), data).status_code == 302
    assert [(link.author_id, link.role) for link in story.articleauthor_set.all()] == [
        (june.pk, ""),
        (ada.pk, "research"),
    ]
    links = [(link.person_id, link.role) for link in story.articleperson_set.all()]
    assert links == [(people[2], "main"), (people[1], "main"), (people[0], "mentioned")]
    assert story.versions.first().content["people"] == [[key, role] for key, role in links]


def test_a_new_story_belongs_to_whoever_wrote_it(desk, chief_editor):
    newsroom.section()
    data = {
        "headline": "Brand new",
        "body": "<p>Words.</p>",
        "kind": "news",
        "lead_layout": "wide",
        "review_scale": 5,
        "site": newsroom.site().pk,
    }
    answer = desk.post(url("add"), data)
    story = Article.objects.get()
    assert answer.url == url("change", story.pk)
    assert (story.owner, story.slug, story.versions.count()) == (chief_editor, "brand-new", 1)


def test_a_hyphen_means_no_caption_and_nothing_means_the_photo_s_own(desk):
    story = a_story(lead=newsroom.photo())
    desk.post(url("change", story.pk), form_of(story, lead_caption="-"))
    story.refresh_from_db()
    assert story.lead_caption == ""
    assert ">\n-</textarea>" in desk.get(url("change", story.pk)).content.decode()
    desk.post(url("change", story.pk), form_of(story, lead_caption=""))
    story.refresh_from_db()
    assert story.lead_caption is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"embargo_until_0": "2030-01-01", "embargo_until_1": "10:00"}, "Enter who set the embargo and why."),
        ({"lead_decorative": "on", "lead_alt": "A dress"}, "A decorative lead photo has no alt text."),
        ({"review_rating": "9"}, "The rating is outside its scale."),
        ({"headline": ""}, "This field is required."),
        ({"slug": "a-taken-address"}, "Another story already has this address."),
    ],
)
def test_what_the_database_would_refuse_is_said_in_a_sentence(desk, changes, sentence):
    newsroom.article("Taken", slug="a-taken-address")
    story = a_story()
    answer = desk.post(url("change", story.pk), form_of(story, **changes))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


# Two editors


def test_a_stale_save_shows_both_texts_and_keeps_both(desk, chief_editor, editor):
    story = a_story()
    opened = form_of(story)
    story.headline = "Theirs entirely"
    story.save()
    story.record(by=editor)
    mine = opened | {"headline": "Mine instead", "_continue": "1"}
    answer = desk.post(url("change", story.pk), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page and "Mine" in page and "editor" in page
    assert Article.objects.get(pk=story.pk).headline == "Theirs entirely"
    assert TabAutosave.objects.get(article=story, user=chief_editor).fields["headline"] == "Mine instead"
    assert story.versions.first().content["headline"] == "Theirs entirely"
    kept = dict(re.findall(r'<textarea name="(headline|body)" hidden>\n(.*?)</textarea>', page, re.DOTALL))
    assert kept["headline"] == "Mine instead"
    on_top = mine | dict(re.findall(r'name="(based_on|merged_with|kept)" value="(\d+)"', page))
    assert desk.post(url("change", story.pk), on_top).status_code == 302
    assert [version.content["headline"] for version in story.versions.all()][:2] == ["Mine instead", "Theirs entirely"]
    assert not TabAutosave.objects.exists()


def test_a_conflict_never_meets_a_text_that_is_no_html(desk, editor):
    story = a_story()
    opened = form_of(story)
    story.headline = "</textarea><script>alert(1)</script>"
    story.save()
    story.record(by=editor)
    answer = desk.post(url("change", story.pk), opened | {"standfirst": "</textarea><script>alert(2)</script>"})
    assert answer.status_code == 409
    assert "<script>alert" not in answer.content.decode()


# TabAutosave, presence, addresses


def test_what_is_typed_is_kept_once_per_editor_and_offered_again(desk, chief_editor):
    story = a_story()
    for headline in ("First try", "Second try"):
        body = {"revision": story.revision, "fields": {"headline": headline, "tags": [], "csrfmiddlewaretoken": "x"}}
        assert desk.post(url("autosave", story.pk), body, content_type="application/json").status_code == 200
    kept = TabAutosave.objects.get()
    assert kept.fields == {"headline": "Second try", "tags": []}
    assert story.versions.count() == 1
    assert "You have unsaved text" in desk.get(url("change", story.pk)).content.decode()
    restored = desk.get(url("change", story.pk) + "?restore=1").content.decode()
    assert "Second try" in restored and "Festival" not in restored
    assert desk.delete(url("autosave", story.pk)).status_code == 200
    assert not TabAutosave.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"fields": {}}', '{"revision": "x", "fields": {}}', '{"revision": 1, "fields": 7}']
)
def test_an_autosave_of_nonsense_is_refused(desk, body):
    story = a_story()
    assert desk.post(url("autosave", story.pk), body, content_type="application/json").status_code == 400


def test_one_writes_the_second_reads_asks_or_takes_over(desk, client, editor, chief_editor):
    story = a_story()

    def be_here(user, tab, do="stay"):
        client.force_login(user)
        answer = client.post(url("presence", story.pk), {"tab": tab, "do": do}, content_type="application/json")
        return answer.json()

    alone = {"writing": True, "may_write": True, "asked_by": None, "revision": story.revision, "others": [], "left": []}
    assert be_here(chief_editor, "a") == alone | {"confidential": False}
    second = be_here(editor, "b")
    assert (second["writing"], second["others"][0]["name"]) == (False, "chief")
    be_here(editor, "b", "ask")
    assert be_here(chief_editor, "a")["asked_by"] == "editor"
    assert be_here(editor, "b", "take")["writing"] is True
    assert be_here(chief_editor, "a")["writing"] is False
    be_here(editor, "b", "leave")
    assert be_here(chief_editor, "a")["writing"] is True
    be_here(editor, "b", "ask")
    handed = be_here(chief_editor, "a", "give")
    assert (handed["writing"], handed["asked_by"], handed["others"][0]["writing"]) == (False, None, True)
    assert be_here(editor, "b", "give")["writing"], "Nobody asked: nothing is given away."


def test_sixty_seconds_of_silence_free_a_story(editor, chief_editor):
    story = a_story()
    now = timezone.now()
    Presence.beat(story, editor, "a", now)
    assert not Presence.beat(story, chief_editor, "b", now + timedelta(seconds=59)).is_writing
    assert Presence.beat(story, chief_editor, "b", now + timedelta(seconds=60)).is_writing


def test_an_address_is_proposed_and_its_freedom_told(desk):
    story = newsroom.article("Zoë’s Big Night", slug="zoes-big-night")
    ask = lambda **query: desk.get(url("slug"), query).json()  # noqa: E731
    assert ask(headline="Zoë’s Big Night") == {"slug": "zoes-big-night", "free": False, "as_written": True}
    assert ask(slug="zoes-big-night", story=str(story.pk))["free"]
    assert ask(slug="Übergröße 7") == {"slug": "ubergrosse-7", "free": True, "as_written": False}


# The panel


def test_publishing_says_what_happened_and_links_to_the_page_readers_get(desk):
    story = a_story()
    answer = desk.post(url("publish", story.pk), {"now": "1", "publish-zone": "UTC"}, follow=True)
    page = answer.content.decode()
    assert "Published." in page and f'href="/reader/film/{story.slug}/"' in page and "JSON" not in page
    assert LiveDocument.objects.live(timezone.now()).filter(article=story).exists()
    assert Article.objects.get(pk=story.pk).stage == "ready"


def test_a_moment_is_kept_with_its_zone_and_shown_in_others(desk):
    story = a_story()
    data = {"schedule": "1", "publish-when": "2031-07-04T18:30", "publish-zone": "America/New_York"}
    answer = desk.post(url("publish", story.pk), data, follow=True)
    edition = story.editions.get()
    assert edition.live_from.isoformat() == "2031-07-04T22:30:00+00:00"
    assert edition.time_zone == "America/New_York"
    page = answer.content.decode()
    assert all(shown in page for shown in ("6:30 PM New York", "10:30 PM UTC", "3:30 PM Los Angeles"))


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ("2031-03-09T02:30", "clocks go forward"),
        ("2031-11-02T01:30", "happens twice"),
        ("1999-01-01T10:00", "in the past"),
    ],
)
def test_hours_that_do_not_exist_or_exist_twice_are_told(desk, when, sentence):
    story = a_story()
    data = {"schedule": "1", "publish-when": when, "publish-zone": "America/New_York"}
    assert sentence in desk.post(url("publish", story.pk), data, follow=True).content.decode()
    assert not story.editions.exists()


def test_at_ten_to_midnight_a_story_goes_live_without_the_photos_that_fail(desk):
    good, slot = newsroom.photo(), newsroom.photo(slot=True, caption="Still to come.")
    story = newsroom.article(lead=good, photos=[slot])
    story.record()
    blocked = desk.post(url("publish", story.pk), {"now": "1", "publish-zone": "UTC"}, follow=True)
    assert "is an empty slot" in blocked.content.decode()
    data = {"now": "1", "publish-zone": "UTC", "publish-without_failing_photos": "on"}
    answer = desk.post(url("publish", story.pk), data, follow=True)
    assert "1 photo was left out" in answer.content.decode()
    assert story.tasks.filter(desk="photo", photo=slot).exists()
    document = json.loads(LiveDocument.objects.live(timezone.now()).get().bytes.document_json)
    assert [block["type"] for block in document["body"]] == ["paragraph", "heading", "paragraph"]


def test_a_correction_needs_words_for_readers(desk):
    story = a_story()
    story.publish()
    story.standfirst = "Mended."
    story.save()
    data = {"now": "1", "publish-zone": "UTC", "publish-kind": "correction"}
    assert "Readers see it" in desk.post(url("publish", story.pk), data, follow=True).content.decode()
    assert story.editions.count() == 1
    desk.post(url("publish", story.pk), data | {"publish-public_note": "The name was wrong."})
    assert story.corrections.get().text == "The name was wrong."


def test_scheduled_editions_are_cancelled_and_moved_from_the_panel(desk):
    story = a_story()
    soon = timezone.now() + timedelta(days=400)
    edition = story.publish(at=soon)
    data = {"publish-when": "2031-07-04T18:30", "publish-zone": "UTC"}
    desk.post(url("reschedule", story.pk, edition.number), data)
    moved = story.coming_editions().get()
    assert moved.live_from.isoformat() == "2031-07-04T18:30:00+00:00"
    desk.post(url("cancel", story.pk, moved.number))
    assert not story.coming_editions().exists()
    again = desk.post(url("cancel", story.pk, moved.number), follow=True)
    assert "This is no longer scheduled" in again.content.decode()


@pytest.mark.parametrize(("how", "status"), [("note", 410), ("silent", 410), ("redirect", 301)])
def test_a_story_is_withdrawn_with_a_note_silently_or_by_redirect(desk, how, status):
    story = a_story()
    story.publish()
    assert "Write why" in desk.post(url("withdraw", story.pk), {"how": how}, follow=True).content.decode()
    desk.post(url("withdraw", story.pk), {"how": how, "reason": "Legal", "redirect_to": "https://www.example.com/x"})
    assert not LiveDocument.objects.live(timezone.now()).exists()
    assert LiveDocument.objects.answering(timezone.now()).filter(article=story).first().status == status


def test_the_preview_shows_headings_lists_and_captions_as_readers_get_them(desk):
    photo = newsroom.photo(caption="Tom & Ada")
    own = "<figcaption>Salt &amp; <em>vinegar</em></figcaption>"
    figures = [f'<figure data-photo="{photo.pk}" data-layout="wide">{caption}</figure>' for caption in (own, "")]
    story = newsroom.article(
        lead=photo,
        body="<h2>Two</h2><h3>Three &amp; more</h3><ul><li><p>Film</p><ol><li><p>Drama</p></li></ol></li></ul>"
        f'<blockquote data-cite="Ada &amp; Tom"><p>Yes</p></blockquote>{figures[0]}'
        f'<div data-gallery="" data-title="The night">{figures[1]}</div>',
    )
    page = desk.get(url("preview", story.pk)).content.decode()
    assert "<h2>Two</h2>" in page and "<h3>Three &amp; more</h3>" in page
    assert "<ul><li>Film<ol><li>Drama</li></ol></li></ul>" in page
    assert "<footer>Ada &amp; Tom</footer>" in page and "<h2>The night</h2>" in page
    assert "Salt &amp; <em>vinegar</em>" in page and page.count("Tom &amp; Ada") >= 2
    assert "&amp;amp;" not in page and ">None" not in page


def test_a_preview_link_is_made_listed_and_revoked(desk):
    story = a_story()
    answer = desk.post(url("share", story.pk), {"hours": "48", "note": "Legal", "what": "version"}, follow=True)
    link = story.preview_links.get()
    assert link.token in answer.content.decode() and link.version.number == 1
    assert link.is_open(timezone.now())
    desk.post(url("revoke", story.pk, link.pk))
    link.refresh_from_db()
    assert not link.is_open(timezone.now())


FRONT, TITLE = "https://www.example.com/preview/{token}", "https://title.example.com/?preview={token}"
# By setting, by title, with the reader or without → where links open, and what the panel says of it.
LEADS = [
    ("", "", True, "http://testserver/reader/?preview={token}", "They open in the example site at"),
    ("", "", False, "http://testserver/api/v1/preview/{token}/", "without the look of your site"),
    (FRONT, "", True, FRONT, "<strong>www.example.com</strong>, your front end."),
    (FRONT, TITLE, True, TITLE, "<strong>title.example.com</strong>, your front end."),
    ("", TITLE, False, TITLE, "<strong>title.example.com</strong>, your front end."),
]


@pytest.mark.parametrize(("setting", "title", "reader", "form", "said"), LEADS)
def test_preview_links_lead_where_the_panel_says(desk, settings, setting, title, reader, form, said):
    settings.PREVIEW_URL_TEMPLATE, settings.READER_EXAMPLE = setting, reader
    story = a_story()
    story.site.preview_url_template = title
    story.site.save()
    answer = desk.post(url("share", story.pk), {"hours": "48", "what": "copy"}, follow=True)
    address = form.replace("{token}", story.preview_links.get().token)
    host = address.split("/")[2]
    shared = escape(address)
    assert f"Preview link created. It opens at {host}." in answer.content.decode()
    for page in ("publishing", "panel"):
        panel = desk.get(url(page, story.pk)).content.decode()
        assert f'value="{shared}"' in panel and said in panel and host in panel
    if host == "testserver":
        opened = Client().get(address.removeprefix("http://testserver"))
        assert opened.status_code == 200
        assert ("<!doctype html>" in b"".join(opened).decode().lower()) is reader


def test_every_button_of_a_story_is_for_post_alone(desk):
    story = a_story()
    for name in ("publish", "withdraw", "move", "share", "submit", "return", "accept", "assign", "comment", "discard"):
        assert desk.get(url(name, story.pk)).status_code == 405, name


# History


def test_history_shows_words_that_changed_and_restores_as_a_draft(desk):
    story = a_story()
    story.publish()
    story.headline = "A short evening"
    story.save()
    story.record()
    page = desk.get(url("versions", story.pk) + "?old=1&new=2").content.decode()
    assert "<del>long </del><ins>short </ins>" in page
    desk.post(url("restore", story.pk, 1), {"revision": Article.objects.get(pk=story.pk).revision})
    assert Article.objects.get(pk=story.pk).headline == "A long evening"
    assert Version.objects.filter(article=story).count() == 3
    assert story.editions.count() == 1


def test_what_readers_saw_on_a_day_comes_from_editions_and_the_ledger(desk):
    story = a_story(lead=newsroom.photo())
    story.publish()
    today = f"{timezone.now() + timedelta(minutes=1):on=%Y-%m-%d&at=%H:%M}"
    page = desk.get(f"{url('versions', story.pk)}?{today}").content.decode()
    assert "Photo by Petra Lindqvist/Getty Images for StreamCo" in page
    assert "Paragraph 7 of a long evening" in page
    assert "not published yet" in desk.get(url("versions", story.pk) + "?on=2001-01-01").content.decode()


# The house


def test_the_list_counts_no_million_rows_and_asks_no_query_per_row(desk):
    for number in range(3):
        newsroom.article(f"Story {number}").publish()
    with CaptureQueriesContext(connection) as few:
        desk.get(url("changelist"))
    for number in range(3, 12):
        newsroom.article(f"Story {number}").publish()
    with CaptureQueriesContext(connection) as many:
        page = desk.get(url("changelist"))
    assert len(many) == len(few)
    counts = [each["sql"] for each in many if "COUNT(" in each["sql"] and "articles_article" in each["sql"]]
    assert counts and all("LIMIT 2000" in sql for sql in counts)
    assert page.content.decode().count("pill-live") == 12


def test_the_admin_allows_scripts_of_ours_alone(desk):
    story = a_story()
    answer = desk.get(url("change", story.pk))
    rule = answer.headers["Content-Security-Policy"]
    page = answer.content.decode()
    assert "script-src 'self' 'sha256-" in rule
    assert "unsafe-inline" not in rule.split("script-src")[1].split(";")[0]
    inline = [tag for tag in re.findall(r"<script\b[^>]*>", page) if "src=" not in tag]
    assert inline == ['<script type="importmap">']
    assert not re.search(r"<[^>]+\son\w+=", page)
    assert "sha256" not in desk.get(reverse("admin:index")).headers["Content-Security-Policy"]


def test_a_forgotten_password_is_reset_by_mail(client, chief_editor, mailoutbox):
    assert "password_reset" in client.get(reverse("admin:login")).content.decode()
    client.post(reverse("admin_password_reset"), {"email": "chief@example.com"})
    link = re.search(r"http://localhost:8000(/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True)
    new = {"new_password1": "an even longer one 7", "new_password2": "an even longer one 7"}
    client.post(form.request["PATH_INFO"], new)
    assert client.login(username="chief", password="an even longer one 7")
