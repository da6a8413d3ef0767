"""Checks as a simulation reads them, with its scenario."""

from uuid import UUID, uuid4

import pytest

from shared.core.errors import NotFound
from shared.runs.checks.evaluation import evaluate_checks
from shared.scenarios.simulated_scenarios import StoredScenarios
from shared.storage.table import table
from tests.support.checked import agent, conversation
from tests.support.gateway import Gateway
from tests.support.scenarios import new_scenario
from tests.support.storage import counted_requests

CHECKS = [{"type": "says", "text": "Tuesday"}, {"type": "says_not", "text": "Monday"}]


def test_scenario_is_read_with_its_checks_at_once(api: Gateway) -> None:
    scenario_id = new_scenario(api)["id"]
    scenarios = StoredScenarios(table())
    assert scenarios.read(api.organization_id, UUID(scenario_id)).checks == ()
    api("PUT", f"/v1/scenarios/{scenario_id}/checks", {"checks": CHECKS})

    with counted_requests() as requests:
        read = scenarios.read(api.organization_id, UUID(scenario_id))

    assert requests == {"BatchGetItem": 1}
    results = evaluate_checks(read.checks, conversation(agent("On Tuesday.")))
    assert [one.outcome for one in results] == ["passed", "passed"]


def test_deleted_scenario_is_not_found(api: Gateway) -> None:
    scenario_id = new_scenario(api)["id"]
    api("DELETE", f"/v1/scenarios/{scenario_id}")
    for one in (UUID(scenario_id), uuid4()):
        with pytest.raises(NotFound):
            StoredScenarios(table()).read(api.organization_id, one)
