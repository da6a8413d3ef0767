"""Conversations to check, and the results of checks in them."""

from typing import Any

from shared.runs.checks.api import ScenarioChecksRequest
from shared.runs.checks.domain import CheckResult
from shared.runs.checks.evaluation import evaluate_checks
from shared.simulation.conversation import Called, Conversation, Entry, Said, Totals


def user(text: str) -> Said:
    """Return a message of the user."""
    return Said("user", text)


def agent(text: str) -> Said:
    """Return a message of the agent."""
    return Said("agent", text)


def call(tool: str, output: Any = "done", **arguments: Any) -> Called:
    """Return a tool call with its output."""
    return Called(tool, arguments, output)


def conversation(*entries: Entry, end: str | None = "GOAL_ACHIEVED", **totals: Any) -> Conversation:
    """Return a conversation whose events are numbered from 1."""
    numbered = tuple(_numbered(entry, number) for number, entry in enumerate(entries, 1))
    return Conversation(entries=numbered, totals=Totals(**totals), end_reason=end)


def _numbered(entry: Entry, number: int) -> Entry:
    if isinstance(entry, Said):
        return Said(entry.role, entry.text, number)
    return Called(entry.tool, entry.arguments, entry.output, entry.error, number, entry.matched)


def result(check: dict[str, Any], held: Conversation) -> CheckResult:
    """Return the result of a check in the form of the API."""
    [document] = ScenarioChecksRequest.model_validate({"checks": [check]}).documents()
    [found] = evaluate_checks([document], held)
    assert found.check == document
    return found


def outcome(check: dict[str, Any], held: Conversation) -> str:
    """Return the outcome of a check."""
    return result(check, held).outcome.value
