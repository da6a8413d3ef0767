"""Storm over a run on the local stack: killed functions, and messages that come twice.

One of each twenty runs of the functions that run steps and turns is killed (SIGKILL) at a storage
request; the seed chooses run and request. Copies of the messages of steps in progress are sent to
the queue all the time. At the end each simulation has one verdict and one session, whose turns are
the scenario's, in order, each answered once; and the lanes' counts agree with the results.
"""

import json
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event as Flag

import httpx

from benchmarks.runs.comparison import compare
from benchmarks.runs.scenarios import (
    CHECKS,
    WORKFLOW,
    Document,
    create_scenarios,
    new_agent,
)
from benchmarks.runs.stack import handlers, results, start, wait
from tests.support.running_stack import RunningStack
from tests.support.turn_storm import Killed, aws_client, end_kills, start_kills

#: Copies of messages that are sent at once, and seconds between them.
COPIES, PAUSE = 16, 4
#: Simulations of the run in progress at once. A killed step stalls its lane for half a minute.
LANES = 50


@dataclass(slots=True)
class RunStorm(Killed):
    """Result of a storm over a run."""

    simulations: int
    run: Document
    outcomes: Counter[str]


def storm(
    stack: RunningStack,
    http: httpx.Client,
    target: str,
    scenarios: int,
    repeats: int,
    seed: int,
) -> RunStorm:
    """Run scenarios under kills and redelivery, and check the end."""
    with handlers(stack) as api:
        ids = create_scenarios(api, scenarios)
        reference = WORKFLOW if target == "workflow" else new_agent(api)
    found = RunStorm(scenarios * repeats, {}, Counter())
    started = time.monotonic()
    folder = start_kills(stack, seed)
    run = start(http, reference, ids, repeats=repeats, max_concurrency=LANES)
    done = Flag()
    with ThreadPoolExecutor(1) as thread:
        copies = thread.submit(_copy, stack, http, run, seed, done)
        try:
            found.run = wait(http, run)
        finally:
            done.set()
        found.redelivered = copies.result()
    found.seconds = round(time.monotonic() - started, 1)
    end_kills(folder, seed, found)
    listed = results(http, run)
    found.outcomes.update(one["outcome"] or f"{one['status']}: {one['error']}" for one in listed)
    with handlers(stack) as api:
        found.faults += compare(api, found.run, listed, len(CHECKS))
    return found


def _copy(stack: RunningStack, http: httpx.Client, run: str, seed: int, done: Flag) -> int:
    """Send messages of steps in progress again; return how many."""
    queue, chance, sent = aws_client(stack, "sqs"), random.Random(seed), 0
    url = stack.physical_id("SimulationQueue")
    while not done.wait(PAUSE):
        running = results(http, run, outcome="running")
        for one in chance.sample(running, min(len(running), COPIES)):
            body = {
                "organization_id": stack.organization_id,
                "simulation": {"run_id": run, "number": one["number"]},
                "turn": one["turns"] + 1,
            }
            queue.send_message(
                QueueUrl=url, MessageBody=json.dumps(body), MessageGroupId=stack.organization_id
            )
            sent += 1
    return sent


def print_storm(found: RunStorm, target: str, seed: int) -> None:
    """Print the result of a storm."""
    moments = Counter(str(kill["moment"]) for kill in found.kills)
    where = ", ".join(f"{number} {moment}" for moment, number in sorted(moments.items()))
    lines = [
        f"{target}, seed {seed}: {found.simulations} simulations in {found.seconds} s",
        f"{found.redelivered} copies of messages",
        f"{len(found.kills)} of {found.runs} runs of functions killed: {where}",
        ", ".join(f"{number} {name}" for name, number in sorted(found.outcomes.items())),
        *(found.faults[:20] or ["0 lost, 0 doubled: verdicts, sessions, turns and counts agree"]),
    ]
    print("\n".join(lines), flush=True)
