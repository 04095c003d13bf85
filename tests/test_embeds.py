"""Embeds: addresses and embed code of known providers, short links, moments and captions."""

import time

import pytest

from articles.text.block_json import from_typed, to_typed
from articles.text.body import join, prose, sanitize, split
from articles.text.clipboard import clean_pasted
from articles.text.embeds import PROVIDERS, fallback_text, from_markup, identify, marked, refusal

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("url", "provider", "canonical", "embed_id", "aspect_ratio"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s", "youtube", f"{YOUTUBE}&t=42s", "dQw4w9WgXcQ", "16:9"),
        ("http://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ", "youtube", YOUTUBE, "dQw4w9WgXcQ", "16:9"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", "youtube", YOUTUBE, "dQw4w9WgXcQ", "16:9"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "youtube", YOUTUBE, "dQw4w9WgXcQ", "16:9"),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", "youtube", YOUTUBE, "dQw4w9WgXcQ", "16:9"),
        (
            "https://youtube.com/shorts/dQw4w9WgXcQ",
            "youtube",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ",
            "dQw4w9WgXcQ",
            "9:16",
        ),
        (
            "https://www.youtube.com/playlist?list=PLabcdefghijklmno",
            "youtube",
            "https://www.youtube.com/playlist?list=PLabcdefghijklmno",
            "PLabcdefghijklmno",
            "16:9",
        ),
        ("https://vimeo.com/channels/staffpicks/76979871", "vimeo", "https://vimeo.com/76979871", "76979871", "16:9"),
        (
            "https://player.vimeo.com/video/76979871?autoplay=1&h=8272103f6e",
            "vimeo",
            "https://vimeo.com/76979871/8272103f6e",
            "76979871/8272103f6e",
            "16:9",
        ),
        (
            "https://www.instagram.com/adaquill/p/C1abcdEFgh_/?img_index=2",
            "instagram",
            "https://www.instagram.com/p/C1abcdEFgh_/",
            "C1abcdEFgh_",
            None,
        ),
        (
            "https://www.instagram.com/reels/C1abcdEFgh_/",
            "instagram",
            "https://www.instagram.com/reel/C1abcdEFgh_/",
            "C1abcdEFgh_",
            "9:16",
        ),
        (
            "https://www.tiktok.com/@ada.quill/video/7301234567890123456?lang=en",
            "tiktok",
            "https://www.tiktok.com/@ada.quill/video/7301234567890123456",
            "7301234567890123456",
            "9:16",
        ),
        (
            "https://twitter.com/adaquill/status/1234567890123?s=20",
            "x",
            "https://x.com/adaquill/status/1234567890123",
            "1234567890123",
            None,
        ),
        (
            "https://mobile.x.com/i/web/status/1234567890123",
            "x",
            "https://x.com/i/status/1234567890123",
            "1234567890123",
            None,
        ),
        (
            "https://www.facebook.com/nightferry/posts/pfbid0abcDEF",
            "facebook",
            "https://www.facebook.com/nightferry/posts/pfbid0abcDEF",
            "pfbid0abcDEF",
            None,
        ),
        (
            "https://m.facebook.com/watch/?ref=x&v=123456",
            "facebook",
            "https://www.facebook.com/watch/?v=123456",
            "123456",
            "16:9",
        ),
        ("https://fb.watch/aBc123_x/", "facebook", "https://fb.watch/aBc123_x/", "aBc123_x", None),
        (
            "https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC?si=1",
            "spotify",
            "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
            "track/4uLU6hMCjMI75M1A2tKUQC",
            None,
        ),
        (
            "https://music.apple.com/gb/album/night-ferry/1440857781?i=1440857907",
            "apple_music",
            "https://music.apple.com/gb/album/1440857781?i=1440857907",
            "gb/album/1440857781?i=1440857907",
            None,
        ),
        (
            "https://embed.music.apple.com/us/playlist/today/pl.abc123",
            "apple_music",
            "https://music.apple.com/us/playlist/pl.abc123",
            "us/playlist/pl.abc123",
            None,
        ),
        (
            "https://m.soundcloud.com/the-quills/sets/night-ferry?utm_source=x",
            "soundcloud",
            "https://soundcloud.com/the-quills/sets/night-ferry",
            "the-quills/sets/night-ferry",
            None,
        ),
        (
            "https://soundcloud.com/the-quills/rome",
            "soundcloud",
            "https://soundcloud.com/the-quills/rome",
            "the-quills/rome",
            None,
        ),
        (
            "https://old.reddit.com/r/movies/comments/1abc2d/night_ferry/",
            "reddit",
            "https://www.reddit.com/r/movies/comments/1abc2d/",
            "1abc2d",
            None,
        ),
        (
            "https://www.reddit.com/r/movies/comments/1abc2d/night_ferry/kf3g9zx/",
            "reddit",
            "https://www.reddit.com/r/movies/comments/1abc2d/comment/kf3g9zx/",
            "1abc2d/kf3g9zx",
            None,
        ),
        ("https://redd.it/1abc2d", "reddit", "https://www.reddit.com/comments/1abc2d/", "1abc2d", None),
        (
            "https://www.threads.net/@adaquill/post/C1abcdEFgh_",
            "threads",
            "https://www.threads.com/@adaquill/post/C1abcdEFgh_",
            "C1abcdEFgh_",
            None,
        ),
        (
            "https://bsky.app/profile/ada.example.com/post/3kabcdefgh2ij",
            "bluesky",
            "https://bsky.app/profile/ada.example.com/post/3kabcdefgh2ij",
            "ada.example.com/3kabcdefgh2ij",
            None,
        ),
        (
            "https://embed.bsky.app/embed/did:plc:abc123/app.bsky.feed.post/3kabcdefgh2ij?id=1",
            "bluesky",
            "https://bsky.app/profile/did:plc:abc123/post/3kabcdefgh2ij",
            "did:plc:abc123/3kabcdefgh2ij",
            None,
        ),
        (
            "https://m.twitch.tv/videos/2012345678?t=1h2m3s",
            "twitch",
            "https://www.twitch.tv/videos/2012345678?t=3723s",
            "video/2012345678",
            "16:9",
        ),
        (
            "https://player.twitch.tv/?video=v2012345678&parent=www.example.com",
            "twitch",
            "https://www.twitch.tv/videos/2012345678",
            "video/2012345678",
            "16:9",
        ),
        (
            "https://www.twitch.tv/adaquill/clip/QuietFerry-x_1?filter=clips",
            "twitch",
            "https://clips.twitch.tv/QuietFerry-x_1",
            "clip/QuietFerry-x_1",
            "16:9",
        ),
        (
            "https://clips.twitch.tv/embed?clip=QuietFerry-x_1&parent=www.example.com",
            "twitch",
            "https://clips.twitch.tv/QuietFerry-x_1",
            "clip/QuietFerry-x_1",
            "16:9",
        ),
        ("https://twitch.tv/adaquill", "twitch", "https://www.twitch.tv/adaquill", "channel/adaquill", "16:9"),
        (
            "https://dai.ly/x8abcde?start=12",
            "dailymotion",
            "https://www.dailymotion.com/video/x8abcde?start=12",
            "x8abcde",
            "16:9",
        ),
        (
            "https://geo.dailymotion.com/player/xabc1.html?video=x8abcde",
            "dailymotion",
            "https://www.dailymotion.com/video/x8abcde",
            "x8abcde",
            "16:9",
        ),
        (
            "https://thequills.bandcamp.com/track/night-ferry?from=embed",
            "bandcamp",
            "https://thequills.bandcamp.com/track/night-ferry",
            "thequills/track/night-ferry",
            None,
        ),
        (
            "https://embed.podcasts.apple.com/us/podcast/night-ferry/id1234567?i=1000123&theme=dark",
            "apple_podcasts",
            "https://podcasts.apple.com/us/podcast/id1234567?i=1000123",
            "us/podcast/id1234567?i=1000123",
            None,
        ),
        (
            "https://podcasts.apple.com/de/podcast/id1234567",
            "apple_podcasts",
            "https://podcasts.apple.com/de/podcast/id1234567",
            "de/podcast/id1234567",
            None,
        ),
        (
            "https://letterboxd.com/adaquill/film/night-ferry/1/",
            "letterboxd",
            "https://letterboxd.com/adaquill/film/night-ferry/1/",
            "adaquill/film/night-ferry/1",
            None,
        ),
        (
            "https://letterboxd.com/film/night-ferry",
            "letterboxd",
            "https://letterboxd.com/film/night-ferry/",
            "film/night-ferry",
            None,
        ),
        (
            "https://giphy.com/gifs/night-ferry-wave-l0MYt5jPR6QX5pnqM",
            "giphy",
            "https://giphy.com/gifs/l0MYt5jPR6QX5pnqM",
            "l0MYt5jPR6QX5pnqM",
            None,
        ),
        (
            "https://media2.giphy.com/media/v1.Y2lkPTc5/l0MYt5jPR6QX5pnqM/giphy.gif?cid=1",
            "giphy",
            "https://giphy.com/gifs/l0MYt5jPR6QX5pnqM",
            "l0MYt5jPR6QX5pnqM",
            None,
        ),
    ],
)
def test_every_spelling_of_an_address_is_one(url, provider, canonical, embed_id, aspect_ratio):
    found = identify(url)
    assert (found.provider, found.url, found.embed_id, found.aspect_ratio) == (
        provider,
        canonical,
        embed_id,
        aspect_ratio,
    )
    assert identify(canonical) == found
    assert fallback_text(provider, canonical).startswith(f"{PROVIDERS[provider].noun} on {PROVIDERS[provider].name}: ")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "youtube",
        "https://www.youtube.com/",
        "https://www.youtube.com/@adaquill",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ<script>",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.example.com/watch?v=dQw4w9WgXcQ",
        "ftp://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://[bad/watch",
        "https://youtube.com:port/watch?v=dQw4w9WgXcQ",
        "https://soundcloud.com/discover/sets",
        "https://soundcloud.com/the-quills/tracks",
        "https://x.com/adaquill",
        "https://www.instagram.com/adaquill/",
        "https://youtu.be/dQw4w9WgXcQ?" + "x" * 3000,
        "https://www.twitch.tv/directory/category/music",
        "https://www.twitch.tv/videos",
        "https://bandcamp.com/album/night-ferry",
        "https://letterboxd.com/adaquill/",
        "https://podcasts.apple.com/us/charts",
        "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fexample.com%2Fposts%2F1",
    ],
)
def test_other_addresses_are_not_embeds(url):
    assert identify(url) is None


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("https://youtu.be/dQw4w9WgXcQ?t=90", 90),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=1m30s", 90),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=90&end=120", 90),
        ("https://www.youtube.com/watch?time_continue=90&v=dQw4w9WgXcQ", 90),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=1h30s", 3630),
        ("https://youtu.be/dQw4w9WgXcQ?t=0", None),
        ("https://youtu.be/dQw4w9WgXcQ?t=soon", None),
        ("https://youtu.be/dQw4w9WgXcQ?t=99999999999", None),
        ("https://vimeo.com/76979871#t=90s", 90),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e#t=1m30s", 90),
        ("https://clips.twitch.tv/QuietFerry?t=90", 90),
        ("https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?t=90", None),
    ],
)
def test_a_video_begins_where_its_address_says(url, start):
    found = identify(url)
    assert found.start == start
    assert identify(found.url) == found


EMBED_CODE = {
    "an iframe": (
        '<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ?start=30" title="x"></iframe>',
        f"{YOUTUBE}&t=30s",
    ),
    "an address without its scheme": (
        "<iframe src='//player.vimeo.com/video/76979871'></iframe>",
        "https://vimeo.com/76979871",
    ),
    "a frame that loads late": (
        '<iframe data-src="https://dai.ly/x8abcde"></iframe>',
        "https://www.dailymotion.com/video/x8abcde",
    ),
    "a post of Instagram": (
        '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/C1abcdEFgh_/?utm_source=ig_embed&amp;x=1">'
        '<a href="https://www.instagram.com/p/C0otherOne_/">A post</a></blockquote><script async src="//www.instagram.com/embed.js"></script>',
        "https://www.instagram.com/p/C1abcdEFgh_/",
    ),
    "a post of X that quotes another": (
        '<blockquote class="twitter-tweet"><p>Look at <a href="https://x.com/other/status/111">this</a> '
        '<a href="https://t.co/abc">pic</a></p>&mdash; Ada (@adaquill) <a href="https://twitter.com/adaquill/status/222?ref_src=x">May 1</a>'
        '</blockquote> <script async src="https://platform.twitter.com/widgets.js"></script>',
        "https://x.com/adaquill/status/222",
    ),
    "a video of TikTok": (
        '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@adaquill/video/7301234567890123456" data-video-id="7301234567890123456">'
        '<section><a href="https://www.tiktok.com/@adaquill">@adaquill</a></section></blockquote>',
        "https://www.tiktok.com/@adaquill/video/7301234567890123456",
    ),
    "a post of Bluesky": (
        '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc123/app.bsky.feed.post/3kabcdefgh2ij"><p>x</p></blockquote>',
        "https://bsky.app/profile/did:plc:abc123/post/3kabcdefgh2ij",
    ),
    "a post of Threads": (
        '<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.com/@adaquill/post/C1abcdEFgh_"></blockquote>',
        "https://www.threads.com/@adaquill/post/C1abcdEFgh_",
    ),
    "a post of Reddit": (
        '<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/movies/comments/1abc2d/night_ferry/">x</a> by '
        '<a href="https://www.reddit.com/user/ada/">ada</a></blockquote>',
        "https://www.reddit.com/r/movies/comments/1abc2d/",
    ),
    "a post of Facebook in a plugin": (
        '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fnightferry%2Fposts%2Fpfbid0abc&show_text=true"></iframe>',
        "https://www.facebook.com/nightferry/posts/pfbid0abc",
    ),
    "a song of SoundCloud": (
        '<iframe src="https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/123"></iframe><div>'
        '<a href="https://soundcloud.com/the-quills">The Quills</a> · <a href="https://soundcloud.com/the-quills/rome">Rome</a></div>',
        "https://soundcloud.com/the-quills/rome",
    ),
    "an album of Bandcamp": (
        '<iframe src="https://bandcamp.com/EmbeddedPlayer/album=123/size=large/"><a href="https://thequills.bandcamp.com/album/rome">Rome</a></iframe>',
        "https://thequills.bandcamp.com/album/rome",
    ),
}


@pytest.mark.parametrize("name", EMBED_CODE)
def test_embed_code_names_what_it_shows(name):
    code, url = EMBED_CODE[name]
    assert from_markup(code).url == url


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Look at <a href='https://youtu.be/dQw4w9WgXcQ'>this</a></p>",
        "<blockquote>A quote</blockquote>",
        '<iframe src="https://ads.example.com/x"></iframe>',
        "<iframe " + "src='" * 20_000,
        "<iframe>" + "x" * 200_000,
    ],
)
def test_other_markup_is_no_embed_code(html):
    assert from_markup(html) is None


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://vm.tiktok.com/ZMabc/", "TikTok"),
        ("https://www.tiktok.com/t/ZTabc/", "TikTok"),
        ("https://on.soundcloud.com/abc", "SoundCloud"),
        ("https://spotify.link/abc", "Spotify"),
        ("https://www.reddit.com/r/movies/s/abc", "Reddit"),
        ("https://boxd.it/abc", "Letterboxd"),
        ("https://bit.ly/abc", "its service"),
    ],
)
def test_a_short_link_is_refused_with_what_to_do(url, service):
    assert identify(url) is None
    assert refusal(url).startswith(f"This is a short link that only {service} can resolve. Open it in a browser")
    assert "Supported: YouTube" in refusal("https://example.com/clip")


def test_a_caption_stays_with_its_embed():
    html = (
        f'<div data-embed="{YOUTUBE}"><figcaption>The trailer of <em>Night Ferry</em></figcaption><p>Below.</p></div>'
    )
    embed, below = split(html)
    assert (embed.caption, below.html) == ("The trailer of <em>Night Ferry</em>", "Below.")
    assert sanitize(join([embed])) == join([embed]) and split(join([embed])) == (embed,)
    assert prose([embed]) == "The trailer of Night Ferry"
    assert to_typed([embed])[0]["caption_html"] == embed.caption
    assert split(from_typed(to_typed([embed]))) == (embed,)


def test_the_caption_of_an_embed_that_nobody_knows_is_kept_as_text():
    html = '<div data-embed="https://example.com/x"><figcaption>The <strong>trailer</strong></figcaption></div>'
    assert [block.html for block in split(html)] == [
        '<a href="https://example.com/x">https://example.com/x</a>', "The <strong>trailer</strong>",
    ]  # fmt: skip


@pytest.mark.parametrize("name", EMBED_CODE)
def test_embed_code_within_a_pasted_page_becomes_an_embed(name):
    code, url = EMBED_CODE[name]
    before, embed, *_, after = split(clean_pasted(f"<p>Above.</p>{code}<p>Below.</p>"))
    assert (before.html, embed.address.url, after.html) == ("Above.", url, "Below.")


def test_a_quotation_stays_one_and_a_frame_of_nobody_is_left_out():
    html = '<blockquote>She said so.</blockquote><iframe src="https://ads.example.com/"></iframe><blockquote class="twitter-tweet">'
    assert [block.html for block in split(clean_pasted(html))] == ["She said so."]


@pytest.mark.parametrize(
    "more", ["<blockquote class='twitter-tweet'></blockquote>", "<blockquote class='twitter-tweet'>"]
)
def test_very_many_quotations_are_read_in_time(more):
    frames = '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>' * 20
    began = time.process_time()
    found = marked(frames + more * 30_000 + "</blockquote>" * 30_000)
    assert (time.process_time() - began < 2, found.count("data-embed")) == (True, 20)
