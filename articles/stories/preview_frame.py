"""The frame beside the text: a front end on another origin shows what one editor is typing, without their cookies."""

import re
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest

from media.permissions import Actor

from .preview_token import TokenField, make_token
from .unsaved import content_of

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

    from .article import Article

LIFE = timedelta(minutes=15)
"""The page renews a token while it is open; of a page that was closed it ends."""
MOST_FRAMES = 20
"""How many frames one editor may have open."""


class PreviewFrameQuerySet(models.QuerySet):
    def shown_by(self, token: str, at: datetime) -> Self:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", token):
            return self.none()
        return self.filter(token=token, expires_at__gt=at).select_related("article", "article__site")

    def open(self, article: "Article", *, user: Actor, session: str, tab: str, at: datetime) -> "PreviewFrame":
        """Return the frame of this tab, which lives on from now. One that had ended comes back under another token."""
        own = self.filter(user=user)
        own.filter(expires_at__lte=at).delete()
        frame, _ = self.update_or_create(
            article=article, user=user, session=session, tab=tab, defaults={"expires_at": at + LIFE}
        )
        oldest = own.order_by("-expires_at", "-pk").values_list("pk", flat=True)[MOST_FRAMES:]
        self.filter(pk__in=list(oldest)).delete()
        return frame


class PreviewFrame(models.Model):
    """Lets a front end show one tab of one editor, for as long as that editor is logged in and may see the story."""

    token = TokenField(max_length=64, unique=True, default=make_token, editable=False)
    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="preview_frames")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session = models.CharField(max_length=40, help_text="The token ends with the session it was made in.")
    tab = models.CharField(max_length=40, help_text="Each tab shows its own text.")
    expires_at = models.DateTimeField()

    objects = PreviewFrameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user", "session", "tab"], name="preview_frame_once_per_tab")
        ]
        indexes = [models.Index(fields=["expires_at"], name="preview_frame_oldest")]

    def __str__(self) -> str:
        return f"preview of {self.article} by {self.user}"

    def reader(self) -> User | None:
        """Return whose frame it is, if they may still see the story: logged in, active, with the right, and named on it."""
        user = _logged_in(self.session)
        if user is None or user.pk != self.user_id or not user.is_staff:
            return None
        may_see = any(user.has_perm(f"articles.{verb}_article") for verb in ("view", "change"))
        return user if may_see and self.article.is_visible_to(user) else None

    def content(self) -> dict[str, Any]:
        return content_of(self.article, self.user_id, self.tab)


def _logged_in(session: str) -> User | None:
    """Return who is logged in by this session, asked as every request of theirs is."""
    request = HttpRequest()
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(session)
    user = get_user(request)
    return cast(User, user) if user.is_authenticated else None
