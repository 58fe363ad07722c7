# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``--help`` says: it is the manual."""

from __future__ import annotations

from typing import Final

import pytest

from .commands import Commands, Ran

HELP: Final = {
    "": """\
Usage: otlpjson [OPTIONS] COMMAND [ARGS]...

  OpenRouter requests as OTLP/JSON traces, sent to Grafana Cloud.

  Where to send to is what OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and
  OTLPJSON_API_KEY name, else what "configure" saved, else what
  OpenTelemetry's own variables name.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
  check            Say what is wrong or odd about OTLP/JSON bodies.
  configure        Ask for a destination, test it, and save it.
  demo             Send an example to a local receiver and draw it.
  diff             Say in what two files of traces differ, by meaning.
  disable          Stop sending to a saved destination, but keep it.
  enable           Send to a saved destination again.
  encode           Turn records into OTLP/JSON bodies, one a line.
  post             Deliver ready OTLP/JSON bodies as they are.
  receive          Receive deliveries and write each body as one line.
  remove           Delete a saved destination.
  send             Turn records into spans and deliver them.
  send-trace       Send a sample trace, draw it, and say how to find it.
  show             Draw the traces of OTLP/JSON bodies.
  status           Show the active destinations and their origin.
  test-connection  Send one test span and say what came back.
  vendor           Copy this package into your project.
""",
    "configure": """\
Usage: otlpjson configure [OPTIONS] [NAME]

  Ask for a destination, test it, and save it.

  NAME is "default" unless given. Values that OTLPJSON_BASE_URL,
  OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY hold are not asked for. Nothing is
  saved unless the test passes.

Options:
  --kind [grafana_cloud|otel_collector|webhook]
                                  The kind of destination, which decides what
                                  is asked for.  [default: grafana_cloud]
  --privacy-mode                  Never send prompts, completions and error
                                  messages.
  --sampling-rate SHARE           The share of sessions to send.  [default:
                                  1.0; 0.0001<=x<=1]
  --hierarchy [documented|observed]
                                  The spans of OpenRouter's Grafana guide, or
                                  those that it really sends.  [default:
                                  documented]
  --integers [text|number]        Integer attributes as text, as OTLP demands,
                                  or as numbers, as OpenRouter sends them.
                                  [default: text]
  --allow-plain-http              Send credentials unencrypted over http to
                                  another host.
  -h, --help                      Show this message and exit.
""",
    "check": """\
Usage: otlpjson check [OPTIONS] [FILE]

  Say what is wrong or odd about OTLP/JSON bodies.

  FILE is JSON Lines or one indented body; "-" is standard input. Each finding
  is one line with its place, its weight and its rule. Errors alone make the
  exit code 1.

Options:
  --json      Write each finding as a JSON object of its own.
  -h, --help  Show this message and exit.
""",
    "status": """\
Usage: otlpjson status [OPTIONS]

  Show the active destinations and their origin.

  The origin is where a destination is configured. Of an instance ID only the
  last four characters are shown, and nothing of a key.

Options:
  -h, --help  Show this message and exit.
""",
    "enable": """\
Usage: otlpjson enable [OPTIONS] [NAME]

  Send to a saved destination again.

Options:
  -h, --help  Show this message and exit.
""",
    "disable": """\
Usage: otlpjson disable [OPTIONS] [NAME]

  Stop sending to a saved destination, but keep it.

Options:
  -h, --help  Show this message and exit.
""",
    "remove": """\
Usage: otlpjson remove [OPTIONS] NAME

  Delete a saved destination.

Options:
  -h, --help  Show this message and exit.
""",
    "test-connection": """\
Usage: otlpjson test-connection [OPTIONS] [NAME]

  Send one test span and say what came back.

  Where the span is not taken, it says what to change. Without NAME every
  enabled destination is tested.

Options:
  --allow-plain-http  Send the API key over http to another host.
  -h, --help          Show this message and exit.
""",
    "send-trace": """\
Usage: otlpjson send-trace [OPTIONS] [NAME]

  Send a sample trace, draw it, and say how to find it.

  Without NAME it goes to every enabled destination.

Options:
  --allow-plain-http  Send the API key over http to another host.
  -h, --help          Show this message and exit.
""",
    "send": """\
Usage: otlpjson send [OPTIONS] [FILE]

  Turn records into spans and deliver them.

  FILE has one JSON object per LLM request, with its request and its response;
  "-" is standard input.

Options:
  --to NAME                       A destination; by default all that are
                                  enabled.
  --privacy-mode                  Leave out prompts, completions and the words
                                  of errors.
  --hierarchy [documented|observed]
                                  The spans of OpenRouter's Grafana guide, the
                                  default, or those that it really sends.
  --integers [text|number]        Integer attributes as text, as OTLP wants
                                  them, the default, or as numbers, as
                                  OpenRouter sends them.
  --max-attribute-bytes N         Cut longer values at the border of a
                                  character; Tempo keeps 2048.  [x>=64]
  --max-wait SECONDS              Give up when the server has not taken a body
                                  after so long.  [default: 60.0; x>=0]
  --quarantine FILE               Add what was not delivered to this file, as
                                  bodies that `post` can send again.
  --allow-plain-http              Send the API key over http to another host.
  -h, --help                      Show this message and exit.
""",
    "post": """\
Usage: otlpjson post [OPTIONS] [FILE]

  Deliver ready OTLP/JSON bodies as they are.

  FILE has one body a line, or a single one over all lines; "-" is standard
  input.

Options:
  --to NAME           A destination; by default all that are enabled.
  --max-wait SECONDS  Give up when the server has not taken a body after so
                      long.  [default: 60.0; x>=0]
  --quarantine FILE   Add what was not delivered to this file, as bodies that
                      `post` can send again.
  --allow-plain-http  Send the API key over http to another host.
  -h, --help          Show this message and exit.
""",
    "encode": """\
Usage: otlpjson encode [OPTIONS] [FILE]

  Turn records into OTLP/JSON bodies, one a line.

  FILE has one JSON object per LLM request, with its request and its response;
  "-" is standard input. A record that cannot be used is named on standard
  error.

Options:
  --privacy-mode                  Leave out prompts, completions and the words
                                  of errors.
  --hierarchy [documented|observed]
                                  The spans of OpenRouter's Grafana guide, the
                                  default, or those that it really sends.
  --integers [text|number]        Integer attributes as text, as OTLP wants
                                  them, the default, or as numbers, as
                                  OpenRouter sends them.
  --max-attribute-bytes N         Cut longer values at the border of a
                                  character; Tempo keeps 2048.  [x>=64]
  -h, --help                      Show this message and exit.
""",
    "diff": """\
Usage: otlpjson diff [OPTIONS] A B

  Say in what two files of traces differ, by meaning.

  A and B hold OTLP/JSON bodies, or answers of Tempo or Jaeger; one of them
  may be "-", standard input. Spans are matched by their ids; the order of
  spans, groups and attributes is no difference. Exit code 0: they mean the
  same; 1: they differ; 2: one cannot be read.

Options:
  -h, --help  Show this message and exit.
""",
    "show": """\
Usage: otlpjson show [OPTIONS] [FILE]

  Draw the traces of OTLP/JSON bodies.

  FILE has one body a line, or a single one over all lines; "-" is standard
  input. An answer of Tempo or of Jaeger's API v3 will do as well. Bodies of
  the same trace are drawn as one.

  What a strict reader would refuse is read as well as it can be, and named on
  standard error; the exit code is 1 then.

Options:
  -a, --attributes  Also attributes, events and links.
  --full            Do not shorten texts to the width of the terminal.
  -h, --help        Show this message and exit.
""",
    "receive": """\
Usage: otlpjson receive [OPTIONS]

  Receive deliveries and write each body as one line.

  It answers like an OpenTelemetry Collector. The lines go to standard output.
  Ctrl-C stops it.

Options:
  --host TEXT            The address to listen on.  [default: 127.0.0.1]
  --port INTEGER RANGE   0 picks a free one.  [default: 4318; 0<=x<=65535]
  --auth                 Require OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY as
                         Basic auth.
  --count INTEGER RANGE  Stop after this many bodies.  [x>=1]
  -h, --help             Show this message and exit.
""",
    "demo": """\
Usage: otlpjson demo [OPTIONS]

  Send an example to a local receiver and draw it.

Options:
  -h, --help  Show this message and exit.
""",
    "vendor": """\
Usage: otlpjson vendor [OPTIONS] DEST

  Copy this package into your project.

  DEST is a folder such as myapp/_vendor/otlpjson; its last part is the name
  of the new package. A copy that was made before and not changed since is
  replaced.

Options:
  --core      Copy only what encodes and decodes spans; it needs attrs alone.
  --check     Copy nothing; name what was changed in the copy.
  -h, --help  Show this message and exit.
""",
}


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", HELP)
def test_help_says_what_a_command_does(commands: Commands, command: str, option: str) -> None:
    """On standard output, and nothing is done."""
    assert commands(*command.split(), option) == Ran(0, HELP[command].encode(), "")
