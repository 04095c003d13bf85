"""What a restriction means, in a few words for the desk: “only in the UK”, “not on social, until Mar 3, 2026, 10:00 PM UTC”."""

from __future__ import annotations

from datetime import UTC, tzinfo

from ..local_time import say
from .restriction import Restriction
from .territories import only_in_words

CONDITIONS = {
    "credit_mandatory": "the credit must be printed", "editorial_only": "editorial use only",
    "no_archive": "not to be archived", "no_resale": "not to be resold", "no_crop": "not to be cropped",
    "no_flip": "not to be flipped", "no_retouch": "not to be altered", "no_merge": "not to be merged with others",
    "no_cover": "not for covers or front pages", "no_tabloids": "not for tabloids", "no_tv": "not for television",
    "no_books": "not for books", "one_time_use": "for one use", "clients_only": "for the agency’s clients only",
    "pixelate_children": "faces must be hidden", "ask_first": "ask the agency first",
    "related_only": "only with the event it was issued for", "no_data_mining": "not for data mining",
    "minor": "a minor is shown", "other": "a restriction nobody understood",
    "credit_on_image": "the credit must be on the picture", "credit_adjacent": "the credit must be beside the picture",
    "credit_in_credits_area": "the credit must be in a credits area",
}  # fmt: skip
_HELD = {
    "hold": "on hold", "kill": "killed by the agency", "embargo": "under embargo", "exclusive": "sold to someone else",
    "limited_time": "a term that could not be read", "territory_only": "for places that cannot be told",
}  # fmt: skip
_PRINTED = {"web": "the web", "feed": "feeds", "newsletter": "newsletters", "social": "social media", "app": "apps"}


def meaning(restriction: Restriction, zone: tzinfo = UTC) -> str:
    """Return what it means; what takes the photo from everybody says that it waits for a person."""
    if restriction.effect != "deny":
        return _condition(restriction)
    if restriction.is_hold:
        why = (
            f"exclusive to {restriction.exclusive_to}"
            if restriction.exclusive_to
            else _HELD.get(restriction.condition or "", "not to be used")
        )
        return f"nobody may use it until a person has looked: {why}"
    said = [_where(restriction), _on(restriction), _when(restriction, zone)]
    if restriction.exclusive_to:
        said.insert(0, f"exclusive to {restriction.exclusive_to}")
    return ", ".join(filter(None, said)) or "not to be used"


def _condition(restriction: Restriction) -> str:
    word = restriction.condition or ""
    if word in CONDITIONS:
        return CONDITIONS[word]
    return f"a condition: {word.replace('_', ' ')}" if word else "a condition"


def _where(restriction: Restriction) -> str:
    return only_in_words(restriction.territories) if restriction.territories else ""


def _on(restriction: Restriction) -> str:
    if not restriction.channels:
        return ""
    names = [_PRINTED.get(channel, channel) for channel in restriction.channels]
    return f"not for {' or '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}"


def _when(restriction: Restriction, zone: tzinfo) -> str:
    if restriction.starts and restriction.ends:
        return f"not from {say(restriction.starts, zone)} until {say(restriction.ends, zone)}"
    if restriction.starts:
        return f"only until {say(restriction.starts, zone)}"
    if restriction.ends:
        return f"{'until' if restriction.territories or restriction.channels else 'not until'} {say(restriction.ends, zone)}"
    return ""
