"""What a file's labels propose for a photo: credit, captions, kind, date, restrictions. The desk has the last word.

Pure: `Metadata` and a vocabulary in, `Proposal` out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from ..credits import line as credit_line
from ..credits.house_caption import tidied
from ..credits.label import may_be_cut
from ..credits.licenses import kind_of_license
from ..credits.line import Chain, CreditParts, Split, Vocabulary
from ..credits.vocabulary import PHOTO_KINDS
from ..files.metadata import Metadata
from ..rights.restriction import Restriction
from ..rights.restrictions import read, read_plus

AI = "ai_generated"
ISSUERS = frozenset({"studio", "streamer", "broadcaster"})
MADE = {"AI-generated": "ai_generated", "Screengrab": "screengrab", "Handout": "handout"}


@dataclass(frozen=True)
class Proposal:
    """What the desk is offered.

    `supplied` is the caption as received, `caption` the house caption made of it; `taken_at` is None where only a year
    is known; `unread` are the words of its instructions that were not understood. `is_cut` says that the credit may have
    lost its end. `doubts` are what the file leaves open, `ai_signs` say why it may be, or is, the work of a machine.
    """

    credit_line: str = ""
    license_url: str = ""
    supplier_id: str = ""
    is_cut: bool = False
    supplied: str = ""
    caption: str = ""
    alt: str = ""
    kind: str = "agency"
    taken_at: datetime | None = None
    restrictions: tuple[Restriction, ...] = field(default=())
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    ai_signs: tuple[str, ...] = ()

    def left_open(self, kind: str) -> str:
        """Return what a person must look at in a photo of this kind, a sentence a line."""
        return "\n".join(self.doubts if kind == AI else (*self.doubts, *self.ai_signs))


@dataclass(frozen=True)
class Meant:
    """What the desk says of all pictures of one source. `agency` stands in for one that a file does not name."""

    agency: str = ""
    instructions: str = ""

    def added_to(self, said: Metadata) -> Metadata:
        instructions = "\n".join(filter(None, (said.instructions, self.instructions)))
        return replace(said, instructions=instructions or None, source=said.source or self.agency or None)

    def completing(self, proposed: Proposal) -> Proposal:
        return replace(proposed, credit_line=proposed.credit_line or self.agency)


def propose(metadata: Metadata, vocabulary: Vocabulary, zone: tzinfo = UTC) -> Proposal:
    """Return what the desk is offered for a file with these labels; `zone` holds for times that name none."""
    split = credit_line.split(metadata.caption or "", vocabulary)
    line = best_line(metadata, split, vocabulary)
    parts = credit_line.parse(line, vocabulary)
    taken_at = instant(metadata.date_created, zone)
    terms = "\n".join(filter(None, (metadata.instructions, metadata.usage_terms)))
    reading = read(terms, taken_at, zone)
    return Proposal(
        credit_line=line,
        license_url=(parts and parts.license_url) or "",
        supplier_id=(parts and parts.supplier_id) or "",
        is_cut=line != split.credit_line
        and any(words in line and (words in metadata.cut or may_be_cut(words)) for words in _labels(metadata)),
        supplied=metadata.caption or "",
        caption=tidied(split.caption),
        alt=metadata.alt_text or "",
        kind=kind_of_chains(metadata, credit_line.chains(line, vocabulary), vocabulary),
        taken_at=taken_at,
        restrictions=(*reading.restrictions, *read_plus(metadata, zone)),
        unread=reading.unread,
        doubts=tuple(metadata.doubts),
        ai_signs=tuple(metadata.ai_signs) if metadata.ai in {"yes", "check"} else (),
    )


def best_line(metadata: Metadata, split: Split, vocabulary: Vocabulary) -> str:
    """Return the file's credit, with its creators where it names nobody; the caption's where that says more."""
    said = _with_source(_with_creators(metadata, vocabulary), metadata.source or "", vocabulary)
    in_caption = split.words(vocabulary)
    if not said or (may_be_cut(said) and in_caption.casefold().startswith(said.casefold())):
        return in_caption
    if _weight(split.chains(vocabulary)) > _weight(credit_line.chains(said, vocabulary)):
        return in_caption
    return said


def _labels(metadata: Metadata) -> tuple[str, ...]:
    return tuple(filter(None, (metadata.credit_line, metadata.source, *metadata.creators)))


def _with_creators(metadata: Metadata, vocabulary: Vocabulary) -> str:
    line, names = metadata.credit_line or "", " and ".join(metadata.creators)
    if not line:
        return names
    parts = credit_line.parse(line, vocabulary)
    named = any(name.casefold() in line.casefold() for name in metadata.creators)
    if not names or named or parts is None or parts.photographers or parts.handle:
        return line
    if any(vocabulary.organisation(name) for name in metadata.creators):
        return line
    return f"{names}/{line}"


def _with_source(line: str, source: str, vocabulary: Vocabulary) -> str:
    """Return the line with a house that stands in the source alone: "Invision" before its "AP", others at the end."""
    house = vocabulary.organisation(source)
    parts = credit_line.parse(line, vocabulary) if line and house else None
    if not line or not house or parts is None:
        return f"{line}/{source}" if line and source and not house and _needs_source(line, vocabulary) else line
    known = [vocabulary.organisation(name) for name in parts.agencies]
    if house in known or house.kind not in PHOTO_KINDS:
        return line if known or not line else f"{line}/{source}"
    last = known[-1] if known else None
    if last and house.parent == last.name and line.endswith(parts.agencies[-1]):
        return f"{line.removesuffix(parts.agencies[-1])}{source}/{parts.agencies[-1]}"
    return f"{line}/{source}" if last is None or last.parent == house.name else line


def _needs_source(line: str, vocabulary: Vocabulary) -> bool:
    parts = credit_line.parse(line, vocabulary)
    return parts is not None and bool(parts.photographers) and not parts.agencies


def _weight(chains: Iterable[Chain]) -> int:
    return sum(_names(chain.parts) for chain in chains if chain.parts)


def _names(parts: CreditParts) -> int:
    named = (parts.on_behalf_of, parts.courtesy_of, parts.handle, parts.copyright_holder)
    return len(parts.photographers) + len(parts.agencies) + sum(value is not None for value in named)


def kind_of_chains(metadata: Metadata, chains: Iterable[Chain], vocabulary: Vocabulary) -> str:
    """Guess the kind of a photo with these credits: what one picture demands, a label or permission, holds for all."""
    kinds = {kind_of(metadata, chain.parts, vocabulary) for chain in chains}
    demanding = [kind for kind in ("ai_generated", "social") if kind in kinds]
    return demanding[0] if demanding else kinds.pop() if len(kinds) == 1 else "agency"


def kind_of(metadata: Metadata, parts: CreditParts | None, vocabulary: Vocabulary) -> str:
    """Guess a photo's kind; "agency" in doubt, because its default neither blocks readers nor gives the photo away."""
    made = {MADE[status] for status in (parts.status if parts else ()) if status in MADE}
    if metadata.ai == "yes" or AI in made:
        return AI
    if (metadata.digital_source_type or "").endswith("screenCapture"):
        return "screengrab"
    free = kind_of_license(metadata.web_statement) or kind_of_license(parts.license_url if parts else None)
    words = " ".join(filter(None, (metadata.instructions, metadata.credit_line, metadata.source))).lower()
    if free or made or "handout" in words:
        return free or next(iter(made), "handout")
    return _kind_of_parts(parts, vocabulary) if parts else "agency"


def _kind_of_parts(parts: CreditParts, vocabulary: Vocabulary) -> str:
    kinds = {found.kind for name in parts.agencies if (found := vocabulary.organisation(name))}
    if parts.handle or ("platform" in kinds and not kinds & PHOTO_KINDS):
        return "social"
    if (kinds and kinds <= ISSUERS) or (parts.courtesy_of and not parts.agencies):
        return "handout"
    return "agency"


def instant(text: str | None, zone: tzinfo = UTC) -> datetime | None:
    """Return the moment of an ISO 8601 date-time; a day is its first moment, a month or year too little to go by."""
    if not text or len(text) < 10:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return found if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None
