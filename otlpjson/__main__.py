# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entry point of ``python -m otlpjson`` and of the console script."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; 2 if a package that the commands need is missing."""
    try:
        from .cli import main as run

        # What sends is loaded with the first request.
        return run(argv)
    except ModuleNotFoundError as error:
        # Any other missing module is a fault of ours, which advice to install something would hide.
        if (error.name or "").partition(".")[0] not in ("click", "rich", "requests"):
            raise
        print(
            f"otlpjson: the package {error.name} is missing; "
            "install the commands with: pip install 'otlpjson-broadcast[cli]'",
            file=sys.stderr,
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
