"""A query in the language of each database's own text index. Pure."""

from .search_terms import Query, Term


def tsquery(query: Query, weight: str = "") -> str:
    """Return the query as PostgreSQL takes it, of words of any weight or of this one, such as "A"."""
    terms = [_lexemes(term, weight) for term in query.wanted]
    return " & ".join([*terms, *(f"!({_lexemes(term, weight)})" for term in query.unwanted)])


def _lexemes(term: Term, weight: str) -> str:
    marked = f":{weight}" if weight else ""
    *before, last = (f"'{word}'" for word in term.words)
    return " <-> ".join(
        [*(f"{word}{marked}" for word in before), f"{last}:*{weight}" if term.prefix else f"{last}{marked}"]
    )


def fts5(query: Query, column: str = "") -> str:
    """Return the query as SQLite takes it, of all columns or of this one."""
    wanted = " AND ".join(_phrase(term) for term in query.wanted)
    asked = f"({wanted})" + "".join(f" NOT {_phrase(term)}" for term in query.unwanted)
    return f"{column} : ({asked})" if column else asked


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")
