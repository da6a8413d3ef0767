"""Invariants of the engine on thousands of random graphs, and the time of a validation.

    python -m benchmarks.graphs [--count 10000] [--seed N]

Each graph is validated and has two conversations: one with the scripted agent, one with an
erratic agent. The first violated invariant stops the run and prints the seed of its graph:
``--seed THAT --count 1`` reproduces it. Times are processor time on this machine.
"""

import argparse
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from shared.playground.expressions import parse
from shared.playground.validation.check import validate
from tests.support.conversations import ErraticAgent, converse
from tests.support.graphs import random_graph
from tests.support.large_graphs import hardest, largest

#: Milliseconds for the validation of the largest graph.
GOAL_MS = 50.0
_REPEATS = 15


def main() -> None:
    """Check random graphs, measure validation, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.graphs")
    parser.add_argument("--count", type=int, default=10_000, help="random graphs")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.count} graphs", flush=True)
    counts = _check_all(options.seed, options.count)
    for name, times in sorted(counts.items()):
        print(f"  {name:24}{times:>10}")
    print(f"no invariant violated on {options.count} graphs (seed {options.seed})")
    for name, graph in (("typical", largest()), ("all conditions", hardest())):
        cold, warm = _validation(graph)
        size = f"{len(graph['nodes'])} nodes, {len(graph['edges'])} edges"
        met = "met" if cold < GOAL_MS else "missed"
        print(
            f"validation of {size} ({name}): {cold:.1f} ms, {warm:.1f} ms with its expressions"
            f" cached; goal {GOAL_MS:.0f} ms {met}"
        )


def _check_all(seed: int, count: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in range(count):
        # The graph's own seed reproduces it without the previous graphs.
        own = seed + number
        try:
            counts.update(_check(own))
        except Exception:
            print(f"violated: python -m benchmarks.graphs --count 1 --seed {own}", flush=True)
            raise
    return counts


def _check(seed: int) -> Counter[str]:
    random = Random(seed)
    graph = random_graph(random)
    result = validate(graph.normalized())
    assert result.valid, result.findings
    counts = converse(graph, random)
    counts.update(converse(graph, random, ErraticAgent(random)))
    counts.update(nodes=len(graph.nodes), edges=len(graph.edges))
    return counts


def _validation(graph: dict[str, Any]) -> tuple[float, float]:
    """Return milliseconds without cached expressions, and with all cached."""
    assert validate(graph).valid
    cold = [_milliseconds(lambda: validate(graph), parse.cache_clear) for _ in range(_REPEATS)]
    warm = [_milliseconds(lambda: validate(graph)) for _ in range(_REPEATS)]
    return statistics.median(cold), statistics.median(warm)


def _milliseconds(run: Callable[[], object], before: Callable[[], object] = int) -> float:
    before()
    began = time.process_time()
    run()
    return (time.process_time() - began) * 1e3


if __name__ == "__main__":
    main()
