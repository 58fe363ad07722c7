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

  Destination: the first match wins.

    1. OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY, or those
       of another kind of destination
    2. the file that OTLPJSON_CONFIG names
    3. the file in the platform's configuration folder, see "configure"
    4. OpenTelemetry's variables, OTEL_EXPORTER_OTLP_*

Options:
  --version        Show the version and exit.
  -q, --quiet      Print errors and data alone.
  -v, --verbose    Print each request and other details.
  --env-file FILE  Set the variables in this file, as in a .env file, unless
                   they are set.
  -h, --help       Show this message and exit.

Commands:
  backfill         Turn many logged requests into files of spans, which...
  check            Find errors and oddities in OTLP/JSON bodies.
  configure        Save a destination, after a test of it.
  convert          Turn a log of another program into records, one per line.
  demo             Send an example to a local receiver and draw it.
  diff             Compare two files of traces by meaning.
  disable          Stop sending to a saved destination, but keep it.
  enable           Send to a saved destination again.
  encode           Turn records into OTLP/JSON bodies, one per line.
  export           Print saved destinations as JSON, without secrets.
  formats          List the formats of logs that can be converted.
  import           Save the destinations of a file that "export" wrote.
  post             Deliver ready OTLP/JSON bodies unchanged.
  receive          Receive deliveries and write each body as one line.
  remove           Delete a saved destination.
  rename           Give a saved destination another name.
  rule             Explain the rules that findings cite.
  send             Turn records into spans and deliver them.
  send-trace       Send and draw a sample trace; print a query for it.
  set              Change settings of a saved destination.
  show             Draw the traces of OTLP/JSON bodies as waterfalls.
  spool            Show and change what waits in the spool.
  status           Show the active destinations and their origin.
  test-connection  Send one test span and explain the answer.
  vendor           Copy this package into your project.
  view             Show traces on a local page, as they come.
""",
    "spool": """\
Usage: otlpjson spool [OPTIONS] COMMAND [ARGS]...

  Show and change what waits in the spool.

  A spool is a folder in which entries wait on the disk until a server has
  them, so that the end of a process loses none of them. "spool on" turns it
  on for all destinations.

Options:
  -h, --help  Show this message and exit.

Commands:
  drop    Delete what a server refused, or what is parked, for good.
  list    List the entries, their states and reasons; no content.
  off     Keep what is recorded in memory; what is in the spool stays there.
  on      Keep what is recorded in FOLDER until it is delivered.
  retry   Send what was refused once more, and what is pending, now.
  show    Draw the spans of an entry; with --json, print its body.
  status  Count by destination what waits and what was sent.
""",
    "configure": """\
Usage: otlpjson configure [OPTIONS] [NAME]

  Save a destination, after a test of it.

  NAME is "default" unless given. What no option and no variable says is asked
  for; without a terminal, it must be said. OTLPJSON_BASE_URL,
  OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY count for grafana_cloud. Nothing
  is saved unless the test passes. "set" changes a saved destination, and has
  the settings that have no option here.

Options:
  --kind [grafana_cloud|otel_collector|webhook|folder|local]
                                  The kind of destination, which decides what
                                  is asked for.  [default: grafana_cloud]
  --base-url URL                  grafana_cloud: the OTLP endpoint.
  --instance-id DIGITS            grafana_cloud: the number of the stack.
  --api-key-from-env VARIABLE     grafana_cloud: read the key from it.
  --api-key-file FILE             grafana_cloud: save the key in this file; -
                                  is standard input.
  --endpoint URL                  otel_collector: the whole URL.
  --url URL                       webhook: the whole URL.
  --method METHOD                 webhook: POST or PUT.
  --path FOLDER                   folder: where files are written.
  --template TEMPLATE             folder: the path of each file in it.
  --header-from-env NAME=VARIABLE
                                  A header whose value is read from a variable
                                  when sending; repeatable.
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
  --no-test                       Save it without a connection test.
  -h, --help                      Show this message and exit.
""",
    "check": """\
Usage: otlpjson check [OPTIONS] [FILE]

  Find errors and oddities in OTLP/JSON bodies.

  FILE has one body per line, or is a single indented body; "-" is standard
  input. Each finding is one line with its place, its severity and its rule;
  `otlpjson rule ID` explains a rule. The exit code is 1 if there are errors;
  warnings and notes do not change it.

Options:
  --json      Print each finding as a JSON object, one per line.
  -h, --help  Show this message and exit.
""",
    "rule": """\
Usage: otlpjson rule [OPTIONS] [ID]...

  Explain the rules that findings cite.

  ID is the id at the end of a finding, such as DEC-2. The text of the rule is
  printed with the source that it rests on. Without ID, all rules are listed.

Options:
  -h, --help  Show this message and exit.
""",
    "status": """\
Usage: otlpjson status [OPTIONS]

  Show the active destinations and their origin.

  The origin is where a destination is configured. Of an instance ID only the
  last four characters are shown, and nothing of a key.

Options:
  --json      Print all settings as JSON.
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

  Send one test span and explain the answer.

  If the span is not accepted, the explanation says what to change. Without
  NAME, every enabled destination is tested.

Options:
  --allow-plain-http  Send the API key to another host over plain http.
  -h, --help          Show this message and exit.
""",
    "send-trace": """\
Usage: otlpjson send-trace [OPTIONS] [NAME]

  Send and draw a sample trace; print a query for it.

  Without NAME, it is sent to every enabled destination.

Options:
  --allow-plain-http  Send the API key to another host over plain http.
  -h, --help          Show this message and exit.
""",
    "send": """\
Usage: otlpjson send [OPTIONS] [FILE]...

  Turn records into spans and deliver them.

  FILE has one JSON object per LLM request, with its request and its response,
  also compressed with gzip or Zstandard; other logs need --format. A pattern
  such as "logs/*.jsonl" gives several files; "-", or no FILE, is standard
  input.

Options:
  --to NAME                       A destination, repeatable; by default all
                                  enabled ones.
  --max-wait SECONDS              Give up if the server has not accepted a
                                  body after this time.  [default: 60.0; x>=0]
  --requests N                    Keep up to N requests in flight.  [default:
                                  1; 1<=x<=64]
  --rate RATE                     Send at most so much, before compression,
                                  such as 500kB/s; with --dry-run, plan for
                                  it.
  --quarantine FILE               Append undelivered spans to this file, as
                                  bodies that `otlpjson post` can send again.
  --checkpoint FILE               Write down what is settled; the same command
                                  goes on from there, whatever ended it.
  --dry-run                       Send nothing; print what would be sent, and
                                  how large it is.
  --allow-plain-http              Send the API key to another host over plain
                                  http.
  --format [auto|records|openrouter-activity|litellm|langfuse]
                                  The format of the rows; auto: it is
                                  recognised by the columns of each file.
                                  [default: records]
  --privacy-mode                  Leave out prompts, completions and error
                                  messages.
  --hierarchy [documented|observed]
                                  documented (default): the spans of
                                  OpenRouter's Grafana guide; observed: those
                                  that it really sends.
  --integers [text|number]        text (default): integer attributes as
                                  strings, as OTLP specifies; number: as
                                  numbers, as OpenRouter sends them.
  --max-attribute-bytes N         Cut longer values between two characters;
                                  Tempo keeps 2048 bytes.  [x>=64]
  --workers N                     Map records in N processes; the order stays
                                  the same.  [default: 1; 1<=x<=256]
  -h, --help                      Show this message and exit.
""",
    "post": """\
Usage: otlpjson post [OPTIONS] [FILE]...

  Deliver ready OTLP/JSON bodies unchanged.

  FILE has one body per line, also compressed with gzip or Zstandard, or is a
  single indented body. A pattern such as "out/*.jsonl.gz" gives several
  files; "-", or no FILE, is standard input.

Options:
  --to NAME           A destination, repeatable; by default all enabled ones.
  --max-wait SECONDS  Give up if the server has not accepted a body after this
                      time.  [default: 60.0; x>=0]
  --requests N        Keep up to N requests in flight.  [default: 1; 1<=x<=64]
  --rate RATE         Send at most so much, before compression, such as
                      500kB/s; with --dry-run, plan for it.
  --quarantine FILE   Append undelivered spans to this file, as bodies that
                      `otlpjson post` can send again.
  --checkpoint FILE   Write down what is settled; the same command goes on
                      from there, whatever ended it.
  --dry-run           Send nothing; print what would be sent, and how large it
                      is.
  --allow-plain-http  Send the API key to another host over plain http.
  -h, --help          Show this message and exit.
""",
    "encode": """\
Usage: otlpjson encode [OPTIONS] [FILE]...

  Turn records into OTLP/JSON bodies, one per line.

  FILE has one JSON object per LLM request, with its request and its response,
  also compressed with gzip or Zstandard; other logs need --format. A pattern
  such as "logs/*.jsonl" gives several files; "-", or no FILE, is standard
  input. Records that cannot be used are reported on standard error.

Options:
  --format [auto|records|openrouter-activity|litellm|langfuse]
                                  The format of the rows; auto: it is
                                  recognised by the columns of each file.
                                  [default: records]
  --privacy-mode                  Leave out prompts, completions and error
                                  messages.
  --hierarchy [documented|observed]
                                  documented (default): the spans of
                                  OpenRouter's Grafana guide; observed: those
                                  that it really sends.
  --integers [text|number]        text (default): integer attributes as
                                  strings, as OTLP specifies; number: as
                                  numbers, as OpenRouter sends them.
  --max-attribute-bytes N         Cut longer values between two characters;
                                  Tempo keeps 2048 bytes.  [x>=64]
  --workers N                     Map records in N processes; the order stays
                                  the same.  [default: 1; 1<=x<=256]
  -h, --help                      Show this message and exit.
""",
    "diff": """\
Usage: otlpjson diff [OPTIONS] A B

  Compare two files of traces by meaning.

  A and B hold OTLP/JSON bodies, or answers of Tempo or Jaeger; one of them
  may be "-", standard input. Spans are matched by id; the order of spans,
  groups and attributes does not matter. Exit code 0: no differences; 1:
  differences; 2: a file cannot be read.

Options:
  -h, --help  Show this message and exit.
""",
    "show": """\
Usage: otlpjson show [OPTIONS] [FILE]

  Draw the traces of OTLP/JSON bodies as waterfalls.

  FILE has one body per line, or is a single indented body; "-" is standard
  input. Answers of Tempo and of Jaeger's API v3 are accepted as well. Spans
  of the same trace are drawn together, even if they are in several bodies.
  The conditions are those of `otlpjson view`.

  Input that a strict reader would refuse is read as far as possible and
  reported on standard error; the exit code is then 1.

Options:
  -a, --attributes   Also print attributes, events and links.
  --full             Do not shorten texts to the width of the terminal.
  --follow           Go on as the file grows; draw each trace when its root is
                     there.
  --trace ID         Only this trace; its first digits suffice.
  --where CONDITION  Such as "model ~ gpt and cost > 0.01".
  --limit N          At most N traces.  [x>=1]
  --json             Print one JSON object per trace.
  --width N          Draw this many columns wide; by default COLUMNS, or as
                     wide as the terminal.  [20<=x<=10000]
  -h, --help         Show this message and exit.
""",
    "receive": """\
Usage: otlpjson receive [OPTIONS]

  Receive deliveries and write each body as one line.

  It answers like an OpenTelemetry Collector. The lines go to standard output;
  a terminal gets each trace drawn when its root arrives. Ctrl-C stops it.

Options:
  --host TEXT            The address to listen on.  [default: 127.0.0.1]
  --port INTEGER RANGE   0 picks a free one.  [default: 4318; 0<=x<=65535]
  --auth                 Require OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY as
                         Basic auth.
  --count INTEGER RANGE  Stop after this many bodies.  [x>=1]
  --raw                  Write bodies also to a terminal.
  --width N              Draw this many columns wide; by default COLUMNS, or
                         as wide as the terminal.  [20<=x<=10000]
  -h, --help             Show this message and exit.
""",
    "demo": """\
Usage: otlpjson demo [OPTIONS]

  Send an example to a local receiver and draw it.

Options:
  --body      Print the received body, and nothing else.
  -h, --help  Show this message and exit.
""",
    "vendor": """\
Usage: otlpjson vendor [OPTIONS] DEST

  Copy this package into your project.

  DEST is a folder such as myapp/_vendor/otlpjson; its last part becomes the
  name of the package. An earlier copy is replaced, unless its files were
  changed.

Options:
  --core      Copy only the encoder and decoder, which depend on attrs alone.
  --check     Copy nothing; list what was changed in an existing copy.
  -h, --help  Show this message and exit.
""",
    "set": """\
Usage: otlpjson set [OPTIONS] NAME KEY=VALUE...

  Change settings of a saved destination.

  KEY is one of those in the saved file, such as sampling_rate, privacy_mode,
  mask, excluded_api_keys or filter_rules. Lists are separated by commas,
  resource attributes are name=value pairs, and rules are JSON. KEY= removes a
  setting. KEY=env:VARIABLE reads an argument, such as api_key or
  headers.Authorization, from a variable when sending; a secret itself is no
  argument of a command.

Options:
  -h, --help  Show this message and exit.
""",
    "rename": """\
Usage: otlpjson rename [OPTIONS] OLD NEW

  Give a saved destination another name.

  What waits in a spool for the old name is parked there, see "spool list".

Options:
  -h, --help  Show this message and exit.
""",
    "export": """\
Usage: otlpjson export [OPTIONS] [NAME]...

  Print saved destinations as JSON, without secrets.

  In place of each key, instance ID and header there is a reference to a
  variable, such as {"env": "DEFAULT_API_KEY"}. "import" reads it; the
  variables have to be set where it is used.

Options:
  -h, --help  Show this message and exit.
""",
    "import": """\
Usage: otlpjson import [OPTIONS] [FILE]

  Save the destinations of a file that "export" wrote.

  All are saved or, if one of them cannot be used or has the name of a saved
  one, none.

Options:
  --replace   Replace saved destinations of the same names.
  -h, --help  Show this message and exit.
""",
    "convert": """\
Usage: otlpjson convert [OPTIONS] [FILE]

  Turn a log of another program into records, one per line.

  FILE is JSON Lines, a JSON array, CSV or Parquet, also compressed; "-" is
  standard input. "formats" lists what is known. "send" and "encode" read the
  records.

Options:
  --from [records|openrouter-activity|litellm|langfuse]
                                  The format of the file; by default it is
                                  recognised by its columns.
  --to [records]                  What to write.  [default: records]
  -h, --help                      Show this message and exit.
""",
    "formats": """\
Usage: otlpjson formats [OPTIONS]

  List the formats of logs that can be converted.

Options:
  -h, --help  Show this message and exit.
""",
    "backfill": """\
Usage: otlpjson backfill [OPTIONS] FILE...

  Turn many logged requests into files of spans, which "post" delivers and
  DuckDB reads.

  FILE is JSON Lines, CSV, a JSON array or Parquet, or a pattern such as
  "logs/*.jsonl.gz"; "formats" lists what is known. Each part of a file
  becomes one file. A run that was interrupted goes on where it was when it is
  started again.

Options:
  --out DIRECTORY                 The folder to write to; what is there
                                  already is not done again.  [required]
  --format [auto|records|openrouter-activity|litellm|langfuse]
                                  The format of the rows; auto: it is
                                  recognised by the columns of each file.
                                  [default: auto]
  --output [otlp-json|parquet]    otlp-json: bodies, one per line, as the
                                  Collector writes them; parquet: one row per
                                  span.  [default: otlp-json]
  --compression [none|gzip|zstd]  Of the lines of otlp-json.  [default: none]
  --like NAME                     Write what this saved destination would be
                                  sent: its form, masks, rules and sampling.
  --privacy-mode                  Leave out prompts, completions and error
                                  messages.
  --hierarchy [documented|observed]
                                  documented (default): the spans of
                                  OpenRouter's Grafana guide; observed: those
                                  that it really sends.
  --integers [text|number]        text (default): integer attributes as
                                  strings, as OTLP specifies; number: as
                                  numbers, as OpenRouter sends them.
  --max-attribute-bytes N         Cut longer values between two characters;
                                  Tempo keeps 2048 bytes.  [x>=64]
  --workers N                     Map records in N processes; the order stays
                                  the same.  [default: 1; 1<=x<=256]
  --engine [local|dask]           What runs the parts: processes of this
                                  machine, or a Dask cluster.  [default:
                                  local]
  --scheduler ADDRESS             A running Dask cluster, such as
                                  tcp://10.0.0.1:8786; by default one is
                                  started here.
  --shard-mb N                    The size of the parts of JSON Lines, in
                                  megabytes.  [default: 16.0;
                                  0.001024<=x<=100000]
  -h, --help                      Show this message and exit.
""",
    "view": """\
Usage: otlpjson view [OPTIONS] [FILE]...

  Show traces on a local page, as they come.

  Programs with a destination of the kind "local", or with
  instrument(view=True), send to it. FILE has bodies, answers of Tempo or
  Jaeger, or logged requests, also compressed. The address has a token: who
  knows it can read everything. Ctrl-C ends it.

Options:
  --port INTEGER RANGE  0 picks a free one.  [default: 4319; 0<=x<=65535]
  --keep DB             Keep the traces in this database; without it they end
                        with the viewer.
  --max-size SIZE       Delete the oldest traces when the database is larger.
                        [default: 4GB]
  --max-age DAYS        Delete older traces.  [default: 30.0; x>0]
  --open                Open the page in the browser.
  --demo                Show examples.
  -h, --help            Show this message and exit.
""",
}


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", HELP)
def test_help_says_what_a_command_does(commands: Commands, command: str, option: str) -> None:
    """On standard output, and nothing is done."""
    assert commands(*command.split(), option) == Ran(0, HELP[command].encode(), "")
