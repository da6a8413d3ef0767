"""Storm over agent sessions on the local stack: python -m benchmarks.turn_storm

Concurrent sessions get messages; a second event source delivers every stream record again; one
of each twenty runs of the functions that dispatch and run turns is killed (SIGKILL) at a storage
request. The seed chooses run and request. Fewer turns than sessions are admitted at once. At the
end every message is answered once, in order, the log has no gap, and every session is idle. It
takes minutes.
"""

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path

import httpx

from tests.support.run_killer.sitecustomize import KILLED_OF
from tests.support.running_stack import running_stack
from tests.support.turn_storm import Storm, storm

#: Concurrent requests: each is a process of the emulator, and the storm is to load turns, not
#: process starts.
IN_FLIGHT = 10
#: Turns in progress at once: most sessions wait.
MAX_TURNS = "12"


def main() -> None:
    """Run storms and print their results; exit with an error if an invariant breaks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn_storm")
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--seed", type=int, nargs="+", default=[random.randrange(1_000_000)])
    options = parser.parse_args()
    faults = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "stack", MaxTurnsPerOrganization=MAX_TURNS) as stack,
        httpx.Client(
            base_url=stack.api_url,
            headers={"x-api-key": stack.api_key},
            timeout=httpx.Timeout(120, pool=None),
            limits=httpx.Limits(max_connections=IN_FLIGHT),
        ) as client,
    ):
        for seed in options.seed:
            found = storm(stack, client, options.sessions, options.messages, seed)
            _print(seed, found)
            faults += len(found.faults)
    raise SystemExit(bool(faults))


def _print(seed: int, found: Storm) -> None:
    moments = Counter(str(kill["moment"]) for kill in found.kills)
    where = ", ".join(f"{number} {moment}" for moment, number in sorted(moments.items()))
    lines = [
        f"seed {seed}: {found.sessions} sessions of {found.messages} messages, {found.seconds} s",
        f"{found.redelivered} records delivered again",
        f"{len(found.kills)} of {found.runs} runs killed, one of each {KILLED_OF}: {where}",
        ", ".join(f"{number} {name}" for name, number in sorted(found.ends.items())),
        *(found.faults or ["every message answered once, no gap, all idle"]),
    ]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
