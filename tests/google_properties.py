"""What Google requires and recommends of each type it reads rich results from. Dated 2026-11-29.

Dotted names lead into a value; a name with bars is met by any of them. The pages are those of
https://developers.google.com/search/docs/appearance/structured-data/, named with each type. On that day copies of them
were read that others keep: whole for the types that reviews may be of and for what an organization, a profile (by the
page's example) and an image are asked for; of article, breadcrumb and video the beginning, and for their properties
Adobe's structured-data-validator, which repeats Google's test. Whoever can read the pages themselves, compare and date anew.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    page: str
    required: tuple[str, ...] = ()
    recommended: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    """Recommended, and left out because a newsroom's CMS does not know it."""
    shorter: tuple[tuple[str, int], ...] = ()
    """Texts that must be shorter than this."""


ARTICLE = Asked(
    "article", (),
    ("headline", "image", "datePublished", "dateModified", "author", "author.name", "author.url"),
)  # fmt: skip
REVIEW = Asked(
    "review-snippet",
    ("author", "author.name", "itemReviewed", "itemReviewed.name", "reviewRating", "reviewRating.ratingValue"),
    ("datePublished", "reviewRating.bestRating", "reviewRating.worstRating"),
    shorter=(("author.name", 100),),
)  # fmt: skip
TYPES = {
    "NewsArticle": ARTICLE,
    "ReviewNewsArticle": Asked(
        "review-snippet", REVIEW.required, (*ARTICLE.recommended, *REVIEW.recommended), shorter=REVIEW.shorter
    ),
    "BreadcrumbList": Asked("breadcrumb", ("itemListElement",)),
    "ListItem": Asked("breadcrumb", ("item", "name", "position")),
    "ProfilePage": Asked(
        "profile-page", ("mainEntity", "mainEntity.name"),
        ("mainEntity.alternateName", "mainEntity.description", "mainEntity.image", "mainEntity.sameAs"),
        # When a row was made says nothing of the person; nobody is followed or liked here.
        ("dateCreated", "dateModified", "mainEntity.identifier", "mainEntity.interactionStatistic",
         "mainEntity.agentInteractionStatistic"),
    ),
    "ImageObject": Asked(
        "image-license-metadata", ("contentUrl", "creator|creditText|copyrightNotice|license"),
        ("creator.name", "creditText", "copyrightNotice", "license", "acquireLicensePage"),
    ),
    "NewsMediaOrganization": Asked(
        "organization", (), ("name", "url", "logo", "sameAs"),
        # For the page about a company, which is the front end's: whom to call and where, its numbers and registers.
        ("address", "alternateName", "contactPoint", "description", "email", "telephone", "legalName", "foundingDate",
         "numberOfEmployees", "iso6523Code", "duns", "leiCode", "naics", "globalLocationNumber", "vatID", "taxID"),
    ),
    "Person": Asked("article", ("name",), ("url",)),
}  # fmt: skip
LOGO = Asked("organization", ("url|contentUrl",))
# Of these types Google shows a review's stars, or of a type above them.
REVIEWED = {
    "Movie": "Movie", "TVSeries": "CreativeWorkSeries", "MusicAlbum": "MusicPlaylist",
    "MusicRecording": "MusicRecording", "VideoGame": "Game", "CreativeWorkSeries": "CreativeWorkSeries",
}  # fmt: skip
TAKEN = {
    *("Book", "Course", "CreativeWorkSeason", "CreativeWorkSeries", "Episode", "Event", "Game", "HowTo"),
    *("LocalBusiness", "MediaObject", "Movie", "MusicPlaylist", "MusicRecording", "Organization", "Product", "Recipe"),
    "SoftwareApplication",
}
NEVER_SAID = {
    "VideoObject": "requires a thumbnail and the day of upload, which an embedded player does not tell (page: video)",
    "LiveBlogPosting": "stories have no live updates (page: video, live stream badge)",
    "ItemList": "carousels are for lists whose pages are all on one host (page: movie)",
}


def missing(node: dict, names: tuple[str, ...]) -> list[str]:
    """Return those of these properties that a node lacks; in a list every value must have them."""
    return [name for name in names if not any(_has(node, each) for each in name.split("|"))]


def _has(node: object, name: str) -> bool:
    head, _, rest = name.partition(".")
    values = node.get(head) if isinstance(node, dict) else None
    values = values if isinstance(values, list) else [] if values in (None, "") else [values]
    return bool(values) and all(not rest or _has(value, rest) for value in values)


def too_long(node: dict, bounds: tuple[tuple[str, int], ...]) -> list[str]:
    """Return those of these properties that have a text which is not shorter than its bound."""
    return [name for name, bound in bounds if any(len(text) >= bound for text in _texts(node, name))]


def _texts(node: dict, name: str) -> list[str]:
    head, _, rest = name.partition(".")
    values = node.get(head, [])
    values = values if isinstance(values, list) else [values]
    return [text for value in values for text in (_texts(value, rest) if rest else [str(value)])]


def nodes(value: object, under: str = ""):
    """Yield every node with a type, and the property it stands under."""
    if isinstance(value, list):
        for each in value:
            yield from nodes(each, under)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value, under
        for name, each in value.items():
            yield from nodes(each, name)


def incomplete(data: dict) -> list[str]:
    """Return every property that Google requires and these data lack, with the type that lacks it."""
    found = []
    for node, under in nodes(data):
        asked = LOGO if under == "logo" else TYPES.get(node["@type"], Asked(""))
        if node["@type"] in NEVER_SAID:
            found.append(f"{node['@type']} {NEVER_SAID[node['@type']]}")
        found += [f"{node['@type']} lacks {name}" for name in missing(node, asked.required)]
        found += [f"{node['@type']} has too long a {name}" for name in too_long(node, asked.shorter)]
        if node["@type"] == "BreadcrumbList" and len(node["itemListElement"]) < 2:
            found.append("BreadcrumbList of one step")
        if under == "itemReviewed" and REVIEWED.get(node["@type"]) not in TAKEN:
            found.append(f"{node['@type']} is none of the types that reviews may be of")
    return found
