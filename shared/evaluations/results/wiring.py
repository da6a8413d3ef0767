"""Wiring of inference results."""

from functools import cache

from shared.evaluations.results.lists import InferenceResultLists
from shared.evaluations.results.service import InferenceResultService
from shared.evaluations.sessions.documents import EvaluationCodec
from shared.evaluations.sessions.domain import EvaluationSession
from shared.sessions.store import SessionStore
from shared.storage.table import table


@cache
def results() -> InferenceResultService:
    """Return the inference result service."""
    return InferenceResultService(session_store())


@cache
def result_lists() -> InferenceResultLists:
    """Return the lists of inference results."""
    return InferenceResultLists(session_store())


@cache
def session_store() -> SessionStore[EvaluationSession]:
    """Return the store of the sessions that the results belong to."""
    return SessionStore(table(), EvaluationCodec())
