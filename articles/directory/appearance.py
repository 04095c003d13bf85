"""The names a picture file gives become people in the photo, where exactly one person is called so."""

from collections.abc import Iterable, Sequence

from media.models import Photo

from .person import Appearance, Person


def match(photos: Iterable[Photo]) -> None:
    """Link everybody these photos' files name and who is known here; links the desk made are kept."""
    for photo in photos:
        found = by_name(photo.people_named)
        present = set(photo.people.values_list("person", flat=True))
        people = [found[name.casefold()] for name in photo.people_named if name.casefold() in found]
        for position, person in enumerate(dict.fromkeys(people), start=len(present)):
            if person.pk not in present:
                Appearance.objects.create(photo=photo, person=person, position=position)


def unmatched(names: Sequence[str]) -> list[str]:
    """Return those of these names that nobody here is called, in their order."""
    found = by_name(names)
    return [name for name in names if name.casefold() not in found]


def by_name(names: Iterable[str]) -> dict[str, Person]:
    """Return the one person of each name or alias, by the name in small letters; a name two people share is left out."""
    wanted = [name for name in names if name.strip()]
    found: dict[str, set] = {}
    for name in wanted:
        for person in Person.objects.filter(name__iexact=name) | Person.objects.filter(aliases__name__iexact=name):
            found.setdefault(name.casefold(), set()).add(person)
    return {name: people.pop() for name, people in found.items() if len(people) == 1}
