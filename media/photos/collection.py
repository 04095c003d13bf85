"""Collections: named sets of photos that colleagues fill and share, such as the choice for one story."""

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from ..counted import counted
from ..one_line import LineField
from ..permissions import Actor, require

MOST_PHOTOS = 1000
MOST_OF_ONE = 200


class CollectionQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """Return this colleague's collections and those that are shared."""
        return self.filter(models.Q(owner=user) | models.Q(shared=True))

    def begin(self, name: str, *, by: Actor, **fields: Any) -> "Collection":
        """Make a collection of this colleague's. Raises PermissionDenied, ValidationError."""
        require(by, "media.add_collection", to="make collections")
        made = Collection(name=name.strip(), owner=by, **fields)  # type: ignore[misc]  # An Actor is any user model.
        made.full_clean()
        made.save()
        return made


class Collection(models.Model):
    """A named set of photos with notes, its owner's alone or shared with the newsroom."""

    name = LineField(max_length=100, help_text="Such as “Cannes opening night”.")
    notes = models.TextField(
        blank=True, max_length=2000, help_text="What it is for. Everyone who sees the collection reads them."
    )
    shared = models.BooleanField(
        default=True, help_text="Colleagues see it, fill it and take photos from it. Uncheck to keep it to yourself."
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    photos = models.ManyToManyField("media.Photo", through="media.CollectedPhoto", related_name="collections")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="collection_once_per_owner",
                violation_error_message="You already have a collection of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self._state.adding and Collection.objects.filter(owner=self.owner_id).count() >= MOST_OF_ONE:
            raise ValidationError(f"You have {MOST_OF_ONE} collections. Delete one you no longer need.")

    def is_visible_to(self, user: Actor) -> bool:
        return self.shared or self.owner_id == user.pk

    def is_fillable_by(self, user: Actor) -> bool:
        return self.is_visible_to(user) and user.has_perm("media.change_collection")

    @transaction.atomic
    def put(self, photos: Iterable[UUID], *, by: Actor) -> int:
        """Add these photos; return how many were not in it yet. Raises PermissionDenied, ValidationError."""
        self._require(by)
        held = Collection.objects.select_for_update().get(pk=self.pk)
        present = set(held.photos.values_list("pk", flat=True))
        new = [key for key in dict.fromkeys(photos) if key not in present]
        if len(present) + len(new) > MOST_PHOTOS:
            raise ValidationError(
                f"A collection holds {counted(MOST_PHOTOS, 'photo')} at most; this one has {len(present):,}. "
                "Start another."
            )
        rows = [CollectedPhoto(collection=held, photo_id=key, by=by) for key in new]  # type: ignore[misc]
        CollectedPhoto.objects.bulk_create(rows)
        return len(new)

    @transaction.atomic
    def take_out(self, photos: Iterable[UUID], *, by: Actor) -> int:
        """Remove these photos from the collection; return how many were in it."""
        self._require(by)
        return CollectedPhoto.objects.filter(collection=self, photo__in=list(photos)).delete()[0]

    def _require(self, by: Actor) -> None:
        require(by, "media.change_collection", to="fill collections")
        if not self.is_visible_to(by):
            raise PermissionDenied("This collection belongs to a colleague.")


class CollectedPhoto(models.Model):
    """A photo in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE)
    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "photo"], name="collected_once"),
        ]
