from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

from bot.channels import addresses
from bot.settings import Settings


@pytest.fixture(autouse=True)
def one_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "settings", lambda: Settings(trusted_proxies="10.0.0.0/8, 127.0.0.1"))


def request(ip: str, forwarded: str = "", scheme: str = "") -> Any:
    given = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": scheme}
    headers: CIMultiDict[str] = CIMultiDict({name: value for name, value in given.items() if value})
    return SimpleNamespace(ip=ip, headers=headers, scheme="http")


@pytest.mark.parametrize(
    ("ip", "forwarded", "address"),
    [
        ("127.0.0.1", "", None),
        ("::1", "", None),
        ("203.0.113.5", "", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.1.2.3", "203.0.113.5, 10.9.9.9", "203.0.113.5"),
        # what a stranger writes into the header is not believed
        ("203.0.113.5", "127.0.0.1", "203.0.113.5"),
        ("10.1.2.3", "127.0.0.1, 203.0.113.5", "203.0.113.5"),
        ("10.1.2.3", "", "10.1.2.3"),
    ],
)  # fmt: skip
def test_the_address_of_the_sender(ip: str, forwarded: str, address: str | None) -> None:
    assert addresses.sender_address(request(ip, forwarded)) == address


def test_only_this_machine_itself_is_direct() -> None:
    assert addresses.is_direct_loopback(request("127.0.0.1"))
    assert not addresses.is_direct_loopback(request("127.0.0.1", "127.0.0.1"))
    assert not addresses.is_direct_loopback(request("10.1.2.3"))


@pytest.mark.parametrize(
    ("ip", "forwarded", "scheme"),
    [
        ("10.1.2.3", "https", "https"),
        ("10.1.2.3", "", "http"),
        ("10.1.2.3", "javascript", "http"),
        ("203.0.113.5", "https", "http"),
    ],
)
def test_the_scheme_that_the_browser_used(ip: str, forwarded: str, scheme: str) -> None:
    assert addresses.sender_scheme(request(ip, scheme=forwarded)) == scheme
