"""A house caption or a credit is put right in live articles, and their readers are told so: in one transaction."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from articles.live import refresh
from articles.models import AuditEntry, Correction, LiveDocument
from media.models import Caption, Notice, Photo, Usage

from . import newsroom
from .test_photo_desk import change, posted

pytestmark = pytest.mark.django_db

SAID = "An earlier caption named the wrong actor."


def read(story) -> dict:
    row = LiveDocument.objects.live(timezone.now()).get(article=story)
    if row.refresh_at <= timezone.now():
        row = refresh.refresh(row.pk, timezone.now())
    return json.loads(row.bytes.document_json)


@pytest.fixture
def photo(db):
    return newsroom.photo()


@pytest.fixture
def stories(photo):
    """Two that show the photo with the house caption, one with its own, one that shows another photo."""
    inheriting = [newsroom.article("Lead", lead=photo), newsroom.article("In the text", photos=[photo])]
    own = newsroom.article("Own caption", lead=photo, lead_caption="As this story says it.")
    other = newsroom.article("Another photo", lead=newsroom.photo(caption="Somebody else."))
    draft = newsroom.article("A draft", lead=photo)
    draft.record()
    for story in (*inheriting, own, other):
        story.publish()
    return {"inheriting": inheriting, "own": own, "other": other, "draft": draft}


def texts(story):
    return [(row["kind"], row["text"]) for row in read(story)["corrections"]]


def test_readers_of_every_story_with_the_house_caption_are_told(client, editor, photo, stories):
    client.force_login(editor)
    page = client.get(change(photo))
    assert "Tell readers" in page.content.decode()
    data = posted(page) | {"captions-0-text": "Ada Okonjo arrives.", "tell_readers": SAID}
    answer = client.post(change(photo), data)
    assert answer.status_code == 302, answer.context["errors"]
    for story in stories["inheriting"]:
        assert texts(story) == [("credit", SAID)]
        assert "Ada Okonjo arrives." in json.dumps(read(story))
    assert texts(stories["own"]) == texts(stories["other"]) == []
    assert not Correction.objects.filter(article=stories["draft"]).exists()
    assert set(Correction.objects.values_list("by", flat=True)) == {editor.pk}
    assert AuditEntry.objects.filter(verb="photo.corrected", by=editor, note=SAID).exists()


def test_the_ledger_keeps_the_caption_from_before(editor, photo, stories):
    photo.correct(by=editor, caption="Ada Okonjo arrives.", public_note=SAID)
    story = stories["inheriting"][0]
    read(story)
    rows = Usage.objects.filter(article=story.pk).order_by("live_from")
    assert [row.caption for row in rows] == ["Mara Okonjo at the premiere.", "Ada Okonjo arrives."]
    assert [row.live_until is None for row in rows] == [False, True]


def test_a_corrected_credit_is_told_where_the_caption_is_the_storys_own_too(editor, photo, stories):
    photo.correct(by=editor, credit="Ida Brandt/AP", public_note="The credit was wrong.")
    assert texts(stories["own"]) == [("credit", "The credit was wrong.")]


def test_the_credits_page_tells_the_readers_of_all_its_photos(client, editor, photo, stories):
    client.force_login(editor)
    address = reverse("admin:media_photocredit_change", args=[photo.credit_id])
    inlines = {
        f"{prefix}-{key}": 0 for prefix in ("creditphotographer_set", "creditagency_set")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }  # fmt: skip
    data = {"line": "Ida Brandt/AP", "status": "", "tell_readers": "The credit was wrong."} | inlines
    assert client.post(address, data).status_code == 302
    assert texts(stories["own"]) == texts(stories["inheriting"][1]) == [("credit", "The credit was wrong.")]


def test_words_replaced_in_many_captions_are_told_where_they_stood(client, editor, photo, stories):
    client.force_login(editor)
    chosen = {"_selected_action": [str(each.pk) for each in Photo.objects.all()]}
    data = {"action": "replace_words", "find": "Mara", "replace": "Ada", "tell_readers": SAID, "apply": "1"}
    answer = client.post(reverse("admin:media_photo_changelist"), data | chosen, follow=True)
    assert "1 photo changed" in answer.content.decode()
    assert texts(stories["inheriting"][0]) == [("credit", SAID)]
    assert texts(stories["other"]) == []


def test_a_correction_an_agency_orders_is_told_too(editor, photo, stories):
    Notice.objects.act("correction", by=editor, reason="name", photos=[photo], caption="Ada.", public_note=SAID)
    assert texts(stories["inheriting"][0]) == [("credit", SAID)]


def test_a_correction_stays_when_the_story_is_published_again(editor, photo, stories):
    photo.correct(by=editor, caption="Ada Okonjo arrives.", public_note=SAID)
    story = stories["inheriting"][0]
    story.standfirst = "Another standfirst."
    story.save()
    story.publish(kind="minor")
    assert texts(story) == [("credit", SAID)]


def test_nothing_is_told_or_changed_where_the_form_is_wrong(client, editor, photo, stories):
    client.force_login(editor)
    wrong = {"captions-0-text": "Ada.", "captions-0-alt": "x", "captions-0-decorative": "on", "tell_readers": SAID}
    answer = client.post(change(photo), posted(client.get(change(photo))) | wrong)
    assert answer.status_code == 200
    assert SAID in answer.content.decode()
    assert not Correction.objects.exists()
    assert Caption.objects.get(photo=photo, kind="house").text == "Mara Okonjo at the premiere."


def test_only_who_may_change_photos_tells_readers(outsider, photo):
    with pytest.raises(PermissionDenied, match="tell readers"):
        Photo.objects.filter(pk=photo.pk).tell_readers(SAID, by=outsider)
