# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The Collector as Grafana's gateway with Jaeger behind it, and what both have of what was sent."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import attrs

from otlpjson.delivery import Destination, grafana_cloud

from . import settings
from .go_json import spans
from .install import installed
from .process import Server, waited_for
from .programs import COLLECTOR, JAEGER

__all__ = ["AUTHORIZED", "Gateway", "Said"]

HOST: Final = "127.0.0.1"
PATH: Final = "/otlp/v1/traces"
_PAIR: Final = f"{settings.INSTANCE_ID}:{settings.API_KEY}"
AUTHORIZED: Final = {"Authorization": "Basic " + base64.b64encode(_PAIR.encode()).decode()}
_TRACE_ID: Final = re.compile('"traceId":"([0-9a-f]{32})"')
_JSON: Final = {"Content-Type": "application/json"}


@attrs.frozen
class Said:
    """A status and a body."""

    status: int
    body: bytes

    @property
    def words(self) -> str:
        """The message of google.rpc.Status, of which Go varies the white space; else the text."""
        text = self.body.decode("utf-8", "replace").strip()
        document: Any = json.loads(text) if text.startswith("{") else {}
        return str(document.get("message", text))


@attrs.define(kw_only=True)
class Gateway:
    """
    Both programs.

    Attributes:
        folder: Where their settings, their logs and the Collector's file are.
    """

    folder: Path
    _ports: list[int]
    _servers: dict[str, Server] = attrs.field(factory=dict)

    @classmethod
    def started(cls, folder: Path, *, jaeger_too: bool = True) -> Gateway:
        """Starts the Collector, and Jaeger first; both answer when this comes back."""
        gateway = cls(folder=folder, ports=settings.free_ports(6))
        try:
            if jaeger_too:
                gateway.start_jaeger()
            url = f"http://{HOST}:{gateway._ports[3]}{PATH}"
            config = settings.collector(gateway._ports[:3], gateway.file, url)
            gateway._start(COLLECTOR.name, installed(COLLECTOR), config, gateway._ports[:3])
        except BaseException:
            gateway.stop()
            raise
        return gateway

    def start_jaeger(self) -> None:
        """Starts Jaeger where it was not started yet."""
        ports = self._ports[3:]
        self._start(JAEGER.name, installed(JAEGER), settings.jaeger(ports), ports)

    def _start(self, name: str, program: Path, config: Mapping[str, Any], ports: list[int]) -> None:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(config, indent=1), encoding="utf-8")
        command = [str(program), "--config", str(path)]
        server = Server.started(name, command, self.folder / f"{name}.log")
        self._servers[name] = server
        server.when_ready(lambda: all(map(_listens, ports)))

    def stop(self) -> None:
        """Ends both."""
        for server in self._servers.values():
            server.stop()

    def words(self) -> list[tuple[str, str]]:
        """What each of them said last."""
        return [(name, server.words()) for name, server in self._servers.items()]

    @property
    def file(self) -> Path:
        """What the Collector writes."""
        return self.folder / "written.jsonl"

    def base_url(self, receiver: str = "otlp") -> str:
        """The base URL of a receiver: ``otlp``, ``small`` or ``queue``."""
        return f"http://{HOST}:{self._ports[('otlp', 'small', 'queue').index(receiver)]}"

    def destination(self, receiver: str = "otlp", api_key: str = settings.API_KEY) -> Destination:
        """The same as a destination."""
        return grafana_cloud(self.base_url(receiver), settings.INSTANCE_ID, api_key)

    def post(self, body: bytes, headers: Mapping[str, str] = AUTHORIZED, receiver: str = "otlp") -> Said:
        """One plain request, without the package."""
        return _ask(self.base_url(receiver), "POST", PATH, {**_JSON, **headers}, body)

    def lines(self) -> list[str]:
        """Every whole line of the Collector's file; a byte that is not UTF-8 is shown as ``\\xff``."""
        data = self.file.read_bytes() if self.file.exists() else b""
        return data.decode("utf-8", "backslashreplace").split("\n")[:-1]

    def lines_with(self, text: str, count: int = 1) -> list[str]:
        """The lines that a text occurs in, as soon as there are so many."""

        def look() -> list[str] | None:
            found = [line for line in self.lines() if text in line]
            return found if len(found) >= count else None

        return waited_for(f"{count} times {text} in the Collector's file", look)

    def written(self, trace_ids: Collection[str], count: int) -> list[dict[str, Any]]:
        """The spans of these traces in the file, in order, as soon as there are so many."""

        def look() -> list[dict[str, Any]] | None:
            # Some tests make the Collector write lines that cannot be read: only those named here are.
            named = (line for line in self.lines() if not set(_TRACE_ID.findall(line)).isdisjoint(trace_ids))
            found = [span for line in named for span in spans(line) if span["trace id"] in trace_ids]
            return found if len(found) >= count else None

        return waited_for(f"{count} spans in the Collector's file", look)

    def jaeger(self, path: str, **parameters: str) -> Said:
        """What Jaeger's query API answers."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return _ask(f"http://{HOST}:{self._ports[4]}", "GET", quote(path) + query, {})

    def trace_in_jaeger(self, trace_id: str) -> str:
        """A trace as Jaeger gives it back, as OTLP/JSON."""
        text = self._trace(trace_id)
        if text is None:
            raise AssertionError(f"Jaeger does not have the trace {trace_id}")
        return text

    def awaited_in_jaeger(self, trace_id: str) -> str:
        """The same, as soon as it is there: what went over a queue comes later."""
        return waited_for(f"the trace {trace_id} in Jaeger", lambda: self._trace(trace_id))

    def _trace(self, trace_id: str) -> str | None:
        said = self.jaeger(f"/api/v3/traces/{trace_id}")
        text = said.body.decode("utf-8").strip()
        whole = said.status == 200 and text.startswith('{"result":') and text.endswith("}")
        return text[len('{"result":') : -1] if whole else None


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _ask(base: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Said:
    host, _, port = base.rpartition("/")[2].partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    try:
        connection.request(method, path, body if method == "POST" else None, dict(headers))
        response = connection.getresponse()
        return Said(response.status, response.read())
    finally:
        connection.close()
