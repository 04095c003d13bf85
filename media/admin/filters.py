"""The filters of the photo list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ..ids import read_id
from ..models import Agency, CreditAgency, Photo, Site
from ..photos.facets import credits_of, taken_choices

MOST_CHOICES = 40


class UsableFilter(admin.SimpleListFilter):
    title = "usable"
    parameter_name = "usable"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", "on the web now"), ("no", "not on the web now")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"yes", "no"}:
            return queryset
        usable = queryset.model.objects.usable(Site.objects.default().use(timezone.now()))
        return (
            queryset.filter(pk__in=usable.values("pk"))
            if self.value() == "yes"
            else queryset.exclude(pk__in=usable.values("pk"))
        )


class LikeFilter(admin.SimpleListFilter):
    """The photos that look like one: a link leads here, so that there is nothing to choose."""

    title = "similar to"
    parameter_name = "like"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(value, "one photo")] if (value := request.GET.get("like")) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        key = read_id(self.value() or "")
        return queryset.alike(Photo(pk=key)) if key else queryset.none()


class ExpiringFilter(admin.SimpleListFilter):
    title = "expiring"
    parameter_name = "expiring"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("7", "within 7 days"), ("30", "within 30 days")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"7", "30"}:
            return queryset
        now = timezone.now()
        return queryset.expiring(now, now + timedelta(days=int(self.value())))


class UploaderFilter(admin.SimpleListFilter):
    title = "uploaded by"
    parameter_name = "added"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        others = Photo.objects.uploaders().exclude(pk=request.user.pk)[:MOST_CHOICES]
        names = [(str(user.pk), user.get_full_name() or user.get_username()) for user in others]
        return [("me", "me"), ("today", "anyone, in the last day"), *names]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == "today":
            return queryset.filter(created_at__gt=timezone.now() - timedelta(days=1))
        if value == "me":
            return queryset.filter(uploaded_by=request.user)
        return queryset.filter(uploaded_by=int(value[:18])) if value.isdecimal() else queryset


class TakenFilter(admin.SimpleListFilter):
    title = "taken"
    parameter_name = "taken"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return taken_choices(timezone.now())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.taken_in(self.value() or "", timezone.now())


class CreditFilter(admin.SimpleListFilter):
    title = "credit"
    parameter_name = "credit"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("check", "to check"), ("none", "missing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "check":
            return queryset.to_check().exclude(credit=None)
        return queryset.filter(credit=None) if self.value() == "none" else queryset


class InstructionsFilter(admin.SimpleListFilter):
    title = "instructions"
    parameter_name = "instructions"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("confirm", "to confirm"), ("unread", "not understood")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "confirm":
            return queryset.to_confirm()
        return queryset.filter(queryset.not_understood()) if self.value() == "unread" else queryset


class AgencyFilter(admin.SimpleListFilter):
    """Only the agencies that some photo names; the other thousand would bury them."""

    title = "agency"
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        named = CreditAgency.objects.filter(agency=OuterRef("pk"), credit__photos__isnull=False)
        used = Agency.objects.filter(Exists(named)).order_by("name")
        return [(str(row.pk), row.name) for row in used[:MOST_CHOICES]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queryset.filter(credit__in=credits_of([int(value[:18])])) if value.isdecimal() else queryset


class TypedFilter(admin.SimpleListFilter):
    """A filter by a name one types: there are too many to list them."""

    template = "admin/media/typed_filter.html"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("", "")]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Say once what is typed and what else the list is asked for, as a form keeps it."""
        given = changelist.get_filters_params()
        kept = [(name, value) for name, values in given.items() if name != self.parameter_name for value in values]
        if changelist.query:
            kept.append(("q", changelist.query))
        yield {
            "name": self.parameter_name, "typed": self.value() or "", "kept": kept,
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }  # fmt: skip
