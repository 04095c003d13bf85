"""People and works that stories are about, with their aliases and their appearances in photos."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from media.one_line import LineField
from media.typed_words import typed_words

from ..text.mentions import Index, Name
from .address import Addressed
from .facts import changed
from .merge import Topic
from .picture import picture
from .sort_key import SortedQuerySet, SortKeyField


def validate_urls(value: object) -> None:
    if not isinstance(value, list) or not all(
        isinstance(url, str) and url.startswith(("http://", "https://")) for url in value
    ):
        raise ValidationError("Enter a list of web addresses, such as [“https://www.wikidata.org/wiki/Q1”].")


class NamedQuerySet(SortedQuerySet):
    def names(self) -> list[Name]:
        """Return every name with its aliases, in the form that articles.text.mentions searches for."""
        return [
            Name(
                key=str(row.pk),
                name=getattr(row, self.model.name_field),
                aliases=tuple(alias.name for alias in row.aliases.all()),
                person=self.model.address_kind == "person",
            )
            for row in self.prefetch_related("aliases")
        ]

    def aliases(self) -> models.QuerySet[Any, tuple[int, str]]:
        """Return (key, alias) for every alias of these rows."""
        return self.filter(aliases__isnull=False).order_by("aliases__name").values_list("pk", "aliases__name")

    def index(self) -> Index:
        return Index(self.names())

    def search(self, words: str) -> Self:
        """Return the rows whose name or aliases contain every word."""
        found, field = self, f"{self.model.name_field}__icontains"
        for word in typed_words(words):
            by_alias = self.model.objects.filter(aliases__name__icontains=word)
            found = found.filter(models.Q(**{field: word}) | models.Q(pk__in=by_alias.values("pk")))
        return found


class Person(Topic, Addressed):
    """A public figure who is covered in stories. Authors and photographers are separate."""

    address_kind = "person"

    name = LineField(max_length=200, help_text="The name readers know, such as “Zoë Okafor-Lindqvist”.")
    sort_name = LineField(max_length=200, blank=True, help_text="Leave empty to sort by name.")
    sort_key = SortKeyField()
    description = models.TextField(blank=True, help_text="A sentence or two for the person’s page.")
    portrait = models.ForeignKey(
        "media.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="portrait_of"
    )
    born = models.DateField(null=True, blank=True)
    died = models.DateField(null=True, blank=True)
    same_as = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_urls],
        help_text="Addresses of the same person elsewhere (schema.org sameAs).",
    )
    photos = models.ManyToManyField("media.Photo", through="Appearance", related_name="+", editable=False)

    objects = NamedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["sort_key", "slug"], name="person_sorted")]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="person_slug_unique",
                violation_error_message="Another person already has this address.",
            ),
            models.CheckConstraint(
                condition=models.Q(born__isnull=True)
                | models.Q(died__isnull=True)
                | models.Q(born__lte=models.F("died")),
                name="person_died_after_birth",
                violation_error_message="The date of death is before the date of birth.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name_to_sort(self) -> str:
        return self.sort_name or self.name

    @property
    def path(self) -> str:
        return f"/person/{self.slug}/"


class Alias(models.Model):
    """Another name of a person or work. Readers can search by it, so a new alias changes the documents that show them."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._names_changed()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            self._names_changed()
        return done

    def _names_changed(self) -> None:
        """Lock the person or work, as renderers do, before its documents are marked stale."""
        owner = getattr(self, self.owner)
        list(type(owner).objects.filter(pk=owner.pk).select_for_update(no_key=True).values_list("pk"))
        changed(self.owner, [owner.pk], at=timezone.now(), note=f"{owner} is also {self}")


class PersonAlias(Alias):
    """Another name a person is known by."""

    owner = "person"
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    name = LineField(max_length=200, help_text="Such as a maiden name, a stage name or another spelling.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "person aliases"
        constraints = [
            models.UniqueConstraint(
                "person",
                Lower("name"),
                name="person_alias_once",
                violation_error_message="This person already has that alias.",
            ),
        ]


class Appearance(models.Model):
    """Who is in a photo, from left to right."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appearances")
    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="people")
    position = models.PositiveSmallIntegerField(default=0, help_text="From left to right.")

    class Meta:
        ordering = ["position", "id"]
        verbose_name = "person in the photo"
        verbose_name_plural = "people in the photo"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "photo"],
                name="appearance_once",
                violation_error_message="This person is already named in the photo.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.photo.announce("photo.people_changed", at=timezone.now())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            done = super().delete(*args, **kwargs)
            self.photo.announce("photo.people_changed", at=timezone.now())
        return done


class Work(Topic, Addressed):
    """A film, series, album, song, game or show."""

    address_kind = "work"
    name_field = "title"

    class Kind(models.TextChoices):
        FILM = "film", "film"
        SERIES = "series", "series"
        ALBUM = "album", "album"
        SONG = "song", "song"
        GAME = "game", "game"
        SHOW = "show", "show"

    title = LineField(max_length=300)
    sort_key = SortKeyField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FILM)
    release_date = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    poster = picture("The poster, cover or box, shown on cards and on its page, as far as its rights allow.")
    same_as = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_urls],
        help_text="Addresses of the same work elsewhere (schema.org sameAs).",
    )

    objects = NamedQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        indexes = [
            models.Index(fields=["sort_key", "slug"], name="work_sorted"),
            models.Index(fields=["release_date", "slug"], name="work_released"),
            models.Index(fields=["poster"], name="work_poster", condition=models.Q(poster__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="work_slug_unique",
                violation_error_message="Another work already has this address.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name_to_sort(self) -> str:
        return self.title

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.slug}/"


class WorkAlias(Alias):
    """Another title of a work."""

    owner = "work"
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="aliases")
    name = LineField("title", max_length=300, help_text="Such as a working title or a title abroad.")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "work aliases"
        constraints = [
            models.UniqueConstraint(
                "work",
                Lower("name"),
                name="work_alias_once",
                violation_error_message="This work already has that alias.",
            ),
        ]
