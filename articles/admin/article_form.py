"""The form of a story: what a writer types, and what happens when somebody saved in between."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from media.ids import new_id, read_id

from ..history.version import SaveKey
from ..models import Article, Presence
from ..stories import fields
from ..stories.desk import PenHeld
from ..stories.links import relink
from ..stories.unsaved import BOXES, box_of, own_words
from ..text import limits
from ..text.body import sanitize
from . import merging
from .choices import Box, Choice
from .colleagues import Colleague, Colleagues
from .photo_field import PhotoChoice

relation: Callable[[str], Any] = Article._meta.get_field

SETS = ("tags", "related", "restricted_to")
ROWS = (*fields.KEYS, "owner")
HIDDEN = ("based_on", "story_id", "save_key", "restored")
TAKEN = "The story you started on this page is gone. Save again to start a new one with this text."
OUT_OF_REACH = (
    "You can’t edit stories there. Choose one of your own sections and stay the owner of your drafts, or ask an editor."
)


class Unseen(forms.HiddenInput):
    """A value of this very page: a browser that fills in a form again must not bring that of an earlier one."""

    def __init__(self) -> None:
        super().__init__({"autocomplete": "off"})


class ArticleForm(forms.ModelForm):
    """Saves the working copy and its links.

    A stale `based_on`, the revision the page was opened at, is a conflict and never an overwrite; unless this same page
    saved meanwhile, as its `save_key` says. A new story has the id of its page, so that it is made once.
    """

    based_on = forms.IntegerField(widget=Unseen, required=False)
    story_id = forms.CharField(widget=Unseen, required=False)
    save_key = forms.CharField(widget=Unseen, required=False)
    restored = forms.IntegerField(widget=Unseen, required=False)
    writers = Box(relation("authors"), label="By", help_text="In the order of the byline.")
    contributors = Box(relation("authors"), label="Additional reporting")
    main_people = Box(relation("people"), label="About people", help_text="Who the story is about.")
    mentioned_people = Box(relation("people"), label="Mentions", help_text="Who else is named in it.")
    about_works = Box(relation("works"), label="About works", help_text="Films, series, albums, songs, games, shows.")
    tags = Box(relation("tags"), label="Tags")
    related = Box(relation("related"), label="Related stories")
    lead_caption = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Caption",
        help_text="For this story only. Leave empty to use the photo’s own caption; enter a hyphen for none.",
    )
    lead_alt = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label="Alt text",
        help_text="For this story only. Leave empty to use the photo’s own alt text.",
    )
    restricted_to = Colleagues(
        relation("restricted_to"), label="Restricted to", help_text=relation("restricted_to").help_text
    )
    section = Choice(relation("section"), label="Section")
    source = Choice(relation("source"), label="Source")
    owner = Colleague(relation("owner"), label="Owner")
    site = Choice(relation("site"), label="Site", required=True)
    lead_photo = PhotoChoice(relation("lead_photo"), label="Photo")
    social_photo = PhotoChoice(relation("social_photo"), placement="card", label="Social photo")
    stand_in_photo = PhotoChoice(relation("stand_in_photo"), label="Stand-in photo")
    translation_of = Choice(relation("translation_of"), label="Translation of")
    review_work = Choice(relation("review_work"), label="Reviewed work")

    by = None  # Who is writing.
    typed: dict | None = None
    """What an autosave holds, when the editor asked for it back."""
    by = None
    """Who is writing; None for nobody in particular."""

    class Meta:
        model = Article
        fields = "__all__"  # noqa: DJ007  What is shown is the fieldsets’ choice.
        help_texts = {"slug": "The last part of the story’s address. It follows the headline until the story is first published, unless you enter your own."}  # fmt: skip
        labels = {"lead_layout": "Layout", "lead_decorative": "Decorative"}
        widgets = {
            "headline": forms.Textarea(
                attrs={
                    "rows": 1,
                    "class": "headline",
                    "placeholder": "Headline",
                    "data-meter": "110",
                    "data-one-line": "",
                }
            ),
            "standfirst": forms.Textarea(
                attrs={
                    "rows": 1,
                    "class": "standfirst",
                    "placeholder": "Standfirst: one sentence under the headline",
                    "data-meter": "300",
                    "data-one-line": "",
                }
            ),
            "headline_short": forms.TextInput(attrs={"data-meter": "60", "class": "vTextField"}),
            "headline_search": forms.TextInput(attrs={"data-meter": "60", "class": "vTextField"}),
            "headline_social": forms.TextInput(attrs={"data-meter": "90", "class": "vTextField"}),
            "seo_title": forms.TextInput(attrs={"data-meter": "60", "class": "vTextField"}),
            "seo_description": forms.Textarea(attrs={"rows": 2, "data-meter": "160", "data-one-line": ""}),
            "slug": forms.TextInput(attrs={"class": "vTextField", "data-slug": "yes"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.is_conflict = self.is_late = self.is_held = False
        self.initial |= {"based_on": self.instance.revision, "story_id": self.instance.pk, "save_key": new_id()}  # type: ignore[operator]  # Django makes it a dict.
        if not self.instance._state.adding:
            self._know_links()
        elif not self.is_bound and "headline" in self.fields:
            self.fields["headline"].widget.attrs["autofocus"] = True
        for name in ROWS:
            if name in self.fields and getattr(self.instance, f"{name}_id", None):
                self._know(name)
        for name in ("lead_caption", "lead_alt"):
            if self.initial.get(name) == "":
                self.initial[name] = "-"
        if self.typed is not None:
            self.initial |= {name: value for name, value in self.typed.items() if name in self.fields}  # type: ignore[operator]  # Django makes it a dict.
        # A row may come from a script and an autosave is kept as it was typed: neither went through a form.
        if not self.is_bound:
            self.initial["body"] = sanitize(str(self.initial.get("body") or ""))
        elif "merged_with" in self.data:
            self.data = merging.settled(self)

    def _know_links(self) -> None:
        for name, (_, noun, role) in BOXES.items():
            if name in self.fields:
                links = [link for link in self._present(noun) if role is None or box_of(link.role) == box_of(role)]
                rows = [getattr(link, noun) for link in links]
                self.fields[name].know(rows)  # type: ignore[attr-defined]  # Only a Box or a Choice is asked.
                self.initial[name] = [row.pk for row in rows]
        for name in SETS:
            if name in self.fields:
                rows = list(getattr(self.instance, name).all())
                self.fields[name].know(rows)  # type: ignore[attr-defined]
                self.initial[name] = [row.pk for row in rows]

    def beginning(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return what the fields began with when the story was opened at this content of a version."""
        began = {name: content[name] for name in (*fields.PLAIN, *fields.KEYS, "review_rating") if name in content}
        began |= {name: "-" for name in ("lead_caption", "lead_alt") if began.get(name) == ""}
        for name, (kind, _, role) in BOXES.items():
            links = [link if isinstance(link, list) else [link, None] for link in content.get(kind, ())]
            began[name] = [key for key, own in links if role is None or box_of(own) == box_of(role)]
        began |= {name: content[name] for name in SETS if name in content}
        return {name: value for name, value in began.items() if name in self.fields}

    def _know(self, name: str) -> None:
        field = self.fields[name]
        if isinstance(field, Choice | PhotoChoice):
            field.know(getattr(self.instance, name))

    # Cleaning

    def clean_body(self) -> str:
        try:
            limits.check_html(self.data.get(self.add_prefix("body")) or "")
        except limits.TooLarge as error:
            raise forms.ValidationError(str(error)) from error
        return self.cleaned_data["body"]

    def clean_lead_caption(self) -> str | None:
        return own_words(self.cleaned_data["lead_caption"])

    def clean_lead_alt(self) -> str | None:
        return own_words(self.cleaned_data["lead_alt"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        self._ask_for_pen()
        self._take_id(data.get("story_id") or "")
        self._ask_whose_turn(data.get("based_on"), SaveKey.read(data.get("save_key") or ""))
        both = {row.pk for row in data.get("writers") or ()} & {row.pk for row in data.get("contributors") or ()}
        if both:
            self.add_error("contributors", "This author is already in the byline.")
        people = {row.pk for row in data.get("main_people") or ()}
        if "mentioned_people" in data:
            data["mentioned_people"] = [row for row in data["mentioned_people"] if row.pk not in people]
        return data

    def _ask_for_pen(self) -> None:
        """Raise ValidationError where somebody else writes. A page without a script has no tab and asks only whose turn it is."""
        tab = self.data.get("tab", "")[:40] or None
        if self.instance._state.adding or self.by is None or not (tab or "merged_with" in self.data):
            return
        try:
            Presence.require_pen(self.instance, self.by, tab, timezone.now())
        except PenHeld:
            self.is_held = True
            raise

    def _ask_whose_turn(self, based_on: int | None, key: SaveKey) -> None:
        """Raise ValidationError where somebody saved since; note where this page itself did, after it sent this."""
        if self.instance._state.adding or based_on in (None, self.instance.revision):
            return
        last = self.instance.last_save_of(key.page, since=based_on)
        if last is None:
            self.is_conflict = True
            raise forms.ValidationError("Someone else saved this story while you were writing.", code="conflict")
        self.is_late = key.number < last or "merged_with" in self.data

    def _take_id(self, given: str) -> None:
        """Give a new story the id that its page was opened with. Where that is taken, the next try makes another."""
        if not given or not self.instance._state.adding:
            return
        key = read_id(given)
        if key is None or key.version != 7 or Article.objects.filter(pk=key).exists():
            data = self.data.copy()  # type: ignore[attr-defined]  # What a browser sends is a QueryDict.
            data["story_id"] = str(new_id())
            self.data = data
            self.add_error(None, TAKEN)
        else:
            self.instance.pk = key

    def _post_clean(self) -> None:
        """Ask of the story as it would be whether this colleague may edit it: a section or an owner may be out of reach."""
        story = self.instance
        before = story.section_id, story.owner_id
        super()._post_clean()  # type: ignore[misc]
        if self.by is None or self.is_conflict:
            return
        if story._state.adding:
            story.owner_id = story.owner_id or self.by.pk
        named = self.cleaned_data.get("restricted_to")
        if named and self.by not in named and self.by.pk != story.owner_id:
            self.add_error("restricted_to", "Add yourself, or you will no longer see this story.")
        if not story.is_editable_by(self.by):
            name = next((name for name in ("section", "owner") if name in self.changed_data), None)
            self.add_error(name, OUT_OF_REACH)
            story.section_id, story.owner_id = before

    def _get_validation_exclusions(self) -> set[str]:
        """Exclude what the fields of this form have looked up already; the model need not do so again."""
        return super()._get_validation_exclusions() | set(ROWS)  # type: ignore[misc]

    def _save_m2m(self) -> None:
        changed = [name for name in self.changed_data if name in self.fields]
        chosen = {name: self.cleaned_data[name] for name in SETS if name in changed}
        if "restricted_to" in chosen:
            self.instance.restricted_to.set(chosen.pop("restricted_to"))
        kinds = {BOXES[name][:2] for name in changed if name in BOXES}
        relink(self.instance, **chosen, **{kind: self._chosen(kind, noun) for kind, noun in kinds})

    def _chosen(self, kind: str, noun: str) -> list:
        """Return the links that the boxes of this kind hold; a role that belongs in its box is kept as it was."""
        roles = {getattr(link, f"{noun}_id"): getattr(link, "role", None) for link in self._present(noun)}
        found = []
        for name, (each, _, role) in BOXES.items():
            for row in (self.cleaned_data.get(name) or ()) if each == kind and name in self.fields else ():
                kept = roles.get(row.pk)
                own = kept if kept and box_of(kept) == box_of(role) else role
                found.append(row.pk if own is None else (row.pk, own))
        return found

    def _present(self, noun: str) -> QuerySet[Any]:
        return getattr(self.instance, f"article{noun}_set").all()
