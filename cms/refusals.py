"""What a request is told that goes no further: a problem document on readers' paths, a page with one sentence elsewhere."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .api import problem_response
from .middleware import READERS


def refuse(
    request: HttpRequest, status: int, sentence: str, *, kind: str = "", retry_after: int | None = None
) -> HttpResponse:
    """Return the refusal, kept by no cache."""
    if READERS.match(request.path_info):
        response: HttpResponse = problem_response(status, sentence, kind=kind)
    else:
        title = HTTPStatus(status).phrase
        response = HttpResponse(render_to_string("refused.html", {"title": title, "sentence": sentence}), status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what Django itself refuses, such as a form with too many fields or an unknown host."""
    return refuse(request, 400, "This request cannot be read. Go back, check what you sent, and try again.")
