"""Wiring of simulated users."""

from functools import cache

from shared.core.errors import NotFound, Unavailable
from shared.core.ids import ModelId
from shared.llm.registry import SCRIPTED
from shared.llm.wiring import language_model, models
from shared.simulation.users.domain import SimulatedUser
from shared.simulation.users.script import ScriptedUser


@cache
def simulated_user(model: str | None) -> SimulatedUser:
    """Return the user that a model of the stack plays; the scripted one without a model.

    Raises ``Unavailable`` for a model that the stack does not have any more.
    """
    if model is None:
        return ScriptedUser()
    # Loaded only where a model is named.
    from shared.simulation.asking import Asking  # noqa: PLC0415
    from shared.simulation.users.model import ModelUser  # noqa: PLC0415

    try:
        found = models().get(ModelId.parse(model))
    except (NotFound, ValueError) as error:
        message = f"user_model: the stack has no model {model}."
        raise Unavailable(message, code="model_unavailable") from error
    if found.provider == SCRIPTED:
        return ScriptedUser()
    return ModelUser(Asking(language_model(found), found.name), ScriptedUser())
