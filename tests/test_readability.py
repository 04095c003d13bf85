"""What the checklist says of a story for readers who listen: headings in order, links with words, pictures described."""

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.stories.checklist import check
from articles.text import readability
from articles.text.body import split

from . import newsroom


def codes(html):
    return [code for code, *_ in readability.findings(split(html))]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>One</h2><p>x</p><h3>Two</h3><h2>Three</h2>", []),
        ("<h3>One</h3>", ["heading_skips"]),
        ("<h2>One</h2><h4>Two</h4><h3>Three</h3>", ["heading_skips"]),
        ("<h2>One</h2><h3>Two</h3><h4>Three</h4><h2>Four</h2><h4>Five</h4>", ["heading_skips"]),
        ('<p>Read <a href="https://example.com/">the review of Salt Meridian</a>.</p>', []),
        ('<p>Click <a href="https://example.com/">here</a>.</p>', ["link_says_nothing"]),
        ('<p><a href="https://example.com/"><strong>Read more</strong> …</a></p>', ["link_says_nothing"]),
        ('<p><a href="https://example.com/a">https://example.com/a</a></p>', ["link_is_an_address"]),
        ('<ul><li><p>a</p><ul><li><p><a href="https://example.com/">CLICK HERE!</a></p></li></ul></li></ul>', ["link_says_nothing"]),
        ('<blockquote><p>“<a href="https://example.com/">this</a>”</p></blockquote>', ["link_says_nothing"]),
    ],
)  # fmt: skip
def test_headings_and_links_are_read(html, expected):
    assert codes(html) == expected


@pytest.mark.parametrize(
    ("alt", "caption", "expected"),
    [
        ("A woman in a red dress on a red carpet.", "Mara Okonjo at the premiere.", None),
        ("IMG_2041.jpg", "", "alt_is_a_file_name"),
        ("DSC 0042", "", "alt_is_a_file_name"),
        ("mara okonjo at the premiere.", "Mara Okonjo at the premiere. ", "alt_repeats_caption"),
        ("Photo of a woman", "", "alt_announces"),
        ("A photographer kneels.", "", None),
        ("", "", None),
    ],
)
def test_alt_texts_are_read(alt, caption, expected):
    found = readability.of_alt(alt, caption)
    assert (found and found[0]) == expected


@pytest.mark.django_db
def test_the_checklist_warns_and_does_not_block(client, editor):
    photo = newsroom.photo(alt="premiere.jpg")
    body = (
        f'<h4>Deep</h4><p>Click <a href="https://example.com/">here</a>.</p><figure data-photo="{photo.pk}"></figure>'
    )
    story = newsroom.article(body=body, lead=newsroom.photo(seed=3, alt="Mara Okonjo at the premiere."))
    found = {problem.code: problem for problem in check(story, timezone.now())}
    assert {"heading_skips", "link_says_nothing", "alt_is_a_file_name", "alt_repeats_caption"} <= set(found)
    assert not any(problem.blocks for problem in found.values())
    client.force_login(editor)
    panel = client.get(reverse("admin:articles_article_panel", args=[story.pk])).content.decode()
    assert "does not say where it leads" in panel and "name of a file" in panel
    story.publish(by=editor)


@pytest.mark.django_db
def test_a_decorative_picture_and_an_own_alt_text_are_judged_as_readers_get_them():
    photo = newsroom.photo(alt="premiere.jpg")
    for attribute in ('data-decorative=""', 'data-alt="A red dress."'):
        story = newsroom.article(body=f'<p>x</p><figure data-photo="{photo.pk}" {attribute}></figure>')
        assert not [each for each in check(story, timezone.now()) if each.code.startswith("alt_")]
