"""schema.org JSON-LD of a document: a news article, review or gallery, and an ImageObject per photo with its credit.

Everything comes from what the document delivers, so that search engines and readers always get the same credit.
Whatever Google reads a rich result from has all that it requires (tests/google_properties.py), or is not said.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

from media.files.imaging import rendition_sizes
from media.photos.delivered import place, web_address

from ..text.body import plain

HEADLINE_LENGTH = 110
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
WORK_TYPES = {
    "film": "Movie", "series": "TVSeries", "album": "MusicAlbum", "song": "MusicRecording", "game": "VideoGame",
    "show": "CreativeWorkSeries",
}  # fmt: skip
# Google shows no stars of a reviewer whose name is longer.
REVIEWER_LENGTH = 99
# Search engines ask for the lead in these shapes, at least 50,000 pixels each.
SHAPES = {"ratio_16_9": 1280, "ratio_4_3": 1280, "ratio_1_1": 960}


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
        "@type": "ReviewNewsArticle" if is_review(values) else "NewsArticle",
        "@id": urn(values["id"]),
        "mainEntityOfPage": page(values, site),
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
        "image": images(values),
        "hasPart": [gallery(block) for block in values["body"] if block["type"] == "gallery"],
        "about": [entity(each, site, "Person") for each in values["people"] if each["role"] == "main"]
        + [entity(each, site, WORK_TYPES[each["kind"]]) for each in values["works"]],
        "mentions": [entity(each, site, "Person") for each in values["people"] if each["role"] == "mentioned"],
        "correction": [correction(each) for each in values["corrections"]],
        "isAccessibleForFree": True,
        **translations(values),
    }
    if is_review(values):
        data |= review(values["review"], site)
    return filled(data)


def urn(key: object) -> str:
    return f"urn:uuid:{key}"


def page(values: dict, site: Publisher) -> dict:
    """Return the page that an article is on, with the way to it."""
    url = values["canonical_url"] or values["url"]
    crumbs = [(each["name"], site.url(each["path"])) for each in values["breadcrumbs"]]
    return filled(
        {"@type": "WebPage", "@id": url, "breadcrumb": breadcrumbs([*crumbs, (values["headlines"]["short"], url)])}
    )


def breadcrumbs(steps: list[tuple[str, str]]) -> dict | None:
    """Return the way through (name, address) to a page, the page itself last; a single step is no way."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items} if len(items) > 1 else None


def translations(values: dict) -> dict:
    """Return the live siblings of an article: an original names its translations, each of them its original."""
    told: dict[bool, list[dict]] = {True: [], False: []}
    for each in values["alternates"]:
        if each["slug"] != values["slug"]:
            told[each["is_original"]].append(
                {"@type": "NewsArticle", "@id": urn(each["id"]), "url": each["url"], "inLanguage": each["locale"]}
            )
    if told[True]:
        return {"translationOfWork": told[True][0]}
    return {} if values["is_translation"] else {"workTranslation": told[False]}


def filled(data: dict) -> dict:
    return {key: value for key, value in data.items() if value not in (None, "", [])}


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def modified_at(values: dict) -> datetime:
    """Return when readers last got something new to read: an update or a correction."""
    corrected = [row["at"] for row in values["corrections"]]
    return max([values["updated_at"] or values["published_at"], values["published_at"], *corrected])


# Photos


def images(values: dict) -> list[dict]:
    """Return the lead, its other shapes, then the photos of the text; a story with neither uses its gallery's first."""
    lead = [values["lead"]] if values["lead"] else []
    photos = [*lead, *photos_in(values["body"])]
    found = [image_object(photo) for photo in photos]
    shapes = [shape(photo, found[0], name) for photo in lead for name in SHAPES if name in photo["image"]["crops"]]
    galleries = [block for block in values["body"] if block["type"] == "gallery"]
    return [*found[:1], *shapes, *found[1:]] or [image_object(block["photos"][0]) for block in galleries[:1]]


def photos_in(blocks: list[dict]) -> Iterator[dict]:
    return (block for block in blocks if block["type"] == "photo")


def shape(photo: dict, whole: dict, crop: str) -> dict:
    """Return another shape of a photo, in the largest size there is of it up to the one asked for."""
    sizes = rendition_sizes(whole["width"], whole["height"], crop)
    width, height = max((size for size in sizes if size[0] <= SHAPES[crop]), default=sizes[0])
    address = place(photo["image"]["url_template"], crop, width, "jpg")
    return whole | {"url": address, "contentUrl": address, "width": width, "height": height}


def gallery(block: dict) -> dict:
    photos = [image_object(photo) for photo in block["photos"]]
    return filled({"@type": "ImageGallery", "name": block["title"], "image": photos})


def image_object(photo: dict) -> dict:
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
        {
            "@type": "Person",
            "name": author["name"],
            "url": site.url(author["path"]),
            "jobTitle": author["job_title"],
            "sameAs": author["same_as"],
        }
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
    return filled(
        {
            "@type": kind,
            "name": name,
            "url": site.url(row["path"]),
            "sameAs": row.get("same_as"),
            "dateCreated": _date(row.get("release_date")),
        }
    )


def correction(row: dict) -> dict:
    return {"@type": "CorrectionComment", "text": row["text"], "datePublished": iso(row["at"])}


def is_review(values: dict) -> bool:
    """Return True if search engines may call it a review: they take one without work or rating for a broken one."""
    review, named = values["review"], all(len(each["name"]) <= REVIEWER_LENGTH for each in values["authors"])
    return bool(named and review and review["work"] and review["rating"] is not None)


def review(row: dict, site: Publisher) -> dict:
    rating = {"@type": "Rating", "ratingValue": row["rating"], "bestRating": row["scale"], "worstRating": 0}
    return {
        "itemReviewed": entity(row["work"], site, WORK_TYPES[row["work"]["kind"]]),
        "reviewRating": rating, "reviewBody": row["verdict"],
    }  # fmt: skip


# Pages of the directory


def profile(entry: dict, url: Callable[[str], str], elsewhere: Sequence[str] = ()) -> dict:
    """Return the JSON-LD of the page of a person or an author, who has these pages elsewhere besides `same_as`."""
    whole = {
        "@type": "Person", "@id": url(entry["path"]), "name": entry["name"], "url": url(entry["path"]),
        "description": entry.get("description") or entry.get("biography"), "jobTitle": entry.get("job_title"),
        "alternateName": list(entry.get("handles", {}).values()),
        "birthDate": _date(entry.get("born")), "deathDate": _date(entry.get("died")),
        "sameAs": [*entry["same_as"], *elsewhere], "image": image_of(entry.get("photo") or entry.get("portrait")),
    }  # fmt: skip
    return filled({"@context": "https://schema.org", "@type": "ProfilePage", "mainEntity": filled(whole)})


def collection(entry: dict, url: Callable[[str], str], line: Sequence[tuple[str, str]] = ()) -> dict:
    """Return the JSON-LD of the page of a section or tag; `line` leads to it by name and path."""
    found = {
        "@context": "https://schema.org", "@type": "CollectionPage", "@id": url(entry["path"]), "url": url(entry["path"]),
        "name": entry["name"], "description": entry["description"], "primaryImageOfPage": image_of(entry["photo"]),
        "breadcrumb": breadcrumbs([(name, url(path)) for name, path in line]),
    }  # fmt: skip
    return filled(found)


def work(entry: dict, url: Callable[[str], str]) -> dict:
    """Return the JSON-LD of a work."""
    found = {
        "@context": "https://schema.org", "@type": WORK_TYPES[entry["kind"]], "@id": url(entry["path"]),
        "url": url(entry["path"]), "name": entry["title"], "description": entry["description"],
        "dateCreated": _date(entry["release_date"]), "sameAs": entry["same_as"], "image": image_of(entry["poster"]),
    }  # fmt: skip
    return filled(found)


def image_of(photo: dict | None) -> dict | None:
    return image_object(photo) if photo and photo["image"] else None


def _date(day: object) -> str | None:
    return str(day) if day else None
