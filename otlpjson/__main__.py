# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``python -m otlpjson`` and the console script; says which install gives the commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; 2 where the commands are not installed."""
    try:
        from .cli import main as run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("click", "rich", "requests"):
            raise
        print(
            f"otlpjson: the commands need the package {error.name}; "
            "this installs it: pip install 'otlpjson-broadcast[cli]'",
            file=sys.stderr,
        )
        return 2
    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
