"""An article as IPTC ninjs 3.1, for syndication partners: the stored document in their words.

It is made from the bytes of that channel, which have no photos whose rights do not cover syndication.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest

from media.photos.delivered import absolute, height_at, place

from ..live.structured_data import SHAPES, filled, source_type
from ..text.block_html import credit_chains, html_of
from ..text.body import plain

MEDIA_TYPE = "application/vnd.iptc.ninjs+json"
SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"
ROLES = {"main": "about", "mentioned": "mentions"}


def of(document: dict) -> dict:
    """Return the ninjs object of a document as it is delivered to partners."""
    html = html_of(document["body"])
    notes = [f"{row['kind'].title()}: {row['text']}" for row in document["corrections"]]
    return filled({
        "uri": f"urn:uuid:{document['id']}",
        "standard": {"name": "ninjs", "version": "3.1", "schema": SCHEMA},
        "type": "text", "representationType": "full", "pubStatus": "usable",
        "version": str(document["edition"]), "language": document["locale"],
        "firstCreated": document["published_at"], "contentCreated": document["published_at"],
        "versionCreated": document["modified_at"], "expires": document["ends_at"],
        "title": document["headline"], "slugline": document["slug"], "by": document["byline"].removeprefix("By "),
        "headlines": _headlines(document),
        "descriptions": _texts([("summary", document["standfirst"])]),
        "bodies": [{
            "role": "main", "contentType": "text/html", "wordCount": document["word_count"],
            "charCount": len(html), "value": html,
        }],
        "people": [_person(each, ROLES[each["role"]]) for each in document["people"]],
        "objects": [{"name": each["title"], "rel": "about", "literal": each["slug"]} for each in document["works"]],
        "subjects": [{"name": each["name"], "rel": "about", "literal": each["slug"]} for each in _subjects(document)],
        "genres": [{"name": document["kind"], "literal": document["kind"]}],
        "infoSources": _sources(document), "edNote": " ".join(notes),
        "copyrightHolder": document["structured_data"]["publisher"]["name"],
        "altIds": [{"role": "slug", "value": document["slug"]}, {"role": "url", "value": document["url"]}],
        "associations": [picture(photo) for photo in photos(document)],
    })  # fmt: skip


def _headlines(document: dict) -> list[dict]:
    found = {"main": document["headline"], **document["headlines"]}
    others = {role: text for role, text in found.items() if role == "main" or text != document["headline"]}
    return _texts(others.items())


def _texts(pairs: Iterable[tuple[str, str | None]]) -> list[dict]:
    return [{"role": role, "contentType": "text/plain", "value": text} for role, text in pairs if text]


def _person(row: dict, rel: str) -> dict:
    return filled(
        {"name": row["name"], "rel": rel, "literal": row["slug"], "uri": next(iter(row.get("same_as", ())), None)}
    )


def _subjects(document: dict) -> list[dict]:
    return [each for each in (document["section"], *document["tags"]) if each]


def _sources(document: dict) -> list[dict]:
    source = document["source"]
    return [filled({"name": source["name"], "role": "source", "uri": source["url"]})] if source else []


def photos(document: dict) -> Iterator[dict]:
    """Yield every use of a photo, the lead first."""
    for block in (document["lead"], *document["body"]):
        if block and block["type"] == "photo":
            yield block
        elif block and block["type"] == "gallery":
            yield from block["photos"]


def picture(photo: dict) -> dict:
    """Return a photo as an association, under the name of its use."""
    credit, term, chains = photo["credit"] or {}, source_type(photo), credit_chains(photo)
    agencies = [{"name": name, "role": "agency"} for name in named(chains, "agencies")]
    return filled({
        "name": photo["use_id"] or str(photo["id"]), "rel": "lead" if photo["use_id"] == "lead" else "body",
        "uri": f"urn:uuid:{photo['id']}", "type": "picture", "pubStatus": "usable",
        "by": ", ".join(named(chains, "photographers")), "contentCreated": photo["taken_at"],
        "descriptions": _texts([
            ("caption", plain(photo["caption_html"])), ("creditline", credit.get("line")),
            ("alternativetext", photo["alt"]),
        ]),
        "copyrightNotice": credit.get("copyright_notice"), "infoSources": agencies,
        "rightsInfo": {"linkedRights": credit["license_url"]} if credit.get("license_url") else None,
        "digitalSourceType": {"uri": term, "name": term.rsplit("/", 1)[-1]} if term else None,
        "people": [{"name": person["name"], "rel": "shown", "literal": person["slug"]} for person in photo["people"]],
        "renditions": renditions(photo["image"]),
    })  # fmt: skip


def named(chains: list[dict], part: str) -> list[str]:
    """Return the names of all chains of a credit, each once."""
    return list(dict.fromkeys(name for chain in chains for name in chain[part]))


def renditions(image: dict) -> list[dict]:
    """Return each width of the whole picture, with the point that crops must keep, and its usual shapes."""
    ratio, (x, y) = image["height"] / image["width"], image["focal_point"]
    found = [
        _rendition(
            image, "full", width, width=width, height=height_at(image, width),
            poi={"x": round(x * width), "y": round(y * width * ratio)},
        )
        for width in image["widths"]
    ]  # fmt: skip
    return found + [_rendition(image, crop, width) for crop, width in SHAPES.items() if crop in image["crops"]]


def _rendition(image: dict, crop: str, size: int, **more: Any) -> dict:
    href = absolute(place(image["url_template"], crop, size, "jpg"))
    return filled({"name": f"{crop}-{size}", "href": href, "contentType": "image/jpeg"} | more)


def preferred(request: HttpRequest) -> str:
    """Return the format an Accept header asks for by name; anything else gets JSON."""
    return "ninjs" if MEDIA_TYPE in request.headers.get("Accept", "") else "json"


def read_format(value: str) -> str:
    if value in ("json", "ninjs"):
        return value
    raise ValueError("Give json or ninjs.")
