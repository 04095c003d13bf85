"""Passing a story on: submit, return, accept, assign; comments and tasks."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from media.local_time import NoSuchTime, brief, typed

from ..models import Article
from .publish_form import WhenField
from .requests import StaffRequest
from .story_pages import StoryAdmin, verb


@verb
def submit(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.submit(by=request.user, note=request.POST.get("note", ""))
    return "Submitted for review."


@verb
def return_(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.return_(by=request.user, note=request.POST.get("note", ""))
    return f"Sent back to {story.owner or 'the drafts'} with your note."


@verb
def accept(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.accept(by=request.user, note=request.POST.get("note", ""))
    return "Marked as ready."


@verb
def assign(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    colleague = get_user_model().objects.filter(username=request.POST.get("to", "").strip(), is_active=True).first()
    if colleague is None:
        raise ValidationError({"to": "No colleague has this user name."})
    due_at = _due(request, story)
    story.assign(colleague, by=request.user, text=request.POST.get("note", ""), due_at=due_at)
    due = f", due {brief(due_at, story.site.zone, timezone.now())}" if due_at else ""
    return f"Assigned to {colleague}{due}."


def _due(request: StaffRequest, story: Article) -> datetime | None:
    """Return the moment typed as “Due”, on the clock of the story's site."""
    local = WhenField().clean(request.POST.get("due", "")[:40])
    try:
        return typed(local, story.site.time_zone) if local else None
    except NoSuchTime as error:
        raise ValidationError({"due": str(error)}) from error


@verb
def comment(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.comment(request.POST.get("text", ""), by=request.user)
    return "Comment added."


@verb
def finish(model_admin: StoryAdmin, request: StaffRequest, story: Article, task: int) -> str:
    found = story.tasks.filter(pk=task, done_at__isnull=True).first()
    if found is None:
        raise ValidationError("This task is already done.")
    found.finish(by=request.user)
    return "Task done."


@verb
def discard(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.discard(by=request.user)
    return "Discarded. Its versions are kept."


VIEWS = [
    ("<uuid:pk>/submit/", submit, "submit"),
    ("<uuid:pk>/return/", return_, "return"),
    ("<uuid:pk>/accept/", accept, "accept"),
    ("<uuid:pk>/assign/", assign, "assign"),
    ("<uuid:pk>/comments/add/", comment, "comment"),
    ("<uuid:pk>/tasks/<int:task>/finish/", finish, "finish"),
    ("<uuid:pk>/discard/", discard, "discard"),
]
