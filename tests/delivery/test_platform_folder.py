# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The folder for configuration files is the one that ``platformdirs`` names, on every platform."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest

from otlpjson.delivery.platform_folder import config_folder

HOME = Path("/home/somebody")
PLATFORMS: dict[str, Callable[[str], platformdirs.PlatformDirsABC]] = {
    "linux": platformdirs.unix.Unix,
    "freebsd14": platformdirs.unix.Unix,
    "darwin": platformdirs.macos.MacOS,
    "win32": platformdirs.windows.Windows,
}


def set_environ(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    """Exactly these variables, of those that any platform looks at."""
    for name in ("HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "USERPROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


def test_on_this_platform_it_is_the_folder_of_platformdirs() -> None:
    """With the variables that are really set."""
    expected = platformdirs.user_config_path("otlpjson")

    assert config_folder(os.environ, sys.platform, Path.home()) == expected


@pytest.mark.parametrize(
    ("platform", "environ"),
    [
        ("linux", {}),
        ("linux", {"XDG_CONFIG_HOME": ""}),
        ("linux", {"XDG_CONFIG_HOME": "/elsewhere/config"}),
        ("freebsd14", {}),
        ("darwin", {}),
        ("win32", {"LOCALAPPDATA": "/Users/somebody/AppData/Local"}),
    ],
)
def test_on_every_platform_it_is_the_folder_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, platform: str, environ: dict[str, str]
) -> None:
    """By its own class for each of them."""
    set_environ(monkeypatch, {"HOME": str(HOME), **environ})
    # Elsewhere it would ask the registry.
    folder_from_variables = platformdirs.windows.get_win_folder_from_env_vars
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", folder_from_variables)
    expected = PLATFORMS[platform]("otlpjson").user_config_dir

    assert config_folder(environ, platform, HOME) == Path(expected)


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"XDG_CONFIG_HOME": "relative"}, HOME / ".config" / "otlpjson"),
        ("darwin", {"XDG_CONFIG_HOME": "/xdg"}, Path("/xdg/otlpjson")),
        ("win32", {"XDG_CONFIG_HOME": "/xdg"}, HOME / "AppData" / "Local" / "otlpjson" / "otlpjson"),
        ("win32", {"LOCALAPPDATA": ""}, HOME / "AppData" / "Local" / "otlpjson" / "otlpjson"),
    ],
)
def test_where_versions_of_platformdirs_differ_the_newest_counts(
    platform: str, environ: dict[str, str], folder: Path
) -> None:
    """Old ones took a relative path, and had no XDG variable on macOS; on Windows some raise."""
    assert config_folder(environ, platform, HOME) == folder


@pytest.mark.parametrize("platform", PLATFORMS)
def test_without_a_home_folder_only_a_variable_names_it(platform: str) -> None:
    assert config_folder({}, platform, None) is None
    variable = "LOCALAPPDATA" if platform == "win32" else "XDG_CONFIG_HOME"
    named = config_folder({variable: "/x"}, platform, None)
    assert named is not None
    assert named.parts[:2] == ("/", "x")
