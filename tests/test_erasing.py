"""Erasing a name, on its page and by `manage.py erase`: what stays is said first, and nothing else is found afterwards."""

import io
from contextlib import suppress
from itertools import chain

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import (
    Address,
    AuditEntry,
    Author,
    Correction,
    KeptAnswer,
    LiveDocument,
    LoginFailure,
    Person,
    Purge,
    SavedFilter,
    Source,
)
from articles.stories.erasing import OF_PROGRAMS, TEXTS, Named, _credits, _of_others, _own, _texts_of, kept
from media.insert_only import InsertOnlyModel
from media.models import Agency, Licence, Notice, NoticeMark, Pause, Photo, PhotoCredit, Photographer

from . import newsroom
from .test_sealing import found as found_of
from .test_sealing import story  # noqa: F401

pytestmark = pytest.mark.django_db
MARK = "zibeline"
NAME = "Zibeline O’Konjo"
# Columns that the program fills with words of its own, with keys, digests or numbers.
NO_NAMES = {
    "verb", "event", "time_zone", "without_photos", "password", "key", "request_digest", "token", "object_id", "args_kwargs",
    "task_path", "tab", "save_key", "worker_ids", "queue_name", "backend_name", "return_value", "exception_class_path",
}  # fmt: skip


def found():
    return found_of(MARK)


def text_columns(model):
    return [model._meta.get_field(name) for name in _texts_of(model) if name not in NO_NAMES]


def every_model():
    return [model for model in apps.get_models() if model not in OF_PROGRAMS and text_columns(model)]


def say(value, field):
    """Return a value of a column that names the person."""
    if isinstance(field, models.JSONField):
        return [*value, NAME] if isinstance(value, list) else {**(value or {}), "words": NAME}
    # Some names are given once only.
    return f"The {NAME}"


def name_everywhere(who):
    """Let one row of every table name the person in every text that takes any; return the tables."""
    seen = set()
    with transaction.atomic():
        pause = Pause.objects.create(reason="the test marks rows")
        for model in every_model():
            row = _of_others(model, who).order_by("-pk").first()
            for field in text_columns(model) if row else ():
                if not field.primary_key:
                    write(model, row, field)
                    seen.add(model)
        pause.delete()
    return seen


def write(model, row, field):
    """Let a column name the person, unless a constraint asks for something else."""
    rows = model.objects.filter(pk=row.pk)
    values = {field.name: say(getattr(row, field.name), field)}
    with suppress(IntegrityError, DataError), transaction.atomic():
        (rows.change_sealed if issubclass(model, InsertOnlyModel) else rows.update)(**values)


@pytest.fixture
def everywhere(story, editor):  # noqa: F811
    """A newsroom with a row in every table, each of which names the person."""
    now = timezone.now()
    SavedFilter.objects.create(owner=editor, name="Film", asked={"q": "x"})
    token, _ = editor.api_tokens.issue(editor, name="Wire")
    KeptAnswer.objects.create(token=token, key="1", request_digest="0", status=201, at=now, body="{}")
    agency = Agency.objects.first()
    agency.aliases.create(name="Another spelling")
    photographer = Photographer.objects.create(name="Somebody")
    photographer.aliases.create(name="Some Body")
    newsroom.person("Somebody Else").aliases.create(name="Some Body")
    newsroom.work().aliases.create(name="Another title")
    Source.objects.create(name="AP")
    Licence.objects.create(reference="7", agency=agency)
    notice = Notice.objects.create(kind="kill", text="Kill", by=editor)
    NoticeMark.objects.create(notice=notice, value="1")
    Group.objects.get_or_create(name="Guests")
    LoginFailure.objects.create(kind="password", name="somebody", address="127.0.0.1", at=now)
    Purge.objects.create(tags=["list"], at=now, due_at=now)
    LogEntry.objects.create(user=editor, object_repr="x", action_flag=2)
    Correction.objects.create(article=story, kind="correction", at=now, text="x")
    story.keep_as_template("Trial report", by=editor)
    newsroom.article("The one that is named").record()
    return story


def subject(kind):
    """Return whom to erase, with everything that hangs on it."""
    photo = newsroom.photo(seed=91)
    if kind == "name":
        return Named.called(NAME)
    if kind == "photographer":
        row = Photographer.objects.create(name=NAME, note=f"{NAME} is kind.")
        photo.credit = PhotoCredit.objects.create(supplied_line=f"{NAME}/Getty Images", required_line="")
        photo.credit.creditphotographer_set.create(photographer=row)
        photo.credit.creditagency_set.create(agency=Agency.objects.named("Getty Images"))
        photo.save()
    else:
        row = {"person": Person, "author": Author}[kind].objects.create(name=NAME)
        row.slug = f"{MARK}-now"
        row.save()
    if kind != "author":
        row.aliases.create(name=f"{MARK} B.")
    other = newsroom.article("A night at the opera", lead=photo)
    if kind == "person":
        other.articleperson_set.create(person=row)
        row.appearances.create(photo=photo)
    if kind == "author":
        other.articleauthor_set.create(author=row)
    other.publish(now=timezone.now(), override="test")
    return Named.of(row)


def places_of(who):
    return [*_own(who), *TEXTS, *_credits(who), *kept()]


def covers(columns, column):
    return column in columns or f"{column.split('.')[0]}.*" in columns


def test_every_text_of_every_table_has_a_verdict():
    columns = set(
        chain.from_iterable(
            place.columns
            for kind in ("person", "author", "photographer")
            for place in places_of(
                Named(kind, NAME, {"person": Person, "author": Author, "photographer": Photographer}[kind](name=NAME))
            )
        )
    )
    missing = [f"{model._meta.db_table}.{field.name}" for model in every_model() for field in text_columns(model)]
    assert [column for column in missing if not covers(columns, column)] == []


@pytest.mark.parametrize("kind", ["person", "author", "photographer", "name"])
def test_a_name_is_found_afterwards_only_where_the_page_said(kind, everywhere, editor, client):
    who = subject(kind)
    named = {model._meta.db_table for model in name_everywhere(who)}
    assert {column.split(".")[0] for place in TEXTS for column in place.columns} <= named
    client.force_login(editor)
    url = page_of(who)
    page = client.get(url).content.decode()
    before = found()
    response = client.post(url, {"confirm": who.name, "reason": "Request 12", "name": NAME}, follow=True)
    assert "Certificate of erasure" in response.content.decode()
    keeps = [place for place in places_of(who) if place.keeps and place.name in page]
    said = set(chain.from_iterable(place.keeps for place in keeps))
    # The tables of the search index come with the pages and names in it.
    stays = {
        column
        for column in found()
        if not column.startswith(
            (
                "articles_search.",
                "articles_search_",
                "articles_searchname_",
                "articles_storyentry.",
                "articles_storywords",
            )
        )
    }
    assert [column for column in stays if not covers(said, column)] == []
    changed = {column for place in TEXTS for column in place.columns}
    assert changed <= before
    assert not (changed & stays) - said


def page_of(who):
    if who.row is None:
        return reverse("admin:articles_person_erase_name") + f"?name={NAME}"
    app = "media" if who.kind == "photographer" else "articles"
    return reverse(f"admin:{app}_{who.kind}_erase", args=[who.key])


@pytest.mark.parametrize("kind", ["person", "author", "photographer"])
def test_nothing_names_who_was_only_linked(kind, editor, client):
    newsroom.credit()
    who = subject(kind)
    Person.objects.filter(pk=who.key).update(description=NAME)
    assert "articles_livedocumentbody.document_json" in found()
    who.erase(by=editor, reason="Request 12")
    assert found() <= {"media_usage.photographer", "media_usage.credit"}
    assert not Address.objects.filter(kind=kind, slug__contains=MARK).exists()
    document = LiveDocument.objects.live(timezone.now()).get(headline="A night at the opera")
    assert document.refresh_at > timezone.now()
    assert client.get("/api/v1/articles/").json()["results"][0]["headline"] == "A night at the opera"
    entry = AuditEntry.objects.get(verb=f"{kind}.erased")
    assert (entry.note.split("\n")[0], str(entry.by)) == ("Request 12", "editor")


def test_a_photographer_leaves_the_line_and_is_not_read_into_it_again(editor):
    newsroom.credit()
    who = subject("photographer")
    credit = PhotoCredit.objects.get(photographers=who.key)
    who.erase(by=editor, reason="Request 12")
    credit = PhotoCredit.objects.get(pk=credit.pk)
    assert "Getty Images" in credit.line()
    assert MARK not in credit.line().casefold()
    assert not PhotoCredit.objects.reread().filter(pk=credit.pk).exists()
    assert Photo.objects.filter(credit=credit).exists()


def test_parts_of_longer_words_and_short_names_stay(editor):
    who = Named.called("Cher")
    AuditEntry.record("x", at=timezone.now(), note="Cher and Cherry, and CHER’s")
    who.erase(by=editor, reason="Request 12")
    assert AuditEntry.objects.get(verb="x").note == "[erased] and Cherry, and [erased]’s"


def test_sentences_that_name_a_person_are_counted_and_stay(editor, client):
    who = subject("person") if newsroom.credit() else None
    naming = newsroom.article(f"{NAME} wins")
    naming.record()
    said = erase(person=f"{MARK}-now")
    assert "Stories: 1. Blanked: – Kept: Seal the story" in said
    naming.refresh_from_db()
    assert naming.headline == f"{NAME} wins"
    assert who.kind == "person"


# The page


@pytest.mark.parametrize("kind", ["person", "author", "photographer"])
def test_forms_lead_to_the_page_for_those_with_the_permission(kind, editor, client):
    newsroom.credit()
    who = subject(kind)
    client.force_login(editor)
    app = "media" if kind == "photographer" else "articles"
    form = reverse(f"admin:{app}_{kind}_change", args=[who.key])
    assert page_of(who) in client.get(form).content.decode()
    page = client.get(page_of(who)).content.decode()
    assert all(
        words in page for words in ["What is kept, and why", "Reason", NAME, "Deleted", "Searched, and nothing found"]
    )


def test_a_name_without_a_page_is_asked_for_and_a_namesake_is_pointed_to(editor, client):
    row = Person.objects.create(name=NAME)
    client.force_login(editor)
    assert "Erase a name" in client.get(reverse("admin:articles_person_changelist")).content.decode()
    url = reverse("admin:articles_person_erase_name")
    assert "Find the name" in client.get(url).content.decode()
    assert "at least 3 letters" in client.get(f"{url}?name=x").content.decode()
    assert reverse("admin:articles_person_erase", args=[row.pk]) in client.get(f"{url}?name={NAME}").content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"confirm": "yes"}, "To confirm, type the name"),
        ({"reason": "  "}, "Write why"),
        ({"reason": f"Because {NAME} asked"}, "The reason repeats the name"),
    ],
)
def test_nothing_is_erased_without_a_reason_and_the_typed_name(data, sentence, editor, client):
    row = Person.objects.create(name=NAME)
    client.force_login(editor)
    url = reverse("admin:articles_person_erase", args=[row.pk])
    answer = client.post(url, {"confirm": NAME, "reason": "Request 12"} | data)
    assert sentence in answer.content.decode()
    assert Person.objects.filter(pk=row.pk).exists()


def test_without_the_permission_the_pages_are_closed(outsider, client):
    row = Person.objects.create(name=NAME)
    entry = AuditEntry.record("person.erased", at=timezone.now())
    outsider.user_permissions.add(*Permission.objects.filter(codename__in=["view_person", "change_person"]))
    client.force_login(type(outsider).objects.get(pk=outsider.pk))
    for url in (
        reverse("admin:articles_person_erase", args=[row.pk]),
        reverse("admin:articles_person_erase_name"),
        reverse("admin:articles_person_erased", args=[entry.pk]),
    ):
        assert client.get(url).status_code == client.post(url, {"confirm": NAME, "reason": "x"}).status_code == 403
    form = client.get(reverse("admin:articles_person_change", args=[row.pk])).content.decode()
    assert "Erase the name" not in form


def test_a_certificate_is_of_an_erasure_only(editor, client):
    entry = AuditEntry.record("user.logged_in", at=timezone.now())
    client.force_login(editor)
    assert client.get(reverse("admin:articles_person_erased", args=[entry.pk])).status_code == 404


def test_a_form_left_open_does_not_bring_the_person_back(editor, client):
    row = Person.objects.create(name=NAME)
    tagged = newsroom.article("A story", people=[row])
    version = tagged.record()
    client.force_login(editor)
    Named.of(row).erase(by=editor, reason="Request 12")
    url = reverse("admin:articles_person_change", args=[row.pk])
    client.post(url, {"name": NAME, "slug": row.slug, "same_as": ""})
    tagged.restore(version, by=editor)
    assert not Person.objects.exists()
    assert not {column for column in found() if not column.startswith("django_session")}


# The command


def erase(**options):
    said = io.StringIO()
    call_command("erase", stdout=said, **{"reason": "Request 12", "by": "editor"} | options)
    return said.getvalue()


def test_the_command_erases_what_the_page_does(editor):
    row = Author.objects.create(name=NAME)
    photographer = Photographer.objects.create(name=NAME)
    assert "has a page of its own: erase it by --author" in erase(name=NAME, dry_run=True)
    assert "Done and logged" in erase(author=row.slug)
    assert "Done and logged" in erase(photographer=str(photographer.pk))
    assert "Done and logged" in erase(name=NAME)
    assert found() == set()


def test_a_dry_run_changes_nothing(story, editor):  # noqa: F811
    row = Person.objects.create(name=NAME)
    before = found()
    assert "Nothing was changed." in erase(person=row.slug, dry_run=True)
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
        ({"person": "nobody"}, "There is no person at"),
        ({"author": "nobody"}, "There is no author at"),
        ({"photographer": "zz"}, "There is no photographer at"),
        ({"name": "x"}, "at least 3 letters"),
        ({"article": "zz"}, "not the id of a story"),
        ({"article": "00000000-0000-0000-0000-000000000000"}, "no story with the id"),
        ({"person": "zibeline", "by": "ghost"}, "There is no user"),
        ({"person": "zibeline", "by": "outsider"}, "You can’t erase names"),
        ({"person": "zibeline", "reason": " "}, "Write why"),
    ],
)
def test_refusals_are_sentences_and_change_nothing(editor, outsider, options, sentence):
    row = Person.objects.create(name=NAME, slug="zibeline")
    with pytest.raises(CommandError, match=sentence):
        erase(**options)
    assert Person.objects.filter(pk=row.pk).exists()
