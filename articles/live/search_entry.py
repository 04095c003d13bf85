"""The rows behind search: an entry for each live document, and the names of people and works."""

from django.db import models

from media.words.dictionary import KnownVariant, KnownWord

from .document import Facet, LiveDocument


class SearchEntry(models.Model):
    """One indexed live document. `key` sorts entries by publication; the text itself lies in the database's own index.

    PostgreSQL keeps a `vector` column beside these (migration “search”), SQLite an FTS5 table with `key` as its rowid.
    """

    key = models.BigIntegerField(primary_key=True)
    document = models.OneToOneField(LiveDocument, on_delete=models.CASCADE, related_name="search_entry")

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return str(self.document_id)

    @staticmethod
    def key_of(document: LiveDocument) -> int:
        """Return the second of publication followed by the document's id, so that newer is always larger.

        64 bits hold the years 882 to 3058; anything beyond counts as the first or last second.
        """
        second = max(-(2**35), min(int(document.published_at.timestamp()), 2**35 - 1))
        return (second << 28) | (document.pk & (2**28 - 1))


class SearchName(models.Model):
    """A name or alias of a person or work, folded: once whole and once from each later word on, such as “armas”."""

    kind = models.PositiveSmallIntegerField(choices=[(Facet.Kind.PERSON, "person"), (Facet.Kind.WORK, "work")])
    key = models.BigIntegerField()
    folded = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "folded"], name="search_name_once")]

    def __str__(self) -> str:
        return self.folded


class SearchWord(KnownWord):
    """A word of stories (articles.live.spelling)."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word"], name="search_word_once")]


class SearchVariant(KnownVariant):
    """What a word of stories is looked up by."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "word"], name="search_variant_once")]
