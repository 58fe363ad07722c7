# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Secrets, and the content of a destination in privacy mode, looked for in everything a spool leaves behind (E1, E9, E10)."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.__main__ import main as command
from otlpjson.core.errors import OtlpJsonError
from otlpjson.delivery import Outcome, OutcomeKind, grafana_cloud, webhook
from otlpjson.delivery.spool import Spool
from otlpjson.testing import FakeTransport

from .trial import Trial
from .writer import record_of

__all__ = ["canaries"]

_KEY: Final = "glc_CANARYkey0123456789abcdef"
_PATH: Final = "CANARYpath0123456789"
_TOKEN: Final = "CANARYtoken0123456789"
_PROMPT: Final = "CANARYprompt0123456789"
_SLICE: Final = 8
_ANSWERS: Final = (
    Outcome(kind=OutcomeKind.ACCEPTED, status=200),
    Outcome(kind=OutcomeKind.TRY_LATER, status=503),
    Outcome(kind=OutcomeKind.REJECTED, status=400),
    Outcome(kind=OutcomeKind.FAILED, status=500),
    Outcome(kind=OutcomeKind.MISCONFIGURED, status=401),
    Outcome(kind=OutcomeKind.TOO_LARGE, status=413),
)


def canaries(folder: Path) -> Trial:
    """One life for each kind of answer, all of whose traces are searched."""
    trial = Trial(name="canaries (E1, E9, E10)", tries=len(_ANSWERS))
    sinks = 0
    for number, answer in enumerate(_ANSWERS):
        for sink, text in _sinks(folder / str(number), answer):
            sinks += 1
            private = sink.startswith("file") or sink in ("log", "spool list", "spool status")
            for what, secret in (("key", _KEY), ("path", _PATH), ("token", _TOKEN)):
                if _shows(text, secret):
                    trial.wrong.append(f"{answer.brief}: the {what} is in {sink}")
            if private and _shows(text, _PROMPT):
                trial.wrong.append(f"{answer.brief}: the prompt is in {sink}")
    trial.facts["places searched"] = sinks
    return trial


def _shows(text: bytes, secret: str) -> bool:
    """Whether a secret is there: as it is, reversed, encoded, or eight characters of it."""
    plain = secret.encode()
    forms = [
        plain[-_SLICE:],
        plain[::-1][:_SLICE],
        base64.b64encode(b"1234:" + plain)[:16],
        plain.hex().encode(),
    ]
    forms += [base64.b64encode(plain)[:-4], quote(secret, safe="").encode()]
    return any(form in text for form in forms)


def _sinks(folder: Path, answer: Outcome) -> Iterator[tuple[str, bytes]]:
    """What a life leaves behind: its files, its log, its objects, and what the commands say."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    key = grafana_cloud("https://otlp.example.net", "1234", _KEY)
    hook = webhook(f"https://hooks.example.net/{_PATH}?token={_TOKEN}", headers={"x-token": _TOKEN})
    targets = [
        BroadcastDestination(destination=key, name="cloud", privacy_mode=True),
        BroadcastDestination(destination=hook, name="hook", privacy_mode=True),
    ]
    spool = Spool(folder)
    try:
        with contextlib.redirect_stderr(log):
            broadcast = Broadcast(
                targets, spool=spool, transport=lambda target: FakeTransport(judge=lambda body: answer)
            )
            for number in range(3):
                record = record_of(f"x{number}")
                record["request"]["messages"][0]["content"] = _PROMPT
                broadcast.record(record)
            broadcast.flush(0.2)
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    yield f"file {file.name} while it runs", file.read_bytes()
            for one in (broadcast, spool, spool.stocks(), list(spool.kept()), broadcast.counts()):
                yield f"repr of {type(one).__name__}", repr(one).encode()
            broadcast.close()
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                yield f"file {file.name}", file.read_bytes()
        for arguments in (["status"], ["list"], ["list", "--json"]):
            yield f"spool {arguments[0]}", _said(["spool", *arguments, "--folder", str(folder)])
        yield "log", log.getvalue().encode()
        yield "an error", _refused(folder)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)


def _said(arguments: list[str]) -> bytes:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        command(arguments)
    return output.getvalue().encode()


def _refused(folder: Path) -> bytes:
    """The traceback, with its variables, of a folder that is refused."""
    (folder / "spool.db").unlink()
    (folder / "spool.db").symlink_to("/etc/hostname")
    target = BroadcastDestination(destination=grafana_cloud("https://otlp.example.net", "1234", _KEY))
    try:
        Broadcast([target], spool=folder)
    except OtlpJsonError as error:
        told: Any = traceback.TracebackException.from_exception(error, capture_locals=True)
        return "".join(told.format()).encode() + json.dumps(str(error)).encode()
    return b"not refused"
