"""Cold start, duration and peak memory of the drafting functions.

    python -m benchmarks.drafting_functions [--starts 5] [--calls 20]

The built functions run under the Lambda Runtime Interface Emulator, which reports INIT, with a
local stack. Each is started several times; a start is followed by a first call and by warm ones.
One of the sessions has 20 MB. Seconds of CPU leave out the waiting for the stack, and other load on
the machine; the functions use one core, which is what Lambda gives them. Figures are medians.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.cases import call
from benchmarks.packages import Package
from benchmarks.processes import peak_megabytes, processor_seconds
from local.console import step
from shared.core.ids import ApiKeyId, OrganizationId
from tests.support.gateway import Gateway
from tests.support.running_stack import RunningStack, running_stack
from tests.support.template import built

_LARGE = 20_000_000
_SENTENCES = (
    "Hi, I am {first} {last} and my order {n} has not arrived at {n} Horton Pine Road yet.",
    "You can call me on 427-202-{n:04d} in the afternoon or write to {first}.{last}@example.com.",
    "Please send the replacement to my neighbor instead, nobody is at home until Friday the {n}th.",
    "The blender number {n} makes a noise like a small airplane, and its lid does not close.",
)
_FIRST = ("Bronwyn", "Tomasz", "Ingrid", "Rahul", "Chiara", "Mehmet", "Aoife", "Hiroshi")
_LAST = ("Szabo", "Okafor", "Lindqvist", "Ferreira", "Novak", "Marchetti", "Haddad")


@dataclass(frozen=True, slots=True)
class Start:
    """One start and its calls: seconds, and the peak memory.

    ``cold`` is the first call with INIT. ``first`` and ``warm`` are CPU seconds, the former with
    INIT, the latter those of the fastest further call.
    """

    init: float
    cold: float
    first: float
    warm: float
    megabytes: float


def main() -> None:
    """Measure both functions and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drafting_functions")
    parser.add_argument("--starts", type=int, default=5, help="starts of each function")
    parser.add_argument("--calls", type=int, default=20, help="warm calls after each start")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "stack") as stack:
        agent = call(stack, "POST", "/v1/agents", {"name": "Ada", "system_prompt": "You help."})
        with step("Importing a short session and one of 20 MB"):
            short, large = _import(stack, Path(folder), [_messages(1_000), _messages(_LARGE)])
        brief = {"brief": _text(1), "agent_id": agent["id"]}
        print(f"{'':28}{'INIT':>8}{'cold':>8}{'its CPU':>9}{'warm CPU':>10}{'peak MB':>9}")
        for name, module, body, calls in (
            ("draft", "draft", brief, options.calls),
            ("draft-from-session", "draft_from_session", {"session_id": short}, options.calls),
            ("the same, session of 20 MB", "draft_from_session", {"session_id": large}, 1),
        ):
            handler = f"scenarios.{module}.handler"
            code, layers = built(handler)
            package = Package(code, handler, layers)
            event = _event(stack, module.replace("_", "-"), body)
            log = Path(folder) / "log"
            starts = [_start(package, stack, log, event, calls) for _ in range(options.starts)]
            print(_row(name, starts), flush=True)


def _start(package: Package, stack: RunningStack, log: Path, event: Any, calls: int) -> Start:
    with package.run(stack, log) as function:
        used = [0.0]  # the emulator starts the function at the first call
        wall = time.perf_counter()
        for _ in range(calls + 1):
            answer = function.invoke(event)
            if answer.get("statusCode") != 200:
                raise SystemExit(f"{answer}\n{function.log()[-2000:]}")
            if len(used) == 1:
                wall = time.perf_counter() - wall
            used.append(processor_seconds(function.pid))
        _, first, *warm = (after - before for before, after in pairwise([0.0, *used]))
        init = function.init_milliseconds() / 1000
        return Start(init, wall, first, min(warm), peak_megabytes(function.pid))


def _row(name: str, starts: list[Start]) -> str:
    init, cold, first, warm, peak = (
        statistics.median(getattr(one, field.name) for one in starts) for field in fields(Start)
    )
    return f"{name:28}{init:>8.2f}{cold:>8.2f}{first:>9.2f}{warm:>10.3f}{peak:>9.0f}"


def _event(stack: RunningStack, operation: str, body: dict[str, Any]) -> dict[str, Any]:
    gateway = Gateway(OrganizationId.parse(stack.organization_id), ApiKeyId.new())
    path = f"/v1/scenarios/{operation}"
    return gateway.event("POST", path, path, {}, "", json.dumps(body), None)


def _text(n: int) -> str:
    first, last = _FIRST[n % len(_FIRST)], _LAST[n % len(_LAST)]
    return " ".join(one.format(first=first, last=last, n=1000 + n % 9000) for one in _SENTENCES)


def _messages(size: int) -> list[dict[str, Any]]:
    """Return a conversation of about this many bytes: a question, a tool's answer, an answer."""
    messages: list[dict[str, Any]] = []
    written = number = 0
    while written < size:
        number += 1
        arguments = json.dumps({"order_id": f"O-{number}"})
        function = {"name": "get_order", "arguments": arguments}
        tool_call = {"id": f"call-{number}", "type": "function", "function": function}
        order = {"order_id": f"O-{number}", "note": _text(number + 3), "items": list(range(20))}
        exchange: list[dict[str, Any]] = [
            {"role": "user", "content": _text(number)},
            {"role": "assistant", "content": None, "tool_calls": [tool_call]},
            {"role": "tool", "tool_call_id": f"call-{number}", "content": json.dumps(order)},
            {"role": "assistant", "content": f"Thank you. {_text(number + 5)}"},
        ]
        messages += exchange
        written += len(json.dumps(exchange))
    return messages


def _import(stack: RunningStack, folder: Path, conversations: list[Any]) -> list[str]:
    """Import conversations as `make import` does; return the ids of their sessions."""
    file = folder / "conversations.jsonl"
    lines = [json.dumps({"id": f"c{n}", "messages": one}) for n, one in enumerate(conversations)]
    file.write_text("\n".join(lines))
    place = ("--port", str(stack.local.port), "--home", stack.local.home)
    words = ("-m", "local.import_sessions", *place, "--file", file, "--kind", "agent")
    done = subprocess.run((sys.executable, *words), check=True, capture_output=True, text=True)
    found = {one["id"]: one["session_id"] for one in map(json.loads, done.stdout.splitlines())}
    return [found[f"c{n}"] for n in range(len(conversations))]


if __name__ == "__main__":
    main()
