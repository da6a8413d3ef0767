"""Turn of an agent with MCP servers, against real servers on this machine."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.files.staging import StagedFiles
from shared.agents.tools.listings import Listings
from shared.agents.tools.notes import Notes
from shared.agents.tools.remote import RemoteTools
from shared.agents.tools.remote_failure import RemoteFailed
from shared.agents.tools.tool import (
    AnyTool,
    ToolContext,
    ToolsUnavailable,
)
from shared.egress.hosts import AllowedHosts

LOOPBACK = AllowedHosts.parse("127.0.0.1")


def _no_files() -> StagedFiles:
    raise AssertionError("a remote tool reads no files")


CONTEXT = ToolContext(datetime(2026, 1, 1, tzinfo=UTC), Notes, _no_files)
SECRET = "top-secret-7f3a"


class Turn:
    """Remote tools of one turn of the organization."""

    def __init__(self) -> None:
        self.seconds = 20.0
        self.listings = Listings()
        self.hosts = LOOPBACK
        self.organization = "org_1"

    def __call__(self, *configured: tuple[str, dict[str, Any]], taken: tuple[str, ...] = ()) -> Any:
        self.remote = RemoteTools(
            self.organization,
            self.hosts,
            secret=self._secret,
            seconds=lambda: self.seconds,
            listings=self.listings,
        )
        self.opened.append(self.remote)
        return self.remote.tools([CapabilityConfig(*one) for one in configured], taken)

    opened: list[RemoteTools]

    def _secret(self, name: str) -> str:
        if name != "weather":
            raise RemoteFailed(f"the secret {name} cannot be read")
        return f"{SECRET}\n"


def call(found: AnyTool, **arguments: Any) -> Any:
    return found.call(arguments, CONTEXT)


def unavailable(turn: Turn, *configured: tuple[str, dict[str, Any]]) -> ToolsUnavailable:
    with pytest.raises(ToolsUnavailable) as failed:
        turn(*configured)
    return failed.value
