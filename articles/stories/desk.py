"""What colleagues share while they work on a story: autosaves, presence, comments, tasks."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from media.one_line import LineField
from media.permissions import Actor

from ..history.version import SaveKey

if TYPE_CHECKING:
    from .article import Article

SILENCE = timedelta(seconds=60)
MOST_TABS = 20
"""Of how many tabs one editor's unsaved text of a story is kept."""


class Autosave(models.Model):
    """What 0.1.0 kept of an editor's typing, one row per editor and story. Its rows are moved to TabAutosave when they are met."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="autosaves")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(help_text="The revision of the working copy it was typed on.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="autosave_once_per_editor")]
        indexes = [models.Index(fields=["at"], name="autosave_oldest")]

    def __str__(self) -> str:
        return f"{self.user} on {self.article}"


class TabAutosaveQuerySet(models.QuerySet):
    def typed_by(self, user: Actor, article: "Article") -> Self:
        """Return what this editor typed in this story and has not saved, the latest first: one row for each tab."""
        return self.filter(article=article, user=user).order_by("-at", "-pk")

    def move_in(self, user: Actor, article: "Article") -> None:
        """Take over what the release before kept of this editor's typing."""
        for row in Autosave.objects.filter(article=article, user=user):
            values = {"fields": row.fields, "revision": row.revision, "at": row.at}
            with transaction.atomic():
                self.update_or_create(article=article, user=user, tab="", defaults=values)
                row.delete()


class TabAutosave(models.Model):
    """What an editor typed in one tab and has not saved yet. One row per editor, story and tab."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="tab_autosaves")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(
        max_length=40, blank=True, help_text="Each tab keeps its own. Empty for a page without a script."
    )
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(help_text="The revision of the working copy it was typed on.")
    number = models.PositiveIntegerField(
        default=0, help_text="Counted by the tab: what was sent earlier never replaces what was sent later."
    )
    at = models.DateTimeField(default=timezone.now)

    objects = TabAutosaveQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user", "tab"], name="autosave_once_per_tab")]
        indexes = [models.Index(fields=["at"], name="tab_autosave_oldest")]

    def __str__(self) -> str:
        return f"{self.user} on {self.article}"

    @classmethod
    @transaction.atomic
    def keep(
        cls,
        article: "Article",
        user: Actor,
        fields: dict,
        revision: int,
        at: datetime,
        key: SaveKey = SaveKey(),  # noqa: B008
    ) -> "TabAutosave":
        """Save what this editor typed on top of that revision, in the row of their tab. What comes late changes nothing."""
        article.require_unsealed()
        row = cls(article=article, user=user, tab=key.page, fields=fields, revision=revision, at=at, number=key.number)
        stored = cls.objects.filter(article=article, user=user, tab=key.page).first()
        if stored and stored.number > key.number:
            return stored
        if article.is_saved_since(key):
            return row
        row.pk = stored.pk if stored else None
        row.save()
        oldest = cls.objects.typed_by(user, article).values_list("pk", flat=True)[MOST_TABS:]
        cls.objects.filter(pk__in=list(oldest)).delete()
        return row


class PenHeld(ValidationError):
    """Somebody else is writing in the story; the sentence says who."""

    def __init__(self, writer: "Presence", reader: Actor) -> None:
        who = "You are" if writer.user_id == reader.pk else f"{writer.name} is"
        where = " in another tab" if writer.user_id == reader.pk else ""
        super().__init__(
            f"{who} writing in this story{where}, so nothing was saved. Your text is still here: ask to write, or take over.",
            code="pen",
        )


class PresenceQuerySet(models.QuerySet):
    def present(self, at: datetime) -> Self:
        return self.filter(seen_at__gt=at - SILENCE)


class Presence(models.Model):
    """Who has a story open. After 60 seconds without a beat they count as gone."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tab = models.CharField(max_length=40, help_text="One editor may have two tabs open.")
    is_writing = models.BooleanField(default=False, help_text="One at a time; others read until they ask or take over.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user", "tab"], name="presence_once_per_tab"),
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(is_writing=True), name="presence_one_writes"
            ),
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_oldest")]

    def __str__(self) -> str:
        return f"{self.user} in {self.article}"

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @classmethod
    def writer(cls, article: "Article", at: datetime) -> "Presence | None":
        """Return who holds the pen; after 60 seconds of silence nobody does."""
        return cls.objects.present(at).filter(article=article, is_writing=True).select_related("user").first()

    @classmethod
    @transaction.atomic
    def beat(cls, article: "Article", user: Actor, tab: str, at: datetime) -> "Presence":
        """Record that this tab is open, and return its row.

        The tab takes the pen if nobody holds it. Users who cannot edit never do.
        """
        may_write = article.is_editable_by(user) and cls.writer(article, at) is None
        if may_write:
            article.take_hold()
            may_write = cls.writer(article, at) is None
        row, _ = cls.objects.update_or_create(article=article, user=user, tab=tab, defaults={"seen_at": at})
        if may_write:
            row._write()
        return row

    @classmethod
    def require_pen(cls, article: "Article", user: Actor, tab: str | None, at: datetime) -> None:
        """Raise PenHeld if somebody else writes; else this tab goes on writing. None stands for any tab of this user.

        Call it in the transaction that saves, with the story locked: the pen cannot change hands before its end.
        """
        writer = cls.writer(article, at)
        if writer and (writer.user_id != user.pk or tab not in (None, writer.tab)):
            raise PenHeld(writer, user)
        own = cls.objects.filter(article=article, user=user, tab=tab).first() if tab else None
        if own:
            own.seen_at = at
            own.save(update_fields=["seen_at"])
            own._write()

    def _write(self) -> None:
        if not self.is_writing:
            others = Presence.objects.filter(article=self.article, is_writing=True).exclude(pk=self.pk)
            others.update(is_writing=False, asked_by=None)
            self.is_writing = True
            self.save(update_fields=["is_writing"])

    @transaction.atomic
    def take_over(self) -> None:
        """Make this tab the writer; the former writer can only read."""
        self.article.take_hold()
        self._write()

    def ask(self) -> None:
        """Ask the writer to hand over."""
        Presence.objects.filter(article=self.article, is_writing=True).update(asked_by=self.user)

    @transaction.atomic
    def hand_over(self, at: datetime) -> None:
        """Make the user who asked the writer. If they have left, only clear the request."""
        self.article.take_hold()
        self.refresh_from_db(fields=["is_writing", "asked_by"])
        asker, self.asked_by = self.asked_by_id, None
        theirs = Presence.objects.present(at).filter(article=self.article, user=asker).order_by("-seen_at").first()
        # Only one row can be the writer: clear this one before setting the other.
        was_writing, self.is_writing = self.is_writing, self.is_writing and theirs is None
        self.save(update_fields=["is_writing", "asked_by"])
        if theirs and was_writing:
            theirs._write()

    def leave(self) -> None:
        self.delete()


class Comment(models.Model):
    """A comment in a story's thread."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class TaskQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(done_at__isnull=True)

    def by_urgency(self) -> Self:
        """Return what is due first, first; what has no due date comes after, the oldest first."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "at", "id")


class Task(models.Model):
    """Something for a colleague or a desk to do about a story or one of its photos."""

    class Desk(models.TextChoices):
        EDITORS = "editors", "editors"
        PHOTO = "photo", "photo desk"

    class About(models.TextChoices):
        USE = "", "a use or anything else"
        CREDIT = "credit", "who must be named"

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="tasks")
    photo = models.ForeignKey("media.Photo", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    desk = models.CharField(max_length=10, choices=Desk.choices, default=Desk.EDITORS)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    about = models.CharField(
        max_length=10, choices=About.choices, blank=True, default="", db_default="", editable=False
    )
    text = LineField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField("due", null=True, blank=True, help_text="Leave empty if it can wait.")
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["done_at", "at", "id"]
        indexes = [
            models.Index(
                fields=["due_at"], name="task_due", condition=models.Q(done_at__isnull=True, due_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.text

    def is_overdue(self, at: datetime) -> bool:
        return self.done_at is None and self.due_at is not None and self.due_at <= at

    def finish(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Mark it done. Allowed for the assignee, the photo desk for its tasks, and anyone who can edit the story."""
        is_theirs = by is None or self.assignee_id == by.pk or self.article.is_editable_by(by)
        if not (is_theirs or (self.desk == self.Desk.PHOTO and by.has_perm("media.clear_photo"))):
            raise PermissionDenied(
                "Only the colleague the task is assigned to, or someone who can edit the story, can mark it done."
            )
        self.done_at = at or timezone.now()
        self.save(update_fields=["done_at"])
