"""People and works: doubles become one everywhere, names in a text are found, tagged and linked."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, LiveDocument, Person

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
    Article.objects.rebuild([story], timezone.now())
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
    double = newsroom.person(
        "Mara Okonyo", description="Actress", born=date(1990, 2, 3), same_as=["https://a.example/1"]
    )
    kept.absorb(double, by=editor)
    kept.refresh_from_db()
    assert (kept.description, kept.born, kept.same_as) == ("An actor.", date(1990, 2, 3), ["https://a.example/1"])


def test_who_was_merged_already_is_refused_with_a_sentence(editor):
    kept, double = newsroom.person("Mara Okonjo"), newsroom.person("Mara Okonyo")
    again = Person.objects.get(pk=double.pk)
    kept.absorb(double, by=editor)
    with pytest.raises(ValidationError, match="already merged"):
        kept.absorb(again, by=editor)


# Names in a text


def offered(client, title, *texts, others=()):
    data = {"title": [title], "texts": texts, "others": list(others)}
    answer = client.post("/admin/picker/mentions/", data, content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()["names"]


def test_names_in_the_text_are_offered_with_where_they_first_stand(client, editor):
    client.force_login(editor)
    mara = newsroom.person("Mara Okonjo", description="Actor, born in Lagos.")
    mara.aliases.create(name="Lady M")
    newsroom.person("Mara Okonjo-Lindt"), newsroom.person("Drake")
    work = newsroom.work("The Glass Orchard")
    texts = (
        "The crowd waited.",
        "Then Lady M’s car came, and Bobby Drake ran.",
        "“The Glass Orchard” opens on Friday.",
    )
    found = offered(client, "Okonjo is late", *texts, others=["Mara Okonjo at the premiere."])
    assert [(row["name"], row["kind"], row["count"], row["main"]) for row in found] == [
        ("Mara Okonjo", "person", 2, True), ("The Glass Orchard", "work", 1, False),
    ]  # fmt: skip
    number, start, end = found[0]["place"]
    assert texts[number][start:end] == "Lady M"
    assert (found[0]["id"], found[0]["slug"], found[0]["about"]) == (mara.pk, mara.slug, "Actor, born in Lagos.")
    number, start, end = found[1]["place"]
    assert texts[number][start:end] == "The Glass Orchard"
    assert found[1]["id"] == work.pk


def test_a_name_two_people_bear_is_offered_as_either(client, editor):
    client.force_login(editor)
    newsroom.person("Mara Okonjo").aliases.create(name="Duchess")
    newsroom.person("Ines Varga").aliases.create(name="Duchess")
    found = offered(client, "A day", "“I shall sing”, said Duchess to us.")
    assert {(row["name"], row["ambiguous"]) for row in found} == {("Mara Okonjo", True), ("Ines Varga", True)}


def test_a_new_name_and_a_new_alias_are_found_at_once(client, editor):
    client.force_login(editor)
    assert offered(client, "A day", "Mara Okonjo sang.") == []
    person = newsroom.person("Mara Okonjo")
    assert [row["id"] for row in offered(client, "A day", "Mara Okonjo sang.")] == [person.pk]
    person.aliases.create(name="Lady Em")
    assert [row["id"] for row in offered(client, "A day", "Lady Em sang.")] == [person.pk]


@pytest.mark.parametrize(
    "data", [{}, {"title": "x", "texts": [], "others": []}, {"title": [1], "texts": [], "others": []}]
)
def test_what_is_no_text_is_refused_with_a_sentence(client, editor, data):
    client.force_login(editor)
    answer = client.post("/admin/picker/mentions/", data, content_type="application/json")
    assert answer.status_code == 400 and answer.json()["detail"]


def link(kind, row) -> str:
    """Return how a delivered link to a person or work begins."""
    href = f"https://www.example.com{row.path}"
    return f'<a href="{href}" data-kind="{kind}" data-slug="{row.slug}" data-path="{row.path}">'


def test_a_link_to_a_person_follows_the_address_and_needs_the_tag(client, editor):
    mara, work = newsroom.person("Mara Okonjo"), newsroom.work("The Glass Orchard")
    body = f'<p><a href="person:{mara.slug}">Mara</a> in <a href="work:{work.slug}">it</a>.</p>'
    story = newsroom.article(body=body, people=[mara])
    assert [problem.code for problem in story.problems() if "tagged" in problem.sentence] == ["link_not_tagged"]
    story.publish()
    assert live(client, story)["body"][0]["html"] == f"{link('person', mara)}Mara</a> in it."
    mara.slug = "mara-o"
    mara.save()
    story.articlework_set.create(work=work)
    story.publish()
    html = f"{link('person', mara)}Mara</a> in {link('work', work)}it</a>."
    assert live(client, story)["body"][0]["html"] == html
    kept = newsroom.person("Mara Adaeze Okonjo")
    kept.absorb(mara, by=editor)
    assert live(client, story)["body"][0]["html"] == html.replace("mara-o", kept.slug)
