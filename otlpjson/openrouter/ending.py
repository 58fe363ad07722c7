# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
How a request ended: whole, failed, left by the client, cut off, or without an answer.

The first row that fits is used:

====================================================  ==============  ===========
what is known                                         status          note
====================================================  ==============  ===========
``observed.error_message``                            error, that
an error in the response, after which it ended well   ok              the error
an error in the response                              error, that
a body that is no answer, with words of an error      error, those    no answer
``observed.http_status`` of 400 or more, and no       error, "HTTP
answer                                                500"
a whole answer                                        ok              if empty
``observed.client_disconnected``, or ``cancelled`` in  error, "The
the generation record                                 client has
                                                      disconnected"
``observed.interrupted_by``                           error, that
a body that is no answer                              unset           no answer
a stream that stopped, or an answer that says of      unset           cut off
itself that it is not finished
a stream that ended without an answer                 unset           no answer
a generation record with a finish reason              ok
nothing                                               unset
====================================================  ==============  ===========

*Ended well* means a finish reason other than ``error``, and usage. *Whole* is a JSON body that
is an answer, or a stream whose end has come: its last event, a finish reason, its usage or
``[DONE]``. What happens to the caller after a whole answer is not the request's failure.

Source: empathic/toolpath for a client that left; OpenRouter's documentation, "Errors and
debugging", for errors; the rest is this package's choice.
"""

from __future__ import annotations

from typing import Final

import attrs

from .apis.chat_form import ChatForm
from .apis.failure import error_words
from .document import Document
from .generation import Failure, Usage
from .observed import Observed

__all__ = ["Ending", "ending_of"]

# As captured when a client closed the connection early.
_DISCONNECTED: Final = "The client has disconnected"


@attrs.frozen(kw_only=True)
class Ending:
    """
    How a request ended.

    Attributes:
        complete: Whether the response, which may be an error, arrived as a whole.

        failure: Why the request failed; ``None`` if it did not.
    """

    complete: bool
    failure: Failure | None = None


def ending_of(form: ChatForm, observed: Observed, response: Document, *, cut: bool | None) -> Ending:
    """
    How a request ended; what the table says to note is noted.

    Args:
        form: The request and its response.

        observed: What the caller and the generation record say.

        response: The response; empty if there is none.

        cut: Whether the stream that the response came in stopped before its end; ``None`` for
            a response that was no stream.
    """
    if observed.error_message:
        return Ending(complete=True, failure=Failure(message=observed.error_message))
    failure = form.failure
    if failure is not None and _ended_well(form):
        response.note("error", "an error, but the answer ended well after it")
        failure = None
    given = bool(response.members) and not (cut and not form.answered)
    if failure is None and given and not form.answered:
        response.remark("the body is no answer: it has neither id, usage nor content")
        failure = error_words(response)
    if failure is None and not form.answered and (observed.http_status or 0) >= 400:
        failure = Failure(message=f"HTTP {observed.http_status}", code=str(observed.http_status))
    if failure is not None:
        return Ending(complete=True, failure=failure)
    if form.answered and form.finished and not cut:
        if _is_empty(form):
            response.remark("the answer has neither content nor usage")
        return Ending(complete=True)
    return _unfinished(form, observed, response, cut=cut)


def _unfinished(form: ChatForm, observed: Observed, response: Document, *, cut: bool | None) -> Ending:
    """The ending of a request without a whole answer."""
    if observed.client_disconnected:
        return Ending(complete=True, failure=Failure(message=_DISCONNECTED))
    if observed.interrupted_by:
        return Ending(complete=True, failure=Failure(message=observed.interrupted_by))
    if cut:
        response.remark("the stream was cut off")
    elif cut is False and not form.answered:
        response.remark("the stream holds no answer")
    elif not form.finished:
        response.note("status", "the answer is not finished")
    # If no response was kept, the generation record may still show that there was a complete one.
    recorded = cut is None and not response.members and observed.finish_reason not in (None, "error")
    return Ending(complete=recorded)


def _ended_well(form: ChatForm) -> bool:
    return form.finish_reason not in (None, "", "error") and form.usage != Usage()


def _is_empty(form: ChatForm) -> bool:
    said = (form.content, form.reasoning, form.tool_calls, form.server_tools, form.facts)
    return not any(said) and form.usage == Usage()
