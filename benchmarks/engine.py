"""Processor time of a turn in the engine, without a model: python -m benchmarks.engine

A turn that runs twelve nodes: an agent that reads an answer, then actions that call tools,
bind their outputs and speak, approvals that nobody need give, each left by a condition.
"""

import argparse
import gc
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from shared.playground.engine import Message, run_turn
from shared.playground.engine_graph import RunnableGraph
from shared.playground.engine_state import State
from shared.playground.engine_turn import Surroundings
from shared.playground.graph import Graph
from shared.playground.mock_world import MockWorld
from shared.playground.scripted_agent import ScriptedAgent

#: Milliseconds of processor time that the turn may take.
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
    """Return the graph: one message runs all of it."""
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


def milliseconds_a_turn(turns: int) -> list[float]:
    """Return the processor time of each of so many turns."""
    graph = twelve_nodes()
    ready = RunnableGraph.of(graph)
    around = Surroundings(
        agent=ScriptedAgent(), tools=MockWorld(graph.mock_world), now=datetime.now(UTC)
    )
    before = State(node_id="n0", asking="order_number", asked={"order_number": 1}, turn=1)
    found = []
    gc.freeze()
    for _ in range(turns):
        started = time.process_time_ns()
        ran = run_turn(ready, before, Message("It is NW-5581"), around)
        found.append((time.process_time_ns() - started) / 1_000_000)
        assert len(ran.state.completed) == NODES, ran.state
    return found


def main() -> None:
    """Measure, print, and end with an error above the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine")
    parser.add_argument("--turns", type=int, default=2_000)
    found = milliseconds_a_turn(parser.parse_args().turns)
    median = statistics.median(found)
    worst = statistics.quantiles(found, n=100)[98]
    print(f"a turn of {NODES} nodes: median {median:.3f} ms, 99 % under {worst:.3f} ms")
    print(f"goal: median under {GOAL} ms of processor time")
    raise SystemExit(median >= GOAL)


if __name__ == "__main__":
    main()
