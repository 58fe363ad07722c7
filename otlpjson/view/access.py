# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Who may speak to the viewer: who knows its token, from this machine, by a page of its own.

Other users of the machine can reach loopback, and so can pages of the web that a browser shows: by
a name of their own for 127.0.0.1, or by requests from their scripts.
"""

from __future__ import annotations

import hmac
from email.message import Message
from typing import Final

import attrs

from ..receiver.delivered_body import UNAUTHENTICATED, Refusal

__all__ = ["SAFE_HEADERS", "Access"]

_HOSTS: Final = ("127.0.0.1", "localhost", "[::1]")
SAFE_HEADERS: Final = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
"""Sent with each answer."""


@attrs.frozen
class Access:
    """
    The check of each request.

    Attributes:
        token: The token of this start.

        port: The port that is listened on.
    """

    token: str = attrs.field(repr=False)
    port: int

    def path_of(self, path: str, headers: Message) -> str:
        """
        The path of a request that is allowed, without the token.

        The token is the first part of the path, or stands in the header ``Authorization: Bearer``.

        Raises:
            Refusal: The request is not allowed.
        """
        names = [f"{host}:{self.port}" for host in _HOSTS]
        if headers.get("Host", "").lower() not in names:
            raise Refusal(403, "403 the header Host is not that of this machine")
        origin = headers.get("Origin")
        if origin is not None and origin not in [f"http://{name}" for name in names]:
            raise Refusal(403, "403 the request comes from a page of another origin")
        first, _, rest = path[1:].partition("/")
        if self._is_token(first):
            return f"/{rest}"
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(given.strip()):
            return path
        raise Refusal(
            401, "the token is missing; open the address that `otlpjson view` printed", UNAUTHENTICATED
        )

    def _is_token(self, given: str) -> bool:
        # In constant time, so that an answer's delay says nothing about the token.
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())
