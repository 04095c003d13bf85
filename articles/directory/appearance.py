"""Matches the names in a picture file to people; a name that fits more than one person is skipped."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from media.models import Photo
from media.permissions import Actor, require

from .person import Appearance, Person


def match(photos: Iterable[Photo]) -> None:
    """Link the known people that these photos' files name. Links made by the photo desk are kept."""
    for photo in photos:
        found = by_name(photo.people_named)
        present = set(photo.people.values_list("person", flat=True))
        people = [found[name.casefold()] for name in photo.people_named if name.casefold() in found]
        for position, person in enumerate(dict.fromkeys(people), start=len(present)):
            if person.pk not in present:
                Appearance.objects.create(photo=photo, person=person, position=position)


def unmatched(names: Sequence[str]) -> list[str]:
    """Return the names that match no person, in the order given."""
    found = by_name(names)
    return [name for name in names if name.casefold() not in found]


def by_name(names: Iterable[str]) -> dict[str, Person]:
    """Return people by lower-case name or alias. A name that two people share is left out."""
    wanted = [name for name in names if name.strip()]
    found: dict[str, set] = {}
    for name in wanted:
        for person in Person.objects.filter(name__iexact=name) | Person.objects.filter(aliases__name__iexact=name):
            found.setdefault(name.casefold(), set()).add(person)
    return {name: people.pop() for name, people in found.items() if len(people) == 1}


@transaction.atomic
def show(photo: Photo, *, add: Sequence[Person], remove: Sequence[Person], by: Actor | None) -> bool:
    """Say who is in a photo besides, after those it has, and who is not; return False if all of it is so already."""
    require(by, "articles.add_appearance", to="say who is in photos")
    gone = list(photo.people.filter(person__in=remove))
    for link in gone:
        link.delete()
    present = dict(photo.people.values_list("person", "position"))
    new = [person for person in add if person.pk not in present]
    for position, person in enumerate(new, start=max(present.values(), default=-1) + 1):
        Appearance.objects.create(photo=photo, person=person, position=position)
    return bool(gone or new)


def showing(name: str) -> QuerySet:
    """Return the keys of the photos that show a person of such a name."""
    people = Person.objects.search(name).order_by().values("pk")
    return Appearance.objects.filter(person__in=people).order_by().values("photo")
