"""A credit that stands in front of its caption."""

from __future__ import annotations

import re
from dataclasses import replace

from media.credits.found import WORD, Split, taken
from media.credits.grammar import Reading, read
from media.credits.label import Labelled
from media.credits.name_shapes import has_letters_of_person, is_given_name, is_surely_person
from media.credits.plain_credit import LONGEST_CREDIT, STRONG, is_person_of_house, is_plain_credit
from media.credits.vocabulary import Vocabulary

_FIRST_CREDIT = re.compile(r"\S+(?: \S+){0,7}?(?:/| via )|[A-Z]\w+ [A-Z]")


def leading(text: str, vocabulary: Vocabulary) -> Split | None:
    """Return a first line that is a credit, or a label at the start of the text with the caption behind the credit."""
    if text.lstrip("( ").startswith("FILE"):
        return None
    first, _, rest = text.strip().partition("\n")
    credit = Labelled.of(_unbracketed(first))
    if not credit.label and (not rest.strip() or len(first) > LONGEST_CREDIT):
        return None
    reading = credit.read(vocabulary)
    if rest.strip() and reading.explained and (credit.label or is_plain_credit(credit.rest, reading)):
        return taken("", credit, rest, vocabulary)
    if not credit.label or (reading.explained and not _swallows_caption(reading)):
        return None
    behind = Labelled.of(text).rest
    return _in_front_of_person(behind, credit, vocabulary) or prefix("", behind, credit, vocabulary)


def _swallows_caption(reading: Reading) -> bool:
    """Return True for the client "BFC Inez Calloway arrives at the Fashion Awards"."""
    words = (reading.first("client") or "").split()
    return len(words) > 4 and sum(word.islower() for word in words) > 1


def _unbracketed(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text[:1] in "([" and text[-1:] in ")]" and len(text) > 1 else text


def prefix(before: str, text: str, credit: Labelled, vocabulary: Vocabulary) -> Split | None:
    """Return the longest start of the text that reads as a credit and ends with a known organization."""
    ends = [match.end() for match in WORD.finditer(text[:LONGEST_CREDIT])][:14]
    for end in reversed(ends):
        shorter = replace(credit, rest=text[:end])
        reading = shorter.read(vocabulary)
        goes_on = text[end:].lstrip()[:1].islower()
        if reading.explained and not goes_on and reading.known and reading.ends_with_house:
            return taken(before, shorter, text[end:], vocabulary)
    return None


def unlabelled_prefix(text: str, vocabulary: Vocabulary) -> Split | None:
    """ "Kevin Winter/Getty Images Marla Quist arrives": a whole credit with no label, and the caption behind it."""
    if not _FIRST_CREDIT.match(text):
        return None
    found = _in_front_of_person(text, Labelled("", text), vocabulary)
    if found:
        return found
    found = prefix("", text, Labelled("", text), vocabulary)
    if not found or not found.credit_line or not found.caption[:1].isupper():
        return None
    reading = read(found.credit_line, vocabulary)
    is_whole = reading.is_photo_trade and not reading.texts("guess") and STRONG.search(found.credit_line)
    stands_before_name = is_given_name(found.caption.split()[0]) and " " in found.credit_line and reading.is_photo_trade
    return found if len(found.caption.split()) > 3 and (is_whole or stands_before_name) else None


_PERSON_AHEAD = re.compile(
    r"\s*((?:[A-ZÀ-Þ][\w’'-]+|[A-ZÀ-Þ]\.)(?:\ (?:de|da|van|von|der|den|del|la|[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w’'-]+)){1,3})"
    r"(?=,|’s|'s|\ (?:[a-z(“]|[A-Z]{2}\b))"
)

_IS_SEEN = re.compile(r"\s*(?:as|and|at|in|on|with|[a-z]+s)\b")


def _in_front_of_person(text: str, credit: Labelled, vocabulary: Vocabulary) -> Split | None:
    """ "NurPhoto/David Mbeki Emeka Roux arrives": a chain that ends where the person of the caption begins."""
    for match in list(WORD.finditer(text[:LONGEST_CREDIT]))[:14]:
        ahead = _PERSON_AHEAD.match(text, match.end())
        is_person = ahead and (is_surely_person(ahead[1]) or (credit.by and has_letters_of_person(ahead[1])))
        if not ahead or match[0].islower() or not is_person or len(text[match.end() :].split()) < 4:
            continue
        shorter = replace(credit, rest=text[: match.end()])
        reading = shorter.read(vocabulary)
        if reading.explained and (credit.label or _is_chain(shorter.rest, reading, text[ahead.end() :])):
            return taken("", shorter, text[match.end() :], vocabulary)
    return None


def _is_chain(line: str, reading: Reading, after: str) -> bool:
    """Return True for a credit that can be nothing else: an agency alone, or houses and persons between slashes.

    Two companies without a person are one if what comes tells what is seen: "arrives", "in", not "said"."""
    kinds = {token.kind for token in reading.tokens}
    names = reading.texts("name")
    if not all(" " in name and is_surely_person(name) for name in names):
        return False
    if kinds == {"organisation"} and "/" not in line:
        is_agency = all(house.kind in {"agency", "collection"} for house in reading.known)
        return is_agency and bool(_IS_SEEN.match(after))
    if "/" not in line or not (kinds & {"name", "guess", "courtesy"} or _IS_SEEN.match(after)):
        return False
    return bool(reading.known) or line.startswith("©") or is_person_of_house(line, reading)
