"""Model user of a test case: a simulated user that a language model plays."""

from collections.abc import Sequence

from shared.evaluations.simulation.briefs import brief_of, conversation_of
from shared.evaluations.simulation.domain import Exchange, SimulatedCase, SimulatedMessage
from shared.llm.port import LanguageModel
from shared.simulation.asking import Asking
from shared.simulation.users import model as users


class ModelUser:
    """A :class:`~shared.evaluations.simulation.domain.SimulatedUser` that calls a model."""

    def __init__(self, model: LanguageModel, name: str) -> None:
        self._user = users.ModelUser(Asking(model, name))

    @property
    def version(self) -> str:
        return self._user.version

    def next_message(self, case: SimulatedCase, exchanges: Sequence[Exchange]) -> SimulatedMessage:
        """Return the model's message. Raises ``Unavailable`` if it fails or returns none."""
        message = self._user.next_message(brief_of(case, exchanges), conversation_of(exchanges))
        return SimulatedMessage(message.text, message.stop_reason)


def prompt(case: SimulatedCase) -> str:
    """Return the model's instructions: its task and the test case."""
    return users.prompt(brief_of(case, ()))
