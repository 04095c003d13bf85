"""Full-text search over working copies, for the newsroom: drafts and live stories, as they were last saved.

One entry a story, written when it is saved, from the same folded words and with the same queries as readers' search
(articles.live.search). The words lie in the database's own index: a `vector` column on PostgreSQL, an FTS5 table with
`key` as its rowid on SQLite. A story that is saved gets a new key, so that the highest were saved last.
"""

# Statements are built from constants of this file; what colleagues type is always a parameter.
# ruff: noqa: S608, S611

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from media.signals import facts_changed
from media.words.match import fts5, tsquery
from media.words.search_terms import LONGEST_TEXT, Query, parse, snippet, words

from ..live import search, spelling
from ..text.searchable import text_of
from .links import ArticleAuthor, ArticlePerson, ArticleWork

if TYPE_CHECKING:
    from .article import Article

MOST_FOUND = 3000
"""Of so many stories with the words, those saved last, a list is made; further words or filters find older ones."""
MOST_RANKED, MOST_COMPARED = 500, 100
READ_AT_ONCE, NOTED_AT_ONCE = 200, 1000
SHOWN = 90
"""How many characters of a story the list shows around what was found."""
HEADLINES = ("headline", "headline_short", "headline_search", "headline_social")
NAMES = (
    (ArticleAuthor, "author__name"),
    (ArticlePerson, "person__name"),
    (ArticlePerson, "person__aliases__name"),
    (ArticleWork, "work__title"),
    (ArticleWork, "work__aliases__name"),
)
LINKS: dict[str, type[models.Model]] = {"author": ArticleAuthor, "person": ArticlePerson, "work": ArticleWork}


class StoryEntryQuerySet(models.QuerySet):
    def unread(self) -> Self:
        """Return the entries whose stories are to be read again, by the worker."""
        return self.filter(revision__isnull=True)

    def naming(self, kind: str, keys: Iterable[int]) -> Self:
        """Return the entries of the stories that are linked to these authors, people or works."""
        linked = LINKS[kind]._default_manager.filter(**{f"{kind}__in": keys})
        return self.filter(article__in=linked.order_by().values("article"))

    def forget(self) -> None:
        """Take every word of these entries out of the index at once; the worker reads their stories anew."""
        stories = list(self.values_list("article", flat=True))
        self.model.objects.filter(article__in=stories).delete()
        self.model.objects.bulk_create([self.model(article_id=key) for key in stories], batch_size=1000)
        forget()


class StoryEntry(models.Model):
    """What the newsroom's search knows of one working copy; its words lie in the database's own index."""

    key = models.BigAutoField(primary_key=True)
    article = models.OneToOneField("Article", on_delete=models.CASCADE, related_name="entry")
    revision = models.PositiveIntegerField(
        null=True, help_text="The revision of the working copy that was read. Empty if it has to be read again."
    )

    objects = StoryEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "story entries"
        indexes = [models.Index(fields=["key"], name="story_entry_unread", condition=models.Q(revision__isnull=True))]

    def __str__(self) -> str:
        return str(self.article_id)


# Reading stories


def read(stories: Iterable["Article"], *, saved: bool = True) -> None:
    """Index these working copies as they are. Unless they were `saved` just now, they keep their places among the others."""
    stories = list(stories)
    if not stories:
        return
    names = names_of(story.pk for story in stories)
    rows = [(story.pk, story.revision, *_texts(story, names[story.pk])) for story in stories]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                SAVE_VECTORS if saved else KEEP_VECTORS, [list(column) for column in zip(*rows, strict=True)]
            )
    else:
        _write_words(rows, saved)


def names_of(stories: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return the names of the authors, people and works of these stories, with those they are also known by; one statement."""
    keys = list(stories)
    one, *others = (
        model._default_manager.filter(article__in=keys, **{f"{name}__isnull": False})
        .order_by()
        .values_list("article", name)
        for model, name in NAMES
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for key, name in sorted(one.union(*others)):
        found[key].append(name)
    return found


def _texts(story: "Article", names: Sequence[str]) -> list[str]:
    """Return the folded words of the headlines and address, of the names, of the standfirst and of all else."""
    headlines = [getattr(story, name) for name in HEADLINES]
    parts = (
        [*headlines, story.slug],
        [story.byline, *names],
        [story.label, story.standfirst],
        [text_of(story.body), story.lead_caption or "", story.review_verdict],
    )
    return [" ".join(words(" · ".join(part))) for part in parts]


def _write_words(rows: Sequence[tuple], saved: bool) -> None:
    stories = [row[0].hex for row in rows]
    with connection.cursor() as cursor:
        known = {} if saved else _keys(cursor, stories)
        cursor.execute(f"DELETE FROM articles_storyentry WHERE article_id IN ({_marks(stories)})", stories)
        entries = [(known.get(key), key, row[1]) for key, row in zip(stories, rows, strict=True)]
        cursor.executemany("INSERT INTO articles_storyentry (key, article_id, revision) VALUES (%s, %s, %s)", entries)
        known = _keys(cursor, stories)
        texts = [(known[key], *row[2:]) for key, row in zip(stories, rows, strict=True)]
        cursor.executemany(SAVE_WORDS, texts)


def _keys(cursor: Any, stories: Collection[str]) -> dict[str, int]:
    cursor.execute(f"SELECT article_id, key FROM articles_storyentry WHERE article_id IN ({_marks(stories)})", stories)
    return dict(cursor.fetchall())


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def forget() -> None:
    """Remove the words of deleted entries for good. SQLite keeps them until it merges its segments."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_storywords (articles_storywords) VALUES ('optimize')")


def read_some(stories: models.QuerySet, most: int = READ_AT_ONCE) -> int:
    """Read the next stories whose entries are to be read again. Return how many."""
    with transaction.atomic():
        keys = StoryEntry.objects.unread().order_by("-key").values_list("article", flat=True)[:most]
        # In one order, and none that is being saved at this moment: its save reads it.
        waiting = stories.filter(pk__in=list(keys)).order_by("pk").select_for_update(skip_locked=True, no_key=True)
        found = list(waiting)
        read(found, saved=False)
    return len(found)


def catch_up(stories: models.QuerySet) -> None:
    """Have those stories read again that a release before this one, or a script, saved without telling the index."""
    changed = StoryEntry.objects.exclude(revision=models.F("article__revision")).filter(revision__isnull=False)
    changed.update(revision=None)
    missing = stories.filter(entry__isnull=True, discarded_at__isnull=True).order_by("saved_at")
    while keys := list(missing.values_list("pk", flat=True)[:NOTED_AT_ONCE]):
        StoryEntry.objects.bulk_create([StoryEntry(article_id=key) for key in keys], ignore_conflicts=True)


def connect() -> None:
    facts_changed.connect(_names_changed, dispatch_uid="articles.stories.finding")


def _names_changed(sender: object, *, kind: str = "photo", keys: Iterable[int] = (), **facts: Any) -> None:
    """Receive the signal that facts changed: stories that name a person by an old name are read again."""
    if kind in LINKS:
        StoryEntry.objects.naming(kind, keys).update(revision=None)


# Searching


def asked(text: str) -> Query:
    """Return the query somebody typed; of a pasted web address it is the story's own part."""
    return parse(_address(text).replace("-", " ") if "://" in text else text, shortest=2)


def _address(text: str) -> str:
    return text.strip().rstrip("/").rpartition("/")[2][:200]


def narrow(stories: models.QuerySet, text: str, query: Query, *, in_headlines: bool = False) -> models.QuerySet:
    """Return those of these stories that hold the words, or have the text as their address; the order is untouched."""
    if connection.vendor == "postgresql":
        wanted = tsquery(query, "A" if in_headlines else "") if query else ""
        return stories.filter(pk__in=RawSQL(FOUND_BY_VECTOR, [wanted, _address(text)]))
    wanted = fts5(query, "headline" if in_headlines else "") if query else '""'
    return stories.filter(pk__in=RawSQL(FOUND_BY_WORDS, [wanted, _address(text)]))


def best(stories: models.QuerySet, text: str, limit: int) -> list[Any]:
    """Return the stories among these that match best, the headline before the text; two statements."""
    query = asked(text)
    if not query:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(BEST_BY_VECTOR, [tsquery(query)] * 2)
        else:
            cursor.execute(BEST_BY_WORDS, [fts5(query)])
        places = {UUID(str(key)): place for place, (key,) in enumerate(cursor.fetchall())}
    return sorted(stories.filter(pk__in=places), key=lambda story: places[story.pk])[:limit]


def snippets(stories: Iterable["Article"], query: Query) -> dict[UUID, str]:
    """Return by story where it has the words, as HTML with `<mark>`; "" where nothing but its headline has. One statement."""
    stories = list(stories)
    names = names_of(story.pk for story in stories)
    found = {}
    for story in stories:
        parts = [story.standfirst, text_of(story.body), story.lead_caption, story.byline, *names[story.pk]]
        shown = snippet(" · ".join(filter(None, parts))[:LONGEST_TEXT], query, SHOWN)
        found[story.pk] = shown if "<mark>" in shown else ""
    return found


def meant(stories: models.QuerySet, query: Query) -> Query | None:
    """Return what may have been meant by words that found none of these stories, if that finds one."""
    for other in spelling.KNOWN.corrected(query):
        if narrow(stories, "", other).exists():
            return other
    return None


SAVE_WORDS = "INSERT INTO articles_storywords (rowid, headline, names, standfirst, body) VALUES (%s, %s, %s, %s, %s)"
KEEP_VECTORS = f"""
INSERT INTO articles_storyentry (article_id, revision, vector)
SELECT article, revision, {search.VECTOR}
FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS entry (article, revision, headline, names, standfirst, body)
ON CONFLICT (article_id) DO UPDATE SET revision = EXCLUDED.revision, vector = EXCLUDED.vector"""
SAVE_VECTORS = f"{KEEP_VECTORS}, key = EXCLUDED.key"
FOUND_BY_VECTOR = f"""SELECT article_id FROM articles_stories_found(%s, {MOST_FOUND})
UNION SELECT id FROM articles_article WHERE slug = %s"""
FOUND_BY_WORDS = f"""SELECT article_id FROM articles_storyentry WHERE key IN (
    SELECT rowid FROM articles_storywords WHERE articles_storywords MATCH %s ORDER BY rowid DESC LIMIT {MOST_FOUND}
) UNION SELECT id FROM articles_article WHERE slug = %s"""
BEST_BY_VECTOR = f"""
SELECT entry.article_id FROM articles_storyentry entry, to_tsquery('marquee', %s) query
WHERE entry.key IN (SELECT key FROM articles_stories_found(%s, {MOST_RANKED}))
ORDER BY ts_rank('{{0.1, 0.3, 0.6, 1.0}}', entry.vector, query) DESC, entry.key DESC LIMIT {MOST_COMPARED}"""
BEST_BY_WORDS = f"""
SELECT entry.article_id FROM (
    SELECT rowid AS key, bm25(articles_storywords, 10.0, 6.0, 3.0, 1.0) AS score FROM articles_storywords
    WHERE articles_storywords MATCH %s ORDER BY rowid DESC LIMIT {MOST_RANKED}) found
JOIN articles_storyentry entry ON entry.key = found.key ORDER BY found.score, found.key DESC LIMIT {MOST_COMPARED}"""
