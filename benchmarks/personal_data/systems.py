"""Systems under measurement: our drafting with and without its classifier, and other tools.

The tools draft nothing: they get the texts of a conversation, as our redaction does beside them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.personal_data.conversations import Case
from benchmarks.personal_data.measure import Redaction
from local.console import Failure
from local.environments import ensure, interpreter
from shared.scenarios.drafting.domain import Draft
from shared.scenarios.drafting.rules import draft_scenario
from shared.scenarios.redaction.classifier import Classifier, Entity
from shared.scenarios.redaction.redactor import Redactor
from shared.scenarios.redaction.wiring import classifier

type _Spans = list[tuple[int, int]]


def draft(case: Case) -> Draft:
    """Draft a conversation as the functions do."""
    return draft_scenario(case.transcript(), classifier())


def draft_by_rules(case: Case) -> Draft:
    """Draft a conversation with a classifier that finds nothing."""
    return draft_scenario(case.transcript(), _find_nothing)


def _find_nothing(texts: Sequence[str]) -> list[list[Entity]]:
    return [[] for _ in texts]


def _by_redactor(classify: Callable[[], Classifier]) -> "System":
    def redact(case: Case) -> list[str]:
        redactor = Redactor.of(case.transcript(), classify())
        return [redactor.redact(text) for text in case.texts()]

    return lambda _: redact


def _by_classifier(_: list[Case]) -> Redaction:
    def redact(case: Case) -> list[str]:
        texts = case.texts()
        return [
            masked(text, [(entity.start, entity.end) for entity in entities])
            for text, entities in zip(texts, classifier()(texts), strict=True)
        ]

    return redact


def _by_program(name: str) -> "System":
    """Return a tool that finds spans in a program of its own environment."""

    def system(cases: list[Case]) -> Redaction | None:
        try:
            ensure([name])
        except (Failure, OSError) as failure:
            print(f"{name} is not measured: {failure}", file=sys.stderr)
            return None
        texts = [text for case in cases for text in case.texts()]
        done = subprocess.run(
            [interpreter(name), Path(__file__).with_name(f"{name}_spans.py")],
            input=json.dumps(texts),
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            text=True,
            check=True,
        )
        spans: dict[str, _Spans] = dict(zip(texts, json.loads(done.stdout), strict=True))
        return lambda case: [masked(text, spans[text]) for text in case.texts()]

    return system


def masked(text: str, spans: _Spans) -> str:
    """Return the text with a placeholder for each span; spans may overlap."""
    pieces, reached = [], 0
    for start, end in sorted(spans):
        if start >= reached:
            pieces += [text[reached:start], "<DATA_1>"]
        reached = max(reached, end)
    return "".join([*pieces, text[reached:]])


#: Tool for the texts of all conversations; ``None`` if it cannot be installed.
type System = Callable[[list[Case]], Redaction | None]

TEXT_SYSTEMS: dict[str, System] = {
    "redaction": _by_redactor(classifier),
    "rules alone": _by_redactor(lambda: _find_nothing),
    "classifier alone": _by_classifier,
    "Presidio": _by_program("presidio"),
    "scrubadub": _by_program("scrubadub"),
}
