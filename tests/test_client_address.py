"""Whose address a request counts for: the client's where a trusted proxy tells it, the connection's everywhere else."""

from ipaddress import ip_network

import pytest
from django.core.cache import cache

from articles.access.subnet import subnet_of
from cms.client_address import client_address

NETWORKS = [ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48")]


@pytest.mark.parametrize(
    ("trusted", "remote", "header", "client"),
    [
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ([], "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "invented, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        # Past a proxy, or with a hop that is no address: nothing of the header is believed.
        (2, "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (1, "10.0.0.1", "unknown", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "198.51.100.7:52341", "198.51.100.7"),
        (1, "10.0.0.1", "[2001:db8::7]:52341", "2001:db8::7"),
        (1, "::ffff:10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        (NETWORKS, "10.0.0.1", "203.0.113.9, 198.51.100.7, 10.1.2.3", "198.51.100.7"),
        (NETWORKS, "198.51.100.7", "203.0.113.9", "198.51.100.7"),
        (NETWORKS, "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (NETWORKS, "10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"),
        (NETWORKS, "2001:db8:1::1", "2001:db8:2::7", "2001:db8:2::7"),
        (NETWORKS, "10.0.0.1", ",,,", "10.0.0.1"),
    ],
)
def test_the_client_is_whom_the_last_trusted_proxy_names(trusted, remote, header, client):
    assert client_address(remote, header, trusted=trusted) == client


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("for=198.51.100.7;proto=https;by=10.0.0.1", "198.51.100.7"),
        ('For="[2001:db8::7]:4711"', "2001:db8::7"),
        ("for=203.0.113.9, proto=https; for=198.51.100.7", "198.51.100.7"),
        ("for=_hidden", "10.0.0.1"),
        ("proto=https", "10.0.0.1"),
    ],
)
def test_forwarded_is_read_as_well(header, client):
    assert client_address("10.0.0.1", "", header, trusted=1) == client


def test_two_headers_that_differ_are_not_believed():
    assert client_address("10.0.0.1", "198.51.100.7", "for=203.0.113.9", trusted=1) == "10.0.0.1"
    assert client_address("10.0.0.1", "198.51.100.7", "for=198.51.100.7", trusted=1) == "198.51.100.7"


def test_ipv6_counts_by_its_first_half():
    assert subnet_of("2001:db8::1") == subnet_of("2001:db8:0:0:ffff::2") == "2001:db8::/64"
    assert subnet_of("2001:db8:0:1::1") != subnet_of("2001:db8::1")
    assert subnet_of("198.51.100.7") == subnet_of("::ffff:198.51.100.7") == "198.51.100.7"
    assert subnet_of("") == subnet_of("no address") == ""


@pytest.fixture
def two_searches_a_minute(monkeypatch):
    from articles.api.search import SearchThrottle

    monkeypatch.setattr(SearchThrottle, "THROTTLE_RATES", {"search": "2/min"})
    cache.clear()
    yield
    cache.clear()


def search(client, forwarded: str, **options) -> int:
    return client.get("/api/v1/search/?q=carpet", HTTP_X_FORWARDED_FOR=forwarded, **options).status_code


def test_an_invented_header_is_no_fresh_allowance(client, db, two_searches_a_minute):
    assert [search(client, f"203.0.113.{number}") for number in range(3)] == [200, 200, 429]


def test_readers_behind_a_trusted_proxy_have_an_allowance_each(client, db, settings, two_searches_a_minute):
    settings.TRUSTED_PROXIES = 1
    assert [search(client, f"203.0.113.{number}") for number in range(3)] == [200, 200, 200]
    assert [search(client, f"invented, 198.51.100.{number // 3}") for number in range(4)] == [200, 200, 429, 200]
