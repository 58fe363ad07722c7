# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Long values are cut and marked."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import InvalidValue
from otlpjson.core.python_scalars import clean_text
from otlpjson.openrouter import Truncation
from otlpjson.openrouter.compact import compact
from otlpjson.openrouter.spans import truncate as truncate_module
from otlpjson.openrouter.spans.truncate import BROADCAST, shortened

from ... import strategies


def cut(text: str, *, is_json: bool = False, **limits: Any) -> str:
    """The text that is sent."""
    limit = Truncation(**limits).limit_of(text)
    return text if limit is None else shortened(text, limit, is_json=is_json)


def cut_json(value: Any, **limits: Any) -> Any:
    """The value that is sent, read back from JSON."""
    return json.loads(cut(compact(value), is_json=True, **limits))


def test_the_default_is_broadcasts_limit() -> None:
    """It is ten million characters."""
    assert Truncation() == BROADCAST
    assert BROADCAST.limit_of("x" * 10_000_000) is None
    assert len(cut("x" * 10_000_001)) == 10_000_000


@pytest.mark.parametrize(
    ("text", "limits", "result"),
    [
        ("a" * 64, {"max_characters": 64}, "a" * 64),
        ("a" * 40 + "b" * 40, {"max_characters": 65}, "a" * 27 + "[truncated]" + "b" * 27),
        ("é" * 64, {"max_characters": 64}, "é" * 64),
        ("é" * 64, {"max_bytes": 64}, "é" * 13 + "[truncated]" + "é" * 13),
        ("é" * 64, {"max_bytes": 65}, "é" * 13 + "[truncated]" + "é" * 13),
        ("a" * 64, {"max_bytes": 64}, "a" * 64),
        ("a" * 20, {"max_bytes": 64}, "a" * 20),
    ],
)
def test_a_text_keeps_beginning_and_end(text: str, limits: dict[str, Any], result: str) -> None:
    """The marker is between them, and no character is cut in half."""
    assert cut(text, **limits) == result


def test_a_list_keeps_what_comes_first() -> None:
    """A marker has the number of missing ones."""
    assert cut_json(list(range(1000)), max_characters=100) == [
        *range(20),
        {"openrouter_truncated": {"omitted_items": 980}},
    ]


def test_a_conversation_keeps_its_first_message_and_the_newest() -> None:
    """These are the question and the current state."""
    messages = [{"role": "user", "content": f"message {number}"} for number in range(100)]
    short = cut_json({"messages": messages}, max_characters=250)["messages"]

    assert short[0] == messages[0]
    assert short[1] == {"openrouter_truncated": {"omitted_items": 96}}
    assert short[2:] == messages[97:]


def test_two_long_messages_are_cut_inside() -> None:
    """Neither is left out."""
    messages = [{"role": role, "content": role[0] * 1000} for role in ("system", "user")]
    first, last = cut_json(messages, max_characters=400)

    assert first["role"] == "system" and last["role"] == "user"
    assert first["content"].startswith("sss") and "[truncated]" in first["content"]
    assert last["content"].endswith("uuu") and "[truncated]" in last["content"]


def test_an_object_keeps_its_small_members_whole() -> None:
    """Large members are cut inside."""
    value = {"completion": "x" * 1000, "reasoning": None, "rawRequest": {"model": "openai/gpt-4o"}}
    short = cut_json(value, max_characters=400)

    assert short["reasoning"] is None
    assert short["rawRequest"] == {"model": "openai/gpt-4o"}
    assert short["completion"].startswith("xxx") and "[truncated]" in short["completion"]


def test_an_object_of_too_many_members_keeps_the_first() -> None:
    """A marker has the number of missing ones."""
    short = cut_json({f"k{number}": number for number in range(100)}, max_characters=100)

    assert list(short)[:2] == ["k0", "k1"]
    assert short["openrouter_truncated"] == {"omitted_keys": 100 - len(short) + 1}


def test_a_number_that_is_too_long_is_replaced() -> None:
    """A number has no shorter form."""
    assert cut_json([10**200], max_characters=80) == [{"openrouter_truncated": {"omitted_items": 1}}]
    assert cut_json(10**200, max_characters=80) == {"openrouter_truncated": {"reason": "too_large"}}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('"' * 100, '"' * 13 + "[truncated]" + '"' * 12),
        ("\x01" * 100, {"openrouter_truncated": {"reason": "too_large"}}),
    ],
)
def test_escapes_count(text: str, result: Any) -> None:
    """The JSON text has to fit, escapes included."""
    assert cut_json(text, max_characters=64) == result


def test_one_message_alone_is_cut_inside() -> None:
    """It is both the first and the newest."""
    (message,) = cut_json([{"role": "user", "content": "x" * 1000}], max_characters=300)

    assert message["role"] == "user"
    assert "[truncated]" in message["content"]


@strategies.examples(300)
@given(
    text=st.text('ab"\\\\\n é😀', max_size=400),
    times=st.integers(1, 4),
    size=st.integers(64, 400),
    in_bytes=st.booleans(),
)
def test_json_stays_json_and_within_the_limit(text: str, times: int, size: int, in_bytes: bool) -> None:
    """Escapes make a text longer in JSON than it is; the last guard holds the limit all the same."""
    whole = compact({"messages": [{"role": "user", "content": text}] * times})
    short = cut(whole, is_json=True, **{"max_bytes" if in_bytes else "max_characters": size})
    length, before = (len(one.encode()) if in_bytes else len(one) for one in (short, whole))

    json.loads(short)
    assert length <= size
    assert (short == whole) == (before <= size)


@pytest.mark.parametrize("limits", [{"max_characters": 64}, {"max_bytes": 64}, {"max_bytes": 300}])
@strategies.examples(150)
@given(value=strategies.json_values, times=st.integers(1, 60))
def test_any_json_stays_json(limits: dict[str, int], value: Any, times: int) -> None:
    """Whatever is in the messages."""
    text = compact({"messages": [{"role": "user", "content": value}] * times})
    short = cut(text, is_json=True, **limits)

    json.loads(short)
    assert Truncation(**limits).limit_of(short) is None


@strategies.examples(150)
@given(text=strategies.any_text.map(lambda text: text * 20), size=st.integers(64, 200))
def test_a_text_stays_within_the_limit(text: str, size: int) -> None:
    """The limit is in characters or in bytes."""
    assert len(cut(text, max_characters=size)) <= size
    assert len(clean_text(cut(text, max_bytes=size)).encode()) <= size


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (
            {"max_characters": 63},
            "Truncation.max_characters: expected a whole number, 64 or more, got int 63",
        ),
        (
            {"max_characters": None},
            "Truncation.max_characters: expected a whole number, 64 or more, got nothing",
        ),
        ({"max_bytes": 0}, "Truncation.max_bytes: expected a whole number, 64 or more, got int 0"),
        ({"max_bytes": True}, "Truncation.max_bytes: expected a whole number, 64 or more, got bool True"),
    ],
)
def test_a_limit_without_room_for_a_marker_is_refused(limits: dict[str, Any], sentence: str) -> None:
    """The lowest limit is 64."""
    with pytest.raises(InvalidValue) as caught:
        Truncation(**limits)

    assert str(caught.value) == sentence


def test_a_lone_surrogate_counts_as_what_is_sent_for_it() -> None:
    """U+FFFD is sent, which has three bytes."""
    assert (
        cut("\ud800" * 22, max_bytes=64)
        == "\N{REPLACEMENT CHARACTER}" * 9 + "[truncated]" + "\N{REPLACEMENT CHARACTER}" * 8
    )
    assert cut_json(["\ud800" * 22], max_bytes=64) == [{"openrouter_truncated": {"omitted_items": 1}}]


@pytest.mark.parametrize("depth", [201, 980, 200_000])
def test_a_value_nested_too_deeply_is_replaced(depth: int) -> None:
    """This is so whether or not this Python can read it."""
    text = "[" * depth + f'"{"x" * 5000}"' + "]" * depth

    assert json.loads(cut(text, is_json=True, max_bytes=2048)) == {
        "openrouter_truncated": {"reason": "too_large"}
    }


def test_text_that_is_not_json_is_cut_as_text() -> None:
    """A generation built by the caller may have any text as its prompt."""
    assert cut("x" * 100, is_json=True, max_bytes=64) == "x" * 27 + "[truncated]" + "x" * 26


@attrs.frozen(kw_only=True)
class Counting(truncate_module._Limit):
    """A limit that counts the characters that it measures."""

    measured: list[int] = attrs.field(factory=list, eq=False)

    def measure(self, text: str) -> int:
        self.measured.append(len(text))
        return super().measure(text)


def nested(depth: int, total: int) -> str:
    """Objects in one another with a text each, so many characters in all."""
    value: dict[str, object] = {"text": "x" * (total // depth)}
    for _ in range(depth - 1):
        value = {"text": "x" * (total // depth), "inner": value}
    return json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("share", [2, 50])
def test_the_work_of_a_cut_does_not_grow_with_the_depth(share: int) -> None:
    """Each list and object is measured once, not once for each one around it."""
    total = 400_000
    work = []
    for depth in (2, 150):
        limit = Counting(size=total // share, unit="characters")
        text = truncate_module.shortened(nested(depth, total), limit, is_json=True)
        assert len(text) <= total // share
        work.append(sum(limit.measured))

    assert work[1] < 3 * work[0]
