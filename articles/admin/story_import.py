"""Import story: paste, see what was understood beside what was not, correct it, create the draft."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from media.counted import counted
from media.permissions import Actor

from ..imports.plain_text import Story, TextBlock
from ..imports.story import NotImported, Understanding, understand
from ..models import Article, Author, Person, Section
from ..text.limits import TooLarge
from .requests import StaffRequest
from .story_pages import StoryAdmin

TYPES = ("paragraph", "standfirst", "heading", "quote", "list", "divider")


class PasteForm(forms.Form):
    text = forms.CharField(
        label="The story as plain text",
        max_length=500_000,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 22, "placeholder": "Paste the whole story here: head, text and captions."}
        ),
    )


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
            raise forms.ValidationError("You could not edit the story there. Choose one of your sections.")
        return section


def page(model_admin: StoryAdmin, request: StaffRequest) -> HttpResponse:
    """Show the paste box; what was understood; or make the draft and open it."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    paste = PasteForm(request.POST or None)
    if not (request.method == "POST" and paste.is_valid()):
        return model_admin.page(request, "import.html", "Import story", paste=paste)
    try:
        understood = understand(paste.cleaned_data["text"])
    except (NotImported, TooLarge) as error:
        paste.add_error("text", str(error))
        return model_admin.page(request, "import.html", "Import story", paste=paste)
    if understood.already and not _visible(understood.already, request.user):
        paste.add_error("text", "This text was imported already, into a story that is restricted.")
        return model_admin.page(request, "import.html", "Import story", paste=paste)
    draft = DraftForm(understood, request.user, request.POST if "create" in request.POST else None)
    if "create" in request.POST and not understood.already and draft.is_valid():
        return _create(request, understood, draft.cleaned_data)
    return model_admin.page(
        request, "import.html", "Import story", paste=paste, **_shown(understood, draft, request.POST)
    )


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
            "is_odd": block.text in story.unrecognised, "types": TYPES,
        }
        for number, block in enumerate(story.blocks)
    ]  # fmt: skip
    return {
        "understood": understood, "draft": draft, "rows": rows, "head": story.head, "kept": _kept(post),
        "other_notes": [note for note in story.notes if note.line not in {row["block"].source_lines[0] for row in rows}],
    }  # fmt: skip


def _kept(post: QueryDict) -> dict:
    """Return which names are ticked; on the first look, all that are certain."""
    return {"people": set(post.getlist("people")), "works": set(post.getlist("works")), "first": "create" not in post}


def _type(post: QueryDict, number: int, block: TextBlock) -> str:
    chosen = post.get(f"type-{number}", "")
    return chosen if chosen in TYPES and block.type != "photo" else block.type


def _create(request: StaffRequest, understood: Understanding, data: dict[str, Any]) -> HttpResponse:
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
    story = corrected.draft(by=request.user, people=people, works=works, **fields)
    slots = len(understood.story.photos)
    waits = f" Waiting for a file: {counted(slots, 'photo slot')}." if slots else ""
    messages.success(request, f"Draft made.{waits}")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[story.pk]))


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
