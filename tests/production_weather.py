"""Mail and the object store of the house that tests/production.py started, and what happens while they are away."""

import json
import re
import time
import urllib.request
from collections.abc import Callable
from threading import Thread
from urllib.parse import urlencode

from .mail_catcher import Catcher
from .object_store import Gate
from .own_house import run
from .production_load import Desk, upload

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NO_MAIL = "No email can be sent at the moment."
STORM = 8
AWAY = "Photo storage is not responding."
# The files that rows name and the store lacks, those it holds that nothing names, and the photos that lack a size.
KEPT = """
from django.core.files.storage import default_storage as store
from media.models import Photo, Rendition
named = {name for model in (Photo, Rendition) for name in model.objects.values_list("file", flat=True) if name}
held = {each.key for each in store.bucket.objects.all()}
print(len(named - held), len(held - named), len(Rendition.objects.unfinished(Photo.objects.ready())))
"""
MAKE_BUCKET = """
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage as store
store.connection.create_bucket(Bucket=store.bucket_name, CreateBucketConfiguration={"LocationConstraint": store.region_name})
for path in settings.MEDIA_ROOT.rglob("*"):
    if path.is_file():
        store.bucket.upload_file(str(path), str(path.relative_to(settings.MEDIA_ROOT)))
"""


def until(is_so: Callable[[], bool], what: str, seconds: int = 1800) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"{what}: not within {seconds} seconds."
        time.sleep(1)


def page_form(desk: Desk, path: str, **fields: str) -> tuple[int, str]:
    """Send the form of a page as a browser would."""
    status, answer = desk.ask("GET", path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.decode()).group(1)
    status, answer = desk.ask("POST", path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode(), **FORM)
    return status, answer.decode()


# Mail


def reset_a_password(desk: Desk, catcher: Catcher, name: str, new: str) -> None:
    """Ask for a new password, and choose one by the link that arrived."""
    status, _ = page_form(desk, "/admin/password_reset/", email=f"{name}@example.com")
    assert status == 302, f"The page for a forgotten password was answered with {status}."
    (link,) = catcher.links()
    assert link.startswith(f"https://{desk.host}/admin/reset/"), link
    path = link.removeprefix(f"https://{desk.host}")
    desk.ask("GET", path)
    form = re.sub(r"[^/]+/$", "set-password/", path)
    status, answer = page_form(desk, form, new_password1=new, new_password2=new)
    assert status == 302, f"The new password was answered with {status}: {answer[:300]}"
    desk.sign_in(name, new)
    print(f"mail: a link to choose a new password arrived by STARTTLS as {catcher.logins[0][0]}, and worked")


def mail_is_away(desk: Desk, what: str) -> None:
    status, page = page_form(desk, "/admin/password_reset/", email="desk@example.com")
    assert (status, NO_MAIL in page) == (503, True), f"With a mail server that {what}: {status} {page[:300]}"
    print(f"mail: a server that {what} is 503 and “{NO_MAIL}”")


# The object store


def pictures_of(desk: Desk) -> list[str]:
    """Return the addresses of the pictures in the list of live stories."""
    _, answer = desk.ask("GET", "/api/v1/articles/")
    return sorted(set(re.findall(r"/photos/[0-9a-f-]+/\w+/\w+-\d+\.jpg", answer.decode())))


def delivered(desk: Desk) -> None:
    """Follow every picture of the live stories to the store, signed and not."""
    paths = pictures_of(desk)
    assert paths, "No story has a picture."
    for path in paths:
        status, place = desk.led(path)
        assert status == 302, f"{path} was answered with {status}."
        with urllib.request.urlopen(place) as answer:
            assert answer.headers["Content-Type"] == "image/jpeg"
    print(f"object store: {len(paths)} pictures of stories are led to signed addresses that answer")


def deleted(desk: Desk, env: dict[str, str], kept: Callable[[], list[int]]) -> None:
    """Delete a photo that no story shows; its files leave the bucket."""
    status, answer = one_upload(desk, 9000)
    assert status == 201, answer
    until(lambda: kept() == [0, 0, 0], "The worker has made everything")
    count = "from django.core.files.storage import default_storage as s\nprint(sum(1 for _ in s.bucket.objects.all()))"
    before = int(run(env, count))
    path = f"/admin/media/photo/{json.loads(answer)['id']}/delete/"
    status, page = page_form(desk, path, post="yes")
    assert status == 302, f"Deleting was answered with {status}: {page[:300]}"
    after = int(run(env, count))
    assert kept() == [0, 0, 0] and after < before
    print(f"object store: a deleted photo took {before - after} files along")


def one_upload(desk: Desk, number: int) -> tuple[int, str]:
    figures = upload(desk, 1, number)
    status, _, answer = figures.answers[0].partition(" ")
    return int(status), answer


def weather(desk: Desk, gate: Gate, kept: Callable[[], list[int]]) -> None:
    """Let the store expire, be busy and be gone: asked while it is, and while uploads are on their way."""
    moods = {"expired": lambda: gate.refusing(403), "busy": lambda: gate.refusing(503), "gone": gate.gone}
    for turn, (mood, away) in enumerate(moods.items()):
        with away():
            asked_while_away(desk, mood, 9100 + turn)
        storm: list[str] = []
        uploads = Thread(
            target=lambda begin=9200 + STORM * turn, into=storm: into.extend(upload(desk, STORM, begin).answers)
        )
        uploads.start()
        time.sleep(1)
        with away():
            time.sleep(3)
        uploads.join()
        odd = [each for each in storm if not each.startswith(("201 ", "503 "))]
        assert not odd, f"Uploads while the store was {mood}: {odd[:3]}"
        taken = sum(each.startswith("201 ") for each in storm)
        print(
            f"object store {mood} for 3 s amid {STORM} uploads: {taken} taken, {STORM - taken} told to come back, 0 else"
        )
    until(lambda: kept() == [0, 0, 0], "Everything that rows name is in the store, and nothing else")
    print("object store back: all sizes made; no file is missing from the bucket, none is left over")


def asked_while_away(desk: Desk, mood: str, number: int) -> None:
    slug = json.loads(desk.ask("GET", "/api/v1/articles/")[1])["results"][0]["slug"]
    read = [
        desk.ask("GET", path)[0] for path in ("/api/v1/articles/", f"/api/v1/articles/{slug}/", "/admin/media/photo/")
    ]
    assert read == [200] * 3, f"{mood}: stories and the photo desk were answered with {read}."
    status, answer = one_upload(desk, number)
    assert (status, AWAY in answer) == (503, True), f"{mood}: an upload was answered with {status} {answer[:300]}"
    photo = pictures_of(desk)[0].split("/")[2]
    status, answer = desk.ask("GET", f"/admin/media/photo/{photo}/original/")
    assert (status, AWAY.encode() in answer) == (503, True), f"{mood}: an original was answered with {status}."
    print(f"object store {mood}: stories and the photo desk 200; an upload and an original 503 with a sentence")
