"""Wiring of the playground's speaker: the scripted agent, or the configured model."""

from collections.abc import Callable

from shared.core.errors import NotFound, Unavailable
from shared.core.ids import ModelId
from shared.core.observability import logger
from shared.core.settings import settings
from shared.llm.port import ModelFailed
from shared.llm.registry import SCRIPTED, ModelRegistry
from shared.playground.engine.ports import Agent, Listen
from shared.playground.engine.turn import messages
from shared.playground.speakers.scripted import ScriptedAgent
from shared.sessions.domain import Event


def configured_agent(log: Callable[[], list[Event]], listen: Listen) -> Agent:
    """Return the speaker of one turn: scripted unless a model is configured.

    ``log`` reads the session's events; ``listen`` takes the text of a model. Raises
    ``Unavailable`` if the configured model cannot be used: the scripted agent never replaces it.
    """
    identifier = settings().playground_model
    if not identifier:
        return ScriptedAgent()
    # Imported only if configured: model providers are expensive to load.
    from shared.llm.wiring import language_model  # noqa: PLC0415
    from shared.playground.speakers.model import ModelAgent  # noqa: PLC0415

    try:
        model = ModelRegistry.parse(settings().models).get(ModelId.parse(identifier))
        if model.provider == SCRIPTED:
            return ScriptedAgent()
        return ModelAgent(language_model(model), model.name, lambda: messages(log()), listen=listen)
    except (NotFound, ValueError, ModelFailed) as error:
        logger.exception("the playground's model is not available")
        raise Unavailable(
            "The playground's model is not available; ask the operator to check its settings.",
            code="model_unavailable",
            retry_after=60,
        ) from error
