"""Command ``run``: scenarios against an agent, with a verdict as the exit status."""

from typing import TYPE_CHECKING, Any

import typer

from . import run_options as o
from .errors import Failure, Status
from .options import Json, api

if TYPE_CHECKING:
    from .client import Api
    from .testing import Test


def run_scenarios(
    scenarios: o.Scenarios = None,
    tag: o.Tag = None,
    target: o.Target = None,
    agent: o.Agent = None,
    workflow: o.Workflow = None,
    revision: o.Revision = None,
    protocol: o.Protocol = None,
    target_model: o.TargetModel = None,
    secret: o.Secret = None,
    relay: o.Relay = False,
    name: o.Name = None,
    repeats: o.Repeats = 1,
    persona: o.Persona = None,
    judge_model: o.JudgeModel = None,
    user_model: o.UserModel = None,
    threshold: o.Threshold = None,
    max_turns: o.MaxTurns = None,
    concurrency: o.Concurrency = None,
    max_cost: o.MaxCost = None,
    max_tokens: o.MaxTokens = None,
    baseline: o.Baseline = None,
    fail_under: o.FailUnder = 1.0,
    fail_on_regression: o.FailOnRegression = False,
    junit: o.Junit = None,
    html: o.Html = None,
    markdown: o.Markdown = None,
    resume: o.Resume = None,
    as_json: Json = False,
) -> None:
    """Run scenarios against an agent, and fail if it does.

    Exit status 0: the run passed; 1: it did not, or failed; 2: wrong usage, nothing was started.
    Ctrl-C cancels the run. The key of a --target that is called from here comes from
    AGENT_SESSIONS_TARGET_KEY.

    \b
    Examples:
      agent-sessions run --tag refunds --target http://127.0.0.1:8000/v1 --repeats 3
      agent-sessions run --tag refunds --agent agent_019c… --baseline last --junit out.xml
      agent-sessions run 884003fc-… --workflow order-status --fail-under 0.95 --html out.html
    """
    from . import testing  # noqa: PLC0415 - help starts without it

    given = dict(locals())
    files = {form: given[form] for form in ("junit", "html", "markdown") if given[form]}
    testing.check_files(files)
    server = api()
    test = testing.Test(
        resume=resume,
        gate=testing.Gate(fail_under=fail_under, on_regression=fail_on_regression),
        files=files,
        as_json=as_json,
        **_start(server, given),
    )
    _finish(test, server)


def _finish(test: "Test", server: "Api") -> None:
    from .output import note  # noqa: PLC0415 - as above

    if reasons := test.run(server):
        note(f"failed: {'; '.join(reasons)}")
        raise typer.Exit(Status.FAILED)


def _start(server: "Api", given: dict[str, Any]) -> dict[str, Any]:
    """Return the request of a run and its agent on this machine, if there is one."""
    from .run_client import baseline_of, only_one  # noqa: PLC0415 - as above

    if given["resume"]:
        return {"agent": _local_agent(given) if given["target"] else None}
    if bool(given["scenarios"]) == bool(given["tag"]):
        raise Failure("SCENARIO, --tag: exactly one is required", Status.USAGE)
    targets = ("target", "agent", "workflow", "revision")
    kind = only_one(**{one: given[one] for one in targets})
    name = given["name"] or " ".join(given["tag"] or given["scenarios"])[:255]
    body = {
        "name": name,
        "scenario_ids": given["scenarios"], "tags": given["tag"],
        "repeats": given["repeats"], "persona_ids": given["persona"],
        "judge_model": given["judge_model"], "user_model": given["user_model"],
        "criterion_threshold": given["threshold"], "max_turns": given["max_turns"],
        "max_concurrency": given["concurrency"],
        "baseline_run_id": baseline_of(server, given["baseline"], name),
        "budget": {key: value for key, value in (
            ("max_cost_usd", given["max_cost"]), ("max_tokens", given["max_tokens"])
        ) if value is not None},
    }  # fmt: skip
    if kind == "target" and _is_called_from_here(given):
        return {"body": body | {"target": {"relay": True}}, "agent": _local_agent(given)}
    return {"body": body | {"target": _remote_target(kind, given)}}


def _is_called_from_here(given: dict[str, Any]) -> bool:
    from .local_agents import checked_url, is_local  # noqa: PLC0415 - as above

    return given["relay"] or is_local(checked_url(given["target"]))


def _remote_target(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    if kind != "target":
        names = {"agent": "agent_id", "workflow": "catalog_slug", "revision": "revision_id"}
        return {names[kind]: given[kind]}
    found = {"url": given["target"], "protocol": _protocol(given), "secret": given["secret"],
             "model": given["target_model"]}  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _protocol(given: dict[str, Any]) -> str:
    from .local_agents import Protocol  # noqa: PLC0415 - as above

    try:
        return Protocol(given["protocol"] or "openai").value
    except ValueError as error:
        raise Failure("--protocol: must be openai or http", Status.USAGE) from error


def _local_agent(given: dict[str, Any]) -> Any:
    from .local_agents import LocalAgent, Protocol, checked_url  # noqa: PLC0415 - as above

    if given["secret"]:
        raise Failure(
            "--secret: is for agents that the server calls; set AGENT_SESSIONS_TARGET_KEY",
            Status.USAGE,
        )
    url, protocol = checked_url(given["target"]), Protocol(_protocol(given))
    model = given["target_model"] or "default"
    return lambda: LocalAgent(url, protocol, model)
