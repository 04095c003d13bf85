"""A walk over every form of the admin, as pages show them: each acts once, and none forgets what was typed into it."""

import re
from contextlib import contextmanager
from functools import partial

import pytest
from django.apps import apps
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from articles.access.sent_form import SentForm
from articles.stories.calendar_link import CalendarLink
from media.models import Right

from . import newsroom
from .desk_forms import read, walk
from .route_verdicts import OTHERS, STORY, picture
from .test_route_permissions import World

pytestmark = pytest.mark.django_db
WORDS = "Words that somebody typed"
# No form leads here: a page's script sends JSON, or a file by itself.
BY_SCRIPT = {
    # Shown to whoever may not clear photos.
    "admin:articles_article_ask_clearance",
    "admin:articles_article_autosave", "admin:articles_article_frame", "admin:articles_article_move_edition", "admin:articles_article_presence", "admin:media_photo_upload", "admin:media_photo_file",
    "picker-clean", "picker-structure", "picker-build", "picker-mentions",
}  # fmt: skip
# The page of a story keeps and sends what is typed in its own way: tests/browser/test_keeping.py and test_saving.py.
STORY_PAGE = {"admin:articles_article_add", "admin:articles_article_change"}
# What a form needs to be accepted, beside its required fields; each is asked of the world.
SAMPLES = {
    "admin:media_photo_act": lambda world: {"verb": "settle"},
    "admin:articles_person_merge": lambda world: {"double": world.rows["articles_person"].pk},
    "admin:articles_work_merge": lambda world: {"double": world.rows["articles_work"].pk},
    "admin:articles_person_erase": lambda world: {"confirm": "A double", "reason": "Request 12"},
    "admin:articles_article_seal": lambda world: {"confirm": "held", "reason": "A court order"},
    "admin:articles_apitoken_add": lambda world: {"user": world.root.pk},
    "admin:articles_sectionscope_add": lambda world: {"user": world.root.pk, "sections": world.film.pk},
    "admin:auth_user_add": lambda world: {
        "usable_password": "true", "password1": "a good long one", "password2": "a good long one",
    },
    "admin:password_change": lambda world: {
        "old_password": "a long password", "new_password1": "a good long one", "new_password2": "a good long one",
    },
    "admin:media_usage_add": lambda world: {"photo": world.photo.pk, "live_from_0": "2026-03-01", "live_from_1": "20:00"},
    "admin:media_site_add": lambda world: {"url_template": "https://two.example.com{path}", "time_zone": "UTC", "locale": "en", "channels": "web"},
    "admin:media_folderrule_add": lambda world: {"folder": "staff", "kind": "staff"},
    "admin:media_licence_add": lambda world: {
        "document": picture("licence.pdf"), "agency": world.photo.credit.agencies.first().pk,
    },
}  # fmt: skip


# What their last step sends is not all on the page of the first.
IN_STEPS = {"admin:articles_article_import", "admin:articles_article_bulk", "admin:media_photo_notice"}


@pytest.fixture
def world():
    made = World()
    made.root.set_password("a long password")
    made.root.save()
    return made


@pytest.fixture
def desk(world):
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    client.force_login(world.root)
    return client


@pytest.fixture
def forms(world, desk):
    return [*walk(desk), *found_by_asking(world, desk)]


def found_by_asking(world, desk):
    """Yield the forms of stories in some state, and those that only a search or a choice in a list leads to."""
    Right.objects.create(photo=world.paid, effect="allow", cost="paid", note="n")
    paid = newsroom.article("Paid for", lead=world.paid)
    paid.record()
    of = partial(reverse, "admin:articles_article_publishing")
    pages = [of(args=[paid.pk]), of(args=[world.stories["draft", "other"].pk]), world.paid.get_absolute_url()]
    pages.append(f"{reverse('admin:articles_person_erase_name')}?name=Film")
    CalendarLink.objects.give(get_user_model().objects.get(pk=desk.session["_auth_user_id"]))
    pages.append(reverse("admin:articles_article_day"))
    wanted = ("clear_photo", "clear_photo_here", "submit", "revoke", "finish", "erase_name", "unsubscribe")
    for page in pages:
        forms = read(page, desk.get(page).content.decode()).forms
        yield from (form for form in forms if form.route.endswith(wanted))
    page = f"{reverse('admin:articles_article_everywhere')}?words=Friday"
    yield from (form for form in read(page, desk.get(page).content.decode()).forms if "instead" in form.names)
    page = reverse("admin:articles_article_changelist")
    listed = read(page, desk.get(page, {"q": "draft"}).content.decode()).forms
    yield from (form for form in listed if form.route.endswith("keep_filter"))
    ticked = {"action": "ready", ACTION_CHECKBOX_NAME: [world.stories["draft", "other"].pk], "index": "0"}
    answer = desk.post(page, next(form for form in listed if "action" in form.names).sent() | ticked)
    yield from (form for form in read(page, answer.content.decode()).forms if form.route.endswith("bulk"))
    page = reverse("admin:media_photo_changelist")
    chosen = next(
        form for form in read(page, desk.get(page).content.decode()).forms if ACTION_CHECKBOX_NAME in form.names
    )
    for action in (
        "apply_credit", "apply_event", "apply_caption", "apply_keywords", "apply_people", "apply_right", "replace_words",
    ):  # fmt: skip
        answer = desk.post(
            page, chosen.sent() | {"action": action, ACTION_CHECKBOX_NAME: [world.photo.pk], "index": "0"}
        )
        yield from (form for form in read(page, answer.content.decode()).forms if "apply" in dict(form.buttons))
    page = reverse("admin:media_photo_notice")
    answer = desk.post(
        page, read(page, desk.get(page).content.decode()).forms[-1].sent() | {"text": f"Kill {world.photo.pk}"}
    )
    yield from (form for form in read(page, answer.content.decode()).forms if "reason" in form.names)


def named(form) -> str:
    return f"{form.route} on {form.page}: {sorted(form.names)[:6]}"


@contextmanager
def undone(desk):
    """Take back what happens within, and the session that goes with it."""
    cookies = {name: each.value for name, each in desk.cookies.items()}
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    desk.cookies.clear()
    desk.cookies.load(cookies)


def rows() -> dict:
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_models() if model is not SentForm and model._meta.app_label != "sessions"
    }  # fmt: skip


def filled(world, form) -> dict:
    """Return what a hurried person sends: what has to be there, and the first button."""
    data = form.sent()
    for each in form.controls:
        if each.required and not any(each.values):
            data[each.name] = {"number": "1", "url": "https://example.com/walk", "email": "a@example.com"}.get(
                each.kind, next(filter(None, each.options), "Walked")
            )
    verdict = OTHERS.get(form.route) or STORY.get(form.route.removeprefix("admin:articles_article_"))
    if verdict and verdict.data and not verdict.as_json:
        story = next((each for each in world.stories.values() if str(each.pk) in form.action), None)
        given = verdict.data(world, story or world.stories["live", "own"])
        data |= {name: value for name, value in given.items() if name in form.names or form.route in IN_STEPS}
    data |= SAMPLES.get(form.route, lambda world: {})(world)
    return data | dict(form.buttons[:1])


def test_every_form_is_found_and_has_a_key(forms):
    assert [named(form) for form in forms if "form_key" not in form.names] == []
    posted = {name for name, verdict in OTHERS.items() if name.startswith("admin:") and verdict.post}
    posted |= {f"admin:articles_article_{name}" for name, verdict in STORY.items() if verdict.post}
    assert posted - BY_SCRIPT - {form.route for form in forms} == set(), "No page leads to these."


def test_a_form_without_a_key_would_be_found(desk):
    page = read("/admin/", '<form method="post"><input name="text"></form>')
    assert "form_key" not in page.forms[0].names


def test_no_form_acts_twice(world, desk, forms):
    faults = []
    for form in forms:
        if form.route in STORY_PAGE or form.route == "admin:logout" or form.route.endswith("_changelist"):
            continue
        with undone(desk):
            data = filled(world, form)
            first = desk.post(form.action, data)
            after, mails = rows(), len(mail.outbox)
            for file in data.values():
                getattr(file, "seek", int)(0)
            second = desk.post(form.action, data)
            # Our own list of outcomes, and pages that even an administrator only reads.
            is_page = re.search(b"Corrected: 1|Changed 1 story", first.content) or (
                first.status_code == 403 and not typed_into(form)
            )
            has_acted = is_page or first.status_code == 302
            same = first.status_code == second.status_code and first.get("Location") == second.get("Location")
            same = same and (first.content == second.content or first.status_code == 403)
            if not (has_acted and same) or rows() != after or len(mail.outbox) != mails:
                faults.append(f"{named(form)} {first.status_code} {second.status_code} {complaints(first)}")
    assert faults == [], "\n".join(faults)


def complaints(answer) -> list:
    return re.findall(r"errorlist[^>]*>(.*?)</ul>", answer.content.decode(), re.DOTALL)[:3]


def typed_into(form) -> dict:
    """Return words in every field that takes words."""
    texts = [
        each
        for each in form.controls
        if each.kind in ("text", "textarea", "search", "") and "__prefix__" not in each.name
    ]
    return {each.name: WORDS[: each.most or None] for each in texts}


def test_no_ended_login_takes_what_was_typed(world, desk, forms):
    faults = []
    for form in forms:
        if typed := typed_into(form):
            login = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
            login.cookies["csrftoken"] = desk.cookies["csrftoken"].value
            page = login.post(form.action, form.sent() | typed)
            (kept,) = (each for each in read("/", page.content.decode()).forms if "typed" in each.names)
            page = login.post(kept.action, kept.sent() | {"username": "root", "password": "a long password"})
            found = next(iter(read("/", page.content.decode()).forms)).sent()
            if any(found.get(name) != [value] for name, value in typed.items()):
                faults.append(named(form))
    assert faults == [], "\n".join(faults)


def test_no_refusal_forgets_what_was_typed(world, desk, forms):
    """Too many words, or a field that must be there and is not: whatever is complained of, the others stay as typed."""
    faults = []
    for form in forms:
        typed = typed_into(form)
        if not typed or form.route in STORY_PAGE:
            continue
        data = filled(world, form) | typed
        data |= {each.name: "x" for each in form.controls if each.kind == "number" and "__prefix__" not in each.name}
        data |= {
            each.name: ""
            for each in form.controls
            if each.kind in ("select", "hidden") and each.name in ("kind", "user", "agency")
        }
        with undone(desk):
            answer = desk.post(form.action, data)
            if answer.status_code == 302:
                continue
            same = [each.sent() for each in read(form.page, answer.content.decode()).forms if each.route == form.route]
            if not any(all(each.get(name) == [value] for name, value in typed.items()) for each in same):
                lost = {name for name, value in typed.items() if not any(each.get(name) == [value] for each in same)}
                faults.append(f"{named(form)} {answer.status_code} lost {lost}")
    assert faults == [], "\n".join(faults)
