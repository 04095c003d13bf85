"""Credit, caption and alt text where the photo is: in the picker, in the text, in galleries, in the lead photo's field."""

from base64 import b64encode

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from articles.models import Task
from media.models import Caption, Photo
from tests import newsroom
from tests.test_picker import bare

from .conftest import PHONE
from .writer import Writer, figure, photo_between, story

pytestmark = pytest.mark.django_db(transaction=True)
DROP_MANY = """async ([selector, files]) => {
    const dataTransfer = new DataTransfer()
    for (const [name, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
        dataTransfer.items.add(new File([bytes], name, { type: "image/jpeg" }))
    }
    const target = document.querySelector(selector)
    const { left, top } = target.getBoundingClientRect()
    const where = { clientX: left + 20, clientY: top + 20, bubbles: true, cancelable: true, dataTransfer }
    target.dispatchEvent(new DragEvent("drop", where))
}"""


def unlabeled(name="phone.jpg", seed=40):
    return {"name": name, "mimeType": "image/jpeg", "buffer": newsroom.jpeg(seed=seed)}


def phone_pictures():
    return [unlabeled(f"phone{number}.jpg", 50 + number) for number in range(3)]


def dropped(files):
    return [[each["name"], b64encode(each["buffer"]).decode()] for each in files]


def silent(**fields):
    """Return a photo that says nothing at all."""
    photo = bare(**fields)
    photo.captions.all().delete()
    Photo.objects.filter(pk=photo.pk).update(credit=None)
    photo.refresh_from_db()
    return photo


def saved(photo, **wanted):
    """Return whether the photo says these words by now."""
    photo = Photo.objects.get(pk=photo.pk)
    caption = photo.caption("house") or Caption()
    said = {"credit": photo.credit_line, "caption": caption.text, "alt": caption.alt}
    return {name: said[name] for name in wanted} == wanted


def wait_for(page, condition):
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("That never became so.")


def test_three_unlabeled_pictures_get_their_words_before_they_are_placed(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").press("Control+Alt+p")
    writer.picker.locator("input[type=file]").set_input_files(phone_pictures())
    rows = writer.picker.locator(".mq-detail__row")
    expect(rows).to_have_count(3)
    credits = rows.get_by_label("Credit")
    expect(credits.nth(0)).to_be_focused()
    expect(rows.nth(0).locator(".mq-badge")).to_have_text("No credit yet")
    writer.type("Ann Lee/Getty Images for Netflix")
    rows.nth(0).get_by_text("Understood: Ann Lee · Getty Images, for Netflix").wait_for()
    writer.press("Enter")
    expect(credits.nth(1)).to_be_focused()
    writer.press("Shift+Tab")
    rows.nth(0).get_by_role("button", name="Same credit for all 3").click()
    expect(credits.nth(2)).to_have_value("Ann Lee/Getty Images for Netflix")
    for number in range(3):
        rows.nth(number).get_by_role("textbox", name="Alt text").fill(f"A door {number}.")
    rows.nth(0).get_by_role("textbox", name="Caption for this use").fill("The hall.")
    rows.nth(0).get_by_text("Saved to the photo: every story that shows it.").first.wait_for()
    writer.picker.get_by_role("button", name="Choose 3 photos").click()
    writer.wait(lambda now: now.shape() == ["One.", "PhotoBlock", "PhotoBlock", "PhotoBlock"])
    first, *others = (Photo.objects.get(pk=block.photo) for block in writer.blocks()[1:])
    assert saved(first, credit="Ann Lee/Getty Images for Netflix", caption="The hall.", alt="A door 0.")
    assert {str(photo.credit) for photo in others} == {"Photo by Ann Lee/Getty Images for Netflix"}
    assert [block.alt for block in writer.blocks()[1:]] == [None, None, None]


def test_pictures_dropped_on_the_text_stand_with_open_fields_and_the_cursor_in_the_first_credit(writer):
    writer.open(story("<p>One.</p><p>Two.</p>"))
    writer.page.evaluate(DROP_MANY, [".tiptap p", dropped(phone_pictures()[:2])])
    writer.wait(lambda now: now.shape() == ["One.", "PhotoBlock", "PhotoBlock", "Two."])
    credits = writer.text.get_by_label("Credit")
    expect(credits.nth(0)).to_be_focused()
    writer.type("Xq 7 zz/unknown, ??").page.get_by_text("To check: this was not understood.").wait_for()
    writer.press("Escape")
    expect(credits.nth(0)).to_have_value("")
    writer.type("Ann Lee/AP").press("Enter")
    expect(credits.nth(1)).to_be_focused()
    writer.type("Bo Ray/AP").press("Enter")
    expect(writer.text.get_by_role("textbox", name="Alt text").nth(0)).to_be_focused()
    writer.type("A gate.").press("Tab")
    photos = [Photo.objects.get(pk=block.photo) for block in writer.blocks()[1:3]]
    wait_for(
        writer.page,
        lambda: saved(photos[0], alt="A gate.", credit="Ann Lee/AP") and saved(photos[1], credit="Bo Ray/AP"),
    )
    writer.wait(lambda now: now.blocks()[1].alt is None)
    # Typed and handed over within half a second is one step of undo.
    writer.start_of("Two.").press("Control+z")
    assert writer.blocks()[1].alt in ("A gate.", None) and writer.shape() == [
        "One.",
        "PhotoBlock",
        "PhotoBlock",
        "Two.",
    ]


def test_a_credit_that_changes_live_stories_says_so_first(writer):
    photo = bare()
    live = newsroom.article(photos=[photo])
    live.publish()
    writer.open(photo_between(photo))
    card = writer.page.locator(".mq-photo")
    card.get_by_text("Saved to the photo: 1 live story shows it.").wait_for()
    card.get_by_label("Credit").fill("Ann Lee/AP")
    writer.press("Enter")
    card.get_by_text("Saving changes 1 photo and 1 live story immediately.").wait_for()
    assert not saved(photo, credit="Ann Lee/AP")
    card.get_by_role("button", name="Save", exact=True).press("Enter")
    card.get_by_text("Photo by Ann Lee/AP").wait_for()
    assert saved(photo, credit="Ann Lee/AP")
    caption = card.get_by_role("textbox", name="Caption for this use")
    caption.click()
    writer.press("End").type(" Own.")
    card.get_by_role("button", name="Save to the photo").click()
    card.get_by_role("button", name="Save", exact=True).click()
    writer.wait(lambda now: now.blocks()[1].caption is None)
    assert saved(photo, caption="Mara Okonjo at the premiere. Own.")


def test_the_badge_says_what_the_checklist_will_say(writer):
    writer.open(photo_between(silent()))
    card = writer.page.locator(".mq-photo")
    badge = card.locator(".mq-badge")
    expect(badge).to_have_text("No credit yet")
    card.get_by_label("Credit").fill("Ann Lee/AP")
    writer.press("Tab")
    expect(badge).to_have_text("No alt text")
    card.get_by_role("combobox", name="Alt text").select_option("decorative")
    expect(badge).to_have_text("No caption")
    card.get_by_role("combobox", name="Caption").select_option("none")
    expect(badge).to_have_text("Usable")


def test_whoever_may_not_change_photos_asks_the_photo_desk(page, live_server, log_in, django_user_model):
    reporter = django_user_model.objects.create_user("reporter", password="a long password", is_staff=True)
    reporter.groups.add(Group.objects.get(name="writer"))
    photo, credited = silent(), bare("Credited.")
    piece = story(f"<p>One.</p>{figure(photo)}{figure(credited)}", owner=reporter)
    writer = Writer(log_in(page, reporter), live_server.url).open(piece)
    first, second = page.locator(".mq-photo").nth(0), page.locator(".mq-photo").nth(1)
    first.get_by_text("Your role can’t change photos. Write what you know and ask the photo desk.").wait_for()
    expect(second.get_by_label("Credit")).to_have_attribute("readonly", "")
    first.get_by_label("Credit").fill("My cousin Ann Lee")
    first.get_by_role("button", name="Ask the photo desk").click()
    first.get_by_text("The photo desk has a task for it now.").wait_for()
    task = Task.objects.get(article=piece, photo=photo)
    assert task.desk == "photo" and "My cousin Ann Lee" in task.text
    first.get_by_role("textbox", name="Alt text").fill("A gate.")
    writer.press("Tab")
    writer.wait(lambda now: now.blocks()[1].alt == "A gate.")
    assert saved(photo, credit="", alt="")
    page.goto("about:blank")


@pytest.mark.parametrize("answer", ["Keep", "Use the new photo’s", None])
def test_a_swap_asks_whether_words_that_describe_another_picture_stay(writer, answer):
    old, new = bare("Old"), bare("New")
    writer.open(story(figure(old, "<figcaption>The <em>old</em> one</figcaption>", alt="A hat.")))
    writer.page.get_by_role("button", name="Choose another photo").click()
    writer.picker.get_by_role("option", name="New").dblclick()
    asked = writer.page.get_by_role("dialog", name="Keep this story’s caption and alt text?")
    asked.get_by_text("They describe the earlier picture.").wait_for()
    if answer is None:
        writer.press("Escape")
    else:
        asked.get_by_role("button", name=answer).click()
    expect(asked).to_have_count(0)
    writer.wait(lambda now: now.blocks()[0].photo == (old if answer is None else new).pk)
    block = writer.blocks()[0]
    assert (block.caption, block.alt) == (
        (None, None) if answer == "Use the new photo’s" else ("The <em>old</em> one", "A hat.")
    )


def test_a_gallery_takes_files_fills_its_slots_and_swaps(writer):
    slot, shown, other = (
        newsroom.photo(slot=True, caption="The boat.", line="Ines Abreu/WireImage"),
        bare("Shown"),
        bare("Other"),
    )
    gallery = (
        f'<div data-gallery data-title="Night">{figure(slot)}{figure(shown, "<figcaption>Mine</figcaption>")}</div>'
    )
    writer.open(story(f"<p>One.</p>{gallery}<p>Two.</p>"))
    items = writer.page.locator(".mq-gallery__item")
    items.nth(0).get_by_text("Waits for its file").wait_for()
    writer.page.evaluate(DROP_MANY, [".mq-gallery__item", dropped(phone_pictures()[:2])])
    expect(items).to_have_count(3)
    first, second, third = writer.blocks()[1].photos
    assert (
        first.photo != slot.pk and first.caption == "The boat." and second.photo == shown.pk and third.caption is None
    )
    items.nth(1).get_by_role("button", name="Choose another photo").click()
    writer.picker.get_by_role("option", name="Other").dblclick()
    writer.page.get_by_role("button", name="Keep").click()
    writer.wait(lambda now: now.blocks()[1].photos[1].photo == other.pk)
    assert writer.blocks()[1].photos[1].caption == "Mine"


def test_the_lead_photo_has_the_same_fields_and_every_field_can_be_led_to(writer):
    lead, body, in_gallery = silent(), silent(), silent()
    gallery = f"<div data-gallery>{figure(in_gallery)}</div>"
    writer.open(story(f"<p>One.</p>{figure(body)}{gallery}", lead=lead))
    field = writer.page.get_by_role("group", name="Photo", exact=True).first
    expect(field.locator(".mq-badge")).to_have_text("No credit yet")
    go = "([block, photo, field]) => document.dispatchEvent(new CustomEvent('marquee:goto', { detail: { block, photo, field } }))"
    ids = [writer.page.locator(f".{name}").get_attribute("data-block") for name in ("mq-photo", "mq-gallery")]
    for block, photo in (("lead", lead), (ids[0], body), (f"{ids[1]}.0", in_gallery)):
        for name in ("credit", "caption", "alt"):
            writer.page.evaluate(go, [block, str(photo.pk), name])
            assert writer.page.evaluate("document.activeElement.dataset.field") == name
    field.get_by_label("Credit").fill("Ann Lee/AP")
    field.get_by_role("textbox", name="Caption for this use").fill("A day at sea.")
    field.get_by_role("textbox", name="Alt text").fill("A boat.")
    writer.press("Tab")
    wait_for(writer.page, lambda: saved(lead, credit="Ann Lee/AP", caption="A day at sea.", alt="A boat."))
    expect(field.locator(".mq-badge")).to_have_text("Usable")
    expect(writer.page.locator("#id_lead_caption")).to_have_value("")
    field.get_by_role("textbox", name="Caption for this use").fill("Only here.")
    assert writer.page.locator("#id_lead_caption").input_value() == "Only here."
    field.get_by_role("combobox", name="Caption").select_option("none")
    assert writer.page.locator("#id_lead_caption").input_value() == "-"


def test_a_thumb_can_write_a_credit_and_nothing_is_wider_than_the_screen(writer):
    writer.page.set_viewport_size(PHONE)
    photo = silent()
    writer.open(photo_between(photo))
    writer.page.locator(".mq-photo").get_by_label("Credit").fill("Ann Lee/AP")
    writer.press("Enter")
    wait_for(writer.page, lambda: saved(photo, credit="Ann Lee/AP"))
    assert writer.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    writer.end_of("Below.").press("Control+Alt+p")
    writer.picker.locator("input[type=file]").set_input_files([unlabeled()])
    row = writer.picker.locator(".mq-detail__row")
    expect(row.get_by_label("Credit")).to_be_focused()
    box = row.get_by_label("Credit").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
