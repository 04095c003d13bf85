"""What an answer shows, named for purges: Fastly and Varnish read one header, Cloudflare the other."""

from collections.abc import Iterable


def headers(tags: Iterable[str]) -> dict[str, str]:
    """Return the headers that name these tags, each once; none for no tags."""
    named = list(dict.fromkeys(tags))
    return {"Surrogate-Key": " ".join(named), "Cache-Tag": ",".join(named)} if named else {}
