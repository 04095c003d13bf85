"""The photo desk in a real browser: drop files, mend a credit, set a focal point by keyboard, kill a photo."""

import base64

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles.models import LiveDocument
from media.models import Photo, PhotoCredit, Right

from .. import newsroom
from ..test_photo_upload import labelled

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """(zone, files) => {
    const transfer = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
    }
    zone.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def drop(desk, files):
    sent = [[name, base64.b64encode(data).decode()] for name, data in files]
    desk.locator(".drop-zone").evaluate(DROP, sent)


def test_of_a_drop_the_good_files_stay_and_each_refused_one_says_why(desk, live_server):
    desk.goto(f"{live_server.url}/admin/media/photo/")
    good = [(f"{seed}.jpg", labelled(seed=seed, credit_line="Ida Brandt/AP")) for seed in range(5)]
    drop(desk, [*good, ("broken.jpg", b"no picture"), ("twice.jpg", good[0][1])])
    desk.locator(".drop-zone-sum", has_text="5 of 7 added, 2 refused.").wait_for()
    sentences = desk.locator(".is-refused .drop-zone-word").all_inner_texts()
    assert len(sentences) == 2
    assert all("." in sentence for sentence in sentences)
    assert Photo.objects.ready().count() == 5
    desk.get_by_role("link", name="Show the new photos").click()
    expect(desk.locator("#result_list tbody tr")).to_have_count(5)


def test_failed_files_are_tried_again_and_waiting_ones_cancelled(desk, live_server):
    desk.goto(f"{live_server.url}/admin/media/photo/")
    desk.route("**/upload/", lambda route: route.abort())
    drop(desk, [("a.jpg", labelled(seed=1)), ("b.jpg", labelled(seed=2))])
    desk.locator(".drop-zone-sum", has_text="0 of 2 added, 2 refused.").wait_for()
    desk.unroute("**/upload/")
    desk.get_by_role("button", name="Try the failed ones again").click()
    desk.locator(".drop-zone-sum", has_text="2 of 2 added.").wait_for()
    assert Photo.objects.ready().count() == 2


def test_a_flagged_credit_is_mended_from_the_board(desk, live_server):
    photo = newsroom.photo()
    credit = PhotoCredit.objects.create(supplied_line="xx 77 // ??", needs_check=True)
    Photo.objects.filter(pk=photo.pk).update(credit=credit)
    newsroom.article(lead=Photo.objects.get(pk=photo.pk)).publish()
    desk.goto(f"{live_server.url}/admin/media/photo/board/credits/")
    desk.get_by_role("link", name="Mara Okonjo at the premiere.").click()
    assert "Saving changes 1 photo and 1 live story immediately" in desk.locator(".affected").inner_text()
    desk.get_by_label("Read a line").fill("Ida Brandt/AP for StreamCo")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/photocredit/")
    credit.refresh_from_db()
    assert (credit.needs_check, credit.line()) == (False, "Photo by Ida Brandt/AP for StreamCo")
    assert LiveDocument.objects.stale(timezone.now()).count() == 1


def test_the_focal_point_is_set_by_keyboard_and_the_crops_follow(desk, live_server):
    photo = newsroom.photo()
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    frame = desk.locator("[data-focal]")
    crop = desk.locator(".crop-9-16 img")
    before = crop.evaluate("image => image.style.left + image.style.top")
    frame.focus()
    for key in ("Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp"):
        desk.keyboard.press(key)
    expect(desk.locator(".focal-at")).to_contain_text("30 % from the left, 47 % from the top")
    assert crop.evaluate("image => image.style.left + image.style.top") != before
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.locator(".messagelist .success").wait_for()
    photo.refresh_from_db()
    assert photo.focal_point == (0.3, 0.47)


def test_a_photo_is_killed_and_leaves_the_story(desk, live_server):
    photo = newsroom.photo()
    article = newsroom.article(lead=photo)
    article.publish()
    story = f"{live_server.url}/api/v1/articles/{article.slug}/"
    picture = f"{live_server.url}/photos/{photo.pk}/{photo.version}/full-640.jpg"
    assert desk.request.get(picture).status == 200
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    desk.get_by_role("heading", name="Take it down").click()
    desk.get_by_label("Reason").fill("wrong person")
    desk.get_by_role("button", name="Kill").click()
    desk.get_by_text("Photo removed from 1 live story.").wait_for()
    assert desk.request.get(picture).status == 410
    assert desk.request.get(story).json()["lead"] is None
    desk.get_by_role("button", name="Reinstate").click()
    desk.get_by_text("Photo reinstated in every live story.").wait_for()
    assert desk.request.get(picture).status == 200
    assert desk.request.get(story).json()["lead"]["id"] == str(photo.pk)


def test_a_part_is_hidden_by_mouse_and_by_keyboard_and_stays_hidden(desk, live_server):
    photo = newsroom.photo()
    desk.goto(f"{live_server.url}/admin/media/photo/{photo.pk}/change/")
    hidden = desk.locator(".focal .redaction")
    desk.get_by_role("button", name="Draw what to hide").click()
    box = desk.locator(".focal img").bounding_box()
    desk.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3, steps=4)
    desk.mouse.up()
    expect(hidden).to_have_count(1)
    desk.get_by_role("button", name="Redact with the keyboard").click()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        desk.keyboard.press(key)
    expect(hidden).to_have_count(2)
    expect(desk.locator(".crop-1-1 .redaction")).to_have_count(2)
    desk.get_by_role("button", name="Redact with the keyboard").click()
    desk.keyboard.press("Delete")
    expect(hidden).to_have_count(2)
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.locator(".messagelist .success").wait_for()
    drawn, keyed = Photo.objects.get(pk=photo.pk).redactions
    assert all(abs(one - other) < 0.02 for one, other in zip(drawn, [0.1, 0.1, 0.2, 0.2], strict=True))
    assert keyed == [0.41, 0.41, 0.21, 0.2]
    expect(hidden).to_have_count(2)
    desk.get_by_role("button", name="Remove hidden part 1").click()
    expect(hidden).to_have_count(1)


def test_a_drop_is_cancelled_half_way_and_the_rest_tried_again(desk, live_server):
    desk.goto(f"{live_server.url}/admin/media/photo/")
    held = []
    desk.route("**/upload/", lambda route: held.append(route))
    drop(desk, [(f"{seed}.jpg", labelled(seed=seed)) for seed in range(5)])
    desk.get_by_role("button", name="Cancel the rest").click()
    desk.locator(".drop-zone-sum", has_text="0 of 5 added, 5 canceled.").wait_for()
    assert len(held) == 3 and not Photo.objects.exists()
    # Else the browser might let them go when nobody holds them any more, beside the second try.
    for route in held:
        route.abort()
    desk.unroute("**/upload/")
    desk.get_by_role("button", name="Try the failed ones again").click()
    desk.locator(".drop-zone-sum", has_text="5 of 5 added.").wait_for(timeout=30_000)
    assert Photo.objects.ready().count() == 5


def test_one_photo_is_swapped_for_another_chosen_in_the_picker(desk, live_server):
    old = newsroom.photo(caption="The wrong twin")
    new = newsroom.photo(caption="The right twin", seed=3)
    story = newsroom.article(lead=old)
    story.publish()
    desk.goto(f"{live_server.url}{old.get_absolute_url()}")
    chooser = desk.locator("form.exchange")
    chooser.get_by_role("button", name="Swap in every story").click()
    desk.get_by_text("Choose the photo to show instead.").wait_for()
    chooser.get_by_role("button", name="Choose a photo…").click()
    desk.get_by_role("searchbox", name="Search photos").fill("right twin")
    desk.get_by_text("1 photo", exact=True).wait_for()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    chooser.get_by_text("The right twin").wait_for()
    chooser.get_by_role("button", name="Swap in every story").click()
    desk.get_by_text("Put into 1 story.").wait_for()
    story.refresh_from_db()
    assert story.lead_photo_id == new.pk


def test_a_picture_of_two_houses_gets_its_second_credit_by_keyboard(desk, live_server):
    """Both are named at once to readers, in the order the desk puts them."""
    photo = newsroom.photo(line="Photo by Petra Lindqvist/Getty Images")
    newsroom.article(lead=photo).publish()
    desk.goto(f"{live_server.url}/admin/media/photocredit/{photo.credit_id}/change/")
    desk.get_by_role("heading", name="Composite picture").click()
    desk.get_by_label("Add a credit").fill("Ida Brandt/AP")
    desk.get_by_label("Its place", exact=False).first.fill("right")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/photocredit/")
    assert photo.credit.__class__.objects.get(pk=photo.credit_id).line() == (
        "Photo by Petra Lindqvist/Getty Images; Ida Brandt/AP (right)"
    )
    desk.goto(f"{live_server.url}/admin/media/photocredit/{photo.credit_id}/change/")
    assert desk.get_by_role("heading", name="Credit 2: photographers").is_visible()
    desk.get_by_role("spinbutton", name="Order:").fill("1")
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.wait_for_url("**/photocredit/")
    shown = desk.request.get(f"{live_server.url}/api/v1/articles/").json()["results"][0]["lead"]["credits"]
    assert [each["agencies"] for each in shown] == [["AP"], ["Getty Images"]]


def test_restrictions_are_confirmed_one_by_one_and_together(desk, live_server):
    photos = [newsroom.photo(seed=number) for number in range(3)]
    for photo in photos:
        photo.instructions = "NO UK. KEEP IT SHINY."
        photo.save()
        photo.read_again(apply=True)
    desk.goto(f"{live_server.url}/admin/media/photo/board/restrictions/")
    expect(desk.locator(".terms mark.unread").first).to_have_text("KEEP IT SHINY")
    desk.get_by_role("button", name="Confirm", exact=True).first.click()
    desk.wait_for_load_state()
    assert Right.objects.filter(standing=Right.Standing.CONFIRMED).count() == 1
    desk.get_by_label("All 3 on this page").check()
    desk.get_by_role("button", name="Confirm chosen").click()
    expect(desk.get_by_text("All clear")).to_be_visible()
    assert Right.objects.filter(standing=Right.Standing.CONFIRMED).count() == 3
