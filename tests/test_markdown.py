"""Markdown in a pasted text, and what only looks like it."""

import time

import pytest

from articles.text.clipboard import clean_pasted
from articles.text.markdown import is_markdown, of_file, of_note

NOTE = """# The tour

Ada *Quill* plays **ten** [nights](https://example.com/a_(b) "All dates") and `snake_case` ones.

## Cities #

- Rome
- Oslo
  - North
  - West
    of it

1. First
2. Second

> Never *again*,
> she said.

---

2 * 3 * 4 = 24, a\\*b, <https://example.com/x>, ***both*** and [the list][1] ![a picture](x.png)

```
raw **signs**
```

[1]: https://example.com/list "The list"
"""
STORED = (
    '<h2>The tour</h2><p>Ada <em>Quill</em> plays <strong>ten</strong> <a href="https://example.com/a_(b)">nights</a> and '
    "snake_case ones.</p><h2>Cities</h2><ul><li><p>Rome</p></li><li><p>Oslo</p><ul><li><p>North</p></li><li><p>West of it</p></li>"
    "</ul></li></ul><ol><li><p>First</p></li><li><p>Second</p></li></ol><blockquote><p>Never <em>again</em>,</p><p>she said.</p>"
    '</blockquote><hr><p>2 * 3 * 4 = 24, a*b, <a href="https://example.com/x">https://example.com/x</a>, <strong><em>both</em>'
    '</strong> and <a href="https://example.com/list">the list</a></p><p>raw **signs**</p>'
)


def test_a_note_in_markdown_becomes_what_it_means():
    assert is_markdown(NOTE)
    assert clean_pasted("", NOTE) == STORED
    assert clean_pasted("", NOTE.replace("\n", "\r\n")) == STORED


def test_a_code_editor_shows_markdown_in_colors_and_means_the_text():
    colored = '<div style="white-space: pre;"><div><span style="color:#f00"># The</span> tour</div><div>- a</div><div>- b</div></div>'
    assert (
        clean_pasted(colored, "# The tour\n- a\n- b") == "<h2>The tour</h2><ul><li><p>a</p></li><li><p>b</p></li></ul>"
    )
    assert (
        clean_pasted("<p>Two <b>bold</b> # words</p>", "# Two bold\n# words")
        == "<p>Two <strong>bold</strong> # words</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "5. November war ein Tag.\nZeile zwei.",
        "- Hola, dijo.\nY se fue.",
        "#film #music\nNow.",
        "3 * 4 and 5 * 6\nsnake_case_name",
        "2 > 1\nx [1] y (see)",
        "1. alone",
        "",
    ],
)
def test_prose_keeps_every_sign(text):
    assert not is_markdown(text)
    assert of_note(text) == "".join(f"<p>{line.replace('>', '&gt;')}</p>" for line in text.split("\n") if line)


def test_lines_that_a_program_broke_are_one_paragraph():
    line = "Ada Quill went down to the harbor where the ferry was and "
    assert of_note(f"{line}\n{line}\nwaited.") == f"<p>{line}{line}waited.</p>"
    assert of_note("Short.\nLines.") == "<p>Short.</p><p>Lines.</p>"


def test_a_link_leads_only_to_an_address():
    assert of_note("[x](javascript:alert(1)) and **b**") == "<p>[x](javascript:alert(1)) and <strong>b</strong></p>"
    assert "<script" not in clean_pasted("", "# <script>alert(1)</script>\n\n**b**")


@pytest.mark.parametrize(
    "evil",
    [
        "**a ",
        "*a ",
        "[",
        "_a",
        "[a](",
        "- ",
        "> ",
        "`",
        "- a\n",
        "# ##",
        "<https://",
        "- a\n\n",
        "~~a",
        "***a",
        "    - a\n",
    ],
)
@pytest.mark.parametrize("read", [of_note, of_file])
def test_hostile_texts_are_read_in_no_time(read, evil):
    began = time.process_time()
    read(evil * (100_000 // len(evil)))
    read((evil * 500 + "\n") * 20)
    assert time.process_time() - began < 5


def test_a_file_keeps_its_html_its_addresses_and_its_pictures():
    html = of_file(
        'See https://example.com/x, <b>now</b> & <Ada>.\n\n![Ada on deck](a.jpg "Ada, at sea")\n\n| a | b |\n|---|---|\n| c | d |'
    )
    assert '<a href="https://example.com/x">https://example.com/x</a>, <b>now</b> &amp; &lt;Ada&gt;.' in html
    assert '<figure><img alt="Ada on deck" src="a.jpg"><figcaption>Ada, at sea</figcaption></figure>' in html
    assert "<td>c</td>" in html


def test_a_dash_that_begins_no_list_stays_a_dash_in_a_note():
    assert of_note("# Talk\n\n- Hola, dijo.\nY se fue.\n\n5. November\nand **b**") == (
        "<h1>Talk</h1>\n<p>- Hola, dijo.</p>\n<p>Y se fue.</p>\n<p>5. November</p>\n<p>and <strong>b</strong></p>"
    )
