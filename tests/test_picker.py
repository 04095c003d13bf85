"""What the picker and the body editor are told: photos with their rights, to whom, and at what cost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Appearance
from media.models import Agency, Caption, Photo, Right, Usage
from media.rights.right import Clearance

from . import newsroom

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def bare(caption="Mara Okonjo at the premiere.", line=None, **fields) -> Photo:
    """Return a ready photo without the work of making its renditions."""
    given = {"state": "ready", "width": 1400, "height": 1000, "sha256": uuid4().hex * 2, "kind": "agency"} | fields
    photo = Photo.objects.create(credit=newsroom.credit(line) if line else newsroom.credit(), **given)
    Caption.objects.create(photo=photo, kind="house", text=caption, alt="A red carpet.")
    return photo


def used(photo, at=NOW, **fields):
    return Usage.objects.create(photo=photo.pk, article=uuid4(), agency="Getty Images", live_from=at, **fields)


@pytest.fixture
def ask(client, editor):
    client.force_login(editor)

    def answer(path="", **parameters):
        response = client.get(f"/admin/picker/{path}", parameters)
        assert response.status_code == 200, response.content
        return response.json()

    return answer


@pytest.fixture
def tell(client, editor):
    client.force_login(editor)
    return lambda path, **data: client.post(f"/admin/picker/{path}", data, content_type="application/json")


def ids(answer) -> list[str]:
    return [photo["id"] for photo in answer["photos"]]


# ---- what the grid shows ---------------------------------------------------------------------------------------------


def test_newest_photos_come_first_with_what_an_editor_must_know(ask):
    bare("An older one.", created_at=NOW - timedelta(days=1))
    photo = bare(event="The premiere", created_at=NOW)
    Appearance.objects.create(person=newsroom.person(), photo=photo)
    first, second = ask()["photos"]
    assert (first["caption"], second["caption"]) == ("Mara Okonjo at the premiere.", "An older one.")
    assert first["credit"] == "Photo by Petra Lindqvist/Getty Images for StreamCo"
    assert first["people"] == ["Mara Okonjo"] and first["event"] == "The premiere" and first["alt"] == "A red carpet."
    assert first["usable"] and first["reason"].endswith(".")
    assert str(photo.pk) in first["thumb"]


def test_slots_and_killed_photos_stay_out_of_the_grid(ask):
    ready = bare()
    for state in ("awaiting", "killed", "withheld"):
        bare(state=state)
    assert ids(ask()) == [str(ready.pk)]


def test_a_photo_of_the_text_is_told_of_whatever_its_state(ask):
    slot, killed = bare(state="awaiting"), bare(state="killed")
    told = {photo["id"]: photo for photo in ask(ids=f"{slot.pk},{killed.pk},nonsense,{uuid4()}")["photos"]}
    assert set(told) == {str(slot.pk), str(killed.pk)}
    assert told[str(slot.pk)]["reason"] == "This is a slot. Its photo is still to come."
    assert told[str(killed.pk)]["reason"] == "This photo was killed."


@pytest.mark.parametrize("words", ["mara premiere", "LINDQVIST", "getty", "Orchard gala", "Ada Quill"])
def test_search_looks_at_caption_credit_event_and_people(ask, words):
    wanted = bare(event="Orchard gala")
    Appearance.objects.create(person=newsroom.person("Ada Quill"), photo=wanted)
    bare("Somebody else.", line="REUTERS/Tom Vale")
    assert ids(ask(q=words)) == [str(wanted.pk)]


def test_a_photo_that_matches_twice_is_shown_once(ask):
    photo = bare("Mara and Mara.")
    Caption.objects.create(photo=photo, kind="supplied", text="MARA")
    assert ids(ask(q="mara")) == [str(photo.pk)]


def test_filters_narrow_the_grid(ask, editor):
    mine = bare(uploaded_by=editor, created_at=NOW - timedelta(days=30))
    recent = bare(line="REUTERS/Tom Vale")
    Appearance.objects.create(person=newsroom.person("Ada Quill"), photo=recent)
    assert ids(ask(mine="on")) == [str(mine.pk)]
    assert ids(ask(recent="on")) == [str(recent.pk)]
    assert ids(ask(agency="getty")) == [str(mine.pk)]
    assert ids(ask(person="quill")) == [str(recent.pk)]


def test_usable_now_leaves_out_what_may_not_be_shown(ask):
    usable = bare()
    bare(kind="rights_managed")
    expired = bare()
    Right.objects.create(photo=expired, effect="deny", starts=NOW - timedelta(days=1), note="The sitting ended")
    assert ids(ask(usable="on")) == [str(usable.pk)]
    reasons = {photo["id"]: photo["reason"] for photo in ask()["photos"]}
    assert "The sitting ended" in reasons[str(expired.pk)]


def test_the_badge_speaks_of_the_placement_and_the_territory_asked_for(ask):
    photo = bare()
    Right.objects.create(photo=photo, effect="deny", placements=["lead"])
    Right.objects.create(photo=photo, effect="allow", territories=["US"])
    home = newsroom.site()
    home.territories = ["US"]
    home.save()
    assert ask(placement="body")["photos"][0]["usable"]
    assert not ask(placement="lead")["photos"][0]["usable"]
    home.territories = ["US", "DE"]
    home.save()
    assert "covers the US only" in ask(placement="body", site=home.pk)["photos"][0]["reason"]


def test_pages_follow_one_another_without_gap_or_repeat(ask):
    made = {str(bare(created_at=NOW - timedelta(minutes=n // 3)).pk) for n in range(90)}
    found, cursor = [], ""
    while cursor is not None:
        page = ask(**({"after": cursor} if cursor else {}))
        found += ids(page)
        cursor = page["next"]
    assert len(found) == 90 and set(found) == made


# ---- quotas and clearances -------------------------------------------------------------------------------------------


def test_the_quota_left_counts_stories_of_photo_and_agency_in_their_period(ask):
    photo = bare()
    Right.objects.create(photo=photo, effect="allow", quota=3)
    Right.objects.create(agency=Agency.objects.named("Getty Images"), effect="allow", quota=2, quota_period="day")
    assert ask()["photos"][0]["quota_left"] == 2
    used(photo)
    used(photo, at=NOW - timedelta(days=2))
    assert ask()["photos"][0]["quota_left"] == 1
    used(photo)
    told = ask()["photos"][0]
    assert told["quota_left"] == 0 and not told["usable"] and "quota" in told["reason"]
    assert ids(ask(usable="on")) == []


def test_a_paid_photo_is_usable_where_the_desk_cleared_it(ask, editor):
    photo, story = bare(), newsroom.article()
    Right.objects.create(photo=photo, effect="allow", cost="paid")
    assert "must clear this use first" in ask(article=story.pk)["photos"][0]["reason"]
    Clearance.objects.create(photo=photo, article=story.pk, by=editor)
    assert ask(article=story.pk)["photos"][0]["usable"]
    assert not ask(article=uuid4())["photos"][0]["usable"]


def test_a_page_of_forty_costs_as_many_queries_as_a_page_of_two(ask):
    def counted(**parameters):
        with CaptureQueriesContext(connection) as queries:
            answer = ask(**parameters)
        return len(answer["photos"]), len(queries)

    def add(count):
        for _ in range(count):
            photo = bare()
            Right.objects.create(photo=photo, effect="allow", quota=9)
            Appearance.objects.create(person=newsroom.person(), photo=photo)

    newsroom.site()
    add(2)
    few = {name: counted(**{name: "on"}) for name in ("", "usable", "recent")}
    add(40)
    many = {name: counted(**{name: "on"}) for name in few}
    assert {name: count for name, (count, _) in many.items()} == dict.fromkeys(few, 40)
    assert {name: queries for name, (_, queries) in many.items()} == {
        name: queries for name, (_, queries) in few.items()
    }
    assert few[""][1] <= 20


# ---- stories, names, embeds ------------------------------------------------------------------------------------------


def test_links_are_offered_to_stories_by_their_headline_and_say_what_is_live(ask):
    live, draft = newsroom.article("The Glass Orchard opens"), newsroom.article("The Glass Orchard closes")
    live.publish(now=NOW)
    told = {story["headline"]: story for story in ask("stories/", q="orchard glass")["stories"]}
    assert told["The Glass Orchard opens"]["live"] and not told["The Glass Orchard closes"]["live"]
    assert [s["id"] for s in ask("stories/", q="orchard", article=draft.pk)["stories"]] == [str(live.pk)]
    assert [s["headline"] for s in ask("stories/", id=draft.pk)["stories"]] == ["The Glass Orchard closes"]


def test_restricted_stories_are_not_offered_to_others(client, outsider, editor):
    outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
    secret = newsroom.article("The secret wedding")
    secret.restricted_to.add(editor)
    client.force_login(outsider)
    assert client.get("/admin/picker/stories/", {"q": "wedding"}).json() == {"stories": []}
    assert client.get("/admin/picker/stories/", {"id": secret.pk}).json() == {"stories": []}


def test_names_are_suggested_for_the_filters(ask):
    bare()
    newsroom.person("Ada Quill")
    agencies = ask("names/agency/", q="getty")["names"]
    assert agencies[0] == "Getty Images" and all("getty" in name.lower() for name in agencies)
    assert ask("names/person/", q="quill")["names"] == ["Ada Quill"]


def test_an_address_is_recognised_as_an_embed_or_refused_in_a_sentence(ask, client):
    told = ask("embed/", url="https://youtu.be/dQw4w9WgXcQ?si=tracking")
    assert (told["provider"], told["noun"]) == ("YouTube", "Video")
    assert told["url"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    refused = client.get("/admin/picker/embed/", {"url": "https://example.com/clip"})
    assert refused.status_code == 404 and refused.json()["detail"].startswith("We can’t embed")


def test_embed_code_is_recognised_and_a_short_link_is_told_what_to_do(client, ask):
    bare()
    code = '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ?start=90"></iframe>'
    answer = client.post("/admin/picker/embed/", {"code": code}, "application/json")
    assert answer.json()["url"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=90s"
    short = client.post("/admin/picker/embed/", {"code": "https://vm.tiktok.com/ZMabc/"}, "application/json")
    assert short.status_code == 404 and "only TikTok can resolve" in short.json()["detail"]
    assert client.post("/admin/picker/embed/", {"code": 7}, "application/json").status_code == 400


# ---- pastes ----------------------------------------------------------------------------------------------------------

STORY = """Mara Okonjo returns to the red carpet

By June Castellane
March 3, 2026

Mara Okonjo arrives at the premiere of The Glass Orchard on March 2, 2026. Photo by Petra Lindqvist/Getty Images

The film opens on Friday. Everybody came, and everybody stayed until the lights went down.

What happened next

“It was a long road,” she said. She said it twice, and then a third time for the cameras.
"""


def test_a_paste_comes_back_as_the_body_we_store(tell):
    html = (
        '<p class="MsoNormal" style="color:red">Hello <b>you</b><img src="https://example.com/x.png"></p><p>&nbsp;</p>'
    )
    assert tell("clean/", html=html).json() == {"html": "<p>Hello <strong>you</strong></p>"}


def test_a_whole_story_is_recognised_and_nothing_is_written(tell):
    newsroom.credit()
    told = tell("structure/", text=STORY).json()
    assert told["story"] and told["headline"] == "Mara Okonjo returns to the red carpet"
    assert "1 photo caption" in told["found"] and "byline" in told["found"]
    assert not Photo.objects.exists()
    assert not tell("structure/", text="A paragraph.\n\nAnother one, not much longer.").json()["story"]


def test_importing_a_story_makes_a_slot_of_each_caption(tell):
    newsroom.credit()
    made = tell("build/", text=STORY).json()
    slot = Photo.objects.get()
    assert slot.is_slot and slot.credit.line() == "Photo by Petra Lindqvist/Getty Images"
    assert f'data-photo="{slot.pk}"' in made["html"] and "<h2>What happened next</h2>" in made["html"]
    assert made["byline"] == "By June Castellane"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"html": 7}', b'{"other": "x"}'])
def test_a_malformed_paste_is_refused_in_a_sentence(client, editor, body):
    client.force_login(editor)
    refused = client.post("/admin/picker/clean/", body, content_type="application/json")
    assert refused.status_code == 400 and refused.json()["detail"].endswith(".")


# ---- who may ask -----------------------------------------------------------------------------------------------------

PATHS = [
    ("get", "", "view_photo"),
    ("get", "names/agency/", "view_photo"),
    ("get", "stories/", "view_article"),
    ("get", "embed/?url=https://youtu.be/dQw4w9WgXcQ", "view_article"),
    ("post", "clean/", "view_article"),
    ("post", "structure/", "view_article"),
    ("post", "build/", "add_photo"),
]


@pytest.mark.parametrize(("method", "path", "permission"), PATHS)
def test_only_staff_with_the_permission_are_answered(client, outsider, method, path, permission):
    def status():
        body = {"html": "", "text": ""}
        given = {"data": body, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/admin/picker/{path}", **given).status_code

    assert status() == 401
    client.force_login(outsider)
    assert status() == 403
    outsider.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(type(outsider).objects.get(pk=outsider.pk))
    assert status() == 200
    type(outsider).objects.filter(pk=outsider.pk).update(is_staff=False)
    assert status() == 401


def test_a_lost_cursor_is_refused_in_a_sentence(client, editor):
    client.force_login(editor)
    refused = client.get("/admin/picker/", {"after": "nowhere"})
    assert refused.status_code == 400 and refused.json()["detail"].endswith(".")
