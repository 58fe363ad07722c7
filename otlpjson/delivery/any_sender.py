# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What sends to a destination, whichever kind it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .destination import Destination
from .sender import Sender

if TYPE_CHECKING:
    from .files.sender import FolderSender
    from .viewer.sender import LocalSender

__all__ = ["sender_to"]


def sender_to(
    destination: Destination, *, timeout_s: float | None = None
) -> Sender | FolderSender | LocalSender:
    """
    A ``Sender``; for a folder a ``FolderSender``, for a viewer a ``LocalSender``.

    Args:
        destination: Where to send.

        timeout_s: As for ``Sender``, unless the destination has a time of its own.

    Raises:
        ConfigError: As for ``Sender``.
    """
    if destination.folder is not None:
        # Loaded here and not at the top: it reads bodies, which few programs need.
        from .files.sender import FolderSender

        return FolderSender(destination)
    own_s = destination.timeout_s
    timeout_s = timeout_s if own_s is None else own_s
    if destination.rendezvous is not None:
        from .viewer.sender import LocalSender

        return LocalSender(destination, timeout_s=timeout_s)
    return Sender(destination, timeout_s=timeout_s)
