"""URL target: the secret that an agent's server gets, and that nothing shows."""

import boto3
import pytest

from shared.runs.targets.url import UrlTarget
from shared.simulation.target import TargetFailed
from tests.support.chat_server import ChatServer, completion, http
from tests.support.gateway import Gateway
from tests.support.run_steps import SimulationRuns
from tests.support.snapshot import stored_texts
from tests.unit.runs.targets.agent_turns import calls, opened


@pytest.fixture
def _secret(api: Gateway) -> None:
    name = f"/agent-sessions/{api.organization_id}/shop"
    boto3.client("ssm").put_parameter(Name=name, Value="top-7f3a", Type="SecureString")


@pytest.mark.usefixtures("_secret")
@pytest.mark.parametrize("before", [b"bad key ", b"x" * 196])
def test_secret_is_sent_and_never_shown(
    api: Gateway, target: UrlTarget, server: ChatServer, before: bytes
) -> None:
    session = opened(api, target, server, secret="shop")
    server.reply(http(before + b"top-7f3a", status=401))
    with pytest.raises(TargetFailed) as failed:
        target.send(session, 1, "Hello")
    assert server.received[0].headers["authorization"] == "Bearer top-7f3a"
    assert "top-" not in failed.value.reason
    assert "[sec" in failed.value.reason


@pytest.mark.usefixtures("_secret")
def test_run_sends_the_secret_of_its_organization(api: Gateway, server: ChatServer) -> None:
    server.reply(completion("Hello"))
    scenario = api("POST", "/v1/scenarios", {"name": "Late", "intent": "Where is it?"}).json["id"]
    reference = {"url": server.url, "secret": "shop"}
    body = {"target": reference, "scenario_ids": [scenario], "max_turns": 1}

    run = api("POST", "/v1/runs", body).json["id"]
    SimulationRuns().run()

    assert server.received[0].headers["authorization"] == "Bearer top-7f3a"
    assert api("GET", f"/v1/runs/{run}").json["status"] == "completed"


@pytest.mark.usefixtures("_secret")
def test_secret_that_an_agent_repeats_is_not_recorded(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, secret="shop")
    server.reply(calls(("find_order", {"id": "top-7f3a"})))
    server.reply(completion("My key is top-7f3a."))
    assert target.send(session, 1, "Hello").text == "My key is [secret]."
    assert not [one for one in stored_texts() if "top-7f3a" in one]


def test_missing_secret_fails_the_target(
    api: Gateway, target: UrlTarget, server: ChatServer
) -> None:
    session = opened(api, target, server, secret="gone")
    with pytest.raises(TargetFailed, match="The secret gone cannot be read"):
        target.send(session, 1, "Hello")
    assert not server.received
