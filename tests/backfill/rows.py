# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rows to convert: records that differ, with lines among them that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from otlpjson.backfill import Job, Mapper, Output
from otlpjson.openrouter import Form, Policy

__all__ = ["job_in", "lines_of", "record"]


def record(number: int) -> dict[str, Any]:
    """A request with a cost of its own; its texts have characters of several bytes."""
    return {
        "request": {
            "model": "a/b",
            "messages": [{"role": "user", "content": f"Grüße 💰 {number}" + "x" * (number % 7 * 40)}],
            "session_id": f"s{number % 3}",
        },
        "response": {
            "id": f"gen-{number}",
            "model": "a/b",
            "provider": "P",
            "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": number, "completion_tokens": 2, "cost": number / 1000},
        },
        "started_at": 1771005600000000000 + number,
        "ended_at": 1771005601000000000,
    }


def lines_of(count: int) -> bytes:
    """JSON Lines of so many records, with a blank line and, after the third, one that is no record."""
    lines = [json.dumps(record(number), ensure_ascii=False) for number in range(count)]
    lines[3:3] = ["", "nope"]
    return "\n".join(lines).encode() + b"\n"


def job_in(folder: Path, output: Output | None = None, form: Form | None = None) -> Job:
    """A job that writes into a folder, which is made."""
    job = Job(
        mapper=Mapper(form=form or Form(), policy=Policy()), output=output or Output(), folder=str(folder)
    )
    job.prepare()
    return job
