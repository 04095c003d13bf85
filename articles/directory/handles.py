"""Names on social networks: which networks there are, how names are typed, and where they lead. Pure."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

NETWORKS = {
    "bluesky": "https://bsky.app/profile/{}", "facebook": "https://www.facebook.com/{}",
    "instagram": "https://www.instagram.com/{}/", "linkedin": "https://www.linkedin.com/in/{}/",
    "mastodon": "https://{1}/@{0}", "threads": "https://www.threads.com/@{}", "tiktok": "https://www.tiktok.com/@{}",
    "x": "https://x.com/{}", "youtube": "https://www.youtube.com/@{}",
}  # fmt: skip
# How the address of a profile begins, up to its name.
PROFILES = {
    network: form.removeprefix("https://").removeprefix("www.").partition("{")[0].removesuffix("@")
    for network, form in NETWORKS.items() if network != "mastodon"
}  # fmt: skip
HOSTS = {"twitter.com": "x.com", "threads.net": "threads.com", "fb.com": "facebook.com"}
HANDLE = re.compile(r"[\w.\-]{1,100}", re.ASCII)
ON_A_SERVER = re.compile(r"[\w.\-]{1,100}@[a-z0-9\-]{1,63}(\.[a-z0-9\-]{1,63}){1,5}", re.ASCII | re.IGNORECASE)


def validate_handles(value: object) -> None:
    if not isinstance(value, dict):
        raise ValidationError("Enter one name per line, such as “instagram: zoe.lund”.")
    for network, handle in value.items():
        if network not in NETWORKS:
            raise ValidationError(f"“{network}” is not a network we know. Choose from {', '.join(NETWORKS)}.")
        if not _is_name(network, handle):
            example = "zoe@mastodon.example" if network == "mastodon" else "zoe.lund"
            raise ValidationError(
                f"“{handle}” is not a name on {network}. Enter it without the @, such as “{example}”."
            )


def _is_name(network: str, handle: object) -> bool:
    shape = ON_A_SERVER if network == "mastodon" else HANDLE
    return isinstance(handle, str) and bool(shape.fullmatch(handle))


def sound(handles: object) -> dict[str, str]:
    """Return the names that lead somewhere, in the order of the networks: whoever writes rows past every form writes no script."""
    given = handles if isinstance(handles, dict) else {}
    return {network: given[network] for network in NETWORKS if network in given and _is_name(network, given[network])}


def profiles(handles: object) -> list[str]:
    """Return the address of each profile."""
    return [NETWORKS[network].format(*handle.split("@")) for network, handle in sound(handles).items()]


def read(line: str) -> tuple[str, str]:
    """Return the network and the name of a line as it is typed: “x: @zoe”, or the address of the profile.

    Raises ValidationError.
    """
    line = line.strip()
    if line.startswith(("http://", "https://")):
        return _of_address(line)
    network, colon, handle = line.partition(":")
    if not colon:
        raise ValidationError(f"Put the network before “{line[:100]}”, such as “instagram: {line[:100].lstrip('@')}”.")
    return network.strip().lower(), handle.strip().lstrip("@")


def _of_address(address: str) -> tuple[str, str]:
    """Return whose profile an address is. What no network has, but begins a name with @, is a server of mastodon."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise ValidationError(f"“{address[:200]}” is not a web address.") from None
    host, path = (parts.hostname or "").removeprefix("www.").removeprefix("m."), parts.path.strip("/")
    for network, begins in PROFILES.items():
        place = f"{HOSTS.get(host, host)}/{path}"
        if place.startswith(begins):
            return network, place.removeprefix(begins).lstrip("@")
    if path.startswith("@"):
        return "mastodon", f"{path[1:]}@{host}"
    raise ValidationError(
        f"“{address[:200]}” is not a profile on {', '.join(NETWORKS)}. Enter the network and the name."
    )
