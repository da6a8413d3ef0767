"""Test cases and turns as simulated users of any area read them."""

from collections.abc import Iterator, Sequence

from shared.evaluations.simulation.domain import Exchange, SimulatedCase
from shared.simulation.conversation import Conversation, Said
from shared.simulation.users.domain import UserBrief


def brief_of(case: SimulatedCase, exchanges: Sequence[Exchange]) -> UserBrief:
    """Return the knowledge of a test case's user; its scenario is the journey."""
    return UserBrief(
        intent="",
        journey=case.scenario or "",
        goal=case.goal,
        persona=case.persona,
        stopping_criteria=case.stopping_criterias,
        opening=exchanges[0].message if case.has_input and exchanges else None,
    )


def conversation_of(exchanges: Sequence[Exchange]) -> Conversation:
    """Return the turns so far as a conversation."""
    return Conversation(entries=tuple(_entries(exchanges)))


def _entries(exchanges: Sequence[Exchange]) -> Iterator[Said]:
    for exchange in exchanges:
        yield Said("user", exchange.message)
        if exchange.answer is not None:
            yield Said("agent", exchange.answer)
