"""Wiring of evaluation sessions."""

from functools import cache
from typing import TYPE_CHECKING

from shared.evaluations.catalog.documents import TEST_CASES, VERSIONS
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.sessions.repository import EvaluationSessionRepository
from shared.evaluations.sessions.service import EvaluationSessionService
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.evaluations.sessions.importing import EvaluationSessionImporter


@cache
def sessions() -> EvaluationSessionService:
    """Return the evaluation session service."""
    return EvaluationSessionService(session_repository())


@cache
def session_repository() -> EvaluationSessionRepository:
    """Return the evaluation session repository."""
    versions = CatalogRepository(table(), VERSIONS)
    return EvaluationSessionRepository(versions, CatalogRepository(table(), TEST_CASES))


@cache
def session_importer() -> "EvaluationSessionImporter":
    """Return the importer of captured conversations."""
    from shared.evaluations.catalog.wiring import products, versions  # noqa: PLC0415  # for imports only
    from shared.evaluations.sessions.importing import EvaluationSessionImporter  # noqa: PLC0415

    return EvaluationSessionImporter(session_repository(), products(), versions())
