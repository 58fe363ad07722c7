# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows by hand-written bodies what the oracle reads and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from . import oracle

pytestmark = pytest.mark.slow

TRACE = "5b8efff798038103d269b633813fc60c"
SPAN = "eee19b7ec3c1b174"
PARENT = "eee19b7ec3c1b173"
IDS = f'"traceId":"{TRACE}","spanId":"{SPAN}"'

IN_SPAN = "resourceSpans[0].scopeSpans[0].spans[0]"
IN_EVENT = IN_SPAN + ".events[0]"
IN_LINK = IN_SPAN + ".links[0]"
IN_PAIR = "resourceSpans[0].resource.attributes[0]"
IN_VALUE = IN_PAIR + ".value"

FULL_BODY = (
    '{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}],'
    '"droppedAttributesCount":1},"scopeSpans":[{"scope":{"name":"checkout","version":"1.2","attributes":['
    '{"key":"pure","value":{"boolValue":true}}],"droppedAttributesCount":2},"spans":[{'
    f'"traceId":"{TRACE}","spanId":"{SPAN}","traceState":"ot=th:8, vendor@x=a b","parentSpanId":"{PARENT}",'
    '"flags":257,"name":"pay","kind":3,"startTimeUnixNano":"1700000000000000000",'
    '"endTimeUnixNano":"1700000000000000001","status":{"code":2,"message":"declined"},'
    '"attributes":[{"key":"tries","value":{"intValue":"3"}}],"droppedAttributesCount":3,'
    '"events":[{"timeUnixNano":"1","name":"retry","attributes":[{"key":"wait","value":{"doubleValue":0.5}}],'
    '"droppedAttributesCount":4},{}],"droppedEventsCount":5,'
    f'"links":[{{"traceId":"{TRACE}","spanId":"{PARENT}","traceState":"a=1","attributes":[{{"key":"why",'
    '"value":{}}],"droppedAttributesCount":6,"flags":769}],"droppedLinksCount":4294967295}],'
    '"schemaUrl":"https://example.test/scope"}],"schemaUrl":"https://example.test/resource"}]}'
).encode()

FULL_RESULT: list[dict[str, Any]] = [
    {
        "resource": {
            "attributes": [("service.name", ("string", "shop"))],
            "dropped_attributes_count": 1,
        },
        "schema_url": "https://example.test/resource",
        "scope_spans": [
            {
                "scope": {
                    "name": "checkout",
                    "version": "1.2",
                    "attributes": [("pure", ("bool", True))],
                    "dropped_attributes_count": 2,
                },
                "schema_url": "https://example.test/scope",
                "spans": [
                    {
                        "trace_id": TRACE,
                        "span_id": SPAN,
                        "trace_state": "ot=th:8, vendor@x=a b",
                        "parent_span_id": PARENT,
                        "flags": 257,
                        "name": "pay",
                        "kind": 3,
                        "start_time_unix_nano": 1700000000000000000,
                        "end_time_unix_nano": 1700000000000000001,
                        "status": {"code": 2, "message": "declined"},
                        "attributes": [("tries", ("int", 3))],
                        "dropped_attributes_count": 3,
                        "events": [
                            {
                                "time_unix_nano": 1,
                                "name": "retry",
                                "attributes": [("wait", ("double", "0x1.0000000000000p-1"))],
                                "dropped_attributes_count": 4,
                            },
                            {
                                "time_unix_nano": 0,
                                "name": "",
                                "attributes": [],
                                "dropped_attributes_count": 0,
                            },
                        ],
                        "dropped_events_count": 5,
                        "links": [
                            {
                                "trace_id": TRACE,
                                "span_id": PARENT,
                                "trace_state": "a=1",
                                "attributes": [("why", ("empty",))],
                                "dropped_attributes_count": 6,
                                "flags": 769,
                            }
                        ],
                        "dropped_links_count": 4294967295,
                    }
                ],
            }
        ],
    }
]

EMPTY_RESOURCE: dict[str, Any] = {"attributes": [], "dropped_attributes_count": 0}
EMPTY_SCOPE: dict[str, Any] = {"name": "", "version": "", "attributes": [], "dropped_attributes_count": 0}
LEAST_SPAN: dict[str, Any] = {
    "trace_id": TRACE,
    "span_id": SPAN,
    "trace_state": "",
    "parent_span_id": "",
    "flags": 0,
    "name": "",
    "kind": 0,
    "start_time_unix_nano": 0,
    "end_time_unix_nano": 0,
    "status": {"code": 0, "message": ""},
    "attributes": [],
    "dropped_attributes_count": 0,
    "events": [],
    "dropped_events_count": 0,
    "links": [],
    "dropped_links_count": 0,
}


def group(members: str) -> bytes:
    """Gives a body with one ResourceSpans that has these members."""
    return ('{"resourceSpans":[{' + members + "}]}").encode("utf-8", "surrogatepass")


def scope_group(members: str) -> bytes:
    """Gives a body with one ScopeSpans that has these members."""
    return group('"scopeSpans":[{' + members + "}]")


def span(members: str) -> bytes:
    """Gives a body with one Span that has these members."""
    return scope_group('"spans":[{' + members + "}]")


def event(members: str) -> bytes:
    """Gives a body with one Event that has these members."""
    return span(IDS + ',"events":[{' + members + "}]")


def link(members: str) -> bytes:
    """Gives a body with one Link that has these members."""
    return span(IDS + ',"links":[{' + members + "}]")


def attributes(pairs: str) -> bytes:
    """Gives a body with these KeyValues on its only resource."""
    return group('"resource":{"attributes":[' + pairs + "]}")


def value(text: str) -> bytes:
    """Gives a body with this AnyValue on its only resource."""
    return attributes('{"key":"k","value":' + text + "}")


def string(raw: str) -> bytes:
    """Gives a body with this raw text between the quotes of a stringValue."""
    return value('{"stringValue":"' + raw + '"}')


def trace_state(text: str) -> bytes:
    """Gives a body with this trace state on its only span."""
    return span(IDS + ',"traceState":"' + text + '"')


def arrays(depth: int) -> str:
    """Gives an AnyValue of so many arrays in one another."""
    return '{"arrayValue":{"values":[' * (depth - 1) + '{"arrayValue":{"values":[]}}' + "]}}" * (depth - 1)


def maps(depth: int) -> str:
    """Gives an AnyValue of so many maps in one another."""
    start = '{"kvlistValue":{"values":[{"key":"k","value":'
    return start * (depth - 1) + '{"kvlistValue":{"values":[]}}' + "}]}}" * (depth - 1)


def value_of(body: bytes, integers: str = "text") -> Any:
    """Reads a body made by ``value`` and gives the value only."""
    return oracle.read(body, integers=integers)[0]["resource"]["attributes"][0][1]


def span_of(body: bytes) -> Any:
    """Reads a body made by ``span`` and gives the span only."""
    return oracle.read(body)[0]["scope_spans"][0]["spans"][0]


def test_every_member_of_every_message_is_read() -> None:
    assert oracle.read(FULL_BODY) == FULL_RESULT


def test_integers_as_numbers_change_only_the_integer_values() -> None:
    body = FULL_BODY.replace(b'"intValue":"3"', b'"intValue":3')

    assert oracle.read(body, integers="number") == FULL_RESULT


def test_another_form_of_integers_is_a_misuse() -> None:
    with pytest.raises(ValueError, match=r"^integers: expected 'text' or 'number', got 'hex'$"):
        oracle.read(b"{}", integers="hex")


def test_absent_members_have_their_default() -> None:
    """ENC-1: what the encoder leaves out comes back as the proto3 default."""
    assert oracle.read(b"{}") == []
    assert oracle.read(group("")) == [{"resource": EMPTY_RESOURCE, "schema_url": "", "scope_spans": []}]
    assert oracle.read(scope_group("")) == [
        {
            "resource": EMPTY_RESOURCE,
            "schema_url": "",
            "scope_spans": [{"scope": EMPTY_SCOPE, "schema_url": "", "spans": []}],
        }
    ]
    assert span_of(span(IDS)) == LEAST_SPAN


def test_order_of_elements_is_kept() -> None:
    body = attributes('{"key":"b","value":{"intValue":"1"}},{"key":"a","value":{"intValue":"2"}}')

    assert oracle.read(body)[0]["resource"]["attributes"] == [("b", ("int", 1)), ("a", ("int", 2))]
    assert [each["schema_url"] for each in oracle.read(b'{"resourceSpans":[{"schemaUrl":"b"},{}]}')] == [
        "b",
        "",
    ]


VALUES: list[tuple[str, tuple[Any, ...]]] = [
    ("{}", ("empty",)),
    ('{"stringValue":""}', ("string", "")),
    ('{"stringValue":"a/b"}', ("string", "a/b")),
    (r'{"stringValue":"\"\\\n\r\t\b\f"}', ("string", '"\\\n\r\t\b\f')),
    (r'{"stringValue":"\u0000\u001f"}', ("string", "\x00\x1f")),
    (r'{"stringValue":"\u00e9\u2028\ud7ff\ue000\uffff"}', ("string", "é\u2028\ud7ff\ue000\uffff")),
    (r'{"stringValue":"\ud83d\ude00"}', ("string", "\U0001f600")),
    (r'{"stringValue":"\u007f"}', ("string", "\x7f")),
    ('{"stringValue":"\x7f"}', ("string", "\x7f")),
    (r'{"stringValue":"\\u007f"}', ("string", r"\u007f")),
    ('{"stringValue":"null"}', ("string", "null")),
    ('{"boolValue":false}', ("bool", False)),
    ('{"boolValue":true}', ("bool", True)),
    ('{"intValue":"0"}', ("int", 0)),
    ('{"intValue":"-1"}', ("int", -1)),
    ('{"intValue":"9223372036854775807"}', ("int", 2**63 - 1)),
    ('{"intValue":"-9223372036854775808"}', ("int", -(2**63))),
    ('{"doubleValue":0.0}', ("double", "0x0.0p+0")),
    ('{"doubleValue":-0.0}', ("double", "-0x0.0p+0")),
    ('{"doubleValue":51.0}', ("double", "0x1.9800000000000p+5")),
    ('{"doubleValue":0.1}', ("double", "0x1.999999999999ap-4")),
    ('{"doubleValue":1e-06}', ("double", "0x1.0c6f7a0b5ed8dp-20")),
    ('{"doubleValue":1e+16}', ("double", "0x1.1c37937e08000p+53")),
    ('{"doubleValue":5e-324}', ("double", "0x0.0000000000001p-1022")),
    ('{"doubleValue":1.7976931348623157e+308}', ("double", "0x1.fffffffffffffp+1023")),
    ('{"doubleValue":"NaN"}', ("double", "nan")),
    ('{"doubleValue":"Infinity"}', ("double", "inf")),
    ('{"doubleValue":"-Infinity"}', ("double", "-inf")),
    ('{"bytesValue":""}', ("bytes", b"")),
    ('{"bytesValue":"+/8="}', ("bytes", b"\xfb\xff")),
    ('{"bytesValue":"AAAA"}', ("bytes", b"\x00\x00\x00")),
    ('{"arrayValue":{"values":[]}}', ("array", [])),
    (
        '{"arrayValue":{"values":[{"intValue":"1"},{},{"arrayValue":{"values":[]}}]}}',
        ("array", [("int", 1), ("empty",), ("array", [])]),
    ),
    ('{"kvlistValue":{"values":[]}}', ("map", [])),
    (
        '{"kvlistValue":{"values":[{"key":"b","value":{"boolValue":true}},{"key":"a","value":{}}]}}',
        ("map", [("b", ("bool", True)), ("a", ("empty",))]),
    ),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_each_kind_of_value_is_read(text: str, expected: tuple[Any, ...]) -> None:
    assert value_of(value(text)) == expected


@pytest.mark.parametrize("number", [0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63)])
def test_integer_numbers_are_read_exactly(number: int) -> None:
    """ENC-11: no integer passes through a double."""
    assert value_of(value(f'{{"intValue":{number}}}'), integers="number") == ("int", number)


@pytest.mark.parametrize(
    "text",
    [
        ",".join(f"k{index}=v" for index in range(32)),
        "a" * 256 + "=" + "v" * 256,
        "0_-*/@=!~",
        "a=1 ,\\t b=2",
        "a=1,,b=2,",
        "a= 1",
        "some-state",
        "a=1,a=2",
    ],
)
def test_a_trace_state_is_kept(text: str) -> None:
    """Also one that is no list of the W3C: the text comes back as it was."""
    assert span_of(trace_state(text))["trace_state"] == text.replace("\\t", "\t")


def test_unknown_enum_numbers_are_read() -> None:
    """ENC-4: any int32 is an enum number."""
    assert span_of(span(IDS + ',"kind":-2147483648,"status":{"code":2147483647}')) == {
        **LEAST_SPAN,
        "kind": -(2**31),
        "status": {"code": 2**31 - 1, "message": ""},
    }


def test_greatest_time_is_read() -> None:
    """VAL-2: start and end may be the same, and one may be absent."""
    most = str(2**64 - 1)

    assert span_of(span(f'{IDS},"startTimeUnixNano":"{most}","endTimeUnixNano":"{most}"')) == {
        **LEAST_SPAN,
        "start_time_unix_nano": 2**64 - 1,
        "end_time_unix_nano": 2**64 - 1,
    }
    assert span_of(span(IDS + ',"startTimeUnixNano":"2"'))["start_time_unix_nano"] == 2
    assert span_of(span(IDS + ',"endTimeUnixNano":"2"'))["end_time_unix_nano"] == 2


def test_keys_are_unique_only_within_one_collection() -> None:
    """VAL-5: the same key may stand in a map and around it."""
    inner = '{"kvlistValue":{"values":[{"key":"k","value":{}}]}}'

    assert value_of(value(inner)) == ("map", [("k", ("empty",))])


def test_sixty_four_containers_are_read() -> None:
    """ENC-9: the limit itself is legal, anywhere."""
    expected: tuple[Any, ...] = ("map", [])
    for _ in range(63):
        expected = ("map", [("k", expected)])
    body = event('"attributes":[{"key":"k","value":' + maps(64) + "}]")

    assert span_of(body)["events"][0]["attributes"] == [("k", expected)]
    assert value_of(value(arrays(64)))[0] == "array"


@pytest.mark.parametrize(
    ("text", "step", "last"),
    [
        (arrays(65), ".arrayValue.values[0]", ".arrayValue"),
        (maps(65), ".kvlistValue.values[0].value", ".kvlistValue"),
    ],
)
def test_one_container_more_is_refused(text: str, step: str, last: str) -> None:
    """ENC-9: the path leads to the container that is too deep."""
    with pytest.raises(oracle.Refused) as caught:
        oracle.read(value(text))

    assert (caught.value.rule, caught.value.path) == ("ENC-9", IN_VALUE + step * 64 + last)


@pytest.mark.parametrize("text", [maps(10_000), '{"arrayValue":' * 10_000, "[" * 10_000])
def test_any_depth_is_refused_without_a_recursion_error(text: str) -> None:
    with pytest.raises(oracle.Refused) as caught:
        oracle.read(value(text))

    assert caught.value.rule == "ENC-9"


# A row is a body, the rule it breaks and the place.
REFUSED: list[tuple[bytes, str, str]] = [
    # The text as a whole.
    (b"", "JSON", ""),
    (b"\xef\xbb\xbf{}", "JSON", ""),
    (b"{}{}", "JSON", ""),
    (b"{},", "JSON", ""),
    (b"{}\n", "ENC-1", ""),
    (b" {}", "ENC-1", ""),
    (b"{ }", "ENC-1", ""),
    (b'{"resourceSpans" :[{}]}', "ENC-1", ""),
    (b'{"resourceSpans": [{}]}', "ENC-1", "resourceSpans"),
    (b'{"resourceSpans":[{},\t{}]}', "ENC-1", "resourceSpans[1]"),
    (b'{"resourceSpans":[{}\r\n]}', "ENC-1", "resourceSpans"),
    (b'{"resourceSpans":[{},]}', "JSON", "resourceSpans[1]"),
    (b'{"resourceSpans":[{}],}', "JSON", ""),
    (b'{"resourceSpans":[{}];"resourceSpan":1}', "JSON", ""),
    (b'{"resourceSpans":[{}]!"resourceSpan":1}', "JSON", ""),
    (b"{'resourceSpans':[{}]}", "JSON", ""),
    (b"{resourceSpans:[{}]}", "JSON", ""),
    (b'{"resourceSpans"}', "JSON", ""),
    (b'{"resourceSpans":[{}}', "JSON", "resourceSpans"),
    (b'{"resourceSpans":[{}],"resourceSpans":[{}]}', "JSON", "resourceSpans"),
    (group('"schemaUrl":"a","schemaUrl":"a"'), "JSON", "resourceSpans[0].schemaUrl"),
    (b"[]", "PROTO", ""),
    (b'"{}"', "PROTO", ""),
    (b"1", "PROTO", ""),
    # Strings.
    (string("é"), "ENC-5", ""),
    (b'{"\xff":1}', "ENC-5", ""),
    (string("a\nb"), "JSON", IN_VALUE + ".stringValue"),
    (string(r"\x41"), "JSON", IN_VALUE + ".stringValue"),
    (string(r"\u12"), "JSON", IN_VALUE + ".stringValue"),
    (string(r"a\/b"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\u0041"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\u000a"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\u0022"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\u001F"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\u00E9"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\ud83d"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\ud800"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\udfff"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\ude00\ud83d"), "ENC-5", IN_VALUE + ".stringValue"),
    (string(r"\ud83d\uDE00"), "ENC-5", IN_VALUE + ".stringValue"),
    (rb'{"resource\u0053pans":[{}]}', "ENC-5", ""),
    # Words.
    (b"null", "ENC-8", ""),
    (b'{"resourceSpans":null}', "ENC-8", "resourceSpans"),
    (b'{"resourceSpans":[null]}', "ENC-8", "resourceSpans[0]"),
    (group('"resource":null'), "ENC-8", "resourceSpans[0].resource"),
    (span(IDS + ',"parentSpanId":null'), "ENC-8", IN_SPAN + ".parentSpanId"),
    (value("null"), "ENC-8", IN_VALUE),
    (value('{"doubleValue":null}'), "ENC-8", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":NaN}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":-Infinity}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":01.5}'), "JSON", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":1.}'), "JSON", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":+1.0}'), "JSON", IN_VALUE + ".doubleValue"),
    (value('{"boolValue":True}'), "JSON", IN_VALUE + ".boolValue"),
    (value('{"boolValue":tru}'), "JSON", IN_VALUE + ".boolValue"),
    # Names and their order.
    (b'{"resource_spans":[{}]}', "PROTO", "resource_spans"),
    (b'{"ResourceSpans":[{}]}', "PROTO", "ResourceSpans"),
    (b'{"resourceSpans":[{}],"partialSuccess":{}}', "PROTO", "partialSuccess"),
    (group('"deprecatedScopeSpans":[{}]'), "PROTO", "resourceSpans[0].deprecatedScopeSpans"),
    (group('"resource":{"schemaUrl":"a"}'), "PROTO", "resourceSpans[0].resource.schemaUrl"),
    (span(IDS + ',"trace_state":"a=1"'), "PROTO", IN_SPAN + ".trace_state"),
    (span(IDS + ',"":1'), "PROTO", IN_SPAN + "."),
    (event('"time":"1"'), "PROTO", IN_EVENT + ".time"),
    (link(IDS + ',"parentSpanId":"' + PARENT + '"'), "PROTO", IN_LINK + ".parentSpanId"),
    (span(IDS + ',"status":{"code":1,"deprecatedCode":1}'), "PROTO", IN_SPAN + ".status.deprecatedCode"),
    (attributes('{"key":"k","value":{},"keyStrindex":1}'), "PROTO", IN_PAIR + ".keyStrindex"),
    (value('{"stringValueStrindex":1}'), "PROTO", IN_VALUE + ".stringValueStrindex"),
    (value('{"kvlistValue":{"k":{}}}'), "PROTO", IN_VALUE + ".kvlistValue.k"),
    (group('"schemaUrl":"a","scopeSpans":[{}]'), "ENC-1", "resourceSpans[0].scopeSpans"),
    (
        group('"resource":{"droppedAttributesCount":1,"attributes":[{"key":"k","value":{}}]}'),
        "ENC-1",
        "resourceSpans[0].resource.attributes",
    ),
    (scope_group('"schemaUrl":"a","scope":{"name":"n"}'), "ENC-1", "resourceSpans[0].scopeSpans[0].scope"),
    (
        scope_group('"scope":{"version":"1","name":"n"}'),
        "ENC-1",
        "resourceSpans[0].scopeSpans[0].scope.name",
    ),
    (span(f'"spanId":"{SPAN}","traceId":"{TRACE}"'), "ENC-1", IN_SPAN + ".traceId"),
    (span(IDS + ',"name":"n","flags":1'), "ENC-1", IN_SPAN + ".flags"),
    (span(IDS + ',"status":{"message":"m","code":2}'), "ENC-1", IN_SPAN + ".status.code"),
    (event('"name":"n","timeUnixNano":"1"'), "ENC-1", IN_EVENT + ".timeUnixNano"),
    (link('"flags":1,' + IDS), "ENC-1", IN_LINK + ".traceId"),
    (attributes('{"value":{},"key":"k"}'), "ENC-1", IN_PAIR + ".key"),
    # Defaults.
    (b'{"resourceSpans":[]}', "ENC-1", "resourceSpans"),
    (group('"resource":{}'), "ENC-1", "resourceSpans[0].resource"),
    (group('"scopeSpans":[]'), "ENC-1", "resourceSpans[0].scopeSpans"),
    (group('"schemaUrl":""'), "ENC-1", "resourceSpans[0].schemaUrl"),
    (group('"resource":{"attributes":[]}'), "ENC-1", "resourceSpans[0].resource.attributes"),
    (scope_group('"scope":{}'), "ENC-1", "resourceSpans[0].scopeSpans[0].scope"),
    (scope_group('"scope":{"version":""}'), "ENC-1", "resourceSpans[0].scopeSpans[0].scope.version"),
    (scope_group('"spans":[]'), "ENC-1", "resourceSpans[0].scopeSpans[0].spans"),
    (span(f'"traceId":"","spanId":"{SPAN}"'), "ENC-1", IN_SPAN + ".traceId"),
    (span(IDS + ',"traceState":""'), "ENC-1", IN_SPAN + ".traceState"),
    (span(IDS + ',"parentSpanId":""'), "ENC-1", IN_SPAN + ".parentSpanId"),
    (span(IDS + ',"flags":0'), "ENC-1", IN_SPAN + ".flags"),
    (span(IDS + ',"name":""'), "ENC-1", IN_SPAN + ".name"),
    (span(IDS + ',"kind":0'), "ENC-1", IN_SPAN + ".kind"),
    (span(IDS + ',"startTimeUnixNano":"0"'), "ENC-1", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"status":{}'), "ENC-1", IN_SPAN + ".status"),
    (span(IDS + ',"status":{"code":0}'), "ENC-1", IN_SPAN + ".status.code"),
    (span(IDS + ',"status":{"code":2,"message":""}'), "ENC-1", IN_SPAN + ".status.message"),
    (span(IDS + ',"events":[]'), "ENC-1", IN_SPAN + ".events"),
    (span(IDS + ',"droppedLinksCount":0'), "ENC-1", IN_SPAN + ".droppedLinksCount"),
    (event('"timeUnixNano":"0"'), "ENC-1", IN_EVENT + ".timeUnixNano"),
    (link(IDS + ',"flags":0'), "ENC-1", IN_LINK + ".flags"),
    (value('{"arrayValue":{}}'), "ENC-1", IN_VALUE + ".arrayValue"),
    (value('{"kvlistValue":{}}'), "ENC-1", IN_VALUE + ".kvlistValue"),
    # JSON types.
    (b'{"resourceSpans":{}}', "PROTO", "resourceSpans"),
    (b'{"resourceSpans":[[]]}', "PROTO", "resourceSpans[0]"),
    (group('"resource":[]'), "PROTO", "resourceSpans[0].resource"),
    (group('"schemaUrl":1'), "PROTO", "resourceSpans[0].schemaUrl"),
    (scope_group('"scope":"n"'), "PROTO", "resourceSpans[0].scopeSpans[0].scope"),
    (span(IDS + ',"name":true'), "PROTO", IN_SPAN + ".name"),
    (span(IDS + ',"status":2'), "PROTO", IN_SPAN + ".status"),
    (span(IDS + ',"attributes":{"a":1}'), "PROTO", IN_SPAN + ".attributes"),
    (value('"v"'), "PROTO", IN_VALUE),
    (value('{"stringValue":1}'), "PROTO", IN_VALUE + ".stringValue"),
    (value('{"boolValue":"true"}'), "PROTO", IN_VALUE + ".boolValue"),
    (value('{"boolValue":1}'), "PROTO", IN_VALUE + ".boolValue"),
    (value('{"arrayValue":[{}]}'), "PROTO", IN_VALUE + ".arrayValue"),
    (value('{"arrayValue":{"values":{}}}'), "PROTO", IN_VALUE + ".arrayValue.values"),
    (value('{"arrayValue":{"values":["a"]}}'), "PROTO", IN_VALUE + ".arrayValue.values[0]"),
    (value('{"stringValue":"a","intValue":"1"}'), "PROTO", IN_VALUE),
    # Ids.
    (span(f'"spanId":"{SPAN}"'), "VAL-1", IN_SPAN + ".traceId"),
    (span(f'"traceId":"{TRACE}"'), "VAL-1", IN_SPAN + ".spanId"),
    (scope_group('"spans":[{' + IDS + "},{}]"), "VAL-1", "resourceSpans[0].scopeSpans[0].spans[1].traceId"),
    (span(f'"traceId":"{"0" * 32}","spanId":"{SPAN}"'), "VAL-1", IN_SPAN + ".traceId"),
    (span(IDS + ',"parentSpanId":"0000000000000000"'), "VAL-1", IN_SPAN + ".parentSpanId"),
    (span(f'"traceId":"{TRACE.upper()}","spanId":"{SPAN}"'), "ENC-3", IN_SPAN + ".traceId"),
    (span(f'"traceId":"{TRACE}","spanId":"{SPAN}0"'), "ENC-3", IN_SPAN + ".spanId"),
    (span(f'"traceId":"{TRACE}","spanId":"{SPAN}\\n"'), "ENC-3", IN_SPAN + ".spanId"),
    (span(f'"traceId":"{SPAN}","spanId":"{SPAN}"'), "ENC-3", IN_SPAN + ".traceId"),
    (span(f'"traceId":1,"spanId":"{SPAN}"'), "ENC-3", IN_SPAN + ".traceId"),
    (span(IDS + ',"parentSpanId":"7uGbfsPBsXM="'), "ENC-3", IN_SPAN + ".parentSpanId"),
    (link(f'"spanId":"{SPAN}"'), "VAL-1", IN_LINK + ".traceId"),
    (link(f'"traceId":"{TRACE}","spanId":"{SPAN.upper()}"'), "ENC-3", IN_LINK + ".spanId"),
    # Numbers of the proto.
    (span(IDS + ',"kind":"2"'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"kind":"SPAN_KIND_SERVER"'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"kind":2.0'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"kind":-0'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"kind":2147483648'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"kind":-2147483649'), "ENC-4", IN_SPAN + ".kind"),
    (span(IDS + ',"status":{"code":"STATUS_CODE_ERROR"}'), "ENC-4", IN_SPAN + ".status.code"),
    (span(IDS + ',"flags":"1"'), "PROTO", IN_SPAN + ".flags"),
    (span(IDS + ',"flags":4294967296'), "PROTO", IN_SPAN + ".flags"),
    (span(IDS + ',"flags":-1'), "PROTO", IN_SPAN + ".flags"),
    (span(IDS + ',"flags":1e2'), "PROTO", IN_SPAN + ".flags"),
    (span(IDS + ',"droppedEventsCount":true'), "PROTO", IN_SPAN + ".droppedEventsCount"),
    (link(IDS + ',"droppedAttributesCount":1.0'), "PROTO", IN_LINK + ".droppedAttributesCount"),
    (span(IDS + ',"startTimeUnixNano":1'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"startTimeUnixNano":"-1"'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"startTimeUnixNano":"+1"'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"startTimeUnixNano":"007"'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"startTimeUnixNano":"1.0"'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"startTimeUnixNano":""'), "PROTO", IN_SPAN + ".startTimeUnixNano"),
    (span(IDS + ',"endTimeUnixNano":"18446744073709551616"'), "PROTO", IN_SPAN + ".endTimeUnixNano"),
    (event('"timeUnixNano":"' + "9" * 5000 + '"'), "PROTO", IN_EVENT + ".timeUnixNano"),
    (
        span(IDS + ',"startTimeUnixNano":"2","endTimeUnixNano":"1"'),
        "VAL-2",
        IN_SPAN + ".endTimeUnixNano",
    ),
    # Attributes.
    (attributes('{"key":"k"}'), "ENC-2", IN_PAIR + ".value"),
    (attributes('{"value":{}}'), "ENC-2", IN_PAIR + ".key"),
    (attributes('{"key":"","value":{}}'), "ENC-2", IN_PAIR + ".key"),
    (attributes('{"key":1,"value":{}}'), "PROTO", IN_PAIR + ".key"),
    (
        attributes('{"key":"k","value":{}},{"key":"k","value":{}}'),
        "VAL-5",
        "resourceSpans[0].resource.attributes[1].key",
    ),
    (
        value('{"kvlistValue":{"values":[{"key":"a","value":{}},{"key":"a","value":{}}]}}'),
        "VAL-5",
        IN_VALUE + ".kvlistValue.values[1].key",
    ),
    # Values.
    (value('{"intValue":1}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":""}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"-0"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"01"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"1e3"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"1_0"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":" 1"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"\\u0661"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"9223372036854775808"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"-9223372036854775809"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"intValue":"' + "9" * 5000 + '"}'), "ENC-11", IN_VALUE + ".intValue"),
    (value('{"doubleValue":1}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":1.50}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":1E-06}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":0.1000000000000000055}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":1e999}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":"1.0"}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":"nan"}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"doubleValue":false}'), "ENC-7", IN_VALUE + ".doubleValue"),
    (value('{"bytesValue":"-_8="}'), "ENC-6", IN_VALUE + ".bytesValue"),
    (value('{"bytesValue":"+/8"}'), "ENC-6", IN_VALUE + ".bytesValue"),
    (value('{"bytesValue":"+/9="}'), "ENC-6", IN_VALUE + ".bytesValue"),
    (value('{"bytesValue":"AA AA"}'), "ENC-6", IN_VALUE + ".bytesValue"),
    (value('{"bytesValue":"\\u00e9"}'), "ENC-6", IN_VALUE + ".bytesValue"),
    (value('{"bytesValue":0}'), "ENC-6", IN_VALUE + ".bytesValue"),
]


@pytest.mark.parametrize(("body", "rule", "path"), REFUSED, ids=[f"{row[1]} {row[2]}" for row in REFUSED])
def test_each_violation_names_its_rule_and_its_place(body: bytes, rule: str, path: str) -> None:
    with pytest.raises(oracle.Refused) as caught:
        oracle.read(body)

    assert (caught.value.rule, caught.value.path) == (rule, path)
    assert caught.value.reason.endswith(".")


@pytest.mark.parametrize("number", ['"1"', "1.0", "1e3", "-0", "9223372036854775808", "-9223372036854775809"])
def test_integers_as_numbers_are_canonical_too(number: str) -> None:
    """ENC-11: with numbers asked for, text and other forms of number are refused."""
    with pytest.raises(oracle.Refused) as caught:
        oracle.read(value('{"intValue":' + number + "}"), integers="number")

    assert (caught.value.rule, caught.value.path) == ("ENC-11", IN_VALUE + ".intValue")


def test_no_body_is_refused_twice_in_the_table() -> None:
    assert len({row[0] for row in REFUSED}) == len(REFUSED) >= 60


def test_the_error_reads_as_one_line() -> None:
    with pytest.raises(oracle.Refused) as caught:
        oracle.read(b'{"resourceSpans":[]}')
    assert str(caught.value) == "ENC-1 at resourceSpans: An empty list is left out."

    with pytest.raises(oracle.Refused) as caught:
        oracle.read(b"")
    assert str(caught.value) == "JSON at the root: The text ends early."

    with pytest.raises(oracle.Refused) as caught:
        oracle.read(span(IDS + ',"flags":-1'))
    assert caught.value.reason == "The value is not a decimal from 1 to 4294967295."


EACH = pytest.mark.parametrize(
    "step", [pytest.param(1, marks=pytest.mark.slow), 61], ids=["every byte", "some bytes"]
)


@EACH
def test_a_body_cut_at_any_byte_is_refused(step: int) -> None:
    for length in range(0, len(FULL_BODY), step):
        with pytest.raises(oracle.Refused):
            oracle.read(FULL_BODY[:length])


@EACH
def test_a_damaged_body_is_read_or_refused_and_nothing_else(step: int) -> None:
    """No other error escapes, whichever character stands at whichever place."""
    read = refused = 0
    for at in range(0, len(FULL_BODY), step):
        for character in b' "\\0}':
            try:
                oracle.read(FULL_BODY[:at] + bytes([character]) + FULL_BODY[at + 1 :])
                read += 1
            except oracle.Refused:
                refused += 1

    assert read > 0
    assert refused > read
