"""Trace queue: assemble the sessions of traces whose spans arrived."""

from functools import cache
from typing import Any

from shared.agents.agents.wiring import agent_repository
from shared.agents.sessions.importing import AgentSessionImporter
from shared.agents.sessions.log_writer import AgentLogWriter
from shared.agents.sessions.wiring import session_repository
from shared.storage.table import table
from shared.traces.assembly import TraceAssembly
from shared.traces.messages import assemble_messages
from shared.traces.repository import TraceRepository

#: Milliseconds that a session may take; those for which less is left are delivered again.
_MARGIN = 45_000


@cache
def assembly() -> TraceAssembly:
    importer = AgentSessionImporter(session_repository(), agent_repository())
    return TraceAssembly(TraceRepository(table()), AgentLogWriter(session_repository(), importer))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    # Those that failed before come last.
    records = sorted(
        event["Records"], key=lambda one: int(one["attributes"]["ApproximateReceiveCount"])
    )
    bodies = {record["messageId"]: record["body"] for record in records}
    failed = assemble_messages(
        assembly(), bodies, lambda: context.get_remaining_time_in_millis() > _MARGIN
    )
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}
