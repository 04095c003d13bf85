"""Filters above the list of stories: those everybody has, one's own, and those that colleagues share."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import reverse

from media.admin.refill import refused

from ..models import SavedFilter
from ..stories.saved_filter import asked_of
from .requests import StaffRequest
from .story_pages import StoryAdmin

BUILT_IN = (
    ("Mine", "whose=mine"),
    ("To review", "stage__exact=in_review"),
    ("Ready", "stage__exact=ready"),
    ("Live today", "live=today"),
)


@dataclass(frozen=True)
class Shown:
    """A filter as the bar shows it; `by` is the colleague who shares it."""

    name: str
    query: str
    is_here: bool
    by: str = ""


def bar(request: StaffRequest) -> dict[str, Any]:
    """Return what the bar above the list shows; one statement."""
    here = asked_of(request.GET.dict())
    kept = list(SavedFilter.objects.seen_by(request.user))
    shown = [Shown(name, query, asked_of(QueryDict(query).dict()) == here) for name, query in (("All", ""), *BUILT_IN)]
    for each in kept:
        by = "" if each.owner_id == request.user.pk else each.owner.get_full_name() or each.owner.get_username()
        shown.append(Shown(each.name, each.query, each.asked == here, by))
    own = [each for each in kept if each.owner_id == request.user.pk]
    may_keep = bool(here) and not any(each.is_here for each in shown)
    return {"filters": shown, "own_filters": own, "may_keep_filter": may_keep, "filter_asked": request.GET.urlencode()}


def keep(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Keep the search that the list shows under a name."""
    _require_view(model_admin, request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    asked = asked_of(QueryDict(request.POST.get("asked", "")[:4000]).dict())
    try:
        kept = SavedFilter.keep(
            request.POST.get("name", ""), asked, by=request.user, is_shared="is_shared" in request.POST
        )
    except ValidationError as error:
        return refused(request, _list(SavedFilter(asked=asked).query), error)
    messages.success(request, f"Filter “{kept}” saved.")
    return HttpResponseRedirect(_list(kept.query))


def change(model_admin: StoryAdmin, request: StaffRequest, pk: int) -> HttpResponse:
    """Rename a filter of one's own, share it or keep it private, or delete it."""
    _require_view(model_admin, request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept = SavedFilter.objects.filter(pk=pk, owner=request.user).first()
    if kept is None:
        raise Http404("This filter no longer exists. Reload the page.")
    if "_delete" in request.POST:
        kept.delete()
        messages.success(request, f"Filter “{kept}” deleted.")
        return HttpResponseRedirect(_list())
    try:
        kept.call(request.POST.get("name", ""), is_shared="is_shared" in request.POST)
    except ValidationError as error:
        return refused(request, _list(), error)
    messages.success(request, f"Filter “{kept}” saved.")
    return HttpResponseRedirect(_list(kept.query))


def _require_view(model_admin: StoryAdmin, request: StaffRequest) -> None:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied


def _list(query: str = "") -> str:
    address = reverse("admin:articles_article_changelist")
    return f"{address}?{query}" if query else address


VIEWS = [("filters/keep/", keep, "keep_filter"), ("filters/<int:pk>/", change, "change_filter")]
