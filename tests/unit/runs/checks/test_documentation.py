"""Examples of docs/checks.md: they pass on the conversation of the page."""

import json
from typing import get_args

from benchmarks.trajectories import Trajectory
from shared.runs.checks.api import Check
from shared.simulation.conversation import Conversation, Totals
from tests.support.checked import result
from tests.support.pages import blocks

PAGE = "docs/checks.md"


def documented() -> Conversation:
    """Return the conversation of the page."""
    [lines] = blocks(PAGE, "Kinds", "jsonl")
    messages = [json.loads(line) for line in lines.splitlines()]
    read = Trajectory("page", [], [], messages, rewarded=True).conversation()
    totals = Totals(turns=1, tool_calls=2, input_tokens=900, cost_usd=0.01, slowest_seconds=2)
    return Conversation(entries=read.entries, totals=totals, end_reason="SCRIPT_ENDED")


def test_each_kind_has_an_example_that_passes() -> None:
    conversation = documented()
    examples = [json.loads(block) for block in blocks(PAGE, "Kinds", "json")]

    results = [result(one, conversation) for one in examples]

    assert [(one.check["type"], one.reason) for one in results if one.outcome != "passed"] == []
    models = get_args(get_args(Check)[0])
    kinds = {kind for one in models for kind in get_args(one.model_fields["type"].annotation)}
    assert {one["type"] for one in examples} == kinds
