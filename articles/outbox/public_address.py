"""Guards against SSRF: a name is resolved once, and only the checked address is connected to."""

import asyncio
import ipaddress
import socket

import httpx
from django.conf import settings

MOST_HOPS = 3


class Refused(Exception):
    """Events cannot be sent to this endpoint; the message says why."""


def is_public(address: str) -> bool:
    """Return True if an IP address is on the public internet, however it is written or wrapped."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = _wrapped(ip) if isinstance(ip, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    is_odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or getattr(ip, "is_site_local", False)
    return ip.is_global and not is_odd


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def _wrapped(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address inside an IPv6 one: mapped, compatible, 6to4, Teredo or NAT64."""
    if ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


async def resolve(host: str, port: int) -> str:
    """Resolve a name once and return the one address to connect to. Raises Refused unless every address is public."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(f"The name {host} cannot be resolved: {error}") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    private = [address for address in addresses if not is_public(address)]
    if private and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise Refused(f"{host} leads to {private[0]}, which is no public address.")
    return addresses[0]


async def pinned(url: str) -> tuple[httpx.URL, httpx.URL]:
    """Return the URL, and the same with the checked address in place of the name. Raises Refused."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Refused(f"{url} is not a web address: {error}") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise Refused("Only http and https addresses can be reached.")
    if target.userinfo:
        raise Refused("An address must not carry a user name or password.")
    port = target.port or (443 if target.scheme == "https" else 80)
    return target, target.copy_with(host=await resolve(target.host, port))


async def followed(client: httpx.AsyncClient, url: str) -> tuple[httpx.Response, httpx.URL]:
    """Return the answer at an address, still to be read and to be closed, and the address after all redirects.

    Each address on the way is checked. Raises Refused, also where it leads on more than three times.
    """
    for _ in range(MOST_HOPS + 1):
        named, target = await pinned(url)
        request = client.build_request("GET", target, headers={"host": named.netloc.decode()})
        request.extensions["sni_hostname"] = named.raw_host.decode()
        response = await client.send(request, stream=True, follow_redirects=False)
        if not response.has_redirect_location:
            return response, named
        await response.aclose()
        url = str(named.join(response.headers["location"]))
    raise Refused(f"The address leads on more than {MOST_HOPS} times.")
