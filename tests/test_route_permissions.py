"""Every route there is, asked by every role: a route without a verdict fails, and so does one that does not keep it.

A verdict says who arrives by GET and whose POST changes anything. Stories are asked for as one's own, as a colleague's,
as a restricted one, and as one outside the sections that every role is limited to here.
"""

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import (
    ApiToken,
    Article,
    AuditEntry,
    Delivery,
    Endpoint,
    PreviewLink,
    SectionScope,
    TabAutosave,
    Template,
)
from media.models import Licence, Notice, Photographer, Right, Usage

from . import newsroom

pytestmark = pytest.mark.django_db

NEWSROOM = frozenset({"writer", "editor", "photo desk", "publisher", "admin"})
STAFF = NEWSROOM | {"outsider"}
ROLES = (*sorted(STAFF), "anonymous")
WRITERS = frozenset({"writer", "editor", "publisher", "admin"})
EDITORS = frozenset({"editor", "publisher", "admin"})
PUBLISHERS = frozenset({"publisher", "admin"})
DESK = frozenset({"photo desk", "admin"})
PICTURES = EDITORS | DESK
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


def typed_in(world, story):
    return TabAutosave.keep(story, world.colleague, {"headline": "Typed"}, story.revision, timezone.now()).pk


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
    "merge": shows(edits_draft, on="draft", args=lambda world, story: [story.pk, typed_in(world, story)]),
    "presence": acts(sees, {"tab": "one"}, on="draft", as_json=True),
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
    "picker": Ask(get=NEWSROOM), "picker-names": Ask(get=NEWSROOM, args=lambda world, story: ["person"]),
    "picker-colleagues": Ask(get=WRITERS), "picker-stories": Ask(get=NEWSROOM),
    "picker-embed": Ask(get=NEWSROOM, query=lambda world, story: {"url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}),
    "picker-clean": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"html": "<p>x</p>"}),
    "picker-structure": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"text": "x"}),
    "picker-build": Ask(told=NEWSROOM, as_json=True, data=lambda world, story: {"text": "x"}),
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
    "media_photocredit": (NEWSROOM, DESK, DESK, ADMIN),
    "media_agency": (PICTURES, DESK, DESK, ADMIN),
    "media_photographer": (PICTURES, DESK, DESK, ADMIN),
    "media_licence": (DESK, DESK, DESK, ADMIN),
    "media_clearance": (DESK, NOBODY, NOBODY, NOBODY),
    "media_notice": (PICTURES, NOBODY, DESK, NOBODY),
    "media_usage": (PICTURES, DESK, NOBODY, NOBODY),
    "media_site": (NEWSROOM, ADMIN, ADMIN, ADMIN),
    "auth_user": (ADMIN, ADMIN, ADMIN, ADMIN),
    "auth_group": (ADMIN, ADMIN, ADMIN, ADMIN),
    "django_tasks_database_dbtaskresult": (NOBODY, NOBODY, NOBODY, NOBODY),
}
# What a list offers for many rows at once, beside deleting them.
ACTIONS = {
    **{("media_photo", name): PICTURES for name in (
        "apply_credit", "apply_event", "apply_caption", "apply_right", "replace_words",
    )},
    ("media_photo", "contact_sheet"): NEWSROOM,
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
    "resolve": "/api/v1/resolve/?path=/x/", "preview": "/api/v1/preview/x/", "people": "/api/v1/people/",
    "person": "/api/v1/people/x/", "works": "/api/v1/works/", "work": "/api/v1/works/x/",
    "sections": "/api/v1/sections/", "section": "/api/v1/sections/x/", "tags": "/api/v1/tags/",
    "tag": "/api/v1/tags/x/", "authors": "/api/v1/authors/", "author": "/api/v1/authors/x/",
    "feed-rss.xml": "/feeds/rss.xml", "feed-atom.xml": "/feeds/atom.xml", "feed-feed.json": "/feeds/feed.json",
    "feed-of": "/feeds/section/film/rss.xml", "sitemap": "/sitemap.xml", "sitemap-part": "/sitemap-articles.xml",
    "rendition": "/photos/00000000-0000-0000-0000-000000000000/x/full-320.jpg",
}  # fmt: skip


# The routes


def routes(resolver=None, space=""):
    """Return the name of every route there is; its pattern where it has none."""
    found = []
    for each in (resolver or get_resolver("cms.urls")).url_patterns:
        if isinstance(each, URLResolver):
            prefix = str(each.pattern) if str(each.pattern).count("/") > 1 else ""
            found += [
                name if not name.endswith(":<path:object_id>/") or not prefix else f"admin:{prefix}<path:object_id>/"
                for name in routes(each, f"{each.namespace}:" if each.namespace else space)
            ]
        else:
            found.append(f"{space}{each.name or each.pattern}")
    return found


def stock_routes():
    for model in STOCK:
        yield from (f"admin:{model}_{verb}" for verb in ("changelist", "add", "change", "delete", "history"))
        app, _, noun = model.rpartition("_")
        yield f"admin:{app}/{noun}/<path:object_id>/"


def test_every_route_has_its_verdict():
    judged = {*stock_routes(), *OTHERS, *PUBLIC, *(f"admin:articles_article_{name}" for name in STORY)}
    found = set(routes())
    assert found - judged == set(), "Say in this file who may ask these routes."
    assert judged - found == set(), "These routes are gone."


def test_every_action_on_a_list_has_its_verdict():
    offered = {
        (model_of(each.opts), action.__name__ if callable(action) else action)
        for each in admin.site._registry.values()
        for action in each.actions or ()
    }
    assert offered == set(ACTIONS), "Say in ACTIONS to whom a list offers what."


def model_of(opts):
    return f"{opts.app_label}_{opts.model_name}"


# The world


class World:
    """Everything there is one of, and for each kind a story in the making and a live one."""

    def __init__(self):
        make = get_user_model().objects.create_user
        self.colleague = make("colleague", is_staff=True)
        self.root = get_user_model().objects.create_superuser("root")
        self.film, self.celebrity = newsroom.section("Film"), newsroom.section("Celebrity")
        self.photo, self.fresh = newsroom.photo(seed=1), newsroom.photo(seed=2)
        self.paid = newsroom.photo(kind="rights_managed", seed=3)
        self.to_confirm = Right.objects.create(photo=self.fresh, effect="condition", standing="provisional")
        self.clearances = {}
        self.users = {role: self.user(role) for role in sorted(STAFF)}
        self.stories = {(on, kind): self.story(on, kind) for on in ("draft", "live") for kind in KINDS}
        newsroom.article("Pictured", photos=[self.photo]).publish()
        self.template = Template.objects.create(
            name="Review", content=self.stories["live", "other"].latest_version.content
        )
        self.doubles = {"person": newsroom.person("A double"), "work": newsroom.work("A double")}
        self.rows = {model_of(row._meta): row for row in self.some_rows()}
        self.failed = DBTaskResult.objects.first()
        DBTaskResult.objects.filter(pk=self.failed.pk).update(status="FAILED", finished_at=timezone.now())
        held = newsroom.article("Held", people=[self.rows["articles_person"]], works=[self.rows["articles_work"]])
        Article.objects.filter(pk=held.pk).update(stage="in_review")
        self.tokens = {role: ApiToken.objects.issue(user, name=role)[1] for role, user in self.users.items()}
        # When a token was used is noted once a minute: here it was, for as long as this takes.
        ApiToken.objects.update(last_used_at=timezone.now() + timedelta(days=1))

    def user(self, role):
        user = get_user_model().objects.create_user(role.replace(" ", ""), is_staff=True)
        if role != "outsider":
            user.groups.add(Group.objects.get(name=role))
        SectionScope.objects.create(user=user).sections.add(self.film)
        return user

    def story(self, on, kind):
        section = self.celebrity if kind == "elsewhere" else self.film
        headline = SECRET if kind == "restricted" else f"{kind} {on}"
        story = newsroom.article(headline, section=section, owner=self.colleague)
        if kind == "restricted":
            story.restricted_to.add(self.colleague)
        story.record()
        if on == "live":
            story.publish()
            self.clearances[story.pk] = self.paid.clear(by=self.root, article=story.pk, placement="lead", fee=0).pk
        story.headline += ", again"
        story.save()
        story.record()
        if on == "live":
            story.publish(at=timezone.now() + timedelta(days=2))
        else:
            PreviewLink.objects.share(story, by=None, expires_at=timezone.now() + timedelta(days=1))
            story.tasks.create(text="Somebody else’s", assignee=self.colleague)
        return story

    def some_rows(self):
        """A row of every model that the admin shows, for its own pages."""
        now = timezone.now()
        endpoint = Endpoint.objects.create(name="Front", url="https://example.com/", events=[])
        licence = Licence.objects.create(
            agency=self.photo.credit.agencies.first(), reference="1", document=ContentFile(b"x", "licence.pdf")
        )
        yield from (newsroom.person(), newsroom.work(), newsroom.tag(), newsroom.author(), self.film, newsroom.site())
        yield from (self.photo.credit, licence.agency, endpoint, licence, self.colleague, Group.objects.first())
        yield newsroom.article().site
        yield from (
            apps.get_model("articles.Source").objects.create(name="Wire"),
            Photographer.objects.create(name="Ida"),
        )
        yield Delivery.objects.create(
            endpoint=endpoint, event="article.published", payload={}, due_at=now, created_at=now
        )
        yield ApiToken.objects.issue(self.colleague, name="Wire")[0]
        yield SectionScope.objects.create(user=self.colleague)
        yield AuditEntry.record("token.issued", at=timezone.now(), subject="one")
        yield PreviewLink.objects.get(article=self.stories["draft", "other"])
        yield self.fresh
        yield apps.get_model("media.Clearance").objects.first()
        yield Notice.objects.create(kind="kill", text="x", reason="x", received_at=timezone.now())
        yield Usage.objects.create(photo=self.photo.pk, live_from=timezone.now(), headline="Print", fee=120)


class Caller:
    """One role at the desk and, with a token, at the API; knows whether it has changed anything."""

    def __init__(self, world, role):
        self.world, self.role, self.client = world, role, Client(raise_request_exception=False)
        self.bearer = {}
        if role in world.users:
            self.client.force_login(world.users[role])
            self.bearer = {"Authorization": f"Bearer {world.tokens[role]}"}
            own = [world.stories[on, "own"].pk for on in ("draft", "live")]
            Article.objects.filter(pk__in=own).update(owner=world.users[role])
        self.session = {name: cookie.value for name, cookie in self.client.cookies.items()}
        self.before, self.wrote = stored(), False

    def kinds(self, ask):
        """Return the kinds of stories that make a difference to this role."""
        if not ask.on:
            return ("",)
        return KINDS if self.role in NEWSROOM else ("other",)

    @contextmanager
    def undone(self):
        """Take back what happens within; whether anything did stands in `wrote`."""
        statements = []

        def note(execute, sql, params, many, context):
            statements.append(sql)
            return execute(sql, params, many, context)

        point = transaction.savepoint()
        with connection.execute_wrapper(note):
            yield
        is_quiet = not any(
            sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql for sql in statements
        )
        self.wrote = not is_quiet and stored() != self.before
        transaction.savepoint_rollback(point)

    def send(self, method, path, data=None, *, as_json=False):
        """Return the answer and whether it is what was asked for: no refusal, no login, no way back to the front page."""
        api = path.startswith("/api/")
        # The session of an answer that was taken back is gone.
        self.client.cookies = SimpleCookie(self.session)
        if method == "GET":
            answer = self.client.get(path, data or {}, follow=True, headers=self.bearer if api else {})
        elif as_json:
            answer = self.client.generic(
                method, path, json.dumps(data or {}), "application/json", headers=self.bearer | {"If-Match": "*"}
            )
        else:
            answer = self.client.post(path, data or {}, headers=self.bearer if api else {})
        assert answer.status_code < 500, (method, path, self.role)
        where = answer["Location"] if answer.status_code == 302 else answer.request["PATH_INFO"]
        home = reverse("admin:index")
        lost = where.startswith(reverse("admin:login")) or (where == home and path != home)
        return answer, answer.status_code in (200, 201, 302) and not lost


# No part of what anybody may or may not change.
APART = {"auth_permission", "django_content_type", "django_session", "articles_loginfailure", "articles_knownaddress"}


def stored():
    """Return all that is stored, to be compared."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - APART
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = cursor.fetchall()
    return found


def allowed(who, role, kind):
    return bool(who(role, kind) if callable(who) else who and role in who)


def is_asked(kind, who):
    """Return True if it has to be tried: whom a verdict does not name at all is asked of one kind of story."""
    return who is not None or kind in ("", "other")


def judge(caller, name, ask, kind):
    """Yield what is wrong with a route's answers to this caller."""
    yield from judge_get(caller, name, ask, kind) if is_asked(kind, ask.get) else ()
    yield from judge_post(caller, name, ask, kind) if is_asked(kind, ask.post or ask.told) else ()


def judge_get(caller, name, ask, kind):
    path, story = ask.path(name, caller.world, kind)
    about = f"{name} as {caller.role}" + (f", {kind} story" if kind else "")
    with caller.undone():
        answer, arrived = caller.send("GET", path, ask.query(caller.world, story))
    if ask.get is not None and arrived != allowed(ask.get, caller.role, kind):
        yield f"{about}: GET {'arrives' if arrived else 'is refused'} ({answer.status_code})"
    if caller.wrote and not (ask.logs and arrived):
        yield f"{about}: GET changes something"
    if kind == "restricted" and not answer.streaming and SECRET in answer.content.decode():
        yield f"{about}: GET tells of a restricted story"


def judge_post(caller, name, ask, kind):
    path, story = ask.path(name, caller.world, kind)
    about = f"{name} as {caller.role}" + (f", {kind} story" if kind else "")
    with caller.undone():
        answer, arrived = caller.send("POST", path, ask.data(caller.world, story), as_json=ask.as_json)
    if caller.wrote != allowed(ask.post, caller.role, kind) and not (ask.logs and arrived):
        yield f"{about}: POST changes {'something' if caller.wrote else 'nothing'} ({answer.status_code})"
    if ask.told is not None and arrived != allowed(ask.told, caller.role, kind):
        yield f"{about}: POST {'is answered' if arrived else 'is refused'} ({answer.status_code})"
    if name in PATCHES:
        who, data = PATCHES[name]
        with caller.undone():
            caller.send("PATCH", path, data, as_json=True)
        if caller.wrote != allowed(who, caller.role, kind):
            yield f"{about}: PATCH changes {'something' if caller.wrote else 'nothing'}"


def stock_asks(world):
    """Yield the asks of Django's own pages of every model."""
    for model, (view, add, change, delete) in STOCK.items():
        on = "draft" if model == "articles_article" else ""
        row = None if on else world.rows.get(model)
        args = (lambda world, story, row=row: [(row or story).pk]) if on or row else None
        yield f"admin:{model}_changelist", Ask(get=NEWSROOM if on else view), ""
        yield f"admin:{model}_add", Ask(get=add, told=add), ""
        if args is None:
            args = lambda world, story: ["00000000-0000-0000-0000-000000000000"]  # noqa: E731
        for kind in KINDS if on else ("",):
            yield f"admin:{model}_change", Ask(get=view, told=change, on=on, args=args), kind
            yield f"admin:{model}_history", Ask(get=view, on=on, args=args), kind
            yield f"admin:{model}_delete", Ask(get=delete, told=delete, on=on, args=args), kind


def judge_stock(caller, name, ask, kind):
    """Yield what is wrong with Django's own pages: who arrives there, and that the others’ posts change nothing."""
    path, _ = ask.path(name, caller.world, kind)
    about = f"{name} as {caller.role}" + (f", {kind} story" if kind else "")
    with caller.undone():
        answer, arrived = caller.send("GET", path)
    if arrived != allowed(ask.get, caller.role, kind):
        yield f"{about}: GET {'arrives' if arrived else 'is refused'} ({answer.status_code})"
    if caller.wrote:
        yield f"{about}: GET changes something"
    if kind == "restricted" and SECRET in answer.content.decode():
        yield f"{about}: GET tells of a restricted story"
    if ask.told is None or allowed(ask.told, caller.role, kind):
        return
    with caller.undone():
        answer, arrived = caller.send("POST", path, {"post": "yes"})
    if arrived or caller.wrote:
        yield f"{about}: POST {'changes something' if caller.wrote else 'is let in'} ({answer.status_code})"


def judge_hidden(caller):
    """Yield where rows about a restricted story open."""
    secret = caller.world.stories["draft", "restricted"]
    entry = AuditEntry.objects.filter(article=secret.pk).first()
    for name, row in (("previewlink", secret.preview_links.get()), ("auditentry", entry)):
        answer, arrived = caller.send("GET", reverse(f"admin:articles_{name}_change", args=[row.pk]))
        if arrived or SECRET in answer.content.decode():
            yield f"{name} of a restricted story as {caller.role}: GET arrives"


def judge_actions(caller):
    request = RequestFactory().get("/")
    request.user = caller.world.users[caller.role]
    for each in admin.site._registry.values():
        model = model_of(each.opts)
        request.path = reverse(f"admin:{model}_changelist")
        offered = set(each.get_actions(request))
        # Sections are deleted one by one: everybody here is limited to some.
        has_all = each.actions is not None and model != "articles_section"
        deletes = {"delete_selected"} if has_all and allowed(STOCK[model][3], caller.role, "") else set()
        wanted = {name for (noun, name), who in ACTIONS.items() if noun == model and caller.role in who} | deletes
        if offered != wanted:
            yield f"{model} as {caller.role}: offers {sorted(offered)}, not {sorted(wanted)}"


@pytest.fixture
def world():
    logging.disable(logging.WARNING)
    yield World()
    logging.disable(logging.NOTSET)


def test_every_route_keeps_its_verdict(world):
    wrong = []
    asks = {**OTHERS, **{f"admin:articles_article_{name}": ask for name, ask in STORY.items()}}
    for role in ROLES:
        caller = Caller(world, role)
        for name, ask in asks.items():
            for kind in caller.kinds(ask):
                wrong += judge(caller, name, ask, kind)
        for name, ask, kind in stock_asks(world):
            if kind in caller.kinds(ask):
                wrong += judge_stock(caller, name, ask, kind)
        wrong += judge_hidden(caller)
        if role in world.users:
            wrong += judge_actions(caller)
    assert not wrong, "\n".join(wrong)


def test_what_is_public_takes_nothing(world):
    caller = Caller(world, "anonymous")
    for name, path in PUBLIC.items():
        for method in ("GET", "POST"):
            with caller.undone():
                caller.send(method, path)
            assert not caller.wrote, (name, method)


def test_a_hole_would_be_seen(world):
    """The proof that the walk can fail: a verdict that is wrong is told, each way."""
    caller = Caller(world, "writer")
    hole = Ask(get=NOBODY, args=lambda world, story: [world.photo.pk])
    assert list(judge(caller, "admin:media_photo_thumb", hole, ""))
    assert list(judge(caller, "admin:articles_article_comment", acts(NOBODY, {"text": "Really?"}), "other"))
    assert list(judge(caller, "admin:articles_article_publish", acts(sees), "other"))
