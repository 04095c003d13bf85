"""How the names of people and of organizations are written, where no vocabulary knows them."""

from __future__ import annotations

import re

from media.credits.name_model import person_chance
from media.credits.vocabulary import fold, words_of

SURE, LIKELY, RATHER_HOUSE, HOUSE = 0.85, 0.5, 0.25, 0.1

ABBREVIATION = re.compile(r"\b(?:inc|bros|co|ltd|corp|ent|st|jr|sr|l\.l\.c|\w)\.$", re.IGNORECASE)
_TITLE_JOINTS = frozenset({"and", "archive", "archives", "at", "by", "for", "in", "of", "on", "the"})
_COMPANY_JOINTS = frozenset({"for", "of"})
NAME_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|esq|phd)\.?", re.IGNORECASE)
COMPANY_SUFFIX = re.compile(r"(?:inc|llc|l\.l\.c|ltd|limited|corp|co|lp|plc|nyc|pty)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,3}")
_NAME_WORD = re.compile(r"(?:[^\W\d_]['’])?[^\W\d_]+(?:['’`\-][^\W\d_]+)*['’]?")
MIXED_CASE = re.compile(r"(?!Mac|Mc|De|Di|Du|La|Le|Van|Von|Fitz|O['’])[A-Z]*[a-z]+[A-Z]|[a-z]+[A-Z]")
_TRADE_ENDING = re.compile(
    r".+(?:press|presse|fotos?|photos?|photographic|pix|pics|news|media|images?|vision|wire|films?|online|stock|archives?)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|tv|ie|in|de|fr|it|nl|ru|io|biz|info|pl|es|pt|se|no|dk|fi|cz|be|ch|at|eu|co\.\w\w|com\.\w\w)",
    re.I,
)
HANDLE = re.compile(r"@?[A-Za-z0-9._]{2,40}")
AT_HANDLE = re.compile(r"@([A-Za-z0-9._]+)")


def is_particle(word: str) -> bool:
    return word.islower() and word.rstrip(".") in words_of("name_particles")


def is_initials(word: str) -> bool:
    return bool(_INITIALS.fullmatch(word)) and len(word.replace(".", "")) <= 3


def is_given_name(word: str) -> bool:
    """Return True if a word is a common given name; of "Jean-Paul" the first half counts."""
    given = words_of("given_names")
    return fold(word) in given or fold(word.partition("-")[0]) in given


def _is_name_word(word: str) -> bool:
    if is_particle(word) or is_initials(word) or NAME_SUFFIX.fullmatch(word):
        return True
    return bool(_NAME_WORD.fullmatch(word)) and any(char.isupper() for char in word[:3])


def has_person_shape(text: str) -> bool:
    """Return True for one to eight words, each capitalized, an initial or a particle; the last is no particle."""
    words = text.replace(",", " ").split()
    if not 1 <= len(words) <= 8 or words[0] in {"The", "A", "An"} or not all(map(_is_name_word, words)):
        return False
    return not is_particle(words[-1]) and any(len(word.strip(".")) > 1 for word in words)


def is_lower_case_name(text: str, by: bool) -> bool:
    words = text.split()
    if not 2 <= len(words) <= 3 or not all(word.isalpha() for word in words) or not words[0].islower():
        return False
    return is_given_name(words[0]) if text.islower() else by and all(map(_is_name_word, words[1:]))


def is_surely_person(text: str) -> bool:
    """Return True for a person's shape with a known given name or an initial in it, or with the letters of one."""
    words = text.split()
    if len(words) < 2 or not has_person_shape(text):
        return False
    if is_given_name(words[0]) or any(is_initials(word) and "." in word for word in words[:-1]):
        return True
    return has_letters_of_person(text, SURE)


def has_letters_of_person(text: str, least: float = LIKELY) -> bool:
    """Return True for two to four words that sound like a person's name, though no list knows them."""
    return looks_like_person(text.title()) and person_chance(text) >= least


def is_surely_house(text: str, most: float = HOUSE) -> bool:
    """Return True for capitalized words that sound like no person: "Launchmetrics Spotlight"."""
    words = text.split()
    return person_chance(text) <= most and not is_given_name(words[0]) and not any(map(is_initials, words))


def looks_like_person(text: str) -> bool:
    """Return True for two to four words in a person's shape none of which belongs to an organization."""
    words = text.split()
    is_office = any(fold(word) in words_of("organisation_words") for word in words)
    return 2 <= len(words) <= 4 and has_person_shape(text) and not is_office and not text.isupper()


def _is_title_word(word: str) -> bool:
    if not word[:1].isalnum() or (word.endswith(".") and not ABBREVIATION.search(word)):
        return word == "&"
    return (
        not word[:1].islower()
        or word.lower() in words_of("name_particles") | _TITLE_JOINTS
        or bool(_DOMAIN.fullmatch(word))
    )


def has_organisation_shape(text: str) -> bool:
    """Return True for a trade word ("Films", "Inc."), a domain, a digit, or a word written like a company."""
    words = text.split()
    if len(words) > 7 or not all(_is_title_word(word) for word in words):
        return False
    if any(fold(word) in words_of("organisation_words") for word in words):
        return True
    if (
        text.startswith("The ")
        or re.match(r"[a-z][A-Z]", text)
        or _DOMAIN.fullmatch(text)
        or re.search(r"[\d+!&]", text)
    ):
        return text[:1].isalnum()
    return len(words) == 1 and bool(
        _TRADE_ENDING.fullmatch(text) or (MIXED_CASE.match(text) and not _runs_together(text))
    )


def is_joined_company(text: str) -> bool:
    """Return True for "Paws of the Delta Rescue": capitalized words around an "of" or "for"."""
    words = text.split()
    return 2 < len(words) < 8 and bool(_COMPANY_JOINTS & set(words[1:-1])) and all(map(_is_title_word, words))


def _runs_together(word: str) -> bool:
    """Return True for "FrazerHarrison", a name that lost its space."""
    parts = re.fullmatch(r"([A-Z][a-z]+)[A-Z][a-z]+", word)
    return parts is not None and is_given_name(parts[1])


def undoubled(text: str) -> str:
    """Return "Pia Lund" for "Pia Lund Pia Lund"."""
    words = text.split()
    half = len(words) // 2
    return " ".join(words[:half]) if half and words[:half] == words[half:] and len(words) % 2 == 0 else text
