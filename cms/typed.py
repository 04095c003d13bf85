"""What was typed into a form that was not answered by its page: kept in the page that says why, ready to be sent again.

It stays in the browser; what passes through the login is signed, and only whoever the form was made for gets it back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.template.response import SimpleTemplateResponse

from . import form_key

NAME = "typed"
# What somebody who is logged out may send; the login sends it once more.
MOST = 60_000
KEPT_FOR = 24 * 60 * 60
_SALT = "cms.typed"
_SECRET = re.compile(r"csrfmiddlewaretoken|.*password.*")
# Names that a form has for itself, and values that say nothing to people.
_OWN = re.compile(r"_.*|initial-.*|.*_FORMS|back|next|revision|based_on|action|" + form_key.NAME)
_CODE = re.compile(r"\W*|on|true|false|[\d.]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\S*", re.IGNORECASE)
_LONG = 60


@dataclass(frozen=True)
class Field:
    """One value of a form, by the name it is sent under."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.rpartition("-")[2].replace("_", " ").capitalize()

    @property
    def is_hidden(self) -> bool:
        return bool(_OWN.fullmatch(self.name) or _CODE.fullmatch(self.value))

    @property
    def is_long(self) -> bool:
        return "\n" in self.value or len(self.value) > _LONG


def fields_of(request: HttpRequest) -> Iterator[Field]:
    for name, values in request.POST.lists():
        if not _SECRET.fullmatch(name):
            yield from (Field(name, value) for value in values)


def files_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the field and the name of each file, which has to be chosen again."""
    return [(field, file.name or "") for field, files in request.FILES.lists() for file in files]


def name_lost_files(request: HttpRequest, response: Any) -> None:
    """Let the page of a refused form say which files it has lost; called before it is rendered."""
    if request.method == "POST" and isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        for _, name in files_of(request):
            messages.warning(request, f"A file cannot be kept while a form is corrected. Choose “{name}” again.")


def is_form(request: HttpRequest) -> bool:
    """Return True for what a page of ours sent, to be answered with a page; its token was looked at."""
    is_page = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    return is_page and getattr(request, "csrf_processing_done", False)


def packed(request: HttpRequest) -> str:
    """Return the form for its way through the login, or nothing where it is not known whose it is."""
    owner = form_key.owner_of(form_key.of(request))
    if not owner:
        return ""
    fields = [(each.name, each.value) for each in fields_of(request)]
    return signing.dumps([owner, request.get_full_path(), fields, files_of(request)], salt=_SALT, compress=True)


def unpacked(text: str, user: Any) -> dict[str, Any] | None:
    """Return where a packed form goes, its fields and files; None if it is not this user's, or older than a day."""
    try:
        owner, path, fields, files = signing.loads(text, salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    if owner != user.pk:
        return None
    return {"path": path, "fields": [Field(*each) for each in fields], "files": files}
