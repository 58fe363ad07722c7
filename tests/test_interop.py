# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the interop tests stand on: installer, reader, generator and table, without any server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otlpjson.openrouter import read_record, resource_spans

from . import FIXTURES
from .interop import install
from .interop.collector_table import DOCUMENT, read, row
from .interop.generations import cases, plain_record
from .interop.go_json import spans
from .interop.losses import as_jaeger_gave, as_jaeger_gives
from .interop.process import waited_for
from .interop.programs import COLLECTOR, JAEGER, PROGRAMS, cache_folder, go_version
from .interop.settings import free_ports
from .interop.wrong_bodies import RIGHT_BODY, WRONG_BODIES

ROOT = Path(__file__).resolve().parent.parent
NOW_NS = 1771005600000000000


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("go version go1.26.8 linux/amd64\n", (1, 26)),
        ("go version go1.25 darwin/arm64\n", (1, 25)),
        ("go version devel go1.27-abcdef Mon Jan 1 linux/amd64\n", (1, 27)),
        ("go version go1.9.7 linux/386\n", (1, 9)),
        ("gccgo (GCC) 12\n", None),
        ("", None),
    ],
)
def test_the_version_of_go_is_read(said: str, version: tuple[int, int] | None) -> None:
    """As numbers, so that 1.9 is older than 1.25."""
    assert go_version(said) == version


def test_programs_are_kept_outside_of_the_tree_by_version_and_platform() -> None:
    """A relative folder in the environment does not count, as the XDG specification says."""
    home = Path("/home/me")

    assert cache_folder({}, home) == Path("/home/me/.cache/otlpjson-servers")
    assert cache_folder({"XDG_CACHE_HOME": "/var/cache/me"}, home) == Path("/var/cache/me/otlpjson-servers")
    assert cache_folder({"XDG_CACHE_HOME": "here"}, home) == Path("/home/me/.cache/otlpjson-servers")
    assert COLLECTOR.path(home, "linux-amd64").name == f"collector-{COLLECTOR.version}-linux-amd64"
    assert JAEGER.path(home, "windows-amd64").name == f"jaeger-{JAEGER.version}-windows-amd64.exe"


def test_the_committed_versions_are_those_that_the_cache_is_keyed_by() -> None:
    """Builder file and module beside the installer name the same."""
    here = ROOT / "tests" / "interop"
    components = (here / "collector.yaml").read_text(encoding="utf-8").split("gomod: ")[1:]

    assert {line.split()[1] for line in components} == {f"v{COLLECTOR.version}"}
    assert f"{JAEGER.name} v{JAEGER.version}" in (here / "jaeger" / "go.mod").read_text(encoding="utf-8")


def go(folder: Path, script: str) -> dict[str, str]:
    """An environment in which this script is Go, and the cache is empty."""
    path = folder / "bin" / "go"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return {"PATH": str(path.parent), "XDG_CACHE_HOME": str(folder / "cache")}


def installed_with(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    """What the installer makes of an environment."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return install.main([])


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "echo go version go1.21.3 linux/amd64",
            "Go 1.25 or newer builds the Collector and Jaeger, and {go} is 'go version go1.21.3 linux/amd64'",
        ),
        (
            "echo gccgo",
            "Go 1.25 or newer builds the Collector and Jaeger, and {go} is 'gccgo'",
        ),
        (
            '[ "$1" = version ] && echo go version go1.25.0 linux/amd64 || { echo no network >&2; exit 1; }',
            f"{{go}} install {install.BUILDER} failed: no network",
        ),
    ],
)
def test_a_build_that_cannot_be_is_one_sentence(
    script: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 1, and nothing is left in the cache."""
    assert installed_with(go(tmp_path, script), monkeypatch) == 1
    assert capsys.readouterr().err == f"servers: {sentence.format(go=tmp_path / 'bin' / 'go')}\n"
    assert list(tmp_path.glob("cache/*/*")) == []


def test_without_go_it_is_said_and_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--why-not`` says the same and is no failure: the caller skips."""
    environ = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    why = "Go 1.25 or newer builds the Collector and Jaeger, and there is no go on the PATH"

    assert installed_with(environ, monkeypatch) == 1
    assert capsys.readouterr().err == f"servers: {why}\n"
    assert install.main(["--why-not"]) == 0
    assert capsys.readouterr().out == why


def test_an_unreachable_proxy_is_a_reason_to_skip(tmp_path: Path) -> None:
    """Go is there and new, but cannot look the builder up; where nothing is missing, nothing is asked."""
    script = '[ "$1" = version ] && echo go version go1.26.0 linux/amd64 || { echo no route >&2; exit 1; }'
    environ = go(tmp_path, script)

    reason = install.why_not(PROGRAMS, environ)
    assert reason == f"{tmp_path / 'bin' / 'go'} list -m {install.BUILDER} failed: no route"
    assert install.why_not([], environ) == ""


def test_what_is_there_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Go on the PATH both are found."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    for program in PROGRAMS:
        install.installed(program).parent.mkdir(exist_ok=True)
        install.installed(program).touch()

    assert install.main([]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{program.name} {program.version}: {install.installed(program)}" for program in PROGRAMS
    ]


def test_an_interrupted_build_leaves_no_program(tmp_path: Path) -> None:
    """Ctrl-C while Go is at work: one sentence, and the cache is as empty as before."""
    building = tmp_path / "building"
    script = f'[ "$1" = version ] && echo go version go1.25.0 linux/amd64 || {{ : > {building}; exec /bin/sleep 60; }}'
    environ = {**os.environ, **go(tmp_path, script)}
    command = [sys.executable, "-m", "tests.interop.install"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
        waited_for("the build", lambda: building.exists() or None)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]

    assert (process.returncode, said) == (
        1,
        "servers: interrupted; the next run begins that build again\n",
    )
    assert list(tmp_path.glob("cache/*/*")) == []


def test_the_ordinary_suite_leaves_the_servers_alone() -> None:
    """``make test`` collects nothing from that folder, ``make interop`` everything."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    settings = (ROOT / "setup.cfg").read_text(encoding="utf-8")

    assert "norecursedirs = .* *.egg build dist node_modules venv interop\n" in settings
    assert "-m pytest tests/interop\n" in makefile


def test_the_reader_knows_every_member() -> None:
    """The body with everything together, as plain values: each is where it belongs."""
    (span,) = spans((FIXTURES / "wire" / "everything.json").read_bytes())

    assert span["resource"] == {
        "attributes": (("service.name", ("stringValue", "openrouter")),),
        "dropped": 1,
    }
    assert span["scope"]["attributes"] == (("a", ("intValue", 1)),)
    assert (span["resource schema"], span["scope schema"]) == (
        "https://example.com/resource",
        "https://example.com/scope",
    )
    assert dict(span["attributes"])["map"] == (
        "kvlistValue",
        (("k", ("kvlistValue", (("deep", ("doubleValue", "2.0")),))),),
    )
    assert dict(span["attributes"])["bytes"] == ("bytesValue", b"\x00\xff")
    assert (span["flags"], span["status"], span["dropped links"]) == (257, (2, "timed out"), 7)
    assert [(event["name"], event["dropped"]) for event in span["events"]] == [("exception", 4)]
    assert [(link["trace state"], link["flags"]) for link in span["links"]] == [("k=v", 256)]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ('{"doubleValue":51.0}', '{"doubleValue":51}', True),
        ('{"doubleValue":-0.0}', '{"doubleValue":-0}', True),
        ('{"doubleValue":-0.0}', '{"doubleValue":0}', False),
        ('{"doubleValue":"NaN"}', '{"doubleValue":"NaN"}', True),
        ('{"intValue":"42"}', '{"intValue":42}', True),
        ('{"intValue":"9007199254740993"}', '{"intValue":"9007199254740992"}', False),
        ('{"intValue":"1"}', '{"doubleValue":1}', False),
        ('{"stringValue":""}', "{}", False),
        ('{"boolValue":true}', '{"intValue":"1"}', False),
        ('{"arrayValue":{}}', '{"arrayValue":{"values":[]}}', True),
        ('{"arrayValue":{}}', '{"kvlistValue":{}}', False),
    ],
)
def test_the_reader_compares_by_type_and_value(ours: str, theirs: str, same: bool) -> None:
    """Not by how a number is written, and never by equality across types."""

    def read_value(text: str) -> Any:
        attributes = '[{"key":"k","value":' + text + "}]"
        return spans(RIGHT_BODY.replace(b'"kind":1', f'"kind":1,"attributes":{attributes}'.encode()))

    assert (read_value(ours) == read_value(theirs)) is same


def test_the_reader_refuses_what_a_server_may_add() -> None:
    """Otherwise it would go unseen."""
    with pytest.raises(AssertionError, match="members that OTLP does not have: \\['color'\\]"):
        spans(WRONG_BODIES["unknown member"])


def test_jaegers_losses_are_exactly_those_listed() -> None:
    """Order of keys, schema URLs, warnings, the service's name, the end of an instant; nothing else."""
    sent = spans((FIXTURES / "encode" / "everything.json").read_bytes())
    (changed,) = as_jaeger_gives([*sent, *sent])
    (span,) = sent
    warned = {**changed, "attributes": (*changed["attributes"], ("@jaeger@warnings", ("stringValue", "!")))}

    assert as_jaeger_gave([warned]) == [changed]
    assert sorted(changed["attributes"]) == sorted(span["attributes"])
    assert {name for name in span if span[name] != changed[name]} == {
        "attributes",
        "resource schema",
        "scope schema",
    }
    (instant,) = as_jaeger_gives(spans((FIXTURES / "encode" / "no_times.json").read_bytes()))
    assert (instant["start"], instant["end"]) == (0, 1)
    assert instant["resource"]["attributes"] == (("service.name", ("stringValue", "missing-service-name")),)


def test_equal_seeds_give_equal_cases_and_others_share_no_trace() -> None:
    """So a failure can be looked at again, and tests do not meet in one trace."""
    assert cases(1, 40, NOW_NS) == cases(1, 40, NOW_NS)
    assert not {case.trace_id for case in cases(1, 80, NOW_NS)} & {
        case.trace_id for case in cases(2, 80, NOW_NS)
    }


def test_the_facts_of_a_case_are_those_of_its_spans() -> None:
    """Trace, error, duration, and whether there is any span; what is skipped is only what was cut off."""
    for case in cases(5, 120, NOW_NS):
        generation = read_record(case.record)
        groups = resource_spans(generation, hierarchy=case.hierarchy)
        found = [span for group in groups for scope in group.scope_spans for span in scope.spans]

        assert bool(found) is case.sent
        assert {span.trace_id for span in found} <= {case.trace_id}
        assert not found or any(span.status.code == 2 for span in found) is case.failed
        assert not found or max(span.end_ns - span.start_ns for span in found) == round(case.seconds * 1e9)
        assert bool(generation.skipped) is (case.record["note"] == "cut off")


def test_a_plain_record_is_read_whole() -> None:
    """One generation, nothing skipped."""
    generation = read_record(plain_record("gen-1", "text"))

    assert (generation.generation_id, generation.skipped) == ("gen-1", ())


def test_the_document_says_what_becomes_of_each_wrong_body() -> None:
    """None is missing, none is made up; in the same order."""
    assert list(read(DOCUMENT.read_text(encoding="utf-8"))) == list(WRONG_BODIES)


def test_no_wrong_body_is_the_right_one() -> None:
    """And the right one is right."""
    assert RIGHT_BODY not in WRONG_BODIES.values()
    assert len(set(WRONG_BODIES.values())) == len(WRONG_BODIES)
    assert [span["name"] for span in spans(RIGHT_BODY)] == ["pay"]


def test_a_row_says_how_the_written_span_differs() -> None:
    """Nothing, the right one, members that changed or are missing, or all of several spans."""
    right = '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"pay","kind":1,"status":{}}]}]}]}'
    twice = right.replace("]}]}]}", ',{"name":"pay","kind":1,"status":{}}]}]}]}')
    body = twice.replace(',"status":{}', "").encode()

    assert row(400, [], right, b"") == ("400", "nothing")
    assert row(200, [right], right, b"") == ("200", "the right span")
    assert row(200, [right.replace("1", "3")], right, b"") == ("200", '`"kind":3`')
    assert row(200, [right.replace('"name":"pay",', "")], right, b"") == ("200", "no `name`")
    assert row(200, [right.replace("pay", "p\\xffy")], right, b"") == ("200", '`"name":"p\\xffy"`')
    assert row(200, [twice], right, body) == ("200", "as sent")
    assert row(200, [twice.replace("1", "2")], right, body) == ("200", "2 spans")


def test_ports_are_free_and_differ() -> None:
    """All at once, so that no two servers get the same."""
    assert len(set(free_ports(6))) == 6


def test_the_wrong_bodies_can_be_written_to_files() -> None:
    """Names are printable and short, so that other programs can be run over them."""
    assert all(name.isprintable() and len(name) < 50 for name in WRONG_BODIES)
    assert json.loads(RIGHT_BODY)
