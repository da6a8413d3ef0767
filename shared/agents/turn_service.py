"""What runs turns, wired for a process. Apart from ``service``: only one function needs it."""

from functools import cache

from shared.agents.service import agents, models, store, turn_timeout
from shared.agents.turn_runner import RunnerSetup
from shared.core.ids import ModelId
from shared.core.settings import settings
from shared.llm.providers import language_model
from shared.llm.registry import SCRIPTED_MODEL_ID


@cache
def runner_setup() -> RunnerSetup:
    """Return what runs turns."""
    default = settings().default_model_id
    return RunnerSetup(
        store=store(),
        agents=agents(),
        models=models(),
        default_model=ModelId.parse(default) if default else SCRIPTED_MODEL_ID,
        timeout=turn_timeout(),
        provider=language_model,
    )
