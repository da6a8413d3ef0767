"""Wiring of the conversation simulator."""

from functools import cache

from shared.core.ids import ModelId
from shared.core.settings import settings
from shared.evaluations.catalog.documents import TEST_CASES
from shared.evaluations.catalog.repository import CatalogRepository
from shared.evaluations.results.wiring import result_lists, results
from shared.evaluations.simulation.domain import SimulatedUser
from shared.evaluations.simulation.scripted_user import ScriptedUser
from shared.evaluations.simulation.service import SimulationService
from shared.storage.table import table


@cache
def simulation() -> SimulationService:
    """Return the simulation service."""
    test_cases = CatalogRepository(table(), TEST_CASES)
    return SimulationService(results(), result_lists(), test_cases, simulated_user())


def simulated_user() -> SimulatedUser:
    """Return the simulated user: by the stack's model for it, else the scripted one."""
    identifier = settings().simulator_model
    if not identifier:
        return ScriptedUser()
    # Loaded only if a model is configured.
    from shared.evaluations.simulation.model_user import ModelUser  # noqa: PLC0415
    from shared.llm.registry import SCRIPTED, ModelRegistry  # noqa: PLC0415
    from shared.llm.wiring import language_model  # noqa: PLC0415

    model = ModelRegistry.parse(settings().models).get(ModelId.parse(identifier))
    if model.provider == SCRIPTED:
        return ScriptedUser()
    return ModelUser(language_model(model), model.name)
