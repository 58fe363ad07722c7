# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/completions``."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Finding
from otlpjson.openrouter import Failure, Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.completions import CompletionsStream, completions_form
from otlpjson.openrouter.document import Document

NOTHING = ChatForm(
    skin="completions",
    operation="text_completion",
    generation_id=None,
    model=None,
    user_id=None,
    usage=Usage(),
    prompt=None,
    answered=False,
    own_keys=frozenset({"prompt"}),
)
BODY: dict[str, Any] = {
    "id": "gen-1",
    "object": "text_completion",
    "created": 1771005600,
    "model": "openai/gpt-3.5-turbo-instruct",
    "provider": "OpenAI",
    "choices": [
        {"index": 0, "text": " a time", "finish_reason": "length", "native_finish_reason": "max_tokens"}
    ],
    "usage": {"prompt_tokens": 2, "completion_tokens": 2, "total_tokens": 4, "cost": 0.5},
}
READ = attrs.evolve(
    NOTHING,
    generation_id="gen-1",
    model="openai/gpt-3.5-turbo-instruct",
    provider_name="OpenAI",
    created_s=1771005600,
    usage=Usage(input_tokens=2, output_tokens=2, total_tokens=4, total_cost=0.5),
    answered=True,
    content=" a time",
    finish_reason="length",
    native_finish_reason="max_tokens",
)


def read(request: dict[str, Any], response: dict[str, Any]) -> tuple[ChatForm, list[str]]:
    """The form and the notes."""
    notes: list[Finding] = []
    form = completions_form(Document("request", request, notes), Document("response", response, notes))
    return form, [str(note) for note in notes]


@pytest.mark.parametrize("prompt", ["Once upon", ["Once", "upon"], [1, 2, 3]])
def test_a_completion_is_the_text_after_a_prompt(prompt: Any) -> None:
    """A prompt may also be texts or tokens."""
    assert read({"prompt": prompt, "user": "u"}, BODY) == (
        attrs.evolve(READ, prompt={"prompt": prompt}, user_id="u"),
        [],
    )
    assert read({}, {}) == (NOTHING, [])


def test_only_the_first_choice_is_recorded() -> None:
    """That there are more is noted."""
    form, notes = read({}, {**BODY, "choices": [BODY["choices"][0], {"text": "b"}]})

    assert (form, notes) == (READ, ["response.choices: only the first choice is recorded"])


def test_an_error_is_found_in_the_body_and_in_the_choice() -> None:
    """As in chat."""
    assert read({}, {"id": "gen-1", "error": {"message": "no"}})[0].failure == Failure(message="no")
    choice = {"choices": [{"text": "", "error": {"message": "no"}}]}
    assert read({}, choice)[0].failure == Failure(message="no")


def streamed(*chunks: dict[str, Any]) -> CompletionsStream:
    """The stream after these chunks."""
    stream = CompletionsStream()
    for chunk in chunks:
        stream.add(Document("chunk", chunk, []))
    return stream


def test_a_stream_gives_the_same() -> None:
    """It has ended with its finish reason."""
    head = {name: BODY[name] for name in ("id", "object", "created", "model", "provider")}
    pieces = [{**head, "choices": [{"text": piece}]} for piece in (" a", "", " time")]
    end = {**head, "choices": [{**BODY["choices"][0], "text": ""}], "usage": BODY["usage"]}
    stream = streamed(*pieces, end)

    assert stream.ended
    assert read({}, stream.response()) == (READ, [])
    assert not streamed(*pieces).ended
    assert streamed(*pieces).response()["choices"] == [{"index": 0, "text": " a time"}]


@pytest.mark.parametrize("chunk", [{"usage": {"cost": 1}}, {"error": {"message": "no"}}])
def test_usage_and_errors_end_a_stream(chunk: dict[str, Any]) -> None:
    """A stream of an error alone has no choices."""
    assert (streamed(chunk).ended, streamed(chunk).response()) == (True, chunk)
