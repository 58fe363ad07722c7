# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What holds for the spans of every answer, whichever API and form it came in."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Callable, Final

from otlpjson import Span
from otlpjson.openrouter import (
    Generation,
    entries_of_generation,
    read_record,
    resource_spans,
)
from otlpjson.openrouter.form import Form

from .traffic import SECRETS, Answer, joined, record_of, streamed

__all__ = ["LAWS"]


def reading(api: str, answer: Answer, draw: Random) -> tuple[Generation, Generation]:
    """The answer read in one piece and as a stream."""
    whole = {"response": joined(api, answer)}
    stream = {"response_stream": streamed(api, answer, draw)}
    return (
        read_record(record_of(api, answer, whole, stream=True)),
        read_record(record_of(api, answer, stream, stream=True)),
    )


def own_span(generation: Generation) -> Span:
    """The span of the generation itself."""
    (group,) = resource_spans(generation)
    return group.scope_spans[0].spans[0]


def completion(generation: Generation) -> dict[str, Any]:
    """The completion, with the arguments of calls by value: a stream keeps their white space."""
    value: dict[str, Any] = json.loads(generation.completion or "{}")
    for call in value.get("toolCalls", ()):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    return value


def a_stream_gives_what_the_answer_in_one_piece_gives(api: str, answer: Answer, draw: Random) -> None:
    """Tokens, cost, status, text, calls and ids are equal."""
    whole, stream = reading(api, answer, draw)

    assert completion(stream) == completion(whole)
    spans = [own_span(generation) for generation in (whole, stream)]
    kept = [
        {k: v for k, v in span.attributes.items() if k not in ("gen_ai.completion", "span.output")}
        for span in spans
    ]
    assert kept[0] == kept[1]
    assert (spans[0].status, spans[0].span_id, spans[0].trace_id) == (
        spans[1].status,
        spans[1].span_id,
        spans[1].trace_id,
    )


def what_the_model_answered_is_there(api: str, answer: Answer, draw: Random) -> None:
    """The text, the reasoning and each call with its arguments."""
    for generation in reading(api, answer, draw):
        told = completion(generation)
        empty = None if answer.error is not None else ""
        assert told["completion"] == (answer.text or empty)
        assert (told["reasoning"] or None) == answer.reasoning
        calls = [
            (call["function"]["name"], call["function"]["arguments"]) for call in told.get("toolCalls", ())
        ]
        assert calls == list(answer.calls)
        assert (generation.failure and generation.failure.message) == answer.error
        assert answer.error is not None or generation.finish_reason == answer.finish_reason


def tokens_and_cost_that_were_reported_are_in_the_span(api: str, answer: Answer, draw: Random) -> None:
    """Also if the request failed."""
    for generation in reading(api, answer, draw):
        attributes = own_span(generation).attributes
        if answer.tokens is not None:
            prompt, output, reasoning = answer.tokens
            assert attributes["gen_ai.usage.input_tokens"] == prompt
            assert attributes["gen_ai.usage.output_tokens"] == output
            assert attributes["gen_ai.usage.total_tokens"] == prompt + output
            assert attributes["gen_ai.usage.output_tokens.reasoning"] == reasoning
            assert attributes["gen_ai.usage.total_cost"] == answer.cost


def a_stream_that_is_cut_gives_a_prefix(api: str, answer: Answer, draw: Random) -> None:
    """Wherever it is cut, nothing is raised and no success is made up."""
    stream = streamed(api, answer, draw)
    cut = stream[: draw.randrange(len(stream) + 1)]
    generation = read_record(record_of(api, answer, {"response_stream": cut}, stream=True))
    text = json.loads(generation.completion or "{}")["completion"] or ""

    assert (answer.text or "").startswith(text.rstrip("\ufffd"))
    assert own_span(generation)


def no_content_is_in_notes_or_private_bodies(api: str, answer: Answer, draw: Random) -> None:
    """Neither that of the prompt nor that of the answer."""
    stream = streamed(api, answer, draw)
    for body in (
        {"response": joined(api, answer)},
        {"response_stream": stream[: draw.randrange(len(stream) + 1)]},
    ):
        generation = read_record(record_of(api, answer, body, stream=True))
        shown = " ".join(map(str, generation.skipped)) + repr(generation)
        for hierarchy in ("documented", "observed"):
            form = Form(privacy_mode=True, hierarchy="observed" if hierarchy == "observed" else "documented")
            shown += b"".join(entry.data for entry in entries_of_generation(generation, form)).decode()
        assert [word for word in SECRETS if word in shown or json.dumps(word)[1:-1] in shown] == []


def the_callers_own_metadata_arrives(api: str, answer: Answer, draw: Random) -> None:
    """With its types, in privacy mode as well."""
    for generation in reading(api, answer, draw):
        for private in (False, True):
            (group,) = resource_spans(generation, privacy_mode=private)
            attributes = group.scope_spans[0].spans[0].attributes
            assert {key: attributes[f"trace.metadata.{key}"] for key in answer.metadata} == answer.metadata
            assert {key: attributes[f"span.metadata.{key}"] for key in answer.metadata} == answer.metadata


def a_success_has_content_or_usage_or_a_note(api: str, answer: Answer, draw: Random) -> None:
    """Never a successful span with nothing in it."""
    for generation in reading(api, answer, draw):
        told = completion(generation)
        has = (
            told["completion"]
            or told["reasoning"]
            or told.get("toolCalls")
            or generation.usage.input_tokens is not None
        )
        assert has or generation.failure or not generation.complete or generation.skipped


def the_same_record_gives_the_same_ids(api: str, answer: Answer, draw: Random) -> None:
    """Also without an id in the response."""
    body = {key: value for key, value in joined(api, answer).items() if key != "id"}
    record = record_of(api, answer, {"response": body}, stream=False)
    first, again = (resource_spans(read_record(record)) for _ in range(2))

    assert first == again


LAWS: Final[tuple[Callable[[str, Answer, Random], None], ...]] = (
    a_stream_gives_what_the_answer_in_one_piece_gives,
    what_the_model_answered_is_there,
    tokens_and_cost_that_were_reported_are_in_the_span,
    a_stream_that_is_cut_gives_a_prefix,
    no_content_is_in_notes_or_private_bodies,
    the_callers_own_metadata_arrives,
    a_success_has_content_or_usage_or_a_note,
    the_same_record_gives_the_same_ids,
)
