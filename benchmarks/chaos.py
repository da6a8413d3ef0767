"""Kill the function of a playground turn, again and again: python -m benchmarks.chaos

Each time a message is sent to a new session, the function's process gets SIGKILL at a random
moment of the turn, and the session is held to its promise: readable, before or after the
turn and never between, and the same message sent again brings it to the same end.
"""

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

import httpx

from tests.support.killed_turns import kill_in_a_turn, undisturbed
from tests.support.running_stack import running_stack


def main() -> None:
    """Kill, and print what the kills came to; a broken promise ends it with an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    moments = random.Random(options.seed)
    print(f"seed {options.seed}")
    outcomes: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack") as stack,
        httpx.Client(
            base_url=stack.api_url, headers={"x-api-key": stack.api_key}, timeout=60
        ) as client,
    ):
        expected = undisturbed(client)
        kills = 0
        while kills < options.kills:
            outcome = kill_in_a_turn(stack, client, expected, moments.uniform(0, 0.3))
            # A function that had already answered was not killed in the middle of a turn.
            kills += bool(outcome.killed) and outcome.status != httpx.codes.OK
            side = "after" if outcome.turn_was_kept else "before"
            met = "killed" if outcome.killed else "nothing to kill"
            outcomes[f"{met}, answered {outcome.status}, session {side} the turn"] += 1
    for text, times in sorted(outcomes.items()):
        print(f"{times:5}  {text}")
    print(f"{kills} kills in the middle of a turn; every session was readable, whole, and went on")


if __name__ == "__main__":
    main()
