"""What one editor typed meets what somebody saved since: who changed which field, and what becomes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict

from ..models import Article
from ..stories.article import slug_of
from ..stories.content import snapshot
from ..stories.diff import Piece, readable, words
from ..text.body import join, sanitize
from ..text.given import whole_number
from ..text.merge import Clash, Merged, Side, merge
from ..text.slugs import is_made_of
from .labels import labels_of

if TYPE_CHECKING:
    from .article_form import ArticleForm

MOST_REVISION = 2**31 - 1
NAMES: dict[Side, str] = {"both": "Keep both", "theirs": "Keep what is saved", "mine": "Keep what was typed"}


@dataclass(frozen=True)
class Question:
    """Something both changed: `name` is that of its choice in the page’s form.

    The first choice is proposed, unless nobody knows who changed it: then somebody has to say.
    """

    name: str
    label: str
    pieces: tuple[Piece, ...]
    choices: tuple[Side, ...]
    is_proposed: bool = True

    @property
    def named_choices(self) -> list[tuple[Side, str]]:
        return [(choice, NAMES[choice]) for choice in self.choices]


class Meeting:
    """A form filled in on an older revision, beside the story as it is stored by now.

    Both began from the version of that revision. Where that is not known, whatever differs is asked about.
    """

    def __init__(self, form: "ArticleForm", opened_at: int | None) -> None:
        self.form, self.data = form, cast(QueryDict, form.data)
        story = form.instance
        self.revision = story.revision
        # As it was loaded: cleaning the form puts what was typed on the story.
        self.stored = dict(form.initial)
        base = None if opened_at is None else story.content_at(opened_at)
        self.base = None if base is None else form.beginning(base)

    @cached_property
    def saved(self) -> dict[str, Any]:
        """Return what is saved, in the shape of what was there before."""
        return self.form.beginning(snapshot(Article.objects.get(pk=self.form.instance.pk)))

    @cached_property
    def body(self) -> Merged | None:
        """Return both texts as one, or None where nobody knows what they began from."""
        if self.base is None or "body" not in self.form.fields:
            return None
        return merge(self.base["body"], self.data.get("body") or "", self.stored["body"])

    @cached_property
    def sides(self) -> dict[str, Side | None]:
        """Return for each field that differs whose value is taken, or None where both changed it."""
        names = [name for name, field in self.form.fields.items() if not field.widget.is_hidden]
        return {
            name: self._side(name) for name in names if name != "body" or self.body is None if self._differs(name, self.stored)
        }  # fmt: skip

    def _side(self, name: str) -> Side | None:
        if name == "slug" and self.base is not None:
            return self._side_of_address(self.base)
        if self.base is None or name not in self.base:
            return None
        if not self._differs(name, self.base):
            return "theirs"
        return "mine" if self.saved[name] == self.base[name] else None

    def _side_of_address(self, base: dict[str, Any]) -> Side | None:
        """Return whose address is taken: one that was made from a headline, and not written, gives way."""
        if is_made_of(self.data.get("slug") or "", slug_of(base["headline"])):
            return "theirs"
        return "mine" if is_made_of(self.stored["slug"], slug_of(self.stored["headline"])) else None

    def _differs(self, name: str, began: dict[str, Any]) -> bool:
        if name == "body":
            return sanitize(self.data.get("body") or "") != sanitize(began.get("body") or "")
        return self.form.fields[name].has_changed(began.get(name), self.form[name].data)

    def _is_known(self, name: str) -> bool:
        """Return False for what versions do not keep, such as an embargo: nobody knows which of the two changed it."""
        return self.base is None or name in self.base

    def data_settled(self) -> QueryDict:
        """Return the form’s data with all that is taken from what is saved, as its questions were answered."""
        data = self.data.copy()
        for name, side in self.sides.items():
            given = data.get(f"keep-{name}")
            proposed = "mine" if self._is_known(name) else "theirs"
            if (side or (given if given in ("mine", "theirs") else proposed)) == "theirs":
                put(data, self.form, name, self.stored.get(name))
        if self.body is not None:
            answers = {clash.id: data.get(f"keep-block-{clash.id}", "") for clash in self.body.clashes}
            data["body"] = self.body.html(answers)
        data["based_on"] = str(self.revision)
        return data

    # For the page

    def questions(self) -> Iterator[Question]:
        asked = [name for name, side in self.sides.items() if side is None]
        for name in asked:
            pieces = words(*(self._said(name, value) for value in (self.stored.get(name), self._typed(name))))
            yield Question(f"keep-{name}", self.label(name), tuple(pieces), ("mine", "theirs"), self._is_known(name))
        clashes = self.body.clashes if self.body else ()
        labels = labels_of(*({"body": join(filter(None, (each.mine, each.theirs)))} for each in clashes))
        for clash in clashes:
            yield Question(f"keep-block-{clash.id}", _title(clash), tuple(_compared(clash, labels)), clash.choices)

    def taken(self, side: Side) -> list[str]:
        """Return the labels of the fields that are taken from this side without a question."""
        other = self.stored["body"] if side == "mine" else self.data.get("body") or ""
        has_words = self.body is not None and self.body.html() != sanitize(other)
        names = ["body"] if has_words else []
        return [self.label(name) for name in [*names, *(name for name, taken in self.sides.items() if taken == side)]]

    @property
    def text(self) -> tuple[Piece, ...]:
        """Return the text as it would be saved, and what that changes in what is saved."""
        saved, made = self.stored["body"], self.body.html() if self.body else self.data.get("body") or ""
        labels = labels_of({"body": saved}, {"body": made})
        return tuple(words(readable(saved, labels), readable(made, labels)))

    def label(self, name: str) -> str:
        return str(self.form[name].label)

    def _typed(self, name: str) -> Any:
        cleaned = getattr(self.form, "cleaned_data", {})
        return cleaned[name] if name in cleaned else self.form[name].data

    def _said(self, name: str, value: Any) -> str:
        """Return a value as people read it; rows are named."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if name == "body":
            return readable(str(value or ""), labels_of({"body": str(value or "")}))
        field = self.form.fields[name]
        values = value if isinstance(value, list | tuple) else [value]
        return "\n".join(_row_or_word(field, each) for each in values if each not in (None, ""))


def settled(form: "ArticleForm") -> QueryDict:
    """Return what this form holds once what was saved since is put together with it.

    If more was saved after its page was made, it goes on from there: either this same page did, or it is asked again.
    """
    data = cast(QueryDict, form.data)
    seen, opened_at = (whole_number(data.get(name), MOST_REVISION) for name in ("merged_with", "based_on"))
    if opened_at is None:
        return data
    if seen == form.instance.revision:
        return Meeting(form, opened_at).data_settled()
    data = data.copy()
    data["based_on"] = data.get("merged_with", "")
    return data


def put(data: QueryDict, form: forms.BaseForm, name: str, value: Any) -> None:
    """Write a field’s value into the data of its form, as a browser would send it."""
    field = form.fields[name]
    if isinstance(field.widget, forms.CheckboxInput):
        data.setlist(name, ["on"] if value else [])
    elif isinstance(field.widget, forms.MultiWidget):
        for n, part in enumerate(field.widget.decompress(value) or []):
            data[f"{name}_{n}"] = "" if part is None else str(part)
    else:
        values: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
        data.setlist(name, ["" if each is None else str(getattr(each, "pk", each)) for each in values])


def _row_or_word(field: forms.Field, value: Any) -> str:
    if isinstance(value, Model):
        return str(value)
    known = getattr(getattr(field, "widget", None), "known", None) or {}
    row = known.get(str(value)) or (field.to_python(value) if isinstance(field, forms.ModelChoiceField) else None)
    return str(row or value)


def _title(clash: Clash) -> str:
    return "A block both moved" if clash.has_moved else "A passage"


def _compared(clash: Clash, labels: dict[str, str]) -> Iterator[Piece]:
    saved, typed = (readable(join([block]), labels) if block else "" for block in (clash.theirs, clash.mine))
    return words(saved, typed)
