"""In which alphabet old labels were written that do not say so: Western, Mac, Cyrillic or Central European. Pure.

Words are weighed: letters in the place letters have in words speak for an alphabet, signs and capitals inside a word
speak against it. Where two alphabets give other words of nearly equal weight, a person must look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# In the order in which they win where they weigh the same.
CANDIDATES = ("cp1252", "mac_roman", "cp1251", "koi8_r", "iso8859_5", "mac_cyrillic", "cp866", "cp1250", "iso8859_2")
CYRILLIC = {"cp1251", "koi8_r", "iso8859_5", "mac_cyrillic", "cp866"}
_RUN = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_USUAL_LATIN = set("éèêëáàâäãåæóòôöõøœíìîïúùûüýñçßšžłąęćńśźżőűřěčůđğıİşÉÖÜÄÅØÁÑÇŠŽ")
_WESTERN = set("éèêëáàâäãåæóòôöõøœíìîïúùûüñçßÉÖÜÄÅØÁÑÇ")
_USUAL_CYRILLIC = set("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфё")
_FREQUENT = set("оеаинтсрвл")
_MAYBE_WESTERN = set("řěůłŁżą")
_ALONE = set("éèàåöóíÉÈÀ")
_QUOTES = set("“”‘’„‚«»–—…\xa0¿¡")
_SIGNS = set("©®™•°·£€§ºª")
_BY_ITSELF = _SIGNS - set("®™")
CLEAR, HEAD_START = 1.0, 0.5


@dataclass(frozen=True)
class Guess:
    """The alphabet, and whether nothing else fits nearly as well."""

    name: str
    is_sure: bool


USUAL = Guess("cp1252", True)


def guess(values: Iterable[bytes]) -> Guess:
    """Return the alphabet of these values, which are of one file and not in UTF-8."""
    runs = [run for value in values for run in _RUN.findall(value)]
    if not runs:
        return USUAL
    weights = {name: sum(_weight(run, name) for run in runs) for name in CANDIDATES}
    weights["cp1252"] += HEAD_START
    best = max(CANDIDATES, key=lambda name: weights[name])
    words = [_decoded(run, best) for run in runs]
    rivals = [name for name in CANDIDATES if [_decoded(run, name) for run in runs] != words]
    second = max((weights[name] for name in rivals), default=-99.0)
    return Guess(best, weights[best] > 0 and weights[best] - second >= CLEAR)


def decoded(value: bytes, name: str) -> str:
    return _decoded(value, name)


def _decoded(value: bytes, name: str) -> str:
    return value.decode(name, "replace")


def _weight(run: bytes, name: str) -> float:
    word = _decoded(run, name)
    return _cyrillic(word) if name in CYRILLIC else _latin(word)


def _latin(word: str) -> float:
    weight, before = 0.0, ""
    for at, letter in enumerate(word):
        if not letter.isascii():
            weight += _latin_letter(letter, before, word[at + 1 : at + 2])
        before = letter
    # Latin words have few letters beyond ASCII.
    beyond = sum(not letter.isascii() for letter in word)
    return weight - (beyond if beyond > 2 and beyond * 2 > len(word) else 0)


def _latin_letter(letter: str, before: str, after: str) -> float:
    if not letter.isalpha():
        return _sign(letter, before.isalpha(), after.isalpha())
    if not (before + after).isalpha():
        return 0.3 if letter in _ALONE else -1.0
    if (letter.isupper() and before.islower()) or (letter.islower() and before.isupper() and after.isupper()):
        return -2.0
    if letter in _WESTERN:
        return 1.0
    return 0.8 if letter in _MAYBE_WESTERN else 0.4 if letter in _USUAL_LATIN else -1.0


def _sign(sign: str, after_letter: bool, before_letter: bool) -> float:
    if sign not in _QUOTES | _SIGNS:
        return -2.0
    if after_letter and before_letter:
        return 0.6 if sign == "’" else -1.5
    return -1.5 if sign in _BY_ITSELF and (after_letter or before_letter) else 0.5


def _cyrillic(word: str) -> float:
    letters = [letter for letter in word if "Ѐ" <= letter <= "ӿ"]
    if len(letters) < 2 or any(letter.isascii() and letter.isalpha() for letter in word):
        return -2.0
    case = all(letter.islower() for letter in letters[1:]) or all(letter.isupper() for letter in letters)
    known = sum(0.4 if letter.lower() in _FREQUENT else 0.15 for letter in letters if letter.lower() in _USUAL_CYRILLIC)
    strange = sum(letter.lower() not in _USUAL_CYRILLIC for letter in letters) + len(word) - len(letters)
    return known + (1.0 if case else -2.0) - 1.5 * strange
