"""Who talks in the playground's sessions: a script, or the stack's model for it."""

from collections.abc import Callable

from shared.core.errors import NotFound, Unavailable
from shared.core.ids import ModelId
from shared.core.observability import logger
from shared.core.settings import settings
from shared.llm.port import ModelFailed
from shared.llm.registry import SCRIPTED, ModelRegistry
from shared.playground.engine_ports import Agent
from shared.playground.engine_turn import said_in
from shared.playground.scripted_agent import ScriptedAgent
from shared.sessions.models import Event


def agent_of_the_stack(log: Callable[[], list[Event]]) -> Agent:
    """Return who talks in a turn; ``log`` reads what was said before.

    Without a model, the script. A model that is not there is never replaced by the script:
    raises ``Unavailable``.
    """
    identifier = settings().playground_model
    if not identifier:
        return ScriptedAgent()
    # Loaded only where it is set up.
    from shared.llm.providers import language_model  # noqa: PLC0415
    from shared.playground.model_agent import ModelAgent  # noqa: PLC0415

    try:
        model = ModelRegistry.parse(settings().models).get(ModelId.parse(identifier))
        if model.provider == SCRIPTED:
            return ScriptedAgent()
        return ModelAgent(language_model(model), model.name, lambda: said_in(log()))
    except (NotFound, ValueError, ModelFailed) as error:
        logger.exception("the playground's model is not set up")
        raise Unavailable(
            "The playground's model is not set up.", code="model_unavailable", retry_after=60
        ) from error
