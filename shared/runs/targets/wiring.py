"""Wiring of targets outside this stack. The recorder of their sessions is handed in."""

import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from shared.core.ids import OrganizationId
from shared.egress.wiring import allowed_hosts
from shared.runs.targets.http_protocol import answer_by_http
from shared.runs.targets.openai_protocol import answer_by_openai
from shared.runs.targets.relay import RelayTarget
from shared.runs.targets.turn_world import SimulationCalls
from shared.runs.targets.url import UrlTarget
from shared.runs.worlds.repository import WorldCallRepository
from shared.simulation.recording import SessionRecorder
from shared.simulation.target import SimulatedSession, TargetFailed
from shared.storage.table import table

if TYPE_CHECKING:
    from shared.runs.targets.agent_server import AgentServer


def relay_target(recorder: SessionRecorder) -> RelayTarget:
    """Return the target of runs that their caller relays."""
    return RelayTarget(recorder=recorder, calls=_calls())


def url_target(recorder: SessionRecorder) -> UrlTarget:
    """Return the target of runs with an agent behind a URL."""
    return UrlTarget(
        recorder=recorder,
        calls=_calls(),
        hosts=allowed_hosts(),
        protocols={"openai": answer_by_openai, "http": answer_by_http},
        connect=_connect,
        secret=_secret,
        world_urls=world_urls,
    )


def world_urls(session: SimulatedSession) -> dict[str, str]:
    """Return the addresses of a simulation's world; none without that of the API."""
    if not session.api_url:
        return {}
    base = f"{session.api_url}/v1/runs/{session.run_id}/simulations/{session.number}"
    return {"mcp_url": f"{base}/mcp", "tools_url": f"{base}/tools"}


def _calls() -> SimulationCalls:
    return SimulationCalls(WorldCallRepository(table()), time.sleep)


def _connect(secret: str | None) -> "AbstractContextManager[AgentServer]":
    # Loaded by the turns of such a target only: it needs the packages of ToolsLayer.
    from shared.runs.targets.agent_server import connect  # noqa: PLC0415

    return connect(allowed_hosts(), secret)


def _secret(organization_id: OrganizationId, name: str) -> str:
    from shared.secrets.organizations import SECRET_VALUE, parameter_name  # noqa: PLC0415
    from shared.secrets.store import SecretUnavailable  # noqa: PLC0415
    from shared.secrets.wiring import secret_value  # noqa: PLC0415

    try:
        value = secret_value(parameter_name(organization_id, name)).strip()
    except SecretUnavailable as error:
        # Its text names the parameter, and the reason of AWS.
        raise TargetFailed(f"The secret {name} cannot be read or is empty.", retry=True) from error
    if SECRET_VALUE.fullmatch(value) is None:
        raise TargetFailed(f"The secret {name} must have printable ASCII characters only.")
    return value
