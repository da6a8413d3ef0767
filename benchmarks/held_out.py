"""Held-out conversations of public data sets, in two halves: development and test.

    python -m benchmarks.held_out OUT --tau FILE --tau2 FILE --sgd FOLDER --star FOLDER

Each data set becomes ``OUT/<name>-dev.jsonl``, for work on the rules, and
``OUT/<name>-test.jsonl``, which is only measured. A fixed seed assigns the users' tasks to the
halves: a task is in one half.
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from shared.core.json import dumps

_SEED = 20_261_122
#: Tasks sampled from a data set, by the same seed.
_SAMPLE = 240
#: First airline tasks of τ-bench: known when the rules were written.
_KNOWN_TASKS = 25
#: Scenarios of STAR without a goal.
_NO_GOAL = re.compile(r"come up with your own|follow the instructions and comments", re.I)
_CAPABILITIES = re.compile(r"\s*The AI Assistant can handle:.*", re.DOTALL)

type Line = dict[str, Any]
#: Task and conversation.
type Found = tuple[str, Line]


def main() -> None:
    """Convert the given data sets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.held_out")
    parser.add_argument("out", type=Path)
    for name, (_, help_text) in _SETS.items():
        parser.add_argument(f"--{name}", type=Path, help=help_text)
    options = parser.parse_args()
    for name, (read, _) in _SETS.items():
        source = getattr(options, name)
        if source is not None:
            _write_halves(options.out, name, read(source))


def _write_halves(out: Path, name: str, found: Iterable[Found]) -> None:
    conversations = list(found)
    tasks = sorted({task for task, _ in conversations})
    random.Random(_SEED).shuffle(tasks)
    tasks = tasks[:_SAMPLE]
    halves = {"dev": set(tasks[: len(tasks) // 2]), "test": set(tasks[len(tasks) // 2 :])}
    for half, chosen in halves.items():
        lines = [dumps(line) for task, line in conversations if task in chosen]
        (out / f"{name}-{half}.jsonl").write_text("\n".join(lines) + "\n")
        print(f"{name}-{half}: {len(lines)} conversations, {len(chosen)} tasks")


def _tau(path: Path) -> Iterator[Found]:
    """Read trajectories of τ-bench."""
    for run in json.loads(path.read_text()):
        if run["task_id"] >= _KNOWN_TASKS:
            name = f"{run['task_id']:03d}"
            messages = [message for message in run["traj"] if message["role"] != "system"]
            goal = run["info"]["task"]["instruction"]
            yield name, _line(f"tau-{name}-{run['trial']}", messages, user_goal=goal)


def _tau2(path: Path) -> Iterator[Found]:
    """Read results of τ²-bench.

    The checked actions identify the task of a run, because the task id is of another edition;
    runs that they do not identify are left out.
    """
    results = json.loads(path.read_text())
    tasks = {task["id"]: task for task in results["tasks"]}
    for run in results["simulations"]:
        checks = run["reward_info"].get("action_checks") or []
        actions = [_done(check["action"]) for check in checks]
        identifier = checks[0]["action"]["action_id"].partition("_")[0] if checks else ""
        task = tasks.get(identifier)
        if task is not None:
            expected = [_done(action) for action in task["evaluation_criteria"]["actions"]]
            if all(action in expected for action in actions):
                goal = task["user_scenario"]["instructions"]["reason_for_call"]
                messages = [_message(message) for message in run["messages"]]
                yield identifier, _line(f"tau2-{identifier:>03}", messages, user_goal=goal)


def _done(action: Line) -> Line:
    return {"name": action["name"], "arguments": action["arguments"]}


def _message(message: Line) -> Line:
    """Return a message of τ²-bench in the OpenAI form."""
    if message["role"] == "tool":
        return {"role": "tool", "tool_call_id": message["id"], "content": message["content"]}
    calls = [_call(c["id"], c["name"], c["arguments"]) for c in message["tool_calls"] or []]
    converted = {"role": message["role"], "content": _unwrapped(message["content"])}
    return converted | ({"tool_calls": calls} if calls else {})


def _unwrapped(content: str | None) -> str | None:
    """Return the text of an agent that answers with ``{"message": …}``."""
    if content and content.startswith('{"message":'):
        try:
            message: str = json.loads(content)["message"]
        except ValueError:
            return content
        return message
    return content


def _sgd(folder: Path) -> Iterator[Found]:
    """Read the dialogues of a split of Schema-Guided Dialogue."""
    for path in sorted(folder.glob("dialogues_*.json")):
        for dialogue in json.loads(path.read_text()):
            messages: list[Line] = []
            intents: dict[str, None] = {}
            for turn in dialogue["turns"]:
                for frame in turn["frames"]:
                    _add_service_call(messages, frame)
                    intents[frame.get("state", {}).get("active_intent", "NONE")] = None
                role = "user" if turn["speaker"] == "USER" else "assistant"
                messages.append({"role": role, "content": turn["utterance"]})
            goals = [intent for intent in intents if intent != "NONE"]
            name = dialogue["dialogue_id"]
            yield name, _line(f"sgd-{name}", messages, intents=goals)


def _add_service_call(messages: list[Line], frame: Line) -> None:
    called = frame.get("service_call")
    if called is not None:
        identifier = f"call_{len(messages)}"
        call = _call(identifier, called["method"], called["parameters"])
        answer = dumps(frame.get("service_results", []))
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": identifier, "content": answer})


def _star(folder: Path) -> Iterator[Found]:
    """Read the completed dialogues of STAR whose user has a goal."""
    for path in sorted(folder.glob("*.json")):
        dialogue = json.loads(path.read_text())
        goal = _CAPABILITIES.sub("", dialogue["Scenario"]["UserTask"]).strip()
        if dialogue["CompletionLevel"] == "Complete" and not _NO_GOAL.search(goal):
            messages: list[Line] = []
            for event in dialogue["Events"]:
                _add_event(messages, event)
            if any(message["role"] == "user" for message in messages):
                yield goal, _line(f"star-{path.stem}", messages, user_goal=goal)


def _add_event(messages: list[Line], event: Line) -> None:
    match event["Agent"], event["Action"]:
        case "User", "utter":
            messages.append({"role": "user", "content": event["Text"]})
        case "Wizard", "utter" | "pick_suggestion":
            messages.append({"role": "assistant", "content": event["Text"]})
        case "Wizard", "query":
            given: Line = {}
            for constraint in event["Constraints"]:
                given |= {key: str(value).strip('"') for key, value in constraint.items()}
            call = _call(f"call_{len(messages)}", event["APIName"], given)
            messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        case "KnowledgeBase", _:
            calls = messages[-1].get("tool_calls") if messages else None
            if calls:
                answer = dumps(event.get("Item"))
                converted = {"role": "tool", "tool_call_id": calls[0]["id"], "content": answer}
                messages.append(converted)
        case _:
            return


def _call(identifier: str, name: str, arguments: Any) -> Line:
    function = {"name": name, "arguments": dumps(arguments)}
    return {"id": identifier, "type": "function", "function": function}


def _line(identifier: str, messages: list[Line], **goal: Any) -> Line:
    return {"id": identifier, "messages": messages, **goal}


_SETS: dict[str, tuple[Callable[[Path], Iterator[Found]], str]] = {
    "tau": (_tau, "trajectories of τ-bench, airline (MIT)"),
    "tau2": (_tau2, "results of τ²-bench (MIT)"),
    "sgd": (_sgd, "the test split of Schema-Guided Dialogue (CC BY-SA 4.0)"),
    "star": (_star, "the dialogues of STAR (MIT)"),
}

if __name__ == "__main__":
    main()
