"""Trajectories of τ-bench: conversations, ground truth as checks, and its verdicts.

Results of its `run.py` are lists of `{"task_id", "reward", "info": {"task": {"actions",
"outputs"}}, "traj": [OpenAI chat messages]}`; those of its authors are in the folder
`historical_trajectories` of its repository. Agents of its kinds `act` and `react` write their
actions as text. A file may also have one conversation per line: `{"id", "messages",
"expected_actions", "task_completed"}`.
"""

import json
import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from shared.core.json import dumps, fingerprint
from shared.runs.checks.effects import verb_changes
from shared.sessions.conversation_payloads import record_message
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.simulation.conversation import Called, Conversation, Entry, Said

#: Words with which τ-bench's user ends the conversation, and the tool that ends it.
_STOP = "###STOP###"
_TRANSFER = "transfer_to_human_agents"
#: Beginning of a tool's answer to an agent that writes its actions as text.
_OBSERVED = "API output: "
#: Tools of one domain only.
_RETAIL = ("order", "product", "item", "_by_email", "_by_name", "user_address")


@dataclass(frozen=True)
class Trajectory:
    """Recorded conversation with the ground truth of its task and τ-bench's verdict."""

    label: str
    actions: list[dict[str, Any]]
    outputs: list[str]
    messages: list[dict[str, Any]]
    rewarded: bool

    @property
    def domain(self) -> str:
        names = [one["name"] for one in self.actions]
        names += [call["function"]["name"] for m in self.messages for call in _calls(m)]
        retail = any(word in name for name in names for word in _RETAIL)
        return "retail" if retail else "airline"

    def checks(self, tools_of: "Tools | None" = None) -> list[dict[str, Any]]:
        """Return the task's ground truth as checks."""
        actions = tools_of.accepted(self.domain, self.actions) if tools_of else self.actions
        calls = [
            {"tool": one["name"], "arguments": one["kwargs"]}
            for one in actions
            if verb_changes(one["name"]) and one["name"] != _TRANSFER
        ]
        tools = {call["function"]["name"] for m in self.messages for call in _calls(m)}
        changing = {name for name in tools if verb_changes(name)} - {_TRANSFER}
        return [
            {"type": "end_state", "calls": calls, "tools": sorted(changing)},
            *({"type": "says", "text": text} for text in self.outputs),
            {"type": "ends"},
        ]

    def conversation(self) -> Conversation:
        """Return the conversation, with the number of each entry as its sequence."""
        recorder = TranscriptRecorder()
        for message in self.messages:
            record_message(recorder, message)
        answers = {e.call: e for e in recorder.entries if isinstance(e, ToolAnswered)}
        entries: list[Entry] = []
        for number, entry in enumerate(recorder.entries, 1):
            if isinstance(entry, UserSaid):
                entries.append(Said("user", entry.text, number))
            elif isinstance(entry, AssistantSaid):
                entries.append(Said("agent", entry.text, number))
            elif isinstance(entry, ToolCalled):
                answer = answers.get(entry.call)
                output, error = (answer.output, answer.error) if answer else (None, None)
                entries.append(Called(entry.tool, entry.arguments, output, error, number))
        return Conversation(entries=tuple(entries), end_reason=self._end(entries))

    def _end(self, entries: list[Entry]) -> str | None:
        said = [one for one in entries if isinstance(one, Said)]
        called = [one.tool for one in entries if isinstance(one, Called)]
        if said and said[-1].role == "user" and _STOP in said[-1].text:
            return "STOPPED"
        return "HANDOFF" if _TRANSFER in called else None


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    return message.get("tool_calls") or []


def read(path: Path) -> Iterator[Trajectory]:
    """Read the trajectories of a file; those without a conversation are left out."""
    text = path.read_text()
    if path.suffix == ".jsonl":
        for line in text.splitlines():
            one = json.loads(line)
            if "expected_actions" in one:
                actions, messages = one["expected_actions"], one["messages"]
                yield Trajectory(one["id"], actions, [], messages, bool(one["task_completed"]))
        return
    for one in json.loads(text):
        task = (one.get("info") or {}).get("task")
        if task and one["traj"]:
            label = f"{path.name} task {one['task_id']} trial {one.get('trial', 0)}"
            outputs = task.get("outputs", [])
            messages = list(_with_tool_calls(one["traj"]))
            yield Trajectory(label, task["actions"], outputs, messages, one["reward"] >= 1)


def _with_tool_calls(messages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the messages of an agent that writes its actions as text, in the form of calls."""
    call = None
    for number, message in enumerate(messages):
        content = message.get("content") or ""
        if call and content.startswith(_OBSERVED):
            yield {"role": "tool", "tool_call_id": call, "content": content[len(_OBSERVED) :]}
            call = None
        elif message["role"] == "assistant" and (action := _action(content)):
            if action["name"] == "respond":
                yield {"role": "assistant", "content": action["arguments"]["content"]}
                continue
            call = f"call_{number}"
            function = {"name": action["name"], "arguments": dumps(action["arguments"])}
            calls = [{"id": call, "type": "function", "function": function}]
            yield {"role": "assistant", "content": None, "tool_calls": calls}
        else:
            yield message


def _action(content: str) -> dict[str, Any] | None:
    """Return the action of a text: what stands after the last `Action:`."""
    before, _, action = content.rpartition("Action:")
    try:
        parsed = json.loads(action)
    except json.JSONDecodeError:
        return {"name": "respond", "arguments": {"content": action}} if before else None
    return parsed if isinstance(parsed, dict) and {"name", "arguments"} <= parsed.keys() else None


class Tools:
    """Tools of a checkout of τ-bench, on its databases."""

    def __init__(self, checkout: Path) -> None:
        self._checkout = checkout
        self._accepted: dict[str, list[dict[str, Any]]] = {}

    def accepted(self, domain: str, actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the actions that the tools do not refuse, one after the other."""
        key = fingerprint(actions)
        if key not in self._accepted:
            tools, stored = self._load(domain)
            data = pickle.loads(stored)  # written by this process
            self._accepted[key] = [
                one for one in actions if one["name"] in tools and _accepts(tools, data, one)
            ]
        return self._accepted[key]

    @cache  # noqa: B019  # one object a process
    def _load(self, domain: str) -> tuple[dict[str, Any], bytes]:
        """Import the tools and read the databases, without the packages' own imports."""
        for name in ("tau_bench", "tau_bench.envs", f"tau_bench.envs.{domain}"):
            package = ModuleType(name)
            package.__path__ = [str(self._checkout / name.replace(".", "/"))]
            sys.modules[name] = package
        found = import_module(f"tau_bench.envs.{domain}.tools").ALL_TOOLS
        data = import_module(f"tau_bench.envs.{domain}.data").load_data()
        tools = {tool.get_info()["function"]["name"]: tool for tool in found}
        return tools, pickle.dumps(data)


def _accepts(tools: dict[str, Any], data: dict[str, Any], action: dict[str, Any]) -> bool:
    try:
        answer = tools[action["name"]].invoke(data=data, **action["kwargs"])
    except Exception:  # τ-bench answers with any exception as an error
        return False
    return not answer.startswith("Error")
