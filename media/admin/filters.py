"""The filters of the photo list."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ..ids import read_id
from ..models import Agency, Photo, Site


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


class MineFilter(admin.SimpleListFilter):
    title = "added by"
    parameter_name = "added"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [("me", "me"), ("today", "anyone, in the last day")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "me":
            return queryset.filter(uploaded_by=request.user)
        if self.value() == "today":
            return queryset.filter(created_at__gt=timezone.now() - timedelta(days=1))
        return queryset


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
        used = Agency.objects.filter(credits__photos__isnull=False).distinct().order_by("name")
        return [(str(row.pk), row.name) for row in used[:40]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        return queryset.filter(credit__agencies=int(value)).distinct() if value.isdecimal() else queryset
