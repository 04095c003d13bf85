"""Signs that a machine made or changed a picture: what is certain, what a person must look at. Pure.

Sources: the NewsCodes of the IPTC for digital source types (cv.iptc.org/newscodes/digitalsourcetype) and their guidance
for generative AI, IPTC Photo Metadata 2025.1 for the fields about AI, C2PA 2 for Content Credentials, and what generators
write into the files they make.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

YES, CHECK, NO = "yes", "check", "no"

# Term of the IPTC -> (was generative AI at work?, what the term means).
SOURCE_TYPES: dict[str, tuple[str, str]] = {
    "trainedAlgorithmicMedia": (YES, "created using generative AI"),
    "compositeWithTrainedAlgorithmicMedia": (YES, "edited using generative AI"),
    "compositeSynthetic": (YES, "a composite with elements made by generative AI"),
    "algorithmicMedia": (CHECK, "made by an algorithm alone"),
    "algorithmicallyEnhanced": (CHECK, "changed by an algorithm"),
    "dataDrivenMedia": (CHECK, "made from data by a program"),
    "virtualRecording": (CHECK, "a recording of a virtual event"),
    "composite": (CHECK, "a composite of elements of any origin"),
    "digitalCapture": (NO, "captured from real life"),
    "computationalCapture": (NO, "captured from real life in several frames"),
    "negativeFilm": (NO, "digitized from a negative"),
    "positiveFilm": (NO, "digitized from a positive"),
    "print": (NO, "digitized from a print"),
    "humanEdits": (NO, "edited by a person without generative AI"),
    "minorHumanEdits": (NO, "edited a little by a person"),
    "compositeCapture": (NO, "a composite of captured elements"),
    "digitalCreation": (NO, "drawn by a person with digital tools"),
    "digitalArt": (NO, "drawn by a person with digital tools"),
    "screenCapture": (NO, "a capture of a screen"),
    "softwareImage": (NO, "made by software"),
}
_BY_NAME = {term.lower(): (term, *meaning) for term, meaning in SOURCE_TYPES.items()}
_IN_MANIFEST = re.compile(rb"digitalsourcetype/([A-Za-z]{4,60})")

# Names that are of generators and of nothing else.
_GENERATOR = (
    r"\b(?:mid\s?journey|dall[\s·\-]?e(?:\s?\d)?\b|stable[\s-]?diffusion|sdxl|adobe firefly|firefly (?:image|\d)|dreamstudio"
    r"|comfyui|automatic1111|invokeai|novelai|chatgpt|gpt-?(?:4o|5|image)[\w-]*|ideogram|leonardo\.?\s?ai"
    r"|bing image creator|image creator from (?:microsoft )?designer|copilot designer|nightcafe|craiyon|grok(?: imagine)?"
    r"|google imagen|imagen \d|gemini (?:image|\d[\w.]*)|nano banana|flux\.\d|recraft|krea ai|seedream"
    r"|playground ai|imagined with ai|magic media|runway ?ml|fooocus|dreamshaper|generative ai by getty images)"
)
_GENERATORS = re.compile(_GENERATOR, re.IGNORECASE)
_BY_GENERATOR = re.compile(
    rf"\b(?:avec|by|con|durch|from|mit|par|using|via|von|with)\s+(?:the\s+)?{_GENERATOR}", re.IGNORECASE
)
# Houses that make generators are also in the news; and what a computer drew need not be of an AI.
_PERHAPS = re.compile(
    r"\b(?:openai|stability ai|meta ai|xai|black forest labs|google deepmind|computer[\s-]generated|cgi|ai generator)\b",
    re.IGNORECASE,
)
_AI = (
    r"(?:AI|A\.I\.|KI|IA|artificial intelligence|künstlicher intelligenz|intelligence artificielle"
    r"|inteligencia artificial|intelligenza artificiale|inteligência artificial|ИИ|нейросет\w+)"
)
_MADE = (
    r"(?:generated|created|made|produced|rendered|edited|enhanced|imagined|generiert\w*|erzeugt\w*|erstellt\w*|bearbeitet\w*"
    r"|générée?s?|créée?s?|réalisée?s?|generad[oa]s?|cread[oa]s?|hech[oa]s?|generat[oaie]|creat[oaie]|gerad[oa]s?|criad[oa]s?|gegenereerd\w*|gemaakt|genere\w{2,5}|skap\w{2,3}|skabt|laget|(?:wy)?generowan\w+"
    r"|stworzon\w+|сгенерирован\w*|создан\w*)"
)
_MADE_BY_AI = re.compile(
    rf"\b{_AI}[\s-]?{_MADE}\w*|\b{_MADE}\s+(?:\w+\s+){{0,2}}?(?:(?:by|with|using|through|via|mit|von|durch|par|avec|con|por|da|door|med|av|af|przez|с помощью)\s+"
    rf"|l['’]\s?|pel[oa]\s+)(?:\w+['’]?\s*){{0,3}}?{_AI}\b|\b{_AI}[\s-](?:image|picture|illustration|art|artwork|photo|render|bild)s?\b"
    rf"|\b(?:generative|text-to-image)\s+(?:ai|fill|image|model)|\bgenerative {_AI}|\bsynthetic (?:image|media)|\bdeepfake"
    r"|(?:создан|сгенерирован)\w* (?:ИИ|нейросет\w+)|(?:AI|人工智能|人工知能)\s?(?:生成|创作|創作|作成|合成|생성)",
    re.IGNORECASE,
)
_AI_ALONE = re.compile(r"(?<![A-Za-z.])(?:AI|A\.I\.|KI)(?![A-Za-z])")
_NOT = re.compile(
    r"\b(?:not|no|non|never|without|isn['’]t|wasn['’]t|nicht|keine?\w*|ohne|pas|sans|sin|senza|sem|anti|free of)\b[\w\s,-]{0,25}$",
    re.IGNORECASE,
)
# What user interfaces of Stable Diffusion write into PNG text and EXIF comments.
_RECIPE = re.compile(
    r"\bSteps: \d+,.{0,200}?\b(?:Sampler|CFG scale|Seed|Model hash):|\"class_type\":\s?\"KSampler", re.DOTALL
)
_RECIPE_KEYS = {"sd-metadata", "invokeai_metadata", "invokeai_graph", "dream", "generation_data", "fooocus_scheme"}


@dataclass(frozen=True)
class Labels:
    """What is looked at: `credits` say who made the picture, `words` are about what it shows."""

    source_type: str = ""
    credits: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    system: str = ""
    prompt: str = ""
    texts: tuple[tuple[str, str], ...] = ()
    manifest: bytes = b""


@dataclass(frozen=True)
class Verdict:
    """`answer` is "yes", "check", "no" or, where the file is silent, ""; `signs` are sentences that say why."""

    answer: str = ""
    signs: tuple[str, ...] = ()


def judge(labels: Labels) -> Verdict:
    """Weigh all signs: one that is certain decides, unless the file says of itself that it was captured."""
    found = list(_signs(labels))
    answers = {answer for answer, _ in found}
    signs = tuple(dict.fromkeys(sentence for answer, sentence in found if answer != NO))
    if NO in answers and answers - {NO}:
        signs = (*signs, next(sentence for answer, sentence in found if answer == NO))
        return Verdict(CHECK, signs)
    return Verdict(next((answer for answer in (YES, CHECK, NO) if answer in answers), ""), signs)


def term_in(manifest: bytes) -> str:
    """Return the source type that Content Credentials name, the one with most AI in it where they name several."""
    terms = [
        _BY_NAME[name][0] for each in _IN_MANIFEST.findall(manifest) if (name := each.decode().lower()) in _BY_NAME
    ]
    return min(terms, key=lambda term: (YES, CHECK, NO).index(SOURCE_TYPES[term][0]), default="")


def _signs(labels: Labels) -> Iterator[tuple[str, str]]:
    if labels.source_type:
        yield _of_type(labels.source_type, "Its digital source type")
    if labels.manifest:
        yield from _of_manifest(labels.manifest)
    if labels.system:
        yield YES, f"It names the AI system used: “{_short(labels.system)}”."
    if labels.prompt:
        yield YES, f"It carries the prompt given to an AI: “{_short(labels.prompt)}”."
    yield from _of_software(labels)
    for text in labels.credits:
        yield from _of_words(text, "credit", certain=True)
    for text in labels.words:
        yield from _of_words(text, "caption", certain=False)


def _of_type(written: str, whose: str) -> tuple[str, str]:
    name = re.split(r"[/:#]", written.strip().rstrip("/"))[-1]
    known = _BY_NAME.get(name.lower())
    if known is None:
        return CHECK, f"{whose}, “{_short(written)}”, is not an IPTC term."
    term, answer, meaning = known
    return answer, f"{whose} is {term}: {meaning} (IPTC)."


def _of_manifest(manifest: bytes) -> Iterator[tuple[str, str]]:
    if term := term_in(manifest):
        answer, sentence = _of_type(term, "The source type in its Content Credentials (C2PA, signature not checked)")
        # A part that was captured says nothing of the others.
        if answer != NO:
            yield answer, sentence


def _of_software(labels: Labels) -> Iterator[tuple[str, str]]:
    for name in labels.software:
        if _GENERATORS.search(name):
            yield YES, f"It was made with “{_short(name)}”, an image generator."
    for key, text in labels.texts:
        if key.lower() in _RECIPE_KEYS or _RECIPE.search(text):
            yield YES, f"It carries a generator’s settings in “{_short(key)}”."


def _of_words(text: str, where: str, *, certain: bool) -> Iterator[tuple[str, str]]:
    answer = YES if certain else CHECK
    for pattern in (_MADE_BY_AI, _GENERATORS if certain else _BY_GENERATOR):
        for match in pattern.finditer(text):
            if not _NOT.search(text[: match.start()]):
                yield answer, f"Its {where} says “{_short(match[0])}”."
                return
    for match in [*_AI_ALONE.finditer(text), *_PERHAPS.finditer(text)] if certain else ():
        if not _NOT.search(text[: match.start()]):
            yield CHECK, f"Its credit names “{match[0]}”: “{_short(text)}”."


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def texts_of(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)
