"""Sites: the titles that publish, with their house style and territories."""

import re
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Cast
from django.db.models.lookups import Contains
from django.utils import timezone

from .credits.line import HouseStyle
from .errands import relabel_later
from .local_time import is_zone, zone_of
from .one_line import LineField
from .rights.decision import PAGE_CHANNELS, USUAL_CHANNELS, Use
from .rights.validators import validate_site_channels, validate_territories
from .signals import announce


class SiteQuerySet(models.QuerySet):
    def default(self) -> "Site":
        """Return the site that new articles belong to."""
        return self.get_or_create(is_default=True, defaults={"name": "Marquee"})[0]

    def preview_origins(self) -> list[str]:
        """Return the origins of all front ends that show previews, as a Content-Security-Policy names them."""
        forms = {settings.PREVIEW_URL_TEMPLATE, *self.values_list("preview_url_template", flat=True)}
        return sorted({found for form in forms if (found := _origin_in_policy(form))})

    def zone(self) -> tzinfo:
        """Return the zone of the desk's clock: that of the default site, also for photos, which belong to no site."""
        return zone_of(self.filter(is_default=True).values_list("time_zone", flat=True).first() or "UTC")


def validate_url_template(value: str) -> None:
    if "{path}" not in value or not value.startswith(("http://", "https://")) or not _has_host(value):
        raise ValidationError("Enter the address of the front end with {path} in it: “https://www.example.com{path}”.")


def validate_preview_url_template(value: str) -> None:
    if "{token}" not in value or not _is_web_address(value.replace("{token}", "x")):
        raise ValidationError(
            "Enter the address of the front end’s preview with {token} in it: “https://www.example.com/preview/{token}”."
        )


def validate_media_base(value: str) -> None:
    if not _is_web_address(value) or urlsplit(value).query or urlsplit(value).fragment or value.endswith("/"):
        raise ValidationError(
            "Enter where photo files are fetched, without a slash at the end: “https://media.example.com”."
        )


def validate_social_profiles(value: Any) -> None:
    if not isinstance(value, list):
        raise ValidationError("Enter a list of addresses.")
    for address in value:
        if not isinstance(address, str) or not _is_web_address(address):
            raise ValidationError(
                f"“{address}” is not an address. Enter it in full: “https://www.instagram.com/example”."
            )


def _is_web_address(value: str) -> bool:
    return value.startswith(("http://", "https://")) and not re.search(r"\s", value) and _has_host(value)


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address.replace("{path}", "/")).hostname)
    except ValueError:
        return False


def _origin_in_policy(form: str) -> str:
    """Return the origin of a preview address in the signs a policy may have; empty where it has none, or one for each token."""
    parts = urlsplit(form)
    try:
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (UnicodeError, ValueError):
        return ""
    is_plain = re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:]+", host)
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}" if is_plain else ""


def usual_channels() -> list[str]:
    return list(USUAL_CHANNELS)


class Site(models.Model):
    """A title that publishes."""

    name = LineField(max_length=100, unique=True, help_text="What readers call it, such as “Marquee Daily”.")
    locale = models.CharField(
        max_length=20, default="en-US", help_text="Language and region (BCP 47), such as “en-US”."
    )
    time_zone = models.CharField(max_length=60, default="UTC", help_text="An IANA name, such as “America/New_York”.")
    url_template = models.CharField(
        "front-end address",
        max_length=300,
        default="https://www.example.com{path}",
        validators=[validate_url_template],
        help_text="The address readers open; “{path}” stands for the story’s path.",
    )
    territories = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_territories],
        help_text="Country codes the site serves, such as [“US”, “CA”]. Leave empty for the whole world.",
    )
    channels = models.JSONField(
        default=usual_channels,
        db_default=models.Value(usual_channels(), models.JSONField()),
        validators=[validate_site_channels],
        help_text="Where this title reaches readers and partners. Rights are checked for these channels.",
    )
    preview_url_template = models.CharField(
        "front-end preview address",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=[validate_preview_url_template],
        help_text="Where preview links of this title lead; “{token}” stands for the link’s key. Leave empty to use the setting PREVIEW_URL_TEMPLATE.",
    )
    media_base = models.CharField(
        "address of photo files",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[validate_media_base],
        help_text="Where readers fetch photo files, such as “https://media.example.com”: every picture’s address begins "
        "with it, and whatever answers there asks this server. Leave empty to use the setting PUBLIC_URL.",
    )
    credit_prefix = LineField(
        max_length=40, default="Photo by ", blank=True, help_text="Comes before a photographer’s name."
    )
    credit_separator = models.CharField(
        max_length=10, default="/", help_text="Comes between photographer and agencies, such as “/” or “ / ”."
    )
    credit_agency_first = models.BooleanField(default=False, help_text="Agency before photographer: “REUTERS/Name”.")
    credit_upper_case = models.BooleanField(default=False, help_text="Set the whole credit line in capitals.")
    publisher_name = LineField(max_length=200, blank=True, help_text="The company named in structured data.")
    logo_url = models.URLField(
        "logo address", blank=True, help_text="A wide logo for search engines (schema.org logo)."
    )
    logo_width = models.PositiveIntegerField(
        null=True, blank=True, help_text="In pixels. Given to search engines with the logo."
    )
    logo_height = models.PositiveIntegerField(null=True, blank=True, help_text="In pixels.")
    social_profiles = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        blank=True,
        validators=[validate_social_profiles],
        help_text="Addresses of the title’s own profiles. Given to search engines (schema.org sameAs).",
    )
    footer = models.TextField(
        blank=True,
        default="",
        db_default="",
        max_length=2000,
        help_text="Plain text for the foot of every page. Saved for a later release; readers do not get it yet.",
    )
    stand_in_photo = models.ForeignKey(
        "media.Photo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Shown in place of a lead photo that may no longer be used.",
    )
    is_default = models.BooleanField(default=False, help_text="New stories belong to this site.")

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="site_one_default",
                violation_error_message="Another site is already the default. Uncheck it there first.",
            ),
            models.CheckConstraint(
                condition=Contains(Cast("channels", models.TextField()), '"web"'),
                name="site_has_the_web",
                violation_error_message="Keep “web” among the channels. Every other channel is made from web pages.",
            ),
            models.CheckConstraint(
                condition=models.Q(preview_url_template="") | models.Q(preview_url_template__contains="{token}"),
                name="site_preview_has_token",
                violation_error_message="The preview address needs {token} in it.",
            ),
            models.CheckConstraint(
                condition=models.Q(logo_width=None, logo_height=None)
                | models.Q(logo_width__isnull=False, logo_height__isnull=False, logo_width__gt=0, logo_height__gt=0),
                name="site_logo_both_sides",
                violation_error_message="Enter both width and height of the logo, at least 1 each, or neither.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            announce(at=timezone.now(), verb="site.changed", sites=[self.pk])
            if self.is_default:
                relabel_later()

    def clean(self) -> None:
        if not is_zone(self.time_zone):
            raise ValidationError(
                {"time_zone": f"“{self.time_zone}” is not a time zone. Choose one, such as “America/New_York”."}
            )

    @property
    def zone(self) -> tzinfo:
        return zone_of(self.time_zone)

    @property
    def house_style(self) -> HouseStyle:
        return HouseStyle(
            prefix=self.credit_prefix,
            separator=self.credit_separator,
            agency_first=self.credit_agency_first,
            upper_case=self.credit_upper_case,
        )

    def has(self, channel: str) -> bool:
        return channel in self.channels

    @property
    def page_channels(self) -> tuple[str, ...]:
        """Return the channels that get stories, as pages do; a social network gets a picture and a link."""
        return tuple(word for word in PAGE_CHANNELS if word in self.channels)

    def url(self, path: str) -> str:
        return self.url_template.replace("{path}", path)

    @property
    def has_front_end(self) -> bool:
        """Return True if somebody said where readers open stories, and not only the example stands there."""
        return self.url_template != self._meta.get_field("url_template").default

    @property
    def origin(self) -> str:
        """Return the front end's own host, as `https://www.example.com`."""
        parts = urlsplit(self.url("/"))
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def preview_form(self) -> str:
        """Return where the title's own front end shows previews, with {token} in it; empty where none does."""
        return self.preview_url_template or settings.PREVIEW_URL_TEMPLATE

    @property
    def preview_host(self) -> str:
        return urlsplit(self.preview_form.replace("{token}", "x")).netloc.rpartition("@")[2]

    @property
    def media_address(self) -> str:
        """Return what the address of each photo file begins with. Nothing else says where readers fetch pictures."""
        return self.media_base or settings.PUBLIC_URL

    def use(self, at: datetime, **scope: Any) -> Use:
        return Use(at=at, territories=frozenset(self.territories), zone=self.zone, **scope)
