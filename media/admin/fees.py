"""What photos cost, on the pages of those who may see it only."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.http import HttpRequest


def sees_fees(request: HttpRequest) -> bool:
    return request.user.has_perm("media.view_fee")


class Fees(BaseModelAdmin):
    """Mixin: columns and fields of fees are left out for everybody else, and cannot be filtered by."""

    of_fees: Sequence[str] = ("fee", "fee_basis")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self.seen(request, super().get_list_display(request))  # type: ignore[misc]  # Lists have it, inlines not.

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return [(name, {**options, "fields": self.seen(request, options["fields"])}) for name, options in found]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Refuse to filter by what is not shown: who may ask “more than 100?” often enough knows the fee."""
        is_of_fees = lookup.split("__", maxsplit=1)[0] in self.of_fees and not (request and sees_fees(request))
        return not is_of_fees and super().lookup_allowed(lookup, value, request)

    def seen(self, request: HttpRequest, names: Sequence[Any]) -> list[Any]:
        """Return those of these names, some of them in rows, that this colleague may see."""
        if sees_fees(request):
            return list(names)
        rows = [tuple(self.seen(request, each)) if isinstance(each, tuple) else each for each in names]
        return [each for each in rows if each not in self.of_fees and each != ()]
