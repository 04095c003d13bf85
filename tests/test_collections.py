"""Collections of photos: filled from the list, by drop and from a photo's page, shared or private, a filter in the picker."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from media.models import Collection
from media.photos import collection as limits

from . import newsroom

pytestmark = pytest.mark.django_db
LIST = reverse("admin:media_photo_changelist")
COLLECT = reverse("admin:media_photo_collect")


def member(name="pat", role="writer"):
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def pat(db):
    return member()


@pytest.fixture
def desk(client, pat):
    client.force_login(pat)
    return client


def kept(collection):
    return set(collection.photos.values_list("pk", flat=True))


def test_ticked_photos_go_into_a_new_collection_and_out_again(desk, pat):
    photos = [newsroom.photo(seed=seed) for seed in range(3)]
    ticked = {"action": "add_to_collection", "_selected_action": [photo.pk for photo in photos]}
    assert "Or a new one" in desk.post(LIST, ticked).content.decode()
    desk.post(LIST, ticked | {"apply": "1", "name": "Cannes"})
    made = Collection.objects.get()
    assert (made.name, made.owner, made.shared, kept(made)) == ("Cannes", pat, True, {each.pk for each in photos})
    out = {"action": "remove_from_collection", "_selected_action": [photos[0].pk], "apply": "1", "collection": made.pk}
    desk.post(LIST, out)
    assert kept(made) == {photos[1].pk, photos[2].pk}


def test_a_drop_answers_in_a_sentence(desk, pat):
    photo, made = newsroom.photo(), Collection.objects.begin("Cannes", by=pat)
    data = {"collection": made.pk, "photo": [str(photo.pk)]}
    first = desk.post(COLLECT, data, headers={"Accept": "application/json"})
    again = desk.post(COLLECT, data, headers={"Accept": "application/json"})
    assert first.json()["detail"] == "1 photo added to “Cannes”."
    assert again.json()["detail"] == "0 photos added to “Cannes”. 1 was there already."


@pytest.mark.parametrize("data", [{}, {"name": "x" * 101}, {"collection": "9999"}, {"photo": "no id", "name": "A"}])
def test_what_cannot_be_meant_is_refused_in_a_sentence(desk, data):
    answer = desk.post(COLLECT, {"photo": str(newsroom.photo().pk)} | data, headers={"Accept": "application/json"})
    assert answer.status_code == 422 and answer.json()["detail"].endswith(".")
    assert not Collection.objects.exists()


def test_a_photos_page_shows_its_collections_and_adds_to_them(desk, pat):
    photo, made = newsroom.photo(), Collection.objects.begin("Cannes", by=pat)
    answer = desk.post(COLLECT, {"photo": str(photo.pk), "collection": made.pk})
    assert answer["Location"] == photo.get_absolute_url()
    page = desk.get(photo.get_absolute_url()).content.decode()
    assert f'href="{reverse("admin:media_collection_change", args=[made.pk])}">Cannes</a>' in page
    desk.post(COLLECT, {"photo": str(photo.pk), "collection": made.pk, "take_out": "1"})
    assert not kept(made)


def test_a_private_collection_is_its_owners_alone(desk, pat, client):
    photo = newsroom.photo()
    secret = Collection.objects.begin("Wedding", by=pat, shared=False)
    secret.put([photo.pk], by=pat)
    other = member("other", "publisher")
    client.force_login(other)
    page = reverse("admin:media_collection_change", args=[secret.pk])
    seen = [LIST, reverse("admin:media_collection_changelist"), photo.get_absolute_url()]
    assert all("Wedding" not in client.get(address).content.decode() for address in seen)
    assert client.get(page).status_code == 302
    assert photo not in client.get(f"{LIST}?collection={secret.pk}").context["cl"].result_list
    assert client.get(reverse("picker"), {"collection": "Wedding"}).json()["photos"] == []
    assert client.get(reverse("picker-names", args=["collection"])).json()["names"] == []
    data = {"photo": str(photo.pk), "collection": secret.pk}
    assert client.post(COLLECT, data, headers={"Accept": "application/json"}).status_code == 422
    with pytest.raises(PermissionDenied):
        secret.put([photo.pk], by=other)


def test_colleagues_fill_a_shared_one_and_only_its_owner_hides_or_deletes_it(client, pat):
    photo, made = newsroom.photo(), Collection.objects.begin("Cannes", by=pat)
    other = member("other")
    client.force_login(other)
    assert made.put([photo.pk], by=other) == 1
    page = reverse("admin:media_collection_change", args=[made.pk])
    client.post(page, {"name": "Cannes 2026", "notes": "For the gallery", "shared": ""})
    made.refresh_from_db()
    assert (made.name, made.notes, made.shared) == ("Cannes 2026", "For the gallery", True)
    assert client.post(reverse("admin:media_collection_delete", args=[made.pk]), {"post": "yes"}).status_code == 403


def test_the_picker_shows_a_collection_without_what_nobody_may_use(desk, pat):
    photo, killed, outside = newsroom.photo(seed=1), newsroom.photo(seed=2), newsroom.photo(seed=3)
    made = Collection.objects.begin("Cannes", by=pat)
    made.put([photo.pk, killed.pk], by=pat)
    killed.kill(by=None, reason="wrong person")
    found = desk.get(reverse("picker"), {"collection": "cannes"}).json()["photos"]
    assert [each["id"] for each in found] == [str(photo.pk)]
    assert str(outside.pk) not in str(found)
    assert desk.get(reverse("picker-names", args=["collection"]), {"q": "can"}).json()["names"] == ["Cannes"]


def test_a_collection_has_limits(pat, monkeypatch):
    monkeypatch.setattr(limits, "MOST_PHOTOS", 2)
    monkeypatch.setattr(limits, "MOST_OF_ONE", 1)
    made = Collection.objects.begin("Cannes", by=pat)
    photos = [newsroom.photo(seed=seed).pk for seed in range(3)]
    with pytest.raises(ValidationError, match="2 photos at most"):
        made.put(photos, by=pat)
    assert not kept(made)
    with pytest.raises(ValidationError, match="Delete one"):
        Collection.objects.begin("Venice", by=pat)


def test_a_name_is_there_once_for_each_owner(desk, pat):
    Collection.objects.begin("Cannes", by=pat)
    page = desk.post(reverse("admin:media_collection_add"), {"name": "Cannes", "shared": "on"})
    assert "You already have a collection of this name." in page.content.decode()
    Collection.objects.begin("Cannes", by=member("other"))


def test_a_deleted_photo_leaves_its_collections(pat):
    photo, made = newsroom.photo(), Collection.objects.begin("Cannes", by=pat)
    made.put([photo.pk], by=pat)
    photo.delete()
    assert not kept(made)


def test_who_may_not_fill_is_refused(client):
    user = get_user_model().objects.create_user("outsider", is_staff=True)
    client.force_login(user)
    assert client.post(COLLECT, {"photo": str(newsroom.photo().pk), "name": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        Collection.objects.begin("Cannes", by=user)
