# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How the bodies of the fixtures are drawn where the output is no terminal, to the last character."""

from __future__ import annotations

from typing import Final

__all__ = ["ATTRIBUTES", "OPENROUTER"]

OPENROUTER: Final = """\
trace 60e9114caafe5fa6e807b367da9c3f10
openrouter, 1 span, 700.0 ms, from 2026-02-13 18:13:20.000 UTC
1 generation, 10 → 4 tokens, $0.000065

                0                         700.0 ms  duration      model          in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  700.0 ms  ok  openai/gpt-4o    10 → 4  $0.000065

trace 3dbdceaef4ccb70c037d9d6978dc509b
openrouter, 1 span, 2.000 s, from 2026-02-13 18:16:40.000 UTC
1 generation

                0                                         2.000 s  duration  model
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   2.000 s  mistralai/mistral-large

trace 8849ac564e559dcf166927c93bb6a606
openrouter, 1 span, 4.000 s, from 2026-02-13 18:15:00.000 UTC
1 generation
1 error

                0                                   4.000 s  duration         model
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   4.000 s  error  deepseek/deepseek-v3.2
    Provider disconnected unexpectedly

trace ff8ecf4fdc5a02b26804e421852c733d
openrouter, 1 span, 7.000 s, from 2026-02-13 18:11:40.000 UTC
1 generation, 1430 → 1302 tokens, $0.039120

                0       7.000 s  duration      model                             in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━   7.000 s  ok  google/gemini-2.5-flash-image  1430 → 1302  $0.039120

trace ebe27842e245bd908ce8653b4d0df3c1
openrouter, 1 span, 2.400 s, from 2026-02-13 18:08:20.000 UTC
1 generation, 61 → 33 tokens, $0.000678

                0            2.400 s  duration      model                        in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━   2.400 s  ok  anthropic/claude-sonnet-4.5   61 → 33  $0.000678

trace 6b255b9e0dbd333d3a48bab7e9210772
openrouter, 1 span, 900.0 ms, from 2026-02-13 18:10:00.000 UTC
1 generation, 17 → 1 tokens, $0.000066

                0           900.0 ms  duration      model                        in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━  900.0 ms  ok  anthropic/claude-sonnet-4.5    17 → 1  $0.000066

trace fa3d68bd15c2513992d06c32179a40ea
openrouter, 1 span, 1.280 s, from 2026-02-13 18:06:40.000 UTC
1 generation, 84 → 41 tokens, $0.000578

                0                         1.280 s  duration      model           in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   1.280 s  ok  openai/gpt-5.6   84 → 41  $0.000578

trace 7902699be42c8a8e46fbbb4501726517
openrouter, 1 span, 0 ms, from 2026-02-13 18:00:01.000 UTC
1 generation, $0.100000

                0                                                      0 ms  duration           cost
LLM Generation  ╸                                                                0 ms  ok  $0.100000

trace a9ea23d745308437918b0c4cf9cc22c6
openrouter, 5 spans, 1.674 s, from 2026-02-13 18:06:40.000 UTC
1 generation, 1000 → 101 tokens, $0.000550
1 error

                                  0  1.674 s  duration         model             in → out       cost
Everything                        ━━━━━━━━╸    1.402 s  ok
└ LLM Generation                  ━━━━━━━━╸    1.402 s  ok     gemini-2.5-fl…  1000 → 101  $0.000550
  ├ provider attempt 1: Google…   ╸            90.0 ms  error
  ├ provider attempt 2: Google    ╺╸          192.0 ms  ok
  └ generation                     ╺━━━━━━━━   1.392 s  ok

trace addc2f052d437fec14c79a7193ea8135
openrouter, 2 spans, 1.203 s, from 2026-02-13 18:00:00.000 UTC
1 generation, 12 → 48 tokens, $0.000510

                          0                1.203 s  duration      model          in → out       cost
Metric Analysis Pipeline  ━━━━━━━━━━━━━━━━━━━━━━━━   1.203 s  ok
└ Anomaly Detection       ━━━━━━━━━━━━━━━━━━━━━━━━   1.203 s  ok  openai/gpt-4o   12 → 48  $0.000510

trace 0af7651916cd43dd8448eb211c80319c
openrouter, 3 spans, 2.376 s, from 2026-02-13 18:01:40.123 UTC
1 generation, 1005 → 62 tokens, $0.003945
? 1 span whose parent is missing

                       0    2.376 s  duration      model                         in → out       cost
? Document Processing  ━━━━━━━━━━━━   2.376 s  ok
└ Summarization Step   ━━━━━━━━━━━━   2.376 s  ok
  └ Generate Summary   ━━━━━━━━━━━━   2.376 s  ok  anthropic/claude-sonnet-4.5  1005 → 62  $0.003945

trace 345452552f10a3309cf6d390258e906d
openrouter, 1 span, 400.0 ms, from 2026-02-13 18:21:40.000 UTC
1 generation
1 error

                0                              400.0 ms  duration         model
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  400.0 ms  error  anthropic/claude-haiku-4.5
    Provider is overloaded, try again

trace 0d68cce25c1f5bbf361896e7f77c0207
openrouter, 1 span, 1.500 s, from 2026-02-13 18:18:20.000 UTC
1 generation, 1209 → 14 tokens, $0.001579

              0              1.500 s  duration      model                        in → out       cost
Read Invoice  ━━━━━━━━━━━━━━━━━━━━━━   1.500 s  ok  anthropic/claude-haiku-4.5  1209 → 14  $0.001579

trace 59b4b3b245dfc70771a3a7e9fea93898
openrouter, 1 span, 2.250 s, from 2026-02-13 18:20:00.000 UTC
1 generation, 1536 → 96 tokens, $0.001094

                0            2.250 s  duration      model                        in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━   2.250 s  ok  anthropic/claude-haiku-4.5  1536 → 96  $0.001094

trace eb81060f488fa88a73f61da20339eed7
openrouter, 1 span, 250.0 ms, from 2026-02-13 18:03:20.000 UTC
1 generation
1 error

                0                                           250.0 ms  duration         model
Guarded Answer  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  250.0 ms  error  openai/gpt-4o
    Input was flagged: "Tell me everything about 4111 1111 1111 1111."

trace 0fe86952901bb69694f6c9fbf1f698d9
openrouter, 4 spans, 600.0 ms, from 2026-02-13 18:28:20.000 UTC
1 generation, 40 → 4 tokens, $0.000039
1 error

                                               duration         model            in → out       cost
Weather Words                      ━━━━━━━━━━  600.0 ms  ok
└ LLM Generation                   ━━━━━━━━━━  600.0 ms  ok     llama-3.3-70b-…    40 → 4  $0.000039
  ├ provider attempt 1: DeepInfra  ━╸           96.0 ms  error
  └ provider attempt 2: Together    ╺━━━━━     318.0 ms  ok

trace cbf0f5feba2c5765d99545bba2b87e78
openrouter, 2 spans, 31.0 ms, from 2026-02-13 18:10:00.000 UTC
1 generation
2 errors

                  0                                          31.0 ms  duration         model
Nightly Report    ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   31.0 ms  error
│   openai/gpt-99 is not a valid model ID
└ LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   31.0 ms  error  openai/gpt-99
      openai/gpt-99 is not a valid model ID

trace d56785cb9275d62f04fdb6121f772e15
openrouter, 1 span, 2.000 s, from 2026-02-13 18:26:40.000 UTC
1 generation
1 error

                0                                           2.000 s  duration         model
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   2.000 s  error  openai/gpt-5.6
    The model failed while it wrote “Today”

trace 3d61a9c8bbd95e2ba4bf24b0d3821f30
openrouter, 1 span, 2.000 s, from 2026-02-13 18:23:20.000 UTC
1 generation, 24 → 71 tokens, $0.000758

                0                         2.000 s  duration      model           in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   2.000 s  ok  openai/gpt-5.6   24 → 71  $0.000758

trace 50c344503c15077de509af1de437e624
openrouter, 1 span, 3.100 s, from 2026-02-13 18:25:00.000 UTC
1 generation, 310 → 38 tokens, $0.000539

                0                         3.100 s  duration      model           in → out       cost
LLM Generation  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   3.100 s  ok  openai/gpt-5.6  310 → 38  $0.000539

trace daaf6468e729638221df79dbdb276633
openrouter, 1 span, 0 ms, from 2026-02-13 18:00:00.000 UTC
1 generation

                0                                                       0 ms  duration  model
LLM Generation  ╸                                                                 0 ms  router
"""
"""Of every ``openrouter/*/body.json``, one after the other."""

ATTRIBUTES: Final = """\
trace 5b8efff798038103d269b633813fc60c
openrouter, 1 span, 1.203 s, from 2026-02-13 18:00:00.000 UTC
1 error
? 1 span whose parent is missing
resource
  service.name  text    openrouter
  1 attribute dropped

       0                                1.203 s  duration         model          in → out       cost
? pay  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━   1.203 s  error  openai/gpt-4o    12 → ?  $0.000510
    timed out
    span eee19b7ec3c1b174, kind client, trace state k=v, flags 257
    gen_ai.request.model       text    openai/gpt-4o
    gen_ai.usage.input_tokens  int     12
    gen_ai.usage.total_cost    double  0.00051
    stream                     bool    false
    none                       empty
    bytes                      bytes   00ff
    array                      array   ["a", 1]
    map                        map     {"k": {"deep": 2.0}}
    3 attributes dropped
    event exception at 1.203 s
      exception.type           text    Error
      4 attributes dropped
    5 events dropped
    link to span eee19b7ec3c1b174 of trace 5b8efff798038103d269b633813fc60c, trace state k=v, flags…
      why                      text    retry
      6 attributes dropped
    7 links dropped
trace 0fe86952901bb69694f6c9fbf1f698d9
openrouter, 4 spans, 600.0 ms, from 2026-02-13 18:28:20.000 UTC
1 generation, 40 → 4 tokens, $0.000039
1 error
resource
  service.name         text    openrouter
  openrouter.trace.id  text    weather_words_7
  service.version      text    1.0.0

                                               duration         model            in → out       cost
Weather Words                      ━━━━━━━━━━  600.0 ms  ok
│   span 8490b7f35f82bc5e, kind internal
│   trace.name  text    Weather Words
│   span.type   text    span
└ LLM Generation                   ━━━━━━━━━━  600.0 ms  ok     llama-3.3-70b-…    40 → 4  $0.000039
  │   span 8c652266a30ded07, kind client
  │   trace.name                                    text    Weather Words
  │   trace.metadata.feature                        text    haiku
  │   trace.metadata.provider_responses             text    [{"id":"chatcmpl-0b1f","provider_name":…
  │   span.type                                     text    generation
  │   span.level                                    text    DEFAULT
  │   span.metadata.feature                         text    haiku
  │   span.metadata.provider_responses              text    [{"id":"chatcmpl-0b1f","provider_name":…
  │   span.input                                    text    {"messages":[{"role":"user","content":"…
  │   span.output                                   text    {"completion":"Drizzle.","reasoning":nu…
  │   gen_ai.operation.name                         text    chat
  │   gen_ai.system                                 text    meta-llama
  │   gen_ai.provider.name                          text    meta-llama
  │   gen_ai.request.model                          text    meta-llama/llama-3.3-70b-instruct
  │   gen_ai.response.model                         text    meta-llama/llama-3.3-70b-instruct
  │   gen_ai.response.id                            text    gen-1771007300-Fb1Fb2Fb3Fb4Fb5Fb6Fb
  │   gen_ai.usage.input_tokens                     int     40
  │   gen_ai.usage.output_tokens                    int     4
  │   gen_ai.usage.total_tokens                     int     44
  │   gen_ai.usage.input_cost                       double  3.52e-05
  │   gen_ai.usage.output_cost                      double  3.5e-06
  │   gen_ai.usage.total_cost                       double  3.87e-05
  │   gen_ai.prompt                                 text    {"messages":[{"role":"user","content":"…
  │   gen_ai.completion                             text    {"completion":"Drizzle.","reasoning":nu…
  │   gen_ai.usage.input_tokens.cached              int     0
  │   gen_ai.usage.output_tokens.reasoning          int     0
  │   gen_ai.response.finish_reasons                text    ["stop"]
  │   gen_ai.response.finish_reason                 text    stop
  │   trace.metadata.openrouter.source              text    openrouter
  │   trace.metadata.openrouter.provider_request_ms  double  121.0
  │   trace.metadata.openrouter.provider_headers_ms  double  439.0
  │   trace.metadata.openrouter.provider_body_end_ms  double  523.0
  │   trace.metadata.openrouter.provider_name       text    Together
  │   trace.metadata.openrouter.provider_slug       text    together
  │   trace.metadata.openrouter.finish_reason       text    stop
  ├ provider attempt 1: DeepInfra  ━╸           96.0 ms  error
  │     span 1d60e99881a999eb, kind server
  │     span.type                                text    span
  │     span.level                               text    ERROR
  │     span.metadata.attempt_index              int     0
  │     span.metadata.status_code                int     503
  │     span.metadata.is_byok                    bool    false
  │     span.metadata.endpoint_id                text    0b1f-endpoint-a
  │     span.metadata.model_permaslug            text    meta-llama/llama-3.3-70b-instruct
  │     gen_ai.operation.name                    text    chat
  │     gen_ai.response.id                       text    gen-1771007300-Fb1Fb2Fb3Fb4Fb5Fb6Fb:attemp…
  │     trace.metadata.openrouter.provider_name  text    DeepInfra
  └ provider attempt 2: Together    ╺━━━━━     318.0 ms  ok
        span 64bfccc852c5f352, kind server
        span.type                                text    span
        span.level                               text    DEFAULT
        span.metadata.attempt_index              int     1
        span.metadata.status_code                int     200
        span.metadata.is_byok                    bool    false
        span.metadata.endpoint_id                text    7c2e-endpoint-b
        span.metadata.model_permaslug            text    meta-llama/llama-3.3-70b-instruct
        gen_ai.operation.name                    text    chat
        gen_ai.response.id                       text    gen-1771007300-Fb1Fb2Fb3Fb4Fb5Fb6Fb:attemp…
        trace.metadata.openrouter.provider_name  text    Together
"""
"""Of ``encode/everything.json`` and of ``openrouter/provider_fallback/body.json``, with all that they say."""
