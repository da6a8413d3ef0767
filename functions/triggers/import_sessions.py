"""Import queue: store captured conversations as sessions."""

from functools import cache
from typing import Any

from shared.agents.sessions.wiring import session_importer
from shared.core.observability import logger
from shared.evaluations.sessions.wiring import session_importer as evaluation_importer
from shared.identity.wiring import identity
from shared.imports.queue import QueueImports
from shared.imports.wiring import import_bucket, import_service


@cache
def imports() -> QueueImports:
    service = import_service(session_importer(), evaluation_importer())
    return QueueImports(
        service, import_bucket, lambda id_: identity().organization(id_) is not None
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    failures = []
    for record in event["Records"]:
        try:
            imports().add(record["body"])
        except Exception as error:  # the edge: only failed messages are delivered again
            logger.exception("import failed", extra={"reason": str(error)})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
