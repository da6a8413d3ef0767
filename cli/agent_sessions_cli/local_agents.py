"""Agents on this machine or in its network, which the command line calls in a run.

``openai`` is Chat Completions with the whole conversation: tool calls are answered from the
scenario's world. ``http`` is plain JSON, documented in docs/testing-agents.md.
"""

import ipaddress
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from .errors import Failure, Status

#: Environment variable with the key of the agent, sent as a bearer token.
KEY = "AGENT_SESSIONS_TARGET_KEY"
#: Seconds of an answer, its bytes, and its rounds of tool calls, at most.
_TIMEOUT = httpx.Timeout(300, connect=10)
_MAX_BYTES = 2_000_000
_MAX_ROUNDS = 10


class Protocol(StrEnum):
    """Protocol of an agent's server."""

    OPENAI = "openai"
    HTTP = "http"


class AgentFailed(Exception):
    """The agent gave no usable answer; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Words of the agent; ``usage`` has its tokens as it reports them."""

    text: str
    ended: bool = False
    usage: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Conversation:
    """One simulated conversation, as its agent sees it.

    ``world`` names the addresses of its tools; ``tools`` lists them, ``call`` runs one.
    ``messages`` are those of Chat Completions; ``seconds`` sums the agent's answer times.
    """

    run: str
    number: int
    world: dict[str, str]
    tools: Callable[[], list[dict[str, Any]]]
    call: Callable[[str, Any], dict[str, Any]]
    turn: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


def is_local(url: str) -> bool:
    """Return whether only this machine or its network reaches a URL."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


def checked_url(text: str) -> str:
    """Return the URL of an agent without a slash at its end. Raises ``Failure`` for any other."""
    try:
        parts = urlsplit(text.strip())
        is_url = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        )
    except ValueError:
        is_url = False
    if not is_url:
        raise Failure(f"--target: must be a URL such as http://127.0.0.1:8000/v1, not {text}",
                      Status.USAGE)  # fmt: skip
    return text.strip().rstrip("/")


def new_http() -> httpx.Client:
    """Return the HTTP client of the agent: the key of the API is never sent to it."""
    key = os.environ.get(KEY)
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(timeout=_TIMEOUT, headers=headers, follow_redirects=False)


class LocalAgent:
    """An agent at a URL."""

    def __init__(self, url: str, protocol: Protocol, model: str) -> None:
        self._url = url
        self._protocol = protocol
        self._model = model
        self._http = new_http()

    def close(self) -> None:
        self._http.close()

    def answer(self, conversation: Conversation) -> Answer:
        """Return the agent's answer to the last message. Raises ``AgentFailed``."""
        if self._protocol is Protocol.HTTP:
            return self._plain(conversation)
        return self._completion(conversation)

    def _plain(self, conversation: Conversation) -> Answer:
        body = {
            "run_id": conversation.run,
            "simulation": conversation.number,
            "turn": conversation.turn,
            "message": conversation.messages[-1]["content"],
            "messages": conversation.messages,
            "world": conversation.world,
        }
        found = self._post(self._url, conversation, body)
        text = found.get("message")
        if not isinstance(text, str):
            raise AgentFailed("message: must be a text")
        conversation.messages.append({"role": "assistant", "content": text})
        return Answer(text, found.get("ended") is True, _usage(found.get("usage")))

    def _completion(self, conversation: Conversation) -> Answer:
        usage: dict[str, int] = {}
        for _ in range(_MAX_ROUNDS + 1):
            body: dict[str, Any] = {"model": self._model, "messages": conversation.messages}
            if tools := conversation.tools():
                body["tools"] = tools
            found = self._post(f"{self._url}/chat/completions", conversation, body)
            for name, value in _usage(found.get("usage")).items():
                usage[name] = usage.get(name, 0) + value
            message = _message(found)
            conversation.messages.append(message)
            if not message.get("tool_calls"):
                return Answer(str(message.get("content") or ""), usage=usage)
            for call in message["tool_calls"]:
                conversation.messages.append(_called(conversation, call))
        raise AgentFailed(f"called tools in more than {_MAX_ROUNDS} rounds")

    def _post(self, url: str, conversation: Conversation, body: dict[str, Any]) -> dict[str, Any]:
        headers = {
            "x-agent-sessions-run": conversation.run,
            "x-agent-sessions-simulation": str(conversation.number),
            **{f"x-agent-sessions-{name.replace('_', '-')}": url
               for name, url in conversation.world.items()},
        }  # fmt: skip
        began = time.monotonic()
        try:
            with self._http.stream("POST", url, json=body, headers=headers) as answer:
                content = bytearray()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > _MAX_BYTES:
                        raise AgentFailed(f"the answer exceeds {_MAX_BYTES // 1_000_000} MB")
                if answer.status_code != 200:
                    raise AgentFailed(f"HTTP {answer.status_code}: {_start(content)}")
        except httpx.HTTPError as error:
            raise AgentFailed(_reason(error)) from error
        finally:
            conversation.seconds += time.monotonic() - began
        try:
            found = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise AgentFailed(f"not JSON: {_start(content)}") from error
        if not isinstance(found, dict):
            raise AgentFailed("the answer must be a JSON object")
        return found


def _message(found: dict[str, Any]) -> dict[str, Any]:
    """Return the message of a completion. Raises ``AgentFailed``."""
    match found:
        case {"choices": [{"message": {} as message}, *_]} if _is_message(message):
            kept = ("content", "tool_calls")
            return {"role": "assistant", **{name: message.get(name) for name in kept
                                            if name in message}}  # fmt: skip
    raise AgentFailed("choices[0].message: must be an assistant's message")


def _is_message(message: dict[str, Any]) -> bool:
    calls = message.get("tool_calls") or []
    return isinstance(message.get("content"), str | None) and isinstance(calls, list) and all(
        isinstance(one, dict) and isinstance(one.get("function"), dict)
        and isinstance(one["function"].get("name"), str) for one in calls
    )  # fmt: skip


def _called(conversation: Conversation, call: dict[str, Any]) -> dict[str, Any]:
    """Return the message with the world's answer to a tool call."""
    function = call["function"]
    try:
        arguments = json.loads(function.get("arguments") or "{}")
    except (TypeError, ValueError, RecursionError):
        arguments = function.get("arguments")
    found = conversation.call(function["name"], arguments)
    error = found.get("error")
    content = error if error is not None else found.get("output")
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return {"role": "tool", "tool_call_id": call.get("id"), "content": text}


def _usage(value: object) -> dict[str, int]:
    """Return the tokens of a usage by the names of runs."""
    if not isinstance(value, dict):
        return {}
    names = (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens"))
    found = {own: value.get(own, value.get(other)) for own, other in names}
    return {name: tokens for name, tokens in found.items() if type(tokens) is int and tokens >= 0}


def _start(content: bytes | bytearray) -> str:
    return " ".join(bytes(content[:200]).decode(errors="replace").split())


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return str(error).rpartition("] ")[2] or type(error).__name__
