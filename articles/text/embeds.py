"""Which addresses can be embedded: the page of a known provider, recognized from its URL alone.

`identify` gives one address for every spelling of the same thing (share links, mobile hosts, players, tracking
parameters). Short links that only the provider can resolve (`vm.tiktok.com`, `on.soundcloud.com`, `reddit.com/…/s/…`)
are not recognized, because nothing here asks the network.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

MAX_URL = 2000


@dataclass(frozen=True, slots=True)
class EmbedAddress:
    """`provider` is a key of PROVIDERS; `aspect_ratio` ("16:9") is None where the height depends on the content."""

    provider: str
    url: str
    embed_id: str
    aspect_ratio: str | None


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
}


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
)


@lru_cache(maxsize=4096)
def identify(url: str) -> EmbedAddress | None:
    """Return what this http(s) URL embeds, under its provider's own address, or None for any other text."""
    page = _page(url.strip()) if len(url) <= MAX_URL else None
    if page is None:
        return None
    found = ((rule, rule.pattern.fullmatch(page)) for rule in _RULES)
    return next((_address(rule, match.groupdict()) for rule, match in found if match), None)


def fallback_text(provider: str, url: str) -> str:
    """Return the text shown when an embed cannot be shown: "Video on YouTube: https://…"."""
    return f"{PROVIDERS[provider].noun} on {PROVIDERS[provider].name}: {url}"


def _address(rule: _Rule, parts: dict[str, str]) -> EmbedAddress:
    return EmbedAddress(rule.provider, rule.url.format(**parts), rule.embed_id.format(**parts), rule.aspect_ratio)


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
