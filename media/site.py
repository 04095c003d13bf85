"""Sites: the titles that publish, with their house style and territories."""

from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from .credits.line import HouseStyle
from .errands import relabel_later
from .local_time import is_zone, zone_of
from .rights.decision import Use
from .rights.validators import validate_territories
from .signals import announce


class SiteQuerySet(models.QuerySet):
    def default(self) -> "Site":
        """Return the site that new articles belong to."""
        return self.get_or_create(is_default=True, defaults={"name": "Marquee"})[0]

    def zone(self) -> tzinfo:
        """Return the zone of the desk's clock: that of the default site, also for photos, which belong to no site."""
        return zone_of(self.filter(is_default=True).values_list("time_zone", flat=True).first() or "UTC")


def validate_url_template(value: str) -> None:
    if "{path}" not in value or not value.startswith(("http://", "https://")) or not _has_host(value):
        raise ValidationError("Write the address of the front end with {path} in it: “https://www.example.com{path}”.")


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address.replace("{path}", "/")).hostname)
    except ValueError:
        return False


class Site(models.Model):
    """A title that publishes."""

    name = models.CharField(max_length=100, unique=True, help_text="What readers call it, such as “Marquee Daily”.")
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
        help_text="Country codes the site serves, such as [“US”, “CA”]. Empty means the whole world.",
    )
    credit_prefix = models.CharField(
        max_length=40, default="Photo by ", blank=True, help_text="Stands before a photographer’s name."
    )
    credit_separator = models.CharField(
        max_length=10, default="/", help_text="Stands between photographer and agencies, such as “/” or “ / ”."
    )
    credit_agency_first = models.BooleanField(default=False, help_text="Agency before photographer: “REUTERS/Name”.")
    credit_upper_case = models.BooleanField(default=False, help_text="Set the whole credit line in capitals.")
    publisher_name = models.CharField(max_length=200, blank=True, help_text="The company named in structured data.")
    logo_url = models.URLField(
        "logo address", blank=True, help_text="A wide logo for search engines (schema.org logo)."
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
                violation_error_message="Another site is the default already. Untick it there first.",
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

    def url(self, path: str) -> str:
        return self.url_template.replace("{path}", path)

    def use(self, at: datetime, **scope: Any) -> Use:
        return Use(at=at, territories=frozenset(self.territories), zone=self.zone, **scope)
