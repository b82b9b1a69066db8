"""Where a request really comes from."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from sanic.request import Request

from bot.settings import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# a request that carries one of these came through a proxy, so its address is not its sender's
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-host")


@lru_cache(maxsize=4)
def networks(listed: str) -> tuple[Network, ...]:
    """The networks of a comma-separated list.

    Raises:
        ValueError: one of them is not an address or a network.
    """
    return tuple(ipaddress.ip_network(entry.strip()) for entry in listed.split(",") if entry.strip())


@lru_cache(maxsize=64)
def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own; what is no address is not."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def is_trusted(address: str) -> bool:
    """Whether an address is one of our proxies (`TRUSTED_PROXIES`)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks(settings().trusted_proxies))


def is_direct_loopback(request: Request) -> bool:
    """Whether a request was made on this machine itself, and not through a proxy that runs on it."""
    return is_loopback(request.ip) and not any(request.headers.get(name) for name in FORWARDED)


def sender_address(request: Request) -> str | None:
    """The address that limits are counted for, or `None` for this machine itself.

    `X-Forwarded-For` is read from its end, and only as far as our own proxies wrote it: what stands before that could
    have been written by anyone.
    """
    if is_direct_loopback(request):
        return None
    address: str = request.ip
    hops = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
    while is_trusted(address) and hops and hops[-1].strip():
        address = hops.pop().strip()
    return address


def sender_scheme(request: Request) -> str:
    """`https` or `http`, as the browser asked for; one of our proxies may have asked in its place."""
    forwarded = request.headers.get("x-forwarded-proto")
    if is_trusted(request.ip) and forwarded in ("http", "https"):
        return str(forwarded)
    scheme: str = request.scheme
    return scheme
