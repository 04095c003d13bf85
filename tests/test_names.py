"""People and works: doubles become one everywhere, names in a text are found, tagged and linked."""


from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import documents
from articles.models import LiveDocument, Person

from . import newsroom

pytestmark = pytest.mark.django_db


def live(client, story) -> dict:
    answer = client.get(f"/api/v1/articles/{story.slug}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def slugs(client, query: str) -> list[str]:
    return [row["slug"] for row in client.get(f"/api/v1/articles/?{query}").json()["results"]]


# Doubles


def test_readers_of_live_stories_see_the_one_who_stands_for_a_double(client, editor):
    kept, double = newsroom.person("Mara Okonjo"), newsroom.person("Mara Okonyo")
    story = newsroom.article(people=[double])
    story.publish()
    old = double.slug
    kept.absorb(double, by=editor)
    assert slugs(client, f"person={kept.slug}") == [story.slug], "Listed at once, before anybody opens the story."
    assert [(row["name"], row["slug"]) for row in live(client, story)["people"]] == [("Mara Okonjo", kept.slug)]
    moved = client.get(f"/api/v1/people/{old}/")
    assert (moved.status_code, moved["Location"]) == (301, f"/api/v1/people/{kept.slug}/")


def test_a_story_that_named_both_names_the_one_once(client, editor):
    kept, double = newsroom.work("The Glass Orchard"), newsroom.work("Glass Orchard")
    story = newsroom.article(works=[double, kept], review_work=double, review_rating=4)
    story.publish()
    kept.absorb(double, by=editor)
    document = live(client, story)
    assert [row["title"] for row in document["works"]] == ["The Glass Orchard"]
    assert document["review"]["work"]["slug"] == kept.slug


def test_mergers_lead_on_to_the_last_of_several(client, editor):
    first, second, third = (newsroom.person(name) for name in ("Mara Okonjo", "Mara Okonyo", "M. Okonyo"))
    story = newsroom.article(people=[third])
    story.publish()
    second.absorb(third, by=editor)
    first.absorb(second, by=editor)
    LiveDocument.objects.all().mark_stale(timezone.now())
    assert [row["slug"] for row in live(client, story)["people"]] == [first.slug]
    documents.rebuild([story], timezone.now())
    assert [row["slug"] for row in live(client, story)["people"]] == [first.slug]


def test_a_restored_version_tags_the_one_who_stands_for_a_double(editor):
    kept, double = newsroom.person("Mara Okonjo"), newsroom.person("Mara Okonyo")
    story = newsroom.article(people=[kept, double])
    version = story.record(by=editor)
    kept.absorb(double, by=editor)
    story.articleperson_set.all().delete()
    story.restore(version, by=editor)
    assert [link.person for link in story.articleperson_set.all()] == [kept]


def test_what_is_known_of_the_double_alone_is_kept(editor):
    kept = newsroom.person("Mara Okonjo", description="An actor.")
    double = newsroom.person("Mara Okonyo", description="Actress", born=date(1990, 2, 3), same_as=["https://a.example/1"])
    kept.absorb(double, by=editor)
    kept.refresh_from_db()
    assert (kept.description, kept.born, kept.same_as) == ("An actor.", date(1990, 2, 3), ["https://a.example/1"])


def test_who_was_merged_already_is_refused_with_a_sentence(editor):
    kept, double = newsroom.person("Mara Okonjo"), newsroom.person("Mara Okonyo")
    again = Person.objects.get(pk=double.pk)
    kept.absorb(double, by=editor)
    with pytest.raises(ValidationError, match="merged already"):
        kept.absorb(again, by=editor)
