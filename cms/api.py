"""The wiring of the API: its root, and errors as problem+json (RFC 9457)."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    Throttled,
    UnsupportedMediaType,
)
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.request import Request
from rest_framework.views import APIView, set_rollback

from media.methods import TellsMethods
from media.problem_json import problem_json

ROOT = {
    "articles": "articles", "people": "people", "works": "works", "sections": "sections", "tags": "tags",
    "authors": "authors", "archive": "archive-index", "updates": "updates", "search": "search", "resolve": "resolve", "schema": "schema",
    "documentation": "api-docs",
}  # fmt: skip


def problem_response(status: int, detail: str = "", *, kind: str = "", **more: Any) -> JsonResponse:
    """Return a problem document; `kind` is the last part of its type."""
    response = problem_json(status, detail, kind=kind, **more)
    response["Cache-Control"] = "no-cache"
    return response


def problem(error: Exception, context: dict) -> JsonResponse | None:
    """Return the answer to a failed request; None for an unexpected error, which becomes a 500."""
    if isinstance(error, Http404):
        error = NotFound("There is nothing at this address.")
    elif isinstance(error, PermissionDenied):
        error = Forbidden(str(error) or None)
    if not isinstance(error, APIException):
        return None
    set_rollback()
    more = {
        name: getattr(error, name) for name in ("errors", "location", "problems", "photo") if getattr(error, name, None)
    }
    detail = error.sentence if hasattr(error, "sentence") else _sentence(error, context)
    response = problem_response(error.status_code, detail, kind=getattr(error, "kind", ""), **more)
    for name, value in _headers(error).items():
        response[name] = value
    if response.status_code == 405:
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    if context["request"].method == "HEAD":
        response.content = b""
    return response


def _sentence(error: APIException, context: dict) -> str:
    """Return what is wrong and what to do, in our words where the framework has its own."""
    if isinstance(error, Throttled):
        return f"Too many requests. Come back in {int(error.wait or 1)} seconds."
    if isinstance(error, NotAuthenticated):
        return "Send a token: “Authorization: Bearer …”. Administrators make them in the admin, under API tokens."
    if isinstance(error, UnsupportedMediaType):
        kinds = " or ".join(parser.media_type for parser in context["view"].parser_classes)
        return f"A body of this type is not read here. Send {kinds}."
    if isinstance(error, MethodNotAllowed):
        return (
            f"{context['request'].method} is not answered here. Ask with {', '.join(context['view'].allowed_methods)}."
        )
    found = error.detail
    return found if isinstance(found, str) else " ".join(map(str, found if isinstance(found, list) else [found]))


def _headers(error: APIException) -> dict[str, str]:
    found = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        found["Retry-After"] = str(int(wait))
    return found


def not_found(request: HttpRequest, exception: Exception | None = None, path: str = "") -> HttpResponse:
    """Answer an address of the API that does not exist; one that only lacks its last slash leads there."""
    if not request.path_info.endswith("/") and request.method in ("GET", "HEAD") and _exists(f"{request.path_info}/"):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
    return problem_response(404, "There is nothing at this address.")


def _exists(path: str) -> bool:
    try:
        return resolve(path).url_name != "api-unknown"
    except Resolver404:
        return False


@cache
def schema() -> bytes:
    """Return the OpenAPI description, generated once by each process, without blanks: they would be more than half of it."""
    found = SchemaGenerator().get_schema(public=True)
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()


class SchemaView(TellsMethods, APIView):
    """The API, described by OpenAPI 3.1."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        response = HttpResponse(schema(), content_type="application/vnd.oai.openapi+json")
        response["Cache-Control"] = "public, max-age=300"
        return response


class DocsView(TellsMethods, SpectacularSwaggerSplitView):
    """The API, to read and to try."""

    http_method_names = ["get", "head", "options"]


class RootView(TellsMethods, APIView):
    """Where everything is."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> JsonResponse:
        found = {}
        for name, route in ROOT.items():
            try:
                found[name] = reverse(route)
            except NoReverseMatch:
                continue
        response = JsonResponse({"name": settings.SPECTACULAR_SETTINGS["TITLE"], "links": found})
        response["Cache-Control"] = "public, max-age=300"
        return response
