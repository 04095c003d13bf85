"""What a request is told that goes no further: a problem document on readers' paths, a page with one sentence elsewhere.

A page holds what was typed into the form that led to it, ready to be sent again.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views import csrf

from . import form_key, typed
from .api import not_found, problem_response
from .middleware import READERS

NOT_DONE = {
    403: "You can’t do this. Ask an editor or an administrator.",
    404: "What this form was about no longer exists. Copy what you still need from here.",
    500: "Something went wrong here, and it has been logged. Nothing was saved.",
}
NOT_SHOWN = {
    400: ("That didn’t work", ""),
    403: ("You can’t open this", "Your account can’t do this. Ask an editor or an administrator."),
    404: (
        "Nothing here",
        "There is nothing at this address. It may have been deleted, or a part of the address is missing.",
    ),
    500: (
        "Something went wrong",
        "It has been logged. Try again in a minute; if it happens again, tell your administrator.",
    ),
}
OLD_PAGE = "This page was opened before you last logged in, so nothing was saved yet. Check it and send it again."
LOGGED_IN_AGAIN = "You are logged in again. Nothing was saved yet: check what you typed and send it."


def refuse(
    request: HttpRequest, status: int, sentence: str, *, kind: str = "", retry_after: int | None = None, title: str = ""
) -> HttpResponse:
    """Return the refusal, kept by no cache."""
    if READERS.match(request.path_info):
        response: HttpResponse = problem_response(status, sentence, kind=kind)
    else:
        name = title or NOT_SHOWN.get(status, (HTTPStatus(status).phrase,))[0]
        context = {"title": name, "sentence": sentence}
        if typed.is_form(request):
            # The same token and key: no database is asked, and what was done after all is not done twice.
            context |= _form(request, request.POST.get("csrfmiddlewaretoken", ""))
        response = _page(context, status, of_desk=request.path.startswith("/admin/"))
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response


def _page(context: dict[str, Any], status: int, *, of_desk: bool) -> HttpResponse:
    context |= {"of_desk": of_desk, "sheets": _sheets() if of_desk else []}
    return HttpResponse(render_to_string("refused.html", context), status=status)


def _sheets() -> list[str]:
    """Return the addresses of the desk's style sheets; none where collectstatic has not run: plain words beat no answer."""
    try:
        return [static(name) for name in ("admin/css/base.css", "cms/marquee.css")]
    except ValueError:
        return []


def _form(request: HttpRequest, token: str) -> dict[str, Any]:
    fields, files = list(typed.fields_of(request)), typed.files_of(request)
    return {"path": request.get_full_path(), "fields": fields, "files": files, "token": token}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django itself refuses, such as a form with too many fields or an unknown host."""
    return refuse(request, 400, "What was sent can’t be read. Go back, check it, and try again.")


def told(request: HttpRequest, status: int) -> str:
    """Return what somebody is told who sent a form, or who only asked for a page."""
    return NOT_DONE[status] if typed.is_form(request) else NOT_SHOWN[status][1]


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 403, str(exception) or told(request, 403))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if READERS.match(request.path_info):
        return not_found(request)
    return refuse(request, 404, told(request, 404))


def server_error(request: HttpRequest) -> HttpResponse:
    if READERS.match(request.path_info):
        return problem_response(500, "Something went wrong here, and it has been logged.")
    return refuse(request, 500, told(request, 500))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a page whose token is older than the last login: whoever it was made for may send it again.

    The form's own key is signed, so what another site sends in somebody's name is never offered.
    """
    if request.user.is_authenticated and request.path == reverse("admin:login"):
        return HttpResponseRedirect(reverse("admin:index"))
    if "text/html" in request.headers.get("Accept", "") and (owner := form_key.owner_of(form_key.of(request))):
        if not request.user.is_authenticated:
            return admin.site.log_in_first(request)  # type: ignore[attr-defined]
        if owner == request.user.pk:
            return send_again(request, OLD_PAGE, 403, **_form(request, get_token(request)))
    return csrf.csrf_failure(request, reason)


def send_again(request: HttpRequest, sentence: str, status: int = 200, **form: Any) -> HttpResponse:
    context = {
        "title": "What you typed is here",
        "sentence": sentence,
        "token": get_token(request),
    } | form
    response = _page(context, status, of_desk=True)
    response["Cache-Control"] = "no-store"
    return response
