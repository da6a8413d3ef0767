"""Stored form of the calls of a simulation's world.

The newest call carries the recorded calls that were repeated so far: a call reads one item and
writes one. An answer of the recording is not copied, but named by its index; the world itself
is pinned by its hash.
"""

from dataclasses import replace
from datetime import datetime

from shared.runs.worlds.domain import SimulationKey, WorldCall
from shared.sessions.recorded_worlds.answers import answer_at
from shared.sessions.recorded_worlds.world import World
from shared.storage.records import Key, Record

_TYPE = "world_call"
#: Above the sort key of every call.
LAST = "call#~"


def call_key(simulation: SimulationKey, index: int) -> Key:
    """Return the key of a simulation's call; its calls have a partition of their own."""
    run = f"{simulation.organization_id}#run#{simulation.run_id.hex}"
    return Key(f"{run}#calls#{simulation.number}", f"call#{index:06d}")


def to_record(simulation: SimulationKey, call: WorldCall) -> Record:
    """Return the record of a call: its answer only where the recording has none."""
    body = {
        "index": call.index,
        "tool": call.tool,
        "arguments": call.arguments,
        "matched": call.matched,
        "recorded": call.recorded,
        "at": call.at.isoformat(),
        "used": {tool: list(indexes) for tool, indexes in call.used.items()},
    }
    if call.matched == "none":
        body["error"] = call.error
    return Record(key=call_key(simulation, call.index), type=_TYPE, body=body)


def from_record(record: Record) -> WorldCall:
    """Return a call without the answer of the recording; see :func:`with_answer`."""
    body = record.body
    return WorldCall(
        index=body["index"],
        tool=body["tool"],
        arguments=body["arguments"],
        matched=body["matched"],
        recorded=body["recorded"],
        at=datetime.fromisoformat(body["at"]),
        error=body.get("error"),
        used={tool: tuple(indexes) for tool, indexes in body["used"].items()},
    )


def with_answer(call: WorldCall, world: World) -> WorldCall:
    """Return a call with the answer that the recording gave."""
    if call.matched == "none":
        return call
    answer = answer_at(world[call.tool], call.recorded)
    error = answer.get("error")
    return replace(
        call,
        output=answer.get("output"),
        error=None if error is None else str(error),
        delay_ms=answer.get("delay_ms", 0),
    )
