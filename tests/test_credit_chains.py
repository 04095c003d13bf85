"""Several credits in one line: each picture of a composite keeps its own chain, and every house must say yes."""

import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.api import ninjs
from articles.imports import plain_text
from articles.imports.story import Slot
from articles.stories.erasing import Named
from media.credits.composites import Chain
from media.credits.grammar import CreditParts
from media.credits.house_style import HouseStyle, render_all
from media.files import xmp_packet
from media.files.metadata import Metadata
from media.ledger.usage import credited
from media.models import (
    Agency,
    CreditAgency,
    CreditChain,
    CreditPhotographer,
    Photo,
    PhotoCredit,
    Photographer,
    Right,
    Usage,
)
from media.photos import file_labels
from media.photos.proposal import propose
from media.rights.bearing import rights_on
from media.rights.decision import DEFAULTS, Use
from media.rights.usable import usable

from . import newsroom

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = "Ann Lee/Getty Images (left); Bo Ray/Shutterstock for StreamCo (right)"
LEFT = Chain("Ann Lee/Getty Images", CreditParts(("Ann Lee",), ("Getty Images",)), "left")
RIGHT = Chain("Bo Ray/Shutterstock for StreamCo", CreditParts(("Bo Ray",), ("Shutterstock",), "StreamCo"), "right")


def composite(*chains: Chain, line: str = LINE) -> PhotoCredit:
    credit = PhotoCredit.objects.create(supplied_line=line)
    credit.set_chains(chains or (LEFT, RIGHT))
    return credit


def named(name: str) -> Agency:
    return Agency.objects.get(name=name)


@pytest.fixture
def photo(db):
    photo = newsroom.photo(slot=True)
    photo.state, photo.width, photo.height, photo.credit = Photo.State.READY, 10, 10, composite()
    photo.save()
    return photo


@pytest.fixture
def desk(client, db):
    client.force_login(User.objects.create_superuser("desk"))
    return client


# The line


@pytest.mark.parametrize(
    ("chains", "style", "line"),
    [
        ((LEFT, RIGHT), HouseStyle(), "Photo by Ann Lee/Getty Images (left); Bo Ray/Shutterstock for StreamCo (right)"),
        ((LEFT, RIGHT), HouseStyle(prefix=""), LINE),
        ((LEFT, Chain("", CreditParts((), ("Shutterstock",)))), HouseStyle(prefix=""), "Ann Lee/Getty Images (left); Shutterstock"),
        ((LEFT,), HouseStyle(), "Photo by Ann Lee/Getty Images"),
        ((LEFT, Chain("Zorble?", None, "right")), HouseStyle(), ""),
    ],
)  # fmt: skip
def test_chains_are_joined_in_house_style_with_their_places(chains, style, line):
    assert render_all(chains, style) == line


def test_a_chain_not_understood_shows_the_supplied_words_and_waits_for_the_desk(db):
    credit = composite(LEFT, Chain("Zorble?", None, "right"), line="Ann Lee/Getty Images (left); Zorble? (right)")
    assert credit.needs_check
    assert credit.line() == credit.supplied_line
    assert credit.chain_lines() == ["Photo by Ann Lee/Getty Images", "Zorble?"]
    assert [row.agency.name for row in credit.creditagency_set.all()] == ["Getty Images"]


def test_a_contracts_wording_beats_every_chain(db):
    credit = composite()
    credit.required_line = "Ann Lee & Bo Ray"
    assert credit.line() == "Ann Lee & Bo Ray"


def test_a_supplied_line_of_two_credits_is_read_as_two_chains(db):
    credit = newsroom.credit(LINE)
    assert [(chain.place, chain.parts.photographers, chain.parts.agencies) for chain in credit.chains] == [
        ("left", ("Ann Lee",), ("Getty Images",)), ("right", ("Bo Ray",), ("Shutterstock",)),
    ]  # fmt: skip
    assert newsroom.credit(LINE) == credit
    assert (credit.needs_check, credit.is_composite, newsroom.credit().is_composite) == (False, True, False)


# Rights


def use(**about) -> Use:
    return Use(**{"at": NOW} | about)


def test_any_agency_of_any_chain_may_deny(photo):
    Right.objects.create(agency=named("Shutterstock"), effect="deny")
    photo = Photo.objects.with_facts().get()
    assert photo.usable(use()).reason == "Shutterstock denies this use."
    assert not usable(Photo.objects.all(), use()).exists()


def test_a_photo_of_two_houses_needs_the_yes_of_both_or_its_own(photo):
    Photo.objects.update(kind="rights_managed")
    for owner, allowed in [
        ({"agency": named("Getty Images")}, False), ({"agency": named("Shutterstock")}, True), ({"photo": photo}, True),
    ]:  # fmt: skip
        Right.objects.create(effect="allow", **owner)
        assert bool(Photo.objects.with_facts().get().usable(use())) is allowed
        assert usable(Photo.objects.all(), use()).exists() is allowed
    Right.objects.filter(agency__isnull=False).delete()
    assert Photo.objects.with_facts().get().usable(use())


def test_conditions_unite_and_the_smallest_width_counts(photo):
    Right.objects.create(agency=named("Getty Images"), effect="condition", conditions=["no_crop"], max_width=1280)
    Right.objects.create(agency=named("Shutterstock"), effect="condition", conditions=["no_social"], max_width=640)
    decision = Photo.objects.with_facts().get().usable(use())
    assert (decision.conditions, decision.max_width) == (frozenset({"no_crop", "no_social"}), 640)


def test_a_refusal_no_clearance_would_mend_is_the_reason_given(photo):
    Photo.objects.update(kind="rights_managed")
    Right.objects.create(agency=named("Getty Images"), effect="allow", cost="paid")
    decision = Photo.objects.with_facts().get().usable(use(new=True, article=uuid.UUID(int=7)))
    assert not decision.to_clear
    Right.objects.create(agency=named("Shutterstock"), effect="allow")
    assert Photo.objects.with_facts().get().usable(use(new=True, article=uuid.UUID(int=7))).to_clear


held = st.fixed_dictionaries({
    "effect": st.sampled_from(["allow", "deny", "condition"]),
    "standing": st.sampled_from(["confirmed", "dismissed"]),
    "until": st.sampled_from([None, NOW, NOW + DAY]),
    "territories": st.sampled_from([[], ["US"], ["DE", "US"]]),
    "channels": st.sampled_from([[], ["web"], ["print"]]),
    "placements": st.sampled_from([[], ["lead"]]),
})  # fmt: skip
owned = st.lists(
    st.tuples(st.sampled_from(["photo", "Getty Images", "Invision", "AP", "Shutterstock"]), held), max_size=5
)
asked_for = st.builds(
    use,
    territories=st.sampled_from([frozenset(), frozenset({"US"}), frozenset({"DE", "US"})]),
    channel=st.sampled_from(["web", "app", "print"]),
    placement=st.sampled_from(["lead", "body"]),
)
said = st.sampled_from([(), ("Getty Images",), ("Invision", "AP"), ("AP", "Invision"), ("Shutterstock",)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(said, min_size=2, max_size=3), owned, asked_for, st.sampled_from(sorted(DEFAULTS)))
def test_database_answers_of_composites_as_the_loaded_rows_do(photo, houses, rows, asked, kind):
    with transaction.atomic():
        photo.credit.set_chains([Chain("", CreditParts(("Ann Lee",), agencies)) for agencies in houses])
        Photo.objects.update(kind=kind)
        for owner, row in rows:
            Right.objects.create(**{"photo": photo} if owner == "photo" else {"agency": named(owner)}, **row)
        loaded, listed = Photo.objects.with_facts().get(), Photo.objects.with_lists().get()
        answer = loaded.usable(asked)
        assert usable(Photo.objects.all(), asked).exists() == answer.usable
        assert listed.usable(asked) == answer
        bearing = Right.objects.bearing_on(loaded).values_list("pk", flat=True)
        assert sorted(right.pk for right in rights_on(loaded)) == sorted(bearing)
        transaction.set_rollback(True)


# Delivery


@pytest.fixture
def story(db):
    photo = newsroom.photo(caption="Two premieres.")
    photo.credit = composite()
    photo.save()
    story = newsroom.article(lead=photo)
    story.publish()
    return story


def test_a_document_delivers_each_chain_beside_the_credit(client, story):
    lead = client.get(f"/api/v1/articles/{story.slug}/").json()["lead"]
    assert lead["credit"]["line"] == f"Photo by {LINE}"
    assert lead["credit"]["photographers"] == ["Ann Lee"]
    assert lead["credits"] == [
        {
            "position": "left", "line": "Photo by Ann Lee/Getty Images", "photographers": ["Ann Lee"],
            "agencies": ["Getty Images"], "on_behalf_of": None, "courtesy_of": None, "handle": None, "license_url": None,
        },
        {
            "position": "right", "line": "Photo by Bo Ray/Shutterstock for StreamCo", "photographers": ["Bo Ray"],
            "agencies": ["Shutterstock"], "on_behalf_of": "StreamCo", "courtesy_of": None, "handle": None,
            "license_url": None,
        },
    ]  # fmt: skip
    assert client.get("/api/v1/articles/").json()["results"][0]["lead"]["credits"] == lead["credits"]


def test_an_ordinary_credit_is_one_chain_and_a_photo_without_has_none(client, db):
    ordinary, bare = newsroom.photo(web_statement="https://creativecommons.org/licenses/by/4.0/"), newsroom.photo()
    bare.credit = None
    bare.save()
    story = newsroom.article(lead=ordinary, photos=[bare])
    story.publish(override="no credit", by=User.objects.create_superuser("chief"))
    document = client.get(f"/api/v1/articles/{story.slug}/").json()
    [only] = document["lead"]["credits"]
    assert only["position"] is None
    assert {name: document["lead"]["credit"][name] for name in only if name != "position"} == {
        name: value for name, value in only.items() if name != "position"
    }
    assert only["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [block["credits"] for block in document["body"] if block["type"] == "photo"] == [[]]


def test_search_engines_files_and_syndication_name_everybody(client, story):
    document = client.get(f"/api/v1/articles/{story.slug}/").json()
    for image in document["structured_data"]["image"]:
        assert [each["name"] for each in image["creator"]] == ["Ann Lee", "Bo Ray"]
        assert image["creditText"] == f"Photo by {LINE}"
    assert ninjs.picture(document["lead"])["by"] == "Ann Lee, Bo Ray"
    assert [each["name"] for each in ninjs.picture(document["lead"])["infoSources"]] == ["Getty Images", "Shutterstock"]
    said = file_labels.of(Photo.objects.with_credit().get())
    assert (said["creators"], said["credit_line"]) == (["Ann Lee", "Bo Ray"], f"Photo by {LINE}")
    packet = xmp_packet.build(said).decode()
    assert "Ann Lee" in packet
    assert "Bo Ray" in packet


def test_a_document_stored_before_the_upgrade_is_still_read(client, story):
    lead = client.get(f"/api/v1/articles/{story.slug}/").json()["lead"]
    del lead["credits"]
    assert ninjs.picture(lead)["by"] == "Ann Lee"


def test_the_ledger_keeps_every_distributor_and_is_asked_for_each(client, story):
    usage = Usage.objects.get(photo=story.lead_photo_id)
    assert (usage.credit, usage.agency) == (f"Photo by {LINE}", "Getty Images; Shutterstock")
    assert usage.photographer == "Ann Lee, Bo Ray"
    for name, found in [("getty images", 1), ("Shutterstock", 1), ("Image", 0), ("AP", 0)]:
        assert Usage.objects.of_agency(name).count() == found, name
    out = io.StringIO()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    call_command("usage_report", "--from", today, "--to", today, "--agency", "Shutterstock", format="json", stdout=out)
    assert json.loads(out.getvalue())["photographer"] == "Ann Lee, Bo Ray"
    assert credited(None, None, []) == {"credit": "", "agency": "", "photographer": ""}


@pytest.mark.parametrize("change", ["chain", "name", "removed", "photographer"])
def test_a_change_of_any_chain_reaches_what_is_live(client, story, change):
    address = f"/api/v1/articles/{story.slug}/"
    before = client.get(address).json()["lead"]["credits"]
    chain, link = CreditChain.objects.get(), CreditPhotographer.objects.get(chain=1)
    if change == "chain":
        chain.on_behalf_of = "Another Client"
        chain.save()
    elif change == "name":
        link.photographer = Photographer.objects.create(name="Cy Poe")
        link.save()
    elif change == "photographer":
        link.photographer.name = "Bo Ray Jr."
        link.photographer.save()
    else:
        chain.delete()
    after = client.get(address).json()["lead"]["credits"]
    assert before != after
    assert len(after) == (1 if change == "removed" else 2)


def test_a_files_rights_are_those_of_every_house(client, story):
    src = client.get(f"/api/v1/articles/{story.slug}/").json()["lead"]["image"]["src"]
    assert client.get(src).status_code == 200
    Photo.objects.update(kind="rights_managed")
    Right.objects.create(agency=named("Getty Images"), effect="allow")
    assert client.get(src).status_code == 410
    Right.objects.create(agency=named("Shutterstock"), effect="allow")
    assert client.get(src).status_code == 200


# The rows


def test_a_name_stands_once_in_a_chain_and_chains_are_numbered_from_one(db):
    credit = composite()
    with pytest.raises(IntegrityError), transaction.atomic():
        credit.creditagency_set.create(agency=named("Shutterstock"), chain=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditChain.objects.create(credit=credit, number=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditChain.objects.create(credit=credit, number=1)
    credit.creditagency_set.create(agency=named("Shutterstock"), chain=0)


def test_chains_change_places_and_leave_with_their_names(db):
    third = Chain("Cy Poe/AP", CreditParts(("Cy Poe",), ("AP",)), "inset")
    credit = composite(LEFT, RIGHT, third)
    credit.arrange([2, 0, 1])
    credit = PhotoCredit.objects.get()
    assert [(chain.place, chain.parts.photographers) for chain in credit.chains] == [
        ("inset", ("Cy Poe",)), ("left", ("Ann Lee",)), ("right", ("Bo Ray",)),
    ]  # fmt: skip
    credit.arrange([1])
    credit = PhotoCredit.objects.get()
    assert (credit.line(), credit.place) == ("Photo by Ann Lee/Getty Images", "")
    assert CreditAgency.objects.count() == 1


def test_merged_agencies_meet_in_their_own_chain_only(db):
    twin = Agency.objects.create(name="Wire Images Inc", kind="agency")
    credit = composite(LEFT, RIGHT)
    credit.creditagency_set.create(agency=twin, chain=0, position=1)
    credit.creditagency_set.create(agency=twin, chain=1, position=1)
    named("Shutterstock").absorb(twin)
    assert [chain.parts.agencies for chain in PhotoCredit.objects.get().chains] == [
        ("Getty Images", "Shutterstock"), ("Shutterstock",),
    ]  # fmt: skip


def test_reading_again_makes_chains_of_a_false_one(db):
    credit = PhotoCredit.objects.create(supplied_line=LINE)
    credit.set_parts(CreditParts(("Ann Lee", "Bo Ray"), ("Getty Images", "Shutterstock")))
    out = io.StringIO()
    call_command("parse_credits", reparse=True, stdout=out)
    assert "photographers of credit 2" in out.getvalue()
    call_command("parse_credits", reparse=True, apply=True, stdout=out)
    assert PhotoCredit.objects.get().line() == f"Photo by {LINE}"
    out = io.StringIO()
    call_command("parse_credits", reparse=True, stdout=out)
    assert out.getvalue().startswith("0 credits")


def test_reading_again_joins_what_is_one_credit(db):
    composite(line="Ann Lee/Getty Images")
    out = io.StringIO()
    call_command("parse_credits", reparse=True, apply=True, stdout=out)
    assert "position of credit 2" in out.getvalue()
    assert PhotoCredit.objects.get().line() == "Photo by Ann Lee/Getty Images"


# The desk


def posted(page) -> dict:
    """Return what the browser would send back of a credit's page."""
    form = page.context["adminform"].form
    forms = [form, *[each for inline in page.context["inline_admin_formsets"] for each in inline.formset.forms]]
    forms += [inline.formset.management_form for inline in page.context["inline_admin_formsets"]]
    data = {}
    for each in forms:
        for field in each:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = ", ".join(value) if isinstance(value, list) else value
    return data


def address(credit) -> str:
    return reverse("admin:media_photocredit_change", args=[credit.pk])


def test_the_credits_page_groups_names_by_chain(desk, db):
    credit = composite()
    page = desk.get(address(credit))
    headings = [str(each.opts.verbose_name_plural) for each in page.context["inline_admin_formsets"]]
    assert [heading.split(":")[0] for heading in headings] == ["Credit 1"] * 2 + ["Credit 2"] * 3
    assert [len(each.formset.forms) for each in page.context["inline_admin_formsets"]] == [1] * 5
    assert desk.post(address(credit), posted(page)).status_code == 302
    assert PhotoCredit.objects.get().line() == f"Photo by {LINE}"


def test_a_credit_is_added_moved_and_removed_on_its_page(desk, db):
    credit = newsroom.credit("Ann Lee/Getty Images")
    page = desk.get(address(credit))
    data = posted(page) | {"another": "Bo Ray/Shutterstock", "another_place": "right"}
    assert desk.post(address(credit), data).status_code == 302
    data = posted(desk.get(address(credit))) | {"place": "left"}
    assert desk.post(address(credit), data).status_code == 302
    assert PhotoCredit.objects.get().line() == "Photo by Ann Lee/Getty Images (left); Bo Ray/Shutterstock (right)"
    data = posted(desk.get(address(credit))) | {"creditchain_set-0-order": "1", "creditchain_set-0-place": "top"}
    assert desk.post(address(credit), data).status_code == 302
    assert PhotoCredit.objects.get().line() == "Photo by Bo Ray/Shutterstock (top); Ann Lee/Getty Images (left)"
    data = posted(desk.get(address(credit))) | {"remove_first": "on"}
    assert desk.post(address(credit), data).status_code == 302
    assert PhotoCredit.objects.get().line() == "Photo by Ann Lee/Getty Images"
    assert PhotoCredit.objects.get().is_confirmed


def test_a_further_chain_is_deleted_with_its_names(desk, db):
    credit = composite()
    data = posted(desk.get(address(credit))) | {"creditchain_set-0-DELETE": "on"}
    assert desk.post(address(credit), data).status_code == 302
    assert (CreditChain.objects.count(), CreditAgency.objects.count()) == (0, 1)


def test_a_name_is_added_to_the_chain_it_is_written_under(desk, db):
    credit = composite()
    more = {
        "creditagency_set-2-TOTAL_FORMS": "2", "creditagency_set-2-1-agency": named("AP").pk,
        "creditagency_set-2-1-position": "1",
    }  # fmt: skip
    assert desk.post(address(credit), posted(desk.get(address(credit))) | more).status_code == 302
    assert [chain.parts.agencies for chain in PhotoCredit.objects.get().chains] == [
        ("Getty Images",), ("Shutterstock", "AP"),
    ]  # fmt: skip
    twice = posted(desk.get(address(credit))) | {
        "creditagency_set-2-TOTAL_FORMS": "3", "creditagency_set-2-2-agency": named("AP").pk,
        "creditagency_set-2-2-position": "2",
    }  # fmt: skip
    assert desk.post(address(credit), twice).status_code == 200
    assert CreditAgency.objects.filter(chain=1).count() == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"another": "phot. (!!) ??"}, "not understood as a single credit"),
        ({"another": LINE}, "not understood as a single credit"),
        ({"another_place": "right"}, "Enter the credit for this place"),
        ({"line": "phot. (!!) ??"}, "This line was not understood"),
    ],
)
def test_what_cannot_be_a_credit_is_refused_with_a_sentence(desk, data, sentence):
    credit = newsroom.credit("Ann Lee/Getty Images")
    page = desk.get(address(credit))
    answer = desk.post(address(credit), posted(page) | data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not PhotoCredit.objects.get().is_composite


def test_a_line_of_two_credits_is_read_on_the_page(desk, db):
    credit = newsroom.credit("Cy Poe/AP")
    assert desk.post(address(credit), posted(desk.get(address(credit))) | {"line": LINE}).status_code == 302
    assert PhotoCredit.objects.get().line() == f"Photo by {LINE}"


@pytest.mark.parametrize(("number", "sentence"), [(1, "1 photo has several credits; open it."), (3, "3 photos have several credits; open them one by one.")])  # fmt: skip
def test_a_credit_for_many_photos_spares_composites(desk, db, number, sentence):
    photos = [newsroom.photo() for _ in range(4)]
    Photo.objects.filter(pk__in=[photo.pk for photo in photos[:number]]).update(credit=composite())
    data = {"action": "apply_credit", "_selected_action": [str(photo.pk) for photo in photos], "line": "Ida Brandt/AP"}
    answer = desk.post(reverse("admin:media_photo_changelist"), data | {"apply": "yes"}, follow=True)
    assert sentence in answer.content.decode()
    assert not PhotoCredit.objects.filter(supplied_line="Ida Brandt/AP").exists()


@pytest.mark.parametrize("name", ["media_photocredit_changelist", "media_photo_changelist"])
def test_lists_ask_no_more_for_composites_than_for_ordinary_credits(desk, name):
    photos = [newsroom.photo(slot=True, line=f"Ann Lee/AP for Client {number}") for number in range(3)]
    desk.get(reverse(f"admin:{name}"))
    with CaptureQueriesContext(connection) as ordinary:
        desk.get(reverse(f"admin:{name}"))
    for photo in photos:
        photo.credit.set_chains([LEFT, RIGHT])
    with CaptureQueriesContext(connection) as composites:
        assert "Bo Ray" in desk.get(reverse(f"admin:{name}")).content.decode()
    assert len(composites) == len(ordinary)


def test_every_name_and_client_of_a_composite_is_found(desk, photo):
    for word in ("Ann Lee", "Bo Ray", "Shutterstock"):
        page = desk.get(reverse("admin:media_photo_changelist"), {"q": word})
        assert list(page.context["cl"].result_list) == [photo]
    for word in ("Bo Ray", "StreamCo"):
        page = desk.get(reverse("admin:media_photocredit_changelist"), {"q": word})
        assert photo.credit in page.context["cl"].result_list


def test_an_erased_photographer_leaves_every_chain(desk, photo):
    who = Photographer.objects.get(name="Bo Ray")
    Named.of(who).erase(by=User.objects.get(username="desk"), reason="asked for")
    credit = PhotoCredit.objects.get(pk=photo.credit_id)
    assert "Bo Ray" not in json.dumps([credit.supplied_line, credit.line(), *credit.chain_lines()])
    assert not CreditChain.objects.filter(words__contains="Bo Ray").exists()
    assert credit.chains[1].parts.agencies == ("Shutterstock",)


@pytest.mark.parametrize(
    ("fields", "line", "kind"),
    [
        ({"description": f"Two premieres. ({LINE})", "credit": "Getty Images"}, LINE, "agency"),
        ({"description": "Two premieres. (Ann Lee/Getty Images)", "credit": LINE}, LINE, "agency"),
        (
            {"description": "Two premieres. Composite: Ann Lee/Getty Images, Shutterstock"},
            "Composite: Ann Lee/Getty Images, Shutterstock",
            "agency",
        ),
        ({"description": "Two premieres.", "credit": "Ann Lee/Getty Images; Instagram/@boray"}, None, "social"),
    ],
)
def test_a_file_keeps_each_of_its_credits(db, fields, line, kind):
    said = Metadata(caption=fields["description"], credit_line=fields.get("credit"))
    proposed = propose(said, Agency.objects.vocabulary())
    assert proposed.kind == kind
    assert line is None or proposed.credit_line == line
    assert len(PhotoCredit.objects.read(proposed.credit_line, Agency.objects.vocabulary()).chains) == 2


def test_a_pasted_story_keeps_each_credit_of_a_caption(db):
    text = (
        f"Two premieres at once\n\nIt was a long night for everybody in town.\n\nThe stars arrive. {LINE}\n\nThey left."
    )
    vocabulary = Agency.objects.vocabulary()
    [photo] = [each for each in plain_text.read(text, vocabulary).photos]
    slot = Slot.of(photo, vocabulary)
    slot.make()
    assert len(slot.photo.credit.chains) == 2
