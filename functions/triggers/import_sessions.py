"""Import queue: store captured conversations as sessions."""

from functools import cache
from typing import Any

from shared.agents.agents.wiring import agent_repository
from shared.agents.sessions.importing import AgentSessionImporter
from shared.agents.sessions.wiring import session_repository
from shared.core.observability import logger
from shared.evaluations.catalog.wiring import products, versions
from shared.evaluations.sessions.importing import EvaluationSessionImporter
from shared.evaluations.sessions.wiring import session_repository as evaluation_repository
from shared.identity.wiring import identity
from shared.imports.service import Importer, ImportService
from shared.imports.wiring import import_bucket
from shared.sessions.domain import SessionKind


@cache
def service() -> ImportService:
    importers: dict[SessionKind, Importer] = {
        SessionKind.AGENT: AgentSessionImporter(session_repository(), agent_repository()),
        SessionKind.EVALUATION: EvaluationSessionImporter(
            evaluation_repository(), products(), versions()
        ),
    }
    return ImportService(
        importers, import_bucket, lambda id_: identity().organization(id_) is not None
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    failures = []
    for record in event["Records"]:
        try:
            service().import_message(record["body"])
        except Exception as error:  # the edge: only failed messages are delivered again
            logger.exception("import failed", extra={"reason": str(error)})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
