"""Examples, one for each endpoint: requests, the source of events/*.json, and their answers."""

from pathlib import Path

from local.examples import (
    agents,
    captured_sessions,
    evaluations,
    identity,
    imports,
    personas,
    playground,
    reports,
    runs,
    scenarios,
    service,
    traces,
    worlds,
)
from local.examples.example import Example

#: By module below functions/.
EXAMPLES: dict[str, Example] = {
    **agents.EXAMPLES,
    **captured_sessions.EXAMPLES,
    **evaluations.EXAMPLES,
    **identity.EXAMPLES,
    **imports.EXAMPLES,
    **personas.EXAMPLES,
    **playground.EXAMPLES,
    **reports.EXAMPLES,
    **runs.EXAMPLES,
    **scenarios.EXAMPLES,
    **service.EXAMPLES,
    **traces.EXAMPLES,
    **worlds.EXAMPLES,
}

#: Bodies of the answers by module, recorded by tests/support/example_answers.py.
ANSWERS = Path(__file__).with_name("answers.json")
