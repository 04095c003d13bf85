"""What readers get can be built anew from editions at any time, and comes out the same."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.live import refresh
from articles.models import DocumentPhoto, Facet, LiveDocument, LiveDocumentBody

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories():
    """Stories in every situation: updated, corrected, scheduled, moved, withdrawn, linked."""
    now = timezone.now()
    people, works = [newsroom.person(), newsroom.person("Tobias Renn")], [newsroom.work()]
    photos = [newsroom.photo(seed=1), newsroom.photo(line="REUTERS/Tom Vale", seed=2)]
    plain = newsroom.article("Plain", lead=photos[0], photos=photos, people=people, works=works, tags=[newsroom.tag()])
    plain.publish(now=now)
    linked = newsroom.article("Linked")
    linked.body += f'<p>See <a href="article:{plain.pk}">the other story</a>.</p>'
    linked.save()
    linked.publish(now=now, ends=now + timedelta(days=9))
    plain.headline = "Plain, corrected"
    plain.save()
    plain.publish(now=now, kind="correction", public_note="An earlier version was wrong.")
    plain.headline = "Plain, to come"
    plain.save()
    plain.publish(now=now, at=now + timedelta(days=3))
    plain.move(slug="plain-as-can-be", now=now)
    gone = newsroom.article("Gone", photos=photos[:1])
    gone.publish(now=now - timedelta(hours=1))
    gone.withdraw(reason="a mistake", now=now, redirect_to="plain-as-can-be")
    refresh_stale()
    # What is over is kept a minute for readers who asked before; the worker then sweeps it.
    LiveDocument.objects.past(timezone.now()).delete()
    return [plain, linked, gone]


def refresh_stale():
    """Do what the next reader does."""
    for key in LiveDocument.objects.stale(timezone.now()).values_list("pk", flat=True):
        refresh.refresh(key, timezone.now())


def everything():
    """All that readers can get, without the keys that change when rows are written anew."""
    rows = LiveDocument.objects.order_by("slug", "live_from").values_list(
        "slug", "status", "location", "path", "headline", "live_from", "live_until", "published_at", "updated_at",
        "best_before__refresh_at", "etag", "noindex", "locale",
    )  # fmt: skip
    bodies = LiveDocumentBody.objects.order_by("document__slug", "document__live_from").values_list(
        "card", "document_json", "bare_card", "drops"
    )
    facets = Facet.objects.order_by("document__slug", "document__live_from", "kind", "key").values_list("kind", "key")
    photos = DocumentPhoto.objects.order_by("document__slug", "document__live_from", "photo").values_list("photo")
    return list(rows), list(bodies), list(facets), list(photos)


def rebuild(*arguments, **options):
    out = StringIO()
    call_command("rebuild_live", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_rebuilt_documents_are_the_same_bytes(stories, batch):
    before = everything()
    assert len(before[0]) == 6, [row[:2] for row in before[0]]
    assert "Done: 3 articles" in rebuild("--all", batch=batch)
    assert everything() == before


def test_lost_documents_come_back(stories):
    before = everything()
    LiveDocument.objects.all().delete()
    rebuild("--all")
    refresh_stale()
    assert everything() == before


def test_one_article_is_rebuilt_and_the_others_are_left_alone(stories):
    others = set(LiveDocument.objects.exclude(article=stories[0]).values_list("pk", flat=True))
    before = everything()
    assert rebuild("--article", "plain-as-can-be") == "1 article, 2 documents.\n"
    assert everything() == before
    assert set(LiveDocument.objects.exclude(article=stories[0]).values_list("pk", flat=True)) == others


def test_interrupted_rebuild_goes_on_after_the_last_article_done(stories, settings):
    _, second, third = sorted(stories, key=lambda story: story.pk)
    bookmark = settings.VAR_DIR / "rebuild_live.json"
    bookmark.write_text(json.dumps({"last": str(second.pk), "articles": 2, "documents": 3}))
    kept = set(LiveDocument.objects.exclude(article=third).values_list("pk", flat=True))
    assert "Going on after 2 articles." in rebuild("--all")
    assert set(LiveDocument.objects.exclude(article=third).values_list("pk", flat=True)) == kept
    assert not bookmark.exists()


def test_restart_forgets_how_far_an_earlier_run_came(stories, settings):
    last = max(story.pk for story in stories)
    (settings.VAR_DIR / "rebuild_live.json").write_text(json.dumps({"last": str(last), "articles": 3, "documents": 4}))
    assert "3 of 3 articles" in rebuild("--all", restart=True)


def test_article_without_editions_is_named_in_a_sentence():
    newsroom.article("A draft")
    with pytest.raises(CommandError, match="No article with editions has the address “a-draft”"):
        rebuild("--article", "a-draft")


def test_number_of_statements_does_not_grow_with_the_batch(stories, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(6):
        newsroom.article(f"One more {number}").publish(now=now)
    with django_assert_max_num_queries(110):
        rebuild("--all")
