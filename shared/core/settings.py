"""Settings of the functions, from environment variables (see template.yaml)."""

import os
from dataclasses import dataclass, fields
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment of a function.

    Attributes
    ----------
    table_name
        The one table.
    list_shards
        Number of partitions of each list (1 to 64). It may grow at any time; it must not
        shrink, or the entries of the dropped partitions disappear from the lists.
    key_cache_seconds
        Seconds for which an authorizer answers from memory, and a revoked key still works.
    event_bus_name
        Event bus for changes; empty for functions that publish none.
    models
        Registry of language models, as JSON (see ``shared/llm/registry.py``).
    playground_model
        Id of the model that speaks in playground sessions; empty for the scripted one.
    drafter_model
        Id of the model that writes drafted scenarios; empty for the rules.
    judge_model
        Id of the model that judges evaluations; empty for none.
    import_bucket
        Bucket of conversations too large for the import queue; empty for other functions.
    files_bucket
        Bucket of the contents of session files; empty for other functions.
    max_file_bytes, max_files_bytes
        Bytes of one session file, and of all files of a session, at most.
    simulator_model
        Id of the model that simulates users; empty for the scripted one.
    default_model_id
        Model of turns for which none was chosen; empty for the scripted one.
    outgoing_hosts
        Hosts that organizations may send requests to (see ``shared/egress/hosts.py``).
    turn_timeout_seconds
        Time limit of a turn. A turn without progress for twice as long is stopped.
    stream_wait_seconds
        Time that a request for a stream of events waits for news; 0 to answer at once.
    turn_queue_url
        Queue of turns to be run; empty for functions that neither admit nor run turns.
    trace_queue_url
        Queue of traces whose sessions are to be assembled; empty for other functions.
    simulation_queue_url
        Queue of simulations' steps; empty for functions that neither start nor run simulations.
    max_simulations_per_organization
        Simulations of one organization that are in progress at once, at most.
    max_turns_per_organization
        Turns of one organization that are in progress at once, at most.
    rate_limit, burst_limit, daily_quota
        Requests of one organization per second, in a burst and per day; 0 where they are not
        known.
    passed_usage_key, throttled_usage_key, exhausted_usage_key
        Keys in API Gateway of organizations without one of their own (see
        ``shared/identity/authorization/meter.py``); empty for other functions.
    tool_result_timeout_seconds
        Time limit of a turn's wait for results of tools that its client runs.
    """

    table_name: str
    list_shards: int = 2
    key_cache_seconds: int = 60
    event_bus_name: str = ""
    models: str = "{}"
    playground_model: str = ""
    drafter_model: str = ""
    judge_model: str = ""
    import_bucket: str = ""
    files_bucket: str = ""
    max_file_bytes: int = 4_194_304
    max_files_bytes: int = 104_857_600
    simulator_model: str = ""
    default_model_id: str = ""
    outgoing_hosts: str = ""
    turn_timeout_seconds: float = 120.0
    stream_wait_seconds: float = 0.0
    turn_queue_url: str = ""
    trace_queue_url: str = ""
    simulation_queue_url: str = ""
    max_simulations_per_organization: int = 50
    max_turns_per_organization: int = 50
    rate_limit: int = 0
    burst_limit: int = 0
    daily_quota: int = 0
    passed_usage_key: str = ""
    throttled_usage_key: str = ""
    exhausted_usage_key: str = ""
    tool_result_timeout_seconds: float = 300.0

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read each field from the variable of its name; one that is not set has its default."""
        values: dict[str, Any] = {
            one.name: one.type(os.environ[one.name.upper()])  # type: ignore[operator]  # a class
            for one in fields(cls)
            if one.name.upper() in os.environ
        }
        return cls(**values)


@cache
def settings() -> Settings:
    """Return the settings of this process; the environment is read once."""
    return Settings.from_environment()
