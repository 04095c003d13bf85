"""Photo credits in text: split a caption from its credit, read the credit's parts, and say them in a house style.

Pure: text in, frozen dataclasses out. The vocabulary decides what counts as a name or an organization; the grammar
of a line is in grammar.py, its rendering in house_style.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from media.credits.caption_shape import abbreviates, ends_sentence, is_quotation, names_source, tells_of_picture
from media.credits.composites import Chain, chains, parse
from media.credits.found import WORD, Split, taken
from media.credits.grammar import CreditParts, Reading, read
from media.credits.house_style import HouseStyle, name_case, render, render_all
from media.credits.label import LABEL, NOUN, Labelled
from media.credits.leading import leading, prefix, unlabelled_prefix
from media.credits.name_shapes import (
    ABBREVIATION,
    has_person_shape,
    is_given_name,
    is_initials,
    is_surely_person,
)
from media.credits.plain_credit import (
    LONGEST_CREDIT,
    STRONG,
    enumerates,
    has_second_sentence,
    is_bare_status,
    is_byline,
    is_handed_out,
    is_house,
    is_lone_house,
    is_office,
    is_person_of_house,
    is_plain_credit,
    is_signed,
    is_studio_credit,
    is_wish,
    only_people,
)
from media.credits.vocabulary import PHOTO_KINDS, Organisation, Vocabulary

__all__ = [
    "Chain",
    "CreditParts",
    "HouseStyle",
    "Organisation",
    "Split",
    "Vocabulary",
    "chains",
    "name_case",
    "parse",
    "render",
    "render_all",
    "split",
]

_TAIL = 240
_SIGN = re.compile(r"(?<=[.!?…] )\(c\) ?(?=[\dA-ZÀ-Þ])|^\(c\) ?(?=[\dA-ZÀ-Þ])", re.IGNORECASE)


# --- finding the credit ----------------------------------------------------------------------------------------------


def split(text: str, vocabulary: Vocabulary) -> Split:
    """Cut a caption as it arrives into caption and credit. Datelines and FILE prefixes stay in the caption."""
    body = _SIGN.sub("© ", _without_furniture(text))
    for find in (
        _captioned,
        _in_places,
        _should_read,
        leading,
        _bracketed,
        _labelled,
        _bare_label,
        _unlabelled,
        unlabelled_prefix,
    ):
        found = find(body, vocabulary)
        if found:
            return replace(found, raw=text, caption=_without_second_credit(found.caption, vocabulary))
    return Split(text, text.strip())


def _without_second_credit(caption: str, vocabulary: Vocabulary) -> str:
    """AFP sends its credit twice: " / AFP PHOTO / NAME (Photo credit should read NAME/AFP/Getty Images)"."""
    slash = caption.rfind(" / AFP PHOTO")
    if slash < 0:
        slash = caption.rfind("AFP PHOTO") if len(caption) - caption.rfind("AFP PHOTO") < 60 else -1
    if slash >= 0 and len(caption) - slash < 100:
        caption = caption[:slash].rstrip()
    bracket = caption.rfind("(") if caption.endswith(")") else -1
    if bracket >= 0 and LABEL.match(caption[bracket + 1 :]):
        second = Labelled.of(caption[bracket + 1 : -1]).read(vocabulary)
        caption = caption[:bracket].rstrip() if second.explained and second.known else caption
    return caption


_FURNITURE = (
    "license photo", "hide caption", "toggle caption", "enlarge this image", "enlarge image", "buy photo", "buy now",
    "buy this photo", "purchase photo", "view gallery", "view all photos", "see more", "read more", "show more",
    "click to enlarge", "tpx images of the day", "less", "[+]", "[-]", "(more)", "…", "...", "|", "·",
)  # fmt: skip


def _without_furniture(text: str) -> str:
    """Cut page words that follow a credit: "| License Photo", "hide caption", Reuters' "(… Tags: …)"."""
    body = text.partition(" hide caption")[0].rstrip()
    tags = body.rfind("Tags:", -200)
    bracket = body.rfind("(", 0, max(tags, 0))
    if bracket >= 0 and tags - bracket < _TAIL:
        body = body[:bracket].rstrip()
    for _ in range(4):
        ending = next((words for words in _FURNITURE if body[-40:].lower().endswith(words)), "")
        shorter = body[: len(body) - len(ending)]
        if not ending or (ending[:1].isalpha() and shorter[-1:].isalnum()):
            break
        body = shorter.rstrip()
    return body


_CAPTIONED = re.compile(
    r"\s*(?:image|media) (?:copyright|source)[:,]?\s*(.{1,120}?)\s*(?:image|media) caption[:,]?\s*", re.I | re.S
)


def _captioned(text: str, vocabulary: Vocabulary) -> Split | None:
    """BBC: "Image copyright X Image caption Y"."""
    match = _CAPTIONED.match(text)
    return taken("", Labelled("Image copyright", match[1]), text[match.end() :], vocabulary) if match else None


_PLACED = re.compile(r"(?:^|(?<=[.!?…”\"]\ )|\n)(?=(?:Top |Bottom |Far )?(?:Left|Right|Top|Bottom|Above|Below|Main): )")


def _in_places(text: str, vocabulary: Vocabulary) -> Split | None:
    """ "Left: Pia Lund/Getty Images. Right: Tom Reiss/AP": several credits, each with its place, all understood."""
    for match in _PLACED.finditer(text, max(0, len(text) - 2 * _TAIL)):
        found = _several(text[: match.start()], Labelled("", text[match.end() :]), vocabulary)
        if found:
            return found
    return None


def _several(before: str, credit: Labelled, vocabulary: Vocabulary) -> Split | None:
    """Return a caption with several credits in one line, if each of them is understood."""
    found = chains(credit.label + credit.rest, vocabulary)
    parts = [chain.parts for chain in found if chain.parts]
    if len(found) < 2 or len(parts) < len(found):
        return None
    flat = CreditParts(
        photographers=tuple(dict.fromkeys(name for each in parts for name in each.photographers)),
        agencies=tuple(dict.fromkeys(name for each in parts for name in each.agencies)),
        courtesy_of=next((each.courtesy_of for each in parts if each.courtesy_of), None),
    )
    return replace(taken(before, credit, "", vocabulary), parts=flat, recognised=True)


def _should_read(text: str, vocabulary: Vocabulary) -> Split | None:
    """AFP: "(Photo credit should read NAME/AFP/Getty Images)"."""
    start = text.lower().rfind("photo credit should read")
    if start < 0:
        return None
    content, _, after = text[start:].partition(")")
    return taken(text[:start].rstrip("( "), Labelled.of(content), after, vocabulary)


# --- brackets --------------------------------------------------------------------------------------------------------


def _bracketed(text: str, vocabulary: Vocabulary) -> Split | None:
    for start, end in _brackets(text):
        credit = Labelled.of(text[start + 1 : end])
        before, after = text[:start], text[end + 1 :]
        if not credit.label and not after.strip(" .") and _is_in_labelled(text, start, vocabulary):
            continue
        if len(credit.rest) <= LONGEST_CREDIT and _is_bracket_credit(before, credit, after, vocabulary):
            return _with_name_before(text, start, end, vocabulary) or taken(before, credit, after, vocabulary)
        closed = end < len(text)
        found = (
            None
            if closed or not credit.label
            else prefix(before, text[start + 1 + len(credit.label) :], credit, vocabulary)
        )
        if found:
            return found
    return None


def _with_name_before(text: str, start: int, end: int, vocabulary: Vocabulary) -> Split | None:
    """ "… on Sunday. Kofi Mensa (Reuters)": a name and nothing else between the last sentence and the bracket."""
    ends = [match.end() for match in _BOUNDARY.finditer(text, max(0, start - 60), start) if match.end() < start]
    name = text[ends[-1] : start].strip() if ends else ""
    if text[end + 1 :].strip(" .") or not ends_sentence(text[: ends[-1]] if ends else ""):
        return None
    line = text[ends[-1] : end + 1]
    reading = read(line, vocabulary)
    is_credit = is_surely_person(name) and reading.explained and reading.texts("name") == (name,) and reading.known
    return taken(text[: ends[-1]], Labelled("", line), "", vocabulary) if is_credit else None


def _is_in_labelled(text: str, start: int, vocabulary: Vocabulary) -> bool:
    """Return True for the "(TT)" of "Foto: Pia Lund (TT)", which ends a credit with a label."""
    labels = list(LABEL.finditer(text, max(0, start - 60), start))
    if not labels or not _may_start(text, labels[-1], vocabulary):
        return False
    reading = Labelled.of(text[labels[-1].start() :]).read(vocabulary)
    return reading.explained and bool(reading.texts("name")) and bool(reading.known)


def _brackets(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of the last few brackets, last first; one that never closes ends with the text."""
    spans, open_at = [], []
    for match in re.finditer(r"[()\[\]]", text):
        if match[0] in "([":
            open_at.append(match.start())
        elif open_at:
            spans.append((open_at.pop(), match.start()))
    spans += [(start, len(text)) for start in open_at[-2:]]
    return sorted(spans, reverse=True)[:6]


def _is_bracket_credit(before: str, credit: Labelled, after: str, vocabulary: Vocabulary) -> bool:
    reading = credit.read(vocabulary)
    followed = bool(after.strip(" .,;:\n"))
    is_of_story = credit.names_source and not reading.known
    if is_of_story or abbreviates(credit.rest, before):
        return False
    if credit.label:
        return reading.explained or (not followed and _looks_like_credit(credit))
    if not reading.explained or is_wish(reading):
        return _is_lone_person(before, credit.rest, after)
    before_names = after.isupper() and "/" in credit.rest and reading.known
    if reading.texts("name") and (reading.is_photo_trade or before_names):
        return True
    if reading.first("client") and not reading.known:
        return not followed and is_studio_credit(credit.rest, reading, whole=False)
    return not after.strip() and (
        _stands_alone(before, credit.rest, reading) or _is_lone_person(before, credit.rest, after)
    )


def _is_lone_person(before: str, line: str, after: str) -> bool:
    """Return True for "… in “Low Tide.” (Claire Holm)": nothing but a person's name, behind the last sentence."""
    is_name = is_surely_person(line) and len(line.split()) < 5 and "," not in line
    return ends_sentence(before) and not after.strip() and is_name


def _stands_alone(before: str, line: str, reading: Reading) -> bool:
    """Return True if the last bracket is a credit without a label: "(WireImage)", "[Rex]", "(Courtesy of HBO)"."""
    if reading.first("courtesy") or reading.first("holder") or reading.is_photo_trade:
        return True
    if not reading.known:
        told = ends_sentence(before) and is_office(line, reading)
        told = told or (ends_sentence(before) and is_signed(line, reading, behind_sentence=True))
        return told or is_bare_status(line, reading) or is_person_of_house(line, reading) or is_handed_out(reading)
    return not enumerates(line, reading) and _may_name_house(before, line, reading)


def _may_name_house(before: str, line: str, reading: Reading) -> bool:
    """Return True if a company that sells no photos can be the credit of what precedes it.

    "(Netflix)" after a title only says where the film runs.
    """
    if not reading.known or reading.is_photo_trade or reading.known[0].kind == "platform":
        return True
    if {token.kind for token in reading.tokens} - {"organisation", "guess"}:
        return True
    if len(line.strip()) <= 4 and reading.known[0].kind == "publication":
        return ends_sentence(before)
    return tells_of_picture(before)


def _looks_like_credit(credit: Labelled) -> bool:
    """Return True for a label followed by something short that looks like names, though the grammar cannot read it."""
    words = credit.rest.split()
    strong = credit.by or re.search(r"credit|:|…|\.\.\.", credit.label, re.IGNORECASE)
    lower = sum(word[:1].islower() for word in words)
    return bool(strong) and 0 < len(words) <= 14 and lower <= len(words) * 0.4 and len(credit.rest) <= LONGEST_CREDIT


# --- labels in running text ------------------------------------------------------------------------------------------


def _labelled(text: str, vocabulary: Vocabulary) -> Split | None:
    flagged = None
    for match in LABEL.finditer(text, max(0, len(text) - 2 * _TAIL)):
        if not _may_start(text, match, vocabulary):
            continue
        before, credit = text[: match.start()], Labelled.of(text[match.start() :])
        if not before.strip() and _is_of_story(credit, credit.read(vocabulary)):
            return None
        if _is_label_credit(before, credit, vocabulary):
            return taken(before, credit, "", vocabulary)
        several = _several(before, credit, vocabulary) if credit.by and _is_boundary(before) else None
        if several:
            return several
        prefixed = prefix(before, text[match.end() :], credit, vocabulary) if "\n" in credit.rest else None
        if prefixed:
            return prefixed
        if _looks_like_credit(credit) and _is_boundary(before) and (before.strip() or credit.is_explicit):
            flagged = taken(before, credit, "", vocabulary)
    return flagged


_BARE_LABEL = re.compile(
    r"(?:(?<=[.!?…”\"»’)] )|(?<=\n)|\()(?:Photos?|Fotos?|Bild|Beeld|Kuva|Zdjęcie|Imagen|Image|Picture|Crédit) "
    r"(?=[A-ZÀ-Þ])([^.()/:\n]{2,50})(?:$|\)$)"
)


def _bare_label(text: str, vocabulary: Vocabulary) -> Split | None:
    """ "Photo Ouest-France", "(Foto Pia Lund)": a label without a colon, then a known house or surely a person."""
    match = _BARE_LABEL.search(text, max(0, len(text) - _TAIL))
    if not match or text[match.start() :].startswith("(") != text.endswith(")"):
        return None
    credit = Labelled(text[match.start() : match.start(1)].lstrip("("), match[1])
    reading = credit.read(vocabulary)
    is_credit = reading.explained and (reading.known or all(map(is_surely_person, reading.texts("name", "guess"))))
    return taken(text[: match.start()], credit, "", vocabulary) if is_credit and reading.tokens else None


def _may_start(text: str, match: re.Match[str], vocabulary: Vocabulary) -> bool:
    """Return True if a label can begin here: after a sentence, or capitalized. "AP Photo/" is not one."""
    before, label = text[: match.start()], match[0]
    if label.startswith("FILE") and not before.strip():
        return False
    noun = None if before.rstrip()[-1:] in ".!?…" else re.match(NOUN, label, re.IGNORECASE)
    words = re.split(r"[\s/|,;()\[\]–—-]+", before[-40:] + (noun[0] if noun else ""))[-3:]
    spellings = [" ".join(words[-count:]) for count in (1, 2, 3)]
    if before[-1:] == " " and "by" in label and vocabulary.organisation(words[-2]):
        spellings.append(words[-2])
    if noun and any((known := vocabulary.organisation(name)) and known.kind in PHOTO_KINDS for name in spellings):
        return False
    if label.rstrip()[-1:] in "/|-–—" and before.strip() and before.rstrip()[-1] not in ".!?…|)]\"”’'":
        return False
    if before[-1:].isalnum():
        return label[:1].isupper() and not before[-1:].isupper()
    return (
        label[:1].isupper() or label[:1] == "©" or _is_boundary(before) or (before.endswith(", ") and len(before) < 60)
    )


def _is_boundary(before: str) -> bool:
    return not before.strip() or before.rstrip(" ")[-1] in ".!?…|)]}\"”’':;\n–—-" or before[-1:].islower()


def _is_label_credit(before: str, credit: Labelled, vocabulary: Vocabulary) -> bool:
    reading = credit.read(vocabulary)
    if not reading.explained or len(credit.rest) > LONGEST_CREDIT or is_wish(reading):
        return False
    if _is_title_of_still(credit):
        return False
    is_told = credit.label.rstrip().endswith(":") or (credit.by and credit.label[:1].isupper())
    if is_told and reading.texts("name") and only_people(reading):
        return True
    if reading.known or _is_boundary(before) or before.endswith(", ") or "credit" in credit.label.lower():
        return True
    names, houses = reading.texts("name"), reading.texts("guess")
    is_chain = bool(names and houses) and all(is_house(house) or house.isupper() for house in houses)
    return credit.label.startswith(("Photo", "PHOTO")) and all(
        map(is_surely_person, names if is_chain else names + houses)
    )


def _is_title_of_still(credit: Labelled) -> bool:
    """Return True for "Still from Low Tide. Courtesy of A24": the film, then a full stop and the credit."""
    return credit.label.rstrip().endswith("from") and has_second_sentence(credit.rest)


def _is_of_story(credit: Labelled, reading: Reading) -> bool:
    """Return True for "Source: People" alone on its line, a story's source, and for "Credits: “Low Tide”", a role."""
    label, only_papers = credit.label.lower(), all(house.kind in {"publication", "wire"} for house in reading.known)
    is_source = credit.names_source and "/" not in credit.rest and only_papers and not reading.texts("name")
    return is_source or (label.startswith("credits") and credit.rest[:1] in '"“‘')


# --- credits without a label -----------------------------------------------------------------------------------------

_BOUNDARY = re.compile(
    r"""^
      | (?<!\b[A-Z])(?<!\b[DM][rs])(?<!\bMrs)(?<!\b(?:St|No|vs|ft))(?<!\.m)  # no abbreviation
        [.!?…][”"’')\]]*\s+(?:[-–—/|]\s+)?             # behind a sentence
      | \s/\s+ | [)\]”"]\s+(?:[|–—-]\s+)? | \n\s* | \s[|]\s | (?<=\s)[‘'][^‘’'\n]{2,60}[’']\s+
      | (?<=\S)[.!?…)”"’'](?=[A-Z](?!\.)|[a-z0-9_.]+\ ?/\ ?[A-Z])                    # glued: "in Cannes.Photo"
      | (?<=\b[12]\d\d\d)(?=[A-Z][a-z]+\ [A-Z][\w-]+\ ?/)
      | (?<=[a-z]{2})(?=[A-Z]{2,}\ [A-Z]{2,}|[A-Z][a-z]+\ (?:[A-Z]\.\ )?[A-Z][\w-]+\ ?/)  # "in LondonANN LEE/Reuters"
    """,
    re.VERBOSE,
)
_SUBJECT = re.compile(r"([^/|]{3,60}?)(?:\s[|–—-]|:)\s")
_SHOWN = re.compile(r"[^/|,;()]{3,40} \((?:l|r|c|left|right|center)\)", re.IGNORECASE)
_DASH = re.compile(r"\w\s[-–—]\s$")
_UNJOINED = re.compile(r"[^\s/|,–—©-]\s+(?=Courtesy\b)|^[^/|©]{3,60}[^\s/|,–—©-]\s+(?=©\s?[A-Z])")


def _unlabelled(text: str, vocabulary: Vocabulary) -> Split | None:
    if names_source(text):
        return None
    tail = max(0, len(text) - _TAIL)
    starts = [match.end() for match in _BOUNDARY.finditer(text, tail) if match.end() or not tail]
    for start in _in_order(text, starts):
        line = text[start:]
        if len(line) > LONGEST_CREDIT:
            continue
        reading = read(line, vocabulary)
        before = text[:start].rstrip(" |/–—-")
        if (start and not _may_name_house(before, line, reading)) or _SHOWN.match(line):
            continue
        if not start and is_byline(line, reading):
            continue
        if (
            is_plain_credit(line, reading, whole=True)
            or (start and is_signed(line, reading, behind_sentence=ends_sentence(before) and not is_quotation(before)))
            or _is_name_behind_sentence(text, start)
            or _is_house_behind_sentence(text, start, reading)
        ):
            credit = _behind_subject(text, start, reading, vocabulary)
            return taken(text[:credit], Labelled("", text[credit:]), "", vocabulary)
    credit_at = _word_level(text, vocabulary)
    return None if credit_at is None else taken(text[:credit_at], Labelled("", text[credit_at:]), "", vocabulary)


def _is_name_behind_sentence(text: str, start: int) -> bool:
    """Return True for "Marla Quist in “Low Tide.” Jonas Feld", a signature; after a quotation, the speaker."""
    before, name = text[:start], text[start:].strip()
    if "," in name:
        return False
    told = before.rstrip().rstrip("\"'”’")[-1:] == "." and before[-1:].isspace() and len(before.split()) > 3
    return (
        told and ends_sentence(before) and not is_quotation(before) and is_surely_person(name) and len(name.split()) < 5
    )


def _is_house_behind_sentence(text: str, start: int, reading: Reading) -> bool:
    """Return True for a house that no desk has a row for, on the last line or behind the last sentence."""
    before, line = text[:start], text[start:].strip()
    if not ends_sentence(before) or line.endswith((".", "!", "?")):
        return False
    if before.endswith("\n") and (is_office(line, reading) or is_lone_house(line, reading)):
        return True
    return len(before.split()) > 4 and not is_quotation(before) and is_office(line, reading)


def _in_order(text: str, starts: list[int]) -> list[int]:
    """Earliest first, but what stands on the last line of its own before everything."""
    last_line = [start for start in starts if "\n" not in text[start:]] if "\n" in text else starts
    return last_line + [start for start in starts if start not in last_line]


def _behind_subject(text: str, start: int, reading: Reading, vocabulary: Vocabulary) -> int:
    """ "Taylor Swift | Kevin Mazur/Getty Images": the first name is who is shown, if a full credit follows."""
    unjoined = _UNJOINED.search(text[start:])
    if unjoined and not re.search(
        r"[/;:]", unjoined[0] if unjoined.start() == 0 else text[start : start + unjoined.end()]
    ):
        return start + unjoined.end()
    match = _SUBJECT.match(text, start)
    if not match or not all(map(has_person_shape, re.split(r", (?:and )?| and | & ", match[1]))):
        return start + _subject_length(text[start:], reading)
    line = text[match.end() :]
    rest = read(line, vocabulary)
    is_marked = bool(rest.first("handle")) or line.startswith("via ")
    starts = rest.explained and rest.known and (rest.tokens[0].kind == "name" or is_marked)
    is_whole_credit = starts and ("/" in line or is_marked)
    return match.end() if is_whole_credit else start + _subject_length(text[start:], reading)


def _subject_length(line: str, reading: Reading) -> int:
    """ "Marla Quist Gilles Laurent/…": how much of what looks like one long name is the caption in front of it."""
    names = list(takewhile(lambda token: token.kind == "name", reading.tokens))
    start = line.find(names[-1].text) if names else -1
    words = [(start + match.start(), match[0]) for match in WORD.finditer(names[-1].text)] if start >= 0 else []
    for index in range(len(words) - 2, 0, -1):
        if is_given_name(words[index][1]) and (index > 1 or not is_given_name(words[0][1])):
            return words[index][0]
    return 0


def _word_level(text: str, vocabulary: Vocabulary) -> int | None:
    """Return where a credit starts that follows the caption unmarked: "Marla Quist in Rome Gilles Laurent/Redferns"."""
    separators = list(STRONG.finditer(text, max(0, len(text) - 120)))
    is_ended = text.endswith((".", ")")) and not ABBREVIATION.search(text)
    if is_ended or not (separators or text[-_TAIL:].count(": @")):
        return None
    starts = [match.start() for match in WORD.finditer(text, max(0, len(text) - 160))][-16:]
    readings = {start: read(text[start:], vocabulary) for start in starts}
    plain = [s for s in starts if _may_follow_unmarked(text, s, readings[s])]
    plain = [s for s in plain if STRONG.search(text[s:]) or _DASH.search(text[:s])]
    account = _account_start(text, starts, readings)
    if account is not None:
        return account
    signed = next((start for start in plain if text[start] == "©"), None)
    if signed is not None:
        return signed
    for choice in (_agency_first_start, _given_name_start, _two_word_start):
        start = choice(text, plain, readings)
        if start is not None:
            return start
    return None


def _may_follow_unmarked(text: str, start: int, reading: Reading) -> bool:
    line = text[start:]
    if not is_plain_credit(line, reading):
        return False
    is_signed = line[0] == "©" and bool(reading.known or reading.first("name"))
    return reading.is_photo_trade or "/" in line or is_signed


def _account_start(text: str, starts: list[int], readings: dict[int, Reading]) -> int | None:
    """ "Marla on a beach Instagram: @marla", but not "Follow us on Instagram: @marla"."""
    match = re.search(r"(?<!\bon )(?<!\bvia )(?<!\bour )(?<!\bher )(?<!\bhis )\b\w+(?:: |/ ?)@[\w.]+$", text)
    organisation = readings[match.start()].known if match and match.start() in readings else ()
    return match.start() if match and organisation and organisation[0].kind == "platform" else None


def _agency_first_start(text: str, starts: list[int], readings: dict[int, Reading]) -> int | None:
    agency_first = (s for s in starts if readings[s].tokens[0].organisation and readings[s].first("name"))
    return next((s for s in agency_first if readings[s].is_photo_trade), None)


def _given_name_start(text: str, starts: list[int], readings: dict[int, Reading]) -> int | None:
    named = [s for s in starts if readings[s].tokens[0].kind == "name" and is_given_name(text[s:].split(maxsplit=1)[0])]
    return next((s for s in reversed(named) if " " in readings[s].tokens[0].text), None)


def _two_word_start(text: str, starts: list[int], readings: dict[int, Reading]) -> int | None:
    for start in reversed(starts):
        token = readings[start].tokens[0]
        words = token.text.split()
        if token.kind == "name" and len(words) > 1 and not is_initials(words[0]) and "/" in text[start:]:
            return start
    agency = (s for s in starts if readings[s].tokens[0].organisation)
    return next((s for s in agency if "/" in text[s:] or text[:s].endswith((" - ", " – ", " — "))), None)
