"""The grammar of a photo credit: from a line such as "Mike Coppola/Getty Images for Netflix" to its parts.

A line is cut at its separators ("/", "via", dashes, bars, commas, "and", "for", "courtesy of", "©"). Each piece is
classified by the vocabulary (organisations, photographers) and, where that is silent, by its shape. A line with a piece
that neither explains has an unknown shape and gives None: a credit is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from media.credits.cutting import CLIENT_GOES_ON, SOFT, Piece, cut, trim
from media.credits.licenses import license_url
from media.credits.name_shapes import (
    AT_HANDLE,
    HANDLE,
    MIXED_CASE,
    RATHER_HOUSE,
    has_letters_of_person,
    has_organisation_shape,
    has_person_shape,
    is_given_name,
    is_joined_company,
    is_lower_case_name,
    is_surely_house,
    is_surely_person,
    looks_like_person,
    undoubled,
)
from media.credits.status import COLON_LABEL, NOTE, STATUS_ENDING, SUPPLIER_ID, UNREAD, status_of
from media.credits.vocabulary import PHOTO_KINDS, Organisation, Vocabulary, fold, words_of

_DISTRIBUTORS = PHOTO_KINDS | {"platform", "publication"}


@dataclass(frozen=True)
class CreditParts:
    """Who must be named for one photo, organisations in the order and spelling of the line they were read from."""

    photographers: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    courtesy_of: str | None = None
    handle: str | None = None
    copyright_year: int | None = None
    copyright_holder: str | None = None
    status: tuple[str, ...] = ()
    license_url: str | None = None
    supplier_id: str | None = None

    @property
    def words(self) -> frozenset[str]:
        """Return every word that a part has, in small letters."""
        texts = (*self.photographers, *self.agencies, *self.status, self.on_behalf_of, self.courtesy_of, self.handle)
        others = (self.copyright_holder, self.license_url, self.supplier_id)
        return words_in(" ".join(filter(None, (*texts, *others))))

    @property
    def organisations(self) -> tuple[str, ...]:
        """Return agencies and copyright holder: all who are named but persons, clients and courtesy parties."""
        holder = (self.copyright_holder,) if self.copyright_holder else ()
        return tuple(dict.fromkeys(self.agencies + holder))


def words_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold()))


# --- reading ---------------------------------------------------------------------------------------------------------

_INNER_LABEL = re.compile(
    r"(?:(?:photos?|photographs?|pictures?|images?|photography|file photo|provided|supplied) )?by |(?:photo |image )?(?:credit|source) ",
    re.IGNORECASE,
)
_JOINT = re.compile(r" |(?<=[A-Za-z.])(?=[A-Z][a-z])")
_WIRE_PHOTO = re.compile(r"(.+?) (?:file )?(?:photos?|pictures?|pics?)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-–](?:19|20)?\d\d)?(?!\d)")
_RIGHTS = re.compile(r"[,;]? ?\ball rights? reserved\b\.?|[,;]? ?\bused (?:with|by) permission\b\.?", re.IGNORECASE)
_LATER_LABEL = re.compile(r"(?<=\S)(?:\.?\s+|(?<=[a-z]))(?=(?:Source|Credit)s?:)")


@dataclass(frozen=True)
class _Token:
    """One thing the line says. `kind` is name, organisation, guess (an organisation by its shape), client, courtesy,
    handle, year, holder or status."""

    kind: str
    text: str
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Reading:
    """What the grammar made of a line: its tokens in order, whether every piece was explained, and whether words were
    understood as none of the parts, so that a person must look."""

    tokens: tuple[_Token, ...]
    explained: bool
    dropped: bool = False

    def texts(self, *kinds: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(token.text for token in self.tokens if token.kind in kinds))

    def first(self, kind: str) -> str | None:
        return next(iter(self.texts(kind)), None)

    @property
    def known(self) -> tuple[Organisation, ...]:
        """Return the organizations the vocabulary knew, in order."""
        return tuple(token.organisation for token in self.tokens if token.organisation and token.kind != "client")

    @property
    def ends_with_house(self) -> bool:
        said = [token for token in self.tokens if token.kind not in {"id", "status"}]
        return bool(said) and said[-1].organisation is not None and said[-1].kind != "client"

    @property
    def is_photo_trade(self) -> bool:
        return any(organisation.kind in PHOTO_KINDS for organisation in self.known)

    @property
    def parts(self) -> CreditParts | None:
        if not self.explained:
            return None
        year = self.first("year")
        return CreditParts(
            photographers=self.texts("name"),
            agencies=self.texts("organisation", "guess"),
            on_behalf_of=self.first("client"),
            courtesy_of=self.first("courtesy"),
            handle=self.first("handle"),
            copyright_year=int(year) if year else None,
            copyright_holder=self.first("holder"),
            status=self.texts("status"),
            license_url=self.first("license"),
            supplier_id=self.first("id"),
        )


_LONGEST_LINE = 400
_ONE_OF = ("client", "courtesy", "handle", "year", "holder", "license", "id")


@lru_cache(maxsize=64)
def read(line: str, vocabulary: Vocabulary, *, by: bool = False) -> Reading:
    """Read a credit without its leading label. `by` says that the label asked for a person ("Photo by")."""
    if len(line) > _LONGEST_LINE:
        return Reading((), explained=False)
    text = _LATER_LABEL.sub("; ", _RIGHTS.sub("", " ".join(line.split())))
    return _Reader(text, cut(text, vocabulary), vocabulary, by).read()


def house_of(text: str, vocabulary: Vocabulary) -> Organisation | None:
    """Return the organization a spelling stands for: "AP Photo" is AP, "Backgrid Australia" is Backgrid."""
    wire = _WIRE_PHOTO.fullmatch(text)
    known = vocabulary.organisation(text) or (vocabulary.organisation(wire[1]) if wire else None)
    if known:
        return known
    house, _, branch = text.rpartition(" ")
    known = vocabulary.organisation(house) if fold(branch) in words_of("branch_words") else None
    is_country = fold(branch) not in words_of("organisation_words")
    return known if known and (known.kind in PHOTO_KINDS or is_country) else None


class _Reader:
    """Walks the pieces of one line from left to right."""

    def __init__(self, line: str, pieces: list[Piece], vocabulary: Vocabulary, by: bool) -> None:
        self.line, self.pieces, self.vocabulary, self.by = line, pieces, vocabulary, by
        self.tokens: list[_Token] = []
        self.explained, self.dropped = True, False
        self.index = 0

    def read(self) -> Reading:
        while self.index < len(self.pieces):
            piece = self.pieces[self.index]
            if piece.after == "for" and self._is_name_of_charity():
                continue
            if piece.after == "for":
                client = self._stretch(piece, client=True)
                self._say("client", client, self.vocabulary.organisation(client))
            elif piece.after == "courtesy":
                self._courtesy(piece)
            elif piece.after == "copyright":
                self._copyright(self._stretch(piece))
            else:
                self.index += 1
                self._plain(piece)
        reading = Reading(tuple(self.tokens), self.explained and bool(self.tokens), self.dropped)
        return replace(reading, dropped=self.dropped or any(len(reading.texts(kind)) > 1 for kind in _ONE_OF))

    def _is_name_of_charity(self) -> bool:
        """Return True for "Hope for the Valley": one word that names nobody, and what it is for."""
        is_one_word = len(self.pieces) == 2 and self.index == 1 and " " not in self.pieces[0].text
        if not is_one_word or [token.kind for token in self.tokens] != ["name"] or not is_joined_company(self.line):
            return False
        self.tokens, self.dropped, self.index = [_Token("guess", self.line)], True, 2
        return True

    def _say(self, kind: str, text: str, organisation: Organisation | None = None) -> None:
        if text:
            self.tokens.append(_Token(kind, text, organisation))

    def _stretch(self, piece: Piece, *, client: bool = False) -> str:
        """Return the text of a client, courtesy party or copyright holder, which may hold commas, "and" and colons."""
        end = piece.end
        self.index += 1
        while self.index < len(self.pieces) and self._goes_on(self.pieces[self.index], client):
            end = self.pieces[self.index].end
            self.index += 1
        text = trim(self.line[piece.start : end])
        return text.removesuffix(" file") if client else text

    def _goes_on(self, piece: Piece, client: bool) -> bool:
        if client and piece.after == "slash" and (known := self.vocabulary.organisation(piece.text)):
            return known.kind not in PHOTO_KINDS | {"platform"}
        if piece.after not in CLIENT_GOES_ON or status_of(piece.text) or NOTE.fullmatch(piece.text):
            return False
        known = self.vocabulary.organisation(piece.text)
        following = self.pieces[self.index + 1].after if self.index + 1 < len(self.pieces) else ""
        starts_credit = following in {"slash", "via", "dash"} and is_surely_person(piece.text)
        return not starts_credit and not (known and known.kind in PHOTO_KINDS)

    def _courtesy(self, piece: Piece) -> None:
        colon = ":" in self.line[max(piece.start - 3, 0) : piece.start]
        party = self._stretch(piece)
        platform = self._platform(party)
        if AT_HANDLE.match(party) or (HANDLE.fullmatch(party) and party.islower() and not platform):
            self._say("courtesy", party.lstrip("@"))
            self._say("handle", party.lstrip("@"))
        elif colon and (platform or self._social(party)):
            self._plain(Piece(party, "start", piece.start, piece.end))
        elif party:
            self._say("courtesy", party, self.vocabulary.organisation(party))
        else:
            self._say("status", "Handout")

    def _copyright(self, text: str) -> None:
        year = _YEAR.search(text)
        holder = trim(text[: year.start()] + text[year.end() :]) if year else text
        if year:
            self._say("year", year[0][:4])
        known = self._find(holder)
        if known and known.kind in _DISTRIBUTORS:
            self._say("organisation", self._written(holder), known)
        elif holder and not known and (self._is_followed_person(holder) or self.vocabulary.photographer(holder)):
            self._say("name", holder)
        else:
            self._say("holder", holder, known)
            self.explained = self.explained and (known is not None or not holder[:1].islower())

    def _is_followed_person(self, holder: str) -> bool:
        """Return True for a person, and for what looks like one in front of a slash: "© Eszter Farago/Getty Images"."""
        following = self.pieces[self.index] if self.index < len(self.pieces) else None
        is_followed = following is not None and following.after == "slash"
        return is_surely_person(holder) or has_letters_of_person(holder) or (is_followed and looks_like_person(holder))

    def _plain(self, piece: Piece) -> None:
        if piece.after == "bracket" and self.tokens and self.tokens[-1].kind == "guess":
            self.explained = False
        label = _INNER_LABEL.match(piece.text)
        text = piece.text[label.end() :] if label else piece.text
        known = (
            self._is_label(text)
            or self._person_row(text)
            or self._said_already(text, piece.after)
            or self._organisation(text)
            or self._status_or_note(text)
            or self._license(text)
            or self._supplier_id(text, piece.after)
            or self._social(text)
            or self._account_on_platform(text)
            or self._dated(text)
            or self._status_ending(text)
        )
        if not known and not self._shaped(text, piece.after, bool(label) or piece.after == "by"):
            self.explained = False

    def _status_or_note(self, text: str) -> bool:
        status = status_of(text)
        if status:
            self._say("status", status)
        self.dropped = self.dropped or bool(UNREAD.fullmatch(text))
        return bool(status or NOTE.fullmatch(text) or UNREAD.fullmatch(text))

    def _is_label(self, text: str) -> bool:
        """Return True for the "Source" of "; Source: Getty Images" in the middle of a line, and the "XMIT" before an id."""
        following = self.pieces[self.index] if self.index < len(self.pieces) else None
        if not following or following.after != "colon" or not COLON_LABEL.fullmatch(text):
            return False
        if fold(text).endswith(("xmit", "id")):
            self._say("id", following.text)
            self.index += 1
        return True

    def _said_already(self, text: str, after: str) -> bool:
        """Return True for the second spelling of "African News Agency (ANA)"."""
        known = self._find(text) if after == "bracket" and self.tokens else None
        return known is not None and known == self.tokens[-1].organisation

    def _license(self, text: str) -> bool:
        url = license_url(text)
        self._say("license", url or "")
        self.dropped = self.dropped or url == ""
        return url is not None

    def _supplier_id(self, text: str, after: str) -> bool:
        """Return True for the "RC2ABC1DEFGH" of "REUTERS / Pia Lund - RC2ABC1DEFGH": no name, but not lost either."""
        if not self.tokens or after in {"for", "courtesy"} or not SUPPLIER_ID.fullmatch(text):
            return False
        self._say("id", text)
        return True

    def _person_row(self, text: str) -> bool:
        known = self.vocabulary.photographer(text)
        if known:
            self._say("name", text)
        return bool(known)

    def _organisation(self, text: str) -> bool:
        known = self._find(text)
        if known:
            self._say("organisation", self._written(text), known)
        return bool(known)

    def _find(self, text: str) -> Organisation | None:
        return None if text.startswith("@") else house_of(text, self.vocabulary)

    def _written(self, text: str) -> str:
        """Return the organization's own words: "AP Photo" says AP, "NBCU Photo Bank" is a name."""
        wire = _WIRE_PHOTO.fullmatch(text)
        base = self.vocabulary.organisation(wire[1]) if wire else None
        if wire and base and (base.kind == "wire" or not self.vocabulary.organisation(text)):
            return wire[1] if fold(text) != "paphotos" else text
        return text

    def _platform(self, text: str) -> Organisation | None:
        known = self.vocabulary.organisation(text)
        return known if known and known.kind == "platform" else None

    def _social(self, text: str) -> bool:
        """Return True for "@name", "Instagram @name", and a bare account name beside a platform."""
        words = [word for word in text.split() if word not in {"user", "account", "page"}][:3]
        if len(words) > 1 and self._platform(words[0]) and all(_is_account(word) for word in words[1:]):
            self._say("organisation", words[0], self._platform(words[0]))
            words = words[1:]
        elif not (
            len(words) == 1 and (text.startswith("@") or (_is_account(text, shouted=True) and self._beside_platform()))
        ):
            return False
        self._say("handle", words[0].lstrip("@"))
        return True

    def _account_on_platform(self, text: str) -> bool:
        """Return True for "@marla on Instagram"."""
        account, _, house = text.rpartition(" on ")
        platform = self._platform(house)
        if not platform or not account or not (account.startswith("@") or has_person_shape(account)):
            return False
        self._say("handle" if account.startswith("@") else "name", account.lstrip("@"))
        self._say("organisation", house, platform)
        return True

    def _beside_platform(self) -> bool:
        following = self.pieces[self.index].text if self.index < len(self.pieces) else ""
        before = self.tokens[-1].organisation if self.tokens else None
        return bool(self._platform(following)) or bool(before and before.kind == "platform")

    def _dated(self, text: str) -> bool:
        """Return True for "2022 Warner Bros. Entertainment Inc." and "Netflix 2022", a copyright that lost its sign."""
        year = _YEAR.match(text) or next(iter(re.finditer(_YEAR.pattern + "$", text)), None)
        rest = trim(text[: year.start()] + text[year.end() :]) if year else ""
        if not year or (rest and not self.vocabulary.organisation(rest) and not has_organisation_shape(rest)):
            return False
        self._copyright(text)
        return True

    def _status_ending(self, text: str) -> bool:
        match = STATUS_ENDING.fullmatch(text)
        if not match or not self._organisation(match[1]):
            return False
        self._say("status", status_of(match[2]) or "File")
        return True

    def _shaped(self, text: str, after: str, labelled: bool) -> bool:
        misspelt = self.vocabulary.misspelt(text)
        if misspelt and misspelt.kind in PHOTO_KINDS | {"platform"}:
            self._say("organisation", text, misspelt)
        elif self._name_then_organisation(text) or self._organisation_then_name(text) or self._alias_of_person(text):
            return True
        elif has_organisation_shape(text) or (len(self.pieces) == 1 and is_joined_company(text)):
            self._say("guess", text)
        elif has_person_shape(text) or is_lower_case_name(text, self.by):
            return self._person_shaped(text, after, labelled)
        else:
            return False
        return True

    def _person_shaped(self, text: str, after: str, labelled: bool) -> bool:
        kind = self._name_or_guess(text, after, labelled or (self.by and not self.tokens))
        if kind:
            self._say(kind, undoubled(text))
        return bool(kind)

    def _name_then_organisation(self, text: str) -> bool:
        """Return True for "Evan Agostini Invision", "NBCGetty Images": an agency without a separator before it."""
        for joint in _JOINT.finditer(text[:80]):
            head, tail = text[: joint.start()], text[joint.end() :]
            head = head.removesuffix(" on").removesuffix(" from")
            known = None if fold(tail) in words_of("organisation_words") else self._find(tail)
            if not known or known.kind not in PHOTO_KINDS:
                continue
            if " " in head and has_person_shape(head) and not self._find(head):
                self._say("name", undoubled(head))
            elif not self._organisation(head):
                continue
            self._say("organisation", self._written(tail), known)
            return True
        return False

    def _organisation_then_name(self, text: str) -> bool:
        """Return True for "AP-Tom Reiss" and for "Tom Reiss-Imagn Images"."""
        for house, name, is_first in ((*text.partition("-")[::2], True), (*text.rpartition("-")[::-2], False)):
            known = (
                self._find(house)
                if is_surely_person(name) or (not is_first and " " in name and has_person_shape(name))
                else None
            )
            if known and known.kind in PHOTO_KINDS:
                said = [("organisation", self._written(house), known), ("name", name, None)]
                for kind, words, organisation in said if is_first else reversed(said):
                    self._say(kind, words, organisation)
                return True
        return False

    def _alias_of_person(self, text: str) -> bool:
        """Return True for "Photo by gotpix/…" and "Photo by BG004/…": an agency's photographer under a working name."""
        following = self.pieces[self.index].after if self.index < len(self.pieces) else ""
        is_alias = self.by and ((text.isalpha() and text.islower()) or re.fullmatch(r"[A-Z]{2,3}\d{3}", text))
        if self.tokens or following != "slash" or not (is_alias or re.fullmatch(r"[a-z]+_[a-z]+", text)):
            return False
        self._say("name", text)
        return True

    def _name_or_guess(self, text: str, after: str, labelled: bool) -> str | None:
        """Return a person where one is expected; after a person's name and a slash an organization; else None."""
        last = self.index >= len(self.pieces)
        previous = self.tokens[-1].kind if self.tokens else ""
        is_made_via = after == "via" and not is_given_name(text.split(maxsplit=1)[0])
        if is_made_via or self._makes_for(previous, after):
            return "guess"
        is_behind_house = previous == "guess" and after == "slash" and not self._named() and looks_like_person(text)
        if labelled or is_surely_person(text) or _Token("name", text) in self.tokens or is_behind_house:
            return "name"
        if previous == "organisation" and after == "slash" and (self._person_follows() or self._person_came()):
            return "guess"
        if " " not in text:
            return self._one_word(text, after, last)
        if previous in {"name", "guess"} and after not in SOFT | {"semicolon"}:
            return "guess"
        may_be_house = previous in {"name", "organisation"} or len(self.pieces) == 1 or self._only_person_follows()
        is_house = may_be_house and is_surely_house(text)
        self.dropped = self.dropped or (is_house and previous != "name")
        return "guess" if is_house else "name"

    def _makes_for(self, previous: str, after: str) -> bool:
        """Return True for the "Sid Gentle" of "BBC/Sid Gentle/Nick Wall", between a channel and the photographer."""
        house = self.tokens[-1].organisation if self.tokens else None
        is_middle = previous == "organisation" and after == "slash" and self._person_follows()
        return is_middle and house is not None and house.kind in {"broadcaster", "streamer", "studio"}

    def _named(self) -> bool:
        return any(token.kind == "name" for token in self.tokens)

    def _person_follows(self) -> bool:
        """Return True if the chain goes on to a person, as in "BBC/Bad Wolf/Alex Reed"."""
        return any(piece.after == "slash" and is_surely_person(piece.text) for piece in self.pieces[self.index :])

    def _only_person_follows(self) -> bool:
        """Return True in front of the person of "Bayreuther Festspiele / Enrico Nawrath"."""
        return self.index == 1 and len(self.pieces) == 2 and self._person_follows()

    def _person_came(self) -> bool:
        """Return True if the chain began with its person, as in "Alex Reed/BBC/Bad Wolf"."""
        return self.tokens[0].kind == "name" and all(piece.after in {"start", "slash"} for piece in self.pieces)

    def _one_word(self, text: str, after: str, last: bool) -> str | None:
        previous = self.tokens[-1].kind if self.tokens else ""
        if (
            not last
            and previous == "organisation"
            and after == "slash"
            and is_surely_person(self.pieces[self.index].text)
        ):
            return "guess"
        if text.isupper() and len(text) < 4 and not self.by:
            return "guess"
        if not last:
            return "guess" if previous == "name" and after not in SOFT else "name"
        if text.isupper() and 2 <= len(text) <= 4:
            return "guess" if previous or not self.by else None
        if not previous:
            is_house = len(self.pieces) == 1 and is_surely_house(text, RATHER_HOUSE)
            self.dropped = self.dropped or is_house
            return "guess" if text.isupper() or is_house else None
        beside_name = after == "and" and previous == "name"
        return "name" if beside_name or (after == "slash" and previous == "organisation") else "guess"


def _is_account(text: str, *, shouted: bool = False) -> bool:
    """Return True if a word is written like an account name; `shouted` allows "SOMENAME" and "SomeName"."""
    if not HANDLE.fullmatch(text) or status_of(text):
        return False
    marked = text.startswith("@") or "_" in text or any(map(str.isdigit, text))
    shouted = shouted and (bool(MIXED_CASE.match(text)) or (text.isupper() and len(text) > 5))
    return marked or text.islower() or shouted
