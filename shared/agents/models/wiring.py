"""Wiring of language models: the registry of this process."""

from functools import cache

from shared.core.ids import ModelId
from shared.core.settings import settings
from shared.llm.registry import SCRIPTED_MODEL_ID, ModelRegistry


@cache
def models() -> ModelRegistry:
    """Return the models of the stack."""
    return ModelRegistry.parse(settings().models)


def default_model_id() -> ModelId:
    """Return the model of turns for which neither message, session nor agent names one."""
    configured = settings().default_model_id
    return ModelId.parse(configured) if configured else SCRIPTED_MODEL_ID
