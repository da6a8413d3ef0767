"""Wiring of imports: bucket and services of a process."""

from functools import cache

from shared.core.clock import system_clock
from shared.core.settings import settings
from shared.imports.requests import RequestImports
from shared.imports.service import Importer, ImportService
from shared.imports.uploads import Uploads
from shared.sessions.domain import SessionKind
from shared.storage.objects import ObjectStore
from shared.storage.table import table


@cache
def import_bucket() -> ObjectStore:
    """Return the import bucket of this process."""
    return ObjectStore.connect(settings().import_bucket)


def import_service(agent: Importer, evaluation: Importer) -> ImportService:
    """Return the import service over the importers of the areas."""
    return ImportService({SessionKind.AGENT: agent, SessionKind.EVALUATION: evaluation})


def request_imports(agent: Importer, evaluation: Importer) -> RequestImports:
    """Return the imports by request."""
    service = import_service(agent, evaluation)
    uploads = Uploads(service, import_bucket, table(), system_clock)
    return RequestImports(service, uploads, system_clock)
