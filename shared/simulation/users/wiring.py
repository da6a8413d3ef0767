"""Wiring of simulated users."""

from functools import cache

from shared.llm.registry import SCRIPTED
from shared.simulation.users.domain import SimulatedUser
from shared.simulation.users.model import ModelUser
from shared.simulation.users.script import ScriptedUser
from shared.simulation.wiring import asking, stack_model


@cache
def simulated_user(model: str | None) -> SimulatedUser:
    """Return the user that a model of the stack plays; the scripted one without a model.

    Raises ``Unavailable`` for a model that the stack does not have any more.
    """
    if model is None:
        return ScriptedUser()
    found = stack_model(model, "user_model")
    if found.provider == SCRIPTED:
        return ScriptedUser()
    return ModelUser(asking(found), ScriptedUser())
