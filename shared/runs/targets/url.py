"""URL target: simulations with an agent behind a URL, recorded as sessions."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.core.errors import InvalidInput
from shared.core.ids import OrganizationId
from shared.egress.hosts import AllowedHosts, NotAllowed
from shared.runs.targets.exchange import Exchange, Protocol
from shared.runs.targets.turn_world import SimulationCalls
from shared.runs.worlds.domain import list_tools
from shared.secrets.organizations import SECRET_NAME
from shared.simulation.conversation import Conversation, Entry, Said
from shared.simulation.recording import SessionRecorder
from shared.simulation.target import SimulatedSession, TargetAnswer, TargetFailed

if TYPE_CHECKING:
    from shared.runs.targets.agent_server import AgentServer

DEFAULT_PROTOCOL = "openai"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlTarget:
    """Target ``{"url", "protocol", "secret", "model"}``; its turns answer at once.

    Attributes
    ----------
    connect
        Opens the connections of one turn, with the value of a secret.
    secret
        Returns the value of an organization's secret. Raises ``TargetFailed``.
    world_urls
        Returns the addresses of a simulation's world, for agents that call its tools.
    """

    recorder: SessionRecorder
    calls: SimulationCalls
    hosts: AllowedHosts
    protocols: dict[str, Protocol]
    connect: Callable[[str | None], AbstractContextManager["AgentServer"]]
    secret: Callable[[OrganizationId, str], str]
    world_urls: Callable[[SimulatedSession], dict[str, str]]
    monotonic: Callable[[], float] = time.monotonic

    def check(self, _: OrganizationId, target: dict[str, Any]) -> None:
        """Raise ``InvalidInput`` unless requests may go to the URL; no name is resolved."""
        try:
            self.hosts.check_url(str(target["url"]))
        except NotAllowed as refused:
            raise InvalidInput(f"target.url: {refused}.", code="url_not_allowed") from refused
        protocol = target.get("protocol") or DEFAULT_PROTOCOL
        if protocol not in self.protocols:
            raise InvalidInput(f"target.protocol: must be one of {', '.join(self.protocols)}.")
        secret = target.get("secret")
        if secret is not None and SECRET_NAME.fullmatch(str(secret)) is None:
            raise InvalidInput(
                "target.secret: must be the name of a secret: 1 to 64 letters, digits, . _ and -."
            )

    def open(self, session: SimulatedSession) -> None:
        """Create the recorded session, of an agent that is named after the host."""
        self.recorder.open(session, urlsplit(str(session.target["url"])).netloc[:255])

    def send(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer:
        """Ask the agent, and record its answer, unless the turn has one.

        The agent is asked again where the answer was lost before it was recorded.
        """
        if found := self.recorder.answer(session, turn):
            return found
        calls = self.calls.reader(session)
        try:
            answer = self._ask(session, turn, message)
        except TargetFailed as failed:
            if not failed.retry:
                self.recorder.fail(session, turn, message, failed.reason, calls)
            raise
        return self.recorder.add(session, turn, message, answer, calls)

    def answer(self, session: SimulatedSession, turn: int) -> TargetAnswer | None:
        """Return the recorded answer of a turn."""
        return self.recorder.answer(session, turn)

    def read(self, session: SimulatedSession) -> Conversation:
        """Read the recorded conversation."""
        return self.recorder.read(session)

    def stop(self, session: SimulatedSession) -> None:
        """Do nothing: a turn is over when ``send`` returns."""

    def _ask(self, session: SimulatedSession, turn: int, message: str) -> TargetAnswer:
        target = session.target
        protocol = self.protocols[target.get("protocol") or DEFAULT_PROTOCOL]
        history = _before(self.recorder.read(session), turn)
        name = target.get("secret")
        value = None if name is None else self.secret(session.organization_id, str(name))
        started = self.monotonic()
        with self.connect(value) as server:
            answer = protocol(
                Exchange(
                    run_id=str(session.run_id),
                    number=session.number,
                    turn=turn,
                    message=message,
                    model=target.get("model"),
                    url=str(target["url"]),
                    history=history,
                    world=self.world_urls(session),
                    tools=list_tools(session.world),
                    call=self.calls.world(session, history).call,
                    post=server.post,
                )
            )
        return replace(answer, seconds=round(self.monotonic() - started, 3))


def _before(conversation: Conversation, turn: int) -> list[Entry]:
    """Return the entries before a turn, without those of one that was recorded in part."""
    entries = conversation.entries
    asked = [n for n, one in enumerate(entries) if isinstance(one, Said) and one.role == "user"]
    return list(entries[: asked[turn - 1]] if len(asked) >= turn else entries)
