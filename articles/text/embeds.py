"""Which addresses can be embedded: the page of a known provider, recognized from its URL alone.

`identify` gives one address for every spelling of the same thing (share links, mobile hosts, players, tracking
parameters), and `from_markup` the one that a provider's embed code shows. Short links that only the provider can
resolve (`vm.tiktok.com`, `on.soundcloud.com`, `reddit.com/…/s/…`) are not recognized, because nothing here asks the
network; `refusal` says what to do with them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from itertools import islice
from urllib.parse import parse_qs, urlsplit

MAX_URL = 2000
MAX_MARKUP = 100_000
"""Characters of a text that is looked through for embed code."""
MAX_CODE = 20_000
"""Characters of one piece of embed code."""
MOST_CODES = 200
"""Frames and quotations of one page that are looked at."""


@dataclass(frozen=True, slots=True)
class EmbedAddress:
    """`provider` is a key of PROVIDERS; `aspect_ratio` ("16:9") is None where the height depends on the content.

    `start` is where a video begins, in seconds; `url` says it too.
    """

    provider: str
    url: str
    embed_id: str
    aspect_ratio: str | None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's name, and what one of its pages is called in a sentence."""

    name: str
    noun: str


PROVIDERS = {
    "youtube": Provider("YouTube", "Video"),
    "vimeo": Provider("Vimeo", "Video"),
    "instagram": Provider("Instagram", "Post"),
    "tiktok": Provider("TikTok", "Video"),
    "x": Provider("X", "Post"),
    "facebook": Provider("Facebook", "Post"),
    "spotify": Provider("Spotify", "Audio"),
    "apple_music": Provider("Apple Music", "Audio"),
    "soundcloud": Provider("SoundCloud", "Audio"),
    "reddit": Provider("Reddit", "Post"),
    "threads": Provider("Threads", "Post"),
    "bluesky": Provider("Bluesky", "Post"),
    "twitch": Provider("Twitch", "Video"),
    "dailymotion": Provider("Dailymotion", "Video"),
    "bandcamp": Provider("Bandcamp", "Audio"),
    "apple_podcasts": Provider("Apple Podcasts", "Audio"),
    "letterboxd": Provider("Letterboxd", "Page"),
    "giphy": Provider("GIPHY", "GIF"),
}
# How a provider's address says where to begin; its own `?` or `&` is put before it.
_MOMENTS = {"youtube": "t={}s", "vimeo": "#t={}s", "twitch": "t={}s", "dailymotion": "start={}"}
_MOMENT = re.compile(
    r"[?&#](?:t|start|time_continue)=(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?(?=[&#]|$)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` matches `host/path?query`, the host without www; its groups fill `url` and `embed_id`."""

    provider: str
    pattern: re.Pattern[str]
    url: str
    embed_id: str
    aspect_ratio: str | None = None


def _rule(provider: str, pattern: str, url: str, embed_id: str = "{id}", aspect_ratio: str | None = None) -> _Rule:
    return _Rule(provider, re.compile(pattern + r"/?(?:[?&].*)?", re.ASCII), url, embed_id, aspect_ratio)


_YOUTUBE = r"(?:music\.)?youtube(?:-nocookie)?\.com"
_VIDEO = r"(?P<id>[\w-]{11})"
_FACEBOOK = r"(?:web\.)?facebook\.com"
_INSTAGRAM = r"instagram\.com/(?:[\w.]+/)?"
_VIMEO = r"vimeo\.com/(?:channels/[\w-]+/|groups/[\w-]+/videos/|(?:album|showcase)/\d+/video/)?"
_APPLE = r"(?:embed\.|geo\.)?music\.apple\.com/(?P<country>[a-z]{2})"
_THREADS = r"threads\.(?:net|com)"
_PODCASTS = r"(?:embed\.)?podcasts\.apple\.com/(?P<country>[a-z]{2})/podcast/(?:[^/?#]+/)?id(?P<show>\d+)"

_RULES = (
    _rule(
        "youtube",
        rf"{_YOUTUBE}/playlist\?(?:.*&)?list=(?P<id>[\w-]{{12,64}})",
        "https://www.youtube.com/playlist?list={id}",
        aspect_ratio="16:9",
    ),
    _rule("youtube", rf"{_YOUTUBE}/shorts/{_VIDEO}", "https://www.youtube.com/shorts/{id}", aspect_ratio="9:16"),
    _rule(
        "youtube",
        rf"(?:{_YOUTUBE}/(?:watch/?\?(?:.*&)?v=|embed/|live/|v/)|youtu\.be/){_VIDEO}",
        "https://www.youtube.com/watch?v={id}",
        aspect_ratio="16:9",
    ),
    _rule(
        "vimeo",
        r"player\.vimeo\.com/video/(?P<id>\d+)/?\?(?:.*&)?h=(?P<key>[0-9a-f]{6,16})",
        "https://vimeo.com/{id}/{key}",
        "{id}/{key}",
        "16:9",
    ),
    _rule(
        "vimeo",
        r"vimeo\.com/(?P<id>\d+)/(?P<key>[0-9a-f]{6,16})",
        "https://vimeo.com/{id}/{key}",
        "{id}/{key}",
        "16:9",
    ),
    _rule(
        "vimeo", rf"(?:player\.vimeo\.com/video/|{_VIMEO})(?P<id>\d+)", "https://vimeo.com/{id}", aspect_ratio="16:9"
    ),
    _rule(
        "instagram",
        rf"{_INSTAGRAM}reels?/(?P<id>[\w-]{{5,40}})(?:/embed)?",
        "https://www.instagram.com/reel/{id}/",
        aspect_ratio="9:16",
    ),
    _rule(
        "instagram",
        rf"{_INSTAGRAM}(?:p|tv)/(?P<id>[\w-]{{5,40}})(?:/embed(?:/captioned)?)?",
        "https://www.instagram.com/p/{id}/",
    ),
    _rule(
        "tiktok",
        r"tiktok\.com/@(?P<user>[\w.-]{1,40})/(?P<kind>video|photo)/(?P<id>\d{8,24})",
        "https://www.tiktok.com/@{user}/{kind}/{id}",
        aspect_ratio="9:16",
    ),
    _rule(
        "tiktok",
        r"tiktok\.com/(?:embed/(?:v2/)?|player/v1/|v/)(?P<id>\d{8,24})(?:\.html)?",
        "https://www.tiktok.com/embed/v2/{id}",
        aspect_ratio="9:16",
    ),
    _rule(
        "x",
        r"(?:twitter|x)\.com/i/(?:web/)?status/(?P<id>\d{1,24})(?:/(?:photo|video)/\d)?",
        "https://x.com/i/status/{id}",
    ),
    _rule(
        "x",
        r"(?:twitter|x)\.com/(?P<user>\w{1,20})/status(?:es)?/(?P<id>\d{1,24})(?:/(?:photo|video)/\d)?",
        "https://x.com/{user}/status/{id}",
    ),
    _rule(
        "facebook",
        rf"{_FACEBOOK}/(?P<page>[\w.-]+)/posts/(?:[\w-]+/)?(?P<id>\d+|pfbid\w+)",
        "https://www.facebook.com/{page}/posts/{id}",
    ),
    _rule(
        "facebook",
        rf"{_FACEBOOK}/(?P<page>[\w.-]+)/videos/(?:[\w.-]+/)?(?P<id>\d+)",
        "https://www.facebook.com/{page}/videos/{id}",
        aspect_ratio="16:9",
    ),
    _rule(
        "facebook",
        rf"{_FACEBOOK}/watch/?\?(?:.*&)?v=(?P<id>\d+)",
        "https://www.facebook.com/watch/?v={id}",
        aspect_ratio="16:9",
    ),
    _rule("facebook", rf"{_FACEBOOK}/reel/(?P<id>\d+)", "https://www.facebook.com/reel/{id}", aspect_ratio="9:16"),
    _rule(
        "facebook",
        rf"{_FACEBOOK}/photo(?:\.php)?/?\?(?:.*&)?fbid=(?P<id>\d+)",
        "https://www.facebook.com/photo/?fbid={id}",
    ),
    _rule(
        "facebook",
        rf"{_FACEBOOK}/share/(?P<kind>[pvr])/(?P<id>\w+)",
        "https://www.facebook.com/share/{kind}/{id}/",
    ),
    _rule("facebook", r"fb\.watch/(?P<id>[\w-]+)", "https://fb.watch/{id}/"),
    _rule(
        "spotify",
        r"open\.spotify\.com/(?:intl-[a-z-]+/)?(?:embed/)?"
        r"(?P<kind>track|album|artist|playlist|episode|show)/(?P<id>[0-9A-Za-z]{22})",
        "https://open.spotify.com/{kind}/{id}",
        "{kind}/{id}",
    ),
    _rule(
        "apple_music",
        rf"{_APPLE}/album/(?:[^/?#]+/)?(?P<album>\d+)/?\?(?:.*&)?i=(?P<id>\d+)",
        "https://music.apple.com/{country}/album/{album}?i={id}",
        "{country}/album/{album}?i={id}",
    ),
    _rule(
        "apple_music",
        rf"{_APPLE}/(?P<kind>album|song|playlist|artist|music-video)/(?:[^/?#]+/)?(?P<id>\d+|pl\.[\w-]+)",
        "https://music.apple.com/{country}/{kind}/{id}",
        "{country}/{kind}/{id}",
    ),
    _rule(
        "soundcloud",
        r"soundcloud\.com/(?P<user>[\w-]+)/sets/(?P<id>[\w-]+)",
        "https://soundcloud.com/{user}/sets/{id}",
        "{user}/sets/{id}",
    ),
    _rule(
        "soundcloud",
        r"soundcloud\.com/(?!(?:discover|search|you|stream|upload|pages|charts|stations|settings|tags|terms-of-use)/)"
        r"(?P<user>[\w-]+)/(?!(?:tracks|albums|sets|reposts|likes|followers|following|comments|popular-tracks)$)"
        r"(?P<id>[\w-]+(?:/s-\w+)?)",
        "https://soundcloud.com/{user}/{id}",
        "{user}/{id}",
    ),
    _rule(
        "reddit",
        r"reddit\.com/(?P<place>(?:r|user)/[\w-]+)/comments/(?P<post>[0-9a-z]+)/(?:[^/?#]*|comment)/(?P<id>[0-9a-z]{5,10})",
        "https://www.reddit.com/{place}/comments/{post}/comment/{id}/",
        "{post}/{id}",
    ),
    _rule(
        "reddit",
        r"reddit\.com/(?P<place>(?:r|user)/[\w-]+)/comments/(?P<id>[0-9a-z]+)(?:/[^/?#]*)?",
        "https://www.reddit.com/{place}/comments/{id}/",
    ),
    _rule("reddit", r"(?:reddit\.com/comments|redd\.it)/(?P<id>[0-9a-z]+)", "https://www.reddit.com/comments/{id}/"),
    _rule(
        "threads",
        rf"{_THREADS}/@(?P<user>[\w.]{{1,40}})/post/(?P<id>[\w-]{{5,40}})(?:/embed)?",
        "https://www.threads.com/@{user}/post/{id}",
    ),
    _rule("threads", rf"{_THREADS}/t/(?P<id>[\w-]{{5,40}})", "https://www.threads.com/t/{id}"),
    _rule(
        "bluesky",
        r"bsky\.app/profile/(?P<user>[\w.:-]{3,100})/post/(?P<id>[0-9a-z]{5,20})",
        "https://bsky.app/profile/{user}/post/{id}",
        "{user}/{id}",
    ),
    _rule(
        "bluesky",
        r"embed\.bsky\.app/embed/(?P<user>[\w.:-]{3,100})/app\.bsky\.feed\.post/(?P<id>[0-9a-z]{5,20})",
        "https://bsky.app/profile/{user}/post/{id}",
        "{user}/{id}",
    ),
    _rule(
        "twitch",
        r"(?:twitch\.tv/(?:videos|\w{1,30}/v(?:ideo)?)/|player\.twitch\.tv/\?(?:.*&)?video=v?)(?P<id>\d{4,20})",
        "https://www.twitch.tv/videos/{id}",
        "video/{id}",
        "16:9",
    ),
    _rule(
        "twitch",
        r"(?:clips\.twitch\.tv/(?:embed\?(?:.*&)?clip=)?|twitch\.tv/\w{1,30}/clip/)(?P<id>[\w-]{4,120})",
        "https://clips.twitch.tv/{id}",
        "clip/{id}",
        "16:9",
    ),
    _rule(
        "twitch",
        r"(?:player\.twitch\.tv/\?(?:.*&)?channel=|twitch\.tv/(?!(?:directory|downloads|jobs|p|search|settings"
        r"|subscriptions|turbo|wallet|store|drops|inventory|videos|login|signup)(?:[/?]|$)))(?P<id>\w{2,30})",
        "https://www.twitch.tv/{id}",
        "channel/{id}",
        "16:9",
    ),
    _rule(
        "dailymotion",
        r"(?:dailymotion\.com/(?:embed/)?video/|dai\.ly/|geo\.dailymotion\.com/player(?:/\w+)?\.html\?(?:.*&)?video=)"
        r"(?P<id>[0-9a-z]{5,12})(?:_[^/?#]*)?",
        "https://www.dailymotion.com/video/{id}",
        aspect_ratio="16:9",
    ),
    _rule(
        "bandcamp",
        r"(?P<artist>[\w-]{1,80})\.bandcamp\.com/(?P<kind>album|track)/(?P<id>[\w-]{1,200})",
        "https://{artist}.bandcamp.com/{kind}/{id}",
        "{artist}/{kind}/{id}",
    ),
    _rule(
        "apple_podcasts",
        rf"{_PODCASTS}\?(?:.*&)?i=(?P<id>\d+)",
        "https://podcasts.apple.com/{country}/podcast/id{show}?i={id}",
        "{country}/podcast/id{show}?i={id}",
    ),
    _rule(
        "apple_podcasts",
        _PODCASTS,
        "https://podcasts.apple.com/{country}/podcast/id{show}",
        "{country}/podcast/id{show}",
    ),
    _rule("letterboxd", r"letterboxd\.com/film/(?P<id>[\w-]{1,120})", "https://letterboxd.com/film/{id}/", "film/{id}"),
    _rule(
        "letterboxd",
        r"letterboxd\.com/(?P<user>\w{2,30})/(?P<kind>film|list|story)/(?P<id>[\w-]{1,120}(?:/\d{1,4})?)",
        "https://letterboxd.com/{user}/{kind}/{id}/",
        "{user}/{kind}/{id}",
    ),
    _rule(
        "giphy",
        r"(?:giphy\.com/(?:gifs|clips|stickers|embed)/(?:[\w-]*-)?|(?:media\d{0,2}|i)\.giphy\.com/(?:media/)?(?:v1\.[\w-]+/)?)"
        r"(?P<id>[0-9A-Za-z]{8,40})(?:/[\w-]+)?(?:\.(?:gif|webp|mp4))?",
        "https://giphy.com/gifs/{id}",
    ),
)


@lru_cache(maxsize=4096)
def identify(url: str) -> EmbedAddress | None:
    """Return what this http(s) URL embeds, under its provider's own address, or None for any other text."""
    url = url.strip()
    page = _page(_unwrapped(url)) if len(url) <= MAX_URL else None
    if page is None:
        return None
    found = ((rule, rule.pattern.fullmatch(page)) for rule in _RULES)
    return next((_address(rule, match.groupdict(), url) for rule, match in found if match), None)


def from_markup(html: str) -> EmbedAddress | None:
    """Return what embed code shows: a player's iframe, or the quotation that a provider's script fills. None for other HTML.

    What the code names as its own address counts first; of its links the last, as quotations end with the post's.
    """
    if len(html) > MAX_MARKUP or not _CODE.search(html):
        return None
    named = (identify(url) for url in _values(_NAMED, html))
    linked = [address for url in _values(_LINKED, html) if (address := identify(url))]
    return next((address for address in named if address), linked[-1] if linked else None)


def marked(html: str) -> str:
    """Return HTML with the embed code in it replaced by embeds of ours. Code of nobody we know stays as it is."""
    return "".join(_marked(html)) if _CODE.search(html) else html


def _marked(html: str) -> Iterator[str]:
    done = 0
    for opening in islice(_OPENING.finditer(html), MOST_CODES):
        start, end = opening.start(), _end(html, opening)
        address = (
            (from_markup(html[start:end]) or _named_below(html[start:end], html[end : end + 1500])) if end else None
        )
        if address and start >= done:
            yield from (html[done:start], f'<div data-embed="{escape(address.url)}"></div>')
            done = end
    yield html[done:]


def _end(html: str, opening: re.Match[str]) -> int:
    """Return where an element ends; 0 if it goes on to the end of the text, or too far to be embed code."""
    close = f"</{opening[1]}>"
    at = html.find(close, opening.end(), opening.end() + MAX_CODE)
    return at + len(close) if at >= 0 else 0


def _named_below(frame: str, below: str) -> EmbedAddress | None:
    """Return what SoundCloud's player shows: it knows the song by a number, and links to it below the frame."""
    if "w.soundcloud.com/player" not in frame:
        return None
    return next((address for url in _values(_LINKED, below) if (address := identify(url))), None)


def refusal(url: str) -> str:
    """Return the sentence that says why this address embeds nothing, and what to do."""
    page = _page(url.strip()) if len(url) <= MAX_URL else None
    for pattern, provider in _SHORT:
        if page and pattern.match(page):
            return (
                f"This is a short link that only {provider} can resolve. Open it in a browser, "
                "and copy the address that it leads to."
            )
    known = ", ".join(provider.name for provider in PROVIDERS.values())
    return f"We can’t embed this address. Supported: {known}."


def fallback_text(provider: str, url: str) -> str:
    """Return the text shown when an embed cannot be shown: "Video on YouTube: https://…"."""
    return f"{PROVIDERS[provider].noun} on {PROVIDERS[provider].name}: {url}"


def _address(rule: _Rule, parts: dict[str, str], given: str) -> EmbedAddress:
    url = rule.url.format(**parts)
    start = _start(given) if rule.aspect_ratio and rule.provider in _MOMENTS else None
    if start:
        moment = _MOMENTS[rule.provider].format(start)
        url += moment if moment.startswith("#") else f"{'&' if '?' in url else '?'}{moment}"
    return EmbedAddress(rule.provider, url, rule.embed_id.format(**parts), rule.aspect_ratio, start)


def _start(url: str) -> int | None:
    """Return the seconds after which a video is to begin: of `t=1h2m3s`, `t=90` and the like. None for the beginning."""
    found = _MOMENT.search(url)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds or None


_PLUGINS = {
    "facebook.com/plugins/post.php": "href",
    "facebook.com/plugins/video.php": "href",
    "w.soundcloud.com/player/": "url",
}


def _unwrapped(url: str) -> str:
    """Return the page that a provider's player names in its address."""
    page = (_page(url) or "").partition("?")
    name = _PLUGINS.get(page[0])
    return (parse_qs(page[2], max_num_fields=50).get(name, [url]) if name else [url])[0]


_CODE = re.compile(
    r"<iframe\b|<blockquote\b[^<>]*(?:instagram-media|twitter-(?:tweet|video)|tiktok-embed|bluesky-embed"
    r"|reddit-(?:embed|card)|text-post-media)|class=[\"']?fb-(?:post|video)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"<(iframe|blockquote)\b[^<>]*>", re.IGNORECASE)
_QUOTED = r"\s*=\s*(?:\"([^\"<>]{1,4000})\"|'([^'<>]{1,4000})')"
_NAMED = re.compile(
    rf"\b(?:(?:data-)?src|cite|data-href|data-instgrm-permalink|data-text-post-permalink|data-bluesky-uri){_QUOTED}",
    re.IGNORECASE,
)
_LINKED = re.compile(rf"\bhref{_QUOTED}", re.IGNORECASE)
_AT_URI = re.compile(r"at://([\w.:-]+)/app\.bsky\.feed\.post/(\w+)", re.ASCII)


def _values(attribute: re.Pattern[str], html: str) -> Iterator[str]:
    for match in attribute.finditer(html):
        value = unescape(match[1] or match[2]).strip()
        value = f"https:{value}" if value.startswith("//") else value
        yield _AT_URI.sub(r"https://bsky.app/profile/\1/post/\2", value)


_SHORT = tuple(
    (re.compile(pattern, re.ASCII), provider)
    for pattern, provider in {
        r"(?:v[mt]\.tiktok\.com/|tiktok\.com/t/)": "TikTok",
        r"(?:on\.soundcloud\.com|snd\.sc)/": "SoundCloud",
        r"(?:spotify\.link|spotify\.app\.link|spoti\.fi)/": "Spotify",
        r"reddit\.com/(?:r|u|user)/[\w-]+/s/": "Reddit",
        r"boxd\.it/": "Letterboxd",
        r"gph\.is/": "GIPHY",
        r"t\.co/": "X",
        r"(?:bit\.ly|tinyurl\.com|ow\.ly|buff\.ly|lnk\.to|\w+\.lnk\.to|ffm\.to)/": "its service",
    }.items()
)


def _page(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and not parts.port
    except ValueError:
        return None
    if not plain:
        return None
    host = re.sub(r"^(?:www|m|mobile|old|new|amp)\.", "", parts.hostname or "")
    return f"{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")
