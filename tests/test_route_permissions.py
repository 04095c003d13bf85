"""Every route there is, asked by every role: a route without a verdict fails, and so does one that does not keep it.

The verdicts are those of tests/route_verdicts.py. Stories are asked for as one's own, as a colleague's, as a restricted
one, and as one outside the sections that every role is limited to here.
"""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import (
    ApiToken,
    Article,
    AuditEntry,
    CalendarLink,
    Delivery,
    Endpoint,
    PreviewLink,
    SavedFilter,
    SectionScope,
    TabAutosave,
    Template,
)
from media.models import Collection, Licence, Notice, Photo, Photographer, Right, Usage

from . import newsroom
from .route_verdicts import (
    ACTIONS,
    KINDS,
    NEWSROOM,
    NOBODY,
    OTHERS,
    PATCHES,
    PUBLIC,
    ROLES,
    SECRET,
    STAFF,
    STOCK,
    STORY,
    Ask,
    acts,
    sees,
)

pytestmark = pytest.mark.django_db

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
    assert found - judged == set(), "Say in tests/route_verdicts.py who may ask these routes."
    assert judged - found == set(), "These routes are gone."


def test_every_action_on_a_list_has_its_verdict():
    offered = {
        (model_of(each.opts), action.__name__ if callable(action) else action)
        for each in admin.site._registry.values()
        for action in each.actions or ()
    }
    assert offered == set(ACTIONS), "Say in ACTIONS of tests/route_verdicts.py to whom a list offers what."


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
        self.printable = newsroom.photo(kind="staff", seed=4)
        self.slot = newsroom.photo(slot=True, line="Photo by Ines Abreu/WireImage")
        self.held = newsroom.photo(seed=5)
        killed = Notice.objects.create(kind="kill", reason="wrong person")
        Photo.objects.filter(pk=self.held.pk).update(state="withheld", looks_like=killed)
        self.to_confirm = Right.objects.create(photo=self.fresh, effect="condition", standing="provisional")
        self.clearances = {}
        self.users = {role: self.user(role) for role in sorted(STAFF)}
        self.stories = {(on, kind): self.story(on, kind) for on in ("draft", "live") for kind in KINDS}
        newsroom.article("Pictured", photos=[self.photo]).publish()
        self.template = Template.objects.create(
            name="Review", content=self.stories["live", "other"].latest_version.content
        )
        self.filter = SavedFilter.objects.create(owner=self.colleague, name="Theirs", asked={"q": "x"})
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
        CalendarLink.objects.create(user=user)
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
            TabAutosave.keep(story, self.colleague, {"headline": "Typed"}, story.revision, timezone.now())
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
        yield Collection.objects.begin("Venice", by=self.root)
        yield apps.get_model("media.FolderRule").objects.create(folder="wire", kind="agency")
        yield apps.get_model("media.UntakenFile").objects.create(path="wire/a.txt", sentence="Not a picture.")
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
