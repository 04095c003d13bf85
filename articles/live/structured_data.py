"""schema.org JSON-LD of a document: a news article, review or gallery, and an ImageObject per photo with its credit.

Everything comes from what the document delivers, so that search engines and readers always get the same credit.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

from media.photos.delivered import place, web_address

from ..text.body import plain

HEADLINE_LENGTH = 110
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
WORK_TYPES = {
    "film": "Movie", "series": "TVSeries", "album": "MusicAlbum", "song": "MusicRecording", "game": "VideoGame",
    "show": "CreativeWorkSeries",
}  # fmt: skip
# Search engines ask for the lead in these shapes.
SHAPES = {"ratio_16_9": 1280, "ratio_4_3": 1280, "ratio_1_1": 640}


class Publisher(Protocol):
    """What structured data needs of a site. A Protocol, because this module must not import models."""

    name: str
    publisher_name: str
    logo_url: str
    logo_width: int | None
    logo_height: int | None
    social_profiles: list

    def url(self, path: str) -> str: ...


def of(values: dict, site: Publisher) -> dict:
    """Return the JSON-LD for what the serializers return. Every value is JSON, and empty ones are left out."""
    data = {
        "@context": "https://schema.org",
        "@type": "ReviewNewsArticle" if values["review"] else "NewsArticle",
        "@id": f"urn:uuid:{values['id']}",
        "mainEntityOfPage": values["canonical_url"] or values["url"],
        "url": values["url"],
        "headline": values["headlines"]["search"][:HEADLINE_LENGTH],
        "description": values["seo"]["description"],
        "datePublished": iso(values["published_at"]),
        "dateModified": iso(modified_at(values)),
        "inLanguage": values["locale"],
        "articleSection": values["section"]["name"] if values["section"] else None,
        "keywords": [tag["name"] for tag in values["tags"]],
        "wordCount": values["word_count"],
        "author": [person(author, site) for author in values["authors"]] or organization(site),
        "publisher": organization(site),
        "image": images(values, site),
        "hasPart": [gallery(block, site) for block in values["body"] if block["type"] == "gallery"],
        "about": [entity(each, site, "Person") for each in values["people"] if each["role"] == "main"]
        + [entity(each, site, WORK_TYPES[each["kind"]]) for each in values["works"]],
        "mentions": [entity(each, site, "Person") for each in values["people"] if each["role"] == "mentioned"],
        "correction": [correction(each) for each in values["corrections"]],
        "isAccessibleForFree": True,
    }
    if values["review"]:
        data |= review(values["review"], site)
    return filled(data)


def filled(data: dict) -> dict:
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def modified_at(values: dict) -> datetime:
    """Return when readers last got something new to read: an update or a correction."""
    corrected = [row["at"] for row in values["corrections"]]
    return max([values["updated_at"] or values["published_at"], values["published_at"], *corrected])


# Photos


def images(values: dict, site: Publisher) -> list[dict]:
    """Return the lead, its other shapes, then the photos of the text; a story with neither uses its gallery's first."""
    lead = [values["lead"]] if values["lead"] else []
    photos = [*lead, *photos_in(values["body"])]
    found = [image_object(photo, site) for photo in photos]
    shapes = [shape(photo, found[0], name) for photo in lead for name in SHAPES if name in photo["image"]["crops"]]
    galleries = [block for block in values["body"] if block["type"] == "gallery"]
    return [*found[:1], *shapes, *found[1:]] or [image_object(block["photos"][0], site) for block in galleries[:1]]


def photos_in(blocks: list[dict]) -> Iterator[dict]:
    return (block for block in blocks if block["type"] == "photo")


def shape(photo: dict, whole: dict, crop: str) -> dict:
    """Return another shape of a photo; its size is left to the file, which may be smaller than asked for."""
    address = place(photo["image"]["url_template"], crop, SHAPES[crop], "jpg")
    return {key: value for key, value in whole.items() if key not in ("width", "height")} | {
        "url": address, "contentUrl": address,
    }  # fmt: skip


def gallery(block: dict, site: Publisher) -> dict:
    photos = [image_object(photo, site) for photo in block["photos"]]
    return filled({"@type": "ImageGallery", "name": block["title"], "image": photos})


def image_object(photo: dict, site: Publisher) -> dict:
    """Return what image search reads for licensable images: creator, credit, copyright, license and where to get it."""
    credit, image = photo["credit"] or {}, photo["image"]
    address = place(image["url_template"], "full", max(image["widths"]), "jpg")
    width = max(image["widths"])
    return filled(
        {
            "@type": "ImageObject",
            "url": address,
            "contentUrl": address,
            "width": width,
            "height": max(1, round(image["height"] * width / image["width"])),
            "caption": plain(photo["caption_html"]),
            "description": photo["alt"],
            "creator": creators(photo["credits"]),
            "creditText": credit.get("line"),
            "copyrightNotice": credit.get("copyright_notice"),
            "license": credit.get("license_url"),
            "acquireLicensePage": credit.get("acquire_url"),
            "digitalSourceType": source_type(photo),
        }
    )


def creators(chains: list[dict]) -> list[dict]:
    """Return who made the photo, for each chain of its credit, each named once."""
    found = [maker for chain in chains for maker in makers(chain)]
    return [maker for place, maker in enumerate(found) if maker not in found[:place]]


def makers(chain: dict) -> list[dict]:
    """Return who made one picture: the photographers, else the last agency named, else the courtesy credit."""
    people = [{"@type": "Person", "name": name} for name in chain["photographers"]]
    others = chain["agencies"][-1:] or [chain["handle"] or chain["courtesy_of"]]
    return people or [{"@type": "Organization", "name": name} for name in others if name]


def source_type(photo: dict) -> str | None:
    """Return the address of the IPTC term for how the picture came to be; AI-generated images always have one."""
    term = photo["digital_source_type"] or ("trainedAlgorithmicMedia" if photo["kind"] == "ai_generated" else "")
    return term if "://" in term else f"{SOURCE_TYPES}{term}" if term else None


# Who and what


def person(author: dict, site: Publisher) -> dict:
    return filled(
        {"@type": "Person", "name": author["name"], "url": site.url(author["path"]), "jobTitle": author["job_title"]}
    )


def organization(site: Publisher) -> dict:
    found = {
        "@type": "NewsMediaOrganization", "name": site.publisher_name or site.name, "url": site.url("/"),
        "logo": logo(site), "sameAs": list(filter(web_address, site.social_profiles)),
    }  # fmt: skip
    return filled(found)


def logo(site: Publisher) -> dict | None:
    url = web_address(site.logo_url)
    size = {"width": site.logo_width, "height": site.logo_height}
    return filled({"@type": "ImageObject", "url": url, **size}) if url else None


def entity(row: dict, site: Publisher, kind: str) -> dict:
    name = row.get("name") or row.get("title")
    released = str(row["release_date"]) if row.get("release_date") else None
    return filled(
        {
            "@type": kind,
            "name": name,
            "url": site.url(row["path"]),
            "sameAs": row.get("same_as"),
            "dateCreated": released,
        }
    )


def correction(row: dict) -> dict:
    return {"@type": "CorrectionComment", "text": row["text"], "datePublished": iso(row["at"])}


def review(row: dict, site: Publisher) -> dict:
    found = {}
    if row["work"]:
        found["itemReviewed"] = entity(row["work"], site, WORK_TYPES[row["work"]["kind"]])
    if row["rating"] is not None:
        found["reviewRating"] = {
            "@type": "Rating", "ratingValue": row["rating"], "bestRating": row["scale"], "worstRating": 0,
        }  # fmt: skip
    return found | ({"reviewBody": row["verdict"]} if row["verdict"] else {})
