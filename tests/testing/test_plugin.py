# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The fixture ``golden_otlp`` in a user's project: what passes, what fails and how, what is written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from otlpjson import encode
from otlpjson.testing import plugin
from otlpjson.testing.indented import indented

from ..cases.bodies import body, span

ONE, OTHER = (encode(body(span(attributes={"amount": amount}))) for amount in (12, 12.0))
TEST = "def test_pay(golden_otlp):\n    golden_otlp({body!r}{arguments})\n"


class Project:
    """A user's project with one test module; its tests are run in this process."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.folder = pytester.path / "golden" / "test_pay"

    def write(self, source: str) -> None:
        """The test module from now on."""
        (self.pytester.path / "test_pay.py").write_text(source, "utf-8")

    def compares(self, given: bytes, arguments: str = "") -> None:
        """One test with one body from now on."""
        self.write(TEST.format(body=given, arguments=arguments))

    def run(self, *arguments: str) -> list[str]:
        """What pytest prints."""
        # Installed or not, and under whatever name: it is this module that is tested.
        options = ("-q", "-p", "no:otlpjson", "-p", "no:cacheprovider", "--tb=short", *arguments)
        result = self.pytester.runpytest_inprocess(*options, plugins=[plugin])
        return [*result.outlines, *result.errlines]

    def files(self) -> dict[str, bytes]:
        """The golden files."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.glob("*"))}


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty one, on a machine that is no CI."""
    monkeypatch.delenv("CI", raising=False)
    # Loading what else is installed would cost more than the tests themselves.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    # A module that is written anew within the second would be taken from the old one's bytecode.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return Project(pytester)


def failed(lines: list[str]) -> str:
    """The words of the only failure, as a user sees them."""
    words = [line[len("E   ") :] for line in lines if line.startswith("E ")]

    assert lines[-1].startswith("1 failed")
    return "\n".join(words).replace("Failed: ", "", 1)


def test_a_missing_file_fails_with_how_to_write_it(project: Project) -> None:
    """Nothing is written by itself."""
    project.compares(ONE)

    assert failed(project.run()) == (
        "golden/test_pay/test_pay.json: no such golden file; write it, review it and commit it: "
        "pytest --update-golden test_pay.py::test_pay"
    )
    assert project.files() == {}


def test_files_are_written_when_asked_for_and_then_compared(project: Project) -> None:
    """The bytes and, beside them, a form for people; what was written is said at the end, once."""
    project.compares(ONE)
    first, second, third = project.run("--update-golden"), project.run("--update-golden"), project.run()

    assert first[1:4] == [
        "================================= golden files =================================",
        "wrote golden/test_pay/test_pay.json",
        "wrote golden/test_pay/test_pay.indented.json",
    ]
    assert first[-1].startswith("1 passed")
    assert "golden files" not in "\n".join([*second, *third])
    assert third[-1].startswith("1 passed")
    assert project.files() == {"test_pay.json": ONE, "test_pay.indented.json": indented(ONE)}


@pytest.mark.slow
def test_another_body_fails_with_the_differences(project: Project) -> None:
    """The file stays as it is, until one says that it is the file that is wrong."""
    project.compares(ONE)
    project.run("--update-golden")
    project.compares(OTHER)
    lines = failed(project.run()).splitlines()
    held = project.files()
    written = project.run("--update-golden")

    assert lines[:4] == [
        "golden/test_pay/test_pay.json: the body of this test differs",
        "by meaning, 1 difference:",
        "  span eee19b7ec3c1b174 \"pay\": attributes['amount']: "
        "int 12 in the golden file, double 12.0 in this test",
        f"by bytes, first at byte 261, of {len(ONE)} in the golden file and {len(OTHER)} in this test:",
    ]
    assert lines[-1] == "if this change is intended: pytest --update-golden test_pay.py::test_pay"
    assert held["test_pay.json"] == ONE
    assert "wrote golden/test_pay/test_pay.json" in written
    assert project.files()["test_pay.json"] == OTHER


@pytest.mark.slow
def test_by_meaning_one_file_is_written_and_only_where_something_has_changed(project: Project) -> None:
    """Other bytes pass, and even an update leaves the file alone; what was for people goes."""
    project.compares(ONE)
    project.run("--update-golden")
    project.compares(ONE.replace(b'"12"', b"12"), ', compare="meaning"')
    passed, same = project.run(), project.run("--update-golden")
    kept = project.files()
    project.compares(OTHER, ', compare="meaning"')
    other = project.run("--update-golden")

    assert passed[-1].startswith("1 passed")
    assert same[2:3] == ["removed golden/test_pay/test_pay.indented.json"]
    assert kept == {"test_pay.json": ONE}
    assert other[2:3] == ["wrote golden/test_pay/test_pay.json"]
    assert project.files() == {"test_pay.json": indented(OTHER)}


def test_traces_are_encoded(project: Project) -> None:
    """By this package's own encoder."""
    package = plugin.__name__.rpartition(".testing.")[0]
    project.write(
        f"from {package} import TracesData, ResourceSpans\n"
        "def test_pay(golden_otlp):\n    golden_otlp(TracesData(resource_spans=[ResourceSpans()]))\n"
    )
    project.run("--update-golden")

    assert project.files()["test_pay.json"] == b'{"resourceSpans":[{}]}'


def test_each_case_has_a_file_of_its_own(project: Project) -> None:
    """Each parameter, each method, each name."""
    project.write(
        "import pytest\n"
        "class TestPay:\n"
        "    @pytest.mark.parametrize('currency', ['eur', 'us/d'])\n"
        "    def test_refund(self, golden_otlp, currency):\n"
        "        golden_otlp(b'{}')\n"
        "        golden_otlp('{ }', name='spaced')\n"
    )
    project.run("--update-golden")

    assert project.files() == {
        "TestPay.test_refund-eur.json": b"{}",
        "TestPay.test_refund-eur.spaced.json": b"{ }",
        "TestPay.test_refund-us-d-8c43eb2d.json": b"{}",
        "TestPay.test_refund-us-d.spaced-b7a1450e.json": b"{ }",
    }


@pytest.mark.slow
def test_two_bodies_cannot_have_one_file(project: Project) -> None:
    """Neither of one test nor of two, also where a file system does not tell letters' cases apart."""
    project.write("def test_pay(golden_otlp):\n    golden_otlp(b'{}')\n    golden_otlp(b'{}')\n")
    twice = failed(project.run("--update-golden"))
    project.write(
        "def test_pay(golden_otlp):\n    golden_otlp(b'{}')\ndef test_Pay(golden_otlp):\n    golden_otlp(b'{}')\n"
    )
    lines = project.run("--update-golden")

    assert twice == "golden_otlp: a second body in one test needs a name: golden_otlp(body, name=…)"
    assert [line for line in lines if line.startswith("E ")] == [
        "E   Failed: golden/test_pay/test_Pay.json: already belongs to test_pay.py::test_pay; pass name=…"
    ]


@pytest.mark.slow
def test_a_form_for_people_that_was_changed_by_hand_fails(project: Project) -> None:
    """Otherwise people would review what is not compared; where it is missing nothing is lost."""
    project.compares(ONE)
    project.run("--update-golden")
    companion = project.folder / "test_pay.indented.json"
    companion.write_bytes(indented(OTHER))
    changed = failed(project.run())
    companion.unlink()

    assert changed == (
        "golden/test_pay/test_pay.indented.json: does not match test_pay.json; "
        "rewrite it: pytest --update-golden test_pay.py::test_pay"
    )
    assert project.run()[-1].startswith("1 passed")


@pytest.mark.parametrize(
    "value", ["true", *(pytest.param(value, marks=pytest.mark.slow) for value in ("1", "yes", "anything"))]
)
def test_nothing_is_written_in_ci(project: Project, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Nobody would see it, and a pull request would pass that should not."""
    project.compares(ONE)
    monkeypatch.setenv("CI", value)
    lines = project.run("--update-golden")

    assert [line for line in lines if line] == [
        f"ERROR: --update-golden: golden files are not written in CI (CI='{value}'); "
        "write them on your own machine, review the changes, and commit them"
    ]
    assert project.files() == {}
    assert failed(project.run()).startswith("golden/test_pay/test_pay.json: no such golden file; write it")


@pytest.mark.slow
@pytest.mark.parametrize("value", ["", "0", "False", "no"])
def test_an_empty_or_false_variable_is_no_ci(
    project: Project, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """As some people set it on their own machines."""
    project.compares(ONE)
    monkeypatch.setenv("CI", value)
    project.run("--update-golden")

    assert project.files()["test_pay.json"] == ONE


def test_what_has_no_meaning_is_not_stored_by_meaning(project: Project) -> None:
    """It could never pass."""
    project.compares(b"[]", ', compare="meaning"')

    assert failed(project.run("--update-golden")) == (
        "golden/test_pay/test_pay.json: not written; the body cannot be read: "
        "line 1: body: expected an object, got a list (PROTO)"
    )
    assert project.files() == {}


def test_an_unknown_way_to_compare_is_refused(project: Project) -> None:
    """There are two."""
    project.compares(ONE, ', compare="text"')

    assert failed(project.run()).partition("InvalidValue: ")[2] == (
        "golden_otlp.compare: expected 'bytes' or 'meaning', got str 'text'"
    )


def test_a_failure_points_at_the_users_line(project: Project) -> None:
    """Not at a line of the plugin."""
    project.compares(ONE)
    lines = project.run()

    assert "test_pay.py:2: in test_pay" in lines
    assert "plugin.py" not in "\n".join(lines)


def test_a_project_outside_of_the_root_is_shown_with_its_whole_path(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """There is no shorter one."""
    elsewhere: Path = tmp_path_factory.mktemp("elsewhere") / "test_pay.py"
    elsewhere.write_text(TEST.format(body=ONE, arguments=""), "utf-8")
    lines = project.run("--rootdir", str(project.pytester.path), "--update-golden", str(elsewhere))

    assert f"wrote {elsewhere.parent / 'golden' / 'test_pay' / 'test_pay.json'}" in lines
