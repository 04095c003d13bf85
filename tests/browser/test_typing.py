"""What is made of signs as they are typed: lists, headings, quotes and dashes of the story's language."""

import re

import pytest
from playwright.sync_api import expect

from articles.text.body import Heading, ListBlock, Quote
from tests.test_picker import bare

from .writer import figure, story

pytestmark = pytest.mark.django_db(transaction=True)

THIN = "\u202f"
# What is typed in each language, and what stands there then.
TYPED = {
    "en-US": ("\"It's 'so',\" she said -- so.", "“It’s ‘so’,” she said — so."),
    "en-GB": ('"So" - then.', "“So” – then."),
    "de": ("\"Das 'geht' so\", sagt sie - und geht's.", "„Das ‚geht‘ so“, sagt sie – und geht’s."),
    "de-CH": ('"Gut"', "«Gut»"),
    "fr": ('"L\'ami", et " ici ".', f"«{THIN}L’ami{THIN}», et «{THIN}ici{THIN}»."),
    "es-ES": ('Un "sitio 2"', "Un «sitio 2»"),
    "es-MX": ('Un "sitio"', "Un “sitio”"),
    "it": ('"L\'amica"', "«L’amica»"),
    "nl": ('"Foto\'s"', "“Foto’s”"),
    "pl": ('"Tak"', "„Tak”"),
    "sv": ("\"Ja\" 'nej'", "”Ja” ’nej’"),
    "ar": ('"x" it\'s', '"x" it\'s'),
}


def test_quotes_and_dashes_are_those_of_the_storys_language(writer):
    """One page for all languages, as an editor changes it."""
    writer.open(story("<p>One.</p>"))
    writer.page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true }")
    for tag, (typed, wanted) in TYPED.items():
        writer.page.locator("#id_locale").evaluate(
            "(field, tag) => { field.value = tag; field.dispatchEvent(new Event('change', { bubbles: true })) }", tag
        )
        assert writer.text.get_attribute("lang") == tag
        writer.end_of(re.sub("<[^>]+>|&nbsp;", "", writer.shape()[-1])[-4:]).press("Enter").type(typed)
        assert writer.shape()[-1] == wanted, tag


def test_one_undo_takes_a_sign_back_to_what_was_typed(writer):
    writer.open(story("<p>One.</p>")).end_of("One.").type(' "')
    assert writer.shape() == ["One. “"]
    writer.press("Control+z")
    assert writer.shape() == ['One. "']
    writer.type("a --")
    assert writer.shape() == ['One. "a —']
    writer.press("Control+z")
    assert writer.shape() == ['One. "a --']
    writer.type(" 'tis '90s rock")
    assert writer.shape() == ['One. "a -- ’tis ’90s rock']


def test_addresses_code_ranges_and_rules_stay_as_they_are_typed(writer):
    typed = 'See https://example.com/a--b"c\' and ada@example.com/it\'s, `x = "y" -- z`, 5 - 3 and 1999 - 2004.'
    writer.open(story("<p>One.</p>")).end_of("One.").press("Enter").type(typed)
    assert writer.shape()[-1] == typed
    writer.press("Enter").type("---").type("After.")
    assert writer.shape()[-2:] == ["Divider", "After."]


def test_curly_quotes_on_demand_are_of_the_same_language(writer):
    photo = bare()
    figures = figure(photo, '<figcaption>"So" <em>it\'s</em></figcaption>')
    writer.open(story(f'<p>"One" <strong>"two"</strong> it\'s \'80s -- so.</p>{figures}', locale="fr"))
    writer.page.get_by_role("button", name="Curly quotes").click()
    text, use = writer.blocks()
    open_, close = f"«{THIN}", f"{THIN}»"
    assert text.html == f"{open_}One{close} <strong>{open_}two{close}</strong> it’s ’80s -- so."
    assert use.caption == f"{open_}So{close} <em>it’s</em>"
    writer.press("Control+z")
    assert writer.blocks()[0].html.startswith('"One"')


MARKS = {
    "1. ": (ListBlock, "1. One"),
    "1) ": (ListBlock, "1) One"),
    "- ": (ListBlock, "- One"),
    "* ": (ListBlock, "* One"),
    "# ": (Heading, "# One"),
    "## ": (Heading, "## One"),
    "### ": (Heading, "### One"),
    "> ": (Quote, "> One"),
}


def test_marks_of_markdown_make_blocks_and_one_undo_brings_the_mark_back(writer):
    """One page for all marks: each is emptied before the next."""
    writer.open(story("<p>Above.</p>"))
    for mark, (kind, plain) in MARKS.items():
        writer.end_of("Above.").press("Enter").type(mark)
        writer.press("Control+z").type("One")
        assert writer.shape() == ["Above.", plain.replace(">", "&gt;")], mark
        writer.press("Control+a", "Backspace").type("Above.")
        writer.press("Enter").type(mark).type("One")
        made = writer.blocks()[-1]
        assert isinstance(made, kind), mark
        if kind is ListBlock:
            assert made.ordered == mark.startswith("1")
        if kind is Heading:
            assert made.level == max(2, len(mark) - 1)
        writer.press("Control+a", "Backspace").type("Above.")
        assert writer.shape() == ["Above."], mark


def test_a_date_at_the_start_of_a_line_is_no_list(writer):
    writer.open(story("<p>Above.</p>")).end_of("Above.").press("Enter").type("5. November war es.")
    assert writer.shape() == ["Above.", "5. November war es."]


def test_each_block_runs_in_the_direction_of_its_words_and_nothing_of_it_is_saved(writer):
    body = (
        "<p>One.</p><p>مرحبا بالعالم</p><ul><li><p>قائمة</p></li></ul><h2>Two</h2><blockquote><p>שלום</p></blockquote>"
    )
    writer.open(story(body, locale="ar"))
    blocks = writer.page.locator(".tiptap > :is(p, ul, h2, blockquote)")
    expect(blocks).to_have_count(5)
    assert blocks.evaluate_all("all => all.map(each => each.dir + ' ' + getComputedStyle(each).direction)") == [
        "auto ltr", "auto rtl", "auto rtl", "auto ltr", "auto rtl",
    ]  # fmt: skip
    assert writer.text.get_attribute("lang") == "ar"
    writer.end_of("One.").type("!")
    assert "dir=" not in writer.html and "lang=" not in writer.html


def test_the_first_sign_of_a_new_story_is_a_quote_already(desk, live_server):
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    text = desk.locator(".tiptap")
    text.click()
    desk.keyboard.type('"Night Ferry" opens.')
    expect(text).to_have_text("“Night Ferry” opens.")
    desk.goto("about:blank")
