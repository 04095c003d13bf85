"""The rows readers are served from: documents, their bytes, and what they depend on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import connections, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Least, Lower

from media.models import Photo
from media.rights.decision import PAGE_CHANNELS

from ..history.timeline import FOREVER
from ..text import slugs


def live_at(at: datetime, of: str = "", until: datetime | None = None) -> Q:
    """Return the condition for what readers can see at this instant; `of` is the lookup prefix of the documents.

    `until` is the latest first publication wanted, if before `at`: an index can use only one bound.
    """
    bounds = {"status": 200, "live_from__lte": at, "live_until__gt": at, "published_at__lte": until or at}
    return Q(**{f"{of}{name}": value for name, value in bounds.items()})


LAST_CHANGE, TITLE = Coalesce("updated_at", "published_at"), Lower("headline")
"""What lists are ordered by beside the first publication; each is an index of its own."""


class DependingQuerySet(models.QuerySet):
    """Finds the documents that depend on a fact. Also works for rows that share a document's key."""

    def showing(self, kind: str, keys: Iterable[int]) -> Self:
        """Return the documents that show or depend on these rows."""
        facets = Facet.objects.filter(kind__in=Facet.kinds_of(kind), key__in=list(keys))
        return self.filter(pk__in=facets.values("document"))

    def showing_photos(self, photos: models.QuerySet[Photo]) -> Self:
        return self.filter(pk__in=DocumentPhoto.objects.filter(photo__in=photos.values("pk")).values("document"))

    def linking_to(self, article: UUID) -> Self:
        """Return the documents that link to the story with this id, or tell the same in another language."""
        linking = DocumentLink.objects.filter(article=article).values("document")
        return self.filter(pk__in=linking.union(*siblings_of(LiveDocument.objects.filter(article=article), article)))


def siblings_of(rows: models.QuerySet["LiveDocument"], *articles: UUID) -> list[models.QuerySet]:
    """Return the keys of the documents in the groups of translations that these rows belong or belonged to.

    `articles` are the stories of the rows, if they are known: each may be the original of others. Separate querysets,
    because each reads an index of its own.
    """
    originals = rows.filter(translation_of__isnull=False).order_by().values("translation_of")
    told = articles or rows.order_by().values("article")
    found = LiveDocument.objects.order_by()
    return [
        found.filter(translation_of__in=told).values("pk"),
        found.filter(translation_of__in=originals).values("pk"),
        found.filter(article__in=originals).values("pk"),
    ]


class LiveDocumentQuerySet(DependingQuerySet):
    def live(self, at: datetime) -> Self:
        """Return what readers can see at this instant. Everything that reads documents asks this."""
        return self.filter(live_at(at))

    def answering(self, at: datetime) -> Self:
        """Return one row per address at this instant, tombstones (410, 301) included."""
        return self.filter(live_from__lte=at, live_until__gt=at)

    # Each of the next three says the condition of its index as well: SQLite uses a partial index only when told.

    def stale(self, at: datetime) -> Self:
        due = {"best_before__refresh_at__lte": at, "best_before__refresh_at__lt": FOREVER}
        return self.filter(**due, live_until__gt=at, status=200)

    def unannounced(self, at: datetime) -> Self:
        """Return what has begun and is not announced yet to the ledger, webhooks and caches."""
        return self.filter(live_from__lte=at).exclude(announces="")

    def past(self, at: datetime) -> Self:
        return self.filter(live_until__lte=at, live_until__lt=FOREVER)

    def with_origin(self) -> Self:
        """Load the site and edition that an announcement names, and how long the document is valid."""
        return self.select_related("site", "edition", "best_before")

    def knowing_its_release(self) -> Self:
        """Tell (`is_of_before`) whether the release before rendered it, which noted what other channels were to drop."""
        noted = LiveDocumentBody.objects.filter(document=OuterRef("pk")).exclude(drops={})
        return self.annotate(is_of_before=Exists(noted))

    def of_sites(self, sites: Iterable[int]) -> Self:
        """Return the documents of these sites, and those that name them as translations."""
        own = LiveDocument.objects.filter(site__in=sites)
        return self.filter(pk__in=own.order_by().values("pk").union(*siblings_of(own)))

    def mark_stale(self, at: datetime) -> int:
        return BestBefore.objects.filter(pk__in=self.order_by().values("pk")).mark_stale(at)


class LiveDocument(models.Model):
    """What readers get: one row per article and window, present and coming. Can be rebuilt at any time."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="live_documents")
    edition = models.ForeignKey("Edition", null=True, on_delete=models.CASCADE, related_name="+")
    # Indexed for sitemaps alone, with what they are in order of; all else wants every story of a site or none.
    site = models.ForeignKey("media.Site", on_delete=models.PROTECT, related_name="+", db_index=False)
    slug = models.CharField(max_length=slugs.LENGTH)
    status = models.PositiveSmallIntegerField(
        default=200, help_text="200, or 410 and 301 for what is gone or has moved."
    )
    location = models.CharField(
        max_length=500, blank=True, help_text="Where a 301 leads: a slug of ours, or an address elsewhere."
    )
    locale = models.CharField(max_length=20, blank=True)
    path = models.CharField(max_length=500, blank=True)
    headline = models.CharField(max_length=300, blank=True)
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(default=FOREVER)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(help_text="When its bytes last changed, for incremental sync.")
    noindex = models.BooleanField(default=False)
    translation_of = models.UUIDField(
        null=True, blank=True, help_text="The id of the story that it tells in another language."
    )
    announces = models.CharField(
        max_length=40, blank=True, help_text="The event that its beginning is; empty once it was told."
    )
    failed = models.TextField(blank=True, help_text="Why the last rendering failed.")

    objects = LiveDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-article_id"]
        indexes = [
            models.Index(F("published_at").desc(), F("article_id").desc(), name="live_list", condition=Q(status=200)),
            models.Index(fields=["slug", "live_from"], name="live_slug"),
            models.Index(fields=["path"], name="live_path"),
            models.Index(fields=["live_from"], name="live_coming"),
            models.Index(fields=["live_until"], name="live_past", condition=Q(live_until__lt=FOREVER)),
            models.Index(fields=["live_from", "id"], name="live_unannounced", condition=~Q(announces="")),
            models.Index(fields=["changed_at", "id"], name="live_changed"),
            models.Index(
                fields=["translation_of"], name="live_translations", condition=Q(translation_of__isnull=False)
            ),
            models.Index(fields=["updated_at"], name="live_updated", condition=Q(status=200, updated_at__isnull=False)),
            models.Index(
                "locale", F("published_at").desc(), F("article_id").desc(), name="live_locale", condition=Q(status=200)
            ),
            models.Index(fields=["site", "published_at", "article"], name="live_of_title", condition=Q(status=200)),
            models.Index(LAST_CHANGE.desc(), F("article_id").desc(), name="live_last_change", condition=Q(status=200)),
            models.Index(TITLE, F("article_id"), name="live_title", condition=Q(status=200)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(live_until__gt=F("live_from")), name="live_window_not_empty"),
            models.CheckConstraint(condition=Q(status__in=[200, 301, 410]), name="live_status_known"),
            models.CheckConstraint(condition=~Q(status=200) | Q(edition__isnull=False), name="live_has_an_edition"),
            models.CheckConstraint(
                condition=~Q(status=200) | Q(published_at__lte=F("live_from")), name="live_published_when_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.status})"

    @property
    def url(self) -> str:
        return self.site.url(self.path)

    @property
    def refresh_at(self) -> datetime:
        return self.best_before.refresh_at

    @property
    def number(self) -> int | None:
        return self.edition.number if self.edition else None


class BestBeforeQuerySet(DependingQuerySet):
    @transaction.atomic(savepoint=False)
    def mark_stale(self, at: datetime) -> int:
        """Mark present and coming documents stale, so that from `at` on readers get a new rendering. Return how many.

        The rows are locked in the order of their keys, so that two corrections never deadlock.
        A document that is stale already keeps its earlier instant.
        """
        rows = self.exclude(pk__in=LiveDocument.objects.past(at).order_by().values("pk"))
        if connections[self.db].vendor == "postgresql":
            rows = BestBefore.objects.filter(pk__in=rows.order_by("pk").select_for_update(no_key=True).values("pk"))
        return rows.update(refresh_at=Least("refresh_at", at), facts=F("facts") + 1)


class BestBefore(models.Model):
    """How long a live document is valid without a new rendering; tombstones have none.

    A table of its own, because a correction marks as many as 50,000: rows this narrow take about half the time that the
    documents with their nine indexes did (docs/decisions/0014).
    """

    document = models.OneToOneField(
        LiveDocument, primary_key=True, on_delete=models.CASCADE, related_name="best_before"
    )
    refresh_at = models.DateTimeField(
        default=FOREVER, help_text="The first instant at which anything in the document changes."
    )
    facts = models.PositiveIntegerField(
        default=0, help_text="Counts how often its facts changed; a rendering of older facts is thrown away."
    )

    objects = BestBeforeQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "best-before instants"
        indexes = [models.Index("refresh_at", name="best_before_due", condition=Q(refresh_at__lt=FOREVER))]

    def __str__(self) -> str:
        return f"{self.document_id} until {self.refresh_at}"


class LiveDocumentBody(models.Model):
    """The bytes of a live document. A table of its own, so that marking rows stale never rewrites them."""

    document = models.OneToOneField(LiveDocument, primary_key=True, on_delete=models.CASCADE, related_name="bytes")
    card = models.TextField()
    document_json = models.TextField()
    bare_card = models.TextField(
        blank=True, help_text="The card without photos, for a list that meets too many stale ones."
    )
    drops = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()),
        help_text="Written by the release before only: what has any is rendered anew for a channel. Goes with the next.",
    )  # fmt: skip
    shown = models.JSONField(default=list, help_text="Photos, credits and captions as shown, for the usage ledger.")

    class Meta:
        verbose_name_plural = "live document bodies"

    def __str__(self) -> str:
        return str(self.document_id)


class ChannelBytes(models.Model):
    """The bytes of a live document in a channel whose rights show other photos than the web's; most documents have none."""

    document = models.ForeignKey(LiveDocument, on_delete=models.CASCADE, related_name="channel_bytes", db_index=False)
    channel = models.CharField(max_length=20, choices=[(word, word) for word in PAGE_CHANNELS])
    card = models.TextField()
    document_json = models.TextField()
    etag = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "documents by channel"
        constraints = [models.UniqueConstraint(fields=["document", "channel"], name="channel_bytes_once")]

    def __str__(self) -> str:
        return f"{self.document_id} in {self.channel}"


class Facet(models.Model):
    """Indexes live documents by what they show, so that a filtered list reads one range of the index."""

    class Kind(models.IntegerChoices):
        SECTION = 1
        PERSON = 2
        WORK = 3
        TAG = 4
        AUTHOR = 5
        KIND = 6
        LEAD = 7
        # What a document depends on without being listed under it.
        SHOWN_PERSON = 12
        SOURCE = 17

    LEADS = {"any": 1, "none": 2}
    """The key by whether a card shows a photo on web pages."""

    KINDS = {"section": (1,), "person": (2, 12), "work": (3,), "tag": (4,), "author": (5,), "source": (17,)}

    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    key = models.BigIntegerField()
    published_at = models.DateTimeField()
    article = models.UUIDField()
    document = models.ForeignKey(LiveDocument, on_delete=models.CASCADE, related_name="facets", db_index=False)

    class Meta:
        indexes = [
            models.Index("kind", "key", F("published_at").desc(), F("article").desc(), "document", name="facet_head"),
        ]
        constraints = [models.UniqueConstraint(fields=["document", "kind", "key"], name="facet_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

    @classmethod
    def kinds_of(cls, name: str) -> tuple[int, ...]:
        return cls.KINDS[name]


class DocumentPhoto(models.Model):
    """A photo that a live document shows, or would show if another one were not usable."""

    document = models.ForeignKey(LiveDocument, on_delete=models.CASCADE, related_name="photos", db_index=False)
    photo = models.ForeignKey("media.Photo", on_delete=models.CASCADE, related_name="shown_in", db_index=False)
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("photo", F("published_at").desc(), "document", name="document_photo_head")]
        constraints = [models.UniqueConstraint(fields=["document", "photo"], name="document_photo_once")]

    def __str__(self) -> str:
        return str(self.photo_id)


class DocumentLink(models.Model):
    """A story that a live document links to. The document changes with that story's address, and when it goes live or ends."""

    document = models.ForeignKey(LiveDocument, on_delete=models.CASCADE, related_name="links", db_index=False)
    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "article"], name="document_link_once")]

    def __str__(self) -> str:
        return str(self.article_id)
