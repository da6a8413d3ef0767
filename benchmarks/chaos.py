"""Repeated kills of a playground turn's function: python -m benchmarks.chaos

Each round sends a message to a new session and kills the function's process (SIGKILL) at a
random moment of the turn. The session must stay readable, in its state before or after the
turn and never between, and repeating the message must lead to the same result.
"""

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

import httpx

from tests.support.killed_turns import kill_in_a_turn, undisturbed
from tests.support.running_stack import RunningStack, running_stack

#: Name of the outcome that counts.
INTERRUPTED = "kills in the middle of a turn"


def measure(stack: RunningStack, client: httpx.Client, kills: int, seed: int) -> Counter[str]:
    """Kill functions until so many turns were interrupted; return the outcomes by their names.

    Raises ``Torn`` if a session is not whole.
    """
    moments = random.Random(seed)
    outcomes: Counter[str] = Counter()
    expected = undisturbed(client)
    while outcomes[INTERRUPTED] < kills:
        outcome = kill_in_a_turn(stack, client, expected, moments.uniform(0, 0.3))
        # A function that had already answered was not killed during a turn.
        outcomes[INTERRUPTED] += bool(outcome.killed) and outcome.status != httpx.codes.OK
        side = "after" if outcome.turn_is_stored else "before"
        met = "killed" if outcome.killed else "nothing to kill"
        outcomes[f"{met}, answered {outcome.status}, session {side} the turn"] += 1
    return outcomes


def main() -> None:
    """Kill functions, and print the outcomes; exit with an error if an invariant breaks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack") as stack,
        httpx.Client(
            base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=60
        ) as client,
    ):
        outcomes = measure(stack, client, options.kills, options.seed)
    for text, times in sorted(outcomes.items()):
        print(f"{times:5}  {text}")
    print("every session was readable, whole, and went on")


if __name__ == "__main__":
    main()
