"""A service's name must lead to the public internet."""

import threading

import pytest

from medsynth_kg.query.addresses import check_addresses, is_public
from medsynth_kg.query.errors import ServiceRefused, ServiceUnreachable


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",  # noqa: S104  # an address to refuse, nothing listens on it
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "service",
    ["http://127.0.0.1/", "http://localhost:8000/sparql", "http://2130706433/", "http://0x7f.1/", "http://[::1]/"],
)
def test_a_service_on_this_machine_is_refused_however_it_is_named(service: str) -> None:
    with pytest.raises(ServiceRefused, match="private network"):
        check_addresses([service])


@pytest.mark.parametrize("service", ["http://name.invalid/sparql", f"http://{'a' * 70}.invalid/"])
def test_a_service_without_address_is_said_to_be_so(service: str) -> None:
    with pytest.raises(ServiceUnreachable, match="can't be found"):
        check_addresses([service])


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: asked.wait(10))
    monkeypatch.setattr("medsynth_kg.query.addresses.PATIENCE", 0.05)
    try:
        with pytest.raises(ServiceUnreachable, match="can't be found"):
            check_addresses(["https://silent.example/"])
    finally:
        asked.set()
