"""A newsroom in which every text anybody could have typed, pasted, imported or uploaded is an attack.

`POISON` closes whatever it stands in, tag, attribute, text area, script or comment, and opens an element and an
attribute named `x-trip`. Whoever finds one of those in a page's own tree has found a hole.
"""

from datetime import timedelta
from html.parser import HTMLParser

from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Appearance, AuditEntry, Endpoint, Heartbeat, PreviewLink, TabAutosave
from media.models import Right

from . import newsroom

POISON = (
    "\"'`>--></textarea></title></style></script></select><x-trip onfocus=tripped() tabindex=1 autofocus x-trip=1>"
    "<img src=x onerror=tripped()><script>tripped()</script><svg onload=tripped()>{{7*7}}"
)
SHORT = "'\"><x-trip x-trip onclick=tripped()>"
ADDRESS = "javascript:tripped()//https://example.com/"
NODES = (
    f'<p data-id="abcdef1" onclick=tripped()>Words <a href="{ADDRESS}">link</a> <x-trip>x</x-trip></p>'
    "<p>{poison}</p><h2 onmouseover=tripped()>{poison}</h2>"
    '<figure data-photo="{photo}" data-layout="wide&quot; x-trip onload=&quot;tripped()" data-alt="{attribute}">'
    "<figcaption>{poison}</figcaption></figure>"
    '<blockquote data-cite="{attribute}"><p>{poison}</p></blockquote>'
    '<aside data-pull-quote="" data-cite="{attribute}"><p>Pulled {poison}</p></aside>'
    f'<div data-embed="{ADDRESS}"></div><div data-embed="https://www.youtube.com/watch?v=dQw4w9WgXcQ&quot;><x-trip>"></div>'
    '<div data-gallery="" data-title="{attribute}"><figure data-photo="{photo}"><figcaption>{poison}</figcaption></figure></div>'
    "<ul><li onclick=tripped()><p>{poison}</p></li></ul>"
)
# Ids, addresses of files and what only code writes: a bad one breaks the page instead of the reader.
SPARED = {
    "Photo": {"file", "sha256", "version", "format", "dominant_color", "blur_data_url"},
    "Article": {"body", "locale", "import_fingerprint"},
    "Site": {"time_zone", "locale", "url_template", "preview_url_template", "media_base", "channels"},
    "Rendition": None, "LiveDocument": None, "LiveDocumentBody": None, "ChannelBytes": None, "SearchEntry": None, "StoryEntry": None, "SearchName": None,
    "Address": None, "Facet": None, "KeptAnswer": None, "SentForm": None, "Purge": None, "Pause": None, "LoginFailure": None, "KnownAddress": None,
}  # fmt: skip


def body(photo) -> str:
    attribute = POISON.replace('"', "&quot;").replace("<", "&lt;")
    return NODES.replace("{poison}", POISON).replace("{attribute}", attribute).replace("{photo}", str(photo.pk))


def newsroom_under_attack(user):
    """Return the story in the middle of it. Live, scheduled, commented, shared; its row as hostile as all others."""
    photo, person, work = newsroom.photo(), newsroom.person(), newsroom.work()
    Appearance.objects.create(photo=photo, person=person, position=0)
    Right.objects.create(photo=photo, effect="allow", note="n", until=timezone.now() + timedelta(days=3))
    story = newsroom.article(
        "Quiet words", lead=photo, photos=[photo], people=[person], works=[work], tags=[newsroom.tag()], owner=user
    )
    story.record(by=user)
    story.publish(by=user)
    story.publish(by=user, at=timezone.now() + timedelta(days=1), note=POISON)
    story.comment(POISON, by=user)
    story.assign(user, by=user)
    PreviewLink.objects.share(story, by=user, expires_at=timezone.now() + timedelta(days=1))
    Heartbeat.objects.create(name="worker", at=timezone.now())
    Endpoint.objects.create(name="partner", url="https://example.com/hook", events=[])
    newsroom.photo(slot=True)
    newsroom.article("Left alone", owner=user).record(by=user)
    poison_every_row()
    story.refresh_from_db()
    story.body = body(photo)
    type(story).objects.filter(pk=story.pk).update(body=story.body)
    # Two versions written from the raw rows, so that there is something to compare.
    story.record(by=user)
    story.standfirst = POISON[::-1]
    story.save()
    story.record(by=user)
    AuditEntry.record("article.published", at=timezone.now(), by=user, article=story, note=POISON)
    story.tasks.create(text=POISON, by=user, assignee=user)
    typed = {"headline": POISON, "standfirst": POISON, "body": body(photo), "lead_caption": POISON}
    TabAutosave.objects.create(article=story, user=user, fields=typed, revision=story.revision, at=timezone.now())
    # Last of all, so that no save() has cleaned it.
    type(story).objects.filter(pk=story.pk).update(body=body(photo))
    return story


def poison_every_row() -> None:
    for model in apps.get_models():
        spared = SPARED.get(model.__name__, set())
        if model._meta.app_label in ("media", "articles") and spared is not None:
            for field in model._meta.concrete_fields:
                if field.name not in spared and is_text(field):
                    poison(model, field)


def is_text(field) -> bool:
    typed = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField)
    return typed and not field.choices and not field.primary_key and not isinstance(field, models.SlugField)


def poison(model, field) -> None:
    """Write past every form and save(), as a raw row would have it; constraints of the database still hold."""
    attack = ADDRESS if isinstance(field, models.URLField) else POISON
    if field.max_length and field.max_length < len(attack):
        attack = SHORT[: field.max_length]
    for number, row in enumerate(model._base_manager.values_list("pk", flat=True)[:20]):
        text = attack if not field.unique or not number else f"{number}{attack}"[: field.max_length or None]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                table, column, key = model._meta.db_table, field.column, model._meta.pk
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = %s WHERE "{key.column}" = %s',
                    [text, key.get_db_prep_value(row, connection)],
                )
        except Exception as error:
            if not isinstance(error, IntegrityError) and "written once" not in str(error):
                raise


def admin_pages(story) -> dict[str, str]:
    """Return every page of the admin that can be asked for: the lists, the forms of one row each, and our own."""
    found = {"login": reverse("admin:login") + f"?next={SHORT}", "front page": reverse("admin:index")}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        row = story if isinstance(story, model) else model._base_manager.first()
        for page, arguments in {
            "changelist": [],
            "add": [],
            "change": [row],
            "history": [row],
            "delete": [row],
        }.items():
            if None not in arguments:
                found[f"{page} of {name}"] = reverse(f"admin:{name}_{page}", args=[each.pk for each in arguments])
        found[f"search in {name}"] = reverse(f"admin:{name}_changelist") + "?q=%22%3E%3Cx-trip%20x-trip%3E"
    for page in ("publishing", "panel", "preview", "versions"):
        found[page] = reverse(f"admin:articles_article_{page}", args=[story.pk])
    found |= {
        "comparison": found["versions"] + "?old=3&new=4",
        "past day": found["versions"] + f"?on={timezone.now():%Y-%m-%d}&at=23:59",
        "restored text": reverse("admin:articles_article_change", args=[story.pk]) + "?restore=1",
        "import": reverse("admin:articles_article_import"),
        "contact sheet": reverse("admin:media_photo_sheet") + f"?ids={story.lead_photo_id}",
        "evidence": reverse("admin:media_photo_evidence", args=[story.lead_photo_id]),
        "notices": reverse("admin:media_photo_notice"),
        "merge": reverse("admin:articles_person_merge", args=[story.people.first().pk]),
        "all of articles": reverse("admin:app_list", args=["articles"]),
        "password": reverse("admin:password_change"),
    }
    found |= {
        f"board {name}": reverse("admin:media_photo_board", args=[name])
        for name in ("expiring", "killed", "credits", "slots")
    }
    return found


class Tripwire(HTMLParser):
    """Lists whatever of an attack came through as markup: its element, its attribute, a handler, a script, an address."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "x-trip":
            self.faults.append("<x-trip>")
        if tag == "script" and "src" not in named and named.get("type") not in ("importmap", "application/json"):
            self.faults.append("<script> of its own")
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name == "x-trip" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "formaction", "data", "srcdoc") and address.startswith(
                ("javascript:", "data:text", "vbscript:")
            ):
                self.faults.append(f"<{tag} {name}={value!r}>")


def faults(html: str) -> list[str]:
    tripwire = Tripwire()
    tripwire.feed(html)
    tripwire.close()
    return tripwire.faults
