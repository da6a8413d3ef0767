"""Servers of the OpenAI protocol that others wrote, started from environments of their own."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.endpoint import status
from local.environments import ensure, interpreter
from local.rie import free_port
from local.settings import HOST, ROOT

#: Seconds for a server's start; LiteLLM's proxy imports for eight on a shared core.
_PATIENCE = 90
_SERVERS = ROOT / "tests/integration/servers"


@dataclass(frozen=True)
class ModelServer:
    """Running server: its base URL, and the key that it wants."""

    url: str
    key: str = ""


@contextmanager
def llama_server(folder: Path, port: int | None = None, key: str = "") -> Iterator[ModelServer]:
    """A llama.cpp server with a tiny model, which it writes to a folder."""
    port = port or free_port()
    script = _SERVERS / "tiny_llama.py"
    health = f"http://{HOST}:{port}/health"
    with _running("llama", [script, folder, port], {"MODEL_KEY": key}, health, folder):
        yield ModelServer(f"http://{HOST}:{port}/v1", key)


@contextmanager
def litellm_proxy(folder: Path) -> Iterator[ModelServer]:
    """LiteLLM's proxy with mock answers, which asks nothing of the network."""
    port, key = free_port(), f"sk-{secrets.token_hex(24)}"
    application = ["-m", "uvicorn", "litellm.proxy.proxy_server:app", "--host", HOST]
    variables = {
        "CONFIG_FILE_PATH": str(_SERVERS / "litellm.yaml"),
        "LITELLM_MASTER_KEY": key,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_LOCAL_BLOG_POSTS": "True",
        "LITELLM_TELEMETRY": "False",
    }
    health = f"http://{HOST}:{port}/health/liveliness"
    with _running("litellm", [*application, "--port", port], variables, health, folder):
        yield ModelServer(f"http://{HOST}:{port}/v1", key)


@contextmanager
def _running(
    environment: str,
    words: Sequence[str | Path | int],
    variables: Mapping[str, str],
    health: str,
    folder: Path,
) -> Iterator[None]:
    ensure([environment])
    log = folder / f"{environment}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [interpreter(environment), *map(str, words)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + _PATIENCE
        while status(health) != 200:
            assert process.poll() is None, log.read_text(errors="replace")[-3000:]
            assert time.monotonic() < deadline, log.read_text(errors="replace")[-3000:]
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
