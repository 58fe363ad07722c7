# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Who may import whom, what the core must not touch, and where names may stand: read from the source."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

import otlpjson

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
NODES: Final = {name: list(ast.walk(tree)) for name, tree in TREES.items()}
FACES: Final = {
    path.parent.relative_to(ROOT).as_posix().replace("/", ".").replace(".", "", path.parent == ROOT)
    for path in ROOT.rglob("__init__.py")
}
"""Modules that are a folder's ``__init__``; the root's own is ``""``."""

# The drawing: each folder and those that it may import.
MAY_IMPORT: Final[dict[str, set[str]]] = {
    "core": set(),
    "inspect": {"core"},
    "openrouter": {"core"},
    "receiver": {"core"},
    "delivery": {"core"},
    "vendoring": {"core"},
    "testing": {"delivery", "inspect", "core"},
    "capture": {"openrouter", "core"},
    "broadcast": {"capture", "delivery", "openrouter", "core"},
    "backfill": {"broadcast", "delivery", "openrouter", "core"},
    "cli": {
        "backfill",
        "broadcast",
        "core",
        "delivery",
        "inspect",
        "openrouter",
        "receiver",
        "testing",
        "vendoring",
        "view",
    },
    "view": {"receiver", "inspect", "openrouter", "core"},
}
# The root hands on the core's names and, on first use, Broadcast; the commands start in ``__main__``.
OF_THE_ROOT: Final = {"__init__": {"core", "broadcast"}, "__main__": {"cli"}}
# Loaded where they are used, because what they need may not be installed.
LATE: Final = {
    "__main__": ["cli"],
    "broadcast.broadcast": ["broadcast.spooling", "broadcast.config", "broadcast.signals"],
    "broadcast.capturing": ["capture", "capture", "capture"],
    "delivery.sender": ["delivery.wire"],
    "delivery.any_sender": ["delivery.files.sender", "delivery.viewer.sender"],
    "openrouter.policy": ["openrouter.filtering.rules"],
}
"""What is optional, and what would make importing take longer for programs that do not use it."""


PURE_FOLDERS: Final = ("core", "inspect", "openrouter", "vendoring.manifest")
IMPURE_DELIVERY: Final = {
    "delivery.sender",
    "delivery.any_sender",
    "delivery.tls",
    "delivery.connection",
    "delivery.deadline",
    "delivery.dialling",
    "delivery.lookup",
    "delivery.network_errors",
    "delivery.proxies",
    "delivery.trust",
    "delivery.exporter",
    "delivery.folder_destination",
    "delivery.forks",
    "delivery.gate",
    "delivery.guard",
    "delivery.latch",
    "delivery.loading",
    "delivery.viewer",
    "delivery.viewer.rendezvous",
    "delivery.viewer.sender",
    "delivery.local_destination",
    "delivery.parallel",
    "delivery.memory_holding",
    "delivery.pacing",
    "delivery.real_time",
    "delivery.receipt",
    "delivery.transport",
    "delivery.user_folder",
    "delivery.wire",
}
PURE_BROADCAST: Final = {f"broadcast.{name}" for name in ("destination", "document", "environment", "place")}
PURE: Final = [
    name
    for name in SOURCES
    if name.startswith(PURE_FOLDERS)
    or (
        name.startswith("delivery.")
        and name not in IMPURE_DELIVERY
        and not name.startswith(("delivery.spool", "delivery.files"))
    )
    or name in PURE_BROADCAST
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
        "importlib",
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
    r"\b(?:gen_ai|service|user|session|span|trace|exception|openrouter)\.(?!ai\b)[a-z_]+[\w.]*['\"]"
)


MORE_ARGUMENTS: Final = {
    "broadcast.broadcast.__init__": 8,
    "broadcast.broadcast.from_config": 8,
    # The members of a span.
    "core.model.__init__": 15,
}


@cache
def own_imports(module: str) -> tuple[tuple[str, bool], ...]:
    """The modules of this package that a module imports, and whether inside a function."""
    return tuple(_own_imports(module))


def _own_imports(module: str) -> Iterator[tuple[str, bool]]:
    parts = [] if module == "__init__" else module.split(".")
    is_face = module == "__init__" or (ROOT / module.replace(".", "/")).is_dir()
    late = {
        id(node)
        for function in NODES[module]
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    for node in NODES[module]:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = parts[: len(parts) - node.level + is_face] + (node.module or "").split(".")
            base = [part for part in base if part]
            for alias in node.names:
                inner = ".".join([*base, alias.name])
                yield (inner if inner in SOURCES else ".".join(base) or "__init__"), id(node) in late


@cache
def foreign_imports(module: str) -> frozenset[str]:
    """The top-level names of everything else that a module imports."""
    nodes = NODES[module]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]
    return frozenset(name.partition(".")[0] for name in names)


def folder(module: str) -> str:
    """The first part of a module's name."""
    return module.partition(".")[0]


def test_every_folder_is_in_the_drawing() -> None:
    """A new folder gets its place first, and the root holds no module but two."""
    assert len(SOURCES) > 30
    assert {folder(name) for name in SOURCES} == {*MAY_IMPORT, *OF_THE_ROOT}


@pytest.mark.parametrize("importer", sorted({*MAY_IMPORT, *OF_THE_ROOT}))
def test_folders_import_what_the_drawing_allows(importer: str) -> None:
    """Also for type checking alone, and inside functions."""
    allowed = {**MAY_IMPORT, **OF_THE_ROOT}[importer]
    imports = {
        folder(imported)
        for module in SOURCES
        if folder(module) == importer
        for imported, _ in own_imports(module)
    }

    assert imports - {importer} <= allowed


def test_the_plugin_of_golden_files_needs_no_delivery() -> None:
    """A project that only compares bodies has no requests."""
    assert {folder(name) for name, _ in own_imports("testing.plugin")} <= {"testing", "inspect", "core"}


def test_no_modules_import_each_other_in_a_cycle() -> None:
    """Imports inside functions apart: they run later."""
    arrows = {
        module: {name for name, late in own_imports(module) if not late and name != module}
        for module in SOURCES
    }
    arrows["__init__"].discard("broadcast")  # imported for type checkers and inside a function alone
    done: set[str] = set()
    while ready := [name for name in arrows if name not in done and arrows[name] <= done]:
        done.update(ready)

    assert sorted(set(arrows) - done) == []


def test_no_module_bears_a_name_that_its_folder_exports() -> None:
    """``import otlpjson.x.y as m`` gives the module, never a function."""
    found = 0
    for face in sorted(FACES):
        package = importlib.import_module(f"{PACKAGE}.{face}".rstrip("."))
        for _, name, _ in pkgutil.iter_modules(package.__path__):
            if name != "__main__":
                found += 1
                importlib.import_module(f"{package.__name__}.{name}")
                assert isinstance(getattr(package, name), types.ModuleType), f"{face}.{name}"

    assert found > 30


def test_own_imports_are_relative() -> None:
    """So a copy under another name works without an edit."""
    assert [module for module in SOURCES if PACKAGE.partition(".")[0] in foreign_imports(module)] == []


def test_the_pure_part_touches_nothing_outside() -> None:
    """No clock, randomness, network, files, environment, threads or logging."""
    for module in PURE:
        calls = {
            f"{node.value.id}.{node.attr}"
            for node in NODES[module]
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }

        assert foreign_imports(module) <= PURE_IMPORTS, module
        assert (
            calls & {"datetime.now", "date.today", "datetime.utcnow", "uuid.uuid4", "uuid.uuid1"} == set()
        ), module
        assert not re.search(r"\b(?:print|open|input)\(", SOURCES[module].replace("self.open", "")), module


def test_the_core_needs_attrs_alone() -> None:
    """Beside the standard library, so that its folder can be copied by itself."""
    core = [name for name in SOURCES if folder(name) == "core"]

    assert len(core) > 10
    assert set().union(*map(foreign_imports, core)) - (PURE_IMPORTS - {"attrs"}) <= {"attrs"}


def test_requests_click_and_rich_stay_where_they_belong() -> None:
    """``import otlpjson`` needs attrs alone."""
    for module in SOURCES:
        used = foreign_imports(module) & {"requests", "urllib3", "click", "rich", "platformdirs"}
        allowed = {"click", "rich"} if folder(module) == "cli" else {"requests", "urllib3"}

        assert used <= allowed, module
        assert not used & {"requests", "urllib3"} or module in (
            "delivery.proxies",
            "delivery.trust",
        ), module


def test_pytest_is_imported_by_its_plugin_alone() -> None:
    """The core runs where there is no pytest, and so does the comparing with golden files."""
    used = {module: foreign_imports(module) & {"pytest", "_pytest", "pluggy"} for module in SOURCES}

    assert {module: names for module, names in used.items() if names} == {"testing.plugin": {"pytest"}}


def test_nothing_is_imported_late() -> None:
    """An import inside a function is an optional dependency in disguise; a few modules have reasons."""
    late = {module: [name for name, inside in own_imports(module) if inside] for module in SOURCES}

    assert {module: names for module, names in late.items() if names} == LATE


def test_wire_names_stand_where_spans_are_written_and_read() -> None:
    """
    One module writes a span's members, one family reads them, and a few look into text that is written already.

    Langfuse calls a member of its own by one of these names.
    """
    assert [name for name, source in SOURCES.items() if WIRE_NAMES.search(source)] == [
        "backfill.inputs.langfuse",
        "core.decode_attributes",
        "core.decoder",
        "core.encode_attributes",
        "core.encoder",
        "core.entry_times",
        "inspect.body_text",
        "inspect.likeness",
        "inspect.tempo",
    ]


def test_names_of_the_envelope_stand_where_bodies_are_made_and_cut() -> None:
    """What surrounds groups is known to those who join, cut and receive bodies."""
    assert [name for name, source in SOURCES.items() if "resourceSpans" in source] == [
        "core.bodies",
        "core.decoder",
        "core.entry_scanner",
        "inspect.likeness",
        "inspect.tempo",
        "receiver.delivered_body",
    ]
    assert [name for name, source in SOURCES.items() if "partialSuccess" in source] == [
        "delivery.conclusion",
        "receiver.http_server",
    ]


def test_attribute_names_stand_with_the_attribute_table_alone() -> None:
    """A new attribute is a new row there, and nothing else."""
    found = {
        name
        for name, nodes in NODES.items()
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ATTRIBUTE_NAMES.fullmatch(node.value + '"')
    }

    assert {name.rpartition(".")[0] for name in found} == {"openrouter.spans"}


def test_every_file_bears_licence_and_sentence() -> None:
    """It may be copied alone, and its first sentence says what it owns."""
    bearing = ["# SPDX-License-Identifier: Apache-2.0", "# Copyright The otlpjson Authors"]

    assert [module for module, source in SOURCES.items() if source.splitlines()[:2] != bearing] == []
    assert [module for module, tree in TREES.items() if not (ast.get_docstring(tree) or "").strip()] == []


def test_nothing_in_the_package_can_change_behind_ones_back() -> None:
    """No ``global``, no ``assert``, no bare ``except``, no list, dict or set at module level."""
    for module, nodes in NODES.items():
        handlers = [node for node in nodes if isinstance(node, ast.ExceptHandler) and node.type is None]
        mutable = [
            ast.unparse(node)
            for node in TREES[module].body
            if isinstance(node, (ast.Assign, ast.AnnAssign))
            and isinstance(node.value, _MUTABLE)
            and "__all__" not in ast.unparse(node)
        ]

        assert {type(node) for node in nodes} & {ast.Global, ast.Assert} == set(), module
        assert handlers == [], module
        assert mutable == [], module


def test_all_names_the_public_names_in_order() -> None:
    """``__all__`` is sorted as the formatter sorts it, and every name in it exists."""
    for module, tree in TREES.items():
        listed = [
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ]
        path = f"{PACKAGE}.{module}" if module != "__init__" else PACKAGE
        loaded = importlib.import_module(path)

        assert len(listed) == (0 if is_empty_face(module) else 1), module
        assert all(hasattr(loaded, name) for names in listed for name in names), module


def is_empty_face(module: str) -> bool:
    """Whether this is a folder's ``__init__`` with a docstring and nothing else."""
    return module in FACES and len(TREES[module].body) == 1


def is_overload(node: ast.AST) -> bool:
    """Whether this is one signature of a function that is described where it is written."""
    return any(ast.unparse(decorator) == "overload" for decorator in getattr(node, "decorator_list", ()))


def test_public_functions_take_at_most_five_arguments_and_are_documented() -> None:
    """
    A function with six is missing a class; options of commands are named by their user.

    What a program chooses once, when it makes its Broadcast, are choices that have nothing in common.
    """
    for name, nodes in NODES.items():
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and not name.startswith("cli"):
                arguments = [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]
                names = [argument.arg for argument in arguments if argument.arg not in ("self", "cls")]
                most = MORE_ARGUMENTS.get(f"{name}.{node.name}", 5)
                assert len(names) <= most, f"{name}.{node.name}"
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                inner = re.search(rf"def {node.name}\b", SOURCES[name])
                is_described = ast.get_docstring(node) or is_private(name, node) or is_overload(node)
                assert is_described or not inner, f"{name}.{node.name}"


def is_private(module: str, node: ast.AST) -> bool:
    """Whether a definition lies inside a private class or inside a function."""
    for outer in NODES[module]:
        private_class = isinstance(outer, ast.ClassDef) and outer.name.startswith("_")
        if (
            (private_class or isinstance(outer, ast.FunctionDef))
            and outer is not node
            and node in ast.walk(outer)
        ):
            return True
    return False
