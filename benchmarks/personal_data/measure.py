"""Measurement: drafts of the conversations, and the search for what is readable in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.personal_data.conversations import Case, Planted
from benchmarks.personal_data.readable import Text, find
from shared.core.json import dumps
from shared.scenarios.drafting.domain import Draft

#: Drafting of a conversation.
type Drafting = Callable[[Case], Draft]
#: Redaction of the texts of a conversation.
type Redaction = Callable[[Case], list[str]]


@dataclass(frozen=True)
class Found:
    """Planted value with its readable parts in the words and in the mock world."""

    case: Case
    planted: Planted
    in_words: str | None
    in_world: str | None


@dataclass(frozen=True)
class Changed:
    """Number of an order or the like, or a harmless phrase, that is no longer readable."""

    case: Case
    text: str


@dataclass
class Result:
    """Findings in all conversations."""

    found: list[Found]
    numbers: int
    phrases: int
    changed_numbers: list[Changed]
    changed_phrases: list[Changed]


def measure_drafts(cases: Iterable[Case], draft: Drafting) -> Result:
    """Draft each conversation, and search its texts and its mock world."""
    result = Result([], 0, 0, [], [])
    for case in cases:
        drafted = draft(case)
        words = f"{drafted.name}\n{drafted.intent}\n{drafted.journey}"
        _measure(result, case, words, dumps(drafted.mock_world))
    return result


def measure_texts(cases: Iterable[Case], redact: Redaction) -> Result:
    """Redact the texts of each conversation, and search them; there is no mock world."""
    result = Result([], 0, 0, [], [])
    for case in cases:
        _measure(result, case, "\n".join(redact(case)), "")
    return result


def merged(results: Iterable[Result]) -> Result:
    """Return the findings of several halves as one."""
    whole = Result([], 0, 0, [], [])
    for result in results:
        whole.found += result.found
        whole.numbers += result.numbers
        whole.phrases += result.phrases
        whole.changed_numbers += result.changed_numbers
        whole.changed_phrases += result.changed_phrases
    return whole


def _measure(result: Result, case: Case, words: str, world: str) -> None:
    in_words, in_world = Text(words), Text(world)
    for planted in case.planted:
        found = (find(planted.value, in_words), find(planted.value, in_world))
        result.found.append(Found(case, planted, *found))
    result.numbers += len(case.numbers)
    result.phrases += len(case.phrases)
    result.changed_numbers += [Changed(case, n) for n in case.numbers if n not in words]
    result.changed_phrases += [Changed(case, p) for p in case.phrases if p not in words]
