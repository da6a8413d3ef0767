"""CPU time of the function that runs steps, on an undisturbed local stack."""

import httpx

from benchmarks.processes import own_seconds
from benchmarks.runs.scenarios import USER_TURNS, WORKFLOW, create_scenarios
from benchmarks.runs.stack import handlers, start, wait
from tests.support.killed_turns import workers
from tests.support.running_stack import RunningStack

_FUNCTION = "RunSimulationFunction"
#: Simulations that start the processes of the function before the measured ones.
WARM_UP = 40
#: Steps of a simulation: begin, its turns, and the verdict.
STEPS = len(USER_TURNS) + 2


def print_processor(stack: RunningStack, http: httpx.Client, numbers: list[int]) -> bool:
    """Print the CPU milliseconds of a simulation, by the number of a run's scenarios."""
    with handlers(stack) as api:
        ids = create_scenarios(api, max(WARM_UP, *numbers))
    wait(http, start(http, WORKFLOW, ids[:WARM_UP]))
    for number in numbers:
        before = _seconds(stack)
        wait(http, start(http, WORKFLOW, ids[:number]))
        spent = 1000 * (_seconds(stack) - before) / number
        print(
            f"{number} scenarios: {spent:.1f} ms of CPU a simulation, {spent / STEPS:.1f} a step",
            flush=True,
        )
    return True


def _seconds(stack: RunningStack) -> float:
    return sum(map(own_seconds, workers(stack, _FUNCTION)))
