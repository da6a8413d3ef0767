"""Processor time of a turn in the engine, without a model: python -m benchmarks.engine

The turn runs twelve nodes: an agent that reads an answer, then actions that call tools,
bind their outputs and speak, and approvals whose condition is false; all edges are conditional.
"""

import argparse
import gc
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from shared.playground.engine.engine import Message, run_turn
from shared.playground.engine.mock_world import MockWorld
from shared.playground.engine.runnable_graph import RunnableGraph
from shared.playground.engine.state import State
from shared.playground.engine.turn import TurnContext
from shared.playground.graph import Graph
from shared.playground.speakers.scripted import ScriptedAgent

#: Milliseconds of processor time for the turn.
GOAL = 1.0
NODES = 12


def _action(number: int) -> dict[str, Any]:
    return {
        "id": f"n{number}",
        "type": "action",
        "failure_message": "Sorry.",
        "steps": [
            {
                "id": "call",
                "kind": "tool_call",
                "tool": "find",
                "input": {"order": "order_number", "n": str(number)},
                "output_bindings": {"total": "order.total", "state": "order.state"},
            },
            {"id": "say", "kind": "speak", "text": "{{order_number}} is {{state}}: {{total}}."},
        ],
    }


def _approval(number: int) -> dict[str, Any]:
    return {
        "id": f"n{number}",
        "type": "approval",
        "condition": "total > 1000",
        "approver_role": "lead",
        "suspend_message": "One moment.",
        "on_approve": f"n{number + 1}",
        "on_deny": f"n{number + 1}",
    }


def twelve_nodes() -> Graph:
    """Return a graph of twelve nodes that one message runs."""
    ask = {
        "id": "n0",
        "type": "agent",
        "instructions": "Ask for the order.",
        "required_writes": ["order_number"],
    }
    kinds = [_approval if number % 4 == 2 else _action for number in range(NODES)]
    nodes = [ask, *(kinds[number](number) for number in range(1, NODES))]
    edges = [
        {"from": f"n{n}", "to": f"n{n + 1}", "condition": 'not (state == "lost")', "priority": 1}
        for n in range(NODES - 1)
    ]
    edges += [{"from": f"n{n}", "to": "n0", "condition": "total < 0"} for n in range(NODES - 1)]
    return Graph.model_validate(
        {
            "name": "Twelve",
            "entry_node_id": "n0",
            "context_variables": [
                {"name": "order_number", "type": "string", "description": "The order number"},
                {"name": "state", "type": "enum", "enum_values": ["open", "paid", "lost"]},
                {"name": "total", "type": "float"},
            ],
            "nodes": nodes,
            "edges": edges,
            "mock_world": {"find": {"output": {"order": {"state": "paid", "total": 261.5}}}},
        }
    )


def milliseconds_per_turn(turns: int) -> list[float]:
    """Return the processor time of each turn."""
    graph = twelve_nodes()
    runnable = RunnableGraph.of(graph)
    context = TurnContext(
        agent=ScriptedAgent(), tools=MockWorld(graph.mock_world), now=datetime.now(UTC)
    )
    before = State(
        node_id="n0", asked_variable="order_number", ask_counts={"order_number": 1}, turn=1
    )
    times = []
    gc.freeze()
    for _ in range(turns):
        started = time.process_time_ns()
        result = run_turn(runnable, before, Message("It is NW-5581"), context)
        times.append((time.process_time_ns() - started) / 1_000_000)
        assert len(result.state.completed) == NODES, result.state
    return times


def main() -> None:
    """Measure, print, and exit with an error above the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine")
    parser.add_argument("--turns", type=int, default=2_000)
    times = milliseconds_per_turn(parser.parse_args().turns)
    median = statistics.median(times)
    worst = statistics.quantiles(times, n=100)[98]
    print(f"a turn of {NODES} nodes: median {median:.3f} ms, 99 % under {worst:.3f} ms")
    print(f"goal: median under {GOAL} ms of processor time")
    raise SystemExit(median >= GOAL)


if __name__ == "__main__":
    main()
