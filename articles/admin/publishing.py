"""The publishing panel: what readers have, what they would get, and the buttons between the two."""

import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from media.counted import counted
from media.local_time import elsewhere, say
from media.models import Photo

from ..history import timeline
from ..live.preview import preview as document_of
from ..models import Article, Edition, LiveDocument, PreviewLink
from ..stories.content import snapshot
from ..stories.diff import changed_fields
from ..stories.follow_up import PLACES_OUT_OF_REACH
from ..text.given import whole_number
from . import clearance
from .pictures import address
from .publish_form import MomentForm, PublishForm
from .requests import StaffRequest
from .story_pages import StoryAdmin, of_story, valid, verb

JSON_PREVIEW = "/api/v1/preview/{token}/"

# Pages


@of_story
def page(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    return model_admin.page(
        request, "publishing.html", f"Publish “{story}”", story, is_page=True, **panel(request, story)
    )


@of_story
def fragment(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Answer with the panel alone; the page of the story loads it after itself."""
    context = {**panel(request, story), "story": story, "opts": model_admin.opts}
    return TemplateResponse(request, "admin/articles/article/_panel.html", context)


def panel(request: StaffRequest, story: Article) -> dict:
    """Return everything the panel shows."""
    now, user = timezone.now(), request.user
    live = story.live_edition(now)
    problems = story.problems(now)
    latest = story.latest_version
    return {
        "now": now,
        "state": state_of(story, now),
        "live": live,
        "latest": latest,
        "changed": changed_fields(live.version.content, snapshot(story)) if live else [],
        "problems": problems,
        "blocking": [problem for problem in problems if problem.blocks],
        "owed": clearance.owed(story, problems),
        "quotas": clearance.quotas(story, now),
        "may_clear": user.has_perm("media.clear_photo"),
        "failing_photos": [problem for problem in problems if problem.blocks and problem.photo],
        "coming": [coming_row(story, edition) for edition in story.coming_editions(now)],
        "form": PublishForm(story, prefix="publish"),
        "leaving": MomentForm(story, prefix="withdraw"),
        "colleagues": colleagues() if user.has_perm("articles.edit_others_articles") else (),
        "moves": story.is_address_public(),
        "links": _with_addresses(request, story),
        "siblings": Article.objects.siblings_of(story).visible_to(user),
        "comments": story.comments.select_related("by"),
        "tasks": story.tasks.unfinished().by_urgency().select_related("assignee", "by", "photo"),
        "may_publish": user.has_perm("articles.publish_article") and story.is_in_reach_of(user),
        "may_override": user.has_perm("articles.override_gate"),
        "may_edit": story.is_editable_by(user),
        "may_judge": user.has_perm("articles.edit_others_articles"),
        "may_share": user.has_perm("articles.share_preview"),
        "silent_checklist": PLACES_OUT_OF_REACH,
        "ever_published": story.editions.exists(),
        "json_url": f"/api/v1/articles/{story.slug}/",
        "preview_host": urlsplit(preview_form(request, story)).netloc,
        "preview_is_here": not (story.site.preview_url_template or settings.PREVIEW_URL_TEMPLATE),
        "preview_is_json": is_json(preview_form(request, story)),
    }


def colleagues() -> QuerySet[User]:
    """Return whom a story can be given to, by user name."""
    return get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")[:300]


def state_of(story: Article, now: datetime) -> tuple[str, str]:
    """Return the state as a word for the style sheet and a sentence for people."""
    spans = story.timeline()
    window = timeline.at(spans, now)
    if window is None:
        scheduled = timeline.coming(spans, now)
        return ("coming", "Scheduled; readers do not see it yet.") if scheduled else ("never", "Not published.")
    if window.gone:
        return "gone", "Readers no longer see it (410)."
    zone = story.site.zone
    until = "" if window.live_until == timeline.FOREVER else f" until {say(window.live_until, zone)}"
    return "live", f"Live since {say(window.live_from, zone)}{until}."


def coming_row(story: Article, edition: Edition) -> dict:
    return {"edition": edition, "when": elsewhere(edition.live_from, edition.time_zone, story.site.time_zone)}


def present_documents() -> Prefetch:
    """Return what `live_pill` reads, in one query for a whole list."""
    documents = LiveDocument.objects.filter(live_until__gt=timezone.now())
    columns = documents.only("article", "status", "live_from", "live_until")
    return Prefetch("live_documents", columns, to_attr="present_documents")


def live_pill(story: Article) -> SafeString:
    """Return the live state for the list, from the documents the list has loaded."""
    now = timezone.now()
    rows = getattr(story, "present_documents", ())
    present = next((row for row in rows if row.live_from <= now), None)
    ahead = sorted(row.live_from for row in rows if row.live_from > now and row.status == 200)
    if present and present.status == 200:
        extra = (
            format_html(' <span class="quiet">next {}</span>', f"{timezone.localtime(ahead[0]):%-d %b %H:%M}")
            if ahead
            else ""
        )
        return format_html('<span class="pill pill-live">live</span>{}', extra)
    if ahead:
        return format_html('<span class="pill pill-coming">{}</span>', f"{timezone.localtime(ahead[0]):%-d %b %H:%M}")
    if present:
        return format_html('<span class="pill pill-gone">{}</span>', "gone")
    return format_html('<span class="quiet">{}</span>', "–")


@of_story
def when(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> JsonResponse:
    """Answer what a moment is as the clocks of the editor, the site and two more places show it."""
    form = MomentForm(story, request.GET, prefix="publish")
    if not form.is_valid():
        problem = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
        return JsonResponse({"times": [], "problem": problem})
    data = form.cleaned_data
    moments = [data[f"{name}_at"] for name in form.moments if data.get(f"{name}_at")]
    return JsonResponse(
        {"times": [elsewhere(each, data["zone"], story.site.time_zone) for each in moments], "problem": ""}
    )


@of_story
def preview(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> HttpResponse:
    """Show what readers would get, for a last look; `?json` answers the document itself."""
    document = document_of(story, snapshot(story), timezone.now())
    if "json" in request.GET:
        return HttpResponse(document, content_type="application/json")
    content = json.loads(document)
    return model_admin.page(
        request,
        "preview.html",
        f"Preview of “{story}”",
        story,
        document=content,
        lead_address=_address_of(content["lead"]),
    )


def _address_of(lead: dict | None) -> str:
    photo = Photo.objects.filter(pk=lead["id"]).first() if lead else None
    return address(photo) if photo else ""


# Verbs


@verb
def publish(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> SafeString:
    form = PublishForm(story, request.POST, prefix="publish")
    data = valid(form)
    if "schedule" in request.POST and not data.get("when_at"):
        raise ValidationError("Choose the moment to go live at.")
    if "schedule" not in request.POST and data.get("when_at"):
        raise ValidationError("You chose a moment to go live at: press “Schedule”, or empty it to publish now.")
    edition = story.publish(
        by=request.user, at=data.get("when_at"), ends=data.get("ends_at"),
        kind=data["kind"] or None, note=data["note"], public_note=data["public_note"].strip(),
        override=data["override"].strip(), time_zone=data["zone"],
        without_failing_photos=data["without_failing_photos"] or "without" in request.POST,
    )  # fmt: skip
    return what_happened(story, edition)


def what_happened(story: Article, edition: Edition) -> SafeString:
    """Return the message after publishing, with a link to what readers get."""
    url = f"/api/v1/articles/{story.slug}/"
    if edition.live_from > timezone.now():
        when = "; ".join(elsewhere(edition.live_from, edition.time_zone, story.site.time_zone))
        return format_html("Scheduled as {}: {}.", str(edition), when)
    count = len(edition.without_photos)
    left_out = f" {counted(count, 'photo was', 'photos were')} left out." if count else ""
    return format_html('Live now as {}.{} <a href="{}">What readers get (JSON)</a>', str(edition), left_out, url)


@verb
def withdraw(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise ValidationError("Write why the story is withdrawn; colleagues will ask.")
    silent = request.POST.get("how") == "silent"
    redirect_to = request.POST.get("redirect_to", "").strip() if request.POST.get("how") == "redirect" else ""
    if request.POST.get("how") == "redirect" and not redirect_to:
        raise ValidationError("Write the address readers are led to.")
    at = valid(MomentForm(story, request.POST, prefix="withdraw")).get("when_at")
    story.withdraw(
        by=request.user, reason=reason, silent=silent, redirect_to=redirect_to, at=at,
        public_note="" if silent else request.POST.get("public_note", "").strip(),
    )  # fmt: skip
    if at is not None:
        return f"Readers see it until then: {'; '.join(elsewhere(at, story.site.time_zone))}."
    extra = " Now see to the places on the checklist that we cannot reach." if silent else ""
    return f"Withdrawn. Readers no longer see it.{extra}"


@verb
def cancel(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> str:
    edition = _coming(story, number)
    story.cancel(edition, by=request.user, reason=request.POST.get("reason", ""))
    return f"Cancelled: {edition} will not go live."


@verb
def reschedule(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> SafeString:
    edition = _coming(story, number)
    form = PublishForm(story, request.POST, prefix="publish")
    data = valid(form)
    if not data.get("when_at"):
        raise ValidationError("Choose the new moment.")
    moved = story.reschedule(edition, at=data["when_at"], by=request.user, time_zone=data["zone"])
    return what_happened(story, moved)


def _coming(story: Article, number: int) -> Edition:
    edition = story.coming_editions().filter(number=number).first()
    if edition is None:
        raise ValidationError("That edition is not waiting to go live any more.")
    return edition


@verb
def move(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.move(slug=request.POST.get("slug", "").strip(), by=request.user)
    return f"Moved. Earlier addresses lead to /{story.slug}/ from now on."


@verb
def share(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> SafeString:
    hours = whole_number(request.POST.get("hours", "48"), 24 * 30)
    if not hours:
        raise ValidationError("Choose an end within 30 days.")
    version = story.latest_version if request.POST.get("what") == "version" else None
    now = timezone.now()
    link = PreviewLink.objects.share(
        story, by=request.user, expires_at=now + timedelta(hours=hours), version=version,
        note=request.POST.get("note", ""), at=now,
    )  # fmt: skip
    address = preview_address(request, story, link)
    return format_html(
        'Preview link made; it opens at {}: <a href="{}">{}</a>', urlsplit(address).netloc, address, address
    )


@verb
def revoke(model_admin: StoryAdmin, request: StaffRequest, story: Article, link: int) -> str:
    found = story.preview_links.filter(pk=link).first()
    if found is None:
        raise PermissionDenied("There is no such link.")
    found.revoke(by=request.user)
    return "The link leads nowhere from now on."


def preview_form(request: StaffRequest, story: Article) -> str:
    """Return the address that previews of the story's title open at, with {token} in it.

    Where no front end of the title shows them, the example reader does; where that is switched off, they are JSON.
    """
    here = "/reader/?preview={token}" if settings.READER_EXAMPLE else JSON_PREVIEW
    of_title = story.site.preview_url_template or settings.PREVIEW_URL_TEMPLATE
    return of_title or request.build_absolute_uri("/").removesuffix("/") + here


def is_json(form: str) -> bool:
    return form.endswith(JSON_PREVIEW)


def preview_address(request: StaffRequest, story: Article, link: PreviewLink) -> str:
    return preview_form(request, story).replace("{token}", link.token)


def _with_addresses(request: StaffRequest, story: Article) -> list[PreviewLink]:
    """Return the story's newest preview links, each with the address it is shared under."""
    links = list(story.preview_links.select_related("by", "version")[:20])
    for link in links:
        link.address = preview_address(request, story, link)  # type: ignore[attr-defined]  # For the panel.
    return links


VIEWS = [
    ("<uuid:pk>/publishing/", page, "publishing"),
    ("<uuid:pk>/panel/", fragment, "panel"),
    ("<uuid:pk>/when/", when, "when"),
    ("<uuid:pk>/preview/", preview, "preview"),
    ("<uuid:pk>/publish/", publish, "publish"),
    ("<uuid:pk>/withdraw/", withdraw, "withdraw"),
    ("<uuid:pk>/editions/<int:number>/cancel/", cancel, "cancel"),
    ("<uuid:pk>/editions/<int:number>/reschedule/", reschedule, "reschedule"),
    ("<uuid:pk>/move/", move, "move"),
    ("<uuid:pk>/previews/share/", share, "share"),
    ("<uuid:pk>/previews/<int:link>/revoke/", revoke, "revoke"),
]
