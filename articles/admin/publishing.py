"""What the buttons of the publishing panel do: publish, schedule, withdraw, move, share."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import JsonResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from media.counted import counted
from media.local_time import brief, elsewhere

from ..models import Article, Edition, LiveDocument, PreviewLink
from ..text.given import whole_number
from .publish_form import MomentForm, PublishForm
from .requests import StaffRequest
from .story_pages import SAVED_SINCE, StoryAdmin, of_story, valid, verb

JSON_PREVIEW = "/api/v1/preview/{token}/"

# The list


def present_documents() -> Prefetch:
    """Return what `live_pill` reads, in one query for a whole list."""
    documents = LiveDocument.objects.filter(live_until__gt=timezone.now())
    columns = documents.only("article", "status", "live_from", "live_until")
    return Prefetch("live_documents", columns, to_attr="present_documents")


def live_pill(story: Article) -> SafeString:
    """Return the live state for the list, from the documents the list has loaded; nothing for what never was live."""
    now = timezone.now()
    rows = getattr(story, "present_documents", ())
    present = next((row for row in rows if row.live_from <= now), None)
    ahead = sorted(row.live_from for row in rows if row.live_from > now and row.status == 200)
    if present and present.status == 200:
        extra = format_html(' <span class="quiet">next {}</span>', _short(ahead[0])) if ahead else ""
        return format_html('<span class="pill pill-live">live</span>{}', extra)
    if ahead:
        return format_html('<span class="pill pill-coming">{}</span>', _short(ahead[0]))
    return format_html('<span class="pill pill-gone">{}</span>', "off the site") if present else SafeString()


def _short(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


@of_story
def when(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> JsonResponse:
    """Answer what a moment is as the clocks of the editor, the site and two more places show it."""
    form = MomentForm(story, request.GET, prefix="publish")
    if not form.is_valid():
        problem = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
        return JsonResponse({"times": [], "problem": problem, "twice": form.is_twice})
    data = form.cleaned_data
    moments = [data[f"{name}_at"] for name in form.moments if data.get(f"{name}_at")]
    return JsonResponse(
        {
            "times": [elsewhere(each, data["zone"], story.site.time_zone) for each in moments],
            "problem": "",
            "twice": form.is_twice,
        }
    )


# Verbs


@verb
def publish(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    data = valid(PublishForm(story, _as_pressed(request), prefix="publish"))
    _require_seen(request, story)
    if "schedule" in request.POST and not data.get("when_at"):
        raise ValidationError({"publish-when": "Choose when the story goes live."})
    if "schedule" not in request.POST and data.get("when_at"):
        raise ValidationError(
            {"publish-when": "You entered a time: choose “Schedule”, or clear the time to publish now."}
        )
    is_override = request.POST.get("now") == "anyway"
    if is_override and not data["override"].strip():
        raise ValidationError({"publish-override": "Write why it is published anyway. The reason is logged."})
    now = timezone.now()
    edition = story.publish(
        by=request.user, at=data.get("when_at"), ends=data.get("ends_at"),
        kind=data["kind"] or None, note=data["note"], public_note=data["public_note"].strip(),
        override=data["override"].strip(), time_zone=data["zone"],
        without_failing_photos=data["without_failing_photos"] or "without" in request.POST,
    )  # fmt: skip
    return (
        "Nothing has changed: readers have this version already." if edition.at < now else what_happened(story, edition)
    )


def _as_pressed(request: StaffRequest) -> QueryDict:
    """Return the form with the kind of the button that was pressed: each kind has one for now, and all a list for later."""
    posted, pressed = request.POST.copy(), request.POST.get("now", "")
    if pressed in ("update", "minor", "correction"):
        posted["publish-kind"] = "" if pressed == "update" else pressed
    return posted


def _require_seen(request: StaffRequest, story: Article) -> None:
    """Raise ValidationError if somebody saved since the page was shown: nobody publishes what they have not seen."""
    seen = whole_number(request.POST.get("revision"))
    if seen is None or seen == story.revision:
        return
    latest = story.latest_version
    who = str(latest.by) if latest and latest.by else "A colleague"
    raise ValidationError(
        f"Not published: {who} saved this story since you opened it. Reload the page to see what they wrote.",
        code=SAVED_SINCE,
    )


def what_happened(story: Article, edition: Edition) -> str:
    """Return the message after publishing."""
    now = timezone.now()
    if edition.live_from > now:
        return f"Scheduled for {brief(edition.live_from, story.site.zone, now)}. It goes live by itself."
    count = len(edition.without_photos)
    left_out = f" {counted(count, 'photo was', 'photos were')} left out." if count else ""
    done = {"first": "Published.", "minor": "Minor change published.", "correction": "Correction published."}
    return f"{done.get(edition.kind, 'Update published.')}{left_out}"


@verb
def withdraw(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    reason, how = request.POST.get("reason", "").strip(), request.POST.get("how", "")
    if not reason:
        raise ValidationError({"reason": "Write why the story is withdrawn; colleagues will ask."})
    redirect_to = request.POST.get("redirect_to", "").strip() if how == "redirect" else ""
    if how == "redirect" and not redirect_to:
        raise ValidationError({"redirect_to": "Enter the address to send readers to."})
    at = valid(MomentForm(story, request.POST, prefix="withdraw")).get("when_at")
    story.withdraw(
        by=request.user, reason=reason, silent=how == "silent", redirect_to=redirect_to, at=at,
        public_note="" if how == "silent" else request.POST.get("public_note", "").strip(),
    )  # fmt: skip
    extra = " Tasks for the places we cannot reach are under Colleagues." if how == "silent" else ""
    if at is not None:
        return f"Readers see the story until {brief(at, story.site.zone, timezone.now())}.{extra}"
    return f"Withdrawn. Readers no longer see it.{extra}"


@verb
def cancel(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> str:
    edition = _coming(story, number)
    story.cancel(edition, by=request.user, reason=request.POST.get("reason", ""))
    return f"Canceled. The story will not go live {brief(edition.live_from, story.site.zone, timezone.now())}."


@verb
def reschedule(model_admin: StoryAdmin, request: StaffRequest, story: Article, number: int) -> str:
    edition = _coming(story, number)
    form = PublishForm(story, request.POST, prefix="publish")
    data = valid(form)
    if not data.get("when_at"):
        raise ValidationError({"publish-when": "Choose the new time."})
    moved = story.reschedule(edition, at=data["when_at"], by=request.user, time_zone=data["zone"])
    return what_happened(story, moved)


def _coming(story: Article, number: int) -> Edition:
    edition = story.coming_editions().filter(number=number).first()
    if edition is None:
        raise ValidationError("This is no longer scheduled. Reload the page to see what is.")
    return edition


@verb
def move(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    story.move(slug=request.POST.get("slug", "").strip(), by=request.user)
    return f"Moved to “{story.slug}”. Earlier addresses lead there."


@verb
def share(model_admin: StoryAdmin, request: StaffRequest, story: Article) -> str:
    hours = whole_number(request.POST.get("hours", "48"), 24 * 30)
    if not hours:
        raise ValidationError({"hours": "Choose an expiry date within 30 days."})
    version = story.latest_version if request.POST.get("what") == "version" else None
    now = timezone.now()
    link = PreviewLink.objects.share(
        story, by=request.user, expires_at=now + timedelta(hours=hours), version=version,
        note=request.POST.get("note", ""), at=now,
    )  # fmt: skip
    return f"Preview link created. It opens at {urlsplit(preview_address(request, story, link)).netloc}."


@verb
def revoke(model_admin: StoryAdmin, request: StaffRequest, story: Article, link: int) -> str:
    found = story.preview_links.filter(pk=link).first()
    if found is None:
        raise PermissionDenied("This link no longer exists. Reload the page.")
    found.revoke(by=request.user)
    return "Link revoked. It no longer opens the story."


def preview_form(request: StaffRequest, story: Article) -> str:
    """Return the address that previews of the story's title open at, with {token} in it.

    Where no front end of the title shows them, the example reader does; where that is switched off, they are JSON.
    """
    here = "/reader/?preview={token}" if settings.READER_EXAMPLE else JSON_PREVIEW
    return story.site.preview_form or request.build_absolute_uri("/").removesuffix("/") + here


def is_json(form: str) -> bool:
    return form.endswith(JSON_PREVIEW)


def preview_address(request: StaffRequest, story: Article, link: PreviewLink) -> str:
    return preview_form(request, story).replace("{token}", link.token)


def with_addresses(request: StaffRequest, story: Article) -> list[PreviewLink]:
    """Return the story's newest preview links, each with the address it is shared under."""
    links = list(story.preview_links.select_related("by", "version")[:20])
    for link in links:
        link.address = preview_address(request, story, link)  # type: ignore[attr-defined]  # For the panel.
    return links


VIEWS = [
    ("<uuid:pk>/when/", when, "when"),
    ("<uuid:pk>/publish/", publish, "publish"),
    ("<uuid:pk>/withdraw/", withdraw, "withdraw"),
    ("<uuid:pk>/editions/<int:number>/cancel/", cancel, "cancel"),
    ("<uuid:pk>/editions/<int:number>/reschedule/", reschedule, "reschedule"),
    ("<uuid:pk>/move/", move, "move"),
    ("<uuid:pk>/previews/share/", share, "share"),
    ("<uuid:pk>/previews/<int:link>/revoke/", revoke, "revoke"),
]
