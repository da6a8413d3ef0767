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


@cache
def assembly() -> TraceAssembly:
    importer = AgentSessionImporter(session_repository(), agent_repository())
    return TraceAssembly(TraceRepository(table()), AgentLogWriter(session_repository(), importer))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    bodies = {record["messageId"]: record["body"] for record in event["Records"]}
    failed = assemble_messages(assembly(), bodies)
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}
