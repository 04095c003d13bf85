"""What colleagues share while a story is in the making."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

SILENCE = timedelta(seconds=60)


class Autosave(models.Model):
    """What an editor typed and has not saved yet: one row per editor and story."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="autosaves")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(help_text="The revision of the working copy it was typed on.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="autosave_once_per_editor")]

    def __str__(self):
        return f"{self.user} on {self.article}"


class PresenceQuerySet(models.QuerySet):
    def present(self, at):
        return self.filter(seen_at__gt=at - SILENCE)


class Presence(models.Model):
    """Who has a story open. Sixty seconds of silence and they have left."""

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

    def __str__(self):
        return f"{self.user} in {self.article}"


class Comment(models.Model):
    """A remark in a story's thread."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.text[:60]


class Task(models.Model):
    """Something a colleague or a desk is to do about a story or one of its photos."""

    class Desk(models.TextChoices):
        EDITORS = "editors", "editors"
        PHOTO = "photo", "photo desk"

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="tasks")
    photo = models.ForeignKey("media.Photo", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    desk = models.CharField(max_length=10, choices=Desk.choices, default=Desk.EDITORS)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="tasks"
    )
    text = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["done_at", "at", "id"]

    def __str__(self):
        return self.text


class Heartbeat(models.Model):
    """When each worker was last seen alive, and at what."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()
    doing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name
