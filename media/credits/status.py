"""Words of a credit that name nobody: status words in several languages, notes, supplier's ids."""

from __future__ import annotations

import re

from media.credits.vocabulary import fold

SOURCES = r"(?:sources?|quellen?|fontes?|fonti|fuentes?|bron(?:nen)?|källor|källa|kilder?|źródło|lähde)"
_STATUS = {
    "File": r"files?|photofiles?|file(?:photo|image|pic|picture)s?|archiv(?:e|es|o|io|bild|foto)?|arkiv(?:bild|foto)?|arkistokuva|dearchivo",
    "Reproduction": r"repro|reproducao|reproduction|reproduccion|reprodukcja|divulgacao",
    "Handout": r"ho|(?:(?:family|police|press|studio|company|court|pr)?handout|publicity|ufficiostampa|materialyprasowe|materiałyprasowe|matprasowe|pressebild|pressefoto|pressbild|pressefotos|pressmaterial|persbeeld|persfoto|dossierdepresse|servicedepresse|divulgazione|assessoriadeimprensa|promo|promotional|courtesy"
    r"|press|family|pr)(?:photo|image|picture)?s?",
    "Pool": r"pool(?:photo)?s?",
    "Stringer": r"str|stringer",
    "Contributor": r"contributors?\d*",
    "Composite": r"(?:photo)?composite(?:image)?s?",
    "Supplied": r"(?:owner|family|agent|artist|subject|reader)?(?:supplied|submitted|contributed|provided|collected)(?:photo|image)?s?|privat|privatfoto|privatbild|prive|privefoto|perso|personale|archivoparticular|archivopersonal|archivoprivado|archivioprivato|arquivopessoal|acervopessoal|collectionpersonnelle|archivespersonnelles|archiwumprywatne|cedidas?|suministrada|facilitada|cortesia",
    "Staff": r"staff(?:photo|photographer)?s?",
    "Screengrab": r"(?:video)?(?:screen)?(?:grab|shot|cap|capture)s?",
    "Photo illustration": r"photoillustrations?|photomontages?",
    "Illustration": r"(?:digital)?(?:illustrations?|drawings?|sketch(?:es)?|cartoons?)",
    "Artwork": r"(?:cover)?(?:artworks?|paintings?|renderings?|graphics?)",
    "AI-generated": r"ai(?:generated)?(?:image|photo|picture|illustration|art|artwork)?|(?:image|photo|picture)?generated(?:by|with|using)ai",
}
_STATUS_PATTERN = re.compile("|".join(f"({words})" for words in _STATUS.values()))
STATUS_ENDING = re.compile(
    r"(.+?) ((?:file|handout|pool)(?: photo)?|contributor|stringer|staff|screen ?(?:grab|shot|capture))s?", re.I
)
NOTE = re.compile(
    r"(?:from )?(?:far |top |bottom |upper |lower )?(?:left|right|cent(?:er|re)|top|bottom|above|below|middle)"
    r"|inset|main|[lrc]|clockwise(?: from)?(?: top| far)?(?: left)?|both|all|photos?|pictures?|images?|exclusive|used with permission|by permission"
    r"|(?:movie |film |video )?stills?|\d{1,2}|sources?|cr[ée]dits?|org xmit|xmit|mandatory|no credit needed",
    re.IGNORECASE,
)
UNREAD = re.compile(r"(?:movie |film |video )?stills? from .*", re.IGNORECASE)
COLON_LABEL = re.compile(
    rf"(?:photo |image |picture )?(?:credits?|{SOURCES})|(?:org )?xmit|(?:image |photo )?id", re.IGNORECASE
)
SUPPLIER_ID = re.compile(
    r"(?:id:? ?|no\.? ?|#)?(?=[A-Z0-9_]*\d[A-Z0-9_]*\d)(?:#?\d{5,}[A-Za-z_]*\d*|[A-Z0-9_]{8,})", re.IGNORECASE
)


def status_of(text: str) -> str | None:
    match = _STATUS_PATTERN.fullmatch(fold(text)) if len(text) < 40 else None
    return tuple(_STATUS)[(match.lastindex or 1) - 1] if match else None
