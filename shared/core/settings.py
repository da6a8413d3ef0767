"""What the stack tells its functions through environment variables (see template.yaml)."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment of a function.

    Attributes
    ----------
    table_name
        The one table.
    list_shards
        How many partitions each list index is spread over (1 to 64). It may grow at any
        time; it must not shrink, or rows in the dropped partitions leave the lists.
    key_cache_seconds
        How long an authorizer may answer from memory, so how long a revoked key can live.
    event_bus_name
        Where changes are published; empty where a function publishes nothing.
    models
        The registry of language models, as JSON (see ``shared/llm/registry.py``).
    playground_model
        The id of the model that talks in playground sessions; empty: a script does.
    drafter, drafter_model
        Who writes the words of a drafted scenario, ``rules`` or ``bedrock``, and Bedrock's
        own name of the model that does.
    import_bucket
        Where conversations too large for the import queue lie; empty in other functions.
    simulator_model
        The id of the model that plays the user in simulations; empty: a script does.
    default_model_id
        The model of turns where nobody has chosen one; empty is the scripted one.
    turn_timeout_seconds
        How long a turn may take. One without progress for twice as long is stopped.
    """

    table_name: str
    list_shards: int = 2
    key_cache_seconds: int = 60
    event_bus_name: str = ""
    models: str = "{}"
    playground_model: str = ""
    drafter: str = "rules"
    drafter_model: str = ""
    import_bucket: str = ""
    simulator_model: str = ""
    default_model_id: str = ""
    turn_timeout_seconds: float = 120.0

    @classmethod
    def from_environment(cls) -> "Settings":
        environment = os.environ
        return cls(
            table_name=environment["TABLE_NAME"],
            list_shards=int(environment.get("LIST_SHARDS", "2")),
            key_cache_seconds=int(environment.get("KEY_CACHE_SECONDS", "60")),
            event_bus_name=environment.get("EVENT_BUS_NAME", ""),
            models=environment.get("MODELS", "{}"),
            playground_model=environment.get("PLAYGROUND_MODEL", ""),
            drafter=environment.get("DRAFTER", "rules"),
            drafter_model=environment.get("DRAFTER_MODEL", ""),
            import_bucket=environment.get("IMPORT_BUCKET", ""),
            simulator_model=environment.get("SIMULATOR_MODEL", ""),
            default_model_id=environment.get("DEFAULT_MODEL_ID", ""),
            turn_timeout_seconds=float(environment.get("TURN_TIMEOUT_SECONDS", "120")),
        )


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings.from_environment()
