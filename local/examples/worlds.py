"""Examples of the worlds of simulations in functions/runs/."""

from typing import Any

from local.examples.example import Example, example_id

#: Stands for the engine, which begins the first simulation of a run, among an example's
#: predecessors.
BEGIN_SIMULATION = "simulations.begin"
#: Stands for the engine, which begins the first simulation of a run whose caller relays.
BEGIN_RELAY = "simulations.begin_relay"
RUN_ID = example_id("/v1/runs")
#: World of that simulation.
WORLD: dict[str, Any] = {
    "get_order": {
        "calls": [
            {
                "arguments": {"order_id": "4711"},
                "output": {"status": "late", "arrives": "Tuesday"},
            }
        ]
    }
}

_SIMULATION = {"run_id": str(RUN_ID), "number": "0"}
_CALL = {"name": "get_order", "arguments": {"order_id": "4711"}}

EXAMPLES = {
    "runs.serve_world": Example(
        parameters=_SIMULATION,
        body={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": _CALL},
        after=(BEGIN_SIMULATION,),
    ),
    "runs.list_world_tools": Example(parameters=_SIMULATION, after=(BEGIN_SIMULATION,)),
    "runs.call_world_tool": Example(
        parameters=_SIMULATION | {"name": "get_order"},
        body={"order_id": "4711"},
        after=(BEGIN_SIMULATION,),
    ),
}
