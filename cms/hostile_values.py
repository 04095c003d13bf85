"""Values that no page can have sent: too large for any column, or in no encoding. They are refused in a sentence."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.utils.text import capfirst

from .refusals import refuse

log = logging.getLogger(__name__)
UNUSABLE = (OverflowError, DataError, UnicodeError, FieldDoesNotExist)
SENTENCE = "This address holds a value that can’t be used. Check it, or go back and search again."


class UnusableLookup(Exception):
    """A list was asked for by a value that its column cannot have."""


class BoundedChangeList(ChangeList):
    """A list of the admin, under its own name, whose query string anybody may have written."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if not self.is_popup:
            self.title = capfirst(self.opts.verbose_name_plural)

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
            len(self.result_list)
        except (*UNUSABLE, ValueError, TypeError) as error:
            raise UnusableLookup from error


def refusing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return the view with a sentence in the place of the error that an unusable value makes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "\0" in request.META.get("QUERY_STRING", "") or any("\0" in value for value in _values(request.GET)):
            return refuse(request, 400, SENTENCE)
        try:
            return view(request, *args, **kwargs)
        except UnusableLookup:
            if view.__name__ != "changelist_view":
                return refuse(request, 400, SENTENCE)
            messages.warning(
                request, "The address of this list holds a value that can’t be used, so nothing is filtered."
            )
            return HttpResponseRedirect(request.path)
        except (*UNUSABLE, IncorrectLookupParameters) as error:
            log.warning("A request was refused at %s: %r", request.path, error)
            return refuse(request, 400, SENTENCE)

    return guarded


def _values(query: QueryDict) -> Iterator[str]:
    return (value for _, values in query.lists() for value in values)
