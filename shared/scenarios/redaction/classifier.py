"""Classifier of personal data: the port of a model that labels words in texts.

Its implementation is in ``token_classifier.py``, whose packages only the drafting functions have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """Words of a text with one label, from ``start`` to before ``end``.

    Attributes
    ----------
    label
        Kind in the model's terms: ``GIVEN_NAME``, ``SURNAME``, ``STREET_NAME``, ``PHONE``, …
    score
        Mean probability of the label over the tokens, 0 to 1; of a name: that it is any name.
    """

    start: int
    end: int
    label: str
    score: float


#: Finds the entities of each text, in order. Equal texts have equal entities, whatever is
#: classified with them.
type Classifier = Callable[[Sequence[str]], list[list[Entity]]]


class ClassifierUnavailable(RuntimeError):
    """The model or a package that runs it is missing or broken; the message names the cause."""
