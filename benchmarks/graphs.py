"""Thousands of random graphs held to the engine's properties, and what validation takes.

    python -m benchmarks.graphs [--count 10000] [--seed N]

Each graph is validated and talked to twice: by the scripted agent, and by one that does anything
that it may. The first property that does not hold stops the run with the seed of its graph alone:
``--seed THAT --count 1`` shows it again. Times are of the processor, and of this machine.
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
from shared.playground.validation import validate
from tests.support.conversations import ErraticAgent, converse
from tests.support.graphs import random_graph
from tests.support.large_graphs import hardest, largest

#: What the largest graph may take to validate, in milliseconds.
GOAL_MS = 50.0
_REPEATS = 15


def main() -> None:
    """Hold random graphs to the properties, measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.graphs")
    parser.add_argument("--count", type=int, default=10_000, help="random graphs")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.count} graphs", flush=True)
    seen = _hold_all(options.seed, options.count)
    for name, times in sorted(seen.items()):
        print(f"  {name:24}{times:>10}")
    print(f"no property violated on {options.count} graphs (seed {options.seed})")
    for name, graph in (("typical", largest()), ("all conditions", hardest())):
        cold, warm = _validation(graph)
        size = f"{len(graph['nodes'])} nodes, {len(graph['edges'])} edges"
        met = "met" if cold < GOAL_MS else "missed"
        print(
            f"validation of {size} ({name}): {cold:.1f} ms, {warm:.1f} ms with its expressions"
            f" read before; goal {GOAL_MS:.0f} ms {met}"
        )


def _hold_all(seed: int, count: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    for number in range(count):
        # A graph's own seed is enough to make it again, without those before it.
        own = seed + number
        try:
            seen.update(_hold(own))
        except Exception:
            print(f"violated: python -m benchmarks.graphs --count 1 --seed {own}", flush=True)
            raise
    return seen


def _hold(seed: int) -> Counter[str]:
    random = Random(seed)
    graph = random_graph(random)
    verdict = validate(graph.normalized())
    assert verdict.valid, verdict.findings
    seen = converse(graph, random).seen
    seen.update(converse(graph, random, ErraticAgent(random)).seen)
    seen.update(nodes=len(graph.nodes), edges=len(graph.edges))
    return seen


def _validation(graph: dict[str, Any]) -> tuple[float, float]:
    """Return milliseconds with no expression read before, and with all."""
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
