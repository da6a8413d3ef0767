"""Scripted user of a test case; it never ends the conversation.

It opens with the test case's input, sends the scenario sentence by sentence, then asks for
the goal until the maximum number of turns ends the conversation.
"""

from collections.abc import Sequence

from shared.evaluations.simulation.briefs import brief_of, conversation_of
from shared.evaluations.simulation.domain import Exchange, SimulatedCase, SimulatedMessage
from shared.simulation.users import script


class ScriptedUser:
    """A :class:`~shared.evaluations.simulation.domain.SimulatedUser` without a model."""

    version = script.ScriptedUser.version

    def __init__(self) -> None:
        self._user = script.ScriptedUser(is_endless=True)

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the next message, never with a stopping reason."""
        message = self._user.next_message(brief_of(case, exchanges), conversation_of(exchanges))
        return SimulatedMessage(message.text)
