import pytest
from django.urls import reverse

from articles.models import Article

from . import newsroom

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def change_url(story):
    return reverse("admin:articles_article_change", args=[story.pk])


def test_every_page_of_a_story_opens(desk):
    story = newsroom.article(lead=newsroom.photo(), photos=[newsroom.photo(slot=True)], people=[newsroom.person()])
    story.record()
    pages = ["change", "publishing", "panel", "preview", "versions"]
    for page in pages:
        answer = desk.get(reverse(f"admin:articles_article_{page}", args=[story.pk]))
        assert answer.status_code == 200, page
    for page in ("admin:index", "admin:articles_article_changelist", "admin:articles_article_import", "admin:articles_article_add"):
        assert desk.get(reverse(page)).status_code == 200, page
