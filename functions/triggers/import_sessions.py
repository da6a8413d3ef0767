"""The import queue: store captured conversations as sessions."""

from functools import cache
from typing import Any

from shared.agents.import_service import importer as agent_importer
from shared.core.observability import logger
from shared.evaluations.import_service import importer as evaluation_importer
from shared.identity.service import identity
from shared.imports.bucket import import_bucket
from shared.imports.service import Importer, ImportService
from shared.sessions.models import SessionKind


@cache
def service() -> ImportService:
    importers: dict[SessionKind, Importer] = {
        SessionKind.AGENT: agent_importer(),
        SessionKind.EVALUATION: evaluation_importer(),
    }
    return ImportService(
        importers, import_bucket, lambda one: identity().organization(one) is not None
    )


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001  # Lambda's form
    failures = []
    for record in event["Records"]:
        try:
            service().take(record["body"])
        except Exception as error:  # the edge: the others of the batch are not to come again
            logger.exception("not imported", extra={"reason": str(error)})
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
