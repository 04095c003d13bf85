"""The words of live stories, to find what a misspelled one was to be.

None is ever named to a reader unless an article that was found, and is live, has it as it is spelled (`as_found`).
"""

from collections.abc import Iterable

from media.words.dictionary import Dictionary, exchanged
from media.words.search_terms import Query, words
from media.words.spelling import meant as meant_by

from ..text.searchable import prose
from .search_entry import SearchVariant, SearchWord

# Frequent words are in the newest stories: to look for those everywhere would take their whole list.
KNOWN = Dictionary(SearchWord, SearchVariant, {
    "postgresql": """NOT EXISTS (
        SELECT 1 FROM (SELECT vector FROM articles_searchentry ORDER BY key DESC LIMIT 200) newest
        WHERE newest.vector @@ plainto_tsquery('marquee', known.word)
    ) AND NOT EXISTS (
        SELECT 1 FROM articles_searchentry entry WHERE entry.vector @@ plainto_tsquery('marquee', known.word))""",
    "sqlite": """NOT EXISTS (SELECT 1 FROM articles_search WHERE articles_search MATCH '"' || known.word || '"')""",
})  # fmt: skip


def as_found(query: Query, meant: Query, documents: Iterable[dict]) -> Query | None:
    """Return what was meant with each corrected word as these documents spell it; None if none of them does."""
    there: set[str] | None = None
    instead = {}
    for word, other in _changed(query, meant):
        there = set().union(*map(_words_of, documents)) if there is None else there
        near = [other] if other in there else meant_by(word, sorted(there))
        if not near:
            return None
        instead[other] = near[0]
    return exchanged(meant, instead)


def _changed(query: Query, meant: Query) -> list[tuple[str, str]]:
    pairs = zip(query.wanted, meant.wanted, strict=True)
    return [
        (word, other) for one, two in pairs for word, other in zip(one.words, two.words, strict=True) if word != other
    ]


def _words_of(document: dict) -> set[str]:
    """Return the folded words a reader of a delivered document sees."""
    named = [each.get("name") or each.get("title") for each in (*document["people"], *document["works"])]
    texts = [document["headline"], *document["headlines"].values(), document["standfirst"], *named]
    return {word for text in (*texts, prose(document["body"])) for word in words(text)}
