# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Links between the pages of ``docs/`` and the texts of the top folder."""

from __future__ import annotations

from .environments import ROOT
from .site.hooks import TOP, for_the_site, on_page_markdown


def test_links_fit_on_the_site_too() -> None:
    """A page's to a text of the top folder, and that text's to a page; others stay."""
    page = "[a](../CONTRIBUTING.md#set-up) [b](../README.md) [c](../setup.cfg) `](docs` (../SECURITY.md)"
    text = "See [rules](docs/rules.md#votes), [Sender](docs/reference/delivery.md) and [LICENSE](LICENSE)."

    assert on_page_markdown(page, page=None) == (
        "[a](CONTRIBUTING.md#set-up) [b](start.md) [c](../setup.cfg) `](docs` (../SECURITY.md)"
    )
    assert (
        for_the_site(text)
        == "See [rules](rules.md#votes), [Sender](reference/delivery.md) and [LICENSE](LICENSE)."
    )


def test_the_texts_of_the_top_folder_exist() -> None:
    """Each page begins with its title."""
    for name in TOP:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.startswith("# ") or not name.endswith(".md")
