"""Sections, which form a tree, and tags."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from media.one_line import LineField

from .address import Addressed
from .facts import changed
from .picture import picture

DEEPEST = 8


def lineage(section: "Section | None", parent_of: Callable[["Section"], "Section | None"]) -> list["Section"]:
    """Return the sections from the top level down to this one, at most eight; an empty list for no section."""
    line: list[Section] = []
    while section is not None and len(line) < DEEPEST:
        line.insert(0, section)
        section = parent_of(section)
    return line


def landing_text() -> models.TextField:
    return models.TextField(
        "landing text",
        blank=True,
        default="",
        db_default="",
        max_length=5000,
        help_text="Shown above the stories on its page. Plain text; an empty line starts a new paragraph.",
    )


def landing_photo() -> models.ForeignKey:
    return picture("Shown on its page and on cards that lead there, as far as its rights allow.", "landing photo")


class Section(Addressed):
    """A department of a site, such as Film or Music › Live; sections form a tree."""

    address_kind = "section"

    site = models.ForeignKey("media.Site", on_delete=models.PROTECT, related_name="sections")
    name = LineField(max_length=100, help_text="As readers see it, such as “Film”.")
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="The section this one belongs to.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Lower numbers come first.")
    description = models.TextField(blank=True)
    text = landing_text()
    photo = landing_photo()

    class Meta:
        ordering = ["position", "name"]
        indexes = [models.Index(fields=["photo"], name="section_photo", condition=models.Q(photo__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="section_slug_unique",
                violation_error_message="Another section already has this address.",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="section_not_its_own_parent",
                violation_error_message="A section can’t belong to itself.",
            ),
        ]

    def __str__(self) -> str:
        return " › ".join(section.name for section in self.lineage())

    def clean(self) -> None:
        if self.parent and self.pk and self.pk in [section.pk for section in self.parent.lineage()]:
            raise ValidationError({"parent": "A section can’t belong to one of its own subsections."})

    def lineage(self) -> list["Section"]:
        """Return the sections from the top level down to this one, at most eight."""
        return lineage(self, lambda section: section.parent)

    @property
    def path(self) -> str:
        return "/" + "/".join(section.slug for section in self.lineage()) + "/"

    def _facts_changed(self) -> None:
        descendants, level = [self.pk], [self.pk]
        while level:
            level = list(
                Section.objects.filter(parent__in=level).exclude(pk__in=descendants).values_list("pk", flat=True)
            )
            descendants += level
        changed("section", descendants, at=timezone.now(), note=self.name)


class Tag(Addressed):
    """A free keyword readers can follow, such as “Festival season”."""

    address_kind = "tag"

    name = LineField(max_length=100)
    description = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=1000,
        help_text="A sentence or two for search engines and cards.",
    )
    text = landing_text()
    photo = landing_photo()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["photo"], name="tag_photo", condition=models.Q(photo__isnull=False))]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], name="tag_slug_unique", violation_error_message="Another tag already has this address."
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return f"/tag/{self.slug}/"
