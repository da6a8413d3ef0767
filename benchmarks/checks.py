"""Checks, compared with the verdicts of τ-bench on recorded trajectories.

    python -m benchmarks.checks FILE… [--show 20]

The trajectories of τ-bench are results of its `run.py`: lists of `{"task_id", "reward", "info":
{"task": {"actions", "outputs"}}, "traj": [OpenAI chat messages]}`; those of its authors are in
the folder `historical_trajectories` of its repository. A file may also have one conversation per
line: `{"id", "messages", "expected_actions", "task_completed"}`.

The task's ground truth becomes checks: its state-changing actions an `end_state`, its outputs
`says`, and `ends`, since τ-bench gives no reward to a conversation that reached its limit of
steps. A trajectory passes when all of them do; agreement is the share of trajectories that pass
exactly if their reward is 1.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.core.json import fingerprint
from shared.runs.checks.effects import verb_changes
from shared.runs.checks.evaluation import evaluate_checks
from shared.sessions.conversation_payloads import record_message
from shared.sessions.transcript import AssistantSaid, ToolAnswered, ToolCalled, UserSaid
from shared.sessions.transcript_recorder import TranscriptRecorder
from shared.simulation.conversation import Called, Conversation, Entry, Said
from shared.simulation.judging.domain import Outcome

#: Words with which τ-bench's user ends the conversation, and the tool that ends it.
_STOP = "###STOP###"
_TRANSFER = "transfer_to_human_agents"
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

    def checks(self) -> list[dict[str, Any]]:
        """Return the task's ground truth as checks."""
        calls = [
            {"tool": one["name"], "arguments": one["kwargs"]}
            for one in self.actions
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
            yield Trajectory(label, task["actions"], outputs, one["traj"], one["reward"] >= 1)


@dataclass(frozen=True)
class Comparison:
    """Verdict of the checks beside that of τ-bench."""

    trajectory: Trajectory
    passed: bool
    reason: str

    @property
    def agrees(self) -> bool:
        return self.passed == self.trajectory.rewarded

    @property
    def kind(self) -> str:
        reward = "rewarded" if self.trajectory.rewarded else "not rewarded"
        return f"{reward}: {self.reason}"


def compare(trajectory: Trajectory) -> Comparison:
    """Evaluate the checks of a trajectory."""
    results = evaluate_checks(trajectory.checks(), trajectory.conversation())
    against = [one for one in results if one.outcome is not Outcome.PASSED]
    reason = f"{against[0].check['type']}: {against[0].reason}" if against else "all checks pass"
    return Comparison(trajectory, not against, reason)


def main() -> None:
    """Compare the trajectories of all files and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checks")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=10, help="disagreements to print")
    options = parser.parse_args()
    found = {
        fingerprint([one.messages, one.actions]): one
        for path in options.files
        for one in read(path)
    }
    started = time.perf_counter()
    compared = [compare(one) for one in found.values()]
    seconds = time.perf_counter() - started
    print("| domain | trajectories | rewarded | checks agree |\n|---|---|---|---|")
    for domain in ("airline", "retail", "all"):
        part = [one for one in compared if domain in ("all", one.trajectory.domain)]
        if part:
            rewarded = sum(one.trajectory.rewarded for one in part)
            agreeing = sum(one.agrees for one in part)
            share = f"{agreeing} ({agreeing / len(part):.1%})"
            print(f"| {domain} | {len(part):,} | {rewarded:,} | {share} |")
    print(f"\n{1000 * seconds / len(compared):.2f} ms a trajectory\n")
    different = [one for one in compared if not one.agrees]
    for kind, count in Counter(one.kind.split(" ", 4)[0:4].__str__() for one in different).items():
        print(count, kind)
    for one in different[: options.show]:
        print(f"- {one.trajectory.label}: {one.kind}")


if __name__ == "__main__":
    main()
