"""A text of any size costs so much for each of its parts, and one too large is refused with a sentence, on every way in."""

import json
import sys
import time
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from articles.imports import plain_text
from articles.models import Article
from articles.stories import diff, replace
from articles.text import block_html, block_json, body, limits, mentions, readability
from articles.text.clipboard import clean_pasted
from media.credits.line import Vocabulary
from media.words import search_terms

from . import newsroom

MANY = "<p>The same.</p>" * (limits.MOST_BLOCKS + 1)
DEEP = "<b><i>" * 300 + "deep" + "</i></b>" * 300


def test_equal_paragraphs_need_one_hash_each(monkeypatch):
    made = []

    def counted(data):
        made.append(1)
        return sha256(data)

    monkeypatch.setattr(body, "sha256", counted)
    assert body.assign_ids("<p>The same.</p>" * 9000).count("data-id") == 9000
    assert len(made) <= 9100


TEXTS = {
    "equal paragraphs": lambda n: "<p>The same.</p>" * n,
    "links": lambda n: '<p><a href="https://example.com/">here</a></p>' * n,
    "links in a line": lambda n: "<p>" + '<a href="https://example.com/">here</a> ' * n + "</p>",
    "items of a list": lambda n: "<ul>" + "<li>one</li>" * n + "</ul>",
    "paragraphs of an item": lambda n: "<ul><li>" + "<p>one</p>" * n + "</li></ul>",
    "lists of an item": lambda n: "<ul><li>one" + "<ul><li>two</li></ul>" * n + "</li></ul>",
    "paragraphs of a quote": lambda n: "<blockquote>" + "<p>one</p>" * n + "</blockquote>",
    "Word's items": lambda n: "<p style='mso-list:l0 level1 lfo1'>one</p>" * n,
    "Word's items in steps": lambda n: "".join(f"<p style='mso-list:l0 level{k % 9 + 1} lfo1'>one</p>" for k in range(n)),
    "open tags": lambda n: "<div>" * n + "words",
    "comments without an end": lambda n: "<!--" * n,
    "cells": lambda n: "<table><tr>" + "<td>one</td>" * n + "</tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("read", [body.sanitize, clean_pasted, lambda html: readability.findings(body.split(html))])
def test_twice_the_text_is_twice_the_work(name, read):
    once, twice = (work_of(read, TEXTS[name](n)) for n in (400, 800))
    assert twice < 2.5 * once + 500


def test_twice_the_lines_are_twice_the_work():
    once, twice = (
        work_of(lambda text: plain_text.read(text, Vocabulary.seed()), "The same line.\n\n" * n) for n in (200, 400)
    )
    assert twice < 2.5 * once + 500


def version(html: str) -> dict:
    return dict.fromkeys([*replace.FIELDS, "headline", "lead_caption"], "") | {"body": html}


def line_by_line(old: str, new: str) -> list[diff.Piece]:
    return list(diff.words(diff.readable(old), diff.readable(new)))


def numbered(line: str, n: int, between: str = "") -> str:
    return between.join(line.format(number) for number in range(n))


NAMES = mentions.Index([mentions.Name(f"person:{n}", f"Ana{n} Smith{n}") for n in range(2000)])
QUERY = search_terms.parse('"so so so" so-and-so rare comm films')
READ_AS = {
    "all lines differ": lambda n: line_by_line(numbered("<p>a{} b</p>", n), numbered("<p>c{} b</p>", n)),
    "two lines in turns": lambda n: line_by_line("<p>a</p><p>b</p>" * n, "<p>b</p><p>a</p><p>c</p>" * n),
    "equal lines, one put before": lambda n: line_by_line("<p>so</p>" * n, "<p>oh</p>" + "<p>so</p>" * n),
    "one line of equal words": lambda n: line_by_line(f"<p>{'so ' * n}</p>", f"<p>oh {'so, ' * n}</p>"),
    "words replaced in one line": lambda n: corrected("<p>" + "<em>old</em> word " * n + "</p>"),
    "words replaced in lines": lambda n: corrected("<p><em>old</em> word</p>" * n),
    "places in one line": lambda n: replace.places(version("<p>" + "old " * n + "</p>"), "old"),
    "names": lambda n: mentions.find(numbered("Ana{0} Smith{0} met Smith{0}.", n, "\n\n"), NAMES),
    "names in captions": lambda n: mentions.propose(["Ana1 Smith1 and Lee Brown at the gala"] * n, NAMES),
    "marked words": lambda n: search_terms.highlight("so rare, " * n, QUERY),
    "marked words with gaps": lambda n: search_terms.snippet("so" + "! " * n + "so so", QUERY),
    "blocks as JSON": lambda n: block_json.from_typed(block_json.to_typed(body.split("<p>The same.</p>" * n))),
    "blocks as plain HTML": lambda n: block_html.html_of([{"type": "paragraph", "html": "The same."}] * n),
}  # fmt: skip


def corrected(html: str) -> dict:
    return replace.corrected(version(html), "old", "new")


@pytest.mark.parametrize("name", READ_AS)
def test_what_compares_finds_and_replaces_takes_so_much_for_each_word(name):
    once, twice = (work_of(READ_AS[name], n) for n in (400, 800))
    assert twice < 2.6 * once + 500


def test_a_row_of_accents_takes_so_much_for_each():
    """Work inside Python is in no count of calls. Sixteen times the text took 250 times as long before."""
    for read in (search_terms.words, lambda text: search_terms.highlight(text, QUERY)):
        short, long = (seconds_of(read, "e" + "\u0301\u0323" * n) for n in (6_000, 96_000))
        assert long < 80 * short + 0.05


def seconds_of(read, text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def work_of(read, text: object) -> int:
    """Return how many calls of Python this takes: the same on every machine, unlike time."""
    body.split.cache_clear()
    counted = [0]

    def count(frame, event, argument):
        counted[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return counted[0]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (MANY, "5,001 blocks"),
        ("<b>x</b> y " * 100_000, "1,100,000 characters"),
        ("<ul>" + "<li>x</li>" * 5001 + "</ul>", "blocks"),
        (DEEP, "200 levels deep"),
    ],
)
def test_a_text_that_is_too_large_is_refused_with_a_sentence(html, said):
    with pytest.raises(limits.TooLarge, match=said):
        limits.check_html(html)


def test_the_largest_text_is_taken():
    limits.check_html("<p>The same.</p>" * limits.MOST_BLOCKS)


@pytest.mark.django_db
def test_the_form_says_that_a_text_is_too_large_and_keeps_it(client, editor):
    client.force_login(editor)
    story = newsroom.article()
    address = reverse("admin:articles_article_change", args=[story.pk])
    answer = client.post(address, {"headline": "New", "body": MANY, "site": story.site_id, "kind": story.kind})
    assert answer.status_code == 200
    assert "5,001 blocks" in answer.content.decode()
    assert answer.content.decode().count("The same.") > limits.MOST_BLOCKS


@pytest.mark.django_db
def test_an_archive_names_the_line_of_a_text_that_is_too_large(tmp_path, capsys):
    line = {"headline": "Long", "published_at": "2019-05-04T10:00:00Z", "body_html": MANY}
    (tmp_path / "archive.jsonl").write_text(json.dumps(line))
    with pytest.raises(CommandError):
        call_command("import_archive", str(tmp_path / "archive.jsonl"))
    said = capsys.readouterr().err
    assert "archive.jsonl line 1: body_html: The text has 5,001 blocks" in said
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_an_import_names_the_file_of_a_text_that_is_too_large(tmp_path, capsys):
    (tmp_path / "long.txt").write_text("\n\n".join(f"A line of number {n}." for n in range(limits.MOST_BLOCKS + 10)))
    with pytest.raises(CommandError):
        call_command("import_articles", str(tmp_path / "long.txt"))
    assert "long.txt: The text has 5,0" in capsys.readouterr().err
    assert not Article.objects.exists()
