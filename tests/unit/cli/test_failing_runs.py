"""Command `run`: wrong usage, agents that fail, and runs that are interrupted or refused."""

from typing import Any

import httpx
import pytest

from tests.support.chat_server import chat_server, http
from tests.support.fake_runs import FakeRun, FakeRuns, FakeScenario
from tests.unit.cli.conftest import CommandLine, relay
from tests.unit.cli.refunds import BROKEN


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ((), "SCENARIO, --tag: exactly one is required"),
        (("id", "--tag", "a", "--agent", "b"), "SCENARIO, --tag: exactly one is required"),
        (("--tag", "a"), "--target, --agent, --workflow, --revision: exactly one"),
        (("--tag", "a", "--agent", "b", "--workflow", "c"), "exactly one is required"),
        (("--tag", "a", "--target", "no url"), "--target: must be a URL"),
        (
            ("--tag", "a", "--target", "http://127.0.0.1:1", "--protocol", "x"),
            "--protocol: must be",
        ),
        (("--tag", "a", "--target", "http://127.0.0.1:1", "--secret", "x"), "--secret: is for"),
        (
            ("--tag", "a", "--agent", "b", "--junit", "/no/such/out.xml"),
            "--junit: /no/such must be",
        ),
    ],
)
def test_wrong_usage_starts_nothing(
    cli: CommandLine, runs: FakeRuns, options: tuple[str, ...], reason: str
) -> None:
    done = cli("run", *options)

    assert done.status == 2
    assert reason in done.err
    assert not runs.runs


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (http(b"oops", status=500), "HTTP 500: oops"),
        (http(b"<html>", content_type="text/html"), "not JSON: <html>"),
        (http([]), "the answer must be a JSON object"),
        (http({"choices": []}), "choices[0].message: must be an assistant's message"),
        (http(b"", status=302, location="http://169.254.169.254/"), "HTTP 302"),
        (http(b" " * 2_100_000), "the answer exceeds 2 MB"),
        (
            http({"choices": [{"message": {"tool_calls": [{
                "id": "1", "function": {"name": "get_order", "arguments": "{}"}}]}}]}),
            "called tools in more than 10 rounds",
        ),
    ],
)  # fmt: skip
def test_agent_that_fails_is_asked_again_and_named(
    cli: CommandLine, reply: bytes, reason: str
) -> None:
    runs = FakeRuns(BROKEN)
    cli.talks_to(runs)
    with chat_server() as server:
        server.reply(reply)
        done = relay(cli, server.url)

    assert done.status == 1
    assert reason in done.out
    assert len(server.received) >= 3


def test_agent_that_recovers_is_no_failure(cli: CommandLine) -> None:
    cli.talks_to(FakeRuns(FakeScenario("One")))
    with chat_server() as server:
        server.reply(http(b"", status=503))
        server.reply(http({"message": "Hi"}))
        assert relay(cli, server.origin, "--protocol", "http").status == 0


def test_agent_that_is_down_is_named(cli: CommandLine, runs: FakeRuns) -> None:
    with chat_server() as server:
        url = server.url
    done = relay(cli, url)

    assert done.status == 1
    assert "Connection refused" in done.out


def test_simulations_that_wait_for_a_lane_are_asked_again(cli: CommandLine, agent: Any) -> None:
    runs = FakeRuns(BROKEN, pending=3)
    cli.talks_to(runs)

    assert relay(cli, agent(1)).status == 0


def test_interrupted_run_is_cancelled(
    cli: CommandLine, runs: FakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(run: FakeRun) -> None:
        runs.on_get = lambda _: None
        raise KeyboardInterrupt

    runs.on_get = interrupt
    with chat_server() as server:
        server.reply(30.0)
        done = relay(cli, server.url)

    assert done.status == 130
    assert "is cancelled" in done.err
    assert [one.status.value for one in runs.runs.values()] == ["cancelled"]


def test_server_that_refuses_a_turn_ends_the_run(
    cli: CommandLine, runs: FakeRuns, agent: Any
) -> None:
    def refusing(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/turns"):
            return httpx.Response(403, json={"error": "forbidden", "message": "write is required"})
        return runs(request)

    cli.talks_to(refusing)
    done = relay(cli, agent(1))

    assert done.status == 4
    assert "error: write is required" in done.err
    assert "is cancelled" in done.err


def test_unknown_run_cannot_be_resumed(cli: CommandLine, runs: FakeRuns) -> None:
    assert cli("run", "--resume", "nothing").status == 5
