"""Clipboard HTML in the shape that Word 15, Word on the web, Google Docs, Notes, WordPress, mail and chat programs give it."""

import uuid

import pytest

from articles.text.body import (
    Divider,
    Heading,
    ListBlock,
    ListItem,
    Paragraph,
    PhotoBlock,
    PullQuote,
    Quote,
    sanitize,
    split,
)
from articles.text.clipboard import clean_pasted

WORD_HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<title>Night Ferry</title><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument>
<w:LatentStyles><w:LsdException Locked="false" Name="heading 1"/></w:LatentStyles></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal {margin:0in; font-family:"Calibri",sans-serif;}
@list l0:level1 {mso-level-number-format:bullet;} --></style></head>
<body lang=EN-US style='tab-interval:.5in'><!--StartFragment-->
"""
WORD_TAIL = "\n<!--EndFragment--></body></html>"


def word(body: str) -> str:
    return WORD_HEAD + body + WORD_TAIL


def word_item(text: str, *, level: int = 1, marker: str = "·", place: str = "Middle", list_id: str = "l0") -> str:
    indent = 0.5 * level
    return (
        f"<p class=MsoListParagraphCxSp{place} style='margin-left:{indent}in;mso-add-space:auto;text-indent:-.25in;\n"
        f"mso-list:{list_id} level{level} lfo1'><![if !supportLists]><span\nstyle='font-family:Symbol;mso-fareast-font-family:"
        f"Symbol'><span style='mso-list:Ignore'>{marker}<span\nstyle='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; "
        f"</span></span></span><![endif]>{text}<o:p></o:p></p>\n\n"
    )


def docs(body: str) -> str:
    return (
        "<meta charset='utf-8'><meta charset=\"utf-8\">"
        f'<b style="font-weight:normal;" id="docs-internal-guid-5f1c0d2e-7fff-aaaa">{body}</b>'
        '<br class="Apple-interchange-newline">'
    )


def docs_span(text: str, weight: int = 400, slant: str = "normal", colour: str = "#000000") -> str:
    return (
        f'<span style="font-size:11pt;font-family:Arial,sans-serif;color:{colour};background-color:transparent;'
        f"font-weight:{weight};font-style:{slant};font-variant:normal;text-decoration:none;vertical-align:baseline;"
        f'white-space:pre-wrap;">{text}</span>'
    )


def docs_p(inner: str) -> str:
    return f'<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:0pt;">{inner}</p>'


def docs_li(inner: str, level: int = 1) -> str:
    return (
        f'<li dir="ltr" style="list-style-type:disc;font-size:11pt;white-space:pre;" aria-level="{level}">'
        f'<p dir="ltr" style="line-height:1.38;" role="presentation">{docs_span(inner)}</p></li>'
    )


def web_item(text: str, level: int, tag: str = "ul") -> str:
    return (
        f'<div class="ListContainerWrapper SCXW1 BCX0"><{tag} class="BulletListStyle1 SCXW1"><li data-leveltext="" '
        f'data-font="Symbol" data-listid="2" aria-setsize="-1" data-aria-posinset="1" data-aria-level="{level}" '
        f'class="OutlineElement Ltr"><p class="Paragraph" paraid="1"><span class="TextRun SCXW1"><span '
        f'class="NormalTextRun">{text}</span></span><span class="EOP">&nbsp;</span></p></li></{tag}></div>'
    )


UUID = "0190b5a2-7c1e-7f00-8000-00000000abcd"

CASES = {
    "word headings and paragraphs": (
        word(
            "<h1>Night Ferry<o:p></o:p></h1>\n\n<p class=MsoNormal>Ada Quill returns\nto the sea.<o:p></o:p></p>\n\n"
            "<h2><b><span style='mso-fareast-font-family:\"Times New Roman\"'>The Cast</span></b><o:p></o:p></h2>"
        ),
        [Heading("", 2, "Night Ferry"), Paragraph("", "Ada Quill returns to the sea."), Heading("", 2, "The Cast")],
    ),
    "word title style": (
        word("<p class=MsoTitle>Night Ferry<o:p></o:p></p><p class=MsoSubtitle>A review</p>"),
        [Heading("", 2, "Night Ferry"), Paragraph("", "A review")],
    ),
    "word bold with a bidirectional weight stays bold": (
        word(
            "<p class=MsoNormal>A <b style='mso-bidi-font-weight:normal'>bold</b> and <i style='mso-bidi-font-style:"
            "normal'>slanted</i> word<span style='mso-spacerun:yes'>  </span>here.</p>"
        ),
        [Paragraph("", "A <strong>bold</strong> and <em>slanted</em> word here.")],
    ),
    "word empty paragraphs": (
        word(
            "<p class=MsoNormal>One.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p>&nbsp;</p><p><br></p>"
            "<p class=MsoNormal>Two.</p>"
        ),
        [Paragraph("", "One."), Paragraph("", "Two.")],
    ),
    "word bullets": (
        word(word_item("First", place="First") + word_item("Second", place="Last")),
        [ListBlock("", False, (ListItem("First"), ListItem("Second")))],
    ),
    "word bullets three deep": (
        word(
            word_item("Film", place="First")
            + word_item("Drama", level=2, marker="o")
            + word_item("Crime", level=3, marker="§")
            + word_item("Comedy", level=2, marker="o")
            + word_item("Music", place="Last")
        ),
        [
            ListBlock(
                "",
                False,
                (
                    ListItem("Film", (ListItem("Drama", (ListItem("Crime"),)), ListItem("Comedy"))),
                    ListItem("Music"),
                ),
            )
        ],
    ),
    "word numbers with lettered sub-items": (
        word(
            word_item("Open", marker="1.", place="First")
            + word_item("The door", level=2, marker="a)")
            + word_item("Close", marker="2.", place="Last")
        ),
        [ListBlock("", True, (ListItem("Open", (ListItem("The door"),), True), ListItem("Close")))],
    ),
    "word list right before another list": (
        word(word_item("Dot") + word_item("One", marker="1.", list_id="l1")),
        [ListBlock("", False, (ListItem("Dot"),)), ListBlock("", True, (ListItem("One"),))],
    ),
    "word list that begins at its second level": (
        word(word_item("Deep", level=2) + word_item("High")),
        [ListBlock("", False, (ListItem("Deep"), ListItem("High")))],
    ),
    "word list between paragraphs": (
        word("<p class=MsoNormal>Before</p>\n" + word_item("Item") + "<p class=MsoNormal>After</p>"),
        [Paragraph("", "Before"), ListBlock("", False, (ListItem("Item"),)), Paragraph("", "After")],
    ),
    "word quotes, two paragraphs": (
        word(
            "<p class=MsoQuote>“I never learned to swim.”<o:p></o:p></p>\n\n<p class=MsoIntenseQuote>“Not once.”</p>\n"
            "<p class=MsoNormal>She laughed.</p>"
        ),
        [Quote("", "“I never learned to swim.”<br><br>“Not once.”"), Paragraph("", "She laughed.")],
    ),
    "word links and bookmarks": (
        word(
            '<p class=MsoNormal><a name="_Toc1"></a>See <a href="https://example.com/a?b=1&amp;c=2"><span '
            'style=\'color:windowtext\'>the list</span></a><a href="#_ftn1" name="_ftnref1"><span '
            'class=MsoFootnoteReference>[1]</span></a>, <a href="file:///C:/Users/ada/x.docx">draft</a>.</p>'
        ),
        [Paragraph("", 'See <a href="https://example.com/a?b=1&amp;c=2">the list</a>[1], draft.')],
    ),
    "word pictures and shapes": (
        word(
            "<p class=MsoNormal><!--[if gte vml 1]><v:shape id='x'><v:imagedata src='file:///a.png'/></v:shape><![endif]-->"
            "<![if !vml]><img width=624 height=416 src=\"file:///C:/Temp/clip_image002.jpg\" v:shapes='x'><![endif]></p>"
            "<p class=MsoCaption>Ada Quill on set. Photo by Jo Pike</p>"
        ),
        [Paragraph("", "Ada Quill on set. Photo by Jo Pike")],
    ),
    "word comments, deletions and hidden text": (
        word(
            '<p class=MsoNormal>She <del cite="mailto:Ed" datetime="2025-01-01">stole</del><ins cite=\'mailto:Ed\'>took'
            "</ins> it<span class=MsoCommentReference><span style='font-size:8.0pt'><a class=msocomanchor id=\"_anchor_1\" "
            "href=\"#_msocom_1\">[EW1]</a></span></span>.<span style='display:none;mso-hide:all'>legal?</span></p>"
            "<div style='mso-element:comment-list'><p class=MsoCommentText>Check this</p></div>"
        ),
        [Paragraph("", "She took it.")],
    ),
    "word table": (
        word(
            "<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Ada<o:p></o:p></p></td><td>Bo</td></tr></table>"
        ),
        [Paragraph("", "Ada · Bo")],
    ),
    "word smart tags": (
        word(
            '<p class=MsoNormal><st1:City w:st="on"><st1:place w:st="on">Paris</st1:place></st1:City>, <st1:country-region '
            'w:st="on">France</st1:country-region> and<o:p> </o:p>on.<o:p></o:p></p><o:p></o:p>'
            "<p class=MsoNormal><st1:PersonName>Ada</st1:PersonName> <b><st1:place>Quill</st1:place></b></p>"
        ),
        [Paragraph("", "Paris, France and on."), Paragraph("", "Ada <strong>Quill</strong>")],
    ),
    "word footnotes": (
        word(
            '<div class=WordSection1><p class=MsoNormal>Words<a style=\'mso-footnote-id:ftn1\' href="#_ftn1" name="_ftnref1">'
            "<span class=MsoFootnoteReference><![if !supportFootnotes]><span class=MsoFootnoteReference>[1]</span><![endif]>"
            "</span></a> end.<o:p></o:p></p></div>\n<div style='mso-element:footnote-list'><![if !supportFootnotes]>"
            "<br clear=all>\n<hr align=left size=1 width=\"33%\">\n<![endif]><div style='mso-element:footnote' id=ftn1>"
            '<p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span class=MsoFootnoteReference>[1]</span></a> '
            "The <i>note</i>.<o:p></o:p></p></div></div>"
        ),
        [Paragraph("", "Words[1] end."), Paragraph("", "[1] The <em>note</em>.")],
    ),
    "word sections and boxes": (
        word("<div class=WordSection1><div style='mso-element:para-border-div'><p class=MsoNormal>In</p></div></div>"),
        [Paragraph("", "In")],
    ),
    "word on the web": (
        '<div class="OutlineElement"><p class="Paragraph" role="heading" aria-level="2"><span class="TextRun">Dates</span>'
        '<span class="EOP">&nbsp;</span></p></div>'
        + web_item("Rome", 1)
        + web_item("North", 2)
        + web_item("Oslo", 1)
        + '<div class="OutlineElement"><p class="Paragraph"><span class="TextRun" style="font-weight:bold">End'
        "</span>.</p></div>",
        [
            Heading("", 2, "Dates"),
            ListBlock("", False, (ListItem("Rome", (ListItem("North"),)), ListItem("Oslo"))),
            Paragraph("", "<strong>End</strong>."),
        ],
    ),
    "docs wrapper is not bold": (
        docs(docs_p(docs_span("Plain words."))),
        [Paragraph("", "Plain words.")],
    ),
    "docs bold, italic and both": (
        docs(
            docs_p(
                docs_span("A ")
                + docs_span("bold", 700)
                + docs_span(", ")
                + docs_span("slanted", 400, "italic")
                + docs_span(", ")
                + docs_span("both", 700, "italic")
            )
        ),
        [Paragraph("", "A <strong>bold</strong>, <em>slanted</em>, <strong><em>both</em></strong>")],
    ),
    "docs headings": (
        docs(
            '<h1 dir="ltr" style="line-height:1.38;">'
            + docs_span("Tour", 400)
            + "</h1><h3>"
            + docs_span("Dates", 700)
            + "</h3><br />"
            + docs_p(docs_span("Soon."))
        ),
        [Heading("", 2, "Tour"), Heading("", 3, "Dates"), Paragraph("", "Soon.")],
    ),
    "docs link through the counting page": (
        docs(
            docs_p(
                '<a href="https://www.google.com/url?q=https://example.com/a%3Fb%3D1&amp;sa=D&amp;source=editors&amp;ust=17'
                '&amp;usg=AOv" style="text-decoration:none;">' + docs_span("here", colour="#1155cc") + "</a>"
            )
        ),
        [Paragraph("", '<a href="https://example.com/a?b=1">here</a>')],
    ),
    "docs counting page cannot smuggle a script": (
        docs(docs_p('<a href="https://www.google.com/url?q=javascript:alert(1)">here</a>')),
        [Paragraph("", "here")],
    ),
    "docs nested lists": (
        docs(
            '<ul style="margin-top:0;">'
            + docs_li("Film")
            + '<ul style="margin-top:0;">'
            + docs_li("Drama", 2)
            + "<ol>"
            + docs_li("Crime", 3)
            + "</ol></ul>"
            + docs_li("Music")
            + "</ul>"
        ),
        [
            ListBlock(
                "",
                False,
                (ListItem("Film", (ListItem("Drama", (ListItem("Crime"),), True),)), ListItem("Music")),
            )
        ],
    ),
    "docs pictures, rules and blank lines": (
        docs(
            docs_p(
                '<span><span style="border:none;"><img src="https://lh7-rt.googleusercontent.com/docsz/x" width="602"></span></span>'
            )
            + "<br /><hr /><br />"
            + docs_p(docs_span("&nbsp;"))
            + docs_p(docs_span("After"))
        ),
        [Divider(""), Paragraph("", "After")],
    ),
    "docs table": (
        docs(
            '<div dir="ltr" align="left"><table style="border:none;"><colgroup><col width="301" /><col width="301" /></colgroup>'
            '<tbody><tr style="height:0pt"><td style="border-left:solid #000 1pt;">'
            + docs_p(docs_span("Rome"))
            + "</td><td>"
            + docs_p(docs_span("4 July", 700))
            + "</td></tr><tr><td><br /></td><td>"
            + docs_p(docs_span("alone"))
            + "</td></tr><tr><td>"
            + docs_p(docs_span("Oslo"))
            + "</td><td>"
            + docs_p(docs_span("first"))
            + docs_p(docs_span("second"))
            + "</td></tr></tbody></table></div>"
        ),
        [
            Paragraph("", "Rome · <strong>4 July</strong>"),
            *(Paragraph("", words) for words in ("alone", "Oslo", "first", "second")),
        ],
    ),
    "a table in a table": (
        "<table><tr><th>Day<th>Place<tr><td>Mon<td><table><tr><td>in<td>ner</table></table>",
        [Paragraph("", "Day · Place"), Paragraph("", "Mon"), Paragraph("", "in · ner")],
    ),
    "mail lines as divisions": (
        '<div dir="ltr">First line<div><br></div><div>Second <b>line</b></div><div>a<br><br>b</div></div>',
        [
            Paragraph("", "First line"),
            Paragraph("", "Second <strong>line</strong>"),
            Paragraph("", "a"),
            Paragraph("", "b"),
        ],
    ),
    "mail link through the checking page": (
        '<p><a href="https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2F&amp;data=05">x</a></p>',
        [Paragraph("", '<a href="https://example.com/">x</a>')],
    ),
    "web page with a script and a figure": (
        '<article><header><h1 class="t">Tour</h1></header><figure><img src="https://example.com/a.jpg" onerror="x()">'
        "<figcaption>Bo on stage</figcaption></figure><script>track()</script><section>One</section><section>Two</section></article>",
        [Heading("", 2, "Tour"), Paragraph("", "Bo on stage"), Paragraph("", "One"), Paragraph("", "Two")],
    ),
    "notes": (
        '<meta charset="UTF-8"><style type="text/css">p.p1 {margin: 0}</style><p class="p1"><span class="s1"><b>Tour</b></span></p>'
        '<p class="p2"><br></p><p class="p3"><b>Bold</b><span class="Apple-converted-space"> </span>and <i>slanted</i> '
        '<a href="https://example.com/"><span class="s2">link</span></a></p><ul class="ul1"><li class="li1">One</li>'
        '<li class="li1">Two<ul class="ul1"><li>deep</li></ul></li></ul>',
        [
            Paragraph("", "<strong>Tour</strong>"),
            Paragraph("", '<strong>Bold</strong> and <em>slanted</em> <a href="https://example.com/">link</a>'),
            ListBlock("", False, (ListItem("One"), ListItem("Two", (ListItem("deep"),)))),
        ],
    ),
    "wordpress": (
        '<!-- wp:paragraph --><p>One <strong>b</strong> <a href="https://example.com/">x</a></p><!-- /wp:paragraph -->'
        '<!-- wp:heading {"level":3} --><h3 class="wp-block-heading">Head</h3><!-- /wp:heading --><!-- wp:quote -->'
        '<blockquote class="wp-block-quote"><p>Never.</p><cite>Ada Quill</cite></blockquote><!-- /wp:quote -->'
        '<figure class="wp-block-pullquote"><blockquote><p>Pulled.</p><cite>Bo</cite></blockquote></figure>'
        '<hr class="wp-block-separator"/><!-- wp:list --><ul class="wp-block-list"><!-- wp:list-item --><li>a</li></ul>',
        [
            Paragraph("", 'One <strong>b</strong> <a href="https://example.com/">x</a>'),
            Heading("", 3, "Head"),
            Quote("", "Never.", "Ada Quill"),
            PullQuote("", "Pulled.", "Bo"),
            Divider(""),
            ListBlock("", False, (ListItem("a"),)),
        ],
    ),
    "ghost": (
        '<p dir="ltr"><span style="white-space: pre-wrap;">Text </span><b><strong style="white-space: pre-wrap;">bold</strong></b>'
        '<span style="white-space: pre-wrap;"> </span><i><em style="white-space: pre-wrap;">it</em></i> '
        '<a href="https://example.com/" rel="noreferrer"><span>link</span></a></p><h2 dir="ltr"><span>Head</span></h2>'
        '<ul><li value="1"><span>One</span></li><li value="2"><ul><li value="1"><span>deep</span></li></ul></li></ul>',
        [
            Paragraph("", 'Text <strong>bold</strong> <em>it</em> <a href="https://example.com/">link</a>'),
            Heading("", 2, "Head"),
            ListBlock("", False, (ListItem("One", (ListItem("deep"),)),)),
        ],
    ),
    "medium": (
        '<h3 name="1" class="graf graf--h3">Head</h3><p class="graf graf--p"><strong class="markup--strong">b</strong> and '
        '<em class="markup--em">i</em> <a href="https://example.com/" class="markup--anchor">l</a></p>'
        '<blockquote class="graf graf--blockquote">Quoted.</blockquote><ul class="postList"><li class="graf graf--li">x</li></ul>',
        [
            Heading("", 3, "Head"),
            Paragraph("", '<strong>b</strong> and <em>i</em> <a href="https://example.com/">l</a>'),
            Quote("", "Quoted."),
            ListBlock("", False, (ListItem("x"),)),
        ],
    ),
    "notion": (
        '<meta charset="utf-8"><h1>Head</h1><p>a <strong>b</strong></p><ul><li>x<ul><li>y</li></ul></li></ul>'
        "<blockquote>q</blockquote><ol><li>n</li></ol><!-- notionvc: 1 -->",
        [
            Heading("", 2, "Head"),
            Paragraph("", "a <strong>b</strong>"),
            ListBlock("", False, (ListItem("x", (ListItem("y"),)),)),
            Quote("", "q"),
            ListBlock("", True, (ListItem("n"),)),
        ],
    ),
    "slack": (
        '<meta charset=\'utf-8\'><b data-stringify-type="bold" style="font-weight: 700">Bold</b> words'
        '<span class="c-mrkdwn__br" data-stringify-type="paragraph-break" style="box-sizing: inherit; display: block;"></span>'
        'next <i data-stringify-type="italic">it</i><ul data-stringify-type="unordered-list" data-indent="0"><li>one</li></ul>'
        '<ul data-indent="1"><li>deep</li></ul><blockquote type="cite" class="c-mrkdwn__quote">quoted</blockquote>',
        [
            Paragraph("", "<strong>Bold</strong> words"),
            Paragraph("", "next <em>it</em>"),
            ListBlock("", False, (ListItem("one", (ListItem("deep"),)),)),
            Quote("", "quoted"),
        ],
    ),
    "a work in a sentence": (
        "<p>As in <cite>Night Ferry</cite>, again.</p>",
        [Paragraph("", "As in Night Ferry, again.")],
    ),
    "our own photo survives cut and paste": (
        f'<figure data-id="abcdef" data-photo="{UUID}" data-layout="full" class="ProseMirror-selectednode"><img src="/x.jpg"></figure>',
        [PhotoBlock("abcdef", uuid.UUID(UUID), "full")],
    ),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("html", "blocks"), CASES.values(), ids=CASES.keys())
def test_clipboard_html_becomes_the_blocks_it_means(html, blocks):
    assert list(split(clean_pasted(html))) == blocks


@pytest.mark.parametrize("html", [html for html, _ in CASES.values()], ids=CASES.keys())
def test_cleaned_paste_is_in_the_stored_form(html):
    clean = clean_pasted(html)
    assert sanitize(clean) == clean


def test_absurd_levels_and_weights_do_not_break_a_paste():
    item = "<p class=MsoListParagraph style='mso-list:l0 level99999 lfo1'>x</p>"
    blocks = split(
        clean_pasted(item * 2000 + "<p class=MsoQuote>" * 2000 + "<b style='font-weight:99999999999'>" * 100)
    )
    assert sum(len(block.items) for block in blocks if isinstance(block, ListBlock)) == 2000
    assert "deep" in clean_pasted("<table><tr><td>" * 60 + "deep")
