"""Requests to an agent's server: guarded, and limited in time and size.

The only module of runs that loads the packages of ToolsLayer.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal

from shared.core.json import dumps, loads_strict
from shared.egress.hosts import AllowedHosts
from shared.egress.transport import GuardedTransport, RequestFailed
from shared.runs.targets.exchange import no_answer
from shared.secrets.organizations import hide
from shared.simulation.target import TargetFailed

#: Seconds of all requests of one turn, and bytes of an answer, at most.
TURN_SECONDS = 120.0
MAX_ANSWER_BYTES = 2_000_000
#: Characters of an answer that are shown as a reason.
_MAX_SHOWN = 200
#: Statuses below 500 of servers that may answer a repeated request.
_PASSING = (408, 425, 429)
#: Their lines have URLs with secrets, and content of conversations.
_SILENT_LOGGERS = ("httpcore2", "httpx2")


class AgentServer:
    """Agent's server during one turn; ``secret`` is sent as a bearer token."""

    def __init__(
        self,
        portal: BlockingPortal,
        client: httpx2.AsyncClient,
        secret: str | None,
        seconds_left: Callable[[], float],
    ) -> None:
        self._portal = portal
        self._client = client
        self._secret = secret
        self._seconds_left = seconds_left

    def post(self, url: str, headers: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        """Send JSON, and return the JSON object of the answer, without the secret.

        Raises ``TargetFailed``.
        """
        own = {"accept": "application/json", "user-agent": "agent-sessions"}
        own["content-type"] = "application/json"
        if self._secret is not None:
            own["authorization"] = f"Bearer {self._secret}"
        if self._seconds_left() <= 0:
            raise self._failed(f"no complete answer within {TURN_SECONDS:.0f} s", retry=True)
        try:
            request = httpx2.Request("POST", url, headers=own | dict(headers), content=dumps(body))
            response = self._portal.call(self._client.send, request)
        except RequestFailed as failed:
            raise self._failed(str(failed), retry=failed.retryable) from failed
        except (ValueError, httpx2.InvalidURL) as error:
            raise self._failed("the URL is invalid", retry=False) from error
        return self._object(response)

    def _object(self, response: httpx2.Response) -> dict[str, Any]:
        # A secret that is cut would not be found.
        text = hide(response.content.decode("utf-8", "replace"), self._secret)
        shown = " ".join(text[:_MAX_SHOWN].split())
        status = response.status_code
        if status != 200:
            retry = status >= 500 or status in _PASSING
            raise self._failed(f"status {status}: {shown or 'no text'}", retry=retry)
        try:
            found = loads_strict(response.content)
        except ValueError as error:
            raise self._failed(f"not JSON: {shown or 'no text'}", retry=True) from error
        if not isinstance(found, dict):
            raise self._failed("the answer must be a JSON object", retry=True)
        answer: dict[str, Any] = hide(found, self._secret)
        return answer

    def _failed(self, reason: str, *, retry: bool) -> TargetFailed:
        return no_answer(hide(reason, self._secret), retry=retry)


@contextmanager
def connect(
    hosts: AllowedHosts, secret: str | None, monotonic: Callable[[], float] = time.monotonic
) -> Iterator[AgentServer]:
    """Open the connections of one turn, and close them at its end."""
    deadline = monotonic() + TURN_SECONDS

    def seconds_left() -> float:
        return max(deadline - monotonic(), 0.0)

    for name in _SILENT_LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with start_blocking_portal() as portal:
        guarded = GuardedTransport(hosts, max_bytes=MAX_ANSWER_BYTES, seconds=seconds_left)
        client = httpx2.AsyncClient(transport=guarded, timeout=None, trust_env=False)
        try:
            yield AgentServer(portal, client, secret, seconds_left)
        finally:
            portal.call(client.aclose)
