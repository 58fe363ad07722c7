# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The files of a TLS connection: whom to trust, and who we are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from ..core.errors import ConfigError

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["DEFAULT_TLS", "Tls"]


@attrs.frozen(kw_only=True)
class Tls:
    """
    Files in PEM; their names are no secrets.

    Attributes:
        ca_file: The certificate authorities to trust. Default: those of the usual variables, or certifi's.

        client_certificate: The certificate with which this side says who it is, for mTLS.

        client_key: Its private key. Default: it is in the file of the certificate.
    """

    ca_file: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None

    def check(self) -> None:
        """
        Reads the files.

        Raises:
            ConfigError: Each that is not what it must be, by the name of the attribute.
        """
        if self == DEFAULT_TLS:
            return
        import ssl

        problems: dict[str, str] = {}
        if self.ca_file is not None:
            try:
                ssl.create_default_context(cafile=self.ca_file)
            except OSError:
                problems["ca_file"] = f"expected a PEM file, got {self.ca_file!r}"
        try:
            self.add_to(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        except (OSError, ValueError):
            which = (
                "client_key" if self.client_certificate is None or self.client_key else "client_certificate"
            )
            problems[which] = "expected PEM files of a certificate and of its key without a password"
        if problems:
            raise ConfigError(problems)

    def add_to(self, context: SSLContext) -> None:
        """
        Gives a context the certificate of this side, if there is one.

        Raises:
            OSError: The files cannot be read, or do not belong together.
            ValueError: There is a key and no certificate.
        """
        if self.client_certificate is not None:
            # Without this, OpenSSL would ask for the password of the key on the terminal.
            context.load_cert_chain(self.client_certificate, self.client_key, password="")
        elif self.client_key is not None:
            raise ValueError("a key without a certificate")


DEFAULT_TLS: Final = Tls()
