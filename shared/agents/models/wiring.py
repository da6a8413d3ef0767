"""Wiring of language models: the registry of this process."""

from functools import cache
from typing import TYPE_CHECKING

from shared.core.ids import ModelId
from shared.core.settings import settings
from shared.llm.registry import OPENAI, SCRIPTED_MODEL_ID, ModelRegistry

if TYPE_CHECKING:
    from shared.llm.health import Reasons, ServerHealth


@cache
def models() -> ModelRegistry:
    """Return the models of the stack."""
    return ModelRegistry.parse(settings().models)


def default_model_id() -> ModelId:
    """Return the model of turns for which neither message, session nor agent names one."""
    configured = settings().default_model_id
    return ModelId.parse(configured) if configured else SCRIPTED_MODEL_ID


def unreachable() -> "Reasons":
    """Return why the servers of the stack's models are not reachable, by base URL."""
    urls = [model.base_url for model in models().all() if model.provider == OPENAI]
    return server_health().reasons(urls) if urls else {}


@cache
def server_health() -> "ServerHealth":
    """Return the health of servers, which this process caches."""
    # Imported only if configured: most stacks have no such model.
    from shared.llm.health import ServerHealth  # noqa: PLC0415

    return ServerHealth()
