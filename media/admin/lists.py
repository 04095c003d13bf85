"""Lists that stay quick at a million rows: counted up to a limit, filtered by indexed columns."""

from functools import cached_property

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from ..typed_words import typed_words

COUNTED = 2000
"""So many rows are counted; whoever has more to go through filters or searches."""


class BoundedPaginator(Paginator):
    """Counts only the first rows: nobody opens page two thousand, and counting a million rows takes seconds."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:COUNTED].count()


class SearchedList(admin.ModelAdmin):
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
