"""A refused form is shown again as it was filled in, on the page it came from, with what was wrong above its fields."""

from collections.abc import Iterable
from copy import copy
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import resolve
from django.utils.datastructures import MultiValueDict

# What a page writes itself, and what it must not repeat.
LEFT_ALONE = {"hidden", "password", "file", "submit", "button", "image", "reset"}

Attributes = dict[str, str | None]
Edit = tuple[int, int, str]


def refused(request: HttpRequest, page: str, error: Exception) -> HttpResponse:
    """Answer a POST with the page at this address, its form filled in as it was sent and the complaint above it."""
    sentences = getattr(error, "messages", None) or [str(error)]
    response = _asked(request, page)
    if not isinstance(response, SimpleTemplateResponse) or response.status_code != 200:
        for sentence in sentences:
            messages.error(request, sentence)
        return HttpResponseRedirect(page)
    html = response.render().content.decode()
    response.content = refilled(html, page, request.path, request.POST, sentences)
    response.status_code = 403 if isinstance(error, PermissionDenied) else 422
    return response


def _asked(request: HttpRequest, page: str) -> HttpResponseBase:
    """Return the page as the same colleague gets it by GET."""
    address, asked = urlsplit(page), copy(request)
    asked.method, asked.path, asked.path_info = "GET", address.path, address.path
    asked.GET, asked._post, asked._files = QueryDict(address.query), QueryDict(), MultiValueDict()  # type: ignore[attr-defined]
    asked.resolver_match = match = resolve(address.path)
    return match.func(asked, *match.args, **match.kwargs)


def refilled(html: str, page: str, action: str, typed: QueryDict, sentences: Iterable[str]) -> str:
    """Return the page with what was typed in the form that posts to `action`; all else stays to the letter.

    Where several forms lead there, it is the one whose hidden fields were sent. It is unfolded and has the focus.
    """
    reader = _Reader(html, page, action, typed)
    reader.close()
    best = max(reader.found, key=lambda form: form.likeness, default=None)
    if best is None:
        return "".join([html, *sentences])
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    edits = [*reader.moved, *best.edits, (best.begins, best.begins, f'<ul class="errorlist" role="alert">{said}</ul>')]
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


class _Form:
    """A form that may be the one that was sent, and what changes in it if it is."""

    def __init__(self, begins: int, folded: Iterable[Edit], typed: QueryDict) -> None:
        self.begins, self.edits, self.likeness, self.has_focus = begins, list(folded), 0, False
        self.left = {name: list(values) for name, values in typed.lists()}

    def next(self, name: str, otherwise: str) -> str:
        values = self.left.get(name)
        return values.pop(0) if values else otherwise

    def focus(self, given: Attributes) -> Attributes:
        """Let the first field of the form have the focus, so that the page shows the complaint above it."""
        more, self.has_focus = {} if self.has_focus else {"autofocus": None}, True
        return given | more


class _Reader(HTMLParser):
    def __init__(self, html: str, page: str, action: str, typed: QueryDict) -> None:
        super().__init__()
        self.page, self.action, self.typed = page, action, typed
        self.lines = [0]
        for line in html.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.found: list[_Form] = []
        self.folded: list[Edit] = []
        # What is relative to the page is not to the address that was posted to.
        self.moved: list[Edit] = []
        self.form: _Form | None = None
        self.text: tuple[int, str] | None = None
        self.chosen: list[str] | None = None
        self.feed(html)

    @property
    def here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    @property
    def after(self) -> int:
        return self.here + len(self.get_starttag_text() or "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            folds = self.folded if self.form is None else self.form.edits
            folds.append((self.here, self.after, _written(tag, given | {"open": None})))
        elif tag == "a" and (href := given.get("href")) and href[0] not in "#/":
            self.moved.append((self.here, self.after, _written(tag, given | {"href": urljoin(self.page, href)})))
        elif tag == "form" and (given.get("method") or "").lower() == "post":
            self.in_form(given)
        elif self.form is not None and tag in ("input", "textarea", "select", "option"):
            getattr(self, f"in_{tag}")(self.form, given)

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            if tag == "details" and self.folded:
                self.folded.pop()
            return
        if tag == "textarea" and self.text is not None:
            begins, typed = self.text
            self.form.edits.append((begins, self.here, "\n" + escape(typed)))
            self.text = None
        elif tag == "select" and self.chosen is not None:
            # A zone, for one, may be another than those that are listed.
            others = "".join(
                _written("option", {"value": each, "selected": None}) + escape(each) for each in self.chosen if each
            )
            self.form.edits.append((self.here, self.here, others))
            self.chosen = None
        elif tag == "form":
            self.found.append(self.form)
            self.form = None

    def in_form(self, given: Attributes) -> None:
        action = urljoin(self.page, given.get("action") or "")
        self.moved.append((self.here, self.after, _written("form", given | {"action": action})))
        if urlsplit(action).path == self.action:
            self.form = _Form(self.after, self.folded, self.typed)

    def in_input(self, form: _Form, given: Attributes) -> None:
        name, kind, value = given.get("name") or "", (given.get("type") or "text").lower(), given.get("value") or ""
        form.likeness += value in self.typed.getlist(name) if kind == "hidden" else name in self.typed
        if not name or kind in LEFT_ALONE:
            return
        if kind in ("checkbox", "radio"):
            is_on = (value or "on") in self.typed.getlist(name)
            given = {key: each for key, each in given.items() if key != "checked"} | (
                {"checked": None} if is_on else {}
            )
        else:
            given["value"] = form.next(name, value)
        form.edits.append((self.here, self.after, _written("input", form.focus(given))))

    def in_textarea(self, form: _Form, given: Attributes) -> None:
        if (name := given.get("name") or "") in self.typed:
            form.edits.append((self.here, self.after, _written("textarea", form.focus(given))))
            self.text = self.after, form.next(name, "")

    def in_select(self, form: _Form, given: Attributes) -> None:
        name = given.get("name") or ""
        if name in self.typed or "multiple" in given:
            form.edits.append((self.here, self.after, _written("select", form.focus(given))))
            self.chosen = form.left.get(name, []) if "multiple" in given else [form.next(name, "")]

    def in_option(self, form: _Form, given: Attributes) -> None:
        if self.chosen is None:
            return
        is_on = (value := given.get("value") or "") in self.chosen
        if is_on:
            self.chosen.remove(value)
        given = {key: each for key, each in given.items() if key != "selected"} | ({"selected": None} if is_on else {})
        form.edits.append((self.here, self.after, _written("option", given)))


def _written(tag: str, given: Attributes) -> str:
    attributes = (key if value is None else f'{key}="{escape(value)}"' for key, value in given.items())
    return f"<{' '.join([tag, *attributes])}>"
