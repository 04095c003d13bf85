"""Countries as agencies write them, their ISO 3166-1 alpha-2 codes, and how people say where. Pure data and questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from .country_names import NAMES

# One country a line's part: code, then its names; later names are other ways to write it.
_COUNTRIES = """
AD Andorra|AE United Arab Emirates,UAE|AF Afghanistan|AG Antigua and Barbuda|AI Anguilla|AL Albania|AM Armenia
AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria|AU Australia|AW Aruba|AX Åland Islands|AZ Azerbaijan
BA Bosnia and Herzegovina,Bosnia-Herzegovina,Bosnia|BB Barbados|BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria
BH Bahrain|BI Burundi|BJ Benin|BL Saint Barthélemy|BM Bermuda|BN Brunei|BO Bolivia|BQ Caribbean Netherlands|BR Brazil
BS Bahamas|BT Bhutan|BV Bouvet Island|BW Botswana|BY Belarus|BZ Belize|CA Canada|CC Cocos Islands
CD Democratic Republic of Congo,DR Congo|CF Central African Republic|CG Republic of the Congo,Congo|CH Switzerland
CI Ivory Coast,Côte d'Ivoire|CK Cook Islands|CL Chile|CM Cameroon|CN China,PRC,P.R. China|CO Colombia|CR Costa Rica
CU Cuba|CV Cape Verde|CW Curaçao|CX Christmas Island|CY Cyprus|CZ Czech Republic,Czechia|DE Germany|DJ Djibouti
DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|EH Western Sahara|ER Eritrea
ES Spain|ET Ethiopia|FI Finland|FJ Fiji|FK Falkland Islands|FM Micronesia|FO Faroe Islands|FR France|GA Gabon
GB United Kingdom,UK,U.K.,Great Britain,Britain,GB|GD Grenada|GE Georgia|GF French Guiana|GG Guernsey|GH Ghana
GI Gibraltar|GL Greenland|GM Gambia|GN Guinea|GP Guadeloupe|GQ Equatorial Guinea|GR Greece|GS South Georgia
GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong|HM Heard Island|HN Honduras|HR Croatia|HT Haiti|HU Hungary
ID Indonesia|IE Ireland,Republic of Ireland,Eire|IL Israel|IM Isle of Man|IN India|IO British Indian Ocean Territory
IQ Iraq|IR Iran|IS Iceland|IT Italy|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia
KI Kiribati|KM Comoros|KN Saint Kitts and Nevis|KP North Korea|KR South Korea,Republic of Korea,Korea|KW Kuwait
KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|LC Saint Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho
LT Lithuania|LU Luxembourg,Luxemburg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MF Saint Martin
MG Madagascar|MH Marshall Islands|MK North Macedonia,Macedonia|ML Mali|MM Myanmar,Burma|MN Mongolia|MO Macau,Macao
MP Northern Mariana Islands|MQ Martinique|MR Mauritania|MS Montserrat|MT Malta|MU Mauritius|MV Maldives|MW Malawi
MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia|NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua
NL Netherlands,Holland|NO Norway|NP Nepal|NR Nauru|NU Niue|NZ New Zealand,NZ|OM Oman|PA Panama|PE Peru
PF French Polynesia|PG Papua New Guinea,PNG|PH Philippines|PK Pakistan|PL Poland|PM Saint Pierre and Miquelon
PN Pitcairn|PR Puerto Rico|PS Palestine|PT Portugal|PW Palau|PY Paraguay|QA Qatar|RE Réunion|RO Romania|RS Serbia
RU Russia,Russian Federation|RW Rwanda|SA Saudi Arabia,KSA|SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden
SG Singapore|SH Saint Helena|SI Slovenia|SJ Svalbard|SK Slovakia,Slovak Republic|SL Sierra Leone|SM San Marino
SN Senegal|SO Somalia|SR Suriname|SS South Sudan|ST São Tomé and Príncipe|SV El Salvador|SX Sint Maarten|SY Syria
SZ Eswatini,Swaziland|TC Turks and Caicos Islands|TD Chad|TF French Southern Territories|TG Togo|TH Thailand
TJ Tajikistan|TK Tokelau|TL East Timor,Timor-Leste|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey,Türkiye,Turkiye
TT Trinidad and Tobago,Trinidad|TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|UM US Minor Outlying Islands
US United States of America,United States,U.S.A.,USA,U.S.,US|UY Uruguay|UZ Uzbekistan|VA Vatican
VC Saint Vincent and the Grenadines|VE Venezuela|VG British Virgin Islands|VI US Virgin Islands|VN Vietnam,Viet Nam
VU Vanuatu|WF Wallis and Futuna|WS Samoa|YE Yemen|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""

_REGIONS = {
    "Benelux": "BE NL LU",
    "Scandinavia": "DK NO SE",
    "Nordics": "DK FI IS NO SE",
    "Nordic countries": "DK FI IS NO SE",
    "Baltics": "EE LT LV",
    "DACH": "AT CH DE",
    "GSA": "AT CH DE",
    "GAS": "AT CH DE",
    "Iberia": "ES PT",
    "British Isles": "GB IE IM JE GG",
    "North America": "US CA | MX",
    "Australasia": "AU NZ PG",
    "ANZ": "AU NZ",
    "EU": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "European Union": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "Europe": "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME"
    " MK MT NL NO PL PT RO RS SE SI SK SM UA VA | RU TR",
    "Latin America": "AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE",
    "South America": "AR BO BR CL CO EC GF GY PE PY SR UY VE",
    "Middle East": "AE BH IL IQ IR JO KW LB OM PS QA SA SY YE | EG TR",
    "German-speaking countries": "AT CH DE",
    "deutschsprachiger Raum": "AT CH DE",
    "deutschsprachige Länder": "AT CH DE",
    "Britische Inseln": "GB IE IM JE GG",
    "Nordische Länder": "DK FI IS NO SE",
    "Skandinavien": "DK NO SE",
    "Scandinavie": "DK NO SE",
    "Escandinavia": "DK NO SE",
    "Nordamerika": "US CA | MX",
    "Amérique du Nord": "US CA | MX",
    "Norteamérica": "US CA | MX",
    "Nord America": "US CA | MX",
    "Central America": "BZ CR GT HN NI PA SV",
    "Africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA"
    " NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW | RE SH YT",
    "Asia": "AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS"
    " QA SA SG SY TH TJ TL TM TW UZ VN YE | CY RU TR",
}
_LIKE = {"EU": "UE", "Europe": "Europa", "Africa": "Afrika,Afrique,África", "Asia": "Asien,Asie", "Benelux": "Bénélux"}
# A part of a country: its whole country is denied with it, and none is opened by it.
_PARTS = {
    "England": "GB", "Scotland": "GB", "Wales": "GB", "Northern Ireland": "GB", "Angleterre": "GB", "Inglaterra": "GB",
    "Inghilterra": "GB", "Schottland": "GB", "Hawaii": "US", "California": "US", "Quebec": "CA", "Catalonia": "ES",
    "Bavaria": "DE", "Bayern": "DE", "Sicily": "IT",

}  # fmt: skip
_ABBREVIATIONS = frozenset(
    [
        "UAE",
        "UK",
        "U.K.",
        "GB",
        "PRC",
        "NZ",
        "PNG",
        "KSA",
        "USA",
        "U.S.A.",
        "US",
        "U.S.",
        "EU",
        "UE",
        "GSA",
        "GAS",
        "DACH",
        "ANZ",
        "BRD",
        "EE.UU.",
        "EEUU",
    ]
)
_SHORT = {"GB": "UK", "US": "US"}
_WITH_ARTICLE = frozenset(
    [
        "AE",
        "BS",
        "CF",
        "CK",
        "CZ",
        "DO",
        "FK",
        "GB",
        "GM",
        "KM",
        "KY",
        "MH",
        "MP",
        "MV",
        "NL",
        "PH",
        "SB",
        "TC",
        "US",
        "VA",
        "VG",
        "VI",
    ]
)


@dataclass(frozen=True)
class Place:
    """What a name stands for: the countries it means for certain, and all that it may mean."""

    certain: frozenset[str]
    wide: frozenset[str]


def folded(text: str) -> str:
    """Return the text without accents and with plain quotes and dashes, letter for letter, so that places in it agree."""
    return text.translate(_PLAIN) if text.isascii() else "".join(map(_folded, text))


_PLAIN = str.maketrans({"`": "'"})
_SIGNS = {
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "\u00a0": " ",
}


@cache
def _folded(letter: str) -> str:
    return _SIGNS.get(letter) or normalize("NFD", letter)[0]


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a folded text in small letters."""
    return tuple(re.findall(r"[^\W_]+", text.lower()))


@cache
def places() -> dict[tuple[str, ...], Place]:
    """Return every name of a country or region as its words, with what it stands for."""
    found = {words_of(folded(name)): _place(codes) for name, codes in _REGIONS.items()}
    for name, others in _LIKE.items():
        found |= {words_of(folded(other)): _place(_REGIONS[name]) for other in others.split(",")}
    found |= {words_of(folded(name)): Place(frozenset(), frozenset({code})) for name, code in _PARTS.items()}
    for code, names in _countries():
        found |= {words_of(folded(name)): _place(code) for name in names}
    return found


def _place(codes: str) -> Place:
    certain = codes.partition("|")[0]
    return Place(frozenset(certain.split()), frozenset(codes.replace("|", " ").split()))


@cache
def abbreviations() -> frozenset[tuple[str, ...]]:
    """Return the names that only count in capitals: “US” is a country, “us” is not."""
    return frozenset(words_of(name) for name in _ABBREVIATIONS)


def _countries() -> Iterator[tuple[str, list[str]]]:
    for country in re.split(r"[|\n]", f"{_COUNTRIES.strip()}\n{NAMES.strip()}"):
        code, _, names = country.partition(" ")
        yield code, names.split(",")


@cache
def all_codes() -> frozenset[str]:
    """Return every alpha-2 code."""
    return frozenset(code for code, _ in _countries())


def codes(text: str) -> tuple[str, ...]:
    """Return the codes of all countries and regions named in a text, sorted."""
    plain = folded(text)
    matches = list(re.finditer(r"[^\W_]+", plain))
    found: set[str] = set()
    at = 0
    while at < len(matches):
        length, place = named([match[0] for match in matches[at : at + LONGEST]])
        found |= place.wide if place else frozenset()
        at += length
    return tuple(sorted(found))


LONGEST = 6


def named(words: list[str]) -> tuple[int, Place | None]:
    """Return how many of these words, from the first on, name a place, and which; (1, None) where none do.

    A German genitive counts as well: “außerhalb Deutschlands”.
    """
    for length in range(min(LONGEST, len(words)), 0, -1):
        key = tuple(word.lower() for word in words[:length])
        if (place := places().get(key)) and (key not in abbreviations() or all(map(str.isupper, words[:length]))):
            return length, place
    return 1, places().get((words[0].lower()[:-1],)) if words and len(words[0]) > 6 and words[0][-1] in "sS" else None


# How people say where


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in _countries():
        found.setdefault(code, _SHORT.get(code, names[0]))
    return found


def in_words(codes: Iterable[str], most: int = 12) -> str:
    """Return countries as people say them: “the US and Canada”, “everywhere except France”; a count where they are many."""
    wanted = set(codes)
    others = all_codes() - wanted
    if not wanted or not others:
        return "every country" if not others else "no country"
    if is_rest(wanted) and len(others) <= most:
        return f"every country except {_listed(others)}"
    return _listed(wanted, most)


def is_rest(codes: Iterable[str]) -> bool:
    """Return True if these countries are easier told by those that are left."""
    return len(all_codes()) > len(set(codes)) > len(all_codes()) / 2


def only_in_words(denied: Iterable[str]) -> str:
    """Return where a denial in these countries leaves a photo: “only in the US and Canada”, “not in France”."""
    wanted = set(denied)
    others = all_codes() - wanted
    if is_rest(wanted):
        return f"only in {_listed(others)}"
    return f"not in {_listed(wanted)}" if wanted and others else "nowhere"


def _listed(codes: Iterable[str], most: int = 12) -> str:
    names = sorted((_names().get(code, code), code) for code in codes)
    said = [f"the {name}" if code in _WITH_ARTICLE else name for name, code in names]
    if len(said) > most:
        said = [*said[: most - 2], f"{len(said) - most + 2} other countries"]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
