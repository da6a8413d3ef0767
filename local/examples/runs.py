"""Examples of functions/runs/ and functions/simulation_runs/, but for worlds and reports."""

from local.examples.example import Example, example_id
from local.examples.reports import FINISH_RUNS, RUN_ID
from local.examples.worlds import BEGIN_RELAY
from shared.core.ids import AgentId

_AGENT = example_id("/v1/agents")
_SCENARIO_ID = str(example_id("/v1/scenarios"))
_PERSONA_ID = str(example_id("/v1/personas"))
_RUN = {"run_id": str(RUN_ID)}
_DISPATCHED = {"sim_run_id": str(example_id("/v1/simulation/runs"))}
_SIMULATION = _RUN | {"number": "0"}

_CREATE_SCENARIO = ("agents.create", "scenarios.create")
_CREATE_PERSONA = (*_CREATE_SCENARIO, "personas.create")
_DISPATCH = (*_CREATE_PERSONA, "simulation_runs.dispatch")

EXAMPLES = {
    "runs.create": Example(
        body={
            "name": "orders",
            "tags": ["orders"],
            "target": {"agent_id": str(AgentId(_AGENT))},
            "repeats": 3,
            "persona_ids": [_PERSONA_ID],
            "max_turns": 10,
            "max_concurrency": 5,
            "criterion_threshold": 4,
            "budget": {"max_tokens": 1_000_000, "max_cost_usd": 2.5},
            "tool_overrides": {"get_order": {"error": "The service is down.", "delay_ms": 200}},
        },
        after=_CREATE_PERSONA,
    ),
    "runs.list": Example(query=(("limit", "20"),), after=(FINISH_RUNS,)),
    "runs.get": Example(parameters=_RUN, after=(FINISH_RUNS,)),
    "runs.cancel": Example(parameters=_RUN, after=(*_CREATE_PERSONA, "runs.create")),
    "runs.list_results": Example(
        parameters=_RUN, query=(("outcome", "failed"), ("limit", "20")), after=(FINISH_RUNS,)
    ),
    "runs.get_simulation": Example(parameters=_SIMULATION, after=(FINISH_RUNS,)),
    "runs.take_turn": Example(
        parameters=_SIMULATION,
        body={
            "turn": 1,
            "message": "It arrives on Tuesday.",
            "usage": {"input_tokens": 120, "output_tokens": 8},
        },
        after=(*_CREATE_SCENARIO, BEGIN_RELAY),
    ),
    "simulation_runs.dispatch": Example(
        body={
            "agent_id": str(_AGENT),
            "persona_id": _PERSONA_ID,
            "scenario_id": _SCENARIO_ID,
            "channel": "text",
            "tool_overrides": {"get_order": {"output": {"status": "lost"}}},
        },
        after=_CREATE_PERSONA,
    ),
    "simulation_runs.list": Example(
        query=(("status", "running"), ("agent_id", str(_AGENT)), ("limit", "20")), after=_DISPATCH
    ),
    "simulation_runs.get": Example(parameters=_DISPATCHED, after=_DISPATCH),
}
