"""Accounts at the desk: who finds whom, nobody makes anybody more than they are, and the log says who did what."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from articles.models import Article, AuditEntry, Author, Endpoint, SectionScope

from . import newsroom
from .test_permissions import form_of

pytestmark = pytest.mark.django_db
ROLES = ("writer", "editor", "photo desk", "publisher", "admin")


def member(role, name="somebody", **fields):
    user = get_user_model().objects.create_user(name, f"{name}@example.com", "a long password", is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def admin(client):
    user = member("admin", "adele")
    client.force_login(user)
    return user


@pytest.fixture
def root():
    return get_user_model().objects.create_superuser("root", "root@example.com", "a long password")


def log(verb):
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


# Finding colleagues


@pytest.mark.parametrize("role", ROLES)
def test_whoever_edits_the_field_finds_colleagues_by_their_names_alone(role, client):
    member("writer", "mara", first_name="Mara", last_name="Okonjo")
    member("writer", "former", first_name="Mara", last_name="Left", is_active=False)
    get_user_model().objects.create_user("reader", first_name="Mara", last_name="Reader")
    client.force_login(member(role))
    answer = client.get(reverse("picker-colleagues"), {"term": "mara"})
    if role == "photo desk":
        assert answer.status_code == 403
        return
    assert [row["text"] for row in answer.json()["results"]] == ["Mara Okonjo"]
    assert "example.com" not in answer.content.decode()


@pytest.mark.parametrize("role", ["writer", "editor", "publisher", "admin"])
def test_the_pages_ask_there(role, client):
    user = member(role)
    client.force_login(user)
    story = newsroom.article(owner=user)
    page = client.get(reverse("admin:articles_article_change", args=[story.pk])).content.decode()
    assert page.count(f'data-ajax--url="{reverse("picker-colleagues")}"') == 2
    if role != "writer":
        page = client.get(reverse("admin:articles_author_add")).content.decode()
        assert page.count(f'data-ajax--url="{reverse("picker-colleagues")}"') == 1


def test_who_has_left_stays_where_they_are_named_and_is_chosen_nowhere(client):
    gone = member("writer", "gone", first_name="Gone", last_name="Girl", is_active=False)
    client.force_login(member("editor"))
    author = newsroom.author()
    Author.objects.filter(pk=author.pk).update(user=gone)
    address = reverse("admin:articles_author_change", args=[author.pk])
    assert "Gone Girl" in client.get(address).content.decode()
    data = {"name": author.name, "slug": author.slug, "job_title": "Critic", "same_as": "", "user": gone.pk}
    client.post(address, data)
    author.refresh_from_db()
    assert (author.job_title, author.user) == ("Critic", gone)
    story = newsroom.article()
    page = client.post(
        reverse("admin:articles_article_change", args=[story.pk]), form_of(story) | {"restricted_to": [gone.pk]}
    )
    assert page.status_code == 200
    assert not Article.objects.get(pk=story.pk).restricted_to.exists()


# Privileges


def account(user, **fields):
    return {
        "username": user.username, "email": user.email, "first_name": user.first_name, "last_name": user.last_name,
        "is_active": "on", "is_staff": "on", "groups": list(user.groups.values_list("pk", flat=True)),
        "user_permissions": list(user.user_permissions.values_list("pk", flat=True)),
        "date_joined_0": "2026-01-01", "date_joined_1": "12:00:00",
    } | fields  # fmt: skip


def change(client, user, **fields):
    answer = client.post(reverse("admin:auth_user_change", args=[user.pk]), account(user, **fields))
    user.refresh_from_db()
    return answer


def beyond():
    """A permission that the admin group lacks."""
    return Permission.objects.exclude(group__name="admin").first()


def test_the_admin_group_makes_nobody_a_superuser(client, admin):
    other = member("writer")
    for user in (admin, other):
        change(client, user, is_superuser="on", first_name="Changed")
        assert (user.is_superuser, user.first_name) == (False, "Changed")


def test_nobody_gives_what_they_do_not_hold(client, admin):
    other, lent = member("writer"), Group.objects.create(name="lent")
    lent.permissions.add(beyond())
    for fields in ({"user_permissions": [beyond().pk]}, {"groups": [lent.pk]}):
        for user in (admin, other):
            page = change(client, user, **fields)
            assert "You can only give permissions that you have yourself" in page.content.decode()
    assert not lent.user_set.exists()
    group = Group.objects.get(name="admin")
    page = client.post(
        reverse("admin:auth_group_change", args=[group.pk]),
        {"name": "admin", "permissions": [*group.permissions.values_list("pk", flat=True), beyond().pk]},
    )
    assert "You can only give permissions that you have yourself" in page.content.decode()
    assert not group.permissions.filter(pk=beyond().pk).exists()
    page = client.post(reverse("admin:auth_group_add"), {"name": "new", "permissions": [beyond().pk]})
    assert not Group.objects.filter(name="new").exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_an_account_that_can_do_more_is_not_theirs_to_change(client, admin, root, is_active):
    stronger = member("writer", "stronger", is_active=is_active)
    stronger.user_permissions.add(beyond())
    for user in (root, stronger):
        was = user.password
        assert change(client, user, email="mine@example.com").status_code == 403
        new = {"password1": "another long one", "password2": "another long one", "usable_password": "true"}
        assert client.post(reverse("admin:auth_user_password_change", args=[user.pk]), new).status_code == 403
        assert client.post(reverse("admin:auth_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
        client.post(reverse("admin:auth_user_changelist"), data)
        user.refresh_from_db()
        assert (user.email != "mine@example.com", user.password) == (True, was)


def test_superusers_do_and_the_log_says_so(client, root):
    client.force_login(root)
    user = member("writer")
    editors = Group.objects.get(name="editor")
    change(client, user, is_superuser="on", groups=[editors.pk], user_permissions=[beyond().pk])
    assert user.is_superuser
    entry = log("user.privileges_changed")[-1]
    code = f"{beyond().content_type.app_label}.{beyond().codename}"
    assert (entry.by, entry.subject) == (root, "somebody")
    assert entry.note == f"given: {', '.join(sorted([code, 'group editor', 'superuser']))}; taken: group writer"
    assert (
        "Permissions of a colleague changed"
        in client.get(reverse("admin:articles_auditentry_changelist")).content.decode()
    )


# The log


def test_the_log_holds_who_came_who_was_refused_and_who_left(client, root):
    login = reverse("admin:login")
    for name in ("root", "a long password"):
        client.post(login, {"username": name, "password": "wrong"})
    client.post(login, {"username": "root", "password": "a long password"})
    client.post(reverse("admin:logout"))
    assert [(each.subject, each.by) for each in log("user.login_failed")] == [("root", None), ("an unknown name", None)]
    assert [(each.by, each.note) for each in log("user.logged_in")] == [(root, "from 127.0.0.1")]
    assert [each.by for each in log("user.logged_out")] == [root]


def test_the_log_holds_who_was_sent_away_once(client, root):
    for _ in range(40):
        page = client.post(reverse("admin:login"), {"username": "root", "password": "wrong"})
        if len(log("user.login_locked")) and "Too many wrong passwords" in page.content.decode():
            break
    client.post(reverse("admin:login"), {"username": "root", "password": "wrong"})
    assert [each.subject for each in log("user.login_locked")] == ["root"]


def test_the_log_holds_new_passwords_wherever_they_were_typed(client, root):
    user = member("writer")
    client.force_login(user)
    twice = {"new_password1": "one more long password", "new_password2": "one more long password"}
    client.post(reverse("admin:password_change"), {"old_password": "a long password"} | twice)
    user.refresh_from_db()
    key = urlsafe_base64_encode(force_bytes(user.pk))
    page = client.get(reverse("password_reset_confirm", args=[key, default_token_generator.make_token(user)]))
    client.post(page["Location"], twice)
    client.force_login(root)
    new = {"password1": "another long one", "password2": "another long one", "usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[user.pk]), new)
    assert [each.subject for each in log("user.password_changed")] == ["somebody"] * 3
    assert [each.by for each in log("user.edited")] == [root]


def test_a_colleague_hears_of_a_password_that_somebody_else_set(
    client, root, mailoutbox, django_capture_on_commit_callbacks
):
    user = member("writer")
    type(user).objects.filter(pk=user.pk).update(email="writer@example.com")
    client.force_login(root)
    new = {"password1": "another long one", "password2": "another long one", "usable_password": "true"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("admin:auth_user_password_change", args=[user.pk]), new)
        client.post(reverse("admin:auth_user_password_change", args=[root.pk]), new)
    assert [(each.subject, each.by) for each in log("user.password_changed")] == [("somebody", root), ("root", root)]
    assert [mail.to for mail in mailoutbox] == [["writer@example.com"]]
    assert "root has set a new password" in mailoutbox[0].body


def test_the_log_holds_what_administrators_set_up(client, root):
    client.force_login(root)
    section, site = newsroom.section(), newsroom.site()
    client.post(reverse("admin:auth_user_add"), {
        "username": "new", "usable_password": "true", "password1": "another long one", "password2": "another long one",
    })  # fmt: skip
    user = get_user_model().objects.get(username="new")
    client.post(reverse("admin:auth_group_add"), {"name": "Interns", "permissions": []})
    client.post(reverse("admin:articles_sectionscope_add"), {"user": user.pk, "group": "", "sections": [section.pk]})
    scope = SectionScope.objects.get()
    client.post(reverse("admin:articles_sectionscope_delete", args=[scope.pk]), {"post": "yes"})
    client.post(reverse("admin:articles_endpoint_add"), {"name": "Front", "url": "https://example.com/"})
    assert Endpoint.objects.exists()
    site_page = client.get(reverse("admin:media_site_change", args=[site.pk]))
    form = site_page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    client.post(reverse("admin:media_site_change", args=[site.pk]), data | {"publisher_name": "New House"})
    found = {verb: log(verb)[-1] for verb in (
        "user.added", "user.privileges_changed", "group.added", "sectionscope.added", "sectionscope.deleted",
        "endpoint.added", "site.edited",
    )}  # fmt: skip
    assert {each.by for each in found.values()} == {root}
    assert found["sectionscope.added"].note == "Film"
    assert "Publisher name" in found["site.edited"].note


def test_the_log_holds_what_was_taken_away(client, root):
    client.force_login(root)
    photo = newsroom.photo()
    b"".join(client.get(reverse("admin:media_photo_original", args=[photo.pk])).streaming_content)
    client.get(reverse("admin:media_photo_evidence", args=[photo.pk]))
    b"".join(client.get(reverse("admin:media_usage_csv") + "?channel=web").streaming_content)
    entry = AuditEntry.objects.first()
    client.post(reverse("admin:articles_auditentry_changelist"), {"action": "export", "_selected_action": [entry.pk]})
    found = {verb: log(verb)[0] for verb in (
        "photo.original_downloaded", "photo.evidence_printed", "usage.exported", "log.exported",
    )}  # fmt: skip
    assert {each.by for each in found.values()} == {root}
    assert found["photo.original_downloaded"].subject == str(photo.pk)
    assert found["usage.exported"].note == "channel=web"
