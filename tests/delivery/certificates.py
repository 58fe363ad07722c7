# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Certificates for the tests of TLS, made when they run: no private key lies in the repository."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import attrs
import trustme

__all__ = ["Certificates"]

_LONG_AGO: Final = datetime(2020, 1, 1)
_A_DAY_LATER: Final = datetime(2020, 1, 2)


@attrs.frozen
class Certificates:
    """
    Files in PEM.

    Attributes:
        authority: The certificate of the authority that signed the others.

        here: A key and its certificate, for 127.0.0.1 and localhost.

        elsewhere: A key and its certificate, for another host.

        expired: A key and its certificate for 127.0.0.1 and localhost, which was valid for one day of 2020.
    """

    authority: Path
    here: Path
    elsewhere: Path
    expired: Path

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        """Writes new ones to a folder."""
        authority = trustme.CA()
        files = cls(*(folder / f"{field.name}.pem" for field in attrs.fields(cls)))
        authority.cert_pem.write_to_path(files.authority)
        issued = (
            (files.here, authority.issue_cert("127.0.0.1", "localhost")),
            (files.elsewhere, authority.issue_cert("elsewhere.test")),
            (
                files.expired,
                authority.issue_cert("127.0.0.1", "localhost", not_before=_LONG_AGO, not_after=_A_DAY_LATER),
            ),
        )
        for path, certificate in issued:
            certificate.private_key_and_cert_chain_pem.write_to_path(path)
        return files
