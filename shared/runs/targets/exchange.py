"""Exchange with an agent outside: one turn, as its protocol sends it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.runs.worlds.domain import WorldTool
from shared.simulation.conversation import Entry
from shared.simulation.target import TargetAnswer, TargetFailed

#: Bytes of the text of an answer, at most: it is stored as one event.
MAX_TEXT_BYTES = 200_000

type Post = Callable[[str, Mapping[str, str], dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Turn of a simulation, to be answered by a server.

    Attributes
    ----------
    history
        The conversation before the turn.
    world
        Addresses of the simulation's world, by the names of the protocol.
    tools
        Tools of the world.
    call
        Calls a tool of the world, and returns its answer as text.
    post
        Sends JSON to an address, and returns the JSON object of the answer.
    """

    run_id: str
    number: int
    turn: int
    message: str
    model: str | None
    url: str
    history: Sequence[Entry]
    world: dict[str, str]
    tools: Sequence[WorldTool]
    call: Callable[[str, Any], str]
    post: Post

    def send(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a request that names the simulation, and return the answer."""
        headers = {
            "x-agent-sessions-run": self.run_id,
            "x-agent-sessions-simulation": str(self.number),
            **{
                f"x-agent-sessions-{name.replace('_', '-')}": url
                for name, url in self.world.items()
            },
        }
        return self.post(url, headers, body)


#: Holds one turn with a server. Raises ``TargetFailed``.
type Protocol = Callable[[Exchange], TargetAnswer]


def no_answer(reason: str, *, retry: bool) -> TargetFailed:
    """Return the failure of an agent that gave no usable answer."""
    return TargetFailed(f"The agent gave no usable answer: {reason}", retry=retry)


def check_text(text: str) -> str:
    """Return the text of an answer. Raises ``TargetFailed`` if it cannot be stored."""
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise no_answer(f"its text exceeds {MAX_TEXT_BYTES:,} bytes", retry=False)
    return text


def tokens_of(usage: object) -> tuple[int, int]:
    """Return the input and output tokens of a reported usage; 0 for what is not reported."""
    if not isinstance(usage, dict):
        return 0, 0
    names = (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens"))
    found = [usage.get(own, usage.get(other)) for own, other in names]
    read, written = (
        one if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**53 else 0
        for one in found
    )
    return read, written
