"""Whom an address stands for where tries are counted."""

from ipaddress import IPv6Address, ip_network


def subnet_of(address: str) -> str:
    """Return the address itself, or the /64 of an IPv6 one: whoever has one of those has them all."""
    try:
        network = ip_network(address.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(network.network_address, IPv6Address):
        return address
    if mapped := network.network_address.ipv4_mapped:
        return str(mapped)
    return str(network.supernet(new_prefix=64))
