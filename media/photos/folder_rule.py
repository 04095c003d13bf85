"""What the desk says once about all pictures of a folder, and what became of the files that were not taken."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from ..credits.agency import Agency
from ..one_line import LineField
from .photo import Photo
from .proposal import Meant

# Folders of the hot folder itself, where files are put away.
TAKEN, REFUSED = "taken", "refused"


class FolderRuleQuerySet(models.QuerySet["FolderRule"]):
    def by_folder(self) -> dict[str, "FolderRule"]:
        return {rule.folder.casefold(): rule for rule in self.select_related("agency")}


class FolderRule(models.Model):
    """What holds for every picture that arrives in one folder of the hot folder. A file's own words come first."""

    folder = LineField(
        max_length=200,
        blank=True,
        help_text="Inside the hot folder, such as “ap” or “agencies/ap”. Leave empty for files outside all folders that have a rule.",
    )
    agency = models.ForeignKey(
        Agency,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="folder_rules",
        help_text="Joins the credit of pictures that name no agency.",
    )
    kind = models.CharField(
        max_length=20, choices=Photo.Kind.choices, blank=True, default="", help_text="Leave empty to go by the file."
    )
    instructions = models.TextField(
        blank=True,
        max_length=2000,
        help_text="In a supplier’s words, such as “Editorial use only. No use after December 31, 2026.” Added to each file’s own; "
        "what they forbid holds at once, until the desk confirms or dismisses it.",
    )

    objects = FolderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "hot folder rule"
        ordering = ["folder"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("folder"),
                name="folder_rule_once",
                violation_error_message="This folder has a rule already. Change that one.",
            ),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False) | ~models.Q(kind="") | ~models.Q(instructions=""),
                name="folder_rule_says_something",
                violation_error_message="Say what these pictures have in common: an agency, a kind or instructions.",
            ),
        ]

    def __str__(self) -> str:
        return self.folder or "everything else"

    def clean(self) -> None:
        self.folder = "/".join(part.strip() for part in self.folder.replace("\\", "/").split("/") if part.strip())
        parts = self.folder.casefold().split("/")
        if {".", ".."} & set(parts):
            raise ValidationError({"folder": "Name a folder inside the hot folder, such as “agencies/ap”."})
        if parts[0] in (TAKEN, REFUSED):
            raise ValidationError({"folder": "Files are put away in “taken” and “refused”. Name another folder."})

    @property
    def meant(self) -> Meant:
        """Return what it adds to the words of a file."""
        return Meant(agency=self.agency.name if self.agency else "", instructions=self.instructions)

    def said_of_photo(self) -> dict[str, Any]:
        """Return the arguments with which Photo.objects.take follows it."""
        return {"meant": self.meant} | ({"kind": self.kind} if self.kind else {})


class UntakenFileQuerySet(models.QuerySet["UntakenFile"]):
    def note(self, path: str, sentence: str) -> None:
        """Remember a file that was not taken; of many, the newest thousand."""
        self.create(path=path[-500:], sentence=sentence)
        newest = self.order_by("-id").values_list("id", flat=True)[UntakenFile.KEPT : UntakenFile.KEPT + 1]
        self.filter(id__lte=next(iter(newest), 0)).delete()


class UntakenFile(models.Model):
    """A file of the hot folder that did not become a photo, and why."""

    KEPT = 1000

    path = LineField("file", max_length=500, help_text="Inside the hot folder.")
    sentence = models.TextField("why it was not taken")
    at = models.DateTimeField(default=timezone.now)

    objects = UntakenFileQuerySet.as_manager()

    class Meta:
        verbose_name = "file not taken"
        verbose_name_plural = "files not taken"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.path
