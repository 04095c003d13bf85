"""The palette (Ctrl+K): stories, photos, people, works, sections and the places of the desk, found as one types."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Length
from django.http import JsonResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from media.models import Caption, Photo
from media.permissions import Actor
from media.typed_words import typed_words
from media.words import search_terms

from ..models import Article, Person, SavedFilter, Section, Version, Work
from ..stories import finding
from .picker import staff
from .requests import StaffRequest

LONGEST = 100
MOST = 7
LOOKED_BACK = 40
"""How many of a colleague's last saves are looked at for the stories they worked on."""
LABEL = 120

BOARDS = (
    ("Expiring rights", "expiring"), ("Killed photos", "killed"), ("Look-alikes to compare", "look-alikes"),
    ("Restrictions to confirm", "restrictions"),
    ("Credits to check", "credits"), ("Slots to fill", "slots"),
)  # fmt: skip
# What it is called, the permission it takes, where it is, and what it asks for there.
PLACES = (
    ("New story", "articles.add_article", "articles_article_add", ""),
    ("Import story", "articles.add_article", "articles_article_import", ""),
    ("New story from a template", "articles.add_article", "articles_article_templates", ""),
    ("Front page", "", "index", ""),
    ("Day view", "articles.view_article", "articles_article_day", ""),
    ("Stories", "articles.view_article", "articles_article_changelist", ""),
    ("My stories", "articles.view_article", "articles_article_changelist", "?whose=mine"),
    ("Stories to review", "articles.view_article", "articles_article_changelist", "?stage__exact=in_review"),
    ("Stories ready to publish", "articles.view_article", "articles_article_changelist", "?stage__exact=ready"),
    ("Correct everywhere", "articles.publish_article", "articles_article_everywhere", ""),
    ("Photos", "media.view_photo", "media_photo_changelist", ""),
    ("Upload photos", "media.add_photo", "media_photo_add", ""),
    ("People", "articles.view_person", "articles_person_changelist", ""),
    ("New person", "articles.add_person", "articles_person_add", ""),
    ("Works", "articles.view_work", "articles_work_changelist", ""),
    ("New work", "articles.add_work", "articles_work_add", ""),
    ("Tags", "articles.view_tag", "articles_tag_changelist", ""),
    ("Sections", "articles.view_section", "articles_section_changelist", ""),
    ("Authors", "articles.view_author", "articles_author_changelist", ""),
    ("Photo credits", "media.view_photocredit", "media_photocredit_changelist", ""),
    ("Log", "articles.view_auditentry", "articles_auditentry_changelist", ""),
    ("Colleagues", "auth.view_user", "auth_user_changelist", ""),
    ("Webhooks", "articles.view_endpoint", "articles_endpoint_changelist", ""),
    ("API tokens", "articles.view_apitoken", "articles_apitoken_changelist", ""),
)

Item = dict[str, str]


@require_GET
@staff()
def found(request: StaffRequest) -> JsonResponse:
    """Return what these words find for this colleague, in groups; photos are a part of their own, since they take longer."""
    user, words = request.user, request.GET.get("q", "")[:LONGEST].replace("\0", "").strip()
    if request.GET.get("part") == "photos":
        groups = {"Photos": _photos(user, words)}
    elif words:
        groups = {"Stories": _stories(user, words)} | _entries(user, words) | {"Go to": _places(user, words)}
    else:
        groups = {"Recent": _recent(user), "Go to": _places(user, "")}
    shown = [{"name": name, "items": items} for name, items in groups.items() if items]
    return JsonResponse({"groups": shown})


def _item(label: str, url: str, detail: str = "") -> Item:
    return {"label": label[:LABEL], "detail": detail, "url": url}


# Stories


def _stories(user: Actor, words: str) -> list[Item]:
    if not user.has_perm("articles.view_article"):
        return []
    return [_story(story) for story in finding.best(_visible(user), words, MOST)]


def _recent(user: Actor) -> list[Item]:
    """Return the stories this colleague saved last."""
    if not user.has_perm("articles.view_article"):
        return []
    saved = Version.objects.filter(by=user.pk).order_by("-pk").values_list("article", flat=True)[:LOOKED_BACK]
    keys = list(dict.fromkeys(saved))[:MOST]
    rows = {story.pk: story for story in _visible(user).filter(pk__in=keys)}
    return [_story(rows[key]) for key in keys if key in rows]


def _visible(user: Actor) -> QuerySet[Article]:
    return Article.objects.visible_to(user).select_related("section").only("headline", "stage", "section__name")


def _story(story: Article) -> Item:
    about = (story.section.name if story.section else "", story.get_stage_display())
    return _item(
        story.headline, reverse("admin:articles_article_change", args=[story.pk]), " · ".join(filter(None, about))
    )


# People, works, sections


def _entries(user: Actor, words: str) -> dict[str, list[Item]]:
    """Return the people, works and sections with these words in their names, the shortest names first; one statement."""
    kinds: dict[str, tuple[str, QuerySet[Any], str]] = {
        "People": ("person", Person.objects.search(words), "name"),
        "Works": ("work", Work.objects.search(words), "title"),
        "Sections": ("section", _sections(words), "name"),
    }
    seen = {name: kind for name, kind in kinds.items() if user.has_perm(f"articles.view_{kind[0]}")}
    rows = [_named(name, found, field) for name, (_, found, field) in seen.items()]
    if not rows:
        return {}
    groups: dict[str, list[Item]] = {name: [] for name in seen}
    for name, key, label, _ in rows[0].union(*rows[1:], all=True).order_by("size", "label")[: MOST * 3]:
        groups[name].append(_item(label, reverse(f"admin:articles_{seen[name][0]}_change", args=[key])))
    return {name: items[:MOST] for name, items in groups.items()}


def _sections(words: str) -> QuerySet[Section]:
    found = Section.objects.all()
    for word in typed_words(words):
        found = found.filter(name__icontains=word)
    return found


def _named(group: str, found: QuerySet, field: str) -> QuerySet:
    named = {"group": Value(group, output_field=CharField()), "label": Cast(field, CharField()), "size": Length(field)}
    return found.order_by().annotate(**named).values_list("group", "pk", "label", "size")


# Photos


def _photos(user: Actor, words: str) -> list[Item]:
    if not (words and user.has_perm("media.view_photo")):
        return []
    caption = Caption.objects.filter(photo=OuterRef("pk"), kind="house").values("text")[:1]
    meant, _ = Photo.objects.look_for(words)
    rows = Photo.objects.search(meant).annotate(words=Subquery(caption))
    about = rows.values_list("pk", "words", "headline", "original_name", "event")[:MOST]
    return [
        _item(text or headline or name or "Photo", reverse("admin:media_photo_change", args=[key]), event)
        for key, text, headline, name, event in about
    ]


# Places


def _places(user: Actor, words: str) -> list[Item]:
    wanted = search_terms.words(words)
    return [place for place in _all_places(user) if _begins(place["label"], wanted)][: MOST if wanted else None]


def _all_places(user: Actor) -> Iterator[Item]:
    for label, permission, page, asked in PLACES:
        if permission and not user.has_perm(permission):
            continue
        try:
            yield _item(label, reverse(f"admin:{page}") + asked)
        except NoReverseMatch:
            continue
    if user.has_perm("media.view_photo"):
        yield from (_item(label, reverse("admin:media_photo_board", args=[name])) for label, name in BOARDS)
    if user.has_perm("articles.view_article"):
        stories = reverse("admin:articles_article_changelist")
        yield from (
            _item(each.name, f"{stories}?{each.query}", "filter") for each in SavedFilter.objects.seen_by(user)[:200]
        )


def _begins(label: str, wanted: list[str]) -> bool:
    """Return True if each word is the beginning of one in the label."""
    own: list[Any] = search_terms.words(label)
    return all(any(each.startswith(word) for each in own) for word in wanted)
