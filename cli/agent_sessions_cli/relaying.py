"""Relay: the command line carries words between the simulated users and an agent on this machine.

As many simulations at a time as the run has lanes. A turn that was sent before changes nothing, so
an interrupted relay is taken up where it ended.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from .client import Api
from .errors import Failure, Refused
from .local_agents import AgentFailed, Answer, Conversation, LocalAgent
from .run_client import OPEN, get, path

#: Seconds between two looks at a simulation that has not begun: the first and the longest.
_PAUSE, _LONGEST = 0.3, 3.0
#: Tries of one answer of the agent, and the pause before the next one.
_TRIES, _RETRY = 3, 1.0
#: Statuses of a tool call that is the agent's mistake.
_WRONG_CALL = (400, 413, 422)


@dataclass(slots=True)
class Relay:
    """Relay of one run, in threads of its own.

    ``failure`` is the reason why it ended early, if it did.
    """

    api: Api
    run: dict[str, Any]
    agent: LocalAgent
    stopped: threading.Event = field(default_factory=threading.Event)
    failure: Failure | None = None
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        lanes = max(1, min(self.run["max_concurrency"], self.run["progress"]["total"]))
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="relay")
        for lane in range(lanes):
            self._pool.submit(self._lane, range(lane, self.run["progress"]["total"], lanes))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        place: TracebackType | None,
    ) -> None:
        self.stopped.set()
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        self.agent.close()

    def _lane(self, numbers: range) -> None:
        try:
            for number in numbers:
                if self.stopped.is_set():
                    return
                self._simulation(number)
        except Failure as failure:
            if not self.stopped.is_set():
                self.failure = self.failure or failure
        except Exception as error:
            self.failure = self.failure or Failure(f"the relay failed: {error!r}")
            raise
        finally:
            if self.failure:
                self.stopped.set()

    def _simulation(self, number: int) -> None:
        """Carry all words of one simulation."""
        state = self._begun(number)
        talk = self._conversation(number, state)
        while state.get("status") in OPEN and state.get("message") is not None:
            if self.stopped.is_set():
                return
            talk.turn = state["turn"]
            talk.messages.append({"role": "user", "content": state["message"]})
            state = self._send(number, talk.turn, **self._answer(talk))

    def _begun(self, number: int) -> dict[str, Any]:
        """Return the state of a simulation once it has begun or its run has ended."""
        pause = _PAUSE
        while True:
            state = self._send(number, 0)
            if state.get("status") != "pending":
                return state
            if self.stopped.wait(pause) or get(self.api, self.run["id"])["status"] not in OPEN:
                return {}
            pause = min(pause * 1.5, _LONGEST)

    def _send(self, number: int, turn: int, **answer: Any) -> dict[str, Any]:
        """Send the agent's words of a turn; return the state of the simulation behind it."""
        body = {"turn": turn, "message": None} | answer
        try:
            state: dict[str, Any] = self.api.json("POST", f"{self._place(number)}/turns", body=body)
        except Refused as refused:
            # A simulation that ended meanwhile takes no words; its run tells why.
            if refused.code in (404, 409) and get(self.api, self.run["id"])["status"] not in OPEN:
                return {}
            raise
        return state

    def _answer(self, talk: Conversation) -> dict[str, Any]:
        """Return the agent's answer as a turn has it; an agent that fails is asked again."""
        length = len(talk.messages)
        for attempt in range(1, _TRIES + 1):
            talk.seconds = 0.0
            try:
                answer = self.agent.answer(talk)
            except AgentFailed as error:
                del talk.messages[length:]
                if attempt == _TRIES or self.stopped.wait(_RETRY):
                    return {"error": str(error)[:500]}
            else:
                return _words(answer) | {"seconds": round(talk.seconds, 3)}
        raise AssertionError

    def _conversation(self, number: int, state: dict[str, Any]) -> Conversation:
        place = self._place(number)

        @cache
        def tools() -> list[dict[str, Any]]:
            return [_function(one) for one in self.api.json("GET", f"{place}/tools")["items"]]

        def call(tool: str, arguments: Any) -> dict[str, Any]:
            if not isinstance(arguments, dict):
                return {"error": "arguments: must be a JSON object"}
            try:
                found: dict[str, Any] = self.api.json(
                    "POST", f"{place}/tools/{quote(tool, safe='')}", body=arguments
                )
            except Refused as refused:
                if refused.code not in _WRONG_CALL:
                    raise
                return {"error": refused.message}  # for the agent, as its own tools would tell it
            return found

        return Conversation(self.run["id"], number, state.get("world") or {}, tools, call)

    def _place(self, number: int) -> str:
        return f"{path(self.run['id'])}/simulations/{number}"


def _words(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"message": answer.text}
    if answer.ended:
        found["ended"] = True
    if answer.usage:
        found["usage"] = answer.usage
    return found


def _function(tool: dict[str, Any]) -> dict[str, Any]:
    """Return a tool of the world in the form of Chat Completions."""
    function = {
        "name": tool["name"],
        "description": tool.get("description") or "",
        "parameters": tool.get("input_schema") or {"type": "object"},
    }
    return {"type": "function", "function": function}
