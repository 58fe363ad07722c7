# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Who may import whom, what the core must not touch, and where names may stand: read from the source."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import otlpjson
from otlpjson import vendored

ROOT: Final = Path(otlpjson.__file__).parent
PACKAGE: Final = otlpjson.__name__
SOURCES: Final = {
    path.relative_to(ROOT)
    .with_suffix("")
    .as_posix()
    .replace("/", ".")
    .replace(".__init__", ""): path.read_text("utf-8")
    for path in sorted(ROOT.rglob("*.py"))
}
TREES: Final = {name: ast.parse(source) for name, source in SOURCES.items()}

CORE: Final = {
    "errors": set(),
    "ids": {"errors"},
    "attributes": {"errors"},
    "fields": {"attributes", "errors", "ids"},
    "model": {"attributes", "errors", "fields"},
    "bodies": set(),
    "cut": {"bodies", "errors"},
    "encode": {"attributes", "bodies", "model"},
    "finding": {"errors"},
    "json_text": {"errors", "finding"},
    "scalars": {"attributes", "fields", "finding", "ids", "json_text"},
    "members": {"finding", "json_text"},
    "any_value": {"attributes", "finding", "json_text", "members", "scalars"},
    "decode": {"any_value", "finding", "json_text", "members", "model", "scalars"},
    "tempo": {"decode", "finding", "json_text", "model"},
    "answer": {"decode", "finding", "json_text", "tempo"},
    "limits": {"attributes", "decode", "encode", "finding", "model"},
    "circles": set(),
    "tree": {"circles", "finding", "model"},
    "check": {"decode", "errors", "finding", "json_text", "limits", "lines", "model", "tree"},
    "lines": set(),
    "printable": set(),
    "waterfall": {"circles", "model"},
    "reading": {"answer", "errors", "finding", "lines", "model"},
    "difference": {"attributes"},
    "compare": {"attributes", "difference", "model"},
    "diff": {"compare", "difference", "model"},
    "indented": {"json_text"},
    "line_diff": {"difference", "indented", "printable"},
    "golden": {
        "diff",
        "encode",
        "errors",
        "finding",
        "indented",
        "line_diff",
        "model",
        "printable",
        "reading",
    },
    "moments": {"errors"},
    "mask": {"json_text"},
    "freeze": {"decode", "encode", "errors", "ids", "json_text", "mask", "model", "moments"},
}
OPENROUTER: Final = {
    "openrouter.generation": set(),
    "openrouter.document": {"errors", "openrouter.generation"},
    "openrouter.times": {"errors", "openrouter.document"},
    "openrouter.compact": {"attributes"},
    "openrouter.parts": set(),
    "openrouter.chat_form": {"openrouter.document", "openrouter.generation"},
    "openrouter.chat": {
        "openrouter.chat_form",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.parts",
    },
    "openrouter.messages": {
        "openrouter.chat_form",
        "openrouter.compact",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.parts",
    },
    "openrouter.responses": {
        "openrouter.chat_form",
        "openrouter.compact",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.parts",
    },
    "openrouter.sse": set(),
    "openrouter.chat_stream": {"openrouter.document", "openrouter.parts"},
    "openrouter.messages_stream": {"openrouter.document", "openrouter.parts"},
    "openrouter.responses_stream": {"openrouter.document", "openrouter.parts"},
    "openrouter.stream": {
        "openrouter.chat_stream",
        "openrouter.document",
        "openrouter.messages_stream",
        "openrouter.responses_stream",
        "openrouter.sse",
    },
    "openrouter.metadata": {"openrouter.compact", "openrouter.document", "openrouter.generation"},
    "openrouter.observed": {
        "errors",
        "openrouter.compact",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.times",
    },
    "openrouter.span_times": {
        "errors",
        "openrouter.chat_form",
        "openrouter.document",
        "openrouter.observed",
        "openrouter.times",
    },
    "openrouter.read": {
        "errors",
        "openrouter.chat",
        "openrouter.chat_form",
        "openrouter.compact",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.messages",
        "openrouter.metadata",
        "openrouter.observed",
        "openrouter.responses",
        "openrouter.span_times",
        "openrouter.stream",
    },
    "openrouter.policy": {"errors", "openrouter.generation"},
    "openrouter.records": {
        "errors",
        "lines",
        "openrouter.document",
        "openrouter.generation",
        "openrouter.read",
    },
    "openrouter.truncate": {"attributes", "errors", "openrouter.compact"},
    "openrouter.rows": {"attributes", "openrouter.truncate"},
    "openrouter.table": {
        "attributes",
        "model",
        "openrouter.compact",
        "openrouter.generation",
        "openrouter.rows",
        "openrouter.truncate",
    },
    "openrouter.totals": {"attributes", "model", "openrouter.table"},
    "openrouter.spans": {
        "errors",
        "ids",
        "model",
        "openrouter.generation",
        "openrouter.rows",
        "openrouter.table",
        "openrouter.truncate",
        "openrouter.times",
    },
}
DELIVERY: Final = {
    "delivery.url": set(),
    "delivery.destination": {"delivery.url", "errors"},
    "delivery.outcome": set(),
    "delivery.exchange": {"delivery.destination", "delivery.outcome", "printable"},
    "delivery.retry": set(),
    "delivery.sender": {
        "__init__",
        "delivery.destination",
        "delivery.exchange",
        "delivery.outcome",
        "errors",
    },
    "delivery.bounds": {"errors"},
    "delivery.deliver": {"bodies", "delivery.bounds", "delivery.outcome", "delivery.retry"},
    "delivery.queue": {"bodies", "delivery.bounds"},
    "delivery.counts": {"delivery.outcome"},
    "delivery.gate": {"delivery.outcome"},
    "delivery.exporter": {
        "bodies",
        "delivery.counts",
        "delivery.deliver",
        "delivery.outcome",
        "delivery.gate",
        "delivery.queue",
    },
    "delivery.probe": {"delivery.outcome", "delivery.url"},
}
EDGE: Final = {
    "broadcast": {
        "call",
        "config",
        "delivery.counts",
        "delivery.queue",
        "errors",
        "ids",
        "lane",
        "model",
        "openrouter",
        "store",
    },
    "call": set(),
    "config": {"delivery.destination", "errors"},
    "entries": {"bodies", "encode", "openrouter"},
    "lane": {
        "config",
        "delivery.exporter",
        "delivery.queue",
        "delivery.sender",
        "encode",
        "entries",
        "model",
        "openrouter",
    },
    "pytest_plugin": {"errors", "golden", "model"},
    "delivered_body": set(),
    "receiver": {"delivered_body", "lines"},
    "store": {"config", "errors"},
    "licence": set(),
    "vendored": {"__init__", "errors", "licence"},
}
RULES: Final[dict[str, set[str]]] = {**CORE, **OPENROUTER, **DELIVERY, **EDGE}

_IMPURE: Final = {"delivery.sender", "delivery.exporter", "delivery.gate"}
PURE: Final = [
    *CORE,
    *OPENROUTER,
    "config",
    "licence",
    "vendored",
    *(name for name in DELIVERY if name not in _IMPURE),
]
PURE_IMPORTS: Final = {
    *(
        "__future__",
        "base64",
        "collections",
        "contextlib",
        "datetime",
        "decimal",
        "difflib",
        "email",
        "enum",
        "functools",
        "gzip",
        "hashlib",
    ),
    *(
        "io",
        "itertools",
        "ipaddress",
        "json",
        "keyword",
        "math",
        "operator",
        "pathlib",
        "re",
        "types",
        "typing",
        "urllib",
        "uuid",
        "zlib",
        "attrs",
    ),
}
WIRE_NAMES: Final = re.compile(
    r"\b(?:traceId|spanId|parentSpanId|traceState|startTimeUnixNano|endTimeUnixNano|timeUnixNano|dropped\w+Count|"
    r"stringValue|boolValue|intValue|doubleValue|arrayValue|kvlistValue|bytesValue|schemaUrl)\b"
)
_MUTABLE: Final = (ast.List, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
ATTRIBUTE_NAMES: Final = re.compile(
    r"\b(?:gen_ai|service|user|session|span|trace|exception|openrouter)\.[a-z_]+[\w.]*['\"]"
)


def own_imports(module: str) -> Iterator[str]:
    """The modules of this package that a module imports, also those for type checking alone."""
    parts = module.split(".")
    is_package = (ROOT / module.replace(".", "/")).is_dir()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = parts[: len(parts) - node.level + is_package] + (node.module or "").split(".")
            base = [part for part in base if part]
            for alias in node.names:
                inner = ".".join([*base, alias.name])
                yield inner if inner in SOURCES else ".".join(base) or "__init__"


def foreign_imports(module: str) -> Iterator[str]:
    """The top-level names of everything else that a module imports."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def test_every_module_has_a_rule() -> None:
    """A new module gets its place in the layers first."""
    free = {name for name in SOURCES if name.partition(".")[0] in ("cli", "__main__", "__init__")}

    assert set(SOURCES) - free - {"openrouter", "delivery"} == set(RULES)
    assert len(SOURCES) > 30


@pytest.mark.parametrize("module", sorted(RULES))
def test_a_module_imports_exactly_what_its_rule_says(module: str) -> None:
    """Down the layers, and a rule that nothing uses is deleted."""
    assert set(own_imports(module)) == RULES[module]


def test_a_copy_of_the_core_has_what_its_first_file_imports() -> None:
    """And what that imports in turn: nothing is missing in it, and nothing lies there unused."""
    reached = {"__init__"}
    waiting = ["__init__"]
    while waiting:
        found = set(own_imports(waiting.pop())) - reached
        reached |= found
        waiting += found

    files = [*(f"{module.replace('.', '/')}.py" for module in reached), "py.typed"]

    assert tuple(sorted(files)) == vendored.CORE


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_own_imports_are_relative(module: str) -> None:
    """So a copy under another name works without an edit."""
    assert PACKAGE.partition(".")[0] not in set(foreign_imports(module))


@pytest.mark.parametrize("module", sorted(PURE))
def test_the_core_touches_nothing_outside(module: str) -> None:
    """No clock, randomness, network, files, environment, threads or logging."""
    calls = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }

    assert set(foreign_imports(module)) <= PURE_IMPORTS
    assert calls & {"datetime.now", "date.today", "datetime.utcnow", "uuid.uuid4", "uuid.uuid1"} == set()
    assert not re.search(r"\b(?:print|open|input)\(", SOURCES[module].replace("self.open", ""))


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_requests_click_and_rich_stay_where_they_belong(module: str) -> None:
    """``import otlpjson`` needs attrs alone."""
    used = set(foreign_imports(module)) & {"requests", "urllib3", "click", "rich", "platformdirs"}

    assert used <= (
        {"click", "rich", "platformdirs"} if module.startswith("cli") else {"requests", "urllib3"}
    )
    assert not used & {"requests", "urllib3"} or module == "delivery.sender"


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_pytest_is_imported_by_its_plugin_alone(module: str) -> None:
    """The core runs where there is no pytest, and so does the comparing with golden files."""
    used = set(foreign_imports(module)) & {"pytest", "_pytest", "pluggy"}

    assert used == ({"pytest"} if module == "pytest_plugin" else set())


@pytest.mark.parametrize("module", sorted(set(SOURCES) - {"__main__"}))
def test_nothing_is_imported_late(module: str) -> None:
    """An import inside a function is an optional dependency in disguise; only ``__main__`` has one."""
    late = [
        node
        for function in ast.walk(TREES[module])
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]

    assert late == []


def test_wire_names_stand_where_spans_are_written_and_read() -> None:
    """
    One place writes a span's members, one reads them, and those who know nothing of spans know no name.

    A foreign body's times are replaced in its text, which neither the writer nor the reader keeps.
    """
    assert [name for name, source in SOURCES.items() if WIRE_NAMES.search(source)] == [
        "any_value",
        "decode",
        "encode",
        "moments",
        "tempo",
    ]


def test_names_of_the_envelope_stand_where_bodies_are_made_and_cut() -> None:
    """What surrounds groups is known to those who join, cut and receive bodies."""
    assert [name for name, source in SOURCES.items() if "resourceSpans" in source] == [
        "bodies",
        "cut",
        "decode",
        "delivered_body",
        "tempo",
    ]
    assert [name for name, source in SOURCES.items() if "partialSuccess" in source] == [
        "delivery.exchange",
        "receiver",
    ]


def test_attribute_names_stand_in_the_attribute_table_alone() -> None:
    """A new attribute is a new row there, and nothing else."""
    found = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ATTRIBUTE_NAMES.fullmatch(node.value + '"')
    }

    assert found == {"openrouter.table"}


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_every_file_bears_licence_and_sentence(module: str) -> None:
    """It may be copied alone, and its first sentence says what it owns."""
    lines = SOURCES[module].splitlines()

    assert lines[:2] == ["# SPDX-License-Identifier: Apache-2.0", "# Copyright The otlpjson Authors"]
    assert (ast.get_docstring(TREES[module]) or "").strip()


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_nothing_in_the_package_can_change_behind_ones_back(module: str) -> None:
    """No ``global``, no ``assert``, no bare ``except``, no list, dict or set at module level."""
    tree = TREES[module]
    kinds = {type(node) for node in ast.walk(tree)}
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.type is None]
    mutable = [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, _MUTABLE)
        and "__all__" not in ast.unparse(node)
    ]

    assert kinds & {ast.Global, ast.Assert} == set()
    assert handlers == []
    assert mutable == []


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_all_names_the_public_names_in_order(module: str) -> None:
    """``__all__`` is sorted as the formatter sorts it, and every name in it exists."""
    listed = [
        ast.literal_eval(node.value)
        for node in TREES[module].body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    defined = set(vars(importlib.import_module(f"{PACKAGE}.{module}" if module != "__init__" else PACKAGE)))

    assert len(listed) == 1
    assert set(listed[0]) <= defined


def test_public_functions_take_at_most_five_arguments_and_are_documented() -> None:
    """A function with six is missing a class; options of commands are named by their user."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not name.startswith("cli"):
                arguments = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
                names = [argument.arg for argument in arguments if argument.arg not in ("self", "cls")]
                assert len(names) <= 5, f"{name}.{node.name}"
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                inner = re.search(rf"def {node.name}\b", SOURCES[name])
                assert ast.get_docstring(node) or is_private(name, node) or not inner, f"{name}.{node.name}"


def is_private(module: str, node: ast.AST) -> bool:
    """Whether a definition lies inside a private class or inside a function."""
    for outer in ast.walk(TREES[module]):
        private_class = isinstance(outer, ast.ClassDef) and outer.name.startswith("_")
        if (
            (private_class or isinstance(outer, ast.FunctionDef))
            and outer is not node
            and node in ast.walk(outer)
        ):
            return True
    return False
