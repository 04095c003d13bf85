"""A paid or conditional photo waits for the photo desk's yes: who asks from the story, who answers from either page."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from media.admin import ClearanceAdmin
from media.counted import counted
from media.models import Clearance, Photo
from media.rights.bearing import rights_on
from media.rights.decision import PLACEMENTS
from media.rights.quotas import count_uses

from ..models import Article, Task
from ..stories import exposure
from ..stories.checklist import Problem
from ..text.given import whole_number
from .requests import StaffRequest
from .story_pages import StoryAdmin, valid, verb

NAMES = {
    "": "anywhere in the story",
    "lead": "lead",
    "body": "in the text",
    "gallery": "gallery",
    "card": "social card",
}


class ClearForm(forms.Form):
    placement = forms.ChoiceField(
        label="Where", required=False, choices=[(word, NAMES[word]) for word in ("", *PLACEMENTS)]
    )
    fee = forms.DecimalField(required=False, min_value=0, max_digits=10, decimal_places=2)
    fee_basis = forms.CharField(label="For", required=False, max_length=100)
    note = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)  # type: ignore[misc]  # Nobody passes it twice.
        self.fields["fee_basis"].widget.attrs["placeholder"] = "per use, USD"
        self.fields["note"].widget.attrs["placeholder"] = "Who agreed, order number"


@verb
def ask(model_admin: StoryAdmin, request: StaffRequest, story: Article, photo: UUID) -> str:
    story.ask_clearance(_photo(photo), by=request.user, note=request.POST.get("note", ""))
    return "Asked. The photo desk sees it on its front page."


@verb
def clear(model_admin: StoryAdmin, request: StaffRequest, story: Article, photo: UUID) -> str:
    story.clear_photo(_photo(photo), by=request.user, **valid(ClearForm(request.POST)))
    return "Cleared. The photo can go live in this story."


@verb
def take_back(model_admin: StoryAdmin, request: StaffRequest, story: Article, photo: UUID) -> str:
    key = whole_number(request.POST.get("clearance"))
    given = Clearance.objects.filter(pk=key, photo=photo, article=story.pk)  # type: ignore[misc]
    row = given.select_related("by").first()
    if row is None:
        raise ValidationError("This clearance was already withdrawn.")
    story.take_clearance_back(row, by=request.user, reason=request.POST.get("reason", ""))
    return "Clearance withdrawn. If the story is live, it no longer shows the photo."


def on_photo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a verb of the story act on the photo's own page, and go back there."""

    def answer(model_admin: StoryAdmin, request: StaffRequest, pk: UUID, photo: UUID) -> HttpResponse:
        request.photo_to_go_back_to = photo  # type: ignore[attr-defined]
        return view(model_admin, request, pk=pk, photo=photo)

    return answer


def _photo(key: UUID) -> Photo:
    found = Photo.objects.filter(pk=key).first()
    if found is None:
        raise ValidationError("This photo no longer exists.")
    return found


VIEWS = [
    ("<uuid:pk>/photos/<uuid:photo>/ask/", ask, "ask_clearance"),
    ("<uuid:pk>/photos/<uuid:photo>/clear/", clear, "clear_photo"),
    ("<uuid:pk>/photos/<uuid:photo>/clear/here/", on_photo(clear), "clear_photo_here"),
    ("<uuid:pk>/photos/<uuid:photo>/clear/back/", on_photo(take_back), "take_clearance_back"),
]


# What the pages show


def owed(story: Article, problems: Iterable[Problem]) -> list[dict]:
    """Return a row for each photo of the story that waits for the desk's yes: what it costs, who asked, the form."""
    waiting: dict[UUID, list[Problem]] = {}
    for problem in problems:
        if problem.is_owed:
            waiting.setdefault(problem.photo, []).append(problem)  # type: ignore[arg-type]
    asked = {
        task.photo_id: task
        for task in Task.objects.filter(article=story.pk, desk="photo", about="", done_at__isnull=True)
    }
    photos = Photo.objects.filter(pk__in=waiting).with_facts()
    return [
        {"photo": photo, "sentences": waiting[photo.pk], "asked": asked.get(photo.pk), "form": form_for(photo)}
        for photo in photos
    ]


def quotas(story: Article, now: datetime) -> list[str]:
    """Return a sentence for each quota that the story's photos are counted on."""
    photos = list(Photo.objects.filter(pk__in=story.photo_ids()).with_facts())
    count_uses(photos, now, story.pk)
    rights = [(photo, right) for photo in photos for right in rights_on(photo)]
    return [
        f"“{photo}”: {counted(right.quota, 'use')} {right.get_quota_period_display() or 'ever'}, {max(0, right.quota_left())} left;"
        " this story takes one."
        for photo, right in rights if right.quota is not None and right.effect == "allow"
    ]  # fmt: skip


def form_for(photo: Photo) -> ClearForm:
    """Return the form with the price that the photo's right names."""
    priced = next((right for right in photo.rights.all() if right.cost != "free"), None)
    return ClearForm(initial={"fee": priced.fee, "fee_basis": priced.fee_basis} if priced else None)


def of_photo(request: StaffRequest, photo: Photo) -> tuple[str, dict] | None:
    """Return the photo page's part on clearances, or None if nothing ever has to be cleared."""
    given = list(photo.clearances.select_related("by"))
    if not given and not any(rule.needs_clearance for rule in photo.rules()):
        return None
    visible = Article.objects.visible_to(request.user)
    stories = {story.pk: story for story in visible.filter(pk__in=[row.article for row in given])}
    live = set(exposure.live_uses(timezone.now()).filter(photo=photo.pk).values_list("story", flat=True))
    context = {
        "given": [
            {"clearance": row, "story": stories.get(row.article), "where": NAMES[row.placement], "live": row.article in live}
            for row in given
        ],
        "waiting": _waiting(photo, visible, given), "form": form_for(photo),
        "may_clear": request.user.has_perm("media.clear_photo"),
    }  # fmt: skip
    return "admin/articles/photo/clearances.html", context


def _waiting(photo: Photo, visible: QuerySet[Article], given: list[Clearance]) -> list[dict]:
    """Return the stories whose working copies show the photo that nobody cleared yet; those that asked come first."""
    asked = {
        task.article_id: task for task in Task.objects.filter(photo=photo, desk="photo", about="", done_at__isnull=True)
    }
    uses = photo.uses.of_working_copies().filter(article__in=visible).select_related("article").order_by("article")
    found: dict[Article, dict] = {}
    for use in uses:
        placement = "card" if use.role == "social" else use.role
        if not any(row.allows(use.article_id, placement) for row in given):
            row = found.setdefault(
                use.article, {"story": use.article, "places": [], "asked": asked.get(use.article_id)}
            )
            row["places"] += [NAMES[placement]] if NAMES[placement] not in row["places"] else []
    return sorted(found.values(), key=lambda row: row["asked"] is None)


class StoryClearanceAdmin(ClearanceAdmin):
    """Says of which story a clearance is, to those who may see it."""

    list_display = ["photo", "story", "where", "fee", "fee_basis", "by", "at", "note"]
    list_select_related = ["by", "photo"]
    readonly_fields = ["story"]
    fields = ["photo", "story", "placement", "fee", "fee_basis", "by", "at", "note"]

    def get_queryset(self, request: StaffRequest) -> QuerySet[Clearance]:
        headline = Article.objects.visible_to(request.user).filter(pk=OuterRef("article")).values("headline")[:1]
        return super().get_queryset(request).prefetch_related("photo__captions").annotate(headline=Subquery(headline))

    @admin.display(description="story")
    def story(self, clearance: Any) -> str:
        if not clearance.headline:
            return f"story {str(clearance.article)[:8]}…"
        address = reverse("admin:articles_article_change", args=[clearance.article])
        return format_html('<a href="{}">{}</a>', address, clearance.headline)

    @admin.display(description="where")
    def where(self, clearance: Any) -> str:
        return NAMES[clearance.placement]


admin.site.unregister(Clearance)
admin.site.register(Clearance, StoryClearanceAdmin)
