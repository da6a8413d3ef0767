"""A storm over agent sessions on the local stack: python -m benchmarks.turn_storm

Sessions at once, messages to each; every record of the stream handed over a second time by
another event source; the function of turns killed in the middle of its runs. At the end every
message has been answered once, in order, the log has no gap, and every session is idle.
"""

import argparse
import random
import tempfile
from pathlib import Path

import httpx

from tests.support.running_stack import running_stack
from tests.support.turn_storm import storm


def main() -> None:
    """Let the storm loose, and print what it came to; a broken promise ends it with an error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn_storm")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack") as stack,
        httpx.Client(
            base_url=stack.api_url,
            headers={"x-api-key": stack.api_key},
            timeout=120,
            limits=httpx.Limits(max_connections=options.sessions),
        ) as client,
    ):
        found = storm(stack, client, options.sessions, options.messages, options.seed)
    print(f"{found.sessions} sessions, {found.messages} messages each, {found.seconds} s")
    print(f"{found.handed_over_again} records handed over again, in {found.runs} runs of their own")
    print(f"{found.killed} of the function's processes killed meanwhile")
    print(", ".join(f"{number} {name}" for name, number in sorted(found.ends.items())))
    print("\n".join(found.faults) or "every message answered once, no gap, all idle")
    raise SystemExit(bool(found.faults))


if __name__ == "__main__":
    main()
