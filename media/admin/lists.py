"""Lists that stay quick at a million rows: counted up to a limit, filtered by indexed columns."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest

from ..typed_words import typed_words

COUNTED = 2000
"""So many rows are counted; whoever has more to go through filters or searches."""


class BoundedPaginator(Paginator):
    """Counts only the first rows: nobody opens page two thousand, and counting a million rows takes seconds."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:COUNTED].count()


def is_key(model: type[Model], key: object) -> bool:
    """Return True if this could be the key of a row. Anything else is refused by its field, without a query."""
    try:
        model._meta.pk.clean(str(key), None)
    except ValidationError:
        return False
    return True


class SearchSelect(AutocompleteSelect):
    """Shows no row for what can be no key, such as a name typed where a row was to be chosen."""

    def optgroups(self, name: str, value: Sequence[Any], attr: Any = None) -> Any:
        rows: Any = self.choices
        return super().optgroups(name, [key for key in value if not key or is_key(rows.queryset.model, key)], attr)


class SearchedChoices(BaseModelAdmin):
    """Fields that search for their row as one types."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SearchedList(SearchedChoices, admin.ModelAdmin):
    """A list whose search reads the first words only, as every search of the desk does."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, " ".join(typed_words(search_term)))


class QuickList(SearchedList):
    """A list without full counts."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200


class WordFilter(admin.SimpleListFilter):
    """Filters by one of a few known words, without asking which of them occur."""

    words: tuple[str, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        return [(word, word) for word in self.words]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset
