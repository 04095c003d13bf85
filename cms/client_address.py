"""The address a request comes from, as told by the proxies in front, and only by those we trust.

`ClientAddress` writes it where everybody looks for it: in REMOTE_ADDR. So login, limits and logs need to know nothing
of proxies.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# How many proxies stand in front, or the networks they stand in.
Trusted = int | Sequence[IPv4Network | IPv6Network]


def client_address(remote: str, forwarded_for: str = "", forwarded: str = "", *, trusted: Trusted = 0) -> str:
    """Return the address of the client behind `remote`, read from X-Forwarded-For or Forwarded.

    A proxy that writes one of the two headers passes on the other as the client invented it. So where both are given
    and tell different clients, neither is believed.
    """
    told = {
        _client(remote, chain, trusted) for chain in (_chain_of(forwarded_for), _chain_of_pairs(forwarded)) if chain
    }
    return told.pop() if len(told) == 1 else plain(remote)


def plain(text: str) -> str:
    """Return an address without port, brackets and zone, IPv4 as such; empty if it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)


def _client(remote: str, chain: list[str], trusted: Trusted) -> str:
    """Go back from the proxy next to us for as long as each one is trusted; stop where an address is no address."""
    hops = [plain(hop) for hop in (*chain, remote)]
    if isinstance(trusted, int):
        # Fewer hops than proxies: this request came past some of them, and its header may be invented.
        return hops[-1 - trusted] if len(hops) > trusted and all(hops[-1 - trusted : -1]) else hops[-1]
    found = hops.pop()
    while hops and hops[-1] and _is_in(found, trusted):
        found = hops.pop()
    return found


def _is_in(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    return bool(address) and any(ip_address(address) in network for network in networks)


def _chain_of(header: str) -> list[str]:
    return header.split(",") if header.strip() else []


def _chain_of_pairs(header: str) -> list[str]:
    """Return what each proxy says of `for` in a Forwarded header (RFC 7239), the nearest last."""
    return [_for_of(element) for element in _chain_of(header)]


def _for_of(element: str) -> str:
    pairs = (pair.partition("=") for pair in element.split(";"))
    return next((value for name, _, value in pairs if name.strip().lower() == "for"), "")


class ClientAddress:
    """Middleware, the outermost one but those that count: whoever asks for REMOTE_ADDR gets the client's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUSTED_PROXIES:
            meta = request.META
            meta["REMOTE_ADDR"] = client_address(
                meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("HTTP_FORWARDED", ""),
                trusted=settings.TRUSTED_PROXIES,
            )  # fmt: skip
        return self.get_response(request)
