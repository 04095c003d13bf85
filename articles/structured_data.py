"""schema.org JSON-LD of a document: NewsArticle, ReviewArticle, and an ImageObject per photo with its credit."""

from datetime import UTC, datetime


def of(values: dict, site) -> dict:
    """Return the JSON-LD of what the serializers write; every value is JSON already or None-free."""
    photos = [values["lead"], *photos_in(values["body"])] if values["lead"] else list(photos_in(values["body"]))
    data = {
        "@context": "https://schema.org",
        "@type": "ReviewNewsArticle" if values["review"] else "NewsArticle",
        "mainEntityOfPage": values["canonical_url"] or values["url"],
        "url": values["url"],
        "headline": values["headlines"]["search"][:110],
        "description": values["seo"]["description"],
        "datePublished": iso(values["published_at"]),
        "dateModified": iso(values["updated_at"] or values["published_at"]),
        "inLanguage": values["locale"],
        "articleSection": values["section"]["name"] if values["section"] else None,
        "wordCount": values["word_count"],
        "author": [person(author, site) for author in values["authors"]] or organization(site),
        "publisher": organization(site),
        "image": [image_object(photo, site) for photo in photos],
        "about": [entity(each, site, "Person") for each in values["people"] if each["role"] == "main"]
        + [entity(each, site, WORK_TYPES[each["kind"]]) for each in values["works"]],
        "mentions": [entity(each, site, "Person") for each in values["people"] if each["role"] == "mentioned"],
        "correction": [correction(each) for each in values["corrections"]],
        "isAccessibleForFree": True,
    }
    if values["review"]:
        data |= review(values["review"], site)
    return {key: value for key, value in data.items() if value not in (None, "", [])}


WORK_TYPES = {
    "film": "Movie", "series": "TVSeries", "album": "MusicAlbum", "song": "MusicRecording", "game": "VideoGame", "show": "CreativeWork",
}  # fmt: skip


def photos_in(blocks):
    for block in blocks:
        if block["type"] == "photo":
            yield block
        elif block["type"] == "gallery":
            yield from block["photos"]


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def person(author: dict, site) -> dict:
    found = {
        "@type": "Person",
        "name": author["name"],
        "url": site.url(author["path"]),
        "jobTitle": author["job_title"],
    }
    return {key: value for key, value in found.items() if value}


def organization(site) -> dict:
    found = {"@type": "NewsMediaOrganization", "name": site.publisher_name or site.name, "url": site.url("/")}
    return found | ({"logo": {"@type": "ImageObject", "url": site.logo_url}} if site.logo_url else {})


def entity(row: dict, site, kind: str) -> dict:
    found = {
        "@type": kind,
        "name": row.get("name") or row.get("title"),
        "url": site.url(row["path"]),
        "sameAs": row.get("same_as"),
    }
    return {key: value for key, value in found.items() if value}


def image_object(photo: dict, site) -> dict:
    """Return what Google's licensable-image feature reads: creator, creditText, copyrightNotice, license, where to get it."""
    credit, image = photo["credit"] or {}, photo["image"]
    creators = [{"@type": "Person", "name": name} for name in credit.get("photographers", ())]
    creators = creators or [{"@type": "Organization", "name": name} for name in credit.get("agencies", ())[-1:]]
    found = {
        "@type": "ImageObject",
        "contentUrl": image["src"],
        "width": image["width"],
        "height": image["height"],
        "caption": _plain(photo["caption_html"]),
        "creator": creators,
        "creditText": credit.get("line"),
        "copyrightNotice": credit.get("copyright_notice"),
        "license": credit.get("license_url"),
        "acquireLicensePage": credit.get("acquire_url"),
        "digitalSourceType": photo.get("digital_source_type"),
    }
    return {key: value for key, value in found.items() if value}


def correction(row: dict) -> dict:
    return {"@type": "CorrectionComment", "text": row["text"], "datePublished": iso(row["at"])}


def review(row: dict, site) -> dict:
    found = {}
    if row["work"]:
        found["itemReviewed"] = entity(row["work"], site, WORK_TYPES[row["work"]["kind"]])
    if row["rating"] is not None:
        found["reviewRating"] = {
            "@type": "Rating",
            "ratingValue": row["rating"],
            "bestRating": row["scale"],
            "worstRating": 0,
        }
    if row["verdict"]:
        found["reviewBody"] = row["verdict"]
    return found


def _plain(html: str) -> str:
    from .body import plain

    return plain(html)
