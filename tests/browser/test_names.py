"""Names in the text in a real browser: offered beside the boxes, tagged with one click or key, linked, saved."""

from playwright.sync_api import expect

from tests import newsroom

from .test_story import open_story


def test_names_are_tagged_and_linked_without_a_search(desk, live_server, chief):
    mara = newsroom.person("Mara Okonjo", description="Actor")
    newsroom.person("Ines Varga")
    work = newsroom.work("The Glass Orchard")
    body = "<p>It rained.</p><p>“Yes”, said Mara Okonjo’s agent of “The Glass Orchard”.</p><p>Ines Varga: no word.</p>"
    story = newsroom.article("Okonjo says yes", owner=chief, body=body, standfirst="Mara Okonjo is in.")
    story.record(by=chief)
    open_story(desk, live_server, story)
    desk.locator("[data-fold=tags-and-people] > summary").click()
    offer = desk.get_by_role("region", name="Named in the text")
    expect(offer.get_by_role("listitem")).to_have_count(3)
    offer.get_by_role("button", name="About: Mara Okonjo").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".field-main_people .select2-selection__choice")).to_contain_text("Mara Okonjo")
    expect(offer.get_by_role("button", name="Link first mention: Mara Okonjo")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator(f'.tiptap a[href="person:{mara.slug}"]')).to_have_text("Mara Okonjo")
    expect(offer.get_by_role("listitem")).to_have_count(2)
    offer.get_by_role("button", name="Tag all").click()
    expect(desk.locator(".field-about_works .select2-selection__choice")).to_contain_text("The Glass Orchard")
    desk.keyboard.press("Control+s")
    expect(desk.locator("[data-saved]")).to_contain_text("Saved as version 2")
    story.refresh_from_db()
    roles = {link.person.name: link.role for link in story.articleperson_set.all()}
    assert roles == {"Mara Okonjo": "main", "Ines Varga": "mentioned"}
    assert [link.work for link in story.articlework_set.all()] == [work]
    assert f'said <a href="person:{mara.slug}">Mara Okonjo</a>’s agent' in story.body


def test_a_name_typed_just_now_is_offered(desk, live_server, chief):
    newsroom.person("Ines Varga")
    story = newsroom.article("An evening", owner=chief, body="<p>It rained.</p>")
    story.record(by=chief)
    open_story(desk, live_server, story)
    desk.locator("[data-fold=tags-and-people] > summary").click()
    desk.locator(".tiptap p").first.click()
    desk.keyboard.press("End")
    desk.keyboard.type(" Then Ines Varga came.")
    expect(desk.get_by_role("button", name="About: Ines Varga")).to_be_visible()
