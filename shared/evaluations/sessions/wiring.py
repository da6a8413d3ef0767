"""Wiring of evaluation sessions."""

from functools import cache

from shared.evaluations.catalog.documents import TEST_CASES, VERSIONS
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.sessions.repository import EvaluationSessionRepository
from shared.evaluations.sessions.service import EvaluationSessionService
from shared.storage.table import table


@cache
def sessions() -> EvaluationSessionService:
    """Return the evaluation session service."""
    return EvaluationSessionService(session_repository())


@cache
def session_repository() -> EvaluationSessionRepository:
    """Return the evaluation session repository."""
    versions = CatalogRepository(table(), VERSIONS)
    return EvaluationSessionRepository(versions, CatalogRepository(table(), TEST_CASES))
