"""Countries as agencies write them, and their ISO 3166-1 alpha-2 codes. Pure data and two questions."""

from __future__ import annotations

import re
from functools import cache

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
    "North America": "US CA MX",
    "Australasia": "AU NZ PG",
    "ANZ": "AU NZ",
    "EU": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "European Union": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "Europe": "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME"
    " MK MT NL NO PL PT RO RS RU SE SI SK SM TR UA VA",
    "Latin America": "AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE",
    "South America": "AR BO BR CL CO EC GF GY PE PY SR UY VE",
    "Middle East": "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE",
}


@cache
def _codes_by_name() -> dict[str, tuple[str, ...]]:
    found = {name.casefold(): tuple(codes.split()) for name, codes in _REGIONS.items()}
    for country in re.split(r"[|\n]", _COUNTRIES.strip()):
        code, _, names = country.partition(" ")
        found |= {name.casefold(): (code,) for name in names.split(",")}
    return found


@cache
def all_codes() -> frozenset[str]:
    """Return every alpha-2 code."""
    return frozenset(code for codes in _codes_by_name().values() for code in codes)


@cache
def name_pattern() -> str:
    """Return a regular expression for one country or region; abbreviations must be written in capitals."""
    names = sorted(_codes_by_name(), key=len, reverse=True)
    return r"(?<![\w.])(?:" + "|".join(_as_pattern(name) for name in names) + r")(?!\w)"


def _as_pattern(name: str) -> str:
    short = len(name.replace(".", "")) <= 4 and name in _ABBREVIATIONS
    return f"(?-i:{re.escape(name.upper())})" if short else re.escape(name).replace(r"\ ", r"\s+")


_ABBREVIATIONS = {
    "uae",
    "uk",
    "u.k.",
    "gb",
    "prc",
    "nz",
    "png",
    "ksa",
    "usa",
    "u.s.a.",
    "us",
    "u.s.",
    "eu",
    "gsa",
    "gas",
}
_ABBREVIATIONS |= {"dach", "anz"}


def codes(text: str) -> tuple[str, ...]:
    """Return the codes of all countries and regions named in a text, sorted."""
    names = re.findall(name_pattern(), text, re.IGNORECASE)
    found = _codes_by_name()
    return tuple(sorted({code for name in names for code in found[re.sub(r"\s+", " ", name.casefold())]}))
