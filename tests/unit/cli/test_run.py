"""Command `run`: an agent of the server or of this machine, and the exit status of its verdict."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from docs.examples import refund_agent
from tests.support.chat_server import chat_server, http
from tests.support.fake_runs import FakeRuns, FakeScenario
from tests.unit.cli.conftest import CommandLine, relay


# ------------------------------------------------------------------------------- verdicts
def test_good_agent_on_this_machine_passes(cli: CommandLine, runs: FakeRuns, agent: Any) -> None:
    done = relay(cli, agent(1), "--repeats", 3)

    assert done.status == 0, done.err
    assert done.out.splitlines() == [
        "passing\tBroken lamp\t-\t3/3",
        "passing\tLate parcel\t-\t3/3",
        "passing\tToo late\t-\t3/3",
        "pass@1 100 %, pass^3 100 %, 0 flaky; 9 of 9 ended: 9 passed",
    ]
    [run] = runs.runs.values()
    assert run.body["target"] == {"relay": True}
    assert run.said[3] == [
        "I am sorry to hear that. Can you tell me the number of your order?",
        "I have refunded 59.0 for the order HP-51177.",
    ]
    assert run.called[0] == ["get_order", "refund_order"]


def test_regression_fails_and_says_why(
    cli: CommandLine, runs: FakeRuns, agent: Any, tmp_path: Path
) -> None:
    assert relay(cli, agent(1)).status == 0
    files = {form: tmp_path / f"out.{form}" for form in ("junit", "html", "markdown")}
    options = [part for form, file in files.items() for part in (f"--{form}", file)]

    done = relay(cli, agent(2), "--baseline", "last", *options)

    assert done.status == 1
    assert "failed: pass@1 0.3333 is below 1" in done.err
    assert "regressed\tBroken lamp\t1/1\t0/1\ta tool was not called (event 3)" in done.out
    assert len(list(ET.fromstring(files["junit"].read_bytes()).iter("failure"))) == 2
    assert "</html>" in files["html"].read_text()
    assert files["markdown"].read_text().startswith("### refunds: 33.3 % passed")


def test_threshold_and_regressions_decide_apart(
    cli: CommandLine, runs: FakeRuns, agent: Any
) -> None:
    relay(cli, agent(1))
    url = agent(2)

    assert relay(cli, url, "--fail-under", "0.3", "--baseline", "last").status == 0
    done = relay(
        cli, url, "--fail-under", "0.3", "--fail-on-regression",
        "--baseline", "00000000-0000-0000-0000-000000000001",
    )  # fmt: skip
    assert done.status == 1
    assert "failed: 2 scenarios regressed" in done.err


def test_json_has_the_run_and_its_scenarios(cli: CommandLine, runs: FakeRuns, agent: Any) -> None:
    done = relay(cli, agent(2), "--json")

    assert done.status == 1
    assert done.json["passed"] is False
    assert done.json["run"]["progress"]["failed"] == 2
    assert [one["change"] for one in done.json["scenarios"]] == ["failing", "failing", "passing"]


def test_last_is_the_last_completed_run_of_the_name(
    cli: CommandLine, runs: FakeRuns, agent: Any
) -> None:
    url = agent(1)
    for name in ("other", "refunds"):
        assert relay(cli, url, "--name", name).status == 0

    relay(cli, url, "--baseline", "last")
    relay(cli, url, "--baseline", "last", "--name", "new")

    *_, third, fourth = runs.runs.values()
    assert third.body["baseline_run_id"] == "00000000-0000-0000-0000-000000000002"
    assert "baseline_run_id" not in fourth.body


# ------------------------------------------------------------------------ other targets
@pytest.mark.parametrize(
    ("options", "target"),
    [
        (("--agent", "agent_1"), {"agent_id": "agent_1"}),
        (("--workflow", "order-status"), {"catalog_slug": "order-status"}),
        (("--revision", "r"), {"revision_id": "r"}),
        (
            ("--target", "https://a.example/v1", "--secret", "key", "--target-model", "m"),
            {"url": "https://a.example/v1", "protocol": "openai", "secret": "key", "model": "m"},
        ),
        (
            ("--target", "https://a.example", "--protocol", "http"),
            {"url": "https://a.example", "protocol": "http"},
        ),
    ],
)
def test_other_targets_are_called_by_the_server(
    cli: CommandLine, runs: FakeRuns, options: tuple[str, ...], target: dict[str, str]
) -> None:
    done = cli("run", "--tag", "a", "--tag", "b", *options, "--max-cost", "0.5")

    assert done.status == 0, done.err
    [run] = runs.runs.values()
    assert run.body == {
        "name": "a b", "tags": ["a", "b"], "repeats": 1, "target": target,
        "budget": {"max_cost_usd": 0.5},
    }  # fmt: skip
    assert not [path for method, path in runs.requests if path.endswith("/turns")]


def test_plain_protocol_carries_words_and_world(cli: CommandLine) -> None:
    runs = FakeRuns(FakeScenario("Two turns", ("Hello", "Bye")))
    cli.talks_to(runs)
    with chat_server() as server:
        server.reply(http({"message": "Hi", "usage": {"input_tokens": 3}}))
        server.reply(http({"message": "Bye", "ended": True}))
        done = relay(cli, server.origin, "--protocol", "http")

    assert done.status == 0, done.err
    first, second = (one.body for one in server.received)
    assert (first["turn"], first["message"]) == (1, "Hello")
    assert first["world"]["mcp_url"].endswith("/mcp")
    assert [one["content"] for one in second["messages"]] == ["Hello", "Hi", "Bye"]
    assert server.received[0].headers["x-agent-sessions-simulation"] == "0"
    assert "authorization" not in server.received[0].headers


def test_answer_times_of_the_agent_are_sent(cli: CommandLine, runs: FakeRuns, agent: Any) -> None:
    relay(cli, agent(1))

    [run] = runs.runs.values()
    assert len(run.seconds) == 4
    assert all(0 < one < 5 for one in run.seconds)


def test_key_of_the_agent_comes_from_the_environment(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.talks_to(FakeRuns(FakeScenario("One")))
    monkeypatch.setenv("AGENT_SESSIONS_TARGET_KEY", "its-own")
    with chat_server() as server:
        server.reply(http({"message": "Hi"}))
        relay(cli, server.origin, "--protocol", "http")

    assert server.received[0].headers["authorization"] == "Bearer its-own"


def test_answers_of_the_example_are_json_lines() -> None:
    text = (Path(refund_agent.__file__).parent / "refunds.jsonl").read_text()

    assert [json.loads(one)["tags"] for one in text.splitlines()] == [["refunds"]] * 3
