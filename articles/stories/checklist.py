"""The checklist a story must pass to be published, as of the instant it goes live."""

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.text import Truncator

from media.models import Caption, Photo
from media.photos.findings import Finding, Own, findings
from media.rights.decision import Decision, Use, surfaces

from ..directory.address import Address
from ..live.document import LiveDocument
from ..text import body, readability
from ..text.body import Gallery

if TYPE_CHECKING:
    from .article import Article


LISTED = 3
WITHIN_QUOTES = str.maketrans("“”", "‘’")


@dataclass(frozen=True)
class Problem:
    """One finding: a code for machines, a sentence for the editor, and the photo it is about, if any.

    `place` is where to mend it: the name of a field of the form, then for the text the id of a block, then the part of
    a photo, such as "headline", "body:3f9a1c", "body:3f9a1c:credit" or "lead_photo:credit".
    """

    code: str
    sentence: str
    blocks: bool = True
    photo: UUID | None = None
    placement: str = ""
    place: str = ""

    @property
    def is_owed(self) -> bool:
        """Return True if it costs money. Only the photo desk can agree to that, so it cannot be overridden."""
        return self.code == "photo_to_clear"


@dataclass(frozen=True)
class Place:
    """A photo in its place in the story, with the caption and alt text of this use."""

    photo_id: UUID
    placement: str
    name: str
    caption: str | None
    alt: str | None
    decorative: bool
    field: str

    def part(self, name: str) -> str:
        """Return where its credit, caption or alt text is written."""
        return f"{self.field}:{name}"


class Named:
    """Whom and what a story names, by their keys: read when the checklist asks, unless somebody set them before."""

    def __init__(self, article: "Article") -> None:
        self.article = article

    @classmethod
    def in_content(cls, article: "Article", content: dict) -> "Named":
        """Return whom the content of a version names."""
        named = cls(article)
        named.authors = {key for key, _ in content["authors"]}
        named.people = {key for key, _ in content["people"]}
        named.works = set(content["works"])
        return named

    @cached_property
    def authors(self) -> Set[int]:
        return {link.author_id for link in self.article.articleauthor_set.all()}

    @cached_property
    def people(self) -> Set[int]:
        return {link.person_id for link in self.article.articleperson_set.all()}

    @cached_property
    def works(self) -> Set[int]:
        return {link.work_id for link in self.article.articlework_set.all()}


def check(
    article: "Article", at: datetime, photos: dict[UUID, Photo] | None = None, named: Named | None = None
) -> list[Problem]:
    """Return all problems of the working copy, blocking ones first. Its photos and links are loaded unless given."""
    named = named or Named(article)
    found = [*_words(article, named), *_photos(article, at, photos), *_links(article, at), *_topics(article, named)]
    found += [*_review(article, _works(article, named)), *_languages(article), *_readability(article)]
    return sorted(found, key=lambda problem: not problem.blocks)


def check_new(article: "Article", photos: dict[UUID, Photo], works: int, at: datetime) -> list[Problem]:
    """Return the blocking problems of a story that never was live, from its text, the given photos and how many works it has."""
    found = [
        *_text(article),
        *_review(article, works),
        *_shown(article, places(article), at, photos, lambda place: True),
    ]
    return [problem for problem in found if problem.blocks]


def places(article: "Article") -> list[Place]:
    """Return every place in reading order where the story shows a photo."""
    found = []
    if article.lead_photo_id:
        found.append(
            Place(
                article.lead_photo_id,
                "lead",
                "the lead photo",
                article.lead_caption,
                article.lead_alt,
                article.lead_decorative,
                "lead_photo",
            )
        )
    for number, (place, field) in enumerate(zip(body.places_in(article.body), _fields(article), strict=True), 1):
        block = place.block
        name = f"photo {number} of the {'gallery' if place.role == 'gallery' else 'text'}"
        found.append(Place(block.photo, place.role, name, block.caption, block.alt, block.decorative, field))
    if article.social_photo_id:
        found.append(Place(article.social_photo_id, "card", "the social photo", "", "", True, "social_photo"))
    return found


def _fields(article: "Article") -> Iterator[str]:
    """Return where each photo of the text is mended: its block, and its number in a gallery."""
    for block in article.blocks():
        if isinstance(block, Gallery):
            yield from (f"body:{block.id}.{number}" for number in range(len(block.photos)))
        elif isinstance(block, body.PhotoBlock):
            yield f"body:{block.id}"


def _words(article: "Article", named: Named) -> list[Problem]:
    found = _text(article)
    if not named.authors and not article.byline and not article.source_id:
        found.append(Problem("byline_missing", "Add an author, a byline or a source.", blocks=False, place="writers"))
    return found


def _text(article: "Article") -> list[Problem]:
    found = []
    if not article.section_id:
        found.append(Problem("section_missing", "Choose a section.", place="section"))
    if not article.body.strip():
        found.append(Problem("body_empty", "The story has no text.", place="body"))
    if not article.standfirst:
        said = "Write a standfirst: it helps readers and search engines."
        found.append(Problem("standfirst_missing", said, blocks=False, place="standfirst"))
    if len(article.headline_search or article.headline) > 110:
        found.append(
            Problem(
                "headline_long",
                "Search engines cut headlines after about 110 characters. Add a search headline.",
                blocks=False,
                place="headline_search",
            )
        )
    return found


def _works(article: "Article", named: Named) -> int:
    """Return how many works the story is tagged with; not asked where it does not matter."""
    asked = article.review_work_id is None and (article.review_rating is not None or article.kind == "review")
    return len(named.works) if asked else 0


def _review(article: "Article", works: int) -> list[Problem]:
    """Return what a review lacks for search engines: the work it is about, and a rating."""
    rated, named = article.review_rating is not None, article.review_work_id is not None
    if rated and not named and works > 1:
        return [
            Problem(
                "review_work_unclear",
                f"The story is tagged with {works} works: choose under “Review” which one the rating is for.",
                place="review_work",
            )
        ]
    if rated and not named and not works:
        return [
            Problem(
                "review_work_missing",
                "A rating needs a work. Choose it under “Review”, or tag the story with it.",
                place="review_work",
            )
        ]
    if rated or article.kind != "review":
        return []
    found = [
        Problem("review_rating_missing", "Search engines show the rating of a review. Add one under “Review”.", blocks=False, place="review_rating")
    ]  # fmt: skip
    if not named and not works:
        said = Problem(
            "review_work_advised",
            "Choose the work this review is about under “Review”, or tag the story with it.",
            blocks=False,
            place="review_work",
        )
        found.append(said)
    return found


def _languages(article: "Article") -> list[Problem]:
    """Return an advice where a story and the one it translates are said to be in one language."""
    if article.translation_of is None or article.language != article.translation_of.language:
        return []
    return [
        Problem(
            "translation_in_same_language",
            f"“{article.translation_of}”, which this story translates, is in {article.language} too: set the language under “More”.",
            blocks=False,
            place="locale",
        )
    ]


def _photos(article: "Article", at: datetime, photos: dict[UUID, Photo] | None) -> list[Problem]:
    shown_at = places(article)
    if not any(place.placement != "card" for place in shown_at):
        said = "Choose a lead photo: search engines and cards prefer stories with a picture."
        return [Problem("photo_none", said, blocks=False, place="lead_photo"), *_placed(article, at, shown_at, photos)]
    return _placed(article, at, shown_at, photos)


def _placed(article: "Article", at: datetime, shown_at: list[Place], photos: dict[UUID, Photo] | None) -> list[Problem]:
    if not shown_at:
        return []
    if photos is None:
        keys = {place.photo_id for place in shown_at}
        photos = {photo.pk: photo for photo in Photo.objects.filter(pk__in=keys).with_lists()}
    shown = set(article.photo_uses.of_editions().order_by().values_list("photo", "role"))
    return _shown(article, shown_at, at, photos, lambda place: (place.photo_id, _role(place)) not in shown)


def _shown(
    article: "Article",
    shown_at: list[Place],
    at: datetime,
    photos: dict[UUID, Photo],
    is_new: Callable[[Place], bool],
) -> list[Problem]:
    found: list[Problem] = []
    lacking: dict[tuple, list[Place]] = {}
    for place in shown_at:
        photo = photos.get(place.photo_id)
        if photo is None:
            found.append(
                Problem(
                    "photo_missing",
                    f"{_start(place)} no longer exists. Remove it or choose another.",
                    photo=place.photo_id,
                    place=place.field,
                )
            )
        elif photo.is_slot:
            found.append(
                Problem(
                    "slot_empty",
                    f"{_start(place)} is an empty slot (“{_called(photo)}”). Fill it or remove it.",
                    photo=photo.pk,
                    place=place.field,
                )
            )
        else:
            use = article.site.use(at, placement=place.placement, article=article.pk, new=is_new(place))
            answers = _answers(article, place, photo, use)
            found += _photo(place, photo, answers)
            if answers["web", place.placement]:
                for terms in _missing_elsewhere(answers):
                    lacking.setdefault(terms, []).append(place)
    return found + [_missing(channels, places, reason) for (channels, reason), places in lacking.items()]


def _missing(channels: str, places: list[Place], reason: str) -> Problem:
    names = [place.name for place in places]
    shown = ", ".join(names) if len(names) <= LISTED else f"{', '.join(names[:2])} and {len(names) - 2} more"
    said = f"Missing in {channels}: {shown}. {reason}"
    return Problem("photo_missing_in_channel", said, blocks=False, place=places[0].field)


def _called(photo: Photo) -> str:
    """Return the photo's caption as it stands within quotes, short: its own quotes are single."""
    return Truncator(str(photo)).chars(60).translate(WITHIN_QUOTES)


Answers = dict[tuple[str, str], Decision]


def _answers(article: "Article", place: Place, photo: Photo, use: Use) -> Answers:
    """Return the decision on each surface of the title where this place shows the photo, its page first.

    The photo desk's yes to the place holds wherever the place is seen: a lead is cleared for lists too.
    """
    rules = photo.rules(use.article, new=use.new)
    if use.new and any(rule.needs_clearance for rule in rules):
        use = replace(use, cleared=any(row.allows(article.pk, place.placement) for row in photo.clearances.all()))
    asked = [("web", place.placement), *surfaces(_role(place), article.site.channels)]
    if article.social_photo_id and place.placement == "lead":
        asked = [each for each in asked if each[0] != "social"]
    return {
        (channel, placement): photo.usable(replace(use, channel=channel, placement=placement), rules)
        for channel, placement in asked
    }


def _missing_elsewhere(answers: Answers) -> list[tuple[str, str]]:
    """Return for each reason the channels that will lack the photo, in words."""
    reasons: dict[str, list[str]] = {}
    for channel in dict.fromkeys(channel for channel, _ in answers):
        refused = {place: each.reason for (name, place), each in answers.items() if name == channel and not each}
        everywhere = len(refused) == sum(name == channel for name, _ in answers)
        for place, reason in refused.items():
            word = channel if everywhere else f"{channel} ({place})"
            if word not in reasons.setdefault(reason, []):
                reasons[reason].append(word)
    return [(", ".join(words), reason) for reason, words in reasons.items()]


def _photo(place: Place, photo: Photo, answers: Answers) -> list[Problem]:
    """Return what is wrong with a photo in its place. What costs money in any channel is to be cleared; else the web decides."""
    decision = next((each for each in answers.values() if each.to_clear), answers["web", place.placement])
    own = Own(place.caption, place.alt, place.decorative)
    found = [_problem(each, place, photo) for each in findings(photo, decision, own)]
    return found + _alt(place, photo, photo.house_caption)


SENTENCES = {
    "photo_to_clear": "{start} (“{photo}”) needs the photo desk’s approval. {said}",
    "photo_not_usable": "{start} (“{photo}”) may not be used then: {said}",
    "credit_missing": "{start} (“{photo}”) has no credit. Write who took it.",
    "credit_to_check": "The credit of {name} (“{photo}”) was not understood. Check its parts.",
    "instructions_to_check": "{start} (“{photo}”) came with instructions that were not understood: {said}. Ask the photo desk.",
    "photo_to_check": "{start} (“{photo}”): {said}",
    "alt_missing": "{start} (“{photo}”) has no alt text. Describe it, or mark it decorative.",
    "caption_missing": "{start} has no caption. Write what it shows.",
}
PARTS = {"credit_missing": "credit", "credit_to_check": "credit", "alt_missing": "alt", "caption_missing": "caption"}


def _problem(finding: Finding, place: Place, photo: Photo) -> Problem:
    sentence = SENTENCES[finding.code].format(
        start=_start(place), name=place.name, photo=_called(photo), said=finding.said
    )
    where = place.part(PARTS[finding.code]) if finding.code in PARTS else place.field
    return Problem(finding.code, sentence[:600], finding.blocks, photo.pk, place.placement, where)


def _readability(article: "Article") -> list[Problem]:
    return [
        Problem(code, sentence, blocks=False, place=f"body:{block}")
        for code, sentence, block in readability.findings(article.blocks())
    ]


def _alt(place: Place, photo: Photo, caption: Caption | None) -> list[Problem]:
    """Return what is wrong with the alt text, if there is one and screen readers read it."""
    if place.decorative or (caption and caption.decorative):
        return []
    alt = place.alt if place.alt is not None else (caption.alt if caption else "")
    said = body.plain(place.caption) if place.caption is not None else (caption.text if caption else "")
    wrong = readability.of_alt(alt, said)
    if wrong is None:
        return []
    sentence = f"{_start(place)} (“{_called(photo)}”) {wrong[1]}"
    return [Problem(wrong[0], sentence, blocks=False, photo=photo.pk, place=place.part("alt"))]


def _role(place: Place) -> str:
    return "social" if place.placement == "card" else place.placement


def _links(article: "Article", at: datetime) -> list[Problem]:
    targets = set(body.article_links(article.body))
    if not targets:
        return []
    live = set(LiveDocument.objects.live(at).filter(article__in=targets).values_list("article", flat=True))
    names = dict(type(article).objects.filter(pk__in=targets - live).values_list("pk", "headline"))
    return [
        Problem(
            "link_not_live",
            f"The link to “{names.get(key, 'a story that does not exist')}” leads nowhere yet. Readers see the words without the link.",
            blocks=False,
            place=_linking(article, f"article:{key}"),
        )
        for key in sorted(targets - live)
    ]


def _linking(article: "Article", address: str) -> str:
    """Return the place of the first block with a link to this address."""
    stored = (block for block in article.blocks() if f'<a href="{address}">' in body.join([block]))
    return f"body:{found.id}" if (found := next(stored, None)) else "body"


def _topics(article: "Article", named: Named) -> list[Problem]:
    """Return a problem for each link to a person or work that the story is not tagged with."""
    links = body.topic_links(article.body)
    if not links:
        return []
    keys = Address.objects.targets(links)
    tagged = {*(("person", key) for key in named.people), *(("work", key) for key in named.works)}
    return [
        Problem(
            "link_not_tagged",
            f"The text links to the {kind} “{slug}”, but the story is not tagged so: readers see the words without the link.",
            blocks=False,
            place="main_people" if kind == "person" else "about_works",
        )
        for kind, slug in links
        if (kind, keys.get((kind, slug))) not in tagged
    ]


def _start(place: Place) -> str:
    return place.name[0].upper() + place.name[1:]
