"""Where words appear live, and other words in their place: found, looked at, chosen, corrected story by story."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from media.permissions import Actor

from ..models import Article
from ..stories import find_everywhere
from ..text.sanitizer import uuid
from .requests import StaffRequest
from .story_pages import StoryAdmin

MOST_CHOSEN = 50


class WordsForm(forms.Form):
    words = forms.CharField(max_length=150, label="Find", help_text="Case-sensitive; matches whole words only.")

    def clean_words(self) -> str:
        if not find_everywhere.is_findable(self.cleaned_data["words"]):
            raise ValidationError("Enter at least one word.")
        return self.cleaned_data["words"]


class InsteadForm(WordsForm):
    instead = forms.CharField(max_length=150, label="Replace with")
    kind = forms.ChoiceField(
        label="Publish as",
        choices=[
            ("minor", "Minor change (keeps the dates)"),
            ("update", "Update"),
            ("correction", "Correction that readers see"),
        ],
    )
    public_note = forms.CharField(
        required=False, label="Note to readers", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The correction or the “Updated:” line. It is the same in every story.",
    )  # fmt: skip
    note = forms.CharField(required=False, max_length=300, label="Note for colleagues")
    without_failing_photos = forms.BooleanField(
        required=False, label="Leave out photos that now fail the checklist. The photo desk gets a task for each."
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("kind") == "correction" and not data.get("public_note", "").strip():
            self.add_error("public_note", "Enter the text of the correction. Readers see it.")
        if data.get("words") and data.get("words") == data.get("instead"):
            self.add_error("instead", "The new words are the same as the old ones.")
        return data


@dataclass(frozen=True)
class Outcome:
    """What became of one chosen story: the new edition, or why there is none."""

    story: Article
    edition: object = None
    refusals: tuple[str, ...] = ()


def page(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Show where words appear live; on POST, replace them in the stories that were chosen."""
    if not request.user.has_perm("articles.publish_article"):
        raise PermissionDenied
    if request.method == "POST":
        return _correct(model_admin, request)
    asked = WordsForm(request.GET if "words" in request.GET else None)
    context = {"asked": asked}
    if asked.is_bound and asked.is_valid():
        words = asked.cleaned_data["words"]
        context |= _found(request, words, request.GET.get("after", ""))
        context["form"] = InsteadForm(initial={"words": words, "kind": "minor"})
    return _shown(model_admin, request, context)


def _correct(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    form, chosen = InsteadForm(request.POST), _chosen(request)
    if form.is_valid() and not chosen:
        form.add_error(None, "Choose at least one story.")
    if not form.is_valid():
        words = request.POST.get("words", "")
        context = {"asked": WordsForm({"words": words}), "form": form, "chosen": set(chosen)}
        if find_everywhere.is_findable(words):
            context |= _found(request, words, request.POST.get("after", ""))
        return _shown(model_admin, request, context)
    data = dict(form.cleaned_data)
    outcomes = [_outcome(story, seen, request.user, data) for story, seen in _stories(request, chosen)]
    done = [outcome for outcome in outcomes if outcome.edition]
    context = {
        "asked": WordsForm({"words": data["words"]}),
        "done": done,
        "instead": data["instead"],
        "is_outcome": True,
    }
    context["refused"] = [outcome for outcome in outcomes if not outcome.edition]
    return _shown(model_admin, request, context | {"words": data["words"], "after": request.POST.get("next", "")})


def _chosen(request: StaffRequest) -> dict:
    """Return the numbers of the editions the editor looked at, by story."""
    found = {}
    for value in request.POST.getlist("story")[:MOST_CHOSEN]:
        key, _, number = value.partition(":")
        if uuid(key) and number.isdecimal():
            found[uuid(key)] = int(number[:9])
    return found


def _stories(request: StaffRequest, chosen: dict) -> list[tuple[Article, int]]:
    rows = Article.objects.visible_to(request.user).filter(pk__in=chosen).order_by("pk")
    return [(story, chosen[story.pk]) for story in rows]


def _outcome(story: Article, seen: int, user: Actor, data: dict) -> Outcome:
    """Correct one story, wholly or not at all: the others do not depend on it."""
    try:
        return Outcome(story, story.replace_words(seen=seen, by=user, **data))
    except ValidationError as error:
        return Outcome(story, refusals=tuple(error.messages))
    except PermissionDenied as error:
        return Outcome(story, refusals=(str(error),))


def _found(request: StaffRequest, words: str, after: str) -> dict:
    visible = Article.objects.visible_to(request.user)
    found = find_everywhere.where(words, timezone.now(), within=visible, after=after)
    return {"found": found, "words": words, "after": after}


def _shown(model_admin: StoryAdmin, request: StaffRequest, context: dict[str, Any]) -> TemplateResponse:
    return model_admin.page(request, "everywhere.html", "Correct everywhere", **context)


VIEWS = [("everywhere/", page, "everywhere")]
