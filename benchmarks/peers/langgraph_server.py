"""LangGraph's development server by the number of its threads and messages of a thread.

The server is a process of the environment "langgraph-server", on 127.0.0.1, with its data in
memory. CPU is that of its process. Threads are created by requests, so their number is limited by
the time that this takes.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.conversation import answer, question
from benchmarks.processes import own_seconds
from local.environments import ensure, program
from local.rie import free_port

ENVIRONMENT = "langgraph-server"
_GRAPH = """
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph

graph = StateGraph(MessagesState)
graph.add_node("agent", lambda _: {"messages": [AIMessage(%r)]})
graph.add_edge(START, "agent")
graph.add_edge("agent", END)
graph = graph.compile()
"""
_CONFIG = '{"dependencies": ["."], "graphs": {"agent": "./graph.py:graph"}}'
#: Requests of one figure, of which the mean counts; seconds that the server may take to start.
_REQUESTS, _START_SECONDS = 5, 60
LIMIT = 50


def measure(sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield the CPU seconds of each call by size: ``kind``, ``size`` and ``seconds``."""
    ensure([ENVIRONMENT])
    with _running() as (client, pid):
        threads = 0
        for size in sizes:
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(lambda _: _post(client, "/threads", {}), range(size - threads)))
            threads = size
            thread = _post(client, "/threads", {})["thread_id"]
            messages = [
                {"role": role, "content": text(turn)}
                for turn in range(size // 2)
                for role, text in (("user", question), ("assistant", answer))
            ]
            state, runs = (f"/threads/{thread}/{one}" for one in ("state", "runs/wait"))
            _post(client, runs, _run(messages))
            following = _run([{"role": "user", "content": question(1)}])
            calls: dict[str, Callable[[], Any]] = {
                "list": partial(_post, client, "/threads/search", {"limit": LIMIT}),
                "get": partial(_get, client, state),
                "append": partial(_post, client, runs, following),
            }
            for kind, call in calls.items():
                yield {"kind": kind, "size": size, "seconds": _seconds(pid, call)}


def _seconds(pid: int, call: Callable[[], Any]) -> float:
    call()
    before = own_seconds(pid)
    for _ in range(_REQUESTS):
        call()
    return (own_seconds(pid) - before) / _REQUESTS


def _run(messages: list[dict[str, str]]) -> dict[str, Any]:
    return {"assistant_id": "agent", "input": {"messages": messages}}


def _get(client: httpx.Client, path: str) -> Any:
    return client.get(path).raise_for_status().json()


def _post(client: httpx.Client, path: str, body: Any) -> Any:
    return client.post(path, json=body).raise_for_status().json()


@contextmanager
def _running() -> Iterator[tuple[httpx.Client, int]]:
    """Run the server in a folder of its own; it is stopped at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "graph.py").write_text(_GRAPH % answer(1))
        (Path(folder) / "langgraph.json").write_text(_CONFIG)
        command = ["dev", "--no-browser", "--no-reload", "--host", "127.0.0.1", "--port", str(port)]
        silent = {"LANGSMITH_TRACING": "false", "LANGGRAPH_CLI_NO_ANALYTICS": "1"}
        with (Path(folder) / "log").open("w") as log:
            server = subprocess.Popen(
                [program(ENVIRONMENT, "langgraph"), *command],
                cwd=folder,
                env=os.environ | silent,
                stdout=log,
                stderr=log,
            )
        try:
            with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
                _await(client)
                yield client, server.pid
        finally:
            server.terminate()
            server.wait(20)


def _await(client: httpx.Client) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(client):
        if time.monotonic() > deadline:
            raise TimeoutError("the development server does not answer")
        time.sleep(0.2)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/ok").is_success
    except httpx.HTTPError:
        return False
