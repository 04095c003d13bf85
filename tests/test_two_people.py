"""Two people in one story: who may write, and how what both typed comes together."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Presence, TabAutosave
from media.ids import new_id

from . import newsroom
from .test_admin_story import form_of, url

pytestmark = pytest.mark.django_db

BODY = '<p data-id="blockaa">One.</p><p data-id="blockbb">Two.</p><p data-id="blockcc">Three.</p>'


@pytest.fixture
def dana(db):
    return get_user_model().objects.create_superuser("dana", "dana@example.com", "a long password")


@pytest.fixture
def alex(db):
    return get_user_model().objects.create_superuser("alex", "alex@example.com", "a long password")


@pytest.fixture
def desk(client, dana):
    client.force_login(dana)
    return client


@pytest.fixture
def story(db):
    made = newsroom.article("An evening in the rain", body=BODY, standfirst="Wet.")
    made.record()
    return made


def saved_by(user, story, **fields):
    """Let a colleague save these fields meanwhile."""
    there = Article.objects.get(pk=story.pk)
    for name, value in fields.items():
        setattr(there, name, value)
    there.save()
    there.record(by=user)


def answers(page):
    """Return what the conflict page would send as it stands: its hidden fields and what is ticked."""
    page = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(based_on|merged_with|kept)" value="(\d+)"', page))
    ticked = dict(re.findall(r'<input type="radio" name="(keep-[\w-]+)" value="(\w+)" required checked>', page))
    return hidden | ticked


def stored(story):
    return Article.objects.get(pk=story.pk)


# What comes together


def test_what_each_changed_alone_is_saved_together_with_one_click(desk, alex, story):
    mine = form_of(story, headline="My headline", body=BODY.replace("One.", "One, mine."), _continue="1")
    saved_by(alex, story, standfirst="Wetter.", body=BODY.replace("Three.", "Three, theirs."))
    page = desk.post(url("change", story.pk), mine)
    assert page.status_code == 409
    assert "Nothing was changed by both" in page.content.decode()
    assert desk.post(url("change", story.pk), mine | answers(page)).status_code == 302
    made = stored(story)
    assert (made.headline, made.standfirst) == ("My headline", "Wetter.")
    assert made.body == BODY.replace("One.", "One, mine.").replace("Three.", "Three, theirs.")
    assert not TabAutosave.objects.exists()


def test_only_the_block_both_changed_is_shown_and_both_stay_unless_one_is_chosen(desk, alex, story):
    mine = form_of(story, body=BODY.replace("Two.", "Two, mine.").replace("One.", "New."), _continue="1")
    saved_by(alex, story, body=BODY.replace("Two.", "Two, theirs."))
    page = desk.post(url("change", story.pk), mine)
    assert page.content.decode().count('<section class="compare">') == 1
    assert answers(page)["keep-block-blockbb"] == "both"
    desk.post(url("change", story.pk), mine | answers(page))
    words = re.findall(r">([^<]+)</p>", stored(story).body)
    assert words == ["New.", "Two, theirs.", "Two, mine.", "Three."]


@pytest.mark.parametrize(("choice", "headline"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_a_field_both_changed_is_chosen(desk, alex, story, choice, headline):
    mine = form_of(story, headline="Mine", _continue="1")
    saved_by(alex, story, headline="Theirs", standfirst="Wetter.")
    page = desk.post(url("change", story.pk), mine)
    assert answers(page)["keep-headline"] == "mine"
    assert "keep-slug" not in page.content.decode(), "The address follows the headline: nobody wrote it."
    desk.post(url("change", story.pk), mine | answers(page) | {"keep-headline": choice})
    assert (stored(story).headline, stored(story).standfirst) == (headline, "Wetter.")
    assert stored(story).slug == headline.lower()


def test_links_only_one_changed_are_taken(desk, alex, story):
    ada, june, tag = newsroom.author("Ada Vole"), newsroom.author("June Alder"), newsroom.tag("Rain")
    mine = form_of(story, writers=[ada.pk], contributors=[june.pk], _continue="1")
    there = stored(story)
    there.tags.add(tag)
    there.record(by=alex)
    page = desk.post(url("change", story.pk), mine)
    assert answers(page).keys() == {"based_on", "merged_with", "kept"}
    desk.post(url("change", story.pk), mine | answers(page))
    assert [link.author for link in stored(story).articleauthor_set.all()] == [ada, june]
    assert list(stored(story).tags.all()) == [tag]


def test_an_embargo_set_meanwhile_is_never_lifted_by_a_click(desk, alex, story):
    mine = form_of(story, headline="Mine", _continue="1")
    until = timezone.now().replace(microsecond=0) + timedelta(days=2)
    saved_by(alex, story, embargo_until=until, embargo_reason="The studio", standfirst="Wetter.")
    page = desk.post(url("change", story.pk), mine)
    assert 'name="keep-embargo_until"' in page.content.decode()
    assert "keep-embargo_until" not in answers(page), "Nobody knows who changed it: it has to be said."
    desk.post(url("change", story.pk), mine | answers(page))
    assert (stored(story).embargo_until, stored(story).headline) == (until, "Mine")


def test_a_third_save_meanwhile_is_asked_about_again(desk, alex, story):
    mine = form_of(story, headline="Mine", _continue="1")
    saved_by(alex, story, standfirst="Wetter.")
    page = desk.post(url("change", story.pk), mine)
    saved_by(alex, story, standfirst="Wettest.")
    again = desk.post(url("change", story.pk), mine | answers(page))
    assert again.status_code == 409
    desk.post(url("change", story.pk), mine | answers(again))
    assert (stored(story).headline, stored(story).standfirst) == ("Mine", "Wettest.")


def test_a_version_without_its_revision_shows_all_that_differs(desk, alex, story):
    """What the last release saved notes no revision."""
    mine = form_of(story, headline="Mine", _continue="1")
    saved_by(alex, story, standfirst="Wetter.")
    answer = desk.post(url("change", story.pk), mine | {"based_on": "0"})
    assert "unknown" in answer.content.decode()
    desk.post(url("change", story.pk), mine | answers(answer) | {"keep-standfirst": "theirs"})
    assert (stored(story).headline, stored(story).standfirst) == ("Mine", "Wetter.")


def test_a_wrong_value_in_a_merged_form_is_said_and_nothing_typed_is_lost(desk, alex, story):
    mine = form_of(story, headline="Mine", review_rating="99", _continue="1")
    saved_by(alex, story, standfirst="Wetter.")
    page = desk.post(url("change", story.pk), mine)
    answer = desk.post(url("change", story.pk), mine | answers(page))
    told = answer.content.decode()
    assert "The rating is outside its scale." in told
    assert "Mine" in told and "Wetter." in told


@pytest.mark.parametrize("hostile", [{"based_on": "x"}, {"merged_with": "x"}, {"based_on": "9" * 30}, {"kept": "x"}])
def test_nonsense_in_the_conflict_page_saves_nothing_over_what_stands(desk, alex, story, hostile):
    mine = form_of(story, headline="Mine", _continue="1")
    saved_by(alex, story, standfirst="Wetter.")
    page = desk.post(url("change", story.pk), mine)
    assert desk.post(url("change", story.pk), mine | answers(page) | hostile).status_code < 500
    assert stored(story).standfirst == "Wetter."


# What the absent one typed


def test_unsaved_text_of_somebody_who_left_is_put_together_with_what_is_saved(desk, alex, story):
    typed = {"headline": "Alex’s headline", "body": BODY.replace("One.", "One, by Alex.")}
    kept = TabAutosave.keep(story, alex, typed, story.revision, timezone.now())
    saved_by(None, story, body=BODY.replace("Two.", "Two, by Dana."))
    page = desk.get(url("merge", story.pk, kept.pk))
    told = page.content.decode()
    assert "alex" in told and "fit together" in told
    fields = dict(re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', told, re.DOTALL))
    assert fields["headline"] == "Alex’s headline"
    fields = {
        name: re.sub("&lt;", "<", value).replace("&gt;", ">").replace("&quot;", '"') for name, value in fields.items()
    }
    assert desk.post(url("change", story.pk), fields | answers(page) | {"_continue": "1"}).status_code == 302
    assert stored(story).headline == "Alex’s headline"
    assert stored(story).body == BODY.replace("One.", "One, by Alex.").replace("Two.", "Two, by Dana.")
    assert not TabAutosave.objects.exists()


def test_nobody_else_reads_unsaved_text(client, alex, story):
    kept = TabAutosave.keep(story, alex, {"headline": "Secret"}, story.revision, timezone.now())
    address = url("merge", story.pk, kept.pk)
    client.force_login(get_user_model().objects.create_user("writer", is_staff=True))
    assert client.get(address).status_code == 403
    assert client.get(reverse("admin:articles_article_merge", args=[story.pk, 10**12])).status_code in (403, 404)


# Who may write


def be_here(client, user, story, tab, do="stay"):
    client.force_login(user)
    answer = client.post(url("presence", story.pk), {"tab": tab, "do": do}, content_type="application/json")
    return answer.json()


def type_in(client, user, story, tab, **fields):
    client.force_login(user)
    sent = {"revision": story.revision, "tab": tab, "key": f"{tab}.1", "fields": fields or {"headline": "Typed"}}
    return client.post(url("autosave", story.pk), sent, content_type="application/json")


def save_in(client, user, story, tab, **fields):
    client.force_login(user)
    mine = form_of(story, **fields) | {"tab": tab, "save_key": f"{tab}.2", "_continue": "1"}
    return client.post(url("change", story.pk), mine, headers={"accept": "application/json"})


def test_only_the_writing_tab_saves_and_keeps(client, dana, alex, story):
    assert be_here(client, dana, story, "danas-tab")["writing"]
    assert not be_here(client, alex, story, "alexs-tab")["writing"]
    for refused in (
        type_in(client, alex, story, "alexs-tab"),
        save_in(client, alex, story, "alexs-tab", headline="Alex"),
    ):
        assert refused.status_code == 423
        assert "dana is writing in this story" in refused.json()["sentence"]
    assert not TabAutosave.objects.exists()
    assert stored(story).headline == "An evening in the rain"
    assert type_in(client, dana, story, "danas-tab").status_code == 200
    assert save_in(client, dana, story, "danas-tab", headline="Dana").status_code == 200
    assert stored(story).headline == "Dana"


def test_a_page_sent_by_the_browser_itself_is_refused_with_all_that_was_typed(client, dana, alex, story):
    be_here(client, dana, story, "danas-tab")
    client.force_login(alex)
    answer = client.post(url("change", story.pk), form_of(story, headline="Alex’s words") | {"tab": "alexs-tab"})
    assert answer.status_code == 423
    assert "dana is writing in this story" in answer.content.decode()
    assert "Alex’s words" in answer.content.decode()


def test_a_page_without_a_script_asks_only_whether_somebody_saved(client, dana, alex, story):
    be_here(client, dana, story, "danas-tab")
    client.force_login(alex)
    assert client.post(url("change", story.pk), form_of(story, headline="Plain")).status_code == 302
    assert client.post(url("change", story.pk), form_of(story, headline="Late")).status_code == 409


def test_two_tabs_of_one_person_never_write_over_each_other(client, dana, story):
    be_here(client, dana, story, "first-tab")
    be_here(client, dana, story, "second-tab")
    refused = type_in(client, dana, story, "second-tab")
    assert refused.status_code == 423
    assert "You are writing in this story in another tab" in refused.json()["sentence"]
    assert be_here(client, dana, story, "second-tab", "take")["writing"]
    assert type_in(client, dana, story, "first-tab").status_code == 423
    assert type_in(client, dana, story, "second-tab").status_code == 200


def test_who_took_over_writes_and_finds_what_was_left(client, dana, alex, story):
    be_here(client, alex, story, "alexs-tab")
    type_in(client, alex, story, "alexs-tab", headline="By Alex", body=BODY)
    taken = be_here(client, dana, story, "danas-tab", "take")
    assert taken["writing"]
    assert [left["name"] for left in taken["left"]] == ["alex"]
    assert type_in(client, alex, story, "alexs-tab").status_code == 423
    assert "By Alex" in client.get(taken["left"][0]["url"]).content.decode()


def test_after_a_minute_of_silence_the_pen_is_free_and_who_returns_finds_out(client, dana, alex, story):
    be_here(client, alex, story, "alexs-tab")
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert type_in(client, alex, story, "alexs-tab").status_code == 200, "Nobody took it: it is still theirs."
    assert not be_here(client, dana, story, "danas-tab")["writing"]
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert be_here(client, dana, story, "danas-tab")["writing"]
    assert save_in(client, alex, story, "alexs-tab", headline="Alex").status_code == 423
    assert save_in(client, dana, story, "danas-tab", headline="Dana").status_code == 200
    be_here(client, dana, story, "danas-tab", "leave")
    assert be_here(client, alex, story, "alexs-tab")["writing"]
    assert save_in(client, alex, story, "alexs-tab", headline="Alex").status_code == 409


def test_putting_texts_together_waits_until_the_colleague_has_done_writing(client, dana, alex, story):
    kept = TabAutosave.keep(story, alex, {"standfirst": "By Alex"}, story.revision, timezone.now())
    be_here(client, dana, story, "danas-tab")
    client.force_login(alex)
    merged = form_of(story, standfirst="By Alex") | {"merged_with": story.revision, "kept": kept.pk, "_continue": "1"}
    assert client.post(url("change", story.pk), merged).status_code == 423
    be_here(client, dana, story, "danas-tab", "leave")
    client.force_login(alex)
    assert client.post(url("change", story.pk), merged).status_code == 302
    assert stored(story).standfirst == "By Alex"


def test_both_texts_saved_twice_are_saved_once(desk, alex, story):
    mine = form_of(story, body=BODY.replace("Two.", "Two, mine."), _continue="1")
    saved_by(alex, story, body=BODY.replace("Two.", "Two, theirs."))
    key = {"save_key": f"{new_id()}.1"}
    sent = mine | answers(desk.post(url("change", story.pk), mine | key)) | key
    assert [desk.post(url("change", story.pk), sent).status_code for _ in range(2)] == [302, 302]
    assert stored(story).body.count("mine") == 1


def test_the_page_says_which_stories_never_stay_on_a_computer(client, dana, story):
    assert be_here(client, dana, story, "danas-tab")["confidential"] is False
    story.restricted_to.add(dana)
    assert be_here(client, dana, story, "danas-tab")["confidential"] is True
