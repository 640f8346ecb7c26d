"""Whose request it is: what a trusted proxy says, and what everybody else only claims."""

import runpy
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.run.checks import PRODUCTION
from config.settings.environment import networks
from config.wsgi import behind_proxies

PROXY, CLIENT, STRANGER = "10.0.0.1", "203.0.113.9", "198.51.100.7"


def seen(peer: str, forwarded: str, *trusted: str) -> str:
    """Return the address that the site sees of a request."""
    site = behind_proxies(lambda environ, start: environ["REMOTE_ADDR"], list(trusted))
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    return str(site(environ, None))


@pytest.mark.parametrize("trusted", ["10.0.0.1", "10.0.0.0/24"])
def test_a_trusted_proxy_says_who_asks(trusted: str) -> None:
    assert seen(PROXY, CLIENT, trusted) == CLIENT
    assert seen(PROXY, f"1.2.3.4, {CLIENT}", trusted) == CLIENT
    assert seen(PROXY, f"1.2.3.4, {CLIENT}, {PROXY}", trusted) == CLIENT


def test_nobody_else_does() -> None:
    assert seen(STRANGER, CLIENT, PROXY) == STRANGER
    assert seen(PROXY, CLIENT) == PROXY


@pytest.mark.parametrize("listed", ["*", "proxy", "10.0.0.1/8", "10.0.0.1 10.0.0.2"])
def test_a_slip_in_the_list_stops_the_start(monkeypatch: pytest.MonkeyPatch, listed: str) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", listed)
    with pytest.raises(ImproperlyConfigured, match="is no address and no network"):
        networks("TRUSTED_PROXIES")


def test_production_does_not_start_without_its_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    found = runpy.run_module("config.settings.production")
    assert found["TRUSTED_PROXIES"] == [PROXY]
    monkeypatch.delenv("TRUSTED_PROXIES")
    with pytest.raises(ImproperlyConfigured, match="Set TRUSTED_PROXIES"):
        runpy.run_module("config.settings.production")
