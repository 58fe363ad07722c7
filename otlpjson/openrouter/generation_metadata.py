# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Additional generation metadata: what a destination may ask for beyond the usual attributes.

OpenRouter's dashboard offers three groups, which are sent as ``trace.metadata.openrouter_generation.*``
and once more as ``span.metadata.openrouter_generation.*``. Sources: OpenRouter docs, Broadcast overview,
"Usage and cost" of September 2026, and public receivers. The whole lists are not published, so these are
the fields that are documented or seen, and that a request, its answer or a GET /generation record has.
Which group a field belongs to is published for the costs; the others follow the groups' descriptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from .document import Document
from .generation import Generation, MetadataValue
from .validators import names

__all__ = ["members_of_record", "metadata_groups", "with_generation_metadata"]

_PREFIX: Final = "openrouter_generation."
_Read = Callable[[Generation], Any]

# Of a GET /generation record: each member with the same name and meaning, and how it is read.
_RECORD: Final[Mapping[str, Callable[[Document, str], MetadataValue]]] = MappingProxyType(
    {
        "tokens_prompt": Document.count,
        "tokens_completion": Document.count,
        "is_byok": Document.flag,
        "model": Document.text,
        "external_user": Document.text,
        "api_type": Document.text,
        "cancelled": Document.flag,
        "service_tier": Document.text,
        "web_search_engine": Document.text,
        "num_search_results": Document.count,
        "num_fetches": Document.count,
        "num_media_prompt": Document.count,
        "num_input_audio_prompt": Document.count,
        "num_media_completion": Document.count,
    }
)


def _recorded(name: str) -> _Read:
    return lambda g: dict(g.record_metadata).get(name)


def _is_byok(generation: Generation) -> MetadataValue:
    recorded = _recorded("is_byok")(generation)
    return generation.attempts[-1].is_byok if recorded is None and generation.attempts else recorded


_FIELDS: Final[Mapping[str, Mapping[str, _Read]]] = MappingProxyType(
    {
        "cost": {
            "usage": lambda g: g.usage.total_cost,
            "tokens_prompt": _recorded("tokens_prompt"),
            "tokens_completion": _recorded("tokens_completion"),
            "is_byok": _is_byok,
            "cache_write_tokens": lambda g: g.usage.cache_write_tokens,
            "cache_creation.ephemeral_5m_input_tokens": lambda g: g.usage.cache_write_5m_tokens,
            "cache_creation.ephemeral_1h_input_tokens": lambda g: g.usage.cache_write_1h_tokens,
        },
        "identity": {
            "model": _recorded("model"),
            "external_user": _recorded("external_user"),
        },
        "request_context": {
            "api_type": _recorded("api_type"),
            # The record's own member is true for every request.
            "streamed": lambda g: g.streamed,
            "cancelled": _recorded("cancelled"),
            "service_tier": _recorded("service_tier"),
            "web_search_engine": _recorded("web_search_engine"),
            "num_search_results": _recorded("num_search_results"),
            "num_fetches": _recorded("num_fetches"),
            "num_media_prompt": _recorded("num_media_prompt"),
            "num_input_audio_prompt": _recorded("num_input_audio_prompt"),
            "num_media_completion": _recorded("num_media_completion"),
        },
    }
)


def metadata_groups(value: Any) -> tuple[str, ...]:
    """
    The names of groups in a list.

    Raises:
        InvalidValue: It is no list of them.
    """
    return names("generation_metadata", value, _FIELDS)


def members_of_record(record: Document) -> tuple[tuple[str, MetadataValue], ...]:
    """What a GET /generation record has of them."""
    if not record.members:
        return ()
    found = ((name, read(record, name)) for name, read in _RECORD.items() if name in record.members)
    return tuple((name, value) for name, value in found if value is not None)


def with_generation_metadata(generation: Generation, groups: Iterable[str]) -> Generation:
    """The request with the fields of these groups among its custom metadata; its own go before them."""
    known = {name for name, _ in generation.trace.metadata}
    fields = [(_PREFIX + name, read(generation)) for group in groups for name, read in _FIELDS[group].items()]
    more = tuple((name, value) for name, value in fields if value is not None and name not in known)
    trace = attrs.evolve(generation.trace, metadata=(*generation.trace.metadata, *more))
    return attrs.evolve(generation, trace=trace)
