"""Free licenses as credits name them: "CC BY-SA 4.0" is a license with an address, not a name."""

from __future__ import annotations

import re

_CREATIVE_COMMONS = "https://creativecommons.org/"
_LICENSE = re.compile(
    r"""(?:licen[sc]ed?\ (?:under|as)\ |under\ )?(?:an?\ |the\ )?
        (?:(?:cc|creative\ commons)[ -]*)
        (?:(?P<zero>0|zero)
          |(?P<terms>(?:by|attribution)(?:[ -](?:sa|nc|nd|share[ -]?alike|non-?commercial|no[ -]?deriv(?:ative|ate)?s?))*))?
        (?:[ -]*v?(?P<version>[1-4](?:\.[05])?))?(?:\ (?:international|generic|unported|universal|dedication))*
        (?:\ (?:public\ domain|dedication))*(?:\ licen[sc]e)?\.?""",
    re.VERBOSE | re.IGNORECASE,
)
_PUBLIC_DOMAIN = re.compile(r"(?:(?:in|the|marked as) )*public domain(?: mark)?(?: 1\.0)?", re.IGNORECASE)
_SHORT = (
    (re.compile(r"attribution", re.I), "by"),
    (re.compile(r"share[ -]?alike", re.I), "sa"),
    (re.compile(r"non-?commercial", re.I), "nc"),
    (re.compile(r"no[ -]?deriv(?:ative|ate)?s?", re.I), "nd"),
)


def license_url(text: str) -> str | None:
    """Return the address of a license; "" if it is one without a version, which has no address; None if it is none."""
    text = " ".join(text.split())
    if _PUBLIC_DOMAIN.fullmatch(text):
        return f"{_CREATIVE_COMMONS}publicdomain/mark/1.0/"
    found = _LICENSE.fullmatch(text)
    if not found:
        return None
    if found["zero"]:
        return f"{_CREATIVE_COMMONS}publicdomain/zero/1.0/"
    if not found["terms"] or not found["version"]:
        return ""
    version = found["version"] if "." in found["version"] else f"{found['version']}.0"
    return f"{_CREATIVE_COMMONS}licenses/{_terms(found['terms'])}/{version}/"


def kind_of_license(url: str | None) -> str | None:
    """Return the kind of photo a license's address stands for: creative_commons, public_domain, or None."""
    if "creativecommons.org/publicdomain" in (url or "").lower():
        return "public_domain"
    return "creative_commons" if "creativecommons.org/licenses" in (url or "").lower() else None


def _terms(words: str) -> str:
    for pattern, short in _SHORT:
        words = pattern.sub(short, words)
    said = re.split(r"[ -]+", words.lower())
    return "-".join(term for term in ("by", "nc", "nd", "sa") if term in said)
