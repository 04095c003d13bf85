"""A brand is an agency of its own: the rights of its house hold for its photos, and its own words are printed."""

import importlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from media.credits.vocabulary import Vocabulary
from media.models import Agency, Photo, PhotoCredit, Right
from media.rights.decision import Use
from tests import newsroom

pytestmark = pytest.mark.django_db
brands = importlib.import_module("media.migrations.0012_brands")


def agency(name):
    return Agency.objects.get(name=name)


@pytest.mark.parametrize(
    ("line", "shown", "row"),
    [
        ("Pia Lund/Searchlight Pictures", "Photo by Pia Lund/Searchlight Pictures", "Searchlight Pictures"),
        ("Pia Lund/Disney", "Photo by Pia Lund/Disney", "Disney"),
        ("Pia Lund/Amazon MGM Studios", "Photo by Pia Lund/Amazon MGM Studios", "Amazon MGM Studios"),
        ("Pia Lund/PA Images", "Photo by Pia Lund/PA Images", "Press Association Images"),
        ("Pia Lund/Anadolu", "Photo by Pia Lund/Anadolu", "Anadolu Agency"),
        ("Pia Lund/Getty", "Photo by Pia Lund/Getty", "Getty Images"),
    ],
)
def test_a_credit_is_printed_as_supplied_and_stored_under_its_house(line, shown, row):
    credit = newsroom.credit(line)
    assert (credit.line(), credit.distributors[0].name) == (shown, row)


def test_the_desk_may_choose_the_spelling_of_the_house():
    credit = newsroom.credit("Pia Lund/Getty")
    Agency.objects.filter(name="Getty Images").update(house_spelling=True)
    assert PhotoCredit.objects.get(pk=credit.pk).line() == "Photo by Pia Lund/Getty Images"


@pytest.mark.parametrize(("effect", "expected"), [("deny", False), ("allow", True)])
def test_the_rights_of_a_house_hold_for_its_brands(effect, expected):
    photo = newsroom.photo(line="Pia Lund/FilmMagic", kind="rights_managed")
    agency("Getty Images").rights.create(effect=effect, note="House contract")
    use = Use(channel="web", placement="lead", at=timezone.now())
    assert Photo.objects.with_facts().get(pk=photo.pk).usable(use).usable is expected
    assert Photo.objects.usable(use).filter(pk=photo.pk).exists() is expected


def test_what_a_brand_says_does_not_hold_for_its_house():
    photo = newsroom.photo(line="Pia Lund/Getty Images")
    agency("FilmMagic").rights.create(effect="deny")
    use = Use(channel="web", placement="lead", at=timezone.now())
    assert Photo.objects.usable(use).filter(pk=photo.pk).exists()
    assert agency("Getty Images").scope["credit__agencies__in"]


def test_a_house_that_is_part_of_another_takes_no_brands():
    with pytest.raises(ValidationError, match="FilmMagic is itself part of Getty Images"):
        Agency.objects.create(name="Zorble", parent=agency("FilmMagic"))
    getty = agency("Getty Images")
    getty.parent = agency("AP")
    with pytest.raises(ValidationError, match="can’t be part of another agency"):
        getty.full_clean()
    with pytest.raises(IntegrityError, match=r"agency_no_part_of_itself"), transaction.atomic():
        Agency.objects.filter(pk=getty.pk).update(parent=getty.pk)


def test_merging_a_house_into_its_brand_leaves_no_circle():
    agency("WireImage").absorb(agency("Getty Images"))
    wire = agency("WireImage")
    assert wire.parent is None
    assert agency("FilmMagic").parent == wire


def test_the_seeds_and_the_vocabulary_say_the_same():
    seed = Vocabulary.seed()
    rows = Agency.objects.vocabulary()
    differing = [
        key
        for key, house in seed._organisations.items()
        if (found := rows._organisations.get(key)) is None or (found.name, found.parent) != (house.name, house.parent)
    ]
    assert not differing


def test_upgrading_splits_seeded_spellings_and_leaves_the_desk_s_own(capsys):
    brands.put_back(apps, None)
    assert agency("Fox Searchlight").aliases.filter(name="Searchlight Pictures").exists()
    agency("Amazon").aliases.get(name="Prime Video").delete()
    agency("Netflix").aliases.create(name="Prime Video")
    credit = newsroom.credit("Pia Lund/Searchlight Pictures")
    brands.add(apps, None)
    assert agency("FilmMagic").parent.name == "Getty Images"
    assert agency("Netflix").aliases.filter(name="Prime Video").exists()
    assert not Agency.objects.filter(name="Prime Video").exists()
    call_command("parse_credits", "--reparse", "--apply")
    assert "agencies: ['Searchlight Pictures']" in capsys.readouterr().out
    assert PhotoCredit.objects.get(pk=credit.pk).distributors[0].name == "Searchlight Pictures"


def test_a_right_of_the_house_reaches_the_photos_of_its_brands_at_once():
    photo = newsroom.photo(line="Pia Lund/WireImage")
    right = Right.objects.create(agency=agency("Getty Images"), effect="deny")
    assert Photo.objects.filter(**right.scope).filter(pk=photo.pk).exists()


def test_the_desk_sets_the_house_in_the_admin_and_is_told_why_not(admin_client):
    page = admin_client.get(f"/admin/media/agency/{agency('FilmMagic').pk}/change/")
    assert "part of" in page.content.decode().lower() and "Print our spelling" in page.content.decode()
    rows = {f"{inline}-{count}": 0 for inline in ("aliases", "rights") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    form = {"name": "Zorble", "kind": "agency", "min_parts": "any", "parent": agency("FilmMagic").pk} | rows
    refused = admin_client.post("/admin/media/agency/add/", form)
    assert "itself part of Getty Images" in refused.content.decode()
    kept = admin_client.post("/admin/media/agency/add/", form | {"parent": agency("Getty Images").pk})
    assert (kept.status_code, agency("Zorble").parent) == (302, agency("Getty Images"))
