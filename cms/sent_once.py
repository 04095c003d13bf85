"""A form acts once: a second click, a reload or a resend after a lost answer gets the first one's answer."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeData, mark_safe

from articles.access.sent_form import SentForm

from . import form_key

# The page of a story names its story, so a repeated first save is the same story; and it reads long texts before it
# takes its turn in the database. An import knows its text again, and works on pictures before its turn.
NOT_HERE = {"articles_article_add", "articles_article_change", "articles_article_import"}


def sent_once(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view, whose forms act once. What it does and that it was done are one transaction."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = form_key.of(request) if request.method == "POST" and not _is_elsewhere(request) else ""
        if not key:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            sent, is_new = SentForm.objects.claim(digest_of(request), timezone.now())
            if not is_new:
                return _again(request, sent.opened(key))
            response = view(request, *args, **kwargs)
            if (kept := _kept(request, response)) is None:
                sent.delete()
            else:
                sent.keep(key, kept)
            return response

    return answer


def is_first(request: HttpRequest) -> bool:
    """Return True for a form that comes for the first time, for what is no matter of one transaction, as a mail is."""
    return not form_key.of(request) or SentForm.objects.claim(digest_of(request), timezone.now())[1]


def digest_of(request: HttpRequest) -> str:
    """Return what makes a form the same one: who sent it, where to, its key, what was typed and chosen.

    Whoever goes back, writes something else and sends it has sent another form.
    """
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, each in request.FILES.lists() for file in each)
    parts = [request.user.pk, request.get_full_path(), typed, files]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _is_elsewhere(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name in NOT_HERE


def _kept(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any] | None:
    """Return what is kept of an answer; None for the page of a form that was refused, which did nothing."""
    kept: dict[str, Any] = {"location": "", "body": "", "type": None}
    if isinstance(response, HttpResponseRedirect):
        kept["location"] = response.url
    elif isinstance(response, JsonResponse) and response.status_code == HTTPStatus.OK:
        kept |= {"body": response.content.decode(), "type": response["Content-Type"]}
    elif isinstance(response, SimpleTemplateResponse) and _is_outcome(response):
        kept["body"] = response.render().content.decode()
    else:
        return None
    queued = getattr(messages.get_messages(request), "_queued_messages", ())
    kept["messages"] = [
        (each.level, str(each.message), each.extra_tags, isinstance(each.message, SafeData)) for each in queued
    ]
    return kept


def _is_outcome(response: SimpleTemplateResponse) -> bool:
    """Return True for a page that says what was done: our own, or what closes a popup."""
    return bool({"is_outcome", "popup_response_data"} & set(response.context_data or {}))


def _again(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """Give the first answer once more, and what it said unless that still waits to be shown."""
    waiting = {str(each.message) for each in getattr(messages.get_messages(request), "_loaded_messages", ())}
    for level, said, tags, is_safe in kept["messages"]:
        if said not in waiting:
            messages.add_message(request, level, mark_safe(said) if is_safe else said, tags)  # noqa: S308 - it was safe when it was kept
    if kept["location"]:
        return HttpResponseRedirect(kept["location"])
    return HttpResponse(kept["body"], content_type=kept.get("type"))
