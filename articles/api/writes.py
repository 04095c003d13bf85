"""What feeds and scripts may write: drafts, publications, photos, through the same verbs and the same gate as the desk.

The answer to a request with an `Idempotency-Key` is kept for a day, in the transaction of the verb it answers.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.exceptions import APIException, ParseError
from rest_framework.exceptions import ValidationError as BadFields
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from media.files.unusable import UnusableImage
from media.methods import TellsMethods
from media.models import Agency, Photo, PhotoCredit
from media.permissions import Actor, require
from media.photos.intake import AlreadyHere
from media.photos.keywords import tidy_keywords

from ..access.token import digest_of
from ..live.render import dumps
from ..models import ApiToken, Article, Edition, KeptAnswer
from ..stories.edition_steps import GateClosed
from ..text import limits
from ..text.given import json_object
from . import fetch, openapi_writes, query_string, responses
from .draft_blocks import ReadBody
from .drafts import DraftSerializer, EditionSerializer, PublishSerializer, WithdrawSerializer
from .token_auth import TokenAuthentication, WriteThrottle
from .uploads import PhotoUploadSerializer, TakenPhotoSerializer

MOST_BYTES = 4_000_000
MOST_ERRORS = 20
"""So many errors are told of one request."""


class Refusal(APIException):
    """A request that was understood and may not be followed; the fields are set by whoever raises it."""

    def __init__(self, status: int, kind: str, sentence: str, **more: Any) -> None:
        self.status_code, self.kind = status, kind
        self.headers = more.pop("headers", {})
        vars(self).update(more)
        super().__init__(sentence)


class StrictJSONParser(BaseParser):
    """JSON of moderate size and depth, with nothing in it that a database cannot hold."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Refusal(413, "too-large", f"Send at most {MOST_BYTES:,} bytes of JSON.")
        try:
            return json_object(data)
        except ValueError as error:
            raise ParseError(f"This is no JSON that can be kept: {error}") from error


class TokenRequest(Request):
    """What TokenAuthentication lets in."""

    user: User
    auth: ApiToken


class JSONOut(DefaultContentNegotiation):
    """JSON, whatever the client says it would rather have; what it sends is read by what it says it is."""

    def select_renderer(
        self, request: TokenRequest, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class WriteView(TellsMethods, APIView):
    """Something a token may do. `self.now` is the one instant of the whole request."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [WriteThrottle]
    parser_classes = [StrictJSONParser]
    content_negotiation_class = JSONOut
    request: TokenRequest
    now: datetime

    def initial(self, request: TokenRequest, *args: Any, **kwargs: Any) -> None:
        self.now = timezone.now()
        super().initial(request, *args, **kwargs)

    def finalize_response(
        self, request: TokenRequest, response: HttpResponse, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        response["Cache-Control"] = "no-store"
        return response

    def handle_exception(self, error: Exception) -> HttpResponse:
        refusal = refusal_of(error)
        # What could not even be parsed has no values to name.
        sent = self.request.__dict__.get("_full_data")
        for each in getattr(refusal, "errors", ()):
            each["value"] = value_at(sent, each["parameter"])
        return super().handle_exception(refusal)

    # Steps

    def fields(self, kind: Callable[..., Serializer], *args: Any, **kwargs: Any) -> Any:
        """Return the serializer of the request's fields, checked. Unknown fields are errors: they would be lost."""
        reader = kind(*args, data=self.request.data, **kwargs)
        unknown = set(self.request.data) - _writable(reader)
        if unknown:
            raise BadFields({name: ["There is no such field."] for name in sorted(unknown)[:MOST_ERRORS]})
        reader.is_valid(raise_exception=True)
        return reader

    def story(self, id: UUID) -> Article:
        """Return a story this colleague may know of."""
        story = Article.objects.visible_to(self.request.user).filter(pk=id).first()
        if story is None:
            raise Http404
        return story

    def held(self, id: UUID) -> Article:
        """Return the story as it is while nobody else saves it: until the transaction ends."""
        self.story(id).lock()
        return self.story(id)

    def once(self, work: Callable[[], HttpResponse], digest: str = "") -> HttpResponse:
        """Do the work in one transaction; under an Idempotency-Key at most once a day."""
        key = self.request.headers.get("Idempotency-Key")
        self.read_ahead()
        with transaction.atomic():
            if key is None:
                return work()
            kept, is_new = self.claim(key, digest)
            if not is_new:
                return self.again(kept)
            response = work()
            kept.keep(response)
            return response

    def read_ahead(self) -> None:
        """Read the text that was sent and the one that is here, before the transaction in which nobody else writes."""
        data = self.request.data if isinstance(self.request.data, dict) else {}
        if isinstance(data.get("body"), list):
            data["body"] = ReadBody(data["body"])
        if isinstance(data.get("body_html"), str):
            limits.read_ahead(data["body_html"])
        if "id" in self.kwargs:
            here = Article.objects.visible_to(self.request.user).filter(pk=self.kwargs["id"])
            for html in here.values_list("body", flat=True):
                limits.read_ahead(html)

    def claim(self, key: str, digest: str = "") -> tuple[KeptAnswer, bool]:
        if not re.fullmatch(r"[!-~]{1,200}", key):
            raise BadFields({"Idempotency-Key": ["Give 1 to 200 visible ASCII characters."]})
        said = digest or json.dumps(self.request.data, sort_keys=True)
        digest = digest_of(f"{self.request.method} {self.request.path} {self.request.headers.get('If-Match')} {said}")
        kept, is_new = KeptAnswer.objects.claim(self.request.auth, key, digest, self.now)
        if not is_new and kept.request_digest != digest:
            raise Refusal(422, "key-reused", "This Idempotency-Key was used with another request. Use a new one.")
        return kept, is_new

    def again(self, kept: KeptAnswer) -> HttpResponse:
        response = HttpResponse(kept.body, content_type="application/json", status=kept.status)
        for name, value in (kept.headers | {"Idempotency-Replayed": "true"}).items():
            response[name] = value
        return response


def refusal_of(error: Exception) -> Exception:
    """Return what a verb's refusal answers; anything else is returned as it is."""
    for kind, answer in REFUSALS.items():
        if isinstance(error, kind):
            return answer(error)
    return error


def _gate_closed(error: GateClosed) -> Refusal:
    findings = responses.FindingSerializer(error.problems, many=True).data
    return Refusal(422, "gate-closed", " ".join(error.messages), problems=findings)


def _refused(error: ValidationError) -> Refusal:
    named = error.message_dict if hasattr(error, "error_dict") else {}
    errors = [_error(name, sentence) for name, sentences in named.items() for sentence in sentences]
    return Refusal(422, "refused", " ".join(error.messages), errors=errors)


def _bad_fields(error: BadFields) -> Refusal:
    errors = [_error(name, sentence) for name, sentence in islice(_flat(error.detail), MOST_ERRORS)]
    sentences = (f"{each['parameter']}: {each['detail']}" for each in errors)
    return Refusal(400, "bad-fields", " ".join(sentences), errors=errors)


def _conflict(error: IntegrityError) -> Refusal:
    sentence = "Somebody changed something this rests on at the same moment. Read it again, then repeat your request."
    return Refusal(409, "conflict", sentence)


# The first that fits answers.
REFUSALS: dict[type[Exception], Callable[[Any], Refusal]] = {
    GateClosed: _gate_closed,
    ValidationError: _refused,
    BadFields: _bad_fields,
    AlreadyHere: lambda error: Refusal(409, "already-here", str(error), photo=str(error.photo.pk)),
    UnusableImage: lambda error: Refusal(422, "unusable-file", str(error)),
    fetch.FetchFailed: lambda error: Refusal(422, "unusable-file", str(error)),
    IntegrityError: _conflict,
}


def _error(name: str, sentence: object) -> dict:
    return {"parameter": name, "value": "", "detail": str(sentence)}


def value_at(sent: Any, path: str) -> str:
    """Return what was sent at the path of a field, such as `people[0].slug`, shortened; empty where nothing was."""
    for part in re.findall(r"[^.\[\]]+", path):
        try:
            sent = sent[int(part)] if isinstance(sent, list) else sent[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return ""
    text = sent if isinstance(sent, str) else json.dumps(sent, default=str, ensure_ascii=False)
    return query_string.short(text)


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path of the field, sentence) of a serializer's errors."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            place = "" if name == "non_field_errors" else f"[{name}]" if isinstance(name, int) else f".{name}"
            yield from _flat(below, f"{path}{place}".lstrip("."))
    elif isinstance(detail, list):
        for index, below in enumerate(detail):
            yield from _flat(below, f"{path}[{index}]" if isinstance(below, dict | list) else path)
    else:
        yield path or "body", detail


def _writable(reader: Serializer) -> set[str]:
    return {name for name, field in reader.fields.items() if not field.read_only}


# Drafts


def etag_of(story: Article) -> str:
    return f'"{story.revision}"'


def draft_answer(story: Article, user: Actor, status: int = 200) -> HttpResponse:
    response = HttpResponse(dumps(DraftSerializer(story, by=user).data), content_type="application/json", status=status)
    response["ETag"] = etag_of(story)
    return response


def edition_answer(edition: Edition) -> HttpResponse:
    response = HttpResponse(dumps(EditionSerializer(edition).data), content_type="application/json")
    response["ETag"] = etag_of(edition.article)
    return response


def match(request: TokenRequest, story: Article, *, required: bool) -> None:
    """Refuse what was written on another revision than the present one."""
    given = request.headers.get("If-Match")
    if given is None and required:
        raise Refusal(428, "if-match-missing", "Send If-Match with the ETag you read, so that nobody's work is lost.")
    if given is not None and not {"*", etag_of(story)} & {each.strip() for each in given.split(",")}:
        sentence = "Somebody saved this story since you read it. Read it again and repeat your change."
        raise Refusal(412, "changed-meanwhile", sentence, headers={"ETag": etag_of(story)})


class DraftsView(WriteView):
    @openapi_writes.create
    def post(self, request: TokenRequest) -> HttpResponse:
        require(request.user, "articles.add_article", to="write stories")
        return self.once(self.create)

    def create(self) -> HttpResponse:
        story = self.fields(DraftSerializer, by=self.request.user).save()
        story.record(by=self.request.user, at=self.now)
        response = draft_answer(story, self.request.user, 201)
        response["Location"] = reverse("draft", args=[story.pk])
        return response


class DraftView(WriteView):
    @openapi_writes.read
    def get(self, request: TokenRequest, id: UUID) -> HttpResponse:
        require(request.user, "articles.view_article", to="read drafts")
        return draft_answer(self.story(id), request.user)

    @openapi_writes.update
    def patch(self, request: TokenRequest, id: UUID) -> HttpResponse:
        return self.once(lambda: self.change(id))

    def change(self, id: UUID) -> HttpResponse:
        story = self.held(id)
        story.require_editable(self.request.user)
        match(self.request, story, required=True)
        story = self.fields(DraftSerializer, story, partial=True, by=self.request.user).save()
        story.record(by=self.request.user, at=self.now)
        return draft_answer(story, self.request.user)


class PublishView(WriteView):
    @openapi_writes.publish
    def post(self, request: TokenRequest, id: UUID) -> HttpResponse:
        return self.once(lambda: self.publish(id))

    def publish(self, id: UUID) -> HttpResponse:
        story = self.held(id)
        match(self.request, story, required=False)
        return edition_answer(
            story.publish(by=self.request.user, now=self.now, **self.fields(PublishSerializer).validated_data)
        )


class WithdrawView(WriteView):
    @openapi_writes.withdraw
    def post(self, request: TokenRequest, id: UUID) -> HttpResponse:
        return self.once(lambda: self.withdraw(id))

    def withdraw(self, id: UUID) -> HttpResponse:
        story = self.held(id)
        match(self.request, story, required=False)
        return edition_answer(
            story.withdraw(by=self.request.user, now=self.now, **self.fields(WithdrawSerializer).validated_data)
        )


# Photos


class PhotosView(WriteView):
    parser_classes = [StrictJSONParser, MultiPartParser]

    @openapi_writes.photo
    def post(self, request: TokenRequest) -> HttpResponse:
        """Take a picture in. Its pixels are worked on outside of any transaction, so that nobody waits for them."""
        require(request.user, "media.add_photo", to="add photos")
        given = self.fields(PhotoUploadSerializer).validated_data
        key = request.headers.get("Idempotency-Key")
        said = {name: value for name, value in given.items() if name != "file"}
        data = given["file"].read() if "file" in given else b""
        digest = digest_of(json.dumps(said, sort_keys=True).encode() + data)
        if key is not None and (answer := self.answered(key, digest)):
            return answer
        photo = self.take(given, data)
        return self.once(lambda: photo_answer(photo), digest)

    def initial(self, request: TokenRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.PHOTO_LIMITS.max_bytes + MOST_BYTES:
            raise Refusal(413, "too-large", f"A picture may have at most {settings.PHOTO_LIMITS.max_bytes:,} bytes.")

    def answered(self, key: str, digest: str) -> HttpResponse | None:
        """Return the kept answer of this key, if there is one; a claim of ours is given back at once."""
        with transaction.atomic():
            kept, is_new = self.claim(key, digest)
            if is_new:
                kept.delete()
                return None
            return self.again(kept)

    def take(self, given: dict, data: bytes) -> Photo:
        name = given.get("name") or (given["file"].name if "file" in given else "")
        if "url" in given:
            data, found = fetch.fetch(given["url"], settings.PHOTO_LIMITS.max_bytes)
            name = name or found
        kind = {"kind": given["kind"]} if "kind" in given else {}
        photo = Photo.objects.take(data, name[:255], by=self.request.user, **kind)
        with transaction.atomic():
            describe(photo, given)
        return Photo.objects.with_facts().get(pk=photo.pk)


def describe(photo: Photo, given: dict) -> None:
    """Say of a photo what whoever sent it says, instead of what its labels say."""
    words = {field: given[name] for name, field in (("caption", "text"), ("alt", "alt")) if name in given}
    if words:
        photo.captions.update_or_create(kind="house", defaults=words)
    if "credit" in given:
        photo.credit = PhotoCredit.objects.read(given["credit"], Agency.objects.vocabulary())
    if "keywords" in given:
        photo.keywords = tidy_keywords(given["keywords"])
    if {"credit", "keywords"} & given.keys():
        photo.save()


def photo_answer(photo: Photo) -> HttpResponse:
    return HttpResponse(dumps(TakenPhotoSerializer(photo).data), content_type="application/json", status=201)
