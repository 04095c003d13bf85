"""Whatever refuses a form gives back what was typed into it: an ended login, a token of before, a closed door, a fault."""

import html
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.access.sent_form import SentForm
from articles.management import housekeeping
from articles.models import ApiToken, Article, Comment, Person
from media.models import Licence

from . import newsroom
from .desk_forms import read

pytestmark = pytest.mark.django_db
WORDS = "A long thought, typed “here” & now"


@pytest.fixture
def story():
    made = newsroom.article()
    made.record()
    return made


@pytest.fixture
def desk(editor):
    """A browser that sends forms as pages hold them, with the token that is looked at."""
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    client.force_login(editor)
    return client


def form_on(client, page, route):
    """Return the first form of the page that leads to this route."""
    found = read(page, client.get(page).content.decode())
    return next(form for form in found.forms if form.route == f"admin:{route}")


def comment_form(client, story):
    page = reverse("admin:articles_article_publishing", args=[story.pk])
    return form_on(client, page, "articles_article_comment")


def send(client, form, **typed):
    return client.post(form.action, form.sent() | typed)


def again(client, page, **typed):
    """Send the form that a page gave back, as it came."""
    (form,) = [form for form in read("/", page.content.decode()).forms if "csrfmiddlewaretoken" in form.names]
    return client.post(form.action, form.sent() | typed)


# Once


def test_a_second_click_makes_nothing_and_gets_the_first_answer(desk, story):
    form = comment_form(desk, story)
    first, second = (send(desk, form, text=WORDS) for _ in range(2))
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert Comment.objects.count() == 1
    said = desk.get(second.url).content.decode()
    assert said.count("Comment added.") == 1


def test_going_back_and_writing_something_else_is_another_form(desk, story):
    form = comment_form(desk, story)
    send(desk, form, text="One"), send(desk, form, text="Two")
    assert set(Comment.objects.values_list("text", flat=True)) == {"One", "Two"}


def test_a_duplicate_asked_for_twice_is_one_story(desk, story):
    page = reverse("admin:articles_article_publishing", args=[story.pk])
    form = form_on(desk, page, "articles_article_duplicate")
    first, second = send(desk, form), send(desk, form)
    assert Article.objects.count() == 2 and first.url == second.url


def test_the_page_of_a_new_row_acts_once_in_a_popup_too(desk):
    page = reverse("admin:articles_person_add")
    form = form_on(desk, f"{page}?_popup=1", "articles_person_add")
    first, second = (send(desk, form, name="Ida Brandt", _popup="1") for _ in range(2))
    assert Person.objects.filter(name="Ida Brandt").count() == 1
    assert first.content == second.content and b"Ida Brandt" in second.content


def test_a_refusal_is_not_kept_for_later(desk, story):
    form = comment_form(desk, story)
    assert send(desk, form, text=" ").status_code == 422
    assert not SentForm.objects.exists()


def test_a_repeated_token_is_shown_again_and_stands_nowhere_in_clear(desk, editor):
    form = form_on(desk, reverse("admin:articles_apitoken_add"), "articles_apitoken_add")
    send(desk, form, name="Wire", user=str(editor.pk))
    second = send(desk, form, name="Wire", user=str(editor.pk))
    assert ApiToken.objects.count() == 1
    secret = f"mq_{ApiToken.objects.get().prefix}_"
    assert secret in desk.get(second.url, follow=True).content.decode()
    assert secret.encode() not in bytes(SentForm.objects.get().answer)


def test_another_colleague_with_the_same_form_acts_for_themselves(desk, outsider, story):
    form = comment_form(desk, story)
    send(desk, form, text=WORDS)
    other = Client()
    outsider.is_superuser = True
    outsider.save()
    other.force_login(outsider)
    other.post(form.action, form.sent() | {"text": WORDS})
    assert Comment.objects.count() == 2


def test_sent_forms_are_forgotten_after_a_day(desk, story):
    send(desk, comment_form(desk, story), text=WORDS)
    housekeeping.delete_what_is_over(timezone.now() + timedelta(hours=23))
    assert SentForm.objects.exists()
    housekeeping.delete_what_is_over(timezone.now() + timedelta(hours=25))
    assert not SentForm.objects.exists()


def test_one_mail_is_sent_to_who_asks_twice_for_a_new_password(editor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client, page = Client(), reverse("admin_password_reset")
    (form,) = read(page, client.get(page).content.decode()).forms
    first, second = (send(client, form, email=editor.email) for _ in range(2))
    assert len(mail.outbox) == 1 and first.url == second.url


# On its own page


def test_a_refused_correction_keeps_its_note_moment_and_zone(desk, story):
    story.publish()
    page = reverse("admin:articles_article_publishing", args=[story.pk])
    form = form_on(desk, page, "articles_article_publish")
    typed = {
        "publish-kind": "correction", "publish-public_note": WORDS, "publish-when": "2030-03-10T02:30",
        "publish-zone": "America/Denver", "schedule": "1",
    }  # fmt: skip
    answer = send(desk, form, **typed)
    assert answer.status_code == 422
    kept = next(each for each in read(page, answer.content.decode()).forms if each.route == form.route).sent()
    for name in typed.keys() - {"schedule"}:
        assert kept[name] == [typed[name]]
    text = answer.content.decode()
    assert text.count("does not exist") == 1 and "<details open><summary>Schedule" in text


def test_a_refused_photo_action_keeps_its_form(desk):
    photo = newsroom.photo()
    page = reverse("admin:media_photo_change", args=[photo.pk])
    forms = read(page, desk.get(page).content.decode()).forms
    form = next(form for form in forms if ("verb", "kill") in form.buttons)
    answer = send(desk, form, verb="kill", reason=" ", public_note=WORDS)
    assert answer.status_code == 422 and f'value="{html.escape(WORDS)}"' in answer.content.decode()


def test_a_file_that_is_gone_with_a_refused_form_is_named(desk):
    form = form_on(desk, reverse("admin:media_licence_add"), "media_licence_add")
    page = send(desk, form, document=SimpleUploadedFile("signed.pdf", b"x"), reference="", note=WORDS)
    text = html.unescape(page.content.decode())
    assert "Choose “signed.pdf” again" in text and WORDS in text and not Licence.objects.exists()


# Where no page of its own answers


def test_who_was_logged_out_logs_in_and_sends_it(desk, editor, story):
    form = comment_form(desk, story)
    desk.logout()
    login = send(desk, form, text=WORDS)
    assert login.status_code == 403 and not Comment.objects.exists()
    wrong = again(desk, login, username="editor", password="not that")
    offered = again(desk, wrong, username="editor", password="a long password")
    assert WORDS in html.unescape(offered.content.decode())
    assert again(desk, offered).status_code == 302
    assert Comment.objects.get().text == WORDS


def test_what_one_colleague_typed_is_not_given_to_the_next_who_logs_in(desk, outsider, story):
    form = comment_form(desk, story)
    desk.logout()
    login = send(desk, form, text=WORDS)
    answer = again(desk, login, username="outsider", password="a long password")
    assert answer.status_code == 302 and WORDS not in html.unescape(answer.content.decode())


def test_a_login_in_another_tab_loses_nothing(desk, editor, story):
    form = comment_form(desk, story)
    desk.logout()
    page = reverse("admin:login")
    (login,) = read(page, desk.get(page).content.decode()).forms
    send(desk, login, username="editor", password="a long password")
    offered = send(desk, form, text=WORDS)
    assert offered.status_code == 403 and not Comment.objects.exists()
    assert again(desk, offered).status_code == 302 and Comment.objects.get().text == WORDS


def test_another_site_is_offered_nothing(desk, editor, story):
    page = desk.post(reverse("admin:articles_article_comment", args=[story.pk]), {"text": WORDS, "form_key": "1.x:y"})
    assert page.status_code == 403 and WORDS not in html.unescape(page.content.decode())


def test_a_story_that_is_gone_gives_the_comment_back(desk, story):
    form = comment_form(desk, story)
    story.seal(reason="Order 7")
    answer = send(desk, form, text=WORDS)
    assert answer.status_code == 404 and WORDS in html.unescape(answer.content.decode())


def test_who_lost_a_permission_keeps_the_words(desk, editor, story):
    form = form_on(desk, reverse("admin:articles_source_add"), "articles_source_add")
    editor.is_superuser = False
    editor.save()
    answer = send(desk, form, name=WORDS)
    assert answer.status_code == 403 and WORDS in html.unescape(answer.content.decode())


def test_a_database_that_is_locked_keeps_the_words(desk, story, monkeypatch):
    form = comment_form(desk, story)

    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(Article, "comment", locked)
        answer = send(desk, form, text=WORDS)
    assert answer.status_code == 503 and WORDS in html.unescape(answer.content.decode())
    assert again(desk, answer).status_code == 302 and Comment.objects.get().text == WORDS


def test_passwords_are_in_no_page_that_gives_something_back(desk, editor):
    form = form_on(desk, reverse("admin:password_change"), "password_change")
    desk.logout()
    page = send(
        desk, form, old_password="a long password", new_password1="another secret", new_password2="another secret"
    )
    offered = again(desk, page, username="editor", password="a long password")
    assert b"another secret" not in page.content + offered.content
