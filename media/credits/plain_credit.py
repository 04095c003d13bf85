"""Whether a stretch of a caption that reads as a credit is one, where no label says so."""

from __future__ import annotations

import re

from media.credits.grammar import Reading
from media.credits.licenses import license_url
from media.credits.name_shapes import (
    ABBREVIATION,
    has_organisation_shape,
    is_surely_house,
    is_surely_person,
    looks_like_person,
)
from media.credits.vocabulary import fold, words_of

LONGEST_CREDIT = 200
_SENTENCE_END = re.compile(r"\b\w+\.(?=\s(?!all right|used ))", re.IGNORECASE)
STRONG = re.compile(r"/|\bvia\b|\s[-–—]\s|[–—|;]|©")
_PAPERS = frozenset(
    """advertiser argus beacon citizen eagle echo express globe independent journal leader mail mercury patriot post record
    register reporter republic review sentinel standard star sun union""".split()  # noqa: SIM905
)
_JOBS = frozenset(
    """actor actress author bass chef coach critic dancer director drums editor founder guitar host keyboards manager officer
    piano president producer producers reporter singer vocals writer""".split()  # noqa: SIM905
)
_BARE_STATUS = frozenset({"supplied", "submitted", "courtesy", "handout", "contributed"})


def is_plain_credit(line: str, reading: Reading, *, whole: bool = False) -> bool:
    """Return True if a stretch between a sentence end and the end of the text is a credit although nothing says so."""
    line = line.strip()
    if not reading.explained or is_wish(reading) or not _may_be_credit(line):
        return False
    named, trade, slash = reading.first("name"), reading.is_photo_trade, bool(STRONG.search(line))
    if re.search(r"[()\[\]]", line) and not trade:
        return False
    if line.startswith("©") and (named or trade or reading.first("holder")):
        return True
    if line.endswith(".") and not re.search(r"\b(?:inc|co|ltd|bros|ent|corp|reserved)\.$", line, re.I):
        return bool(named and trade and slash)
    return bool(trade and (named or slash or line[:1].isupper() or whole)) or _is_house_credit(line, reading, whole)


def _may_be_credit(line: str) -> bool:
    """Return True if it is short enough, has no second sentence in it, and is no byline."""
    if len(line) > LONGEST_CREDIT or not (line[:1].isalnum() or line[:1] in '©@"'):
        return False
    byline = line[:3] in {"By ", "BY "} and "/" not in line
    return not byline and not has_second_sentence(line)


def has_second_sentence(line: str) -> bool:
    return not all(ABBREVIATION.search(word[0]) for word in _SENTENCE_END.finditer(line))


def _is_house_credit(line: str, reading: Reading, whole: bool) -> bool:
    """Return True for a credit in which no photo agency is named: courtesy, copyright, studio, platform."""
    if reading.first("courtesy"):
        return line.startswith(("Courtesy", "COURTESY")) or "/" in line or whole
    if reading.first("holder") or reading.first("year"):
        return bool(re.search(r"©|\b[Cc]opyright (?:19|20)\d\d", line))
    return is_studio_credit(line, reading, whole)


def is_studio_credit(line: str, reading: Reading, whole: bool) -> bool:
    named, slash = reading.first("name"), "/" in line
    if reading.first("client"):
        return bool(named and not reading.texts("guess") and (slash or _is_staff_form(line, reading)))
    if reading.known:
        starts_via = line[:4] in {"Via ", "VIA "}
        alone = whole and len(line) > 1 and not named and not reading.first("handle") and not enumerates(line, reading)
        return slash or starts_via or alone or "@" in line or bool(named and " " in named and " via " in line)
    return is_bare_status(line, reading) or is_licensed(line, reading) or (whole and is_person_of_house(line, reading))


def is_licensed(line: str, reading: Reading) -> bool:
    """Return True for "CC BY 4.0/Ines Halloway": a person and a license, between slashes."""
    parts = line.split("/")
    return (
        len(parts) > 1
        and bool(reading.first("name"))
        and any(license_url(part.strip(" ()")) is not None for part in parts)
    )


def is_person_of_house(line: str, reading: Reading) -> bool:
    """Return True for "Nathan Lund / TONIGHT": a person and, behind a slash, something written like an organization."""
    kinds = [token.kind for token in reading.tokens]
    if "/" not in line or kinds[0] != "name" or set(kinds[1:]) != {"guess"}:
        return False
    houses = reading.texts("guess")
    if looks_like_person(reading.tokens[0].text) and all(has_organisation_shape(house) for house in houses):
        return True
    is_tight = " /" not in line and "/ " not in line
    if is_tight and is_surely_person(reading.tokens[0].text) and all(map(is_house, houses)):
        return True
    return is_surely_person(reading.tokens[0].text) and all(
        has_organisation_shape(house) or (house.isupper() and len(house) > 3) for house in houses
    )


def is_signed(line: str, reading: Reading, *, behind_sentence: bool = False) -> bool:
    """Return True for "Harris Hill, USA Today" and "David A. Lund | CNBC": a person and a company, at the end.

    Behind a sentence the company may be one that no desk has a row for: "Pia Lund, Lakeside Chronicle"."""
    kinds = [token.kind for token in reading.tokens]
    if not reading.explained or kinds not in (["name", "organisation"], ["name", "guess"]):
        return False
    name, house = reading.tokens[0].text, reading.tokens[1]
    joint = line.strip()[len(name) :].lstrip()[:1]
    if not is_surely_person(name) or not line.startswith(name):
        return False
    if not house.organisation:
        is_paper = fold(house.text.rpartition(" ")[2]) in _PAPERS or has_organisation_shape(house.text)
        return behind_sentence and joint == "," and " " in house.text and is_paper
    in_print = joint == "," and house.organisation.kind in {"publication", "broadcaster"}
    return in_print or joint == "|"


def is_house(text: str) -> bool:
    """Return True for two words or more that are written like a company or sound like no person, nor are a job."""
    is_job = fold(text.rpartition(" ")[2]) in _JOBS
    return " " in text and (has_organisation_shape(text) or (is_surely_house(text) and not is_job))


def is_lone_house(line: str, reading: Reading) -> bool:
    """Return True for "Oscilloscope", one to three words that sound like no person and stand alone."""
    only_guess = [token.kind for token in reading.tokens] == ["guess"] and len(line.split()) < 4
    return only_guess and reading.explained and line[:1].isupper() and is_surely_house(line)


def _is_staff_form(line: str, reading: Reading) -> bool:
    """Return True for "Andrew Yee for the Guardian": a person and a newspaper."""
    client = next(token for token in reading.tokens if token.kind == "client")
    return client.organisation is not None and client.organisation.kind == "publication"


def is_byline(line: str, reading: Reading) -> bool:
    """Return True for "Ana Costigan for The Guardian", which alone on its line may as well name the writer."""
    kinds = [token.kind for token in reading.tokens]
    return kinds == ["name", "client"] and "/" not in line and _is_staff_form(line, reading)


def is_bare_status(line: str, reading: Reading) -> bool:
    only_status = {token.kind for token in reading.tokens} == {"status"}
    words = line.lower().split()
    return only_status and line[:1].isupper() and ("photo" in line.lower() or words[-1].strip(".") in _BARE_STATUS)


def enumerates(line: str, reading: Reading) -> bool:
    """Return True for "Disney, Fox and Netflix" and "Network: NBC": a list, no credit; "Disney/Fox" may be one."""
    if ": " in line and reading.tokens[0].kind in {"guess", "name"}:
        return True
    listed = re.search(r",|; |\|", line) or ("/" not in line and re.search(r" and | & ", line))
    return bool(listed) and len(reading.tokens) > 1


def is_wish(reading: Reading) -> bool:
    """Return True for "courtesy of his new film", which thanks somebody and credits nobody."""
    party = reading.first("courtesy") or ""
    return bool(re.match(r"(?:his|her|their|its|my|our|your|an?|this|that|some)\b", party)) or (
        (party.islower() or (party[:1].islower() and ": " in party)) and " " in party and not party.startswith("the ")
    )


def is_office(line: str, reading: Reading) -> bool:
    """Return True for "(Nashville Police Department)": an organization that no desk has a row for, named in full."""
    words = line.split()
    only_guess = [token.kind for token in reading.tokens] == ["guess"]
    return only_guess and len(words) > 1 and words[0] != "The" and fold(words[-1]) in words_of("organisation_words")


def is_handed_out(reading: Reading) -> bool:
    """Return True for "Supplied: Cinder Lane Films": a status word and one house or person."""
    kinds, names = [token.kind for token in reading.tokens], reading.texts("name")
    if kinds == ["status", "name"]:
        return is_surely_person(names[0])
    return kinds == ["status", "guess"] and all(map(has_organisation_shape, reading.texts("guess")))


def only_people(reading: Reading) -> bool:
    return all(map(looks_like_person, reading.texts("name"))) and all(
        map(has_organisation_shape, reading.texts("guess"))
    )
