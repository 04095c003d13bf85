"""What the schema says of the public views: every parameter, every answer."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework.request import Request

from media.rights.decision import PAGE_CHANNELS

from ..text import slugs
from . import ninjs, query_string
from . import responses as answers
from .openapi_ninjs import NinjsSerializer
from .sparse_fields import EXPANSIONS, RELATED

PROBLEM = "application/problem+json"
REFUSALS = {
    301: "It has another address now; the header Location says which.",
    304: "Your copy is the present one.",
    400: "A parameter is unknown or wrong; `errors` names it.",
    404: "There is nothing at this address.",
    410: "It was here and is gone.",
    414: "The address is longer than the web server reads; it answers so itself.",
    429: "Too many requests; the header Retry-After says when to come back.",
    503: "It is being rendered; the header Retry-After says when to come back.",
}
SLUG = OpenApiParameter(
    "slug", {"type": "string", "pattern": slugs.WHOLE, "maxLength": slugs.LENGTH}, OpenApiParameter.PATH
)
MONTH = [
    OpenApiParameter("year", {"type": "integer", "minimum": 1, "maximum": 9999}, OpenApiParameter.PATH),
    OpenApiParameter("month", {"type": "integer", "minimum": 1, "maximum": 12}, OpenApiParameter.PATH),
]
MANY = "Several, repeated or with commas between them, mean any of them."


EMPTY = {"type": "string", "maxLength": 0}
PATH = {"type": "string", "pattern": "^/(?!/)", "maxLength": 1000}


def responses(serializer: Any, *refusals: int, media_type: str = "application/json") -> dict:
    """Return the answers there may be, each of one media type: generators of clients give up on several."""
    found: dict[Any, Any] = {(200, media_type): serializer}
    for status in (*refusals, 414):
        body = None if status in (304, 414) else answers.ProblemSerializer
        found[(status, PROBLEM) if body else status] = OpenApiResponse(body, REFUSALS[status])
    return found


def parameter(
    name: str, description: str, type: Any = OpenApiTypes.STR, *, many: bool = False, **more: Any
) -> OpenApiParameter:
    style: dict[str, Any] = {"style": "form", "explode": True} if many else {}
    description = f"{description} {MANY}" if many else description
    return OpenApiParameter(name, type, description=description, many=many, **style, **more)


LISTED_UNDER = {
    "section": "In this section or below it.", "tag": "With this tag.", "person": "About this person.",
    "work": "About this work.", "author": "By this author.",
}  # fmt: skip
PAGING = [
    parameter("cursor", "A page of the list; follow `next` and `previous` as they are."),
    parameter(
        "page_size",
        f"From 1 to {query_string.MOST_PER_PAGE}.",
        {"type": "integer", "minimum": 1, "maximum": query_string.MOST_PER_PAGE, "default": query_string.PER_PAGE},
    ),
]
# `fields` is not here: what it leaves of a document is another type. docs/api.md has it, with a helper that types it.
CHOOSING = [parameter("expand", "Adds what the references lack.", many=True, enum=list(EXPANSIONS))]
WHOLE_CHOOSING = [
    parameter(
        "expand", "Adds what the references lack; `related` become cards.", many=True, enum=[*EXPANSIONS, RELATED]
    ),
]
CHANNEL = parameter(
    "channel",
    "Where the answer will be shown: photos whose rights leave that channel out are not in it. Without it: the web. "
    "One that the title has not is refused, with those it has.",
    enum=["web", *PAGE_CHANNELS],
)
LIST = [
    *(parameter(name, text, many=True) for name, text in LISTED_UNDER.items()),
    parameter("kind", "Of this kind.", many=True, enum=query_string.KINDS),
    parameter("lead", "Whether a photo stands above them on web pages; not with `channel`.", enum=query_string.LEADS),
    parameter(
        "match",
        "Whether articles are under `any` of the values of `section`, `tag`, `person`, `work` and `author`, or under `all` of them.",
        {"type": "string", "enum": query_string.MATCHES, "default": "any"},
    ),
    parameter(
        "locale",
        "In this language and region, such as `en-US`; a language alone, such as `en`, is all its regions.",
        many=True,
    ),
    parameter("q", "Holding these words; the newest ten thousand such articles at most. To rank them, search."),
    parameter("photo", "Showing this photo.", OpenApiTypes.UUID, many=True),
    parameter("id", "These articles, at most 100.", OpenApiTypes.UUID, many=True),
    parameter("exclude_id", "Not these articles, at most 100.", OpenApiTypes.UUID, many=True),
    parameter("published_after", "A date or an instant."),
    parameter("published_before", "A date or an instant."),
    parameter("updated_after", "A date or an instant; articles never updated are left out."),
]

ORDERING = parameter(
    "ordering",
    "By first publication, the newest first; by the last update, or publication without one; by title. `updated` and "
    "`title` go with `id`, `exclude_id`, `channel` and, for `updated`, `updated_after` alone: what would have to be "
    "sorted is refused.",
    {"type": "string", "enum": query_string.ORDERINGS, "default": query_string.PUBLISHED},
)
COUNT = parameter(
    "count", "With `true` the page says in `count` how many articles the whole list holds, up to 1,000.",
    {"type": "string", "enum": ["true", "false"], "default": "false"},
)  # fmt: skip

article_list = extend_schema(
    operation_id="listArticles", tags=["articles"], summary="Articles, the newest first",
    parameters=[*LIST, ORDERING, COUNT, CHANNEL, *PAGING, *CHOOSING],
    responses=responses(answers.ArticlePageSerializer, 304, 400),
)  # fmt: skip
related = extend_schema(
    operation_id="listRelated", tags=["articles"], summary="Articles about the same people, works and tags, the closest first",
    description="Those that share the most come first, what few articles share counting more; of equals the newest. One page.",
    parameters=[
        parameter("for", "The slug of the article, or its id.", {"type": "string", "maxLength": slugs.LENGTH}, required=True),
        next(each for each in LIST if each.name == "exclude_id"), CHANNEL, PAGING[1], *CHOOSING,
    ],
    responses=responses(answers.RelatedPageSerializer, 301, 304, 400, 404, 410),
)  # fmt: skip
article = extend_schema(
    operation_id="getArticle", tags=["articles"], summary="One whole article",
    description="The address may hold the article’s id in place of its slug.",
    parameters=[SLUG, *WHOLE_CHOOSING, CHANNEL],
    responses=responses(answers.DeliveredArticleSerializer, 301, 304, 400, 404, 410, 503),
)  # fmt: skip
article_ninjs = extend_schema(
    operation_id="getArticleAsNinjs", tags=["articles"], summary="One whole article as IPTC ninjs 3.1",
    description="For syndication partners: photos that may not be passed on are left out.",
    parameters=[SLUG], responses=responses(
        OpenApiResponse(NinjsSerializer, "As the IPTC’s own schema describes it."), 301, 304, 400, 404, 410, 503, media_type=ninjs.MEDIA_TYPE
    ),
)  # fmt: skip
archive_index = extend_schema(
    operation_id="listMonths", tags=["articles"], summary="The months that have articles, the newest first",
    description="Months are those of the site’s time zone.", parameters=[CHANNEL],
    responses=responses(answers.MonthsSerializer, 304, 400),
)  # fmt: skip
archive = extend_schema(
    operation_id="listArchive", tags=["articles"], summary="Articles of one month, in the site’s time zone",
    parameters=[
        *MONTH,
        parameter("ordering", "By first publication.", {"type": "string", "enum": query_string.ORDERINGS[:2], "default": query_string.PUBLISHED}),
        COUNT, CHANNEL, *PAGING, *CHOOSING,
    ],
    responses=responses(answers.ArticlePageSerializer, 304, 400, 404),
)  # fmt: skip
updates = extend_schema(
    operation_id="listUpdates", tags=["sync"], summary="What changed since the last time, the oldest change first",
    description="Publications, updates, changed facts and withdrawals, and the pages of the directory that came, went or "
    "changed with them. Changes younger than five seconds are withheld.",
    parameters=[parameter("since", "What the last answer called `since`, or an instant to begin with."), PAGING[1]],
    responses=responses(answers.UpdatePageSerializer, 304, 400),
)  # fmt: skip
resolve = extend_schema(
    operation_id="resolvePath", tags=["sync"], summary="What a path of the front end stands for",
    parameters=[parameter("path", "Such as `/film/the-glass-orchard/`.", PATH, required=True)],
    responses=responses(answers.ResolutionSerializer, 304, 400, 404, 410),
)  # fmt: skip
preview = extend_schema(
    operation_id="getPreview", tags=["articles"], summary="A draft as it would be delivered", parameters=[CHANNEL],
    responses=responses(answers.DeliveredArticleSerializer, 400, 404, 410, 429),
)  # fmt: skip

ENTRIES = {
    "person": ("People", answers.PersonSerializer, answers.PersonDetailSerializer),
    "work": ("Works", answers.WorkSerializer, answers.WorkDetailSerializer),
    "section": ("Sections", answers.SectionSerializer, answers.SectionDetailSerializer),
    "tag": ("Tags", answers.TagSerializer, answers.TagDetailSerializer),
    "author": ("Authors", answers.AuthorSerializer, answers.AuthorDetailSerializer),
}


def _orders(name: str, *more: str) -> list[OpenApiParameter]:
    allowed = [sign + each for each in ("slug", name, *more) for sign in ("", "-")]
    undated = " By `release_date` only those that have one are listed." if more else ""
    return [
        parameter(
            "ordering", f"By slug, or by {name} as people sort it: small letters, no accents.{undated}",
            {"type": "string", "enum": allowed, "default": "slug"},
        ),
        parameter("starts_with", f"Those whose {name}, as it is sorted, begins so; in the order of {name}s.", {"type": "string", "maxLength": 50}),
    ]  # fmt: skip


ENTRY_ORDERS = {"person": _orders("name"), "work": _orders("title", "release_date")}


def entries(name: str) -> Callable:
    """Describe a list of the directory."""
    plural, item, _ = ENTRIES[name]
    results = item(many=True, help_text="The entries of this page.")
    page = inline_serializer(f"{name.title()}Page", answers.PageSerializer().get_fields() | {"results": results})
    type(page).__doc__ = f"A page of {plural.lower()}."
    schema = extend_schema(
        operation_id=f"list{plural}", tags=["directory"], summary=f"{plural} that live articles show, by slug",
        parameters=[*ENTRY_ORDERS.get(name, ()), *PAGING, *([] if name == "person" else [CHANNEL])],
        responses=responses(page, 304, 400),
    )  # fmt: skip
    return _on_get(schema)


def entry(name: str) -> Callable:
    """Describe one entry of the directory."""
    _, _, item = ENTRIES[name]
    schema = extend_schema(
        operation_id=f"get{name.title()}", tags=["directory"], summary=f"One {name}",
        parameters=[SLUG, CHANNEL], responses=responses(item, 301, 304, 400, 404),
    )  # fmt: skip
    return _on_get(schema)


def strict_requests(result: dict, generator: SchemaGenerator, request: Request | None, public: bool) -> dict:
    """Say of everything that is sent that unknown fields are refused, and that what has a default may be left out.

    Generators make a field with a default one that must be there. And an empty text is a text as well: what may be empty
    fits one shape or the other, or both.
    """
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("Request") and "properties" in shape:
            shape["additionalProperties"] = False
            for field in shape["properties"].values():
                for part in (field, *field.get("oneOf", ())):
                    part.pop("default", None)
        for field in shape.get("properties", {}).values():
            if EMPTY in field.get("oneOf", ()):
                field["anyOf"] = field.pop("oneOf")
    return result


def open_operations(result: dict, generator: SchemaGenerator, request: Request | None, public: bool) -> dict:
    """Say of every operation whose view asks for no token that it needs none; those of the others say theirs already."""
    for item in (*result["paths"].values(), *result["webhooks"].values()):
        for operation in item.values():
            operation.setdefault("security", [])
    return result


def _on_get(schema: Callable) -> Callable:
    return extend_schema_view(get=schema)
