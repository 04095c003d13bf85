"""The working copy of a story."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from media.ids import new_id
from media.models import Site
from media.one_line import LineField, LineTextField
from media.permissions import Actor

from ..directory.address import Address, free_slug, make_slug, save_at_free_slug, validate_slug
from ..history.audit import AuditEntry
from ..history.edition import Edition
from ..history.kinds import Kind
from ..history.photo_use import PhotoUse
from ..history.version import SaveKey, Version, content_hash, links_of
from ..live import store
from ..text import limits, slugs
from ..text.body import Block, article_links, assign_ids, photo_ids, split
from . import finding
from .body_field import BodyField
from .content import apply, snapshot
from .edition_steps import reading_first
from .fields import SEALED, is_sealed
from .filing import Filing
from .publishing import Publishing
from .revising import Revising
from .sealing import Sealing
from .template import Copying
from .workflow import Workflow

MOST_LOST = 100
"""How many saves of one page in a row may go without an answer."""
SEALED_ONES = models.Q(headline=SEALED, discarded_at__isnull=False)


class ArticleQuerySet(models.QuerySet):
    def visible_to(self, user: Actor) -> Self:
        """Return the stories this user can see in the admin. A restricted one is visible only to its owner and those named on it."""
        return self.filter(seen_by(user))

    def siblings_of(self, story: "Article") -> Self:
        """Return the other stories that tell the same in other languages, by language."""
        original = story.translation_of_id or story.pk
        group = self.filter(models.Q(pk=original) | models.Q(translation_of=original)).exclude(pk=story.pk)
        return group.select_related("site").order_by("locale", "pk")

    def sealed(self) -> Self:
        return self.filter(SEALED_ONES)

    def hold(self, articles: Iterable["Article"]) -> set[UUID]:
        """Lock these stories and all they link to, in the order of their keys, until the transaction ends.

        Return those among them that were sealed.
        """
        articles = list(articles)
        contents = Edition.objects.standing().filter(article__in=articles).values_list("version__content", flat=True)
        keys = {article.pk for article in articles}
        keys |= {key for content in contents for key in links_of(content)}
        keys |= {key for article in articles for key in article_links(article.body)}
        keys |= {article.translation_of_id for article in articles if article.translation_of_id}
        related = Article.related.through.objects.filter(from_article__in=articles)
        keys |= set(related.values_list("to_article", flat=True))
        held = self.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        return {key for key, *state in held.values_list("pk", "headline", "discarded_at") if is_sealed(*state)}

    @transaction.atomic
    def rebuild(self, articles: list["Article"], now: datetime) -> int:
        """Rebuild all live documents of these stories from their editions. Return how many there are."""
        self.hold(articles)
        return store.rebuild(articles, now)


def seen_by(user: Actor, through: str = "") -> models.Q:
    """Return the condition for stories this user can see in the admin; `through` leads from other rows to their story."""
    listed = Article.restricted_to.through.objects.filter(article=models.OuterRef(f"{through}pk"))
    is_named = ~models.Exists(listed) | models.Exists(listed.filter(user=user.pk))
    return models.Q(**{f"{through}discarded_at__isnull": True}) & (is_named | models.Q(**{f"{through}owner": user.pk}))


def slug_of(headline: str) -> str:
    """Return what a headline makes of an address, with room for a number."""
    return make_slug(headline)[: slugs.LENGTH - 4].strip("-")


class Article(Publishing, Revising, Sealing, Copying, Filing, Workflow, models.Model):
    """The working copy of a story. What readers get is decided by its editions."""

    Kind = Kind

    class Stage(models.TextChoices):
        DRAFT = "draft", "draft"
        IN_REVIEW = "in_review", "in review"
        READY = "ready", "ready"

    class Layout(models.TextChoices):
        WIDE = "wide", "wide"
        INSET = "inset", "inset"
        FULL = "full", "full width"
        PORTRAIT = "portrait", "portrait"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey("media.Site", on_delete=models.PROTECT, related_name="articles")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.NEWS)
    label = LineField(max_length=60, blank=True, help_text="A word above the headline, such as “Exclusive”.")
    headline = LineField(max_length=300, help_text="What happened, in one line readers will want to open.")
    headline_short = LineField(
        "short headline", max_length=120, blank=True, help_text="For cards and menus. Leave empty to use the headline."
    )
    headline_search = LineField(
        "search headline", max_length=120, blank=True, help_text="For search engines; about 60 characters show."
    )
    headline_social = LineField(
        "social headline", max_length=200, blank=True, help_text="For shared links; about 90 characters show."
    )
    standfirst = LineTextField(blank=True, max_length=1000, help_text="One or two sentences under the headline.")
    slug = models.CharField(
        "address",
        max_length=slugs.LENGTH,
        blank=True,
        validators=[validate_slug],
        help_text="The last part of the story’s address. Leave empty to make it from the headline. Once live, it changes only with “Move”.",
    )
    section = models.ForeignKey("Section", null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    body = BodyField(blank=True)

    lead_photo = models.ForeignKey("media.Photo", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lead_caption = models.TextField(  # noqa: DJ001  Missing is inherited, empty is deliberate.
        null=True, blank=True, help_text="For this use only. Missing means the photo’s own caption."
    )
    lead_alt = models.TextField(  # noqa: DJ001
        "lead alt text", null=True, blank=True, help_text="For this use only. Missing means the photo’s own alt text."
    )
    lead_decorative = models.BooleanField(default=False, help_text="Screen readers skip the lead photo.")
    lead_layout = models.CharField(max_length=10, choices=Layout.choices, default=Layout.WIDE)
    social_photo = models.ForeignKey(
        "media.Photo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="For shared links. Leave empty to use the lead photo.",
    )
    stand_in_photo = models.ForeignKey(
        "media.Photo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown in place of a photo that may no longer be used. Leave empty to use the site’s for the lead photo; other photos are left out.",
    )

    authors = models.ManyToManyField("Author", through="ArticleAuthor", related_name="articles", blank=True)
    byline = LineField(max_length=300, blank=True, help_text="Replaces the “By …” made from the authors.")
    source = models.ForeignKey("Source", null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    people = models.ManyToManyField("Person", through="ArticlePerson", related_name="articles", blank=True)
    works = models.ManyToManyField("Work", through="ArticleWork", related_name="articles", blank=True)
    tags = models.ManyToManyField("Tag", related_name="articles", blank=True)
    related = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="related_from", verbose_name="related stories"
    )

    translation_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
        db_index=False,
        verbose_name="translation of",
        help_text="The original of this story in another language. Readers can switch between the two.",
    )

    review_work = models.ForeignKey("Work", null=True, blank=True, on_delete=models.PROTECT, related_name="reviews")
    review_rating = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    review_scale = models.PositiveSmallIntegerField(default=5, help_text="The highest rating possible.")
    review_verdict = LineField(max_length=300, blank=True)

    seo_title = LineField("search title", max_length=120, blank=True)
    seo_description = LineField("search description", max_length=320, blank=True)
    canonical_url = models.URLField(
        "canonical address", blank=True, help_text="Where the story first appeared, if elsewhere."
    )
    noindex = models.BooleanField("keep out of search engines", default=False)
    breaking = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False, help_text="Sites and apps may show a warning first.")
    sponsored = LineField(
        "sponsored label",
        max_length=100,
        blank=True,
        help_text="Such as “Paid partnership with StreamCo”. Leave empty if not sponsored.",
    )
    locale = models.CharField(
        "language", max_length=20, blank=True, help_text="Such as “en-US”. Leave empty to use the site’s."
    )

    embargo_until = models.DateTimeField(
        null=True, blank=True, help_text="The story can’t go live before this time, not even with “Publish now”."
    )
    embargo_reason = LineField(max_length=300, blank=True, help_text="Who set the embargo and why.")
    restricted_to = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Only these colleagues and the owner know the story exists. Leave empty for everyone in the newsroom.",
    )

    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="own_articles"
    )
    original_published_at = models.DateTimeField(
        "first published elsewhere", null=True, blank=True, help_text="For imported stories: the date readers see."
    )
    import_fingerprint = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    discarded_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-id"]
        verbose_name = "story"
        verbose_name_plural = "stories"
        permissions = [
            ("publish_article", "Can publish, schedule and withdraw stories"),
            ("override_gate", "Can publish a story that the checklist blocks"),
            ("override_embargo", "Can publish before an embargo ends"),
            ("edit_others_articles", "Can edit stories of others"),
            ("seal_article", "Can seal stories for court orders and erasure"),
            ("share_preview", "Can share preview links"),
        ]
        indexes = [
            models.Index(fields=["stage", "-saved_at"], name="article_stage_saved"),
            models.Index(
                fields=["embargo_until"], name="article_embargo", condition=models.Q(embargo_until__isnull=False)
            ),
            models.Index(
                fields=["translation_of"],
                name="article_translations",
                condition=models.Q(translation_of__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="article_slug_unique",
                violation_error_message="Another story already has this address.",
            ),
            models.CheckConstraint(
                condition=~models.Q(slug=""),
                name="article_slug_not_empty",
                violation_error_message="Enter an address.",
            ),
            models.CheckConstraint(
                condition=~models.Q(headline=""),
                name="article_headline_not_empty",
                violation_error_message="Enter a headline.",
            ),
            models.CheckConstraint(
                condition=models.Q(translation_of__isnull=True) | ~models.Q(translation_of=models.F("id")),
                name="article_not_its_own_translation",
                violation_error_message="A story can’t be a translation of itself.",
            ),
            models.CheckConstraint(
                condition=models.Q(review_rating__isnull=True)
                | models.Q(review_rating__gte=0, review_rating__lte=models.F("review_scale")),
                name="article_rating_within_scale",
                violation_error_message="The rating is outside its scale.",
            ),
            models.CheckConstraint(
                condition=models.Q(embargo_until__isnull=True) | ~models.Q(embargo_reason=""),
                name="article_embargo_has_a_reason",
                violation_error_message="Enter who set the embargo and why.",
            ),
            models.CheckConstraint(
                condition=models.Q(lead_decorative=False) | models.Q(lead_alt__isnull=True) | models.Q(lead_alt=""),
                name="article_decorative_lead_has_no_alt",
                violation_error_message="A decorative lead photo has no alt text. Uncheck “decorative” or clear the alt text.",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:
        story = super().from_db(db, field_names, values)
        # The stored slug, so that an unchanged address needs no query; deferred columns stay deferred.
        story.stored_slug = story.__dict__.get("slug")
        story.stored_headline = story.__dict__.get("headline")
        return story

    def clean(self) -> None:
        self._lead_to_the_original()
        stored = getattr(self, "stored_slug", None)
        if stored and stored == self.slug:
            return
        if stored and self.is_address_public():
            raise ValidationError({"slug": "The story is or was live under its address. Use “Move” to change it."})
        if self.slug and Article.objects.filter(slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": "Another story already has this address."})
        held = Address.objects.filter(kind="article", slug=self.slug).exclude(target=str(self.pk)).exists()
        if self.slug and held:
            raise ValidationError(
                {"slug": "This address belonged to another story and can’t be reused. Choose another."}
            )

    def _lead_to_the_original(self) -> None:
        """Make a translation of a translation one of the original: every group of siblings has one story it begins with."""
        chosen = self.translation_of
        if chosen is None or chosen.pk == self.pk:
            return
        self.translation_of = chosen.translation_of or chosen
        if self.translations.exists():
            raise ValidationError(
                {
                    "translation_of": "Other stories are translations of this one. Clear this box, or choose a new "
                    "original in each of them first."
                }
            )

    def contradictions(self) -> list[tuple[str, str]]:
        """Return the database constraints that this story violates, as (field, sentence), without a query."""
        said = {constraint.name: constraint.violation_error_message for constraint in self._meta.constraints}
        rating, scale = self.review_rating, self.review_scale
        found = {
            "headline": ("article_headline_not_empty", not self.headline),
            "translation_of": ("article_not_its_own_translation", self.translation_of_id == self.pk),
            "review_rating": ("article_rating_within_scale", rating is not None and not 0 <= rating <= (scale or 0)),
            "embargo_reason": ("article_embargo_has_a_reason", self.embargo_until and not self.embargo_reason),
            "lead_decorative": ("article_decorative_lead_has_no_alt", self.lead_decorative and self.lead_alt),
        }
        return [(field, said[name]) for field, (name, is_wrong) in found.items() if is_wrong]

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Raise the constraints' own sentences, without a query for each. `clean` checks the slug."""
        found = {field: sentence for field, sentence in self.contradictions() if field not in (exclude or ())}
        if found:
            raise ValidationError(found)

    def save(self, *args: Any, **kwargs: Any) -> None:
        limits.read_ahead(self.body or "")
        self.body = assign_ids(self.body) if self.body else ""
        if self.site_id is None:
            self.site = Site.objects.default()
        save = partial(super().save, *args, **kwargs)
        is_kept = "slug" not in (kwargs.get("update_fields") or ["slug"]) or not self._address_follows()
        save() if self.slug and is_kept else save_at_free_slug(self, save)
        self.stored_headline = self.headline

    def _do_update(self, base_qs: models.QuerySet, using: str, pk_val: UUID, *args: Any) -> bool:
        """Ask in the UPDATE itself whether the story was sealed meanwhile, at no further question."""
        done = super()._do_update(base_qs.exclude(SEALED_ONES), using, pk_val, *args)
        self.refuse_sealed(not done and base_qs.filter(SEALED_ONES, pk=pk_val).exists())
        return done

    def get_absolute_url(self) -> str:
        return reverse("admin:articles_article_change", args=[self.pk])

    # Questions

    @classmethod
    def existing(cls, keys: Iterable[UUID]) -> set[UUID]:
        """Return the ids among these that belong to a story."""
        return set(cls.objects.filter(pk__in=keys).values_list("pk", flat=True))

    def free_slug(self, among: int = 1) -> str:
        """Return a slug made from the headline, numbered if another story has or had it: one of so many free ones."""
        return free_slug(self, "article", slug_of(self.headline), among)

    def _address_follows(self) -> bool:
        """Return True if the address was made from a headline that is another now, and no reader was told of it."""
        before = getattr(self, "stored_headline", None)
        if before is None or before == self.headline or not slugs.is_made_of(self.slug, slug_of(before)):
            return False
        return self.slug == getattr(self, "stored_slug", self.slug) and not self.is_address_public()

    @property
    def language(self) -> str:
        """Return the language and region readers are told."""
        return self.locale or self.site.locale

    def is_address_public(self) -> bool:
        # Whoever loads a story with this answer, as its page does, need not ask again.
        noted: bool | None = getattr(self, "has_public_address", None)
        if noted is not None:
            return noted
        return Address.objects.filter(kind="article", target=str(self.pk)).exists()

    @property
    def is_restricted(self) -> bool:
        return self.restricted_to.exists()

    def is_confidential(self, at: datetime) -> bool:
        """Return True if its text must not stay on anybody’s computer: it is restricted, or under embargo."""
        return bool(self.embargo_until and self.embargo_until > at) or self.is_restricted

    def blocks(self) -> tuple[Block, ...]:
        return split(self.body)

    def photo_ids(self) -> list[UUID]:
        """Return every photo the working copy shows, the lead first, each once."""
        lead = [self.lead_photo_id] if self.lead_photo_id else []
        social = [self.social_photo_id] if self.social_photo_id else []
        return list(dict.fromkeys([*lead, *photo_ids(self.body), *social]))

    @property
    def latest_version(self) -> Version | None:
        return self.versions.order_by("-number").first()

    def content_at(self, revision: int) -> dict[str, Any] | None:
        """Return what the working copy held at this revision, or None where that is not known for certain."""
        found = list(self.versions.filter(revision=revision).values_list("content", flat=True)[:2])
        return found[0] if len(found) == 1 else None

    def last_save_of(self, page: str, *, since: int) -> int | None:
        """Return the number of the last save of this page, if every save since that revision was one of its own.

        Their answers were lost, or they were sent twice: nobody else has written in between.
        """
        if not page or not 0 < self.revision - since <= MOST_LOST:
            return None
        made = self.versions.filter(revision__gt=since, revision__lte=self.revision)
        keys = [SaveKey.read(key) for key in made.values_list("save_key", flat=True)]
        is_own = len(keys) == self.revision - since and {key.page for key in keys} == {page}
        return max(key.number for key in keys) if is_own else None

    def is_saved_since(self, key: SaveKey) -> bool:
        """Return True if this page has saved something that it sent later."""
        if not key.page:
            return False
        own = self.versions.filter(save_key__startswith=f"{key.page}.").values_list("save_key", flat=True).first()
        return own is not None and SaveKey.read(own).number > key.number

    # Verbs of the working copy

    @reading_first
    def record(self, *, by: Actor | None = None, at: datetime | None = None, key: SaveKey = SaveKey()) -> Version:  # noqa: B008
        """Save the working copy as a new version if it differs from the last one. Return the version it equals."""
        self.require_editable(by)
        return self.keep(by=by, at=at or timezone.now(), key=key)

    def keep(self, *, by: Actor | None, at: datetime, key: SaveKey = SaveKey()) -> Version:  # noqa: B008
        """Do what `record` does, for callers that have checked permissions and opened a transaction."""
        content = snapshot(self)
        digest = content_hash(content)
        last = self.latest_version
        if last and last.content_hash == digest:
            return last
        version = Version.objects.create(
            article=self,
            number=last.number + 1 if last else 1,
            at=at,
            by=by,
            content=content,
            content_hash=digest,
            word_count=content["word_count"],
            reading_time_minutes=content["reading_time_minutes"],
            revision=self.revision + 1,
            save_key=str(key) or None,
        )
        open_ones = Article.objects.filter(pk=self.pk).exclude(SEALED_ONES)
        self.refuse_sealed(not open_ones.update(revision=models.F("revision") + 1, saved_at=at))
        self.revision, self.saved_at = self.revision + 1, at
        PhotoUse.rewrite_working_copy(self, content)
        finding.read([self])
        return version

    def restore(self, version: Version, *, by: Actor | None, at: datetime | None = None) -> Version:
        """Restore the working copy from a version. Nothing is published. Return the new version."""
        self.require_editable(by, to="restore a version of this story")
        limits.read_ahead(version.content["body"])
        with transaction.atomic():
            self.require_editable(by, to="restore a version of this story")
            apply(self, version.content)
            AuditEntry.record(
                "article.restored", at=at or timezone.now(), by=by, article=self, note=f"version {version.number}"
            )
            return self.record(by=by, at=at)

    @transaction.atomic
    def discard(self, *, by: Actor | None, at: datetime | None = None) -> None:
        """Discard a story that never was live. Its versions stay."""
        self.require_editable(by, to="discard this story")
        if self.editions.exists():
            raise ValidationError("This story was published or scheduled. Withdraw it instead.")
        at = at or timezone.now()
        Article.objects.filter(pk=self.pk).update(discarded_at=at)
        AuditEntry.record("article.discarded", at=at, by=by, article=self)
