"""Conversations, generated, which tests write in the forms that an import reads.

Each text, name, argument and result is a token of its own, so that a test can count them.
"""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Call:
    """A tool call; ``result`` is None if it was never answered."""

    identifier: str
    tool: str
    argument: str
    result: str | None
    failed: bool = False


@dataclass(frozen=True)
class Turn:
    """A user message, what the assistant did, and its answer."""

    asked: str
    said: str | None
    thought: str | None
    calls: tuple[Call, ...]
    answer: str


type Conversation = list[Turn]
type Json = dict[str, Any]


def _tokens(turns: Conversation) -> Conversation:
    """Return turns whose texts are tokens: each occurs once."""
    numbers = count(1)

    def token(letter: str, given: str | None) -> Any:
        return None if given is None else f"{letter}{next(numbers)}."

    return [
        Turn(
            token("u", turn.asked),
            token("s", turn.said) if turn.calls else None,
            token("t", turn.thought),
            tuple(
                replace(
                    call,
                    # An identifier that is used twice is that of the first call.
                    identifier=call.identifier if call.result is not None else "open",
                    tool=token("n", call.tool),
                    argument=token("a", call.argument),
                    result=token("r", call.result),
                )
                for call in turn.calls
            ),
            token("e", turn.answer),
        )
        for turn in turns
    ]


_CALLS = st.builds(
    Call,
    identifier=st.sampled_from(["c1", "c2", "c3"]),
    tool=st.just(""),
    argument=st.just(""),
    result=st.sampled_from(["", "", "", None]),
    failed=st.booleans(),
)
_TURNS = st.builds(
    Turn,
    asked=st.just(""),
    said=st.sampled_from(["", None]),
    thought=st.sampled_from(["", None]),
    calls=st.lists(_CALLS, max_size=3).map(tuple),
    answer=st.just(""),
)
CONVERSATIONS = st.lists(_TURNS, min_size=1, max_size=3).map(_tokens)


def answered_in_full(turns: Conversation) -> Conversation:
    """Return a conversation without unanswered calls, with identifiers of their own."""
    numbers = count(1)
    return [
        replace(
            turn,
            calls=tuple(
                replace(call, identifier=f"c{next(numbers)}") for call in turn.calls if call.result
            ),
        )
        for turn in turns
    ]
