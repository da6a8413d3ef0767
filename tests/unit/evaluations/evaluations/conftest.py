"""Fixtures of the tests of evaluations."""

import pytest

from tests.support.evaluations import new_entity, new_turn
from tests.support.gateway import Gateway


@pytest.fixture
def turn(api: Gateway, session: str) -> str:
    """The id of a turn of the session."""
    return str(new_turn(api, session, input="When?", actualOutput="On Tuesday.")["id"])


@pytest.fixture
def own(api: Gateway) -> str:
    """The id of a self-hosted metric."""
    return str(new_entity(api, "/metrics", name="Own", source="SELF_HOSTED")["id"])


@pytest.fixture
def judged(api: Gateway) -> str:
    """The id of a metric that a judge model decides."""
    prompt = "The day is {{expected_output}}."
    body = {"name": "Judged", "judgePrompt": prompt, "evaluationParams": ["goal", "input"]}
    return str(new_entity(api, "/metrics", **body)["id"])
