"""Import story: paste or choose a file, see what was understood beside what was not, correct it, create the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse

from media.counted import counted
from media.files.unusable import UnusableImage
from media.models import Photo
from media.permissions import Actor
from media.photos.intake import AlreadyHere

from ..imports import documents
from ..imports.documents import Document
from ..imports.packed import Unopened
from ..imports.plain_text import PhotoLine, Story, TextBlock
from ..imports.story import NotImported, Understanding, understand
from ..models import Article, Author, Person, Section
from ..text.body import join, sanitize
from ..text.limits import TooLarge
from .requests import StaffRequest
from .story_pages import StoryAdmin

MOST_PICTURES = 40
"""Taken in with one story, each in about a second; the others stay slots."""

TYPES = ("paragraph", "standfirst", "heading", "quote", "list", "divider")


class SourceForm(forms.Form):
    """The story: a file, or a paste. `html` is the clipboard's own, with the formatting of `text`."""

    text = forms.CharField(
        label="Story",
        required=False,
        max_length=documents.MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 18,
                "placeholder": "Paste the whole story here: headline, text and captions. Formatting is kept.",
            }
        ),
    )
    html = forms.CharField(required=False, strip=False, max_length=documents.MOST_HTML, widget=forms.HiddenInput())
    file = forms.FileField(
        label="Or choose a file",
        required=False,
        help_text="Word (.docx), Google Docs (.html or .zip), Markdown (.md) or plain text (.txt).",
        widget=forms.FileInput(attrs={"accept": documents.KINDS}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            given["document"] = _document(given) if not self.errors else None
        except Unopened as error:
            self.add_error("file" if given.get("file") else "text", str(error))
        return given


def _document(given: Mapping[str, Any]) -> Document:
    if file := given["file"]:
        return documents.of_file(file.read(), file.name)
    if not (given["html"].strip() or given["text"].strip()):
        raise Unopened("Paste a story or choose a file.")
    return documents.of_html(given["html"]) if given["html"].strip() else documents.of_text(given["text"])


class DraftForm(forms.Form):
    """What the editor decides before the draft is made."""

    headline = forms.CharField(max_length=300)
    section = forms.ModelChoiceField(Section.objects.order_by("name"), required=False)
    author = forms.ModelChoiceField(Author.objects.order_by("name"), required=False, label="By")

    def __init__(self, understood: Understanding, by: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["section"].label_from_instance = lambda section: section.name  # type: ignore[attr-defined]
        self.fields["headline"].initial = understood.story.title or ""
        self.fields["author"].initial = understood.authors[0].pk if understood.authors else None

    def clean_section(self):
        section = self.cleaned_data["section"]
        if not Article(owner_id=self.by.pk, section=section).is_editable_by(self.by):
            raise forms.ValidationError("You can’t edit stories there. Choose one of your own sections.")
        return section


def page(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Show where to put a story; what was understood; or make the draft and open it."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    source = SourceForm(request.POST or None, request.FILES or None)
    understood = _understood(source, request.user) if request.method == "POST" else None
    if understood is None:
        return model_admin.page(request, "import.html", "Import story", source=source)
    document = source.cleaned_data["document"]
    if "create" in request.POST and understood.already:
        return _opened(request, understood.already)
    draft = DraftForm(understood, request.user, request.POST if "headline" in request.POST else None)
    if "create" in request.POST and draft.is_valid():
        return _create(request, understood, document, draft.cleaned_data)
    shown = _shown(understood, draft, request.POST)
    return model_admin.page(request, "import.html", "Import story", source=source, document=document, **shown)


def _understood(source: SourceForm, user: Actor) -> Understanding | None:
    """Return what was given as it is understood, or None with the reason on the form."""
    if not source.is_valid():
        return None
    document = source.cleaned_data["document"]
    try:
        # A plain text is held to every word of it, whatever its lines became.
        understood = understand(document.lines if document.html else document.text)
    except (NotImported, TooLarge) as error:
        source.add_error("text", str(error))
        return None
    if understood.already and not _visible(understood.already, user):
        source.add_error("text", "This text was already imported, into a restricted story.")
        return None
    return understood


def _visible(story: Article, user: Actor) -> bool:
    return Article.objects.visible_to(user).filter(pk=story.pk).exists()


def _shown(understood: Understanding, draft: DraftForm, post: QueryDict) -> dict:
    story = understood.story
    noted: dict = {}
    for note in story.notes:
        noted.setdefault(note.line, []).append(note.sentence)
    rows = [
        {
            "number": number, "block": block, "type": _type(post, number, block), "notes": noted.get(block.source_lines[0], []),
            "is_odd": block.text in story.unrecognised, "types": TYPES, "html": shown_html(block),
        }
        for number, block in enumerate(story.blocks)
    ]  # fmt: skip
    return {
        "understood": understood, "draft": draft, "rows": rows, "head": story.head, "kept": _kept(post),
        "other_notes": [note for note in story.notes if note.line not in {row["block"].source_lines[0] for row in rows}],
    }  # fmt: skip


def shown_html(block: TextBlock) -> str:
    """Return a formatted block as the story will have it, "" for a plain one. It is as clean as a stored body."""
    html = block.photo.html if block.photo else join([block.whole]) if block.whole else block.html.replace("\n", "<br>")
    return sanitize(html) if html else ""


def _kept(post: QueryDict) -> dict:
    """Return which names are ticked; on the first look, all that are certain."""
    return {"people": set(post.getlist("people")), "works": set(post.getlist("works")), "first": "create" not in post}


def _type(post: QueryDict, number: int, block: TextBlock) -> str:
    chosen = post.get(f"type-{number}", "")
    return chosen if chosen in TYPES and block.type not in {"photo", "kept"} else block.type


def _create(request: StaffRequest, understood: Understanding, document: Document, data: dict[str, Any]) -> HttpResponse:
    corrected = replace(understood, story=_retyped(understood.story, request.POST))
    chosen = {name: set(request.POST.getlist(name)) for name in ("people", "works")}
    people: list[Any] = [
        (each.row, "main" if each.main else "mentioned")
        for each in understood.people
        if str(each.row.pk) in chosen["people"]
    ]
    works: list[Any] = [each.row for each in understood.works if str(each.row.pk) in chosen["works"]]
    people += [(person, "main") for person in _made(request)]
    fields = {"headline": data["headline"], "section": data["section"]}
    if data["author"]:
        corrected, fields["byline"] = replace(corrected, authors=(data["author"],)), ""
    photos = _photos(request.user, understood.story.photos, document.pictures)
    story = corrected.draft(by=request.user, people=people, works=works, photos=photos, **fields)
    slots = len(understood.story.photos) - len(photos)
    added = f" {counted(len(photos), 'photo')} added, for the photo desk to check." if photos else ""
    waits = f" {counted(slots, 'photo slot')} to fill." if slots else ""
    messages.success(request, f"Draft created.{added}{waits}")
    return _opened(request, story)


def _opened(request: StaffRequest, story: Article) -> HttpResponse:
    """Lead to the story; the script of the page goes there by itself, and takes no message on the way."""
    page = reverse("admin:articles_article_change", args=[story.pk])
    is_script = "application/json" in request.headers.get("Accept", "")
    return JsonResponse({"url": page}) if is_script else HttpResponseRedirect(page)


def _photos(user: Actor, lines: Sequence[PhotoLine], pictures: Mapping[str, bytes]) -> dict[int, Photo]:
    """Take the pictures of a file in, by the number of their place. One that is refused stays a slot."""
    found: dict[int, Photo] = {}
    for number, line in enumerate(lines):
        data = pictures.get(line.picture.source) if line.picture and len(found) < MOST_PICTURES else None
        photo = _taken(user, data, line.picture.source) if data and line.picture else None
        if photo is not None:
            found[number] = photo
    return found


def _taken(user: Actor, data: bytes, name: str) -> Photo | None:
    try:
        photo = Photo.objects.take(data, name, by=user)
    except AlreadyHere as error:
        return error.photo if error.photo.state == Photo.State.READY else None
    except (UnusableImage, PermissionDenied):
        return None
    photo.ask_desk("This photo came in a story’s file, so its rights are unknown. Check them.")
    return photo


def _made(request: StaffRequest) -> list[Person]:
    """Make the proposed people the editor ticked; nobody is recorded without being asked for."""
    if not request.user.has_perm("articles.add_person"):
        return []
    names = [name.strip()[:200] for name in request.POST.getlist("new_people") if name.strip()]
    return [Person.objects.filter(name=name).first() or Person.objects.create(name=name) for name in names]


def _retyped(story: Story, post: QueryDict) -> Story:
    """Return the story with the types of lines as the editor corrected them; captions stay captions."""
    blocks = []
    for number, block in enumerate(story.blocks):
        type_ = _type(post, number, block)
        level = (block.level or 2) if type_ == "heading" else None
        blocks.append(block if type_ == block.type else replace(block, type=type_, level=level))
    return replace(story, blocks=tuple(blocks))


VIEWS = [("import/", page, "import")]
