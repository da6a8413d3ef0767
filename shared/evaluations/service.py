"""The services of this area, one each in a process."""

from functools import cache

from shared.core.ids import ModelId
from shared.core.settings import settings
from shared.evaluations.models import EvaluationSession
from shared.evaluations.offspring import Offspring
from shared.evaluations.parent_repository import ParentRepository
from shared.evaluations.parent_service import ParentService
from shared.evaluations.result_lists import InferenceResultLists
from shared.evaluations.result_service import InferenceResultService
from shared.evaluations.session_documents import EvaluationCodec
from shared.evaluations.session_repository import EvaluationSessionRepository
from shared.evaluations.session_service import EvaluationSessionService
from shared.evaluations.simulation import SimulatedUser
from shared.evaluations.simulation_service import SimulationService
from shared.evaluations.simulator import ScriptedUser
from shared.llm.registry import SCRIPTED, ModelRegistry
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
    store = _store()
    return InferenceResultService(store, InferenceResultLists(store, repository))


@cache
def simulation() -> SimulationService:
    """Return the service of simulated users."""
    parents = ParentRepository(table())
    store = _store()
    lists = InferenceResultLists(store, EvaluationSessionRepository(table(), parents))
    turns = InferenceResultService(store, lists)
    return SimulationService(turns, lists, parents, _user(), sleep=table().sleep)


@cache
def parents() -> ParentService:
    """Return the service of products, versions, tests and test cases."""
    repository = ParentRepository(table())
    offspring = Offspring(table(), repository, _store())
    return ParentService(repository, offspring, sleep=table().sleep)


def _user() -> SimulatedUser:
    """Return the simulated user: the stack's model for it, or the scripted one without."""
    identifier = settings().simulator_model
    if not identifier:
        return ScriptedUser()
    # Loaded only where it is set up.
    from shared.evaluations.model_simulator import ModelUser  # noqa: PLC0415
    from shared.llm.providers import language_model  # noqa: PLC0415

    model = ModelRegistry.parse(settings().models).get(ModelId.parse(identifier))
    if model.provider == SCRIPTED:
        return ScriptedUser()
    return ModelUser(language_model(model), model.name)


def _store() -> SessionStore[EvaluationSession]:
    return SessionStore(table(), EvaluationCodec())
