"""One invented story as twenty programs write it: the clipboards and files an import meets. Built here, copied nowhere."""

import io
import zipfile
from dataclasses import dataclass
from html import escape

from . import newsroom


@dataclass(frozen=True)
class Run:
    text: str
    href: str = ""
    bold: bool = False
    slanted: bool = False


def r(text, href="", **marks):
    return Run(text, href, **marks)


LINK, OTHER = "https://example.com/harbor?year=2025&day=1", "https://example.org/flood"
TITLE, BYLINE = "Mara Okonjo Brings Her Orchard Home", "By June Castellane"
OPENING = [
    r("Nobody "), r("expected", slanted=True), r(" to see "), r("Mara Okonjo", LINK), r(" come by boat to the old café; she did, and she was "), r("on time", bold=True), r(".")
]  # fmt: skip
SECOND = [r("“I get seasick in taxis,” Okonjo said, and went on board again before anybody in town had asked her to.")]
HEADING, END = "The Long Way Round", "The End of It"
THIRD = [
    r("The orchard took six years, two directors and one "), r("very wet flood", OTHER, slanted=True), r(", & nobody knows what to expect of it any more.")
]  # fmt: skip
BULLETS = [
    [r("A boat with "), r("three", bold=True), r(" masts")],
    [r("Two directors")],
    [r("One flood, "), r("twice", slanted=True)],
]
STEPS = [[r("Build the boat")], [r("Sail it "), r("home", LINK)]]
QUOTE = [r("On the water I can breathe, and nobody calls.")]
LAST = [r("Okonjo sails home on Sunday, and the town has promised that it will not look when she leaves the harbor.")]
CAPTION, CREDIT = (
    "Mara Okonjo attends the opening of her orchard on March 12, 2025 in Lisbon.",
    "(Photo by Petra Lindqvist/Getty Images)",
)
STORY = [
    ("title", [r(TITLE)]), ("p", [r(BYLINE)]), ("p", OPENING), ("p", SECOND), ("photo", CAPTION, CREDIT), ("h", [r(HEADING)]), ("p", THIRD),
    ("ul", BULLETS), ("ol", STEPS), ("q", QUOTE), ("h", [r(END)]), ("p", LAST),
]  # fmt: skip


def page(parts, write, run, around="{}"):
    """Write every block with the function that a program has for its kind."""
    made = []
    for kind, *given in parts:
        words = (
            given
            if kind == "photo"
            else ["".join(map(run, given[0]))]
            if kind not in {"ul", "ol"}
            else [["".join(map(run, item)) for item in given[0]]]
        )
        made.append(write[kind](*words))
    return around.format("".join(made))


def tagged(one):
    text = escape(one.text, quote=False)
    text = f"<strong>{text}</strong>" if one.bold else text
    text = f"<em>{text}</em>" if one.slanted else text
    return f'<a href="{escape(one.href)}">{text}</a>' if one.href else text


def listed(tag, item="<li>{}</li>"):
    return lambda items: f"<{tag}>{''.join(item.format(each) for each in items)}</{tag}>"


PLAIN_HTML = {
    "title": "<h1>{}</h1>".format, "p": "<p>{}</p>\n".format, "h": "<h2>{}</h2>".format, "q": "<blockquote><p>{}</p></blockquote>".format,
    "ul": listed("ul"), "ol": listed("ol"), "photo": "<p>{} {}</p>".format,
}  # fmt: skip


# ---- clipboards ------------------------------------------------------------------------------------------------------


def word_item(marker, number):
    def items(each):
        return "".join(
            f"<p class=MsoListParagraph style='text-indent:-.25in;mso-list:l{number} level1 lfo1'><![if !supportLists]>"
            f"<span style='mso-list:Ignore'>{marker.format(n)}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>{text}<o:p></o:p></p>"
            for n, text in enumerate(each, 1)
        )

    return items


def word_run(one):
    text = f"<span style='mso-bidi-font-weight:normal'>{escape(one.text, quote=False)}</span>"
    text = f"<b style='mso-bidi-font-weight:normal'>{text}</b>" if one.bold else text
    text = f"<i>{text}</i>" if one.slanted else text
    return (
        f'<a href="{escape(one.href)}">{text}</a>'
        if one.href
        else text.replace("Lisbon", "<st1:City w:st=on>Lisbon</st1:City>")
    )


def word():
    normal = "<p class=MsoNormal>{}<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>".format
    return page(
        STORY,
        {
            "title": "<p class=MsoTitle>{}<o:p></o:p></p>".format, "p": normal, "h": "<h2>{}<o:p></o:p></h2>".format,
            "ul": word_item("·", 0), "ol": word_item("{}.", 1), "q": "<p class=MsoQuote>{}<o:p></o:p></p>".format,
            "photo": "<p class=MsoNormal><img width=600 height=400 src='file:///C:/Temp/clip_image001.png'></p><p class=MsoCaption>{} {}<o:p></o:p></p>".format,
        },
        word_run,
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"><style>p.MsoNormal {{margin:0in;}}</style></head>'
        "<body lang=EN-US><!--StartFragment-->{}<!--EndFragment--></body></html>",
    )  # fmt: skip


def docs_run(one):
    weight, slant = 700 if one.bold else 400, "italic" if one.slanted else "normal"
    span = f'<span style="font-size:11pt;font-family:Arial;font-weight:{weight};font-style:{slant};white-space:pre-wrap;">{escape(one.text, quote=False)}</span>'
    return f'<a href="{escape(one.href)}" style="text-decoration:none;">{span}</a>' if one.href else span


def docs_list(tag):
    return listed(
        tag, '<li dir="ltr" aria-level="1" style="list-style-type:disc"><p dir="ltr" role="presentation">{}</p></li>'
    )


def docs():
    p = '<p dir="ltr" style="line-height:1.38;margin-top:0pt;">{}</p><br>'.format
    write = {
        "title": '<h1 dir="ltr">{}</h1>'.format, "p": p, "h": '<h2 dir="ltr">{}</h2>'.format, "ul": docs_list("ul"), "ol": docs_list("ol"),
        "q": "<blockquote>{}</blockquote>".format, "photo": lambda caption, credit: p(docs_run(r(f"{caption} {credit}"))),
    }  # fmt: skip
    return page(
        STORY, write, docs_run, '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">{}</b>'
    )


def cocoa_run(one):
    text = escape(one.text, quote=False)
    text = (
        f'<span class="s2">{text}</span>'
        if one.slanted
        else f"<b>{text}</b>"
        if one.bold
        else f'<span class="s1">{text}</span>'
    )
    return f'<a href="{escape(one.href)}">{text}</a>' if one.href else text


def cocoa(title, heading):
    """Apple's own way of writing HTML: Notes, Pages and Mail use it."""
    write = {
        "title": title, "p": '<p class="p1">{}</p>\n<p class="p2"><br></p>\n'.format, "h": heading,
        "ul": listed("ul", '<li class="li1">{}</li>'), "ol": listed("ol", '<li class="li1">{}</li>'),
        "q": "<blockquote>{}</blockquote>".format, "photo": '<p class="p1">{}<br>\n{}</p>'.format,
    }  # fmt: skip
    return page(
        STORY, write, cocoa_run,
        '<!DOCTYPE html><html><head><meta name="Generator" content="Cocoa HTML Writer"><style type="text/css">p.p1 {{margin: 0px; font: 13px Helvetica}}'
        "span.s2 {{font-style: italic}}</style></head><body>{}</body></html>",
    )  # fmt: skip


def notes():
    return cocoa('<h1 class="p1"><b>{}</b></h1>'.format, '<h2 class="p3"><b>{}</b></h2>'.format)


def pages():
    return cocoa('<p class="p1"><b>{}</b></p>'.format, '<p class="p1"><b>{}</b></p>'.format)


def mail_run(one):
    text = escape(one.text, quote=False)
    text = f"<b>{text}</b>" if one.bold else text
    text = f"<i>{text}</i>" if one.slanted else text
    return f'<a href="{escape(one.href)}" target="_blank">{text}</a>' if one.href else text


def gmail():
    write = {
        "title": "<div><b>{}</b></div><div><br></div>".format, "p": "<div>{}</div><div><br></div>".format, "h": "<div><b>{}</b></div>".format,
        "ul": listed("ul", '<li style="margin-left:15px">{}</li>'), "ol": listed("ol", '<li style="margin-left:15px">{}</li>'),
        "q": '<blockquote class="gmail_quote" style="margin:0 0 0 40px;border:none">{}</blockquote>'.format,
        "photo": "<div>{}</div><div>{}</div><div><br></div>".format,
    }  # fmt: skip
    return page(STORY, write, mail_run, '<div dir="ltr"><div class="gmail_default">{}</div></div>')


def outlook():
    safe = "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fflood&data=05"
    made = page(
        STORY,
        {**PLAIN_HTML, "title": "<p class=MsoNormal><b>{}<o:p></o:p></b></p>".format, "p": "<p class=MsoNormal>{}<o:p></o:p></p>".format,
         "h": "<p class=MsoNormal><b>{}<o:p></o:p></b></p>".format, "photo": "<p class=MsoNormal>{}<br>{}<o:p></o:p></p>".format},
        mail_run, "<html><body lang=EN-US><div class=WordSection1>{}</div></body></html>",
    )  # fmt: skip
    return made.replace(OTHER, safe)


def slack():
    write = {
        "title": "<b data-stringify-type='bold'>{}</b><br><br>".format, "p": "{}<br><br>".format, "h": "<b>{}</b><br>".format,
        "ul": listed("ul", '<li data-stringify-indent="0">{}</li>'), "ol": listed("ol", '<li data-stringify-indent="0">{}</li>'),
        "q": '<blockquote class="c-mrkdwn__quote">{}</blockquote>'.format, "photo": "{} {}<br><br>".format,
    }  # fmt: skip
    return page(STORY, write, mail_run, '<meta charset="utf-8"><div class="p-rich_text_section">{}</div>')


def teams():
    smile = '<p>“I get <img alt="🙂" width="20" height="20" src="https://statics.example.com/smile.png">'
    write = {
        **PLAIN_HTML,
        "title": "<p><strong>{}</strong></p><p>&nbsp;</p>".format,
        "h": "<p><strong>{}</strong></p>".format,
    }
    made = page(STORY, write, tagged, '<div><div itemprop="copy-paste-block">{}</div></div>')
    return made.replace("<p>“I get", smile)


def gutenberg():
    figure = '<!-- wp:image {{"id":7}} --><figure class="wp-block-image size-large"><img src="https://example.com/boat.jpg" alt="A boat" width="1024" height="680"/><figcaption class="wp-element-caption">{} {}</figcaption></figure><!-- /wp:image -->'
    write = {
        **PLAIN_HTML, "p": "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->".format, "photo": figure.format,
        "h": '<!-- wp:heading --><h2 class="wp-block-heading">{}</h2><!-- /wp:heading -->'.format,
        "q": '<blockquote class="wp-block-quote"><p>{}</p></blockquote>'.format,
    }  # fmt: skip
    return page(STORY, write, tagged)


def wordpress():
    figure = '<div id="attachment_7" class="wp-caption alignnone"><a href="https://example.com/boat.jpg"><img class="size-full" src="https://example.com/boat.jpg" alt="A boat" width="1024" height="680"></a><p class="wp-caption-text">{} {}</p></div>'
    return page(STORY, {**PLAIN_HTML, "photo": figure.format}, tagged, '<div class="entry-content">{}</div>')


def notion():
    return page(
        STORY,
        {**PLAIN_HTML, "h": "<h3>{}</h3>".format, "q": "<blockquote>{}</blockquote>".format},
        tagged,
        "<meta charset='utf-8'>{}<!-- notionvc: 1 -->",
    )


def libreoffice():
    write = {
        **PLAIN_HTML, "p": '<p style="line-height: 100%; margin-bottom: 0in">\n{}</p>\n'.format, "h": '<h2 class="western">{}</h2>'.format,
        "ul": listed("ul", '<li><p style="margin-bottom: 0in">{}</p></li>'), "ol": listed("ol", '<li><p style="margin-bottom: 0in">{}</p></li>'),
    }  # fmt: skip
    return page(
        STORY,
        write,
        mail_run,
        '<html><head><meta name="generator" content="LibreOffice 24.2"/><style>@page {{ size: 8.5in }}</style></head><body>{}</body></html>',
    )


def ghost():
    figure = '<figure class="kg-card kg-image-card"><img src="https://example.com/boat.jpg" class="kg-image" alt="A boat"><figcaption><span style="white-space: pre-wrap;">{} {}</span></figcaption></figure>'
    return page(STORY, {**PLAIN_HTML, "photo": figure.format}, tagged)


# ---- files -----------------------------------------------------------------------------------------------------------


def docs_file_run(one):
    names = " ".join(["c0", *(["c1"] if one.bold else []), *(["c2"] if one.slanted else [])])
    text = f'<span class="{names}">{escape(one.text, quote=False)}</span>'
    href = f"https://www.google.com/url?q={escape(one.href.replace('&', '%26').replace('?', '%3F'))}&amp;sa=D&amp;source=editors"
    return f'<span class="c0"><a class="c3" href="{href}">{text}</a></span>' if one.href else text


def docs_file(picture=""):
    image = (
        f'<p class="c4"><span style="overflow: hidden; display: inline-block; width: 624.00px; height: 416.00px;"><img alt="A boat" src="{picture}" style="width: 624.00px" title=""></span></p>'
        if picture
        else ""
    )
    write = {
        "title": '<p class="c5 title"><span class="c0">{}</span></p>'.format, "p": '<p class="c4">{}</p><p class="c4 c6"><span class="c0"></span></p>'.format,
        "h": '<h2 class="c7" id="h.abc"><span class="c0">{}</span></h2>'.format, "q": '<blockquote><p class="c4">{}</p></blockquote>'.format,
        "ul": lambda items: "".join(f'<ul class="c8 lst-kix_ab1-0{" start" * (not n)}"><li class="c4 li-bullet-0">{item}</li></ul>' for n, item in enumerate(items)),
        "ol": listed('ol class="c8 lst-kix_ab2-0 start" start="1"', '<li class="c4 li-bullet-0">{}</li>'),
        "photo": lambda caption, credit: f'{image}<p class="c4"><span class="c0">{caption} {credit}</span><sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>',
    }  # fmt: skip
    comment = '<div class="c9"><p class="c4"><a href="#cmnt_ref1" id="cmnt1">[a]</a><span class="c0">Is this the right boat?</span></p></div>'
    return page(
        STORY, write, docs_file_run,
        '<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">.lst-kix_ab1-0 > li:before{{content:"-"}}.c1{{font-weight:700}}.c2{{font-style:italic}}'
        f".c9{{{{border:1px solid black}}}}</style></head><body class=\"c10 doc-content\">{{}}{comment}</body></html>",
    )  # fmt: skip


def docs_zip():
    return zipped({"Story.html": docs_file("images/image1.png"), "images/image1.png": newsroom.jpeg(seed=5)})


def md_run(one):
    text = f"**{one.text}**" if one.bold else f"*{one.text}*" if one.slanted else one.text
    return f"[{text}]({one.href})" if one.href else text


def markdown(front=False):
    write = {
        "title": "# {}\n\n".format, "p": "{}\n\n".format, "h": "## {}\n\n".format, "q": "> {}\n\n".format,
        "ul": lambda items: "".join(f"- {item}\n" for item in items) + "\n", "ol": lambda items: "".join(f"{n}. {item}\n" for n, item in enumerate(items, 1)) + "\n",
        "photo": '![A boat](images/boat.jpg "{} {}")\n\n'.format,
    }  # fmt: skip
    if not front:
        return page(STORY, write, md_run)
    return f'---\ntitle: "{TITLE}"\nauthor: June Castellane\n---\n' + page(STORY[2:], write, md_run)


def zipped(files, **how):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data, **how)
    return out.getvalue()


# ---- Word files ------------------------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f'xmlns:r="{RELATED}"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="jpeg" ContentType="image/jpeg"/></Types>'
ROOT = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="word/document.xml"/></Relationships>'
NUMBERING = (
    f"<w:numbering {W}>"
    + "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:numFmt w:val="{kind}"/></w:lvl></w:abstractNum>'
        for n, kind in ((1, "bullet"), (2, "decimal"))
    )
    + '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
)
DRAWING = f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="Picture 1" descr="A boat in the harbor"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip {R} r:embed="rIdP"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
NAMES = {"title": "Title", "h": "heading 2", "q": "Quote", "caption": "caption"}


def w_run(one, links):
    marks = ("<w:b/>" if one.bold else "") + ("<w:i/>" if one.slanted else "")
    text = f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(one.text, quote=False)}</w:t></w:r>'
    if not one.href:
        return text
    links.append(one.href)
    return f'<w:hyperlink {R} r:id="rId{len(links) + 9}">{text}</w:hyperlink>'


def w_p(inside, style="", number=0):
    numbered = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return f'<w:p><w:pPr>{f"""<w:pStyle w:val="{style}"/>""" if style else ""}{numbered}</w:pPr>{inside}</w:p>'


def docx(names=NAMES, picture=b"", more="", parts=None):
    """Return the story as a Word file whose styles have these names; `more` is XML at its end, `parts` are further files."""
    links: list[str] = []
    styled = {kind: f"S{kind}" for kind in names}
    write = {
        **{kind: lambda words, kind=kind: w_p(words, styled.get(kind, "")) for kind in ("title", "p", "h", "q")},
        "ul": lambda items: "".join(w_p(item, number=1) for item in items), "ol": lambda items: "".join(w_p(item, number=2) for item in items),
        "photo": lambda caption, credit: (DRAWING if picture else "") + w_p(w_run(r(f"{caption} {credit}"), links), styled.get("caption", "")),
    }  # fmt: skip
    body = page(STORY, write, lambda one: w_run(one, links)) + more
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{kind}"><w:name w:val="{name}"/></w:style>'
        for kind, name in names.items()
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATED}/hyperlink" Target="{escape(href)}" TargetMode="External"/>'
        for n, href in enumerate(links, 10)
    )
    for kind, name in (
        ("styles", "styles.xml"),
        ("numbering", "numbering.xml"),
        ("footnotes", "footnotes.xml"),
        ("comments", "comments.xml"),
    ):
        targets += (
            f'<Relationship Id="r{kind}" Type="{RELATED}/{kind}" Target="{name}"/>'
            if name not in {"footnotes.xml", "comments.xml"} or f"word/{name}" in (parts or {})
            else ""
        )
    targets += f'<Relationship Id="rIdP" Type="{RELATED}/image" Target="media/image1.jpeg"/>' if picture else ""
    files = {
        "[Content_Types].xml": TYPES, "_rels/.rels": ROOT, "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>", "word/numbering.xml": NUMBERING,
        "word/document.xml": f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {W}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{targets}</Relationships>',
    }  # fmt: skip
    return zipped(files | ({"word/media/image1.jpeg": picture} if picture else {}) | (parts or {}))


def docx_edited():
    """Tracked changes, a comment, a footnote and a smart tag at the end of the story."""
    note = f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>Harbor office, 2024.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    comments = f'<w:comments {W}><w:comment w:id="1" w:author="A"><w:p><w:r><w:t>Really?</w:t></w:r></w:p></w:comment></w:comments>'
    more = w_p(
        '<w:r><w:t xml:space="preserve">The mayor of </w:t></w:r><w:smartTag w:element="place"><w:r><w:t>Lisbon</w:t></w:r></w:smartTag><w:del w:id="1"><w:r><w:delText> never</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t xml:space="preserve"> always</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> waves at every boat that comes into the harbor.</w:t></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
    )
    return docx(more=more, parts={"word/footnotes.xml": note, "word/comments.xml": comments})


PASTES = {
    "Word": word, "Google Docs": docs, "Apple Notes": notes, "Pages": pages, "Gmail": gmail, "Outlook": outlook, "Slack": slack, "Teams": teams,
    "WordPress": wordpress, "Gutenberg": gutenberg, "Notion": notion, "LibreOffice": libreoffice, "Ghost": ghost,
}  # fmt: skip
FILES = {
    "docs.html": lambda: docs_file().encode(), "docs.zip": docs_zip, "notes.md": lambda: markdown().encode(), "front.md": lambda: markdown(front=True).encode(),
    "page.html": lambda: page(STORY, PLAIN_HTML, tagged, "<!doctype html><title>x</title>{}").encode("utf-16"),
    "word.docx": docx, "pictures.docx": lambda: docx(picture=newsroom.jpeg(seed=6)),
    "libreoffice.docx": lambda: docx({"title": "Title", "h": "Heading 2", "q": "Quotations", "caption": "Caption"}),
    "docs.docx": lambda: docx({"title": "Title", "h": "heading 2", "q": "Quote"}), "edited.docx": docx_edited,
}  # fmt: skip
