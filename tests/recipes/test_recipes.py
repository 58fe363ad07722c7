# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Each recipe at work, up to the end of its process: a deploy loses nothing.

Only the host that is recorded differs from the page: the stand-in for OpenRouter is on loopback.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from otlpjson.testing import LoopbackOpenRouter

from ..broken_receiver import BrokenReceiver
from ..pages import page

pytestmark = pytest.mark.process

KEY = "glc_recipe"
TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = {"traceparent": f"00-{TRACE_ID}-00f067aa0ba902b7-01"}
WAIT_S = 30.0


class Stage:
    """
    A folder with the files of recipes, OpenRouter and a receiver on loopback, and what was started.

    The receiver is busy until the program ends: what it recorded has to wait until then.
    """

    def __init__(self, folder: Path, receiver: BrokenReceiver, openrouter: LoopbackOpenRouter) -> None:
        self.folder = folder
        self.receiver = receiver
        self.started: list[subprocess.Popen[bytes]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
            "OTLPJSON_BASE_URL": receiver.base_url,
            "OTLPJSON_INSTANCE_ID": "123456",
            "OTLPJSON_API_KEY": KEY,
            "OPENAI_BASE_URL": openrouter.base_url,
            "OPENAI_API_KEY": "sk-or-recipe",
        }

    def save(self, recipe: str) -> None:
        """Writes the files of a page."""
        for block in page(f"docs/recipes/{recipe}.md").blocks:
            if block.file:
                text = block.text.replace("otlpjson.instrument()", 'otlpjson.instrument(hosts="127.0.0.1")')
                (self.folder / block.file).write_text(text, encoding="utf-8")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Starts a module of Python in the folder."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def run(self, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a program in the folder."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def end(self, process: subprocess.Popen[bytes]) -> int:
        """Ends it as a deploy does, when it has begun to wait for the receiver."""
        until = time.monotonic() + WAIT_S
        while not self.receiver.requests and time.monotonic() < until:
            time.sleep(0.01)
        self.receiver.heal()
        process.send_signal(signal.SIGTERM)
        return process.wait(WAIT_S)

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def names(self) -> list[str]:
        """The names of all spans that arrived."""
        return sorted(span["name"] for span in self.receiver.spans)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with BrokenReceiver("503", retry_after_s=2) as receiver, LoopbackOpenRouter() as openrouter:
        stage = Stage(tmp_path, receiver, openrouter)
        yield stage
        for process in stage.started:
            if process.poll() is None:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(url: str, stage: Stage) -> requests.Response:
    """One request; waits for the server to listen."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            return requests.post(url, headers=PARENT, timeout=WAIT_S)
        except requests.ConnectionError:
            if time.monotonic() > until:
                raise AssertionError(stage.log()) from None
            time.sleep(0.05)


def served(stage: Stage, url: str, process: subprocess.Popen[bytes], requests_made: int) -> None:
    """So many requests, and SIGTERM right after the last one: all of their spans arrive."""
    for _ in range(requests_made):
        assert "Hello from OpenRouter" in asked(url, stage).text, stage.log()
    stage.end(process)

    assert stage.names() == ["Ask"] * requests_made + ["LLM Generation"] * requests_made, stage.log()
    assert {span["traceId"] for span in stage.receiver.spans} == {TRACE_ID}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_fastapi(stage: Stage, workers: str) -> None:
    stage.save("fastapi")
    port = free_port()
    process = stage.start("uvicorn", "app:app", "--port", str(port), "--workers", workers)

    served(stage, f"http://127.0.0.1:{port}/ask?question=Hi", process, 6)


def test_fastapi_without_a_lifespan(stage: Stage) -> None:
    """The signal sends what waits, where a handler is installed."""
    stage.save("fastapi")
    app = stage.folder / "app.py"
    text = app.read_text("utf-8").replace("lifespan=lifespan", "")
    text = text.replace("client = Async", "broadcast.install_signal_handlers()\nclient = Async")
    app.write_text(text, encoding="utf-8")
    port = free_port()
    process = stage.start("uvicorn", "app:app", "--port", str(port))

    served(stage, f"http://127.0.0.1:{port}/ask?question=Hi", process, 6)


@pytest.mark.parametrize("preload", [[], ["--preload"]], ids=["", "preload"])
def test_gunicorn(stage: Stage, preload: list[str]) -> None:
    stage.save("gunicorn")
    # The hook is for workers of another kind.
    (stage.folder / "gunicorn.conf.py").unlink()
    port = free_port()
    process = stage.start("gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", "2", *preload)

    served(stage, f"http://127.0.0.1:{port}/", process, 6)


@pytest.mark.parametrize("preload", [[], ["--preload"]], ids=["", "preload"])
@pytest.mark.parametrize("way", ["lifespan", "hook"])
def test_gunicorn_with_workers_of_uvicorn(stage: Stage, way: str, preload: list[str]) -> None:
    stage.save("fastapi")
    if way == "hook":
        stage.save("gunicorn")
        app = stage.folder / "app.py"
        app.write_text(app.read_text("utf-8").replace("lifespan=lifespan", ""), encoding="utf-8")
    port = free_port()
    worker = ("--worker-class", "uvicorn_worker.UvicornWorker", "--workers", "2")
    process = stage.start("gunicorn", "app:app", "--bind", f"127.0.0.1:{port}", *worker, *preload)

    served(stage, f"http://127.0.0.1:{port}/ask?question=Hi", process, 6)


SEND = """
from tasks import ask
print(ask.delay("Hi", {parent!r}).get(timeout=30))
"""


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_celery(stage: Stage, pool: str) -> None:
    """With a broker in a folder."""
    stage.save("celery")
    (stage.folder / "broker").mkdir()
    (stage.folder / "celeryconfig.py").write_text(
        "broker_url = 'filesystem://'\n"
        f"result_backend = 'file://{stage.folder}/broker'\n"
        "_in = {'data_folder_in': 'broker', 'data_folder_out': 'broker', 'control_folder': 'broker'}\n"
        "broker_transport_options = _in\n",
        encoding="utf-8",
    )
    worker = stage.start("celery", "--app", "tasks", "worker", "--pool", pool, "--concurrency", "2")
    for _ in range(2):
        ran = stage.run(SEND.format(parent=PARENT["traceparent"]))
        assert ran.stdout == "Hello from OpenRouter\n", ran.stderr + stage.log()
    assert stage.end(worker) == 0

    assert stage.names() == ["Ask"] * 2 + ["LLM Generation"] * 2, stage.log()
    assert {span["traceId"] for span in stage.receiver.spans} == {TRACE_ID}


INVOKE = """
import os
import function

class Context:
    def get_remaining_time_in_millis(self):
        return 3000

print(function.handler({"question": "Hi"}, Context()))
# Frozen, and never thawed.
os._exit(0)
"""


def test_lambda(stage: Stage) -> None:
    stage.save("lambda")
    stage.receiver.heal()
    ran = stage.run(INVOKE)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert stage.names() == ["Ask", "LLM Generation"]


NOTEBOOK = """
import nbclient
import nbformat
from pathlib import Path

notebook = nbformat.v4.new_notebook()
for name in ("first_cell.py", "first_cell.py", "second_cell.py", "third_cell.py"):
    notebook.cells.append(nbformat.v4.new_code_cell(Path(name).read_text("utf-8")))
nbclient.NotebookClient(notebook, timeout=60).execute()
print("".join(output.text for cell in notebook.cells for output in cell.outputs))
"""


def test_jupyter(stage: Stage) -> None:
    stage.save("jupyter")
    stage.receiver.heal()
    ran = stage.run(NOTEBOOK)

    assert ran.stdout.startswith("Hello from OpenRouter\n"), ran.stderr
    assert "delivered=" in ran.stdout and ran.stdout.rstrip().endswith("()")
    assert stage.names() == ["LLM Generation"]


GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

url, spool = sys.argv[1], sys.argv[2] or None
target = BroadcastDestination(destination=otel_collector(f"{url}/v1/traces"))
broadcast = Broadcast([target], spool=spool)

def work(number):
    for one in range(50):
        name = f"g{number}-{one}"
        request = {"model": "a/b", "messages": [], "trace": {"generation_name": name}}
        response = {"id": f"gen-{name}", "choices": [{"message": {"content": "x"}}]}
        times = {"started_at": 1771005600000000000, "ended_at": 1771005601000000000}
        assert broadcast.record({"request": request, "response": response, **times})
        gevent.sleep(0)

gevent.joinall([gevent.spawn(work, number) for number in range(40)], raise_error=True)
assert broadcast.close()
"""


@pytest.mark.parametrize("spool", ["", "spool"])
def test_greenlets_of_gevent_lose_nothing(stage: Stage, spool: str) -> None:
    """C6: forty of them record while the server works, in memory and into a spool."""
    stage.receiver.heal()
    ran = stage.run(GREENLETS, stage.receiver.base_url, spool)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert len(stage.names()) == 2000
    assert stage.names() == sorted(f"g{number}-{one}" for number in range(40) for one in range(50))
