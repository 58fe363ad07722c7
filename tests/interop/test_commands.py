# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands against the gateway, as a person uses them: from credentials to a query."""

from __future__ import annotations

import json
import re
import stat
import time
from pathlib import Path

import pytest

from ..cli.commands import late
from .commands import Person, Ran
from .gateway import Gateway
from .generations import cases
from .go_json import spans

WRONG_KEY = "glc_wrong"


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Somebody who has saved nothing yet."""
    return Person(folder=tmp_path)


@pytest.fixture
def knowing(person: Person, gateway: Gateway) -> Person:
    """Somebody who has saved the gateway, and has no variables any more."""
    assert person.with_credentials(gateway.base_url()).runs("configure").code == 0
    return person


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A file of ten records, one request with its response a line."""
    path = tmp_path / "records.jsonl"
    made = [case.record for case in cases(17, 10, time.time_ns())]
    path.write_text("".join(json.dumps(record) + "\n" for record in made), encoding="utf-8")
    return path


def url(gateway: Gateway) -> str:
    """Where everything goes."""
    return f"{gateway.base_url()}/otlp/v1/traces"


def span_ids(body: str) -> list[str]:
    """The ids of a body's spans, in order."""
    return [span["span id"] for span in spans(body)]


def test_configure_saves_what_the_gateway_took(gateway: Gateway, person: Person) -> None:
    """The span of the test is in the Collector's file; the saved file is its owner's alone."""
    ran = person.with_credentials(gateway.base_url()).runs("configure")

    assert ran == Ran(
        code=0,
        out=f"{url(gateway)} answered 200: test span accepted.\n",
        err=f"Saved as default in {person.saved}\n",
    )
    assert stat.S_IMODE(person.saved.stat().st_mode) == 0o600
    (span,) = spans(gateway.lines_with("openrouter-connection-test")[-1])
    assert (span["trace id"], span["span id"], span["status"]) == (f"{1:032x}", f"{1:016x}", (1, ""))


def test_configure_saves_nothing_that_the_gateway_refused(gateway: Gateway, person: Person) -> None:
    """A sentence says what to change, and no key is in it."""
    ran = person.with_credentials(gateway.base_url(), WRONG_KEY).runs("configure")

    assert ran == Ran(
        code=1,
        out=f"{url(gateway)} answered 401 (invalid credentials): "
        "check the instance ID and the API key: the server does not accept this pair.\n",
        err="Nothing was saved.\n",
    )
    assert not person.saved.exists()


def test_a_path_that_the_gateway_does_not_have_is_named(gateway: Gateway, person: Person) -> None:
    """A base URL with one word too many; the Collector answers 404 in plain text."""
    ran = person.with_credentials(f"{gateway.base_url()}/tempo").runs("configure")

    assert (ran.code, ran.out) == (
        1,
        f"{gateway.base_url()}/tempo/otlp/v1/traces answered 404 (404 page not found): nothing is served at "
        "this path; check that the base URL is the OTLP endpoint.\n",
    )


def test_test_connection_uses_what_is_saved(gateway: Gateway, knowing: Person) -> None:
    """Right; and wrong, where the variables name another key."""
    wrong = knowing.with_credentials(gateway.base_url(), WRONG_KEY)

    assert knowing.runs("test-connection") == Ran(
        code=0, out=f"{url(gateway)} answered 200: test span accepted.\n", err=""
    )
    assert wrong.runs("test-connection").code == 1


def test_the_sample_trace_is_in_jaeger_under_the_query_that_is_printed(
    gateway: Gateway, knowing: Person
) -> None:
    """``send-trace`` prints TraceQL; its one condition on an attribute finds the trace by Jaeger's tags too."""
    ran = knowing.runs("send-trace")
    (query,) = re.findall(r"Find it with TraceQL: (.*)", ran.out)
    (key, value), *_ = re.findall(r'(?:span|resource)\.((?!service)[\w.]+) = "([^"]+)"', query)
    now_us = time.time_ns() // 1000
    said = gateway.jaeger(
        "/api/traces",
        service="openrouter",
        tags=json.dumps({key: value}),
        start=str(now_us - 600_000_000),
        end=str(now_us),
    )
    (trace,) = json.loads(said.body)["data"]

    assert ran.code == 0
    assert [span["operationName"] for span in trace["spans"]] == ["Test Generation"]
    assert knowing.with_credentials(gateway.base_url(), WRONG_KEY).runs("send-trace").code == 1


def test_send_delivers_what_encode_shows(gateway: Gateway, knowing: Person, records: Path) -> None:
    """Every span of the file, and no other, in its order."""
    shown = knowing.runs("encode", records)
    ran = knowing.runs("send", records)
    ids = [span_id for line in shown.out.splitlines() for span_id in span_ids(line)]
    (written,) = gateway.lines_with(ids[-1])

    assert ran.code == 0
    assert ran.err.splitlines()[-2] == f"{len(ids)} spans recorded: {len(ids)} delivered"
    assert span_ids(written) == ids


def test_what_a_wrong_key_left_behind_is_posted_later(
    gateway: Gateway, knowing: Person, records: Path
) -> None:
    """Nothing is lost and nothing is sent twice: the file of what was not delivered is taken as it is."""
    kept = knowing.folder / "kept.jsonl"
    wrong = knowing.with_credentials(gateway.base_url(), WRONG_KEY)
    refused = wrong.runs("send", records, "--quarantine", kept)
    ids = [span_id for line in kept.read_text().splitlines() for span_id in span_ids(line)]
    before = len([line for line in gateway.lines() if ids[-1] in line])
    posted = knowing.runs("post", kept)

    assert refused.code == 1
    assert f"{len(ids)} spans recorded: 0 delivered, {len(ids)} pending" in refused.err
    assert "misconfigured 401: invalid credentials" in refused.err
    assert WRONG_KEY not in refused.err
    assert (posted.code, posted.err.splitlines()[-2]) == (
        0,
        f"{len(ids)} spans recorded: {len(ids)} delivered",
    )
    assert len(gateway.lines_with(ids[-1], before + 1)) == before + 1


def test_post_delivers_a_body_from_standard_input(gateway: Gateway, knowing: Person) -> None:
    """As another program's pipe hands it over; a refused body leaves the Collector's words."""
    body = {"traceId": "d" * 32, "spanId": "e" * 16, "name": "piped", "kind": 1}
    times = {"startTimeUnixNano": "1771005600000000000", "endTimeUnixNano": "1771005601000000000"}

    def text(**members: str) -> bytes:
        spans_ = [{**body, **times, **members}]
        return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans_}]}]}).encode()

    taken = knowing.runs("post", "-", stdin=text())
    refused = knowing.runs("post", "-", stdin=text(kind="three"))

    assert (taken.code, taken.err) == (0, "1 span recorded: 1 delivered\n" + late(1))
    assert span_ids(gateway.lines_with('"piped"')[0]) == ["e" * 16]
    assert refused.code == 1
    assert "1 span recorded: 0 delivered, 1 quarantined\n" in refused.err
    assert "1 span rejected 400: ReadEnumValue: unknown string value" in refused.err
