# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values of attributes replaced in the text of a body."""

from __future__ import annotations

import pytest

from otlpjson.mask import masked


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            '{"key":"id","value":{"stringValue":"82acc915"}}',
            '{"key":"id","value":{"stringValue":"one"}}',
        ),
        (
            '{ "key" : "id" ,\n "value" : { "stringValue" : "a\\"}\\\\" } }',
            '{ "key" : "id" ,\n "value" : { "stringValue" : "one" } }',
        ),
        ('{"key":"pid","value":{"intValue":"77"}}', '{"key":"pid","value":{"intValue":"1"}}'),
        ('{"key":"pid","value":{"intValue":77}}', '{"key":"pid","value":{"intValue":1}}'),
        ('{"key":"pid","value":{"doubleValue":7.5e-3}}', '{"key":"pid","value":{"doubleValue":1}}'),
        ('{"key":"caf\\u00e9","value":{"boolValue":true}}', '{"key":"caf\\u00e9","value":{"boolValue":0}}'),
    ],
)
def test_a_value_keeps_its_form(text: str, result: str) -> None:
    """A text stays a text and a bare number a bare one; white space stays, and a key may be escaped."""
    assert masked(text, {"id": "one", "pid": 1, "café": 0}) == result


@pytest.mark.parametrize(
    "text",
    [
        '{"key":"other","value":{"stringValue":"82acc915"}}',
        '{"key":"id","value":{}}',
        '{"key":"id","value":{"arrayValue":{"values":[]}}}',
        '{"stringValue":"{\\"key\\":\\"id\\",\\"value\\":{\\"stringValue\\":\\"x\\"}}"}',
    ],
)
def test_all_else_stays(text: str) -> None:
    """Other keys, values that are no scalars, and what only looks like an attribute inside a text."""
    assert masked(text, {"id": "one"}) == text
    assert masked(text, {}) == text
