"""Who may ask each route: the verdicts that tests/test_route_permissions.py holds the server to.

A verdict says who arrives by GET and whose POST changes anything; a new route needs one.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Article

from . import newsroom

NEWSROOM = frozenset({"writer", "editor", "photo desk", "publisher", "admin"})
STAFF = NEWSROOM | {"outsider"}
ROLES = (*sorted(STAFF), "anonymous")
WRITERS = frozenset({"writer", "editor", "publisher", "admin"})
EDITORS = frozenset({"editor", "publisher", "admin"})
PUBLISHERS = frozenset({"publisher", "admin"})
DESK = frozenset({"photo desk", "admin"})
PICTURES = EDITORS | DESK
HANDS_OUT = PUBLISHERS | DESK
ADMIN = frozenset({"admin"})
NOBODY: frozenset = frozenset()
KINDS = ("own", "other", "restricted", "elsewhere")
SECRET = "Obituary written ahead"
MINE = ("own", "other")

# Of a story, by role and kind.


def sees(role, kind):
    return role in NEWSROOM and kind != "restricted"


def edits_draft(role, kind):
    return (role in EDITORS and kind in MINE) or (role, kind) == ("writer", "own")


def judges(role, kind):
    return role in EDITORS and kind in MINE


def publishes(role, kind):
    return role in PUBLISHERS and kind in MINE


def shares(role, kind):
    return role in WRITERS and kind in MINE


def clears(role, kind):
    return role in DESK and kind in MINE


def begins(role, kind):
    return role in WRITERS and sees(role, kind)


def shapes(role, kind):
    return role in EDITORS and sees(role, kind)


@dataclass(frozen=True)
class Ask:
    """A verdict: `get` may arrive, the `post` of these changes something (or, where it only answers, `told`).

    Each is a set of roles, or a question of (role, kind). `args`, `data` and `query` are made of (world, story).
    """

    get: Any = None
    post: Any = None
    told: Any = None
    on: str = ""
    args: Any = None
    data: Any = field(default=lambda world, story: {})
    query: Any = field(default=lambda world, story: {})
    as_json: bool = False
    logs: bool = False

    def path(self, name, world, kind):
        story = world.stories[self.on, kind] if self.on else None
        if callable(self.args):
            made = self.args(world, story)
            return (made if isinstance(made, str) else reverse(name, args=made)), story
        return reverse(name, args=[story.pk] if story else []), story


def shows(who, on="live", **more):
    return Ask(get=who, on=on, **more)


def acts(who, data=None, *, on="live", more=None, **other):
    """A verb: its address ends in what `more` gives, and `data` is sent to it."""
    args = (lambda world, story: [story.pk, more(world, story)]) if more else None
    return Ask(post=who, on=on, args=args, data=data if callable(data) else lambda world, story: data or {}, **other)


def coming(world, story):
    return story.coming_editions().get().number


def picture(name="new.jpg", seed=77):
    return SimpleUploadedFile(name, newsroom.jpeg(seed=seed), content_type="image/jpeg")


LATER = {"publish-when": "2099-05-05T12:00", "publish-zone": "UTC"}
PAID = {"more": lambda world, story: world.paid.pk}
STORY = {
    "publishing": shows(sees), "panel": shows(sees), "preview": shows(sees), "versions": shows(sees), "when": shows(sees),
    "submit": acts(edits_draft, on="draft"),
    "return": acts(judges, {"note": "More"}),
    "accept": acts(judges, on="draft"),
    "assign": acts(judges, {"to": "colleague"}),
    "discard": acts(edits_draft, on="draft"),
    "publish": acts(publishes, {"now": "1", "publish-zone": "UTC"}, on="draft"),
    "withdraw": acts(publishes, {"reason": "x"}),
    "cancel": acts(publishes, more=coming),
    "reschedule": acts(publishes, LATER, more=coming),
    "move": acts(publishes, {"slug": "elsewhere"}),
    "restore": acts(edits_draft, on="draft", more=lambda world, story: 1),
    "share": acts(shares, on="draft"),
    "revoke": acts(shares, on="draft", more=lambda world, story: story.preview_links.get().pk),
    "comment": acts(sees, {"text": "Really?"}),
    "finish": acts(edits_draft, on="draft", more=lambda world, story: story.tasks.get().pk),
    "ask_clearance": acts(sees, **PAID),
    "clear_photo": acts(clears, {"placement": "body", "fee": "0"}, **PAID),
    "clear_photo_here": acts(clears, {"placement": "body", "fee": "0"}, **PAID),
    "take_clearance_back": acts(
        clears, lambda world, story: {"clearance": world.clearances[story.pk], "reason": "x"}, **PAID
    ),
    "autosave": acts(edits_draft, {"revision": 1, "fields": {"headline": "x"}}, on="draft", as_json=True),
    "merge": shows(edits_draft, on="draft", args=lambda world, story: [story.pk, story.tab_autosaves.get().pk]),
    "presence": acts(sees, {"tab": "one"}, on="draft", as_json=True),
    "frame": Ask(told=sees, data=lambda world, story: {"tab": "one"}, on="draft", as_json=True),
    "seal": Ask(
        get=lambda role, kind: role in ADMIN and sees(role, kind),
        post=lambda role, kind: role in ADMIN and publishes(role, kind),
        on="live", data=lambda world, story: {"reason": "A court order", "confirm": story.slug},
    ),
    # There is no certificate of what was not sealed.
    "sealed": shows(NOBODY),
    "duplicate": acts(begins), "keep_template": acts(shapes, {"name": "A new shape"}),
    "everywhere": Ask(
        get=PUBLISHERS, post=publishes, on="live", args=lambda world, story: [],
        data=lambda world, story: {
            "words": "Friday", "instead": "Monday", "kind": "minor", "story": f"{story.pk}:{story.live_edition().number}",
        },
    ),
    "slug": Ask(get=NEWSROOM),
    "day": Ask(get=NEWSROOM), "subscribe": Ask(post=NEWSROOM), "unsubscribe": Ask(post=STAFF),
    "move_edition": acts(publishes, LATER, more=coming),
    "bulk": Ask(
        get=NEWSROOM, post=judges, on="draft", args=lambda world, story: [],
        data=lambda world, story: {
            "kind": "assign", "colleague": world.colleague.pk, "story": f"{story.pk}:{story.revision}", "confirm": "1",
        },
    ),
    "keep_filter": Ask(post=NEWSROOM, data=lambda world, story: {"name": "New", "asked": "q=x"}),
    # A filter belongs to whoever made it.
    "change_filter": Ask(
        post=NOBODY, args=lambda world, story: [world.filter.pk], data=lambda world, story: {"_delete": "1"}
    ),
    "import": Ask(
        get=WRITERS, post=WRITERS,
        data=lambda world, story: {"text": "Pasted\n\nOne line.\n\nTwo.", "create": "1", "headline": "Pasted"},
    ),
    "templates": Ask(get=WRITERS),
    "start_template": Ask(post=WRITERS, args=lambda world, story: [world.template.pk]),
    "drop_template": Ask(post=EDITORS, args=lambda world, story: [world.template.pk]),
}  # fmt: skip


def of_photo(**verdict):
    return Ask(args=lambda world, story: [world.photo.pk], **verdict)


def of_topic(noun, verb):
    if verb == "merge":
        return Ask(
            get=EDITORS, post=EDITORS, args=lambda world, story: [world.rows[f"articles_{noun}"].pk],
            data=lambda world, story: {"double": world.doubles[noun].pk},
        )  # fmt: skip
    data = {"reason": "They said no"}
    return Ask(
        get=NEWSROOM, post=PUBLISHERS, args=lambda world, story: [world.rows[f"articles_{noun}"].pk],
        data=lambda world, story: data,
    )  # fmt: skip


def of_name(table):
    """The page that erases a name: its row is typed to confirm."""
    return Ask(
        get=ADMIN, post=ADMIN, args=lambda world, story: [world.rows[table].pk],
        data=lambda world, story: {"reason": "Request 12", "confirm": world.rows[table].name},
    )  # fmt: skip


def bearing(name, **verdict):
    return Ask(args=lambda world, story: reverse(name, args=[story.pk] if story else []), as_json=True, **verdict)


OTHERS = {
    "admin:media_photo_exchange": of_photo(post=PUBLISHERS, data=lambda world, story: {"photo": world.fresh.pk}),
    "admin:media_photo_act": of_photo(post=DESK, data=lambda world, story: {"verb": "kill", "reason": "x"}),
    "admin:media_photo_evidence": of_photo(get=PICTURES, logs=True),
    "admin:media_photo_upload": Ask(post=NEWSROOM, data=lambda world, story: {"file": picture()}),
    "admin:media_photo_file": of_photo(post=PICTURES, data=lambda world, story: {"file": picture()}),
    "admin:media_photo_thumb": of_photo(get=NEWSROOM),
    "admin:media_photo_thumb_width": Ask(get=NEWSROOM, args=lambda world, story: [world.photo.pk, 320]),
    "admin:media_photo_uncovered": Ask(get=PICTURES, args=lambda world, story: [world.photo.pk, 320]),
    "admin:media_photo_original": of_photo(get=PICTURES, logs=True),
    "admin:media_photo_compare": Ask(post=DESK, args=lambda world, story: [world.held.pk], data=lambda world, story: {"verb": "another"}),
    "admin:media_photo_collect": Ask(
        post=NEWSROOM, data=lambda world, story: {"photo": str(world.photo.pk), "name": "Cannes"}
    ),
    "admin:media_photo_handout": Ask(
        post=HANDS_OUT, args=lambda world, story: [world.printable.pk],
        data=lambda world, story: {"channel": "print", "to": "Marquee Monthly"},
    ),
    "admin:media_photo_copy": Ask(get=HANDS_OUT, args=lambda world, story: [world.photo.pk, "over"]),
    "admin:media_photo_board": Ask(get=NEWSROOM, args=lambda world, story: ["expiring"]),
    "admin:media_photo_sheet": Ask(get=NEWSROOM),
    "admin:media_photo_settle": Ask(post=DESK, data=lambda world, story: {"one": f"{world.to_confirm.pk}:confirmed"}),
    "admin:media_photo_notice": Ask(
        get=DESK, post=DESK,
        data=lambda world, story: {
            "text": "Kill it", "act": "1", "kind": "kill", "reason": "x", "photos": [world.photo.pk]
        },
    ),
    "admin:media_licence_document": Ask(get=DESK, args=lambda world, story: [world.rows["media_licence"].pk]),
    "admin:media_usage_csv": Ask(get=PICTURES, logs=True),
    **{f"admin:articles_{noun}_{verb}": of_topic(noun, verb) for noun in ("person", "work") for verb in ("merge", "hold")},
    **{f"admin:{table}_erase": of_name(table) for table in ("articles_person", "articles_author", "media_photographer")},
    "admin:articles_person_erase_name": Ask(
        get=ADMIN, post=ADMIN,
        data=lambda world, story: {"reason": "Request 12", "name": "Film & Co", "confirm": "Film & Co"},
    ),
    # There is no certificate of what was not erased.
    "admin:articles_person_erased": Ask(get=NOBODY, args=lambda world, story: [999_999_999]),
    "admin:auth_user_password_change": Ask(
        get=ADMIN, post=ADMIN, args=lambda world, story: [world.colleague.pk],
        data=lambda world, story: {
            "password1": "a good long one", "password2": "a good long one", "usable_password": "true"
        },
    ),
    "admin:articles_endpoint_switch": Ask(
        post=ADMIN, args=lambda world, story: [world.rows["articles_endpoint"].pk], data=lambda world, story: {"to": "off"}
    ),
    "admin:articles_task_again": Ask(post=PICTURES, args=lambda world, story: [world.failed.pk]),
    "picker": Ask(get=NEWSROOM), "picker-facets": Ask(get=NEWSROOM), "picker-find": Ask(get=STAFF), "picker-names": Ask(get=NEWSROOM, args=lambda world, story: ["person"]), "picker-similar": Ask(get=NEWSROOM, args=lambda world, story: [world.photo.pk]),
    "picker-colleagues": Ask(get=WRITERS), "picker-stories": Ask(get=NEWSROOM),
    "picker-embed": Ask(get=NEWSROOM, query=lambda world, story: {"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}),
    "picker-clean": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"html": "<p>x</p>"}),
    "picker-structure": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"text": "x"}),
    "picker-build": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"text": "x"}),
    "picker-fill": Ask(
        post=WRITERS, as_json=True, data=lambda world, story: {"slot": str(world.slot.pk), "photo": str(world.photo.pk)}
    ),
    "picker-credit": Ask(get=NEWSROOM, query=lambda world, story: {"line": "Ann Lee/AP"}),
    "picker-words": Ask(
        post=PICTURES, as_json=True, data=lambda world, story: {"photos": [str(world.slot.pk)], "alt": "A hall."}
    ),
    "picker-ask": Ask(
        post=WRITERS, as_json=True, data=lambda world, story: {"photo": str(world.photo.pk), "article": str(world.stories["draft", "own"].pk)}
    ),
    "picker-mentions": Ask(
        told=WRITERS, as_json=True, data=lambda world, story: {"title": ["x"], "texts": [], "others": []}
    ),
    "admin:index": Ask(get=STAFF), "admin:password_change": Ask(get=STAFF), "admin:password_change_done": Ask(get=STAFF),
    "admin:jsi18n": Ask(get=STAFF), "admin:app_list": Ask(get=NEWSROOM, args=lambda world, story: ["articles"]),
    "admin:autocomplete": Ask(
        get=NEWSROOM,
        query=lambda world, story: {"app_label": "articles", "model_name": "article", "field_name": "related"},
    ),
    "admin:view_on_site": Ask(
        get=sees, on="live",
        args=lambda world, story: [ContentType.objects.get_for_model(Article).pk, str(story.pk)],
    ),
    "drafts": bearing("drafts", post=WRITERS, data=lambda world, story: {"headline": "Sent", "section": "film"}),
    "draft": bearing("draft", get=sees, on="draft"),
    "draft-publish": bearing("draft-publish", post=publishes, on="draft"),
    "draft-withdraw": bearing("draft-withdraw", post=publishes, on="live", data=lambda world, story: {"reason": "x"}),
    "photos": Ask(post=NEWSROOM, data=lambda world, story: {"file": picture()}),
}  # fmt: skip
# Asked of a draft with PATCH, which no other route has.
PATCHES = {"draft": (edits_draft, {"headline": "Patched"})}

# Who lists and opens, adds, changes and deletes; `change` and `delete` of a story are its own affair.
STOCK = {
    "articles_article": (sees, WRITERS, edits_draft, NOBODY),
    **dict.fromkeys(
        ("articles_person", "articles_work", "articles_tag", "articles_author", "articles_source"),
        (NEWSROOM, EDITORS, EDITORS, ADMIN),
    ),
    "articles_section": (NEWSROOM, PUBLISHERS, PUBLISHERS, ADMIN),
    "articles_endpoint": (ADMIN, ADMIN, ADMIN, ADMIN),
    "articles_delivery": (NEWSROOM, NOBODY, NOBODY, NOBODY),
    "articles_apitoken": (ADMIN, ADMIN, NOBODY, NOBODY),
    "articles_sectionscope": (ADMIN, ADMIN, ADMIN, ADMIN),
    "articles_auditentry": (PICTURES, NOBODY, NOBODY, NOBODY),
    "articles_previewlink": (EDITORS, NOBODY, NOBODY, NOBODY),
    "media_photo": (NEWSROOM, NEWSROOM, PICTURES, ADMIN),
    "media_collection": (NEWSROOM, NEWSROOM, NEWSROOM, NOBODY),
    "media_photocredit": (NEWSROOM, DESK, DESK, ADMIN),
    "media_agency": (PICTURES, DESK, DESK, ADMIN),
    "media_photographer": (PICTURES, DESK, DESK, ADMIN),
    "media_licence": (DESK, DESK, DESK, ADMIN),
    "media_clearance": (DESK, NOBODY, NOBODY, NOBODY),
    "media_notice": (PICTURES, NOBODY, DESK, NOBODY),
    "media_usage": (PICTURES, DESK, NOBODY, NOBODY),
    "media_folderrule": (DESK, DESK, DESK, DESK),
    "media_untakenfile": (DESK, NOBODY, NOBODY, ADMIN),
    "media_site": (NEWSROOM, ADMIN, ADMIN, ADMIN),
    "auth_user": (ADMIN, ADMIN, ADMIN, ADMIN),
    "auth_group": (ADMIN, ADMIN, ADMIN, ADMIN),
    "django_tasks_database_dbtaskresult": (NOBODY, NOBODY, NOBODY, NOBODY),
}
# What a list offers for many rows at once, beside deleting them.
ACTIONS = {
    **{("media_photo", name): PICTURES for name in (
        "apply_credit", "apply_event", "apply_caption", "apply_keywords", "apply_people", "apply_right", "replace_words",
    )},
    **{("media_photo", name): NEWSROOM for name in ("contact_sheet", "add_to_collection", "remove_from_collection")},
    **{("articles_article", name): WRITERS for name in ("section", "add_tags", "remove_tags", "submit")},
    **{("articles_article", name): EDITORS for name in ("assign", "owner", "ready")},
    ("articles_delivery", "redeliver"): ADMIN,
    ("articles_apitoken", "revoke"): ADMIN,
    ("articles_auditentry", "export"): ROLES,
    ("articles_previewlink", "revoke"): ROLES,
}  # fmt: skip
# Answer anybody; what they answer is held by tests/test_leaks.py. Nothing that is sent to them changes anything.
PUBLIC = {
    "landing": "/", "healthz": "/healthz", "readyz": "/readyz", "metrics": "/metrics", "reader": "/reader/x",
    "schema": "/api/schema/", "api-docs": "/api/docs/", "api-root": "/api/v1/", "api-unknown": "/api/x/",
    "admin:login": "/admin/login/", "admin:logout": "/admin/logout/", "admin:(?P<url>.*)$": "/admin/nowhere",
    "admin_password_reset": "/admin/password_reset/", "password_reset_done": "/admin/password_reset/done/",
    "password_reset_confirm": "/admin/reset/x/y/", "password_reset_complete": "/admin/reset/done/",
    "articles": "/api/v1/articles/", "article": "/api/v1/articles/x/",
    "article-ninjs": "/api/v1/articles/x/ninjs/", "archive": "/api/v1/archive/2026/1/",
    "archive-index": "/api/v1/archive/", "related": "/api/v1/related/?for=x",
    "updates": "/api/v1/updates/", "search": "/api/v1/search/?q=x", "suggest": "/api/v1/suggest/?q=x",
    "resolve": "/api/v1/resolve/?path=/x/", "preview": "/api/v1/preview/x/", "calendar": "/api/v1/calendar/x.ics", "people": "/api/v1/people/",
    "person": "/api/v1/people/x/", "works": "/api/v1/works/", "work": "/api/v1/works/x/",
    "sections": "/api/v1/sections/", "section": "/api/v1/sections/x/", "tags": "/api/v1/tags/",
    "tag": "/api/v1/tags/x/", "authors": "/api/v1/authors/", "author": "/api/v1/authors/x/",
    "feed-rss.xml": "/feeds/rss.xml", "feed-atom.xml": "/feeds/atom.xml", "feed-feed.json": "/feeds/feed.json",
    "feed-of": "/feeds/section/film/rss.xml", "sitemap": "/sitemap.xml", "sitemap-part": "/sitemap-articles.xml",
    "rendition": "/photos/00000000-0000-0000-0000-000000000000/x/full-320.jpg",
}  # fmt: skip
