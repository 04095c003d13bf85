"""`manage.py erase`: a story's words and a person's name go, and what stays is said first."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Address, AuditEntry, Person

from . import newsroom
from .test_sealing import found, story  # noqa: F401

pytestmark = pytest.mark.django_db
NAME = "Quillfeather Okonjo"


def erase(**options):
    said = io.StringIO()
    call_command("erase", stdout=said, **{"reason": "Request 12", "by": "editor"} | options)
    return said.getvalue()


@pytest.fixture
def person(editor):
    """A person with names, addresses, tags, photos and live stories."""
    made = Person.objects.create(name=NAME, description=f"{NAME} sings.", sort_name=NAME, born="1990-01-01")
    made.slug = "quillfeather"
    made.save()
    made.aliases.create(name="Q. Quillfeather")
    photo = newsroom.photo()
    made.appearances.create(photo=photo)
    photo.people_named = [NAME, "Somebody Else"]
    photo.save()
    other = newsroom.article("A night at the opera", lead=photo, people=[made])
    other.publish(now=timezone.now())
    return made


def test_the_name_of_a_person_is_gone_from_every_table(person, client):
    assert {"articles_livedocumentbody.document_json", "articles_person.name", "articles_auditentry.note"} <= found()
    said = erase(person="quillfeather")
    assert "Done and logged" in said
    assert found() == set()
    assert not Address.objects.filter(kind="person").exists()
    assert client.get("/api/v1/articles/").json()["results"][0]["headline"] == "A night at the opera"
    entry = AuditEntry.objects.get(verb="person.erased")
    assert (entry.note, str(entry.by)) == ("Request 12", "editor")


def test_sentences_that_name_the_person_are_listed_and_stay(person):
    naming = newsroom.article(f"{NAME} wins")
    naming.record()
    said = erase(person="quillfeather")
    assert "Stories: 1. Kept" in said
    naming.refresh_from_db()
    assert naming.headline == f"{NAME} wins"


def test_a_dry_run_changes_nothing(person, story):  # noqa: F811
    before = found()
    assert "Nothing was changed." in erase(person="quillfeather", dry_run=True)
    assert "Nothing was changed." in erase(article=str(story.pk), dry_run=True)
    assert found() == before


def test_a_story_is_sealed_and_its_places_are_said_first(story):  # noqa: F811
    said = erase(article=str(story.pk))
    assert said.index("Versions: ") < said.index("Done and logged")
    story.refresh_from_db()
    assert story.headline == "[sealed]"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"person": "nobody"}, "no person at the address"),
        ({"article": "zz"}, "not the id of a story"),
        ({"article": "00000000-0000-0000-0000-000000000000"}, "no story with the id"),
        ({"person": "quillfeather", "by": "ghost"}, "There is no user"),
        ({"person": "quillfeather", "by": "outsider"}, "You may not erase people"),
        ({"person": "quillfeather", "reason": " "}, "Write why"),
    ],
)
def test_refusals_are_sentences_and_change_nothing(person, outsider, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        erase(**options)
    assert Person.objects.filter(pk=person.pk).exists()
