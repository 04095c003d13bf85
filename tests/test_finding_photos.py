"""The photo list and the picker find a photo by everything that is said of it, however it is typed."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Appearance, PersonAlias
from articles.stories.erasing import Named
from media.models import Agency, Caption, Photo, PhotoCredit, PhotoEntry, Photographer, PhotoToRead, PhotoWord
from media.photos import finding
from media.photos.searched import code_words, day_words

from . import desk_forms, newsroom
from .test_picker import bare

pytestmark = pytest.mark.django_db

LIST = "admin:media_photo_changelist"
PEOPLE = ["Lena Vale", "Lena Valentine", "Tomás Iriarte", "Ana de Sorolla", "Zoë O’Neill-Smith", "Ilse Quandt"]
PHOTOGRAPHERS = ["Petra Lindqvist", "Bo Ray", "Ida Brandt", "Hugo Marchetti", "Wen Castellane", "Ruth Amadi"]
SEEN = ["sequins", "emerald gown", "velvet jacket", "fan with phone", "umbrella", "crutches"]
EVENTS = {
    "orchard": ("Premiere of The Glass Orchard", "Los Angeles", "United States", (2026, 3, 1), "{}/Getty Images for StreamCo", "JOB7751", "GettyImages-21900{}.jpg"),
    "harbor": ("Harbor Film Festival", "Lisbon", "Portugal", (2025, 5, 17), "{}/Invision/AP", "HFF25-", "AP2513700{}.jpg"),
    "meridian": ("Meridian Awards", "London", "United Kingdom", (2025, 9, 8), "{}/Reuters", "MA-2025-0", "2025-09-08T2010{}Z_MERIDIAN.JPG"),
    "moon": ("Paper Moon press day", "New York", "United States", (2024, 11, 2), "{}/WireImage", "PMD", "DSC_047{}.JPG"),
    "sereno": ("Costume ball at Villa Sereno", "Milan", "Italy", (2023, 12, 31), "{}/Getty Images", "CB23", "IMG_99{}.jpg"),
}  # fmt: skip
# What a desk types, and the photo it is after: who, at which event.
SEARCHES = [
    ("lena vale orchard", 0, "orchard"), ("vale, lena harbor", 0, "harbor"), ("VALE Lena Meridian", 0, "meridian"),
    ("Valentine press day", 1, "moon"), ("lena vale press", 0, "moon"), ("iriarte tomas harbor", 2, "harbor"),
    ("tomás iriarte villa sereno", 2, "sereno"), ("Sorolla, Ana de lisbon", 3, "harbor"),
    ('"de sorolla" meridian', 3, "meridian"), ("o'neill-smith zoe london", 4, "meridian"),
    ("zoe oneill-smith 2026", 4, "orchard"), ("Zoë O’Neill-Smith Milan", 4, "sereno"),
    # Misspelled, or not typed to the end.
    ("quandt orchrad", 5, "orchard"), ("ilse quant harbor", 5, "harbor"), ("iriatre meridian", 2, "meridian"),
    ("valentine costmue ball", 1, "sereno"), ("lindqvst orchard vale", 0, "orchard"), ("quandt merid", 5, "meridian"),
    ("moon ana de sor", 3, "moon"), ("harbor valenti", 1, "harbor"),
    # Ids and names of files.
    ("JOB77512", 2, "orchard"), ("job77515", 5, "orchard"), ("HFF25-3", 3, "harbor"), ("GettyImages-219004", 4, "orchard"),
    ("GettyImages-219001.jpg", 1, "orchard"), ("219003", 3, "orchard"), ("AP25137002", 2, "harbor"), ("DSC_0475", 5, "moon"),
    ("dsc0471.jpg", 1, "moon"), ("IMG_993", 3, "sereno"), ("sup-meridian-4", 4, "meridian"), ("2025-09-08T20104Z_MERIDIAN.JPG", 4, "meridian"),
    # Dates, places, credits, keywords.
    ("2026-03-01 quandt", 5, "orchard"), ("valentine march 2026", 1, "orchard"), ("vale May 17, 2025", 0, "harbor"),
    ("9/8/2025 iriarte", 2, "meridian"), ("31.12.2023 sorolla", 3, "sereno"), ("20241102 iriarte", 2, "moon"),
    ("getty 2026 vale", 0, "orchard"), ("AP 2025 valentine", 1, "harbor"), ("associated press quandt", 5, "harbor"),
    ("marchetti hugo reuters", 3, "meridian"), ("brandt wireimage 2024", 2, "moon"), ("streamco castellane", 4, "orchard"),
    ("emerald gown lisbon", 1, "harbor"), ("umbrella milan", 4, "sereno"), ("crutches -orchard london", 5, "meridian"),
    ("lena italy sequins", 0, "sereno"),
]  # fmt: skip


def taken_at(event, who):
    return datetime(*EVENTS[event][3], 18, who, tzinfo=UTC)


@pytest.fixture
def carpet():
    """Return thirty photos: everybody at every event, as their agencies sent them, by (who, event)."""
    people = [newsroom.person(name) for name in PEOPLE]
    found = {}
    for event, (name, city, country, _, line, job, file) in EVENTS.items():
        for who, person in enumerate(people):
            photo = bare(
                f"{person} arrives at the {name} in {city}.", line.format(PHOTOGRAPHERS[who]), event=name, city=city,
                country=country, taken_at=taken_at(event, who), job_id=f"{job}{who}", supplier_image_id=f"SUP-{event}-{who}",
                original_name=file.format(who), keywords=[SEEN[who], "red carpet"],
            )  # fmt: skip
            Appearance.objects.create(photo=photo, person=person)
            found[who, event] = str(photo.pk)
    return found


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def picked(desk, words, **filters):
    return desk.get("/admin/picker/", {"q": words, **filters}).json()


def listed(desk, words, **filters):
    page = desk.get(reverse(LIST), {"q": words, **filters})
    assert page.status_code == 200
    return [str(photo.pk) for photo in page.context["cl"].result_list]


def hits(desk, words):
    return {photo["caption"] for photo in picked(desk, words)["photos"]}


def test_what_a_desk_types_finds_the_photo_first_or_second(desk, carpet):
    assert len(SEARCHES) >= 40
    places = {}
    for words, who, event in SEARCHES:
        found = [photo["id"] for photo in picked(desk, words)["photos"]]
        places[words] = found.index(carpet[who, event]) + 1 if carpet[who, event] in found else None
    assert {words: place for words, place in places.items() if place not in (1, 2)} == {}


def test_the_list_finds_as_the_picker_does(desk, carpet):
    for words, who, event in SEARCHES[::5]:
        assert carpet[who, event] in listed(desk, words)[:2], words
    page = desk.get(reverse(LIST), {"q": "quandt orchrad"}).content.decode()
    assert "Nothing was found for “quandt orchrad”. These are photos for “quandt orchard”." in page
    assert "No photo has all these words" in desk.get(reverse(LIST), {"q": "vale nonsuchword"}).content.decode()


def test_the_address_of_a_photo_finds_it(desk, carpet):
    key = carpet[3, "moon"]
    for words in (key, key.upper(), f"https://cms.example.com/admin/media/photo/{key}/change/"):
        assert [photo["id"] for photo in picked(desk, words)["photos"]] == [key]


def test_a_word_as_it_is_typed_comes_before_those_where_it_goes_on(desk, carpet):
    first = [photo["people"] for photo in picked(desk, "lena vale")["photos"]]
    assert first == [["Lena Vale"]] * 5 + [["Lena Valentine"]] * 5


def test_a_photo_is_found_by_every_fact_as_soon_as_it_is_saved(desk):
    photo = bare("Firstcaption.")
    photo.reword(by=None, caption="Secondcaption.", alt="Altword.")
    assert not hits(desk, "firstcaption") and hits(desk, "secondcaption altword")
    photo.refresh_from_db()
    photo.event, photo.headline, photo.city, photo.keywords = "Eventword", "Headword", "Cityword", ["Keyword one"]
    photo.save()
    assert hits(desk, 'eventword headword cityword "keyword one"')
    who = newsroom.person("Oldname Person")
    link = Appearance.objects.create(photo=photo, person=who)
    assert hits(desk, "oldname")
    PersonAlias.objects.create(person=who, name="Aliasword")
    who.name = "Newname Person"
    who.save()
    assert hits(desk, "newname aliasword") and not hits(desk, "oldname")
    other = newsroom.person("Mergedinto")
    other.absorb(who, by=None)
    assert hits(desk, "mergedinto")
    Appearance.objects.filter(photo=photo).get().delete()
    assert not hits(desk, "mergedinto") and link.pk


def test_a_renamed_agency_and_photographer_are_found_by_their_present_names(desk):
    photo = bare("A carpet.", "Photo by Petra Lindqvist/Nordbild")
    agency, photographer = Agency.objects.get(name="Nordbild"), Photographer.objects.get(name="Petra Lindqvist")
    agency.name, photographer.name = "Southpicture", "Petra Newname"
    agency.save(), photographer.save()
    assert hits(desk, "southpicture newname")
    Agency.objects.create(name="Wholehouse").absorb(agency)
    assert hits(desk, "wholehouse")
    photo.credit = PhotoCredit.objects.read("Solo Creditword", Agency.objects.vocabulary())
    photo.save()
    assert hits(desk, "creditword") and not hits(desk, "wholehouse")


def test_a_bulk_change_and_a_kill_are_known(desk, editor):
    photo = bare("A carpet.")
    change = {"action": "apply_event", "_selected_action": [photo.pk], "apply": "1", "event": "Bulkevent"}
    desk.post(reverse(LIST), change)
    assert hits(desk, "bulkevent")
    photo.kill(by=None, reason="Court order")
    assert not hits(desk, "bulkevent") and listed(desk, "bulkevent") == [str(photo.pk)]


def test_an_erased_name_leaves_no_word_in_the_index(desk, editor):
    photo = bare("A carpet.", keywords=["Uniquename Person", "carpet"], people_named=["Uniquename Person"])
    person = newsroom.person("Uniquename Person")
    Appearance.objects.create(photo=photo, person=person)
    assert hits(desk, "uniquename") and words_left("uniquename") == 1
    Named.of(person).erase(by=editor, reason="Request 9")
    assert words_left("uniquename") == 0 and not PhotoWord.objects.filter(word="uniquename")
    assert not hits(desk, "uniquename") and hits(desk, "carpet")
    photo.refresh_from_db()
    assert photo.keywords == ["carpet"]


def test_a_deleted_photo_leaves_no_word_in_the_index(desk):
    photo = bare("Deletedword.")
    assert hits(desk, "deletedword")
    photo.delete()
    assert words_left("deletedword") == 0 and not PhotoEntry.objects.exists() and not PhotoToRead.objects.exists()


def words_left(word):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM media_photowords WHERE vector @@ to_tsquery('marquee_photos', %s)", [word]
            )
        else:
            cursor.execute("SELECT count(*) FROM media_photowords WHERE media_photowords MATCH %s", [word])
        return cursor.fetchone()[0]


def test_photos_from_before_are_read_by_the_worker_and_get_the_keywords_of_their_files(desk):
    """What a release before wrote has no entry, no note and no keywords."""
    photo = bare("Olderword.", supplied={"keywords": ["fileword", "two  words", "fileword"]})
    PhotoToRead.objects.all().delete()
    Photo.objects.filter(pk=photo.pk).update(keywords=None)
    assert not hits(desk, "olderword")
    call_command("worker", once=True, no_tasks=True)
    photo.refresh_from_db()
    assert photo.keywords == ["fileword", "two words"]
    assert hits(desk, "olderword fileword") and not PhotoToRead.objects.exists()


def test_many_notes_are_read_in_bounded_steps_and_the_list_says_so_meanwhile(desk, monkeypatch):
    monkeypatch.setattr(finding, "READ_BEFORE_SEARCH", 2)
    for number in range(6):
        bare(f"Number{number} sharedword.")
    assert len(hits(desk, "sharedword")) == 2
    assert "still reading" in desk.get(reverse(LIST), {"q": "sharedword"}).content.decode()
    call_command("worker", once=True, no_tasks=True)
    assert len(hits(desk, "sharedword")) == 6
    assert "still reading" not in desk.get(reverse(LIST), {"q": "sharedword"}).content.decode()


def test_facets_narrow_the_list_and_the_picker(desk, carpet, editor):
    vale = carpet[0, "orchard"]
    Photo.objects.filter(pk=vale).update(kind="staff", uploaded_by=editor)
    getty = Agency.objects.get(name="Getty Images").pk
    assert set(listed(desk, "", agency=getty)) == {
        carpet[who, event] for who in range(6) for event in ("orchard", "sereno")
    }
    assert set(listed(desk, "", person="quandt", taken="2025")) == {carpet[5, "harbor"], carpet[5, "meridian"]}
    assert set(listed(desk, "lena", kind__exact="staff")) == {vale}
    assert set(listed(desk, "lena", added=editor.pk)) == {vale} and set(listed(desk, "", added="me")) == {vale}
    assert len(listed(desk, "lena", usable="yes")) + len(listed(desk, "lena", usable="no")) == 10
    ids = lambda **given: [photo["id"] for photo in picked(desk, "", **given)["photos"]]  # noqa: E731
    assert ids(kind="staff") == ids(uploader="editor") == [vale]
    assert set(ids(person="quandt", taken="2025")) == {carpet[5, "harbor"], carpet[5, "meridian"]}
    assert len(ids(agency="getty", taken="2023")) == 6
    assert desk.get("/admin/picker/names/uploader/", {"q": "edit"}).json() == {"names": ["editor"]}
    choices = desk.get("/admin/picker/facets/").json()
    assert ["staff", "staff"] in choices["kind"] and ["7", "in the last 7 days"] in choices["taken"]


def test_filters_offer_colleagues_who_uploaded_and_keep_what_is_typed(desk, outsider):
    bare("A carpet.", uploaded_by=outsider)
    page = desk.get(reverse(LIST), {"q": "carpet", "person": "Vale"}).content.decode()
    assert f"added={outsider.pk}" in page and "outsider" in page.lower()
    assert (
        '<input type="search" name="person" value="Vale"' in page
        and '<input type="hidden" name="q" value="carpet">' in page
    )


def test_pages_of_a_search_go_on_where_the_last_one_ended(desk, monkeypatch):
    monkeypatch.setattr("articles.admin.picker.PAGE", 3)
    for number in range(7):
        bare(f"Number {number} sharedword.")
    call_command("worker", once=True, no_tasks=True)
    seen, after = [], ""
    while after is not None:
        page = picked(desk, "sharedword", after=after)
        seen += [photo["caption"] for photo in page["photos"]]
        after = page["next"]
    assert seen == [f"Number {number} sharedword." for number in reversed(range(7))]
    assert desk.get("/admin/picker/", {"q": "sharedword", "after": "nonsense"}).status_code == 400


def test_keywords_are_typed_on_the_photo_s_page_and_refused_in_a_sentence(desk):
    photo = bare("A carpet.", keywords=["gown"])
    page = desk.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "gown</textarea>" in page
    sent = next(form.sent() for form in desk_forms.read("", page).forms if "keywords" in form.names)
    form = sent | {"keywords": "gown, Red carpet, red carpet,  long   train"}
    assert desk.post(reverse("admin:media_photo_change", args=[photo.pk]), form).status_code == 302
    photo.refresh_from_db()
    assert photo.keywords == ["gown", "Red carpet", "long train"]
    refused = desk.post(reverse("admin:media_photo_change", args=[photo.pk]), form | {"keywords": "x" * 101})
    assert "is longer than 100 characters" in refused.content.decode()


def test_a_search_takes_few_statements_however_many_words_and_photos(desk, carpet):
    def statements(words):
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/admin/picker/", {"q": words}).status_code == 200
        return len(captured)

    statements("vale")
    one, ten = statements("vale"), statements("lena vale arrives at the premiere of glass orchard los")
    assert max(one, ten) <= 22, (one, ten)


def test_reading_photos_takes_as_many_statements_for_fifty_as_for_two():
    def statements(count):
        for number in range(count):
            bare(f"Caption {number} of words.", "Photo by Petra Lindqvist/Getty Images")
        with CaptureQueriesContext(connection) as captured:
            finding.read_some(Photo.objects)
        return len(captured)

    statements(2)
    assert statements(30) <= statements(2) + 2 <= 26


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "-",
        "(",
        "*",
        "'",
        "vale OR 1=1",
        "NEAR(a b)",
        "a:b",
        "\x00",
        "x" * 5000,
        "“Vale”",
        "-vale",
        "&|!",
        "日本",
        "%",
    ],
)
def test_nothing_anybody_types_is_an_error(desk, words):
    bare("Lena Vale.")
    assert desk.get(reverse(LIST), {"q": words}).status_code in (200, 302, 400)
    assert desk.get("/admin/picker/", {"q": words}).status_code in (200, 400)


def test_days_and_codes_are_written_as_people_type_them():
    day = day_words(datetime(2026, 3, 1, tzinfo=UTC))
    for written in (
        "2026 03 01",
        "20260301",
        "3 1 2026",
        "03 01 2026",
        "1 3 2026",
        "march 1 2026",
        "1 mar 2026",
        "1st",
    ):
        assert f" {written} " in f" {day} ", written
    assert code_words("IMG_0471.JPG").split() == ["img", "0471", "jpg", "img0471", "jpg", "471"]
    assert "gettyimages1234567" in code_words("GettyImages-1234567.jpg").split()


def test_a_change_that_is_written_while_photos_are_read_is_read_next(desk):
    """What is noted after the reader looked stays noted."""
    photo = bare("A carpet.")
    finding.read_some(Photo.objects)
    finding.note(Photo.objects.filter(pk=photo.pk))
    before = PhotoToRead.objects.count()
    Caption.objects.filter(photo=photo).update(text="Laterword.")
    assert before == 1 and hits(desk, "laterword")
    assert not PhotoToRead.objects.exists()
