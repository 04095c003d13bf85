"""What the schema says of writing: every parameter, every answer, examples that tests hold against it."""

from collections.abc import Callable, Iterable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from . import drafts, responses, uploads
from .openapi import PROBLEM

REFUSALS = {
    400: "The body or a field is wrong or unknown; `errors` names it.",
    401: "There is no token, or it is unknown, expired or revoked.",
    403: "The token’s colleague may not do this.",
    404: "There is no such story, or it is none of this colleague’s business.",
    409: "Somebody changed something this rests on at the same moment; or the picture is here already, see `photo`.",
    412: "Somebody saved the story since you read it; the header ETag says what it is now.",
    413: "The body is too large.",
    415: "The body is of a type that is not read here.",
    422: "It was understood and may not be done; with `problems` where the checklist says no.",
    428: "Send If-Match.",
    429: "Too many requests; the header Retry-After says when to come back.",
}
KEY = OpenApiParameter(
    "Idempotency-Key", {"type": "string", "maxLength": 200}, OpenApiParameter.HEADER,
    description="Of your choice. Asked again with it within 24 hours, the same is answered and nothing happens twice.",
)  # fmt: skip
MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the story as you read it."
)
MATCH_REQUIRED = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of the story as you read it.",
)  # fmt: skip
ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The id of the story.")

DRAFT = {
    "headline": "Mara Okonjo returns to the red carpet",
    "standfirst": "A night of long dresses.",
    "section": "film",
    "authors": [{"slug": "june-castellane"}],
    "people": [{"slug": "mara-okonjo", "role": "main"}],
    "tags": ["festival-season"],
    "body": [
        {"type": "paragraph", "html": "The film opens on <strong>Friday</strong>."},
        {"type": "heading", "level": 2, "html": "What happened next"},
        {"type": "list", "items": [{"html": "Everybody came."}, {"html": "Nobody left."}]},
    ],
}
CHANGE = {"headline": "Mara Okonjo is back", "body_html": "<p>The film opens on Saturday.</p>"}
PUBLICATION = {"at": "2030-01-02T18:00:00Z", "note": "With the premiere."}
WITHDRAWAL = {"reason": "The source took it back.", "public_note": "We no longer stand by this story."}
UPLOAD = {
    "url": "https://pictures.example.com/premiere.jpg",
    "credit": "Photo by Ann Lee/Getty Images",
    "alt": "A red carpet.",
}


def operation(
    name: str,
    summary: str,
    request: Any,
    status: int,
    response: Any,
    refusals: Iterable[int],
    parameters: Iterable[OpenApiParameter] = (),
    examples: Iterable[tuple[str, Any]] = (),
) -> Callable:
    found = {(status, "application/json"): response}
    for number in (400, 401, 403, *refusals, 429):
        found[number, PROBLEM] = OpenApiResponse(responses.ProblemSerializer, REFUSALS[number])
    return extend_schema(
        operation_id=name, tags=["writing"], summary=summary, request=request, responses=found,
        parameters=list(parameters),
        examples=[
            OpenApiExample(title, value, request_only=True, media_type=kind)
            for title, value in examples for kind in (request if isinstance(request, dict) else ["application/json"])
        ],
    )  # fmt: skip


create = operation(
    "createDraft", "Write a new draft", drafts.DraftSerializer, 201, drafts.DraftSerializer, (409, 413, 415, 422),
    [KEY], [("A draft", DRAFT)],
)  # fmt: skip
read = operation("getDraft", "A working copy", None, 200, drafts.DraftSerializer, (404,), [ID])
update = operation(
    "updateDraft", "Change fields of a working copy", drafts.DraftSerializer, 200, drafts.DraftSerializer,
    (404, 409, 412, 413, 415, 422, 428), [ID, MATCH_REQUIRED, KEY], [("A change", CHANGE)],
)  # fmt: skip
publish = operation(
    "publishDraft", "Publish or schedule the working copy", drafts.PublishSerializer, 200, drafts.EditionSerializer,
    (404, 409, 412, 413, 415, 422), [ID, MATCH, KEY], [("Scheduled", PUBLICATION)],
)  # fmt: skip
withdraw = operation(
    "withdrawDraft", "Take a story away from readers", drafts.WithdrawSerializer, 200, drafts.EditionSerializer,
    (404, 409, 412, 413, 415, 422), [ID, MATCH, KEY], [("A withdrawal", WITHDRAWAL)],
)  # fmt: skip
photo = operation(
    "uploadPhoto", "Take a picture in",
    {"application/json": uploads.PhotoUploadSerializer, "multipart/form-data": uploads.PhotoUploadSerializer},
    201, uploads.TakenPhotoSerializer, (409, 413, 415, 422), [KEY], [("By its address", UPLOAD)],
)  # fmt: skip
