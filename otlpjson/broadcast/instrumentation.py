# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The one switch for a whole process: all requests of all known HTTP clients are recorded.

    import otlpjson

    otlpjson.instrument()
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any, Final

import attrs

from ..capture import MODULES, OPENROUTER, Endpoints, ImportHook, hosts_of
from ..core.errors import ConfigError
from ..delivery.viewer.rendezvous import rendezvous_at
from .broadcast import Broadcast
from .capturing import capture_of
from .config import find
from .destination import BroadcastDestination
from .saved_entry import target_of

__all__ = ["instrument", "uninstrument"]

_LOG: Final = logging.getLogger("otlpjson")


@attrs.frozen(eq=False)
class _Instrumented:
    """What is on in this process."""

    broadcast: Broadcast
    endpoints: Endpoints
    hook: ImportHook


@attrs.define(eq=False)
class _Switch:
    """The process's switch."""

    lock: Any = attrs.field(factory=RLock)
    now: _Instrumented | None = None


_SWITCH: Final = _Switch()


def instrument(
    broadcast: Broadcast | None = None,
    *,
    hosts: str | Iterable[str] = OPENROUTER,
    traceparent_hosts: str | Iterable[str] = (),
    view: bool = False,
) -> Broadcast:
    """
    Records every request to OpenRouter that this process makes with httpx, httpx2, requests,
    urllib3 or aiohttp, or with an SDK that is built on one of them; returns the ``Broadcast``.

    It applies to clients that exist and to those to come, and to modules that are imported later,
    so it may stand first in a program. Called again without arguments, it returns the same.
    Where nothing is configured it records nothing, and says so once in the log.

    Args:
        broadcast: Where records go. Default: ``Broadcast.from_config()``.

        hosts:
            The hosts whose requests are recorded, in the place of ``openrouter.ai``; subdomains
            count too. Name a gateway that speaks OpenAI's API, or one with its port.

        traceparent_hosts: The hosts that get the header ``traceparent`` of the open trace or span.

        view:
            Also send everything to the page that ``otlpjson view`` shows on this machine, whatever
            else is configured. A ``broadcast`` of your own names a ``local`` destination instead.

    Raises:
        ConfigError:
            What is configured cannot be used; this is called again with other arguments; or with
            ``broadcast`` and ``view``.
        InvalidValue: A host is no name.
    """
    endpoints = Endpoints(
        hosts=hosts_of("instrument.hosts", hosts),
        traceparent_hosts=hosts_of("instrument.traceparent_hosts", traceparent_hosts),
    )
    if view and broadcast is not None:
        raise ConfigError({"view": "name a local destination in your broadcast instead"})
    with _SWITCH.lock:
        if _SWITCH.now is not None:
            return _again(_SWITCH.now, broadcast, endpoints)
        target = _configured(view) if broadcast is None else broadcast
        capture = capture_of(target)
        hook = ImportHook(MODULES, lambda module: capture.put_into_module(module, endpoints))
        _SWITCH.now = _Instrumented(target, endpoints, hook)
        # Without a destination, a copy of every response would be made for nothing.
        if target.counts():
            hook.install()
        return target


def uninstrument() -> None:
    """
    Ends ``instrument``: clients work as if it had never been called.

    The ``Broadcast`` stays open, and sends what it has recorded.
    """
    with _SWITCH.lock:
        now, _SWITCH.now = _SWITCH.now, None
        if now is not None:
            now.hook.remove()
            capture_of(now.broadcast).take_from_modules()


def _again(now: _Instrumented, broadcast: Broadcast | None, endpoints: Endpoints) -> Broadcast:
    same = broadcast in (None, now.broadcast) and endpoints in (_DEFAULT, now.endpoints)
    if not same:
        raise ConfigError({"instrument": "already called with other arguments; call uninstrument() first"})
    return now.broadcast


def _configured(view: bool) -> Broadcast:
    found = find(os.environ)
    targets = () if found is None else found.destinations
    if view and not any(target.kind == "local" for target in targets):
        targets = (*targets, target_of("viewer", {"kind": "local"}))
    if view and not any(_is_viewed(target) for target in targets):
        _warn("instrument(view=True): no viewer is running; start one with `otlpjson view`")
    if not targets:
        _warn("instrument() records nothing: no destination; run `otlpjson configure`")
    return Broadcast(targets, spool=None if found is None else found.spool)


def _is_viewed(target: BroadcastDestination) -> bool:
    """Whether it is a viewer that runs now."""
    path = target.destination.rendezvous
    return path is not None and rendezvous_at(Path(path)) is not None


def _warn(text: str) -> None:
    with suppress(Exception):  # a handler of the program may raise
        _LOG.warning(text)


_DEFAULT: Final = Endpoints(hosts=frozenset({OPENROUTER}))
