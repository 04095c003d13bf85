"""What the desk says sounds like one person: plain American English, with no machine's word in it (`python -m tests.sentences`)."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.forms import HiddenInput
from django.test import RequestFactory

from .sentences import READERS, ROOT, sentences

# Pages and tables of operators and developers: there these words are the right ones.
OPERATORS = {
    "articles/access/": "API tokens; and tables that nobody sees, which docs/model.md describes",
    "articles/admin/integrations.py": "webhooks and API tokens",
    "articles/outbox/": "webhooks",
    "articles/history/": "the log names webhooks and API tokens; and tables that docs/model.md describes",
    "articles/stories/preview_frame.py": "a table that docs/model.md describes",
    "articles/stories/follow_up.py": "search engines do have caches",
    "articles/stories/sealing.py": "a court may ask whether webhooks and API answers were blanked too",
    "articles/stories/erasing.py": "the same",
    "articles/admin/trouble.py": "details for administrators, who run the worker",
    "articles/imports/archive_lines.py": "manage.py import_archive",
    "articles/text/given.py": "bodies sent to the API",
    "media/files/xmp_packet.py": "errors of tasks",
    "media/ledger/usage.py": "a table that docs/model.md describes",
    "media/rights/right.py": "columns whose form has words of its own, in media/admin/right.py",
    "media/site.py": "settings of a site, with names of settings",
    "cms/templates/landing.html": "the page that developers begin at",
}
MACHINE = re.compile(
    r"\b(?:UUID|JSON|XML|SQL|HTTP|rendition|document|worker|process|queued?|cache|token|slug|payload|null|boolean|string|regex|"
    r"API|webhook|endpoint|parser|backend|locale|timestamp|traceback|exception|stack|metadata|VACUUM)(?:e?s)?\b|\bids?\b|[a-z]_[a-z]|"
    r"[0-9a-f]{8}-[0-9a-f]{4}|\bprimary key\b",
    re.IGNORECASE,
)
# “Supplier’s ID” is the photo desk's own word, in capitals.
SPOKEN = re.compile(
    r"\bIDs?\b|“[A-Z]\w+/[A-Z]\w+”|https?://\S+|“[^”]*\{[a-z]+\}[^”]*”|\([A-Za-z]+ ?[\w.]*(?:XMP|IPTC|schema\.org|PLUS|BCP 47)?[^)]*\)"
)
BRITISH = re.compile(
    r"\b(?:colour|grey|licence[sd]?|cancell(?:ed|ing)|labell(?:ed|ing)|favourite|organis\w+|recognis\w+|centre|behaviour|e-mail|"
    r"afterwards|whilst|catalogue|programme)\b",
    re.IGNORECASE,
)
RULES = {
    "list of codes": re.compile(r"\b[A-Z]{2}\b(?:, [A-Z]{2}\b){2}|\b[a-z]+_[a-z]+, [a-z]+_[a-z]+"),
    "British spelling": BRITISH,
    "please": re.compile(r"\bplease\b", re.IGNORECASE),
    "may for can": re.compile(r"\b(?:[Yy]ou|account|who) (?:may|shall|must) not\b|\bshall\b"),
    "what an empty field means": re.compile(r"\b(?:Empty|Null|None): [a-z]|\bCheck none\b"),
    "straight quote": re.compile(r"\w'\w|\"[A-Za-z][^\"<>=]*\"|(?<![=\w])'\w[^'=]*'(?!\w)"),
    "double space": re.compile(r"\S  +\S"),
    "space before a sign": re.compile(r"[a-z”] (?:…|[,;:!?](?!\S))"),
    "three dots": re.compile(r"\.\.\."),
    "plural by hand": re.compile(r"\(s\)|\b[a-z]+\{…\}s?\b(?<!\{…\})|\bstor\{"),
    "no end": re.compile(r"[a-z”)][.?!] [A-Z“][^.]*[a-z]$(?<!www)"),
    "odd idiom": re.compile(
        r"\b(?:anew|meanwhile|not (?:there|exist) any more|is no (?:list|photo|story|autosave|tab)|stands in for|do not please|Somebody)\b"
    ),
}  # fmt: skip
# Where a rule does not fit, and why.
FITS_NOT = {
    ("no end", "articles/templates/"): "a link or a value follows",
    ("no end", "media/templates/"): "a link or a value follows",
    ("space before a sign", "articles/stories/article.py"): "“By …”",
}


def is_for_operators(place: str) -> bool:
    return any(place.startswith(room) for room in OPERATORS)


def faults(place: str, text: str) -> Iterator[str]:
    """Yield the rules that a sentence at this place breaks."""
    if not is_for_operators(place) and MACHINE.search(SPOKEN.sub("", text)) and not place.startswith("docs/"):
        yield "machine word"
    for rule, wrong in RULES.items():
        spared = any(rule == name and place.startswith(room) for name, room in FITS_NOT)
        if not spared and wrong.search(text):
            yield rule


def test_every_sentence_keeps_to_the_rules():
    found = [
        f"{place} ({', '.join(broken)}): {text}" for place, text in sentences() if (broken := list(faults(place, text)))
    ]
    assert found == []


@pytest.mark.parametrize(
    "rule, planted",
    [
        ("machine word", "The rendition could not be made."),
        ("machine word", "Story 0198c5f2-1d3e-7000-8000-000000000000 is live."),
        ("machine word", "Enter the slug of the story."),
        ("machine word", "Such as no_crop."),
        ("list of codes", "denies this use in AD, AE, AF."),
        ("British spelling", "The licence was cancelled."),
        ("please", "Please enter a headline."),
        ("may for can", "You may not edit this story."),
        ("what an empty field means", "Empty: now."),
        ("straight quote", "The story's address is \"taken\"."),
        ("double space", "Saved.  Readers see it."),
        ("space before a sign", "Choose a photo …"),
        ("three dots", "Loading..."),
        ("plural by hand", "3 photo(s) changed."),
        ("no end", "It was saved. Readers see it now"),
        ("odd idiom", "The page was loaded anew."),
    ],
)  # fmt: skip
def test_a_planted_sentence_is_noticed(rule, planted):
    assert rule in faults("articles/admin/article.py:1", planted)


@pytest.mark.parametrize(
    "kind, source, said",
    [
        (".py", 'messages.success(request, f"Saved as {name}.")', "Saved as {…}."),
        (".py", 'label = Field(help_text="such as so")', "such as so"),
        (".py", 'name = models.CharField("landing text", max_length=9)', "landing text"),
        (".py", 'class Kind(models.TextChoices):\n    MINOR = "m", "minor change"', "minor change"),
        (".html", '<p title="On the page">{% if x %}Text{% endif %}</p>', "On the page"),
        (".html", '<input type="submit" value="Act now">', "Act now"),
        (".html", '<button data-confirm="Discard this story?">Discard</button>', "Discard this story?"),
        (".js", "say(`You have ${n === 1 ? `one ${thing} left.` : \"none at all.\"} here.`)", "You have {…} here."),
        (".js", "say(`You have ${n === 1 ? `one ${thing} left.` : \"None at all.\"} here.`)", "None at all."),
        (".js", 'say(link, ", then press Reload.")', ", then press Reload."),
        (".md", "# Title\n\nA paragraph\nof two lines.\n", "A paragraph\nof two lines.\n"),
    ],
)  # fmt: skip
def test_every_kind_of_sentence_is_listed(kind, source, said):
    assert said in [text for _, text in READERS[kind](source)]


def test_the_list_reaches_every_room_of_the_desk():
    places = {place for place, _ in sentences()}
    for room in (
        "articles/admin/", "articles/stories/", "articles/templates/", "articles/static/articles/editor/", "articles/static/articles/desk/",
        "media/admin/", "media/static/", "media/templates/", "media/management/commands/photo_desk_digest.py", "cms/refusals.py",
        "cms/mail.py", "cms/unavailable.py", "cms/templates/registration/", "cms/static/", "docs/publishing.md", "docs/photo-credits.md",
    ):  # fmt: skip
        assert any(place.startswith(room) for place in places), room


def test_every_exception_is_needed():
    known = list(sentences())
    for room in OPERATORS:
        assert any(place.startswith(room) and MACHINE.search(SPOKEN.sub("", text)) for place, text in known), room
    for rule, room in FITS_NOT:
        assert any(place.startswith(room) and RULES[rule].search(text) for place, text in known), (rule, room)


# One home for plurals, one way to write a date


def sources(*endings: str) -> Iterator[tuple[str, str]]:
    for room in ("articles", "media", "cms"):
        for path in sorted((ROOT / room).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix in endings and "/vendor/" not in name and "/demo/" not in name:
                yield name, path.read_text()


def test_plurals_have_one_home():
    by_hand = re.compile(r"\|pluralize|[=!]== 1 \? [\"'`]")
    found = [name for name, text in sources(".html", ".js") if by_hand.search(text) and not name.endswith("counted.js")]
    assert found == []
    assert by_hand.search("{{ n }} photo{{ n|pluralize }}") and by_hand.search('n === 1 ? "photo" : "photos"')


def test_dates_are_written_as_americans_write_them():
    british = re.compile(r'date:"[^"]*(?:j [FM]|(?<!T)H:i)|%-?d %[bB]')
    # The ledger knows a clearance again by the words it has kept since the first release.
    found = {name for name, text in sources(".html", ".py") if british.search(text)}
    assert found == {"media/rights/right.py"}
    assert british.search('{{ at|date:"j M Y, H:i" }}') and not british.search('{{ at|date:"Y-m-d\\TH:i" }}')


# The forms as they are shown


@pytest.mark.django_db
def test_every_field_of_the_admin_has_a_name_and_help_for_people():
    request = RequestFactory().get("/")
    request.user = get_user_model().objects.create_superuser("desk", "desk@example.com", "a long password")
    wrong = []
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in ("articles", "media") or model.__name__ in (
            "Endpoint",
            "Delivery",
            "ApiToken",
            "Site",
        ):
            continue
        if not (page.has_add_permission(request) or page.has_change_permission(request)):
            continue
        inlines = [inline.get_formset(request).form for inline in page.get_inline_instances(request)]
        for form in (page.get_form(request), *inlines):
            for name, field in form.base_fields.items():
                if isinstance(field.widget, HiddenInput):
                    continue
                label, said = str(field.label or name.replace("_", " ")), re.sub(r"<[^>]*>", "", str(field.help_text))
                if MACHINE.search(SPOKEN.sub("", label)) or label.endswith((".", ":")):
                    wrong.append(f"{model.__name__}.{name}: {label}")
                if (said and not re.fullmatch(r"[A-Z“‘(…].*[.?!”]", said, re.DOTALL)) or MACHINE.search(
                    SPOKEN.sub("", said)
                ):
                    wrong.append(f"{model.__name__}.{name}: {said}")
    assert wrong == []
