"""The checklist a story must pass to be published, as of the instant it goes live."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from media.models import Caption, Photo
from media.rights.decision import Decision, Use, surfaces

from ..directory.address import Address
from ..live.document import LiveDocument
from ..text import body, readability

if TYPE_CHECKING:
    from .article import Article


@dataclass(frozen=True)
class Problem:
    """One finding: a code for machines, a sentence for the editor, and the photo and place it is about, if any."""

    code: str
    sentence: str
    blocks: bool = True
    photo: UUID | None = None
    placement: str = ""

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


def check(article: "Article", at: datetime, photos: dict[UUID, Photo] | None = None) -> list[Problem]:
    """Return all problems of the working copy, blocking ones first. Its photos are loaded unless given."""
    found = [*_words(article), *_photos(article, at, photos), *_links(article, at), *_topics(article)]
    found += [*_review(article, _works(article)), *_languages(article), *_readability(article)]
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
            )
        )
    for number, place in enumerate(body.places_in(article.body), 1):
        block = place.block
        name = f"photo {number} of the {'gallery' if place.role == 'gallery' else 'text'}"
        found.append(Place(block.photo, place.role, name, block.caption, block.alt, block.decorative))
    if article.social_photo_id:
        found.append(Place(article.social_photo_id, "card", "the social photo", "", "", True))
    return found


def _words(article: "Article") -> list[Problem]:
    found = _text(article)
    if not article.articleauthor_set.exists() and not article.byline and not article.source_id:
        found.append(Problem("byline_missing", "Add an author, a byline or a source.", blocks=False))
    return found


def _text(article: "Article") -> list[Problem]:
    found = []
    if not article.section_id:
        found.append(Problem("section_missing", "Choose a section."))
    if not article.body.strip():
        found.append(Problem("body_empty", "The story has no text."))
    if not article.standfirst:
        found.append(
            Problem("standfirst_missing", "Add a standfirst. It helps readers and search engines.", blocks=False)
        )
    if len(article.headline_search or article.headline) > 110:
        found.append(
            Problem(
                "headline_long",
                "Search engines cut headlines after about 110 characters. Add a search headline.",
                blocks=False,
            )
        )
    return found


def _works(article: "Article") -> int:
    """Return how many works the story is tagged with; not asked where it does not matter."""
    asked = article.review_work_id is None and (article.review_rating is not None or article.kind == "review")
    return article.works.count() if asked else 0


def _review(article: "Article", works: int) -> list[Problem]:
    """Return what a review lacks for search engines: the work it is about, and a rating."""
    rated, named = article.review_rating is not None, article.review_work_id is not None
    if rated and not named and works > 1:
        return [
            Problem(
                "review_work_unclear",
                f"The story is tagged with {works} works: choose under “Review” which one the rating is for.",
            )
        ]
    if rated and not named and not works:
        return [
            Problem("review_work_missing", "A rating needs a work. Choose it under “Review”, or tag the story with it.")
        ]
    if rated or article.kind != "review":
        return []
    found = [
        Problem("review_rating_missing", "Search engines show the rating of a review. Add one under “Review”.", blocks=False)
    ]  # fmt: skip
    if not named and not works:
        said = Problem(
            "review_work_advised",
            "Choose the work this review is about under “Review”, or tag the story with it.",
            blocks=False,
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
            f"“{article.translation_of}”, which this story translates, is in {article.language} too: set the locale under “More”.",
            blocks=False,
        )
    ]


def _photos(article: "Article", at: datetime, photos: dict[UUID, Photo] | None) -> list[Problem]:
    shown_at = places(article)
    if not any(place.placement != "card" for place in shown_at):
        said = "Search engines and cards show stories with a picture. Choose a lead photo."
        return [Problem("photo_none", said, blocks=False), *_placed(article, at, shown_at, photos)]
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
    lacking: dict[tuple, list[str]] = {}
    for place in shown_at:
        photo = photos.get(place.photo_id)
        if photo is None:
            found.append(
                Problem(
                    "photo_missing",
                    f"{_start(place)} no longer exists. Remove it or choose another.",
                    photo=place.photo_id,
                )
            )
        elif photo.is_slot:
            found.append(
                Problem(
                    "slot_empty", f"{_start(place)} is an empty slot (“{photo}”). Fill it or remove it.", photo=photo.pk
                )
            )
        else:
            use = article.site.use(at, placement=place.placement, article=article.pk, new=is_new(place))
            answers = _answers(article, place, photo, use)
            found += _photo(place, photo, answers)
            if answers["web", place.placement]:
                for terms in _missing_elsewhere(answers):
                    lacking.setdefault(terms, []).append(place.name)
    return found + [
        Problem("photo_missing_in_channel", f"Missing in {channels}: {', '.join(names)}. {reason}", blocks=False)
        for (channels, reason), names in lacking.items()
    ]


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
    found = []
    if decision.to_clear:
        sentence = f"{_start(place)} (“{photo}”) needs the photo desk’s approval. {decision.reason}"
        found.append(Problem("photo_to_clear", sentence, photo=photo.pk, placement=place.placement))
    elif not decision:
        sentence = f"{_start(place)} (“{photo}”) may not be used then: {decision.reason}"
        found.append(Problem("photo_not_usable", sentence, photo=photo.pk))
    if photo.credit is None or not photo.credit.line():
        found.append(Problem("credit_missing", f"{_start(place)} (“{photo}”) has no credit.", photo=photo.pk))
    elif photo.credit.needs_check:
        found.append(
            Problem(
                "credit_to_check",
                f"The credit of {place.name} (“{photo}”) was not understood. Check its parts.",
                blocks=False,
            )
        )
    found += _instructions(place, photo)
    for doubt in photo.doubts.splitlines():
        found.append(Problem("photo_to_check", f"{_start(place)} (“{photo}”): {doubt}", blocks=False))
    caption = photo.house_caption
    if (
        not place.decorative
        and not (caption and caption.decorative)
        and not (place.alt or (place.alt is None and caption and caption.alt))
    ):
        found.append(
            Problem(
                "alt_missing",
                f"{_start(place)} (“{photo}”) has no alt text. Describe it, or mark it decorative.",
                blocks=False,
            )
        )
    if place.caption is None and not (caption and caption.text):
        found.append(Problem("caption_missing", f"{_start(place)} has no caption.", blocks=False))
    return found + _alt(place, photo, caption)


def _instructions(place: Place, photo: Photo) -> list[Problem]:
    """Return a warning where words of the supplier's instructions wait for a person."""
    if not (words := photo.words_not_understood):
        return []
    said = "; ".join(f"“{each}”" for each in words[:3])
    sentence = (
        f"{_start(place)} (“{photo}”) came with instructions that were not understood: {said}. Ask the photo desk."
    )
    return [Problem("instructions_to_check", sentence[:600], blocks=False, photo=photo.pk)]


def _readability(article: "Article") -> list[Problem]:
    return [Problem(code, sentence, blocks=False) for code, sentence in readability.findings(article.blocks())]


def _alt(place: Place, photo: Photo, caption: Caption | None) -> list[Problem]:
    """Return what is wrong with the alt text, if there is one and screen readers read it."""
    if place.decorative or (caption and caption.decorative):
        return []
    alt = place.alt if place.alt is not None else (caption.alt if caption else "")
    said = body.plain(place.caption) if place.caption is not None else (caption.text if caption else "")
    wrong = readability.of_alt(alt, said)
    return [Problem(wrong[0], f"{_start(place)} (“{photo}”) {wrong[1]}", blocks=False, photo=photo.pk)] if wrong else []


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
        )
        for key in sorted(targets - live)
    ]


def _topics(article: "Article") -> list[Problem]:
    """Return a problem for each link to a person or work that the story is not tagged with."""
    links = body.topic_links(article.body)
    if not links:
        return []
    keys = Address.objects.targets(links)
    tagged = {("person", key) for key in article.people.values_list("pk", flat=True)}
    tagged |= {("work", key) for key in article.works.values_list("pk", flat=True)}
    return [
        Problem(
            "link_not_tagged",
            f"The text links to the {kind} “{slug}”, but the story is not tagged so: readers see the words without the link.",
            blocks=False,
        )
        for kind, slug in links
        if (kind, keys.get((kind, slug))) not in tagged
    ]


def _start(place: Place) -> str:
    return place.name[0].upper() + place.name[1:]
