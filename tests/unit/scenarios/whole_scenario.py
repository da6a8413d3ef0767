"""A scenario with every field that a client may set."""

from typing import Any

WORLD = {"get_order": {"output": {"status": "late"}, "calls": [{"arguments": {"id": 1}}]}}
WHOLE: dict[str, Any] = {
    "name": "Late order",
    "intent": "The user wants to know where the order is.",
    "journey": "1. The user asks.",
    "mock_world": WORLD,
    "source": "drafted",
    "source_brief": "An order that is late",
    "tags": ["orders", "late"],
    "success_criteria": [
        {"description": "The delay is told.", "output_type": "boolean"},
        {"description": "The tone is kind.", "output_type": "score_5"},
    ],
}
