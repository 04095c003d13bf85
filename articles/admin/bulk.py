"""One change for the stories ticked in the list: a page shows what becomes of each, and then it is done."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from ..models import Article
from ..stories.bulk import MOST, Batch, Change, Outcome
from ..text.sanitizer import uuid
from .choices import Box, Choice
from .colleagues import Colleague
from .requests import StaffRequest
from .story_pages import StoryAdmin

TITLES = {
    "section": "Change section", "add_tags": "Add tags", "remove_tags": "Remove tags", "assign": "Assign a task",
    "owner": "Change owner", "submit": "Submit for review", "ready": "Mark as ready",
}  # fmt: skip
EDITORS = {"assign", "owner", "ready"}
READERS = "Only the draft changes. Readers see it when the story is published again."
FEW = f"Choose at most {MOST} stories at once. Filter the list, or go page by page."


def may(user: Any, kind: str) -> bool:
    """Return True if this colleague's role includes a change of this kind, of some stories at least."""
    return user.has_perm("articles.change_article") and (
        kind not in EDITORS or user.has_perm("articles.edit_others_articles")
    )


class ChangeForm(forms.Form):
    """What the change needs to know: each kind asks for its own fields and no others."""

    section = Choice(Article._meta.get_field("section"), label="Section", required=True, help_text="")  # type: ignore[arg-type]
    tags = Box(Article._meta.get_field("tags"), label="Tags")  # type: ignore[arg-type]
    colleague = Colleague(Article._meta.get_field("owner"), label="Colleague", required=True, help_text="")
    note = forms.CharField(required=False, max_length=300, label="Note")

    FIELDS = {
        "section": ["section"], "add_tags": ["tags"], "remove_tags": ["tags"], "assign": ["colleague", "note"],
        "owner": ["colleague"], "submit": ["note"], "ready": ["note"],
    }  # fmt: skip
    NOTES = {"assign": "What needs doing? Leave empty to ask them to take over the story."}

    def __init__(self, kind: str, data: Any = None) -> None:
        super().__init__(data)
        self.kind, self.label_suffix = kind, ""
        self.fields = {name: self.fields[name] for name in self.FIELDS[kind]}  # type: ignore[assignment]
        if "note" in self.fields:
            self.fields["note"].help_text = self.NOTES.get(
                kind, "For colleagues, as a comment on each story. Optional."
            )

    def clean_tags(self) -> list[Any]:
        if not self.cleaned_data["tags"]:
            raise forms.ValidationError("Choose at least one tag.")
        return self.cleaned_data["tags"]

    def change(self) -> Change:
        """Return the change as far as it is known."""
        return Change(self.kind, **(self.cleaned_data if self.is_bound and self.is_valid() else {}))


def _action(kind: str) -> Any:
    def act(model_admin: Any, request: StaffRequest, stories: QuerySet[Article]) -> HttpResponse | None:
        chosen = dict(stories.order_by().values_list("pk", "revision")[: MOST + 1])
        if len(chosen) > MOST:
            messages.warning(request, FEW)
            return None
        return _ask(model_admin, request, ChangeForm(kind), chosen)

    act.__name__ = kind
    return admin.action(description=TITLES[kind])(act)


ACTIONS = [_action(kind) for kind in TITLES]


def change(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Look at the change of the chosen stories once more, or do it."""
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in TITLES:
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
    if not may(request.user, kind):
        raise PermissionDenied
    form, chosen = ChangeForm(kind, request.POST), _chosen(request)
    if form.is_valid() and "confirm" in request.POST and chosen:
        return _do(model_admin, request, form.change(), chosen)
    return _ask(model_admin, request, form, chosen)


def _chosen(request: StaffRequest) -> dict[UUID, int]:
    """Return the revisions that were seen, by story."""
    found = {}
    for value in request.POST.getlist("story")[:MOST]:
        key, _, number = value.partition(":")
        if (story := uuid(key)) and number.isdecimal():
            found[UUID(str(story))] = int(number[:9])
    return found


def _ask(model_admin: StoryAdmin, request: StaffRequest, form: ChangeForm, chosen: dict[UUID, int]) -> HttpResponse:
    change, batch = form.change(), Batch(request.user, timezone.now(), chosen)
    outcomes = batch.look(change)
    context = _sorted(outcomes, len(chosen)) | {
        "form": form,
        "kind": form.kind,
        "chosen": chosen,
        "is_known": change.is_ready,
    }
    context["media"] = model_admin.media + form.media  # type: ignore[attr-defined]
    context["warning"] = READERS if form.kind in {"section", "add_tags", "remove_tags"} else ""
    return model_admin.page(request, "bulk.html", TITLES[form.kind], **context)


def _do(model_admin: StoryAdmin, request: StaffRequest, change: Change, chosen: dict[UUID, int]) -> HttpResponse:
    outcomes = Batch(request.user, timezone.now(), chosen).do(change)
    context = _sorted(outcomes, len(chosen)) | {"is_outcome": True}
    return model_admin.page(request, "bulk.html", TITLES[change.kind], **context)


def _sorted(outcomes: Iterable[Outcome], asked: int) -> dict[str, Any]:
    found = list(outcomes)
    changing = [each for each in found if not each.refusal]
    staying = [each for each in found if each.refusal]
    return {"changing": changing, "staying": staying, "missing": asked - len(found)}


VIEWS = [("bulk/", change, "bulk")]
