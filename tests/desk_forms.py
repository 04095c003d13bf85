"""The forms of the admin, found as a visitor finds them: page by page, from link to link."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

TYPED = {"text", "search", "email", "url", "tel", "number", "date", "time", "datetime-local", "textarea", ""}
# So many pages of a kind are looked at: a draft, a live story, one to come.
PAGES_OF_A_KIND = 5


@dataclass
class Control:
    """A field of a form: what it is, and what it holds as the page comes."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    required: bool = False
    most: int = 0


@dataclass
class Form:
    """A form that posts, as it stands on a page."""

    page: str
    action: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def route(self) -> str:
        return resolve(urlsplit(self.action).path).view_name

    @property
    def names(self) -> frozenset[str]:
        return frozenset(each.name for each in self.controls)

    @property
    def kind(self) -> tuple:
        """What makes two forms one of a kind: where they lead, what they ask."""
        return self.route, frozenset(name for name in self.names if not any(sign.isdigit() for sign in name))

    def typed(self) -> list[Control]:
        return [each for each in self.controls if each.kind in TYPED]

    def sent(self) -> dict[str, list[str]]:
        """Return what a browser sends of the form as it stands."""
        found: dict[str, list[str]] = {}
        for each in self.controls:
            if each.values:
                found.setdefault(each.name, []).extend(each.values)
        return found


class Reader(HTMLParser):
    """Reads the forms of a page that post, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.links = page, [], []
        self.form: Form | None = None
        self.control: Control | None = None
        self.beside: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.page, given["href"]))
        if tag == "form":
            self.form = Form(self.page, urljoin(self.page, given.get("action") or self.page), given.get("id", ""))
            if given.get("method", "").lower() == "post":
                self.forms.append(self.form)
        named = next((form for form in self.forms if form.id and form.id == given.get("form")), None)
        if given.get("form") and named is None:
            self.beside.append((tag, given))
        elif (owner := named or self.form) and given.get("name") and "disabled" not in given:
            self._take(owner, tag, given)
        if tag == "option" and self.control is not None:
            self._option(given)

    def _take(self, owner: Form, tag: str, given: dict) -> None:
        around, self.form = self.form, owner
        getattr(self, f"_{tag}", lambda given: None)(given)
        self.form = around

    def close(self) -> None:
        """Give the forms what stands elsewhere on the page."""
        for tag, given in self.beside:
            for form in [form for form in self.forms if form.id == given["form"] and given.get("name")]:
                self._take(form, tag, given)
        super().close()

    def _input(self, given: dict) -> None:
        kind, name = given.get("type", "text").lower(), given["name"]
        if kind in ("submit", "image", "button"):
            self.form.buttons.append((name, given.get("value", "")))
        elif kind in ("checkbox", "radio"):
            value = given.get("value", "on")
            self.form.controls.append(Control(name, kind, [value] if "checked" in given else [], [value]))
        else:
            most = int(given.get("maxlength") or 0)
            values = [] if kind == "file" else [given.get("value", "")]
            self.form.controls.append(Control(name, kind, values, [], "required" in given, most))

    def _textarea(self, given: dict) -> None:
        self.control = Control(
            given["name"], "textarea", [""], [], "required" in given, int(given.get("maxlength") or 0)
        )
        self.form.controls.append(self.control)

    def _select(self, given: dict) -> None:
        self.control = Control(
            given["name"], "multiple" if "multiple" in given else "select", [], [], "required" in given
        )
        self.form.controls.append(self.control)

    def _button(self, given: dict) -> None:
        if given.get("type", "submit") == "submit":
            self.form.buttons.append((given["name"], given.get("value", "")))

    def _option(self, given: dict) -> None:
        self.control.options.append(given.get("value", ""))
        if "selected" in given:
            self.control.values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.control is not None and self.control.kind == "textarea":
            self.control.values[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select") and self.control is not None:
            if self.control.kind == "select" and not self.control.values and self.control.options:
                self.control.values = self.control.options[:1]
            if self.control.kind == "textarea":
                self.control.values[0] = self.control.values[0].removeprefix("\n")
            self.control = None
        if tag == "form":
            self.form = None


def read(page: str, html: str) -> Reader:
    reader = Reader(page)
    reader.feed(html)
    reader.close()
    return reader


def walk(client, start: str = "/admin/") -> Iterator[Form]:
    """Yield one form of each kind that is found from the front page on."""
    kinds = set()
    for reader in pages(client, start):
        for form in reader.forms:
            if form.kind not in kinds:
                kinds.add(form.kind)
                yield form


def pages(client, start: str = "/admin/", of_a_kind: int = PAGES_OF_A_KIND) -> Iterator[Reader]:
    """Yield the pages that links lead to from the front page on, so many of each kind."""
    waiting, seen, looked_at = [start], {start}, {}
    while waiting:
        page = waiting.pop(0)
        answer = client.get(page)
        if answer.status_code != 200 or "html" not in answer["Content-Type"] or answer.streaming:
            continue
        reader = read(page, answer.content.decode())
        yield reader
        for link in reader.links:
            address = urlsplit(link)
            key = address.path
            if not address.path.startswith("/admin/") or key in seen:
                continue
            seen.add(key)
            try:
                name = resolve(address.path).view_name
            except Resolver404:
                continue
            if looked_at.setdefault(name, 0) < of_a_kind and name != "admin:logout":
                looked_at[name] += 1
                waiting.append(key)
