"""The services of this area, one each in a process."""

from functools import cache

from shared.evaluations.models import EvaluationSession
from shared.evaluations.parent_repository import ParentRepository
from shared.evaluations.parent_service import ParentService
from shared.evaluations.result_service import InferenceResultService
from shared.evaluations.session_documents import EvaluationCodec
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.evaluations.session_service import EvaluationSessionService
from shared.sessions.store import SessionStore
from shared.storage.table import table


@cache
def sessions() -> EvaluationSessionService:
    """Return the service of evaluation sessions."""
    parents = ParentRepository(table())
    repository = EvaluationSessionRepository(table(), parents)
    return EvaluationSessionService(_store(), repository, parents)


@cache
def results() -> InferenceResultService:
    """Return the service of their turns."""
    repository = EvaluationSessionRepository(table(), ParentRepository(table()))
    return InferenceResultService(_store(), repository)


@cache
def parents() -> ParentService:
    """Return the service of products, versions, tests and test cases."""
    return ParentService(ParentRepository(table()))


def _store() -> SessionStore[EvaluationSession]:
    return SessionStore(table(), EvaluationCodec())
