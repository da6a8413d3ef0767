"""Scenarios as JSON lines: whole, as tests of promptfoo, or as goldens of deepeval."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from shared.core.json import dumps
from shared.scenarios.library.domain import Scenario

type AgentNames = Mapping[Any, str]

#: Description of the answer in the OpenAPI document.
EXPORT_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The scenarios, as a file",
        "headers": {
            "Content-Disposition": {
                "description": "Name of the file.",
                "schema": {"type": "string"},
            }
        },
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


class ScenarioFormat(StrEnum):
    """Form of exported scenarios."""

    JSONL = "jsonl"
    PROMPTFOO = "promptfoo"
    DEEPEVAL = "deepeval"


def scenario_lines(
    scenarios: list[Scenario], names: AgentNames, to_line: Callable[[Scenario, AgentNames], Any]
) -> str:
    """Return scenarios as text, one JSON object a line."""
    return "".join(dumps(to_line(one, names)) + "\n" for one in scenarios)


def promptfoo_test(scenario: Scenario, names: AgentNames) -> dict[str, Any]:
    """Return a test of promptfoo: the criteria are judged by its model.

    The mock world is text: of lists among the variables promptfoo makes several tests.
    """
    content = scenario.content
    return {
        "description": content.name,
        "vars": {
            "intent": content.intent,
            "journey": content.journey,
            "mock_world": dumps(content.mock_world),
        },
        "assert": [
            {"type": "llm-rubric", "value": one.description} for one in content.success_criteria
        ],
        "metadata": _metadata(scenario, names),
    }


def deepeval_golden(scenario: Scenario, names: AgentNames) -> dict[str, Any]:
    """Return a conversational golden of deepeval: its simulator plays the user by the scenario."""
    content = scenario.content
    course = [content.intent, content.journey]
    outcome = "\n".join(one.description for one in content.success_criteria)
    return {
        "scenario": "\n\n".join(text for text in course if text),
        "expected_outcome": outcome or None,
        "name": content.name,
        "context": [f"{tool}: {dumps(answer)}" for tool, answer in content.mock_world.items()],
        "additional_metadata": _metadata(scenario, names),
    }


def _metadata(scenario: Scenario, names: AgentNames) -> dict[str, Any]:
    content = scenario.content
    return {
        "scenario_id": str(scenario.id),
        "tags": list(content.tags),
        "agents": [names[one] for one in content.agent_ids if one in names],
        "output_types": [one.output_type.value for one in content.success_criteria],
    }
