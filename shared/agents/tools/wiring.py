"""Wiring of remote tools: those of one turn, and the listings of this process."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from shared.agents.agents.domain import CapabilityConfig
from shared.agents.tools.tool import AnyTool
from shared.core.ids import OrganizationId

if TYPE_CHECKING:
    from shared.agents.tools.listings import Listings
    from shared.agents.tools.remote import RemoteTools


@cache
def _listings() -> "Listings":
    from shared.agents.tools.listings import Listings  # noqa: PLC0415

    return Listings()


class TurnRemoteTools:
    """Remote tools of one turn; nothing is loaded or opened before there is one."""

    def __init__(self, organization_id: OrganizationId, seconds: Callable[[], float]) -> None:
        self._organization_id = organization_id
        self._seconds = seconds
        self._open: RemoteTools | None = None

    def __call__(
        self, capabilities: Iterable[CapabilityConfig], taken: Iterable[str]
    ) -> dict[str, AnyTool]:
        """Return the tools of remote capabilities. Raises ``ToolsUnavailable``."""
        if self._open is None:
            self._open = self._remote_tools()
        return self._open.tools(capabilities, taken)

    def close(self) -> None:
        """End the connections of the turn."""
        if self._open is not None:
            self._open.close()

    def _remote_tools(self) -> "RemoteTools":
        # Most turns have no remote tool, and do not pay for its packages.
        from shared.agents.tools.remote import RemoteTools  # noqa: PLC0415
        from shared.egress.wiring import allowed_hosts  # noqa: PLC0415

        return RemoteTools(
            str(self._organization_id),
            allowed_hosts(),
            secret=self._secret,
            seconds=self._seconds,
            listings=_listings(),
        )

    def _secret(self, name: str) -> str:
        """Return an organization's own secret: the name is relative, so it reaches no other's."""
        from shared.agents.tools.remote_failure import RemoteFailed  # noqa: PLC0415
        from shared.secrets.organizations import parameter_name  # noqa: PLC0415
        from shared.secrets.store import SecretUnavailable  # noqa: PLC0415
        from shared.secrets.wiring import secret_value  # noqa: PLC0415

        try:
            return secret_value(parameter_name(self._organization_id, name))
        except SecretUnavailable as unavailable:
            raise RemoteFailed(f"the secret {name} cannot be read or is empty") from unavailable
