# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The dashboard is one that Grafana imports, and shows the guide's recipes."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from . import queries
from .query_words import is_metrics

TEXT: Final = queries.DASHBOARD.read_text(encoding="utf-8")
DASHBOARD: Final[dict[str, Any]] = json.loads(TEXT)
PANELS: Final[list[dict[str, Any]]] = DASHBOARD["panels"]
SOURCE: Final = {"type": "tempo", "uid": "${DS_TEMPO}"}
COLUMNS: Final = 24
titles: Final = [panel["title"] for panel in PANELS]


def cells(panel: dict[str, Any]) -> set[tuple[int, int]]:
    """The cells of Grafana's grid that a panel covers."""
    place = panel["gridPos"]
    return {
        (x, y)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    }


def test_the_import_asks_for_one_tempo_data_source() -> None:
    """Grafana's dialog shows a question for each input, and puts the answer in where its name stands."""
    (asked,) = DASHBOARD["__inputs"]

    assert {name: asked[name] for name in ("name", "type", "pluginId", "pluginName")} == {
        "name": "DS_TEMPO",
        "type": "datasource",
        "pluginId": "tempo",
        "pluginName": "Tempo",
    }
    assert asked["label"] == "Tempo"
    assert (
        TEXT.count("${") == TEXT.count('"${DS_TEMPO}"') == len(PANELS) + len(queries.in_dashboard(DASHBOARD))
    )


def test_the_import_makes_a_new_dashboard() -> None:
    """No id of another installation; the members that Grafana's classic model needs, with their types."""
    members = {
        **dict.fromkeys(("uid", "title", "description", "timezone", "refresh"), str),
        **dict.fromkeys(("schemaVersion", "version", "graphTooltip"), int),
        **dict.fromkeys(("panels", "tags", "links"), list),
        **dict.fromkeys(("time", "timepicker", "annotations", "templating"), dict),
    }

    assert DASHBOARD["id"] is None
    assert {name for name, kind in members.items() if type(DASHBOARD[name]) is not kind} == set()
    assert 0 < len(DASHBOARD["uid"]) <= 40
    assert DASHBOARD["time"] == {"from": "now-6h", "to": "now"}


def test_what_it_needs_is_named() -> None:
    """Grafana itself, the data source's plugin, and each type of panel once."""
    named = [(item["type"], item["id"]) for item in DASHBOARD["__requires"]]
    needed = {("grafana", "grafana"), ("datasource", "tempo")} | {
        ("panel", panel["type"]) for panel in PANELS
    }

    assert sorted(named) == sorted(needed)


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    """Within the grid, and without a hole."""
    covered = [cell for panel in PANELS for cell in cells(panel)]
    height = max(y for _, y in covered) + 1

    assert [panel["id"] for panel in PANELS] == list(range(1, len(PANELS) + 1))
    assert len(covered) == len(set(covered))
    assert set(covered) == {(x, y) for x in range(COLUMNS) for y in range(height)}


@pytest.mark.parametrize("panel", PANELS, ids=titles)
def test_a_panel_is_whole(panel: dict[str, Any]) -> None:
    """Members, data source and queries as the Tempo plugin writes them."""
    targets = panel["targets"]

    assert set(panel) == {
        *("id", "type", "title", "description", "datasource"),
        *("gridPos", "fieldConfig", "options", "targets"),
    }
    assert panel["datasource"] == SOURCE
    assert set(panel["fieldConfig"]) == {"defaults", "overrides"}
    assert [target["refId"] for target in targets] == [*"ABC"[: len(targets)]]
    for target in targets:
        assert (target["datasource"], target["queryType"]) == (SOURCE, "traceql")
        assert (target["limit"], target["filters"]) == (20, [])


@pytest.mark.parametrize("panel", PANELS, ids=titles)
def test_metrics_become_graphs_and_searches_tables(panel: dict[str, Any]) -> None:
    """Either would show nothing in the other."""
    for target in panel["targets"]:
        form = (panel["type"], target["tableType"], target.get("metricsQueryType"))

        assert form == (
            ("timeseries", "traces", "range") if is_metrics(target["query"]) else ("table", "spans", None)
        )


def test_its_queries_are_recipes_of_the_guide() -> None:
    """So what is said and tested of the recipes holds for the panels."""
    shown = queries.in_dashboard(DASHBOARD)
    recipes = queries.in_text(queries.GUIDE.read_text(encoding="utf-8"))

    assert set(shown) - set(recipes) == set()
    assert len(shown) == len(set(shown)) == 8
