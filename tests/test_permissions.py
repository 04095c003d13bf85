"""Who may do what: every role, with own and others’ stories in every stage, by the verbs.

The routes that lead to them are walked in tests/test_route_permissions.py.
"""

import importlib
import itertools
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, PreviewLink, SectionScope
from media.models import Clearance

from . import newsroom

pytestmark = pytest.mark.django_db

ROLES = ("writer", "editor", "photo desk", "publisher", "admin")
STAGES = ("draft", "in_review", "ready")

# Which roles may, for a story of their own and for one of a colleague's, by stage.
EDITORS = {"editor", "publisher", "admin"}
PUBLISHERS = {"publisher", "admin"}


def may_edit(role, own, stage):
    return role in EDITORS or (role == "writer" and own and stage == "draft")


def may_judge(role, own, stage):
    return role in EDITORS


def may_publish(role, own, stage):
    return role in PUBLISHERS


ACTIONS = {
    "record": (lambda story, user: story.record(by=user), may_edit),
    "submit": (lambda story, user: story.submit(by=user), lambda r, o, s: s == "draft" and may_edit(r, o, s)),
    "return": (
        lambda story, user: story.return_(by=user, note="More"),
        lambda r, o, s: s != "draft" and may_judge(r, o, s),
    ),
    "accept": (lambda story, user: story.accept(by=user), lambda r, o, s: s != "ready" and may_judge(r, o, s)),
    "assign": (lambda story, user: story.assign(user, by=user), may_judge),
    "discard": (lambda story, user: story.discard(by=user), may_edit),
    "publish": (lambda story, user: story.publish(by=user), may_publish),
    "move": (lambda story, user: story.move(slug="elsewhere", by=user), may_publish),
    "withdraw": (lambda story, user: story.withdraw(by=user, reason="x"), None),
}


@pytest.fixture
def colleague(db):
    return get_user_model().objects.create_user("colleague", is_staff=True)


def member(role):
    if not Group.objects.exists():
        importlib.import_module("articles.migrations.0004_roles")
    user = get_user_model().objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def a_story(user, colleague, own, stage):
    story = newsroom.article(owner=user if own else colleague)
    story.record()
    Article.objects.filter(pk=story.pk).update(stage=stage)
    story.refresh_from_db()
    return story


def state_of(story):
    """Everything a forbidden action must leave as it was."""
    fresh = Article.objects.get(pk=story.pk)
    counts = (fresh.versions.count(), fresh.editions.count(), fresh.tasks.count(), fresh.comments.count())
    return (fresh.stage, fresh.slug, fresh.headline, fresh.owner_id, fresh.discarded_at, *counts)


CASES = list(itertools.product(ROLES, (True, False), STAGES))


@pytest.mark.parametrize(("role", "own", "stage"), CASES)
def test_every_verb_obeys_the_matrix(role, own, stage, colleague):
    user = member(role)
    for name, (act, allowed) in ACTIONS.items():
        story = a_story(user, colleague, own, stage)
        if name == "record":
            story.headline = "Changed"
        if allowed is None:
            with pytest.raises((PermissionDenied, ValidationError)):
                act(story, user)
            continue
        before = state_of(story)
        if allowed(role, own, stage):
            act(story, user)
            assert state_of(story) != before, name
        else:
            with pytest.raises((PermissionDenied, ValidationError)):
                act(story, user)
            assert state_of(story) == before, name
        Article.objects.filter(pk=story.pk).update(slug=f"done-{story.pk.hex}")


def may_share(role, own, stage):
    return role != "photo desk"


def may_clear(role, own, stage):
    return role in ("photo desk", "admin")


def everybody(role, own, stage):
    return True


# The same for a story that is live, with an edition to come: a verb, and who may.
LIVE_ACTIONS = {
    "withdraw": (lambda it: it.story.withdraw(by=it.user, reason="x"), may_publish),
    "cancel": (lambda it: it.story.cancel(it.coming, by=it.user), may_publish),
    "reschedule": (
        lambda it: it.story.reschedule(it.coming, at=it.coming.live_from + timedelta(days=1), by=it.user), may_publish,
    ),
    "restore": (lambda it: it.story.restore(it.first, by=it.user), may_edit),
    "share": (
        lambda it: PreviewLink.objects.share(it.story, by=it.user, expires_at=timezone.now() + timedelta(days=1)), may_share,
    ),
    "revoke": (lambda it: it.link.revoke(by=it.user), may_share),
    "comment": (lambda it: it.story.comment("Really?", by=it.user), everybody),
    "finish": (lambda it: it.task.finish(by=it.user), may_edit),
    "clear_photo": (
        lambda it: it.story.clear_photo(it.photo, by=it.user, placement="body", fee=0), may_clear,
    ),
}  # fmt: skip


class LiveStory:
    """A live story of three versions, with all that the verbs above act on."""

    def __init__(self, user, colleague, own, stage):
        self.user, self.photo = user, newsroom.photo(kind="rights_managed")
        self.story = newsroom.article(owner=user if own else colleague, photos=[self.photo])
        self.first = self.story.record()
        self.story.headline = "A second thought"
        self.story.save()
        self.story.publish(without_failing_photos=True)
        self.story.headline = "A third thought"
        self.story.save()
        self.scheduled = self.story.publish(at=timezone.now() + timedelta(days=2), without_failing_photos=True)
        self.link = PreviewLink.objects.share(self.story, by=None, expires_at=timezone.now() + timedelta(days=1))
        self.task = self.story.tasks.create(text="Somebody else’s", assignee=colleague)
        Article.objects.filter(pk=self.story.pk).update(stage=stage)
        self.story.refresh_from_db()

    @property
    def coming(self):
        return self.story.editions.get(pk=self.scheduled.pk)

    def state(self):
        fresh = Article.objects.get(pk=self.story.pk)
        self.link.refresh_from_db(), self.task.refresh_from_db()
        counts = (fresh.versions, fresh.editions, fresh.coming_editions(), fresh.comments, fresh.preview_links)
        cleared = Clearance.objects.filter(photo=self.photo).count()
        facts = (fresh.headline, fresh.stage, self.link.revoked_at, self.task.done_at, cleared)
        return (*facts, *(each.count() for each in counts))


LIVE_CASES = list(itertools.product(ROLES, (True, False), ("draft", "ready")))


@contextmanager
def undone():
    """Take back what happens within, so that one story serves every verb."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize(("role", "own", "stage"), LIVE_CASES)
def test_verbs_on_live_stories_obey_the_matrix_too(role, own, stage, colleague):
    it = LiveStory(member(role), colleague, own, stage)
    before = it.state()
    for name, (act, allowed) in LIVE_ACTIONS.items():
        with undone():
            it.story = Article.objects.get(pk=it.story.pk)
            if allowed(role, own, stage):
                act(it)
                assert it.state() != before, name
            else:
                with pytest.raises((PermissionDenied, ValidationError)):
                    act(it)
                assert it.state() == before, name


@pytest.mark.parametrize("role", ROLES)
def test_nobody_deletes_stories_in_bulk_or_one_by_one(role, colleague, client):
    user = member(role)
    client.force_login(user)
    story = a_story(user, colleague, True, "draft")
    data = {"action": "delete_selected", "_selected_action": [str(story.pk)], "post": "yes"}
    client.post(reverse("admin:articles_article_changelist"), data)
    client.post(reverse("admin:articles_article_delete", args=[story.pk]), {"post": "yes"})
    assert Article.objects.filter(pk=story.pk).exists()


@pytest.mark.parametrize("role", ROLES)
def test_writers_give_nobody_another_name(role, client):
    client.force_login(member(role))
    person = newsroom.person()
    address = reverse("admin:articles_person_change", args=[person.pk])
    data = {
        "name": person.name, "slug": person.slug, "sort_name": "", "description": "", "same_as": "",
        "aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "0", "aliases-0-name": "The Lighthouse", "aliases-0-person": person.pk,
    }  # fmt: skip
    client.post(address, data)
    assert person.aliases.filter(name="The Lighthouse").exists() == (role in EDITORS), role


@pytest.mark.parametrize("do", ["take", "ask", "stay"])
def test_who_may_only_read_never_counts_as_writing(do, colleague, client):
    story = a_story(colleague, colleague, False, "draft")
    client.force_login(member("photo desk"))
    address = reverse("admin:articles_article_presence", args=[story.pk])
    answer = client.post(address, {"tab": "one", "do": do}, content_type="application/json")
    assert answer.json()["writing"] is False
    assert not story.presences.filter(is_writing=True).exists()


@pytest.mark.parametrize(("role", "own", "stage"), CASES)
def test_the_page_of_a_story_saves_for_those_alone_who_may_edit_it(role, own, stage, colleague, client):
    user = member(role)
    client.force_login(user)
    story = a_story(user, colleague, own, stage)
    url = reverse("admin:articles_article_change", args=[story.pk])
    page = client.get(url)
    assert page.status_code == 200
    answer = client.post(url, form_of(story) | {"headline": "Changed by hand"})
    changed = Article.objects.get(pk=story.pk).headline == "Changed by hand"
    assert changed == may_edit(role, own, stage)
    assert answer.status_code == (302 if changed else 403)
    kept = client.post(
        reverse("admin:articles_article_autosave", args=[story.pk]),
        {"revision": 1, "fields": {"headline": "x"}},
        content_type="application/json",
    )
    assert (kept.status_code == 200) == may_edit(role, own, stage)


def form_of(story):
    return {
        "headline": story.headline, "standfirst": story.standfirst, "body": story.body, "kind": story.kind,
        "lead_layout": "wide", "review_scale": 5, "site": story.site_id, "section": story.section_id, "slug": story.slug,
        "based_on": story.revision, "writers": [link.author_id for link in story.articleauthor_set.all()],
        "owner": story.owner_id or "",
    }  # fmt: skip


def test_a_restricted_story_exists_on_no_admin_surface_for_others(client, colleague, editor):
    secret = newsroom.article(headline="Obituary written ahead", people=[newsroom.person()], owner=colleague)
    secret.restricted_to.add(colleague)
    secret.record(by=colleague) if secret.is_editable_by(colleague) else secret.record()
    secret.tasks.create(text="Obituary task")
    client.force_login(editor)
    for name in ("change", "publishing", "panel", "preview", "versions", "history", "delete"):
        answer = client.get(reverse(f"admin:articles_article_{name}", args=[secret.pk]), follow=True)
        assert answer.status_code in (403, 404) or "Obituary written ahead" not in answer.content.decode(), name
        assert answer.request["PATH_INFO"] == reverse("admin:index") or answer.status_code in (403, 404), name
    for name in (
        "submit",
        "publish",
        "withdraw",
        "move",
        "comment",
        "assign",
        "discard",
        "share",
        "presence",
        "autosave",
    ):
        assert client.post(reverse(f"admin:articles_article_{name}", args=[secret.pk])).status_code == 404, name
    person = newsroom.person()
    pages = [
        reverse("admin:index"),
        reverse("admin:articles_article_changelist"),
        reverse("admin:articles_article_changelist") + "?q=Obituary",
        reverse("admin:autocomplete") + "?app_label=articles&model_name=article&field_name=related&term=Obituary",
        reverse("admin:articles_person_change", args=[person.pk]),
        reverse("admin:articles_auditentry_changelist"),
        reverse("admin:articles_previewlink_changelist"),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "Obituary written" not in answer.content.decode().replace("q=Obituary", "").replace(
            'value="Obituary"', ""
        ), page


def test_a_publisher_cannot_act_on_a_restricted_story_by_its_verbs(colleague):
    user = member("publisher")
    secret = newsroom.article(owner=colleague)
    secret.restricted_to.add(colleague)
    for act in (
        lambda: secret.publish(by=user),
        lambda: secret.move(slug="found", by=user),
        lambda: secret.comment("?", by=user),
        lambda: secret.restore(secret.record(), by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_role_confined_to_a_section_acts_there_alone(colleague):
    user = member("publisher")
    music, live = newsroom.section("Music"), newsroom.section("Live", parent=newsroom.section("Music"))
    scope = SectionScope.objects.create(group=Group.objects.get(name="publisher"))
    scope.sections.add(music)
    inside = newsroom.article("Inside", section=live)
    outside = newsroom.article("Outside", section=newsroom.section("Film"))
    inside.publish(by=user)
    with pytest.raises(PermissionDenied):
        outside.publish(by=user)
    assert inside.is_editable_by(user)
    assert not outside.is_editable_by(user)


@pytest.mark.parametrize(
    ("role", "permission", "granted"),
    [
        ("writer", "articles.add_personalias", False),
        ("writer", "media.clear_photo", False),
        ("writer", "articles.delete_article", False),
        ("writer", "articles.publish_article", False),
        ("editor", "articles.add_personalias", True),
        ("editor", "articles.publish_article", False),
        ("photo desk", "media.kill_photo", True),
        ("photo desk", "articles.change_article", False),
        ("publisher", "articles.override_gate", True),
        ("publisher", "articles.override_embargo", False),
        ("publisher", "articles.seal_article", False),
        ("admin", "articles.seal_article", True),
    ],
)
def test_roles_hold_what_their_work_needs(role, permission, granted):
    assert member(role).has_perm(permission) is granted


def test_a_writer_shares_no_preview_of_a_restricted_draft():
    user = member("writer")
    secret = newsroom.article(owner=user)
    end = timezone.now() + timedelta(days=1)
    assert PreviewLink.objects.share(secret, by=user, expires_at=end)
    secret.restricted_to.add(user)
    with pytest.raises(PermissionDenied):
        PreviewLink.objects.share(secret, by=user, expires_at=end)
