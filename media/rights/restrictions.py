"""What an agency's instructions forbid: "GERMANY OUT", embargoes, "NO ARCHIVE", "MANDATORY CREDIT", PLUS license terms.

Pure: text in, `Restriction`s out, each with the words it was read from, for the desk to confirm or dismiss. In doubt it
restricts: an embargo whose date cannot be read holds until somebody looks. What was not understood is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from ..files.metadata import Metadata
from .clause import Clause
from .instants import later
from .lexemes import MOST, clauses
from .restriction import Reading, Restriction


def read(text: str, taken: date | None = None, zone: tzinfo = UTC) -> Reading:
    """Return what special instructions or usage terms forbid, and which of their words were not understood.

    `taken`, a day or an instant, counts "within 14 days" and completes dates without a year; `zone` holds for times
    that name none.
    """
    found: list[Restriction] = []
    unread: list[tuple[int, int]] = []
    for words, lexemes in clauses(text):
        clause = Clause(words, lexemes, text, taken, zone)
        clause.read()
        found += clause.found or _ban_in_unknown_words(words)
        unread += _runs(clause)
    if len(text) > MOST:
        unread.append((MOST, min(len(text), MOST + 200)))
    return Reading(text, _once(found), tuple(unread))


def read_instructions(text: str, taken: date | None = None, zone: tzinfo = UTC) -> tuple[Restriction, ...]:
    """Return the restrictions in special instructions or usage terms, in their order."""
    return read(text, taken, zone).restrictions


def _runs(clause: Clause) -> Iterator[tuple[int, int]]:
    """Yield the words that were not understood; those that stand together are one."""
    unread = clause.unread
    while unread:
        first = last = unread.pop(0)
        while unread and not clause.used & set(range(last, unread[0])):
            last = unread.pop(0)
        yield clause.lexemes[first].start, clause.lexemes[last].end


def _once(found: list[Restriction]) -> tuple[Restriction, ...]:
    """Return each rule once, with all the places that say it; what gives way leaves its places to what stands."""
    dated = any(each.condition == "embargo" and each.ends for each in found)
    is_only = any(each.condition == "territory_only" for each in found)
    unique: dict[Restriction, Restriction] = {}
    left: dict[str, tuple[tuple[int, int], ...]] = {}
    for said in found:
        if said.condition == "rest" and is_only:
            left["territory_only"] = left.get("territory_only", ()) + said.spans
            continue
        each = replace(said, condition="hold") if said.condition == "rest" else said
        if dated and each.condition == "embargo" and each.ends is None:
            left["embargo"] = left.get("embargo", ()) + said.spans
            continue
        key = replace(each, sentence="")
        unique[key] = _said_too(unique.setdefault(key, each), each.spans)
    return tuple(_said_too(each, left.pop(each.condition or "", ())) for each in unique.values())


def _said_too(restriction: Restriction, spans: tuple[tuple[int, int], ...]) -> Restriction:
    return replace(restriction, spans=tuple(dict.fromkeys([*restriction.spans, *spans])))


_ANY_OUT = re.compile(r"\b[A-Z][A-Z0-9 .,'&/()-]{1,80}\bOUT\b(?!\s+OF)")
_BAN = re.compile(
    r"^(?:NO|NOT FOR|NOT TO BE|DO NOT|MUST NOT|RESTRICTIONS?)\b(?!\s+(?:RELEASED|EMBARGO|RESTRICT|LIMIT|FEE))|\bONLY$",
    re.IGNORECASE,
)


def _ban_in_unknown_words(words: str) -> list[Restriction]:
    """Return a ban in words we do not know, so that the desk sees it with the rights."""
    is_ban = _ANY_OUT.search(words) or _BAN.search(words)
    return [Restriction("condition", words, condition="other")] if is_ban else []


# PLUS license terms (useplus.org, License Data Format vocabulary)

_ALTERATIONS = {
    "AL-CRP": ("no_crop", "The license forbids cropping."),
    "AL-FLP": ("no_flip", "The license forbids flipping."),
    "AL-RET": ("no_retouch", "The license forbids retouching."),
    "AL-CLR": ("no_retouch", "The license forbids adding color."),
    "AL-DCL": ("no_retouch", "The license forbids removing color."),
    "AL-MRG": ("no_merge", "The license forbids merging with other pictures."),
}
_CREDIT_PLACES = {
    "CR-COI": ("credit_on_image", "The license wants the credit on the picture itself."),
    "CR-CAI": ("credit_adjacent", "The license wants the credit beside the picture."),
    "CR-CCA": ("credit_in_credits_area", "The license wants the credit in a credits area."),
}
_CODE = re.compile(r"\b(?:AL-(?:CRP|FLP|RET|CLR|DCL|MRG)|CR-(?:NRQ|COI|CAI|CCA)|AG-(?:U14|A\d\d|UNK)|DMI-[A-Z-]+)\b")


def read_plus(metadata: Metadata, zone: tzinfo = UTC) -> tuple[Restriction, ...]:
    """Return the restrictions in a picture's PLUS fields, from the period of the license to data mining."""
    return tuple(
        [
            *_period(metadata, zone),
            *_alterations(metadata),
            *_credit(metadata),
            *_people_and_machines(metadata),
            *_free_terms(metadata, zone),
        ]
    )


def _code(text: str | None) -> str:
    match = _CODE.search(text or "")
    return match[0] if match else ""


def _period(metadata: Metadata, zone: tzinfo) -> Iterator[Restriction]:
    if starts := _instant(metadata.license_start, zone):
        yield Restriction("deny", f"The license starts on {metadata.license_start}.", ends=starts, condition="licence")
    if ends := _instant(metadata.license_end, zone, days=1 if len(metadata.license_end or "") <= 10 else 0):
        yield Restriction("deny", f"The license ends on {metadata.license_end}.", starts=ends, condition="licence")


def _instant(text: str | None, zone: tzinfo, days: int = 0) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return later(moment if moment.tzinfo else moment.replace(tzinfo=zone), days)


def _alterations(metadata: Metadata) -> Iterator[Restriction]:
    for constraint in metadata.alteration_constraints:
        if _code(constraint) in _ALTERATIONS:
            condition, sentence = _ALTERATIONS[_code(constraint)]
            yield Restriction("condition", sentence, condition=condition)


def _credit(metadata: Metadata) -> Iterator[Restriction]:
    code = _code(metadata.credit_line_required)
    if code in _CREDIT_PLACES:
        condition, sentence = _CREDIT_PLACES[code]
        yield Restriction("condition", "The license demands a credit line.", condition="credit_mandatory")
        yield Restriction("condition", sentence, condition=condition)


def _people_and_machines(metadata: Metadata) -> Iterator[Restriction]:
    age = _code(metadata.minor_model_age)
    if age == "AG-U14" or age in {"AG-A15", "AG-A16", "AG-A17"}:
        yield Restriction("condition", f"The youngest person shown is a minor ({age}).", condition="minor")
    mining = _code(metadata.data_mining)
    if mining and mining not in {"DMI-ALLOWED", "DMI-UNSPECIFIED"}:
        yield Restriction("condition", f"Data mining is restricted ({mining}).", condition="no_data_mining")


def _free_terms(metadata: Metadata, zone: tzinfo) -> Iterator[Restriction]:
    """Constraints in words are read as instructions are; what is not understood is kept as a condition."""
    terms = {
        "media_constraint": metadata.media_constraints,
        "region_constraint": metadata.region_constraints,
        "product_constraint": metadata.product_constraints,
        "other_constraint": metadata.other_constraints,
        "licence_requirement": metadata.other_license_requirements,
    }
    for condition, text in terms.items():
        if text:
            reading = read(text, zone=zone)
            known = [each for each in reading.restrictions if each.condition != "other"]
            yield from known
            if reading.unread or not known:
                yield Restriction("condition", text, condition=condition)
